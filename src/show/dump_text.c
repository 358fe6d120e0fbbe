/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write a dump as text: a table for people, or lines for scripts (pairs like lsblk -P, or raw like
 * lsmem --raw).
 */
#include <inttypes.h>
#include <string.h>

#include "base/escape_text.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/mapping_mode.h"
#include "show/dump_columns.h"
#include "show/dump_text.h"
#include "show/dump_view.h"
#include "show/text_style.h"
#include "show/text_table.h"

/* Maximum number of entries that a list names. */
#define MAX_LISTED 16

/* Like findmnt, print no headings if no entry covers the address. */
static bool shows_headings(const struct dump_view *view)
{
	return !view->address || view->n_rows > 0;
}

int dump_write_lines(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out)
{
	const bool is_pairs = options->format == EFIMAP_DUMP_PAIRS;
	/* fputs_quoted() and fputs_nonblank() of util-linux escape the same characters. */
	const char *escaped = is_pairs ? "\"\\`$" : " \\";
	const bool has_headings = !is_pairs && options->text.headings && shows_headings(view);
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; has_headings && i < options->n_columns; i++)
		efimap_out_printf(out, "%s%s", i ? " " : "",
				  dump_columns[options->columns[i]].name);
	if (has_headings)
		efimap_out_putc(out, '\n');
	for (size_t row = 0; row < view->n_rows && !out->error; row++) {
		for (size_t i = 0; i < options->n_columns && !out->error; i++) {
			cell.used = 0;
			dump_put_cell(view, row, options->columns[i], &cell);
			if (i)
				efimap_out_putc(out, ' ');
			if (is_pairs)
				efimap_out_printf(out, "%s=\"",
						  dump_columns[options->columns[i]].name);
			for (const char *at = efimap_out_text(&cell, out); *at; at++) {
				if (*at < ' ' || *at > '~' || strchr(escaped, *at))
					efimap_out_escape_byte(out, *at);
				else
					efimap_out_putc(out, *at);
			}
			if (is_pairs)
				efimap_out_putc(out, '"');
		}
		efimap_out_putc(out, '\n');
	}
	return out->error;
}

void dump_put_mapping(const struct efimap *map, struct efimap_out *out)
{
	static const char *const words[] = {
		[EFIMAP_MAPPING_UNKNOWN] = "mapped in a way that Linux does not use",
		[EFIMAP_MAPPING_EFI_VA_RANGE] =
			"mapped in the EFI runtime virtual address range",
		[EFIMAP_MAPPING_IDENTITY] = "identity-mapped (1:1)",
		[EFIMAP_MAPPING_DIRECT_MAP] = "mapped in the kernel's direct map",
		[EFIMAP_MAPPING_MIXED] = "mapped in more than one way",
	};
	const enum efimap_mapping mapping = efimap_mapping(map);
	size_t predicted = 0, unknown = 0;

	for (size_t i = 0; i < map->n_entries; i++) {
		predicted += map->entries[i].virt_from == EFIMAP_VIRT_PREDICTED;
		unknown += map->entries[i].virt_from == EFIMAP_VIRT_UNKNOWN;
	}
	if (unknown < map->n_entries)
		efimap_out_puts(out, mapping == EFIMAP_MAPPING_DIRECT_MAP &&
						     efimap_is_32bit_kernel(map) ?
					     "mapped in the address space of a 32-bit kernel" :
					     words[mapping]);
	if (unknown && unknown < map->n_entries)
		efimap_out_printf(out, ", %zu of %zu virtual addresses unknown", unknown,
				  map->n_entries);
	else if (unknown)
		efimap_out_puts(out, "virtual addresses unknown");
	if (predicted)
		efimap_out_puts(out, ", virtual addresses predicted");
}

/*
 * Write @text and a list of entries, as in "runtime-map/6,8". List the entries for which no space
 * is left if @lacks_space is set, and the entries with an impossible address otherwise. Write
 * nothing if there are no such entries.
 */
static void put_list(const struct dump_view *view, const char *text, bool lacks_space,
		     struct efimap_out *out)
{
	size_t count = 0;

	for (size_t i = 0; i < view->map->n_entries; i++) {
		const struct efimap_layout_row *predicted = dump_predicted(view, i);

		if (!predicted ||
		    (lacks_space ? predicted->kind != EFIMAP_LAYOUT_NO_SPACE :
				   efimap_layout_row_allows(predicted, &view->map->entries[i])) ||
		    count++ >= MAX_LISTED)
			continue;
		if (count == 1)
			efimap_out_printf(out, "%sruntime-map/", text);
		else
			efimap_out_putc(out, ',');
		efimap_out_printf(out, "%" PRIu32, view->map->entries[i].index);
	}
	if (count > MAX_LISTED)
		efimap_out_printf(out, " and %zu more", count - MAX_LISTED);
}

/* Write a summary of the predicted addresses. */
static void put_layout(const struct dump_view *view, const struct efimap_text_options *options,
		       struct efimap_out *out)
{
	const struct efimap_layout *layout = view->layout;
	efimap_auto_out struct efimap_out sentence = EFIMAP_OUT_MEM;

	efimap_out_puts(&sentence, "predicted addresses: ");
	if (layout->reason)
		efimap_out_printf(&sentence, "unknown: %s", layout->reason);
	else if (layout->mixed)
		efimap_out_puts(&sentence, "mixed mode identity-maps every entry");
	else
		efimap_out_printf(&sentence, "%s; the kernel maps regions in %s order of "
				  "physical address",
				  layout->complete ? "exact" :
						     "upper bounds, because freed boot services "
						     "regions are missing",
				  efimap_layout_order_name(layout->order));
	if (!layout->reason)
		put_list(view, "; no space left in the EFI runtime virtual address range for ",
			 true, &sentence);
	if (!layout->reason && layout->has_virt && layout->n_impossible)
		put_list(view, "; impossible: ", false, &sentence);
	else if (!layout->reason && layout->has_virt)
		efimap_out_puts(&sentence, layout->complete ? "; all match" : "; all possible");
	text_sentence(out, &sentence, 0, options->width);
}

/* Write a summary such as "8 entries, 7.5M; …". */
static void put_summary(const struct dump_view *view, const struct efimap_text_options *options,
			struct efimap_out *out)
{
	static const char *const booted[] = {
		[EFIMAP_BOOTED_BY_UNKNOWN] = "booted by an unknown loader",
		[EFIMAP_BOOTED_BY_FIRMWARE] = "booted by firmware",
		[EFIMAP_BOOTED_BY_KEXEC] = "booted by kexec",
	};
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	const struct efimap *map = view->map;
	uint64_t total = 0;
	size_t count = 0;

	/* An entry with two rows, for a physical and for a virtual address, is counted once. */
	for (size_t i = 0; view->address && i < view->n_rows; i++)
		count += i == 0 || view->rows[i].position != view->rows[i - 1].position;
	if (count)
		efimap_out_printf(&text, "%zu shown of ", count);
	else if (view->address)
		efimap_out_printf(&text, "no entry covers 0x%" PRIx64 "; ", *view->address);
	text_plural(&text, map->n_entries, "entry", "entries");
	if (map->n_names > map->n_entries)
		efimap_out_printf(&text, " (%zu unreadable)", map->n_names - map->n_entries);
	for (size_t i = 0; i < map->n_entries; i++)
		efimap_add_bytes(&total, &map->entries[i]);
	if (map->n_entries) {
		efimap_out_puts(&text, ", ");
		if (total == UINT64_MAX)
			efimap_out_puts(&text, view->bytes ? "2^64 bytes or more" : "16E or more");
		else if (view->bytes)
			efimap_out_printf(&text, "%" PRIu64 " bytes", total);
		else
			text_size(&text, total);
		efimap_out_puts(&text, "; ");
		dump_put_mapping(map, &text);
	}
	efimap_out_printf(&text, "; %s; kernel ", booted[efimap_booted_by(map)]);
	efimap_out_escaped(&text, *map->release.text ? map->release.text : "unknown");
	text_sentence(out, &text, 0, options->width);
	if (view->layout)
		put_layout(view, options, out);
}

int dump_write_table(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out)
{
	struct text_table table auto_table = { .columns = dump_columns, .chosen = options->columns,
				       .n_columns = options->n_columns };
	int ret = 0;

	if (options->text.headings && shows_headings(view))
		ret = text_table_add_headings(&table);
	for (size_t i = 0; i < view->n_rows && !ret; i++) {
		const struct dump_row row = dump_row_at(view, i);

		ret = text_table_add_row(&table, &row);
	}
	if (!ret)
		ret = text_table_write(&table, options->text.width, options->text.color, out);
	if (ret || !options->text.headings)
		return ret;
	put_summary(view, &options->text, out);
	return out->error;
}
