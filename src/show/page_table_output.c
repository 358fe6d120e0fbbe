/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write page tables, as text or JSON. */
#include <inttypes.h>

#include "base/wrapping_add.h"
#include "show/page_table_output.h"
#include "show/text_style.h"

/* Maximum number of skipped mappings that are listed. */
#define MAX_LINES 20

static void write_summary(const struct efi_page_table *table, struct out *out)
{
	text_plural(out, table->n_pages, "page table", "page tables");
	out_puts(out, ", ");
	text_size(out, table->n_pages * EFIMAP_PAGE_SIZE);
	out_printf(out,
		   "; pages: %" PRIu64 " of 4 KiB, %" PRIu64 " of 2 MiB, %" PRIu64 " of 1 GiB\n",
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
}

void pagetable_write_text(const struct efi_page_table *table, const struct dump_options *options,
			  struct out *out)
{
	for (size_t i = 0; i < table->n_ranges; i++) {
		const struct pagetable_range *range = &table->ranges[i];
		auto_out struct out size = EFIMAP_OUT_MEM;

		if (options->bytes)
			out_printf(&size, "%" PRIu64, range->size);
		else
			text_size(&size, range->size);
		/* A range at the end of the address space ends at 2^64, which is written as 0. */
		out_printf(out,
			   "0x%016" PRIx64 "-0x%016" PRIx64 " %6s RW %3s %-2s %s 0x%" PRIx64 "\n",
			   range->virt, wrapping_add(range->virt, range->size), out_text(&size),
			   range->is_cached ? "" : "PCD", range->is_executable ? "x" : "NX",
			   leaf_name(range->leaf), range->phys);
	}
	if (options->text.headings)
		write_summary(table, out);
}

FIELD_GET(get_bytes, struct efi_page_table, number, row->n_pages *EFIMAP_PAGE_SIZE, true)

#define TABLE(member) FIELD_AT(struct efi_page_table, member)
static const struct field leaves_rows[] = {
	{ "4k", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_4K]) },
	{ "2m", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_2M]) },
	{ "1g", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_1G]) },
};
static const struct fields leaves_fields = { FIELDS("leaves", leaves_rows) };

#define RANGE(member) FIELD_AT(struct pagetable_range, member)
static const struct field range_rows[] = {
	{ "virt_addr", FIELD_HEX, RANGE(virt) },
	{ "phys_addr", FIELD_HEX, RANGE(phys) },
	{ "size", FIELD_NUMBER, RANGE(size) },
	{ "leaf", FIELD_WORD, RANGE(leaf), WORD(leaf, EFIMAP_LEAF_4K) },
	{ "cached", FIELD_BOOL, RANGE(is_cached) },
	{ "executable", FIELD_BOOL, RANGE(is_executable) },
};
static const struct fields range_fields = { FIELDS("page_table_range", range_rows) };

FIELD_GET(get_skip_index, struct pagetable_skip, number, row->entry->index, true)
FIELD_GET(get_skip_reason, struct pagetable_skip, text, pagetable_reason_text(row->reason), true)

static const struct field skipped_rows[] = {
	{ "index", FIELD_NUMBER, .get = get_skip_index, .max = EFIMAP_NO_INDEX - 1 },
	{ "identity", FIELD_BOOL, FIELD_AT(struct pagetable_skip, identity) },
	{ "why", FIELD_TEXT, .get = get_skip_reason },
};
static const struct fields skipped_fields = { FIELDS("skipped_mappings", skipped_rows) };

static const struct field pagetable_rows[] = {
	{ "pages", FIELD_NUMBER, TABLE(n_pages) },
	{ "bytes", FIELD_NUMBER, .get = get_bytes },
	{ "leaves", FIELD_OBJECT, .of = &leaves_fields },
	{ "ranges", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct efi_page_table, ranges, n_ranges), .of = &range_fields },
	{ "skipped_mappings", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct efi_page_table, skips, n_skips), .of = &skipped_fields },
};
const struct fields pagetable_fields = {
	FIELDS("page_table", pagetable_rows),
	.on_lines = true,
};
