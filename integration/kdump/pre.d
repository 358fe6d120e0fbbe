#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In the crash kernel, before kdump saves the dump, store a snapshot of the map that the crash
# kernel received, and print the map to the journal, which is saved with the dump. Errors must not
# stop kdump, and timeout ends a command that hangs.
timeout -k 5 20 efimapctl snapshot --quiet --output-file=/run/efimap-kdump.json &&
	timeout -k 5 20 efimapctl dump --quiet --raw --noheadings --bytes \
		--output=IDX,TYPENO,ATTRHEX,PHYS,SIZE,VIRT
exit 0
