/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the writers of a decoded binary share. */
#ifndef FORMAT_DECODED_H
#define FORMAT_DECODED_H

#include "format/emulation.h"

/** setup_type_name() - "EFI", "RNG_SEED", …; "" for one that has no name */
const char *setup_type_name(uint32_t type);

/**
 * payload_size() - bytes of a node's payload that may be shown
 *
 * 0 without --all-payloads, for EFI's own, which is shown decoded, and always for random
 * seeds, direct or behind a pointer.
 */
size_t payload_size(const struct efimap_decoded_view *view,
		    const struct efimap_setup_data *node);

/** decoded_map() - the entries as a capture; free with efimap_free() */
int decoded_map(const struct efimap_decoded_view *view, struct efimap **ret_map);

#endif
