#!/usr/bin/env bash
# Draw the pictures of the documentation anew, and make them small; those of the first run are kept
# from scripts.first_run, and that of a tower's words from scripts.tower_pictures. Real scenes are
# used where ../shared/data is there; the pictures of them stay as they are elsewhere.
set -euo pipefail
cd "$(dirname "$0")/.."

qgis=.venv-qgis/bin/python
backend=.venv/bin/python
export QT_QPA_PLATFORM=offscreen

for script in scene_pictures encoded_pictures ask_pictures places_pictures words_pictures \
    language_pictures; do
    echo "$script"
    "$qgis" -m "scripts.$script"
done
echo recipes
"$backend" -m scripts.recipes -o docs/images
make --no-print-directory demo
cp demo/demo.png docs/images/demo.png
"$backend" -m scripts.shrink docs/images
