/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write a dump or a page table as text or JSON. Text of a dump is a table for people, or lines for
 * scripts (pairs like lsblk -P, or raw like lsmem --raw).
 */
#include <inttypes.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/address_span.h"
#include "document/capture_json.h"
#include "document/json_values.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/mapping_mode.h"
#include "show/dump.h"
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

/*
 * Write the ranges of a page table in the notation of /sys/kernel/debug/page_tables/efi, with the
 * physical address at the end.
 */
static void write_page_table(const struct efi_page_table *table, const struct dump_options *options,
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

static json_t *range_json(const struct pagetable_range *range)
{
	json_t *object = json_object();

	json_put(object, "virt_addr", json_hex(range->virt));
	json_put(object, "phys_addr", json_hex(range->phys));
	json_put(object, "size", json_count(range->size));
	json_put(object, "leaf", json_text(leaf_name(range->leaf)));
	json_put(object, "cached", json_boolean(range->is_cached));
	json_put(object, "executable", json_boolean(range->is_executable));
	return object;
}

static json_t *skip_json(const struct pagetable_skip *skip)
{
	json_t *object = json_object();

	json_put(object, "index", json_count(skip->entry->index));
	json_put(object, "identity", json_boolean(skip->identity));
	json_put(object, "why", json_text(pagetable_reason_text(skip->reason)));
	return object;
}

static json_t *page_table_json(const struct efi_page_table *table)
{
	json_t *object = json_object(), *leaves = json_object();
	json_t *ranges = json_array(), *skips = json_array();

	json_put(leaves, "4k", json_count(table->leaves[EFIMAP_LEAF_4K]));
	json_put(leaves, "2m", json_count(table->leaves[EFIMAP_LEAF_2M]));
	json_put(leaves, "1g", json_count(table->leaves[EFIMAP_LEAF_1G]));
	for (size_t i = 0; i < table->n_ranges; i++)
		json_array_append_new(ranges, range_json(&table->ranges[i]));
	for (size_t i = 0; i < table->n_skips; i++)
		json_array_append_new(skips, skip_json(&table->skips[i]));
	json_put(object, "pages", json_count(table->n_pages));
	json_put(object, "bytes", json_count(table->n_pages * EFIMAP_PAGE_SIZE));
	json_put(object, "leaves", leaves);
	json_put(object, "ranges", ranges);
	json_put(object, "skipped_mappings", skips);
	return object;
}

/* Maximum number of entries that a list names. */
#define MAX_LISTED 16

/* Like findmnt, print no headings if no entry covers the address. */
static bool shows_headings(const struct dump_view *view)
{
	return !view->options->address || view->n_rows > 0;
}

static void write_lines(const struct dump_view *view, struct out *out)
{
	const struct dump_options *options = view->options;
	const bool is_pairs = options->format == EFIMAP_DUMP_PAIRS;
	/* fputs_quoted() and fputs_nonblank() of util-linux escape the same characters. */
	const char *escaped = is_pairs ? "\"\\`$" : " \\";
	const bool has_headings = !is_pairs && options->text.headings && shows_headings(view);
	struct out cell auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; has_headings && i < options->n_columns; i++)
		out_printf(out, "%s%s", i ? " " : "", dump_columns[options->columns[i]].name);
	if (has_headings)
		out_putc(out, '\n');
	for (size_t at = 0; at < view->n_rows; at++) {
		for (size_t i = 0; i < options->n_columns; i++) {
			const struct text_table_column *column = &dump_columns[options->columns[i]];

			cell.used = 0;
			column->cell(column, &view->rows[at], &cell);
			if (i)
				out_putc(out, ' ');
			if (is_pairs)
				out_printf(out, "%s=\"", column->name);
			for (const char *byte = out_text(&cell); *byte; byte++) {
				if (*byte < ' ' || *byte > '~' || strchr(escaped, *byte))
					out_escape_byte(out, *byte);
				else
					out_putc(out, *byte);
			}
			if (is_pairs)
				out_putc(out, '"');
		}
		out_putc(out, '\n');
	}
}

/* Write the mapping mode of the entries, and whether virtual addresses are predicted or unknown. */
static void put_mapping(const struct efimap *map, struct out *out)
{
	static const char *const words[] = {
		[EFIMAP_MAPPING_UNKNOWN] = "mapped in a way that Linux does not use",
		[EFIMAP_MAPPING_EFI_VA_RANGE] = "mapped in the EFI runtime virtual address range",
		[EFIMAP_MAPPING_IDENTITY] = "identity-mapped (1:1)",
		[EFIMAP_MAPPING_DIRECT_MAP] = "mapped in the kernel's direct map",
		[EFIMAP_MAPPING_MIXED] = "mapped in more than one way",
	};
	const enum mapping_mode mapping = mapping_mode(map);
	const size_t unknown = count_virt(map, EFIMAP_VIRT_UNKNOWN);
	const bool is_predicted = count_virt(map, EFIMAP_VIRT_PREDICTED) > 0;

	if (unknown < map->n_entries)
		out_puts(out, mapping == EFIMAP_MAPPING_DIRECT_MAP && is_32bit_kernel(map)
				      ? "mapped in the address space of a 32-bit kernel"
				      : words[mapping]);
	if (unknown && unknown < map->n_entries)
		out_printf(out, ", %zu of %zu virtual addresses unknown", unknown, map->n_entries);
	else if (unknown)
		out_puts(out, "virtual addresses unknown");
	if (is_predicted)
		out_puts(out, ", virtual addresses predicted");
}

/*
 * Write @text and a list of entries, as in "runtime-map/6,8". If @lacks_space is set, list the
 * entries for which no space is left, otherwise the entries with an impossible address. Write
 * nothing if there are no such entries.
 */
static void put_list(const struct dump_view *view, const char *text, bool lacks_space,
		     struct out *out)
{
	size_t count = 0;

	for (size_t i = 0; i < view->map->n_entries; i++) {
		const struct layout_row *predicted = dump_predicted(view, i);

		if (!predicted ||
		    (lacks_space ? predicted->kind != EFIMAP_LAYOUT_NO_SPACE
				 : layout_row_allows(predicted, &view->map->entries[i])) ||
		    count++ >= MAX_LISTED)
			continue;
		if (count == 1)
			out_printf(out, "%sruntime-map/", text);
		else
			out_putc(out, ',');
		out_printf(out, "%" PRIu32, view->map->entries[i].index);
	}
	if (count > MAX_LISTED)
		out_printf(out, " and %zu more", count - MAX_LISTED);
}

static void put_layout(const struct dump_view *view, struct out *out)
{
	const struct layout *layout = view->options->layout;
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	out_puts(&sentence, "predicted addresses: ");
	if (layout->reason)
		out_printf(&sentence, "unknown: %s", layout->reason);
	else if (layout->mixed)
		out_puts(&sentence, "mixed mode identity-maps every entry");
	else
		out_printf(&sentence, "%s; the kernel maps regions in %s order of physical address",
			   layout->complete ? "exact"
					    : "upper bounds, because freed boot services "
					      "regions are missing",
			   layout_order_name(layout->order));
	if (!layout->reason)
		put_list(view, "; no space left in the EFI runtime virtual address range for ",
			 true, &sentence);
	if (!layout->reason && layout->has_virt && layout->n_impossible)
		put_list(view, "; impossible: ", false, &sentence);
	else if (!layout->reason && layout->has_virt)
		out_puts(&sentence, layout->complete ? "; all match" : "; all possible");
	text_sentence(out, &sentence, 0, view->options->text.width);
}

/* Write a summary such as "8 entries, 7.5M; …". */
static void put_summary(const struct dump_view *view, struct out *out)
{
	static const char *const booted[] = {
		[EFIMAP_BOOTED_BY_UNKNOWN] = "booted by an unknown loader",
		[EFIMAP_BOOTED_BY_FIRMWARE] = "booted by firmware",
		[EFIMAP_BOOTED_BY_KEXEC] = "booted by kexec",
	};
	auto_out struct out text = EFIMAP_OUT_MEM;
	const struct dump_options *options = view->options;
	const struct efimap *map = view->map;
	uint64_t total = 0;
	size_t count = 0;

	/* An entry with two rows, for a physical and for a virtual address, is counted once. */
	for (size_t i = 0; options->address && i < view->n_rows; i++)
		count += i == 0 || view->rows[i].position != view->rows[i - 1].position;
	if (count)
		out_printf(&text, "%zu shown of ", count);
	else if (options->address)
		out_printf(&text, "no entry covers 0x%" PRIx64 "; ", *options->address);
	text_plural(&text, map->n_entries, "entry", "entries");
	if (map->n_names > map->n_entries)
		out_printf(&text, " (%zu unreadable)", map->n_names - map->n_entries);
	for (size_t i = 0; i < map->n_entries; i++)
		add_bytes(&total, &map->entries[i]);
	if (map->n_entries) {
		out_puts(&text, ", ");
		if (total == UINT64_MAX)
			out_puts(&text, options->bytes ? "2^64 bytes or more" : "16E or more");
		else if (options->bytes)
			out_printf(&text, "%" PRIu64 " bytes", total);
		else
			text_size(&text, total);
		out_puts(&text, "; ");
		put_mapping(map, &text);
	}
	out_printf(&text, "; %s; kernel ", booted[find_booted_by(map)]);
	out_escaped(&text, *map->release.text ? map->release.text : "unknown");
	text_sentence(out, &text, 0, options->text.width);
	if (options->layout)
		put_layout(view, out);
}

static void write_table(const struct dump_view *view, struct out *out)
{
	const struct dump_options *options = view->options;
	struct text_table table auto_table = { .columns = dump_columns,
					       .chosen = options->columns,
					       .n_columns = options->n_columns };

	if (options->text.headings && shows_headings(view))
		text_table_add_headings(&table);
	for (size_t i = 0; i < view->n_rows; i++)
		text_table_add_row(&table, &view->rows[i]);
	text_table_write(&table, options->text.width, options->text.color, out);
	if (options->text.headings)
		put_summary(view, out);
}

static json_t *layout_json(const struct layout *layout)
{
	json_t *object;

	if (!layout)
		return json_null();
	object = json_object();
	json_put(object, "reason", json_text_or_null(layout->reason));
	json_put(object, "order",
		 json_text(layout->reason ? NULL : layout_order_name(layout->order)));
	json_put(object, "complete", json_boolean(layout->complete));
	json_put(object, "mixed", json_boolean(layout->mixed));
	json_put(object, "impossible",
		 layout->has_virt && !layout->reason ? json_count(layout->n_impossible)
						     : json_null());
	return object;
}

static void write_json(const struct dump_view *view, bool compact, struct out *out)
{
	const struct dump_options *options = view->options;
	const struct efimap *map = view->map;
	json_t *document = json_document("efimap-dump", 1, map->name);
	json_t *columns = json_array(), *entries = json_array();

	for (size_t i = 0; i < view->n_rows; i++)
		json_array_append_new(entries, dump_row_json(&view->rows[i]));
	for (size_t i = 0; i < options->n_columns; i++)
		json_array_append_new(columns, json_text(dump_columns[options->columns[i]].name));
	json_put(document, "mapping", json_text(mapping_name(mapping_mode(map))));
	json_put(document, "kernel", kernel_json(map));
	json_put(document, "facts", facts_json(map));
	if (options->address)
		json_put(document, "address", json_hex(*options->address));
	if (view->members)
		json_put(document, "columns", json_incref(columns));
	json_decref(columns);
	json_put(document, "entries", entries);
	json_put(document, "layout", layout_json(options->layout));
	if (options->page_table)
		json_put(document, "page_table", page_table_json(options->page_table));
	json_write(document, compact, out);
}

void dump_write(const struct efimap *map, const struct dump_options *options, struct out *out)
{
	const bool is_ndjson = options->format == EFIMAP_DUMP_NDJSON;
	struct dump_options chosen = *options;
	auto_out struct out members = EFIMAP_OUT_MEM;
	size_t defaults[TABLE_MAX_COLUMNS];
	struct dump_view view = { 0 };

	if (!chosen.n_columns) {
		chosen.n_columns = dump_column_table(false, options->address, defaults);
		chosen.columns = defaults;
	}
	for (size_t i = 0; i < options->n_columns; i++)
		out_printf(&members, "%s%s", i ? "," : "",
			   dump_columns[options->columns[i]].members);
	dump_view_open(map, &chosen, &view);
	view.members = options->n_columns ? out_text(&members) : NULL;
	if (options->format == EFIMAP_DUMP_JSON || is_ndjson)
		write_json(&view, is_ndjson, out);
	else if (options->page_table)
		write_page_table(options->page_table, options, out);
	else if (options->format == EFIMAP_DUMP_TABLE)
		write_table(&view, out);
	else
		write_lines(&view, out);
	dump_view_close(&view);
}
