#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# dracut module: install efimapctl into the initramfs of a crash kernel, where the scripts in
# /etc/kdump/pre.d and post.d run it. Other initramfs images get efimapctl only on request (--add
# efimapctl).

check()
{
	require_binaries efimapctl || return 1
	# mkdumprd of kdump-utils sets IN_KDUMP. The status 255 means "only on request".
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
	# The scripts run efimapctl only with timeout(1), because efimapctl must not delay the dump.
	inst_multiple -o timeout
}
