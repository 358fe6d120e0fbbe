/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PAGE_TABLE_OUTPUT_H
#define SHOW_PAGE_TABLE_OUTPUT_H

#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "infer/address_translation.h"
#include "linux/page_table.h"

struct pagetable_view {
	const struct efimap *map;
	enum pagetable_mode mode;
	const struct efi_page_table *table;
	const struct firmware_pointer *pointers;
	size_t n_pointers;
};

/**
 * pagetable_write_text() - write the size of the page tables, and list the skipped mappings
 *
 * With EFIMAP_PAGETABLE_IDENTITY, also write the firmware's pointers.
 */
void pagetable_write_text(const struct pagetable_view *view, struct out *out);

/** document_pagetable - the document of a &struct pagetable_view */
extern const struct fields document_pagetable;

#endif
