/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two halves of the hand-over share. */
#ifndef EFIMAP_EMULATE_HANDOVER_H
#define EFIMAP_EMULATE_HANDOVER_H

#include <efimap/handover.h>

/* The SMBIOS address that the loader finds in systab. */
bool handover_find_smbios(const struct efimap *map, enum efimap_loader loader,
			  uint64_t *ret_value);

/* Why it would pass nothing. */
enum efimap_handover_reason handover_find_reason(const struct efimap *map,
						 enum efimap_loader loader);

#endif
