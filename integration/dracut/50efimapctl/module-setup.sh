#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut module: install efimapctl into the initramfs of a crash kernel, for the scripts in
# /etc/kdump/pre.d and post.d. Other initramfs images get it only on request (--add efimapctl).

check()
{
	require_binaries efimapctl || return 1
	# mkdumprd of kdump-utils sets IN_KDUMP.
	[[ ${IN_KDUMP-} ]] && return 0
	return 255
}

depends()
{
	return 0
}

install()
{
	inst_multiple efimapctl
	# Without timeout(1), the scripts save nothing, because efimapctl must not delay the dump.
	inst_multiple -o timeout
}
