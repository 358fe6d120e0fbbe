/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A comparison for people: one line with the verdict, the entries of both maps side by side,
 * one row for what belongs together, and the findings. Which entries belong together was
 * found by check.
 */
#include <inttypes.h>
#include <string.h>

#include "base/cleanup.h"
#include "format/format.h"
#include "format/grid.h"
#include "format/style.h"
#include "format/text.h"

struct tally {
	size_t marks[EFIMAP_MARK_EXTRA + 1];
};

static struct tally count_marks(const struct efimap_comparison *comparison)
{
	struct tally tally = { 0 };

	for (size_t i = 0; i < comparison->n_matches; i++)
		tally.marks[comparison->matches[i].mark]++;
	return tally;
}

static void put_tally(const struct efimap *first, const struct efimap *second,
		      const struct tally *tally, struct efimap_out *out)
{
	if (first->n_entries + second->n_entries == 0) {
		efimap_out_puts(out, "neither has a runtime map");
		return;
	}
	text_plural(out, first->n_entries, "entry", "entries");
	efimap_out_printf(out, " in FIRST, %zu in SECOND", second->n_entries);
	if (tally->marks[EFIMAP_MARK_DRIFT])
		efimap_out_printf(out, ", %zu changed", tally->marks[EFIMAP_MARK_DRIFT]);
	if (tally->marks[EFIMAP_MARK_LOST])
		efimap_out_printf(out, ", %zu lost", tally->marks[EFIMAP_MARK_LOST]);
	if (tally->marks[EFIMAP_MARK_EXTRA])
		efimap_out_printf(out, ", %zu too many", tally->marks[EFIMAP_MARK_EXTRA]);
	/* A kernel's log shows none. */
	if (!efimap_has_read_virt(first) || !efimap_has_read_virt(second))
		efimap_out_puts(out, "; virtual addresses not compared");
}

static bool is_same_boot(const struct efimap *first, const struct efimap *second)
{
	return *first->boot_id && strcmp(first->boot_id, second->boot_id) == 0;
}

static const char *relation_words(const struct efimap *first, const struct efimap *second,
				  const struct efimap_comparison *comparison)
{
	switch (comparison->relation) {
	case EFIMAP_RELATION_SELF:
		return is_same_boot(first, second) ? "; both are of the same boot" :
						     "; nothing tells SECOND from FIRST";
	case EFIMAP_RELATION_OTHER_BOOT:
		return "; SECOND is another boot";
	case EFIMAP_RELATION_SWAPPED:
		return "; FIRST and SECOND seem to be swapped";
	case EFIMAP_RELATION_UNKNOWN:
	case EFIMAP_RELATION_KEXEC:
		break;
	}
	switch (comparison->loaded_by) {
	case EFIMAP_LOADED_BY_KEXEC_LOAD:
		return "; handed over by kexec_load";
	case EFIMAP_LOADED_BY_KEXEC_FILE_LOAD:
		return "; handed over by kexec_file_load";
	case EFIMAP_LOADED_BY_NONE:
	case EFIMAP_LOADED_BY_UNKNOWN:
		break;
	}
	return "";
}

/* That nothing arrived is worth a word even where it is fine. */
static void put_why_none(const struct efimap *first, const struct efimap *second,
			 const struct efimap_comparison *comparison, struct efimap_out *out)
{
	const struct efimap_report *report = comparison->report;
	const bool is_due = first->n_entries > 0 && second->n_entries == 0;

	for (size_t i = 0; i < report->n_findings && is_due; i++)
		if (report->findings[i].rule->id == EFIMAP_RULE_DRIFT_NO_MAP &&
		    report->findings[i].severity == EFIMAP_NOTE)
			efimap_out_printf(out, " (%s)", report->findings[i].message);
}

static void put_verdict(const struct efimap *first, const struct efimap *second,
			const struct efimap_comparison *comparison, bool color,
			struct efimap_out *out)
{
	const struct tally tally = count_marks(comparison);
	const bool fails = efimap_verdict_of(comparison->report) == EFIMAP_VERDICT_FAIL;

	style_text(out, color, fails ? STYLE_ERROR : STYLE_HEADING,
		   efimap_comparison_verdict(comparison));
	efimap_out_puts(out, ": ");
	put_tally(first, second, &tally, out);
	put_why_none(first, second, comparison, out);
	efimap_out_puts(out, relation_words(first, second, comparison));
	if (comparison->n_matches > 0 &&
	    tally.marks[EFIMAP_MARK_SAME] + tally.marks[EFIMAP_MARK_EXPECTED] == 0)
		efimap_out_puts(out, "; not one is the same: is this the same machine?");
	efimap_out_putc(out, '\n');
}

/* struct couple - the two of a row; one may be NULL */
struct couple {
	const struct efimap_entry *first;
	const struct efimap_entry *second;
	enum efimap_mark mark;
};

static const struct efimap_entry *any_of(const struct couple *couple)
{
	return couple->first ? couple->first : couple->second;
}

static void cell_mark(const struct couple *couple, struct efimap_out *out)
{
	static const char marks[] = {
		[EFIMAP_MARK_SAME] = ' ', [EFIMAP_MARK_EXPECTED] = '~',
		[EFIMAP_MARK_DRIFT] = '!', [EFIMAP_MARK_LOST] = '-',
		[EFIMAP_MARK_EXTRA] = '+',
	};

	efimap_out_putc(out, marks[couple->mark]);
}

static void put_index(const struct efimap_entry *entry, struct efimap_out *out)
{
	if (entry)
		efimap_out_printf(out, "%" PRIu32, entry->index);
	else
		efimap_out_putc(out, '-');
}

static void cell_first(const struct couple *couple, struct efimap_out *out)
{
	put_index(couple->first, out);
}

static void cell_second(const struct couple *couple, struct efimap_out *out)
{
	put_index(couple->second, out);
}

static void put_type(const struct efimap_entry *entry, struct efimap_out *out)
{
	char buf[EFIMAP_TYPE_NAME_SIZE];

	efimap_out_puts(out, efimap_type_name(entry->type, buf));
}

static void put_phys(const struct efimap_entry *entry, struct efimap_out *out)
{
	efimap_out_hex(out, entry->phys);
}

static void put_pages(const struct efimap_entry *entry, struct efimap_out *out)
{
	efimap_out_hex(out, entry->pages);
}

static void put_virt(const struct efimap_entry *entry, struct efimap_out *out)
{
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		efimap_out_putc(out, '-');
	else
		efimap_out_hex(out, entry->virt);
}

static void put_attribute(const struct efimap_entry *entry, struct efimap_out *out)
{
	efimap_out_hex(out, entry->attribute);
}

/* A column: what a cell says of the couple, or what it says of each and how they differ */
static const struct column {
	const char *name;
	bool right;
	void (*cell)(const struct couple *couple, struct efimap_out *out);
	void (*put)(const struct efimap_entry *entry, struct efimap_out *out);
} columns[] = {
	{ "", false, cell_mark, NULL },	     { "FIRST", true, cell_first, NULL },
	{ "SECOND", true, cell_second, NULL }, { "TYPE", false, NULL, put_type },
	{ "PHYS", false, NULL, put_phys },     { "PAGES", false, NULL, put_pages },
	{ "VIRT", false, NULL, put_virt },     { "ATTR", false, NULL, put_attribute },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static bool says_the_same(const struct efimap_out *cell, size_t middle)
{
	return cell->used == 2 * middle &&
	       memcmp(cell->data, cell->data + middle, middle) == 0;
}

static void put_both(const struct column *column, const struct couple *couple,
		     struct efimap_out *cell)
{
	size_t middle;

	column->put(any_of(couple), cell);
	middle = cell->used;
	if (!couple->first || !couple->second)
		return;
	column->put(couple->second, cell);
	if (cell->error)
		return;
	if (says_the_same(cell, middle)) {
		cell->used = middle;
		return;
	}
	cell->used = middle;
	efimap_out_puts(cell, " -> ");
	column->put(couple->second, cell);
}

static int add_couple(struct grid *grid, const struct couple *couple)
{
	struct efimap_out cell efimap_auto_out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < N_COLUMNS; i++) {
		int ret;

		cell.used = 0;
		if (columns[i].cell)
			columns[i].cell(couple, &cell);
		else
			put_both(&columns[i], couple, &cell);
		ret = cell.error ? cell.error : grid_add(grid, cell.data, cell.used);
		if (ret)
			return ret;
	}
	return 0;
}

static int add_couple_headings(struct grid *grid)
{
	int ret = 0;

	for (size_t i = 0; i < N_COLUMNS && !ret; i++)
		ret = grid_add(grid, columns[i].name, strlen(columns[i].name));
	return ret;
}

/* Somebody who asks what has changed does not want to see what a kernel always changes. */
static bool is_shown(enum efimap_mark mark, bool all)
{
	return all || (mark != EFIMAP_MARK_SAME && mark != EFIMAP_MARK_EXPECTED);
}

static int fill_couples(struct grid *grid, const struct efimap *first, const struct efimap *second,
		const struct efimap_comparison *comparison, bool all)
{
	int ret = add_couple_headings(grid);

	for (size_t i = 0; i < comparison->n_matches && !ret; i++) {
		const struct efimap_match *match = &comparison->matches[i];
		const struct couple couple = {
			match->first == EFIMAP_NO_ENTRY ? NULL : &first->entries[match->first],
			match->second == EFIMAP_NO_ENTRY ? NULL :
							   &second->entries[match->second],
			match->mark,
		};

		if (is_shown(match->mark, all))
			ret = add_couple(grid, &couple);
	}
	return ret;
}

static int write_couples(const struct efimap *first, const struct efimap *second,
			 const struct efimap_comparison *comparison,
			 const struct efimap_comparison_options *options,
			 struct efimap_out *out)
{
	bool right[N_COLUMNS];
	struct grid grid = { .columns = N_COLUMNS, .right = right };
	int ret;

	for (size_t i = 0; i < N_COLUMNS; i++)
		right[i] = columns[i].right;
	ret = fill_couples(&grid, first, second, comparison, options->all);
	if (!ret && grid_rows(&grid) > 1) {
		efimap_out_putc(out, '\n');
		ret = grid_write(&grid, options->color, out);
	}
	grid_free(&grid);
	return ret;
}

static bool has_said(const struct efimap_report *report,
		     const struct efimap_comparison_options *options)
{
	return report->counts[EFIMAP_ERROR] + report->counts[EFIMAP_WARNING] > 0 ||
	       (options->notes && report->n_findings > 0) ||
	       (options->all && report->n_skipped > 0);
}

int efimap_comparison_write_text(const struct efimap *first, const struct efimap *second,
				 const struct efimap_comparison *comparison,
				 const struct efimap_comparison_options *options,
				 struct efimap_out *out)
{
	const struct efimap_text_options text = {
		.color = options->color,
		.verbose = options->all,
		.notes = options->notes,
	};
	int ret;

	put_verdict(first, second, comparison, options->color, out);
	ret = write_couples(first, second, comparison, options, out);
	if (ret)
		return ret;
	if (has_said(comparison->report, options))
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(comparison->report, &text, out);
}
