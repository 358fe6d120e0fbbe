#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: namespace_test.sh PYTHON
# Check that namespace.py works in a chroot whose / is not a mount point, and that the mounts of
# namespace.py disappear when namespace.py ends.
set -eu
if [ "$(id -u)" -ne 0 ]; then
	echo 'skipped: needs root'
	exit 77
fi
if ! command -v mount >/dev/null; then
	echo 'skipped: needs mount'
	exit 77
fi
tools=$(realpath "$(dirname "$0")")
# The chroot contains bind mounts of this machine's programs. These mounts are in a mount namespace,
# so they disappear when the test ends.
if [ "${1-}" != inside ]; then
	temp=$(mktemp -d)
	trap 'rm -rf --one-file-system "$temp"' EXIT
	# The interpreter on PATH may be a wrapper script.
	python=$("$1" -c 'import os, sys; print(os.path.realpath(sys.executable))')
	"$python" "$tools/namespace.py" sh "$0" inside "$python" "$temp"
	exit
fi
python=$2 root=$3
for directory in /bin /lib* /sbin /usr /proc "$(dirname "$(dirname "$python")")" \
	"$tools"; do
	if [ -L "$directory" ]; then
		cp -P "$directory" "$root"
	else
		mkdir -p "$root$directory"
		mount --rbind "$directory" "$root$directory"
	fi
done
mkdir "$root/place"
if chroot "$root" unshare --mount true 2>/dev/null; then
	echo 'the chroot is none in which unshare fails'
	exit 1
fi
# This random name exists only in the chroot, so sh fails if namespace.py has left the chroot.
script=$(mktemp -p "$root")
cat >"$script" <<-'END'
	mount -t tmpfs tmpfs /place
	: >/place/file
	[ "$(pwd)" = / ]
	[ ! -e /etc ]
END
chroot "$root" "$python" "$tools/namespace.py" sh -eu "/${script##*/}"
[ ! -e "$root/place/file" ] || {
	echo 'a mount is seen outside'
	exit 1
}
