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
#include "show/dump_predicted_addresses.h"
#include "show/dump_text.h"
#include "show/dump_view.h"
#include "show/text_style.h"
#include "show/text_table.h"

static void put_except(const char *text, const char *escaped, struct efimap_out *out)
{
	for (; *text; text++) {
		if (*text < ' ' || *text > '~' || strchr(escaped, *text))
			efimap_out_escape_byte(out, *text);
		else
			efimap_out_putc(out, *text);
	}
}

/* Like findmnt, print no headings if no entry covers the address. */
static bool shows_headings(const struct dump_view *view)
{
	return !view->address || view->n_rows > 0;
}

int dump_write_lines(const struct dump_view *view, const struct efimap_dump_options *options,
		     struct efimap_out *out)
{
	const bool is_pairs = options->format == EFIMAP_DUMP_PAIRS;
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
			/* Escape like fputs_quoted() and fputs_nonblank() of util-linux. */
			put_except(efimap_out_text(&cell, out), is_pairs ? "\"\\`$" : " \\", out);
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

	/* An entry that covers the address twice has two rows, but is counted once. */
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
		dump_write_layout(view, options, out);
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
