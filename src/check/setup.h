/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: rules on setup_data and efi_info
 *
 * What a loader writes for the next kernel, judged as plain structs: they come from a
 * capture, or from bytes that were decoded.
 */
#ifndef CHECK_SETUP_H
#define CHECK_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "model/capture.h"
#include "model/report.h"

/**
 * struct efimap_setup - what is known of it
 * @nodes:     setup_data nodes, in the order of the chain; NULL when they are not known
 * @n_nodes:   how many
 * @info:      NULL when it is not known
 * @is_kexec:  it is for, or of, a kernel that a kernel starts
 * @has_count: @n_entries is known
 * @n_entries: entries of the runtime map that came of it
 */
struct efimap_setup {
	const struct efimap_setup_node *nodes;
	size_t n_nodes;
	const struct efimap_efi_info *info;
	bool is_kexec;
	bool has_count;
	size_t n_entries;
};

/**
 * efimap_setup_check() - add what is wrong with it to a report that is not yet sealed
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_setup_check(const struct efimap_setup *setup, struct efimap_report *report);

#endif
