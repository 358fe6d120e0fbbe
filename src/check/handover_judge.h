/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of handover share. */
#ifndef CHECK_HANDOVER_JUDGE_H
#define CHECK_HANDOVER_JUDGE_H

#include <efimap/handover_judge.h>
#include <efimap/traits.h>

/* handover_map_is_too_big() - was a map handed over that no kernel can map? */
bool handover_map_is_too_big(const struct efimap *map);

/* handover_add_unsent() - causes for a loader to pass nothing */
void handover_add_unsent(struct efimap_receipt *receipt, const struct efimap *map);
/* handover_add_unused() - causes for a kernel not to take what was passed */
void handover_add_unused(struct efimap_receipt *receipt, const struct efimap *map);
/* handover_add_no_map() - causes for a kernel with EFI to have no runtime map */
void handover_add_no_map(struct efimap_receipt *receipt, const struct efimap *map);

#endif
