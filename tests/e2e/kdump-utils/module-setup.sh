#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A substitute for the dracut module 99kdumpbase of kdump-utils. It installs the same programs as
# the original into the initramfs.

check()
{
	[[ ${IN_KDUMP-} ]]
}

depends()
{
	echo base shutdown systemd
}

install()
{
	local file

	inst_multiple dd tail date sync cut head awk sed stat printf logger chmod nproc dirname \
		makedumpfile journalctl
	inst_simple /etc/kdump.conf
	for file in /etc/kdump/pre.d/* /etc/kdump/post.d/*; do
		[[ ! -x $file ]] || dracut_install "$file"
	done
	# shellcheck disable=SC2154 # set by dracut
	inst "$moddir/kdump.sh" /usr/bin/kdump.sh
	# shellcheck disable=SC2154 # set by dracut
	inst_simple "$moddir/kdump-capture.service" "$systemdsystemunitdir/kdump-capture.service"
	# shellcheck disable=SC2154 # set by dracut
	systemctl -q --root "$initdir" add-wants initrd.target kdump-capture.service
	dracut_no_switch_root
}
