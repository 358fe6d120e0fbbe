# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# usage: sh -eu sos-inside.sh CAPTURE VAR BIN PYTHON KERNEL_LOG COMMAND...
# Run a command with a capture mounted over the running system's files, and with a separate /var
# that contains only the files of VAR and the database of dpkg, which sos reads.
capture=$1 var=$2 bin=$3 python=$4 kernel_log=$5
shift 5
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
for file in sys proc/iomem proc/cmdline proc/version proc/sys/kernel/random/boot_id; do
	mount --bind "$capture/$file" "/$file"
done
if [ -d /boot ]; then
	mount --bind "$capture/boot" /boot
fi
"$python" "$kernel_log"
exec "$@"
