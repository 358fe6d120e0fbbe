#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Boot systemd in new namespaces and in a new control group, with a copy of the system in ROOT whose
# units and files are replaced. Nothing is written to this system.
# usage: boot-systemd.sh FILES OUTPUT [ROOT]
#
# FILES is copied over the root directory, whose units in /etc are removed. ROOT is / by default.
# systemd starts only the unit test.service and ends with it. Both see OUTPUT as /output.
set -eu
files=$1 output=$2 lower=${3:-/} step=${4-begin}
case $step in
begin)
	exec unshare -m sh "$0" "$files" "$output" "$lower" group
	;;
group)
	# systemd 258 and later need version 2 of control groups, which this machine may not use.
	mount -t cgroup2 cgroup2 /mnt
	group=/mnt/efimapctl-test.$$
	mkdir "$group"
	sh "$0" "$files" "$output" "$lower" "$group" || status=$?
	find "$group" -depth -type d -exec rmdir {} +
	exit "${status:-0}"
	;;
inside) ;;
*)
	# A cgroup namespace begins with the group of the process that creates it.
	echo $$ >"$step/cgroup.procs"
	exec unshare -m -p -f -u -i -C sh "$0" "$files" "$output" "$lower" inside
	;;
esac

mount --make-rprivate /
work=/mnt
mount -t tmpfs tmpfs $work
mkdir "$work/upper" "$work/work" "$work/root"
mount -t overlay -o "lowerdir=$lower,upperdir=$work/upper,workdir=$work/work" overlay "$work/root"
root=$work/root
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
# A mount that is created in this namespace shows only its groups.
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
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
