/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A comparison for people: one line with the verdict, the table, the findings. */
#include <string.h>

#include "format/comparison.h"
#include "format/style.h"
#include "format/text.h"

struct tally {
	size_t marks[EFIMAP_MARK_EXTRA + 1];
};

static struct tally count(const struct efimap_comparison *comparison)
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

static const char *how(const struct efimap *first, const struct efimap *second,
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
	const struct tally tally = count(comparison);
	const bool fails = comparison->report->verdict == EFIMAP_VERDICT_FAIL;

	style_text(out, color, fails ? STYLE_ERROR : STYLE_HEADING,
		   efimap_comparison_verdict(comparison));
	efimap_out_puts(out, ": ");
	put_tally(first, second, &tally, out);
	put_why_none(first, second, comparison, out);
	efimap_out_puts(out, how(first, second, comparison));
	if (comparison->n_matches > 0 &&
	    tally.marks[EFIMAP_MARK_SAME] + tally.marks[EFIMAP_MARK_EXPECTED] == 0)
		efimap_out_puts(out, "; not one is the same: is this the same machine?");
	efimap_out_putc(out, '\n');
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
	ret = comparison_write_table(first, second, comparison, options, out);
	if (ret)
		return ret;
	if (has_said(comparison->report, options))
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(comparison->report, &text, out);
}
