#!/usr/bin/env bash
# qgis_process loads none of QGIS's translations: with the language set to French, by the profile and by
# the environment, it lists native algorithms in English, although their French names are installed and
# the desktop shows them. A plugin that loads its own translator by the same setting, as plugins do in
# initGui or initProcessing, is listed in French beside them. So what a script reads from `qgis_process list`
# or `help` depends on the user's language for plugins and not for QGIS itself: only ids are safe.
#
# Seen with QGIS 3.22.16 of Debian 12:
#   qgis_process, locale fr: native:buffer  Buffer
#   qgis_fr.qm:              Buffer         Tampon
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/profiles/default/QGIS"
printf '[locale]\noverrideFlag=true\nuserLocale=fr\n' > "$folder/profiles/default/QGIS/QGIS3.ini"
export QT_QPA_PLATFORM=offscreen QGIS_CUSTOM_CONFIG_PATH="$folder" LANG=fr_FR.UTF-8 LANGUAGE=fr
program=$(command -v qgis_process.bin || command -v qgis_process)
listed=$("$program" list 2>/dev/null | sed -n 's/^\tnative:buffer\t//p')
known=$("${PYTHON_QGIS:-/usr/bin/python3}" - 2>/dev/null <<'PY'
from qgis.core import QgsApplication
from qgis.PyQt.QtCore import QCoreApplication, QTranslator

app = QgsApplication([], False)
translator = QTranslator()
assert translator.load("qgis_fr", QgsApplication.i18nPath())
assert QCoreApplication.installTranslator(translator)
print(app.locale(), QCoreApplication.translate("QObject", "Buffer"))
PY
)
echo "qgis_process, locale fr: native:buffer  $listed"
echo "qgis_fr.qm:              Buffer         ${known#* }"
[ "$listed" = Buffer ] && [ "$known" = "fr Tampon" ]
