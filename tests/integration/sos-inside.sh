# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# usage: sh -eu sos-inside.sh VAR BIN COMMAND...
# Run a command with a separate /var that contains only the files of VAR and the database of dpkg,
# which sos reads. tests/tools/running.py runs this script.
var=$1 bin=$2
shift 2
mount --bind "$bin" /usr/local/sbin
mkdir -p /run/efimap-test-var
mount -t tmpfs tmpfs /run/efimap-test-var
mkdir /run/efimap-test-var/old
mount --bind /var /run/efimap-test-var/old
mount -t tmpfs tmpfs /var
mkdir -p /var/lib/dpkg /var/tmp /var/log
[ ! -d /run/efimap-test-var/old/lib/dpkg ] ||
	mount --bind /run/efimap-test-var/old/lib/dpkg /var/lib/dpkg
cp -R "$var/." /var
exec "$@"
