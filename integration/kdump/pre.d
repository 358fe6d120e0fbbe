#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# In the crash kernel, before kdump saves the dump: keep what this kernel was handed, and say
# it line by line, for the journal goes with the dump to wherever that goes. Whatever happens
# here, the dump is saved.
efimapctl snapshot --quiet --timeout=20 --output-file=/run/efimap-kdump.json &&
	efimapctl dump --quiet --raw --noheadings --bytes \
		--output=IDX,TYPENO,ATTRHEX,PHYS,SIZE,VIRT
exit 0
