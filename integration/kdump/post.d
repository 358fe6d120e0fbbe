#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In the crash kernel, after kdump has saved the dump: put the snapshot of pre.d beside it.
# Nobody says where the dump went, so it is looked for in every file system that is mounted,
# at "path" of kdump.conf. Whatever happens here, the machine goes on.
[ -f "${EFIMAPCTL_SNAPSHOT:=/run/efimap-kdump.json}" ] || exit 0
path=/var/crash
while read -r key value _; do
	[ "$key" = path ] && path=$value
done 2>/dev/null <"${EFIMAPCTL_KDUMP_CONF:-/etc/kdump.conf}"
places=()
while read -r _ mount _; do
	printf -v mount %b "${mount%/}"
	[ -d "$mount/$path" ] && places+=("--next-to-vmcore=$mount/$path")
done 2>/dev/null <"${EFIMAPCTL_MOUNTS:-/proc/mounts}"
[ -d "${NEWROOT:-/sysroot}/$path" ] && places+=("--next-to-vmcore=${NEWROOT:-/sysroot}/$path")
# As many as efimapctl takes.
[ ${#places[@]} -eq 0 ] || efimapctl snapshot --quiet --timeout=20 "${places[@]:0:16}" \
	"$EFIMAPCTL_SNAPSHOT"
exit 0
