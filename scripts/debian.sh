#!/usr/bin/env bash
# Sets up a fresh clone on another Debian and runs the plugin's tests in its QGIS:
# bash scripts/debian.sh trixie. Needs root and debootstrap; the system stays in .cache/debian-NAME.
# BIND="FOLDER …" shows it folders of this machine, such as one with packages. OPTIONS are pytest's,
# such as tests/plugin/dock. With KEEP=1 the last clone and its environments are brought to this commit.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:?the name of a Debian release, such as trixie}
system="$PWD/.cache/debian-$name"
mirror=${MIRROR:-$(sed -nE 's/^(deb|URIs:).* (https?:[^ ]+debian)\/? .*/\2/p; s/^URIs: *(https?:[^ ]+debian)\/?$/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1 || true)}

if [ ! -e "$system/usr/bin/git" ]; then
    debootstrap --variant=minbase "$name" "$system" "${mirror:-https://deb.debian.org/debian}"
    for file in /etc/resolv.conf /etc/pip.conf /etc/apt/apt.conf.d; do
        if [ -e "$file" ]; then cp -r "$file" "$system$(dirname "$file")/"; fi
    done
    chroot "$system" apt-get update -q
    chroot "$system" apt-get install -qy --no-install-recommends git make ca-certificates \
        python3-venv qgis python3-qgis qgis-providers xvfb
fi

echo "127.0.0.1 localhost $(uname -n)" >"$system/etc/hosts"
project="$system/srv/project"
if [ -n "${KEEP:-}" ] && [ -d "$project/.git" ]; then
    git -C "$project" fetch -q "$PWD" HEAD
    git -C "$project" reset -q --hard FETCH_HEAD
else
    rm -rf "$project"
    git clone -q . "$project"
fi
bound=(/proc ${BIND:-})
for folder in "${bound[@]}"; do
    mkdir -p "$system$folder"
    mount --bind "$folder" "$system$folder"
done
trap 'for folder in "${bound[@]}"; do umount "$system$folder"; done' EXIT
chroot "$system" env HOME=/srv make -C /srv/project setup test-plugin OPTIONS="${OPTIONS:-}"
