#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In the crash kernel, after kdump has saved the dump, copy the snapshot that pre.d stored into the
# directory of the dump. kdump does not pass this directory, so the script searches the "path" of
# kdump.conf on each mounted file system. Errors must not stop kdump.
[ -f "${EFIMAPCTL_SNAPSHOT:=/run/efimap-kdump.json}" ] || exit 0
path=/var/crash
while read -r key value _; do
	[ "$key" = path ] && path=$value
done 2>/dev/null <"${EFIMAPCTL_KDUMP_CONF:-/etc/kdump.conf}"
places=()
while read -r _ mount _; do
	# "\040" is a space. With %b, an octal number has three digits only after "\0".
	mount=${mount%/}
	printf -v mount %b "${mount//\\/\\0}"
	[ -d "$mount/$path" ] && places+=("$mount/$path")
done 2>/dev/null <"${EFIMAPCTL_MOUNTS:-/proc/mounts}"
[ -d "${NEWROOT:-/sysroot}/$path" ] && places+=("${NEWROOT:-/sysroot}/$path")
newest=
for place in "${places[@]}"; do
	for dump in "$place"/*/vmcore{,.flat,-incomplete,-incomplete.flat}; do
		[ -O "${dump%/*}" ] && [ ! -L "${dump%/*}" ] && [ -f "$dump" ] && [ ! -L "$dump" ] &&
			[ ! "$EFIMAPCTL_SNAPSHOT" -nt "$dump" ] &&
			{ [ -z "$newest" ] || [ "$dump" -nt "$newest" ]; } && newest=$dump
	done
done
[ -z "$newest" ] || timeout -k 5 20 efimapctl snapshot --quiet \
	--output-file="${newest%/*}/efimap-kdump.json" "$EFIMAPCTL_SNAPSHOT"
exit 0
