/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the boot family share. */
#ifndef CHECK_BOOT_H
#define CHECK_BOOT_H

#include "check/check.h"

/* boot_pointers() - pointer-missing */
void boot_pointers(struct check *c);
/* boot_places() - pointer-unmapped, runtime-pointer, smbios-unmapped */
void boot_places(struct check *c);
/* boot_state() - no-smbios, no-rsdp, mem-encrypt */
void boot_state(struct check *c);

#endif
