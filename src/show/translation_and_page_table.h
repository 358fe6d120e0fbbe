/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_TRANSLATION_AND_PAGE_TABLE_H
#define SHOW_TRANSLATION_AND_PAGE_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "infer/address_translation.h"
#include "linux/page_table.h"

struct json;

/** efimap_translation_begin() - start an efimap-translation document; json_end() completes it */
void efimap_translation_begin(struct json *json, const char *source, struct efimap_out *out);

void efimap_translation_add(struct json *json, uint64_t address,
			    const struct efimap_answer *to_virt,
			    const struct efimap_answer *to_phys);

/**
 * efimap_translation_write_text() - write a line for each entry that covers an address
 *
 * The address is looked up both as a physical address and as a virtual address. If no entry covers
 * the address, or more than EFIMAP_TRANSLATE_MAX entries do, one line reports that.
 */
void efimap_translation_write_text(uint64_t address, const struct efimap_answer *to_virt,
				   const struct efimap_answer *to_phys, struct efimap_out *out);

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
int efimap_pagetable_write_text(const struct efimap_pagetable_view *view, struct efimap_out *out);

int efimap_pagetable_write_json(const struct efimap_pagetable_view *view,
				struct efimap_out *out);

extern const struct document document_pagetable;
extern const struct document document_translation;

#endif
