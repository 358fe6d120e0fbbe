/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write descriptions of page tables, as text or JSON. */
#include <inttypes.h>

#include "document/json_writer.h"
#include "show/page_table_output.h"
#include "show/text_style.h"

/* Maximum number of skipped mappings that are listed. */
#define MAX_LINES 20

static const char *const reaches[] = {
	[EFIMAP_REACH_REACHABLE] = "reachable",
	[EFIMAP_REACH_OUTSIDE] = "in no entry, would fault",
	[EFIMAP_REACH_VIRTUAL] = "virtual, would fault",
	[EFIMAP_REACH_NONE] = "not set",
};

void pagetable_write_text(const struct pagetable_view *view, struct out *out)
{
	const struct efi_page_table *table = view->table;

	out_printf(out, "mode %s: ", pagetable_mode_name(view->mode));
	text_plural(out, table->n_pages, "page table", "page tables");
	out_puts(out, ", ");
	text_size(out, table->n_pages * EFIMAP_PAGE_SIZE);
	out_printf(out,
		   "\npages: %" PRIu64 " of 4 KiB, %" PRIu64 " of 2 MiB, %" PRIu64 " of 1 GiB\n",
		   table->leaves[EFIMAP_LEAF_4K], table->leaves[EFIMAP_LEAF_2M],
		   table->leaves[EFIMAP_LEAF_1G]);
	for (size_t i = 0; i < table->n_skips && i < MAX_LINES; i++) {
		const struct pagetable_skip *skip = &table->skips[i];

		out_printf(out, "runtime-map/%" PRIu32 ": not mapped at its %s address: %s\n",
			   skip->entry->index, skip->identity ? "physical" : "virtual",
			   pagetable_reason_text(skip->reason));
	}
	if (table->n_skips > MAX_LINES)
		out_printf(out, "and %zu more\n", table->n_skips - MAX_LINES);
	/*
	 * In physical mode, the firmware uses its pointers unchanged, so show whether the page
	 * table maps each pointer.
	 */
	for (size_t i = 0; view->mode == EFIMAP_PAGETABLE_IDENTITY && i < view->n_pointers; i++) {
		const struct firmware_pointer *pointer = &view->pointers[i];
		char type[EFIMAP_TYPE_NAME_SIZE];

		out_printf(out, "%-12s 0x%-16" PRIx64 " %s", pointer->name, pointer->value,
			   reaches[pointer->reach]);
		if (pointer->entry)
			out_printf(out, "; entry %" PRIu32 " (%s)", pointer->entry->index,
				   memory_type_name(pointer->entry->type, type));
		out_putc(out, '\n');
	}
}

FIELD_GET(get_table_bytes, struct efi_page_table, number, row->n_pages *EFIMAP_PAGE_SIZE, true)

#define TABLE(member) FIELD_AT(struct efi_page_table, member)
static const struct field leaves_rows[] = {
	{ "4k", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_4K]) },
	{ "2m", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_2M]) },
	{ "1g", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_1G]) },
};
static const struct fields leaves_fields = { FIELDS("leaves", leaves_rows) };

static const struct field table_rows[] = {
	{ "base", FIELD_HEX, TABLE(base) },
	{ "pages", FIELD_NUMBER, TABLE(n_pages) },
	{ "bytes", FIELD_NUMBER, .get = get_table_bytes },
	{ "leaves", FIELD_OBJECT, .of = &leaves_fields },
};
static const struct fields table_fields = { FIELDS("table", table_rows) };

FIELD_GET(get_pointer_index, struct firmware_pointer, number, row->entry->index, row->entry)

#define POINTER(member) FIELD_AT(struct firmware_pointer, member)
static const struct field pointer_rows[] = {
	{ "name", FIELD_TEXT, POINTER(name) },
	{ "value", FIELD_HEX, POINTER(value) },
	{ "reach", FIELD_WORD, POINTER(reach), WORD(reach, EFIMAP_REACH_NONE) },
	{ "index", FIELD_NUMBER, FIELD_NULL, .get = get_pointer_index, .max = EFIMAP_NO_INDEX - 1 },
};
static const struct fields pointer_fields = { FIELDS("pointer", pointer_rows) };

FIELD_GET(get_skip_index, struct pagetable_skip, number, row->entry->index, true)
FIELD_GET(get_skip_mapping, struct pagetable_skip, number,
	  row->identity ? EFIMAP_PAGETABLE_IDENTITY : EFIMAP_PAGETABLE_VIRTUAL, true)
FIELD_GET(get_skip_reason, struct pagetable_skip, text, pagetable_reason_text(row->reason), true)

static const struct field skipped_rows[] = {
	{ "index", FIELD_NUMBER, .get = get_skip_index, .max = EFIMAP_NO_INDEX - 1 },
	{ "mapping", FIELD_WORD, .get = get_skip_mapping,
	  WORD(pagetable_mode, EFIMAP_PAGETABLE_VIRTUAL), .min = EFIMAP_PAGETABLE_IDENTITY },
	{ "why", FIELD_TEXT, .get = get_skip_reason },
};
static const struct fields skipped_fields = { FIELDS("skipped_mappings", skipped_rows) };

FIELD_GET(get_left_out, struct pagetable_view, record, row->table->skips + at,
	  at < row->table->n_skips)

#define PAGETABLE(member) FIELD_AT(struct pagetable_view, member)
static const struct field pagetable_rows[] = {
	{ "mode", FIELD_WORD, PAGETABLE(mode), WORD(pagetable_mode, EFIMAP_PAGETABLE_VIRTUAL) },
	{ FIELD_INLINE_AT(struct pagetable_view, table, table_fields) },
	{ "pointers", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct pagetable_view, pointers, n_pointers), .of = &pointer_fields },
	{ "skipped_mappings", FIELD_OBJECT, FIELD_LIST, .get = get_left_out,
	  .of = &skipped_fields },
};
const struct fields document_pagetable = { FIELDS("efimap-pagetable", pagetable_rows) };
