/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How much is read of a SOURCE, and how a boot of its kernel log is chosen. */
#ifndef INPUT_SOURCE_LIMITS_H
#define INPUT_SOURCE_LIMITS_H

#define EFIMAP_MAX_ENTRIES 16384U
#define EFIMAP_MAX_LINES 65536U

/** EFIMAP_BOOT_DEFAULT - the last boot of a kernel's log that has a map, else the last */
#define EFIMAP_BOOT_DEFAULT 0
/** EFIMAP_BOOT_MAX_BACK - boots that can be counted from the end of a log */
#define EFIMAP_BOOT_MAX_BACK 16

#endif
