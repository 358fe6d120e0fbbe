/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Page tables for people: how many of what, what could not be mapped, what physical mode
 * would mean for the firmware's pointers, and the findings of --check.
 */
#include <inttypes.h>

#include "format/emulation.h"
#include "format/format.h"
#include "format/text.h"

/* So many lines of what was left out; more help nobody. */
#define MAX_LINES 20

static void put_size(const struct efimap_pagetable_view *view, struct efimap_out *out)
{
	const struct efimap_pagetable *table = view->table;

	efimap_out_printf(out, "mode %s: ", efimap_pagetable_mode_name(view->mode));
	text_plural(out, table->n_pages, "page table", "page tables");
	efimap_out_puts(out, ", ");
	text_size(out, table->n_pages * EFIMAP_PAGE_SIZE);
	efimap_out_printf(out,
			  ": %" PRIu64 " leaves of 4 KiB, %" PRIu64 " of 2 MiB, %" PRIu64
			  " of 1 GiB\n",
			  table->leaves[EFIMAP_LEAF_4K], table->leaves[EFIMAP_LEAF_2M],
			  table->leaves[EFIMAP_LEAF_1G]);
}

static void put_skipped(const struct efimap_pagetable_view *view, struct efimap_out *out)
{
	const struct efimap_pagetable *table = view->table;

	for (size_t i = 0; i < table->n_skips && i < MAX_LINES; i++) {
		const struct efimap_pagetable_skip *skip = &table->skips[i];

		efimap_out_printf(out,
				  "runtime-map/%" PRIu32 ": not mapped at its %s address: %s\n",
				  view->map->entries[skip->position].index,
				  skip->identity ? "physical" : "virtual",
				  efimap_pagetable_reason_text(skip->reason));
	}
	if (table->n_skips > MAX_LINES)
		efimap_out_printf(out, "and %zu more are not mapped\n",
				  table->n_skips - MAX_LINES);
}

static void put_entry(const struct efimap_pagetable_view *view,
		      const struct efimap_pointer *pointer, struct efimap_out *out)
{
	char type[EFIMAP_TYPE_NAME_SIZE];
	const struct efimap_entry *entry;

	if (pointer->position == EFIMAP_NO_POSITION)
		return;
	entry = &view->map->entries[pointer->position];
	efimap_out_printf(out, ", in entry %" PRIu32 " (%s)", entry->index,
			  efimap_type_name(entry->type, type));
}

/* In words, by enum efimap_reach. */
static const char *const reaches[] = {
	[EFIMAP_REACH_REACHABLE] = "reachable in physical mode",
	[EFIMAP_REACH_OUTSIDE] = "physical, but no entry maps it: would fault",
	[EFIMAP_REACH_VIRTUAL] = "virtual already: would fault",
	[EFIMAP_REACH_NONE] = "not set",
};

static void put_pointers(const struct efimap_pagetable_view *view, struct efimap_out *out)
{
	if (view->mode != EFIMAP_PAGETABLE_IDENTITY)
		return;
	for (size_t i = 0; i < view->n_pointers; i++) {
		const struct efimap_pointer *pointer = &view->pointers[i];

		efimap_out_printf(out, "%-12s 0x%-16" PRIx64 " %s", pointer->name,
				  pointer->value, reaches[pointer->reach]);
		put_entry(view, pointer, out);
		efimap_out_putc(out, '\n');
	}
}

int efimap_pagetable_write_text(const struct efimap_pagetable_view *view,
				const struct efimap_text_options *options,
				struct efimap_out *out)
{
	put_size(view, out);
	put_skipped(view, out);
	put_pointers(view, out);
	return view->report ? efimap_report_write_text(view->report, options, out) : out->error;
}
