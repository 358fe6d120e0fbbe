/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a loader writes for the next kernel, as plain structs: they come from a capture,
 * or from bytes that were decoded, and are judged alike.
 */
#ifndef CHECK_SETUP_H
#define CHECK_SETUP_H

#include <stdbool.h>
#include <stddef.h>

#include "emulate/decode.h"
#include "model/capture.h"
#include "model/report.h"

/*
 * struct efimap_setup - what is known of it
 * @efi:        the last SETUP_EFI node, which the kernel takes; NULL when there is none
 * @n_efi:      how many there are
 * @lacks_efi:  it is known that there is none
 * @info:       NULL when it is not known
 * @is_kexec:   it is of a kernel that a kernel has started
 * @has_count:  @n_entries is known
 * @n_entries:  entries of the runtime map that came of it
 * @decoded:    of a file: the whole of it, for its offsets; or NULL
 */
struct efimap_setup {
	const struct efimap_setup_node *efi;
	size_t n_efi;
	bool lacks_efi;
	const struct efimap_efi_info *info;
	bool is_kexec;
	bool has_count;
	size_t n_entries;
	const struct efimap_decoded *decoded;
};

/* setup_of() - what a capture shows of what its kernel was handed */
struct efimap_setup setup_of(const struct efimap *map);

/* setup_check() - add what is wrong with it to a report, and seal that; 0 or -ENOMEM */
int setup_check(const struct efimap *map, const struct efimap_setup *setup,
		struct efimap_report *report);

/**
 * efimap_decode_check() - the findings on a binary
 * @decoded:    what it holds, with its oddities
 * @ret_report: free with efimap_report_free(); its verdict is EFIMAP_VERDICT_FAIL when
 *              there is an error; untouched on failure
 *
 * Rules of the families setup and decode, each with the byte offset of what it speaks of.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_decode_check(const struct efimap_decoded *decoded,
			struct efimap_report **ret_report);

#endif
