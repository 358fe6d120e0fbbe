/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: physical mode
 *
 * The idea of 2010: call the firmware with every runtime region mapped onto itself. Which
 * of its pointers could then be followed, and which are virtual already and would fault?
 */
#ifndef EMULATE_PHYSICAL_MODE_H
#define EMULATE_PHYSICAL_MODE_H

#include <stddef.h>
#include <stdint.h>

#include "model/capture.h"

/**
 * enum efimap_reach - can a pointer be followed in physical mode?
 * @EFIMAP_REACH_REACHABLE: it is physical and lies in an entry of the map
 * @EFIMAP_REACH_OUTSIDE:   it is physical, but no entry maps it
 * @EFIMAP_REACH_VIRTUAL:   the firmware has made it virtual: it would fault
 * @EFIMAP_REACH_NONE:      it is 0
 */
enum efimap_reach {
	EFIMAP_REACH_REACHABLE,
	EFIMAP_REACH_OUTSIDE,
	EFIMAP_REACH_VIRTUAL,
	EFIMAP_REACH_NONE,
};

const char *efimap_reach_name(enum efimap_reach reach);

#define EFIMAP_NO_POSITION SIZE_MAX

/**
 * struct efimap_pointer - a pointer of the firmware
 * @name:     "fw_vendor", "systab", "SMBIOS", …
 * @value:    as the capture has it
 * @position: of the entry that covers it, physically or virtually; EFIMAP_NO_POSITION
 */
struct efimap_pointer {
	const char *name;
	uint64_t value;
	enum efimap_reach reach;
	size_t position;
};

#define EFIMAP_MAX_POINTERS 6

/**
 * efimap_physical_mode() - the pointers that the capture knows
 * @ret_pointers: receives them, always in the same order
 *
 * Tables that only the kernel reads (ACPI) are not asked about.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_physical_mode(const struct efimap *map,
			 struct efimap_pointer ret_pointers[EFIMAP_MAX_POINTERS],
			 size_t *ret_count);

#endif
