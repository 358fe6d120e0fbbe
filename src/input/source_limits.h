/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_SOURCE_LIMITS_H
#define INPUT_SOURCE_LIMITS_H

#define EFIMAP_MAX_ENTRIES 16384U
/* Size of a page in bytes. An attribute of this size or more is too long. */
#define EFIMAP_VALUE_SIZE 4096
#define EFIMAP_MAX_LINES 65536U

/** EFIMAP_BOOT_DEFAULT - the last of the boots that have the highest enum log_worth */
#define EFIMAP_BOOT_DEFAULT 0
/** EFIMAP_BOOT_MAX_BACK - maximum number of boots that can be counted from the end of a log */
#define EFIMAP_BOOT_MAX_BACK 10
/** EFIMAP_BOOT_EACH - each of the last boots of a log; in other SOURCEs, EFIMAP_BOOT_DEFAULT */
#define EFIMAP_BOOT_EACH (-EFIMAP_MAX_EACH_BOOT)
#define EFIMAP_MAX_EACH_BOOT 64

#endif
