/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the result of "efimapctl compare" as text. */
#include <inttypes.h>
#include <string.h>

#include "document/json_values.h"
#include "infer/booted_by.h"
#include "infer/runtime_services_off.h"
#include "show/comparison_output.h"
#include "show/dump_columns.h"
#include "show/form_output.h"
#include "show/report_output.h"
#include "show/text_style.h"
#include "show/text_table.h"

/* Write the number of entries of one map that the other map lacks as expected. Return it. */
static size_t put_expected(const struct comparison *comparison, bool is_of_first, struct out *out)
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->n_matches; i++) {
		const struct entry_match *match = &comparison->matches[i];

		count += match->mark == EFIMAP_MARK_EXPECTED &&
			 (is_of_first ? match->second : match->first) == EFIMAP_NO_ENTRY;
	}
	if (count)
		out_printf(out, " (%zu only there, as expected)", count);
	return count;
}

/* Return how SECOND was started or loaded, or "". */
static const char *relation_text(const struct efimap *second, const struct comparison *comparison)
{
	const bool is_other_boot = comparison->relation == EFIMAP_RELATION_OTHER_BOOT ||
				   comparison->relation == EFIMAP_RELATION_SWAPPED;

	if (is_other_boot && find_booted_by(second) == EFIMAP_BOOTED_BY_FIRMWARE)
		return "the firmware started the kernel of SECOND";
	if (is_other_boot || comparison->relation == EFIMAP_RELATION_OTHER_MACHINE)
		return "the kernel of FIRST did not start the kernel of SECOND";
	if (comparison->relation == EFIMAP_RELATION_SELF)
		return "";
	switch (comparison->loaded_by) {
	case EFIMAP_LOADED_BY_KEXEC_LOAD:
		return "kexec_load loaded the kernel of SECOND";
	case EFIMAP_LOADED_BY_KEXEC_FILE_LOAD:
		return "kexec_file_load loaded the kernel of SECOND";
	default:
		return "";
	}
}

/* struct couple - a row of the table; one of the entries may be NULL */
struct couple {
	const struct map_entry *first;
	const struct map_entry *second;
	enum mark mark;
};

static void cell_mark(const struct text_table_column *column, const void *row, struct out *out)
{
	const struct couple *couple = row;
	static const char marks[] = {
		[EFIMAP_MARK_SAME] = ' ', [EFIMAP_MARK_EXPECTED] = '~', [EFIMAP_MARK_DRIFT] = '!',
		[EFIMAP_MARK_LOST] = '-', [EFIMAP_MARK_EXTRA] = '+',
	};

	out_putc(out, marks[couple->mark]);
}

/* Write a member of one entry, or "-" if there is no entry or no value. */
static void put_member(const char *name, const struct map_entry *entry, struct out *out)
{
	const size_t before = out->used;

	if (entry)
		dump_put_member(name, &(struct dump_row){ .entry = entry }, out);
	if (out->used == before)
		out_putc(out, '-');
}

static void cell_first(const struct text_table_column *column, const void *row, struct out *out)
{
	put_member("index", ((const struct couple *)row)->first, out);
}

static void cell_second(const struct text_table_column *column, const void *row, struct out *out)
{
	put_member("index", ((const struct couple *)row)->second, out);
}

/* Decimal as in dump, although JSON documents contain the hexadecimal text of sysfs */
static void cell_pages(const struct text_table_column *column, const void *row, struct out *out)
{
	const struct couple *couple = row;
	const uint64_t before = (couple->first ? couple->first : couple->second)->pages;
	const uint64_t after = (couple->second ? couple->second : couple->first)->pages;

	out_printf(out, "%" PRIu64, before);
	if (before != after)
		out_printf(out, " -> %" PRIu64, after);
}

/* Write a member of both entries, or one value if the other is equal or missing. */
static void cell_member(const struct text_table_column *column, const void *row, struct out *out)
{
	const struct couple *couple = row;
	auto_out struct out first = EFIMAP_OUT_MEM, second = EFIMAP_OUT_MEM;
	const char *before, *after;

	put_member(column->members, couple->first ? couple->first : couple->second, &first);
	put_member(column->members, couple->second ? couple->second : couple->first, &second);
	before = out_text(&first);
	after = out_text(&second);
	out_puts(out, before);
	if (strcmp(before, after) != 0)
		out_printf(out, " -> %s", after);
}

static const struct text_table_column columns[] = {
	{ "", 0, cell_mark },
	{ "FIRST", TABLE_RIGHT, cell_first },
	{ "SECOND", TABLE_RIGHT, cell_second },
	{ "TYPE", 0, cell_member, .members = "type_name" },
	{ "PHYS", 0, cell_member, .members = "phys_addr" },
	{ "PAGES", TABLE_RIGHT, cell_pages },
	{ "VIRT", 0, cell_member, .members = "virt_addr" },
	{ "ATTRHEX", 0, cell_member, .members = "attribute" },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Append what both maps contain, and how many entries differ. */
static void put_tally(const struct efimap *first, const struct efimap *second,
		      const struct comparison *comparison, struct out *tally)
{
	uint64_t counts[EFIMAP_MARK_EXTRA + 1] = { 0 };
	size_t n_expected;

	for (size_t i = 0; i < comparison->n_matches; i++)
		counts[comparison->matches[i].mark]++;
	if (first->n_entries + second->n_entries == 0) {
		out_puts(tally, "there is no runtime map to compare");
	} else {
		out_puts(tally, "runtime map: ");
		text_plural(tally, first->n_entries, "entry", "entries");
		out_puts(tally, " in FIRST");
		n_expected = put_expected(comparison, true, tally);
		out_printf(tally, ", %zu in SECOND", second->n_entries);
		n_expected += put_expected(comparison, false, tally);
		if (comparison->verdict == EFIMAP_VERDICT_SAME && !n_expected &&
		    first->n_entries != second->n_entries)
			out_puts(tally, " (entries were split or merged, which is normal)");
		if (counts[EFIMAP_MARK_DRIFT])
			out_printf(tally, ", %" PRIu64 " changed", counts[EFIMAP_MARK_DRIFT]);
		if (counts[EFIMAP_MARK_LOST])
			out_printf(tally, ", %" PRIu64 " lost", counts[EFIMAP_MARK_LOST]);
		if (counts[EFIMAP_MARK_EXTRA])
			out_printf(tally, ", %" PRIu64 " added", counts[EFIMAP_MARK_EXTRA]);
		if (!has_read_virt(first) || !has_read_virt(second))
			out_puts(tally, "; virtual addresses not compared");
	}
	out_putc(tally, '.');
}

/* Add what to do. A cause in the parameters or the configuration of a kernel outlasts a reboot. */
static void say_remedy(const struct efimap *first, const struct efimap *second,
		       const struct comparison *comparison, struct arena *arena, struct form *form)
{
	const enum outcome outcome = comparison->report->outcome;
	const bool is_off =
		outcome == EFIMAP_OUTCOME_NO_RUNTIME || outcome == EFIMAP_OUTCOME_NO_EFI;
	const char *of_first = runtime_services_off_text(first);
	const char *of_second = runtime_services_off_text(second);

	switch (comparison->verdict) {
	case EFIMAP_VERDICT_DIFFERS:
		form_say(form, arena, EFIMAP_LABEL_DO,
			 "Nothing, because the differences do not affect EFI.");
		return;
	case EFIMAP_VERDICT_NOT_COMPARABLE:
		if (comparison->n_matches && comparison->report->missed == EFIMAP_VERDICT_PASS)
			return;
		form_say(form, arena, EFIMAP_LABEL_DO,
			 "In the first kernel before kexec, and in the second kernel after it:");
		form_run(form, arena, "efimapctl snapshot -O FILE");
		return;
	case EFIMAP_VERDICT_DRIFT:
	case EFIMAP_VERDICT_NOT_RECEIVED:
		break;
	default:
		return;
	}
	if (is_off)
		form_say(form, arena, EFIMAP_LABEL_LOST, LOST_SERVICES ".");
	if (is_off && of_second && is_off_by_default(second))
		form_say(form, arena, EFIMAP_LABEL_DO,
			 "If you need them: boot the second kernel with efi=runtime.");
	else if (is_off && of_first)
		form_say(
			form, arena, EFIMAP_LABEL_DO,
			arena_printf(arena,
				     "If you need them: remove the cause in the first kernel (%s), "
				     "and reboot normally.",
				     of_first));
	else if (is_off && of_second && !is_off_after_kexec(second))
		form_say(form, arena, EFIMAP_LABEL_DO,
			 arena_printf(arena,
				      "If you need them: correct what turns EFI off in the second "
				      "kernel (%s).",
				      of_second));
	else
		form_say(form, arena, EFIMAP_LABEL_DO, "Reboot normally.");
}

void comparison_write_text(const struct efimap *first, const struct efimap *second,
			   const struct comparison *comparison, const struct text_options *options,
			   struct out *out)
{
	struct text_table table auto_table = { .columns = columns, .n_columns = N_COLUMNS };
	auto_out struct out tally = EFIMAP_OUT_MEM;
	struct arena arena = { NULL };
	struct form form = report_form(comparison->report, comparison->verdict, "compare", &arena);

	json_use_memory();
	if (comparison->received)
		report_say_losses(comparison->received->report, &arena, &form);
	if (!comparison->report->refused) {
		put_tally(first, second, comparison, &tally);
		form_say(&form, &arena, EFIMAP_LABEL_WHY, out_text(&tally));
		say_remedy(first, second, comparison, &arena, &form);
		form_say(&form, &arena, EFIMAP_LABEL_KERNEL, relation_text(second, comparison));
	}
	form_write_text(&form, options, out);
	arena_free(&arena);
	if (comparison->report->refused)
		return;

	/* Without -v, the table contains only unexpected differences. */
	text_table_add_headings(&table);
	for (size_t i = 0; i < comparison->n_matches; i++) {
		const struct entry_match *match = &comparison->matches[i];
		const struct couple couple = {
			match->first == EFIMAP_NO_ENTRY ? NULL : &first->entries[match->first],
			match->second == EFIMAP_NO_ENTRY ? NULL : &second->entries[match->second],
			match->mark,
		};

		if (options->verbose ||
		    (match->mark != EFIMAP_MARK_SAME && match->mark != EFIMAP_MARK_EXPECTED))
			text_table_add_row(&table, &couple);
	}
	if (table.n_cells > N_COLUMNS) {
		out_putc(out, '\n');
		text_table_write(&table, options->width, options->color, out);
	}
	report_write_text(comparison->report, options, out);
}
