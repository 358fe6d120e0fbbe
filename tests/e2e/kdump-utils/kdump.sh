#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A substitute for the program that kdump-utils runs in the crash kernel. It saves the dump even if
# scripts fail, and always reboots.
mount=/kdumproot
path=/var/crash
while read -r key value; do
	[ "$key" = path ] && path=$value
done </etc/kdump.conf
for file in /etc/kdump/pre.d/*; do
	"$file" || echo "kdump: $file exited with $? status"
done

dump=$mount/$path/127.0.0.1-$(date +%Y-%m-%d-%T)
mount -o remount,rw "$mount"
mkdir -p "$dump"
status=0
makedumpfile -l --message-level 7 -d 31 /proc/vmcore "$dump/vmcore-incomplete" >/dev/console 2>&1 &&
	sync -f "$dump/vmcore-incomplete" && mv "$dump/vmcore-incomplete" "$dump/vmcore" || status=$?
echo "kdump: saving vmcore: $status"

for file in /etc/kdump/post.d/*; do
	"$file" "$status" || echo "kdump: $file exited with $? status"
done
dmesg -T >"$dump/kexec-dmesg.log"
journalctl -ab >>"$dump/kexec-dmesg.log"
sync
systemctl reboot -f
