/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what a loader wrote for a kernel
 *
 * setup_data, its payload and efi_info, as plain structs: they come from a capture, or from bytes
 * that were decoded, and are judged alike.
 */
#ifndef RULES_RECEIVED_SETUP_DATA_H
#define RULES_RECEIVED_SETUP_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "rules/report.h"

/*
 * struct efimap_setup - what is known of it
 * @efi:        the last SETUP_EFI node, which the kernel takes; NULL when there is none
 * @n_efi:      how many there are
 * @lacks_efi:  it is known that there is none
 * @info:       NULL when it is not known
 * @has_count:  @n_entries is known
 * @n_entries:  entries of the runtime map that came of it
 * @efi_at:     of a SOURCE that is a binary: where the payload of the node begins
 */
struct efimap_setup {
	const struct efimap_setup_node *efi;
	size_t n_efi;
	bool lacks_efi;
	const struct efimap_efi_info *info;
	bool has_count;
	size_t n_entries;
	uint64_t efi_at;
};

/* setup_of() - what a capture shows of what its kernel was handed */
struct efimap_setup setup_of(const struct efimap *map);

/* check_setup_data() - add what is wrong with it to a report, and seal that; 0 or -ENOMEM */
int check_setup_data(const struct efimap *map, const struct efimap_setup *setup,
		     struct efimap_report *report);

/* setup_knows_nodes() - is the absence of a node in this capture a fact? */
bool setup_knows_nodes(const struct efimap *map);
/* setup_has_whole_map() - could each entry of the runtime map be read? */
bool setup_has_whole_map(const struct efimap *map);

#endif
