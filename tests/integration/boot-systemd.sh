# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Boot systemd in new namespaces, with a copy of this system whose units and files are replaced.
# usage: unshare -m -p -f -u -i -C sh boot-systemd.sh FILES OUTPUT
#
# FILES is copied over the root directory, except units of this machine. systemd starts only the
# unit test.service and ends with it. Both see OUTPUT as /output. Nothing is written to this system.
set -eu
files=$1 output=$2
mount --make-rprivate /
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
mkdir "$work/upper" "$work/work" "$work/root"
mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" overlay "$work/root"
root=$work/root
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/dev/shm"
# The kernel log is that of the host.
: >"$root/kmsg"
mount --bind "$root/kmsg" "$root/dev/kmsg"
rm -rf "$root/etc/systemd/system"
echo 0123456789abcdef0123456789abcdef >"$root/etc/machine-id"
cp -R "$files/." "$root"
mkdir -p "$root/output" "$root/old"
mount --bind "$output" "$root/output"
: >"$output/mounted"
cd "$root"
pivot_root . old
umount -l old
exec env -i container=lxc PATH=/usr/sbin:/usr/bin:/sbin:/bin \
	/lib/systemd/systemd --system --unit=test.service --log-target=null
