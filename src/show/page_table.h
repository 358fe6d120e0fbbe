/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PAGE_TABLE_H
#define SHOW_PAGE_TABLE_H

#include <stddef.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "infer/address_translation.h"
#include "linux/page_table.h"

struct efimap_pagetable_view {
	const struct efimap *map;
	enum efimap_pagetable_mode mode;
	const struct efimap_pagetable *table;
	const struct efimap_pointer *pointers;
	size_t n_pointers;
};

/**
 * efimap_pagetable_write_text() - write the size of the page tables, and list the skipped mappings
 *
 * With EFIMAP_PAGETABLE_IDENTITY, also write the firmware's pointers.
 */
void efimap_pagetable_write_text(const struct efimap_pagetable_view *view, struct efimap_out *out);

/** document_pagetable - the document of a &struct efimap_pagetable_view */
extern const struct fields document_pagetable;

#endif
