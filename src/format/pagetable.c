/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Page tables. For people: how many of what, what could not be mapped, what physical mode
 * would mean for the firmware's pointers, and the findings of --check.
 */
#include <inttypes.h>

#include "format/documents.h"
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

/* --- the document --- */

FIELD_WORDS(pagetable_mode)
FIELD_WORDS(reach)

FIELD_GET(get_table_bytes, struct efimap_pagetable, number,
	  row->n_pages * EFIMAP_PAGE_SIZE,
	  true)

#define TABLE(member) FIELD_AT(struct efimap_pagetable, member)
static const struct field leaves_rows[] = {
	{ "4k", ABOUT("of 4 KiB"), FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_4K]) },
	{ "2m", ABOUT("of 2 MiB"), FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_2M]) },
	{ "1g", ABOUT("of 1 GiB"), FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_1G]) },
};
static const struct fields leaves_fields = { FIELDS("leaves", leaves_rows) };

static const struct field table_rows[] = {
	{ "base", ABOUT("physical address of the first table"), FIELD_HEX, TABLE(base) },
	{ "pages", ABOUT("tables of 4096 bytes"), FIELD_NUMBER, TABLE(n_pages) },
	{ "bytes", ABOUT("the same in bytes"), FIELD_NUMBER, .get = get_table_bytes },
	{ "leaves", ABOUT("leaves of each size"), FIELD_OBJECT, .of = &leaves_fields },
};
static const struct fields table_fields = { FIELDS("table", table_rows) };

/* Of either list: the other pointer is NULL. */
struct pagetable_row {
	const struct efimap *map;
	const struct efimap_pointer *pointer;
	const struct efimap_pagetable_skip *skip;
};

static bool get_row_index(const void *record, size_t at, struct field_value *ret_value)
{
	const struct pagetable_row *row = record;
	const size_t position = row->pointer ? row->pointer->position : row->skip->position;

	if (position == EFIMAP_NO_POSITION)
		return false;
	ret_value->number = row->map->entries[position].index;
	return true;
}

#define POINTER(member) FIELD_AT(struct efimap_pointer, member)
static const struct field pointer_value_rows[] = {
	{ "name", ABOUT("systab, fw_vendor, runtime, config_table, SMBIOS or SMBIOS3"),
	  FIELD_TEXT, POINTER(name) },
	{ "value", ABOUT("as the source has it"), FIELD_HEX, POINTER(value) },
	{ "reach", ABOUT("physical and in an entry; physical, but in none; virtual already, "
	  "so that it would fault; 0"), FIELD_WORD, POINTER(reach),
	  WORD(reach, EFIMAP_REACH_NONE) },
};
static const struct fields pointer_value_fields = {
	FIELDS("pointer_value", pointer_value_rows)
};

static const struct field pointer_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct pagetable_row, pointer),
	  .of = &pointer_value_fields },
	{ "index", ABOUT("the entry that covers it"), FIELD_NUMBER, FIELD_NULL,
	  .get = get_row_index, .max = EFIMAP_NO_INDEX },
};
static const struct fields pointer_fields = { FIELDS("pointer", pointer_rows) };

FIELD_GET(get_skip_mapping, struct pagetable_row, number,
	  row->skip->identity ? EFIMAP_PAGETABLE_IDENTITY : EFIMAP_PAGETABLE_VIRTUAL,
	  true)
FIELD_GET(get_skip_reason, struct pagetable_row, text,
	  efimap_pagetable_reason_text(row->skip->reason),
	  true)

static const struct field left_out_rows[] = {
	{ "index", ABOUT("the entry"), FIELD_NUMBER, FIELD_NULL, .get = get_row_index,
	  .max = EFIMAP_NO_INDEX },
	{ "mapping", ABOUT("at its physical or at its virtual address"), FIELD_WORD,
	  .get = get_skip_mapping, WORD(pagetable_mode, EFIMAP_PAGETABLE_VIRTUAL),
	  .min = EFIMAP_PAGETABLE_IDENTITY },
	{ "why", ABOUT("the reason"), FIELD_TEXT, .get = get_skip_reason },
};
static const struct fields left_out_fields = { FIELDS("left_out", left_out_rows) };

static bool get_pointer(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_pagetable_view *view = record;
	const struct pagetable_row row = { view->map, view->pointers + at, NULL };

	document_set_record(ret_value, &row, sizeof(row));
	return at < view->n_pointers;
}

static bool get_left_out(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_pagetable_view *view = record;
	const struct pagetable_row row = { view->map, NULL, view->table->skips + at };

	document_set_record(ret_value, &row, sizeof(row));
	return at < view->table->n_skips;
}

#define PAGETABLE(member) FIELD_AT(struct efimap_pagetable_view, member)
static const struct field pagetable_rows[] = {
	{ "mode", ABOUT("what is mapped: every region onto itself, every region at its "
	  "virtual address, or what Linux builds"), FIELD_WORD, PAGETABLE(mode),
	  WORD(pagetable_mode, EFIMAP_PAGETABLE_VIRTUAL) },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, PAGETABLE(table),
	  .of = &table_fields },
	{ "pointers", ABOUT("the firmware's pointers: could they be followed in physical "
	  "mode?"), FIELD_OBJECT, FIELD_LIST, .get = get_pointer, .of = &pointer_fields },
	{ "left_out", ABOUT("mappings that no table can hold"), FIELD_OBJECT, FIELD_LIST,
	  .get = get_left_out, .of = &left_out_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, PAGETABLE(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_FINDINGS },
};
static const struct fields pagetable_fields = { FIELDS("pagetable", pagetable_rows) };
const struct document document_pagetable = {
	"efimap-pagetable",
	ABOUT("The EFI page table that a runtime map implies, as efimapctl "
	      "pagetable --json writes it."),
	ABOUT(SOURCE_NAMED),
	&pagetable_fields,
};

int efimap_pagetable_write_json(const struct efimap_pagetable_view *view,
				struct efimap_out *out)
{
	static const struct efimap_report unchecked = { .n_findings = 0 };
	struct efimap_pagetable_view shown = *view;

	if (!shown.report)
		shown.report = &unchecked;
	return json_put_document(&document_pagetable, view->map->name, false, &shown, out);
}
