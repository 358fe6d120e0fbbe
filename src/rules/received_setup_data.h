/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_RECEIVED_SETUP_DATA_H
#define RULES_RECEIVED_SETUP_DATA_H

#include "capture/capture.h"
#include "rules/report.h"

/*
 * struct setup - the data that a kernel received, as far as known
 * @efi:        the last SETUP_EFI node, which the kernel uses; NULL if none is known
 * @info:       efi_info, or NULL if it is unknown
 * @has_count:  @n_entries is known
 * @n_entries:  number of entries in the runtime map that the kernel derived from the data
 */
struct setup {
	const struct setup_node *efi;
	const struct efi_info *info;
	bool has_count;
	size_t n_entries;
};

struct setup setup_of(const struct efimap *map);

/* Add findings about @setup to @report, and seal @report. */
void check_setup_data(const struct efimap *map, const struct setup *setup, struct report *report);

/* Return whether all setup_data nodes were read, and none is SETUP_EFI. */
bool setup_lacks_efi_node(const struct efimap *map);
bool setup_has_complete_map(const struct efimap *map);

#endif
