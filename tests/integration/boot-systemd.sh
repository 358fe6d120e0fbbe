#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Boot systemd in new namespaces and in a new control group, with a copy of this system whose units
# and files are replaced. Nothing is written to this system.
# usage: boot-systemd.sh FILES OUTPUT
#
# FILES is copied over the root directory, except units of this machine. systemd starts only the
# unit test.service and ends with it. Both see OUTPUT as /output.
set -eu
files=$1 output=$2 step=${3-begin}
case $step in
begin)
	# All hierarchies: one of version 2, or several of version 1
	set -- /sys/fs/cgroup
	[ -e /sys/fs/cgroup/cgroup.procs ] || set -- /sys/fs/cgroup/*
	groups=
	for hierarchy; do
		[ ! -e "$hierarchy/cgroup.procs" ] || groups="$groups $hierarchy/efimapctl-test.$$"
	done
	# shellcheck disable=SC2086 # a list of directories without blanks
	mkdir -p $groups
	sh "$0" "$files" "$output" "$groups" || status=$?
	# shellcheck disable=SC2086
	find $groups -depth -type d -exec rmdir {} +
	exit "${status:-0}"
	;;
inside) ;;
*)
	# A cgroup namespace begins with the groups of the process that creates it. A group of
	# cpuset without processors accepts no process, and systemd does not use it.
	for group in $step; do
		{ echo $$ >"$group/cgroup.procs"; } 2>/dev/null || :
	done
	exec unshare -m -p -f -u -i -C sh "$0" "$files" "$output" inside
	;;
esac

mount --make-rprivate /
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
mkdir "$work/upper" "$work/work" "$work/root"
mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" overlay "$work/root"
root=$work/root
mount -t proc proc "$root/proc"
mount --rbind /sys "$root/sys"
# Mounts that are created in this namespace show only its groups.
if [ -e /sys/fs/cgroup/cgroup.procs ]; then
	mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
else
	mount -t tmpfs tmpfs "$root/sys/fs/cgroup"
	mkdir "$root/sys/fs/cgroup/systemd" "$root/sys/fs/cgroup/memory" "$root/sys/fs/cgroup/unified"
	mount -t cgroup -o none,name=systemd cgroup "$root/sys/fs/cgroup/systemd"
	mount -t cgroup -o memory cgroup "$root/sys/fs/cgroup/memory"
	mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup/unified"
fi
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
