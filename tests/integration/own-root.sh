# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh disable=SC2154 # common.py and hooks.py set temp and hook
# Create a root directory with the default paths of a hook, and define run_hook() to run the hook.
root=$temp/root
mkdir -p "$root"
mount -t tmpfs tmpfs "$root"
cp -P /bin /lib* /sbin "$root"
for directory in usr sys proc; do
	mkdir "$root/$directory"
	mount --rbind "/$directory" "$root/$directory"
done
mkdir -p "$root/tool" "$root/run" "$root/etc" "$root/dev" "$root/sysroot" "$root/disk"
mount --bind "$temp/bin" "$root/tool"
cp "$hook" "$root/hook"

run_hook()
{
	s=0
	env PATH=/tool:/usr/bin:/usr/sbin chroot "$root" /hook "$@" || s=$?
	mkdir "$temp/left"
	cd "$root" || exit
	cp -R run sysroot disk dev "$temp/left"
	exit $s
}
