/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One capture of a picture: its labels, and what findings and the comparison say of each
 * entry. Knows nothing of lanes or axes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "plot/draw.h"

/* Tables that are looked through for each finding; a kernel knows some thirty. */
#define MAX_TABLES 64

void plot_mark_add(struct plot_mark *mark, const struct plot_mark *other)
{
	if (!other->said || (mark->said && other->severity <= mark->severity))
		return;
	mark->said = true;
	mark->severity = other->severity;
	mark->rule = other->rule;
}

/* The indices of drift-extra are SECOND's, all others FIRST's (comparison.h). */
static bool is_about(const struct efimap_finding *finding, unsigned int side,
		     bool compared)
{
	return !compared || (finding->rule->id == EFIMAP_RULE_DRIFT_EXTRA) == (side == 1);
}

static int copy_report(const struct efimap_report *report, unsigned int side,
		       bool compared, struct efimap_report *ret_report)
{
	struct efimap_finding *kept = efimap_array_new(report->n_findings, sizeof(*kept));
	size_t n = 0;

	if (!kept)
		return -ENOMEM;
	for (size_t i = 0; i < report->n_findings; i++)
		if (is_about(&report->findings[i], side, compared))
			kept[n++] = report->findings[i];
	*ret_report = *report;
	ret_report->findings = kept;
	ret_report->n_findings = n;
	return 0;
}

static size_t count_rules(const struct plot_side *side, size_t position)
{
	size_t count = 0;

	for (size_t i = 0; i < RULE_WORDS; i++)
		count += (size_t)__builtin_popcountll(side->view.rules[position].bits[i]);
	return count;
}

static void mark_entries(struct plot_side *side, const struct efimap_finding *finding,
			 const struct plot_mark *mark)
{
	for (size_t i = 0; i < finding->n_entries; i++) {
		const struct efimap_entry *entry =
			efimap_find_entry(side->map, finding->entries[i]);

		if (entry)
			plot_mark_add(&side->marks[entry - side->map->entries], mark);
	}
}

static void mark_range(struct plot_side *side, uint32_t index,
		       const struct plot_mark *mark)
{
	size_t low = 0, high = side->map->n_memmap;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (side->map->memmap[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < side->map->n_memmap && side->map->memmap[low].index == index) {
		plot_mark_add(&side->memmap_marks[low], mark);
		side->memmap_marks[low].n_rules = 1;
	}
}

/* Likewise on a table, which the evidence names as the kernel's log does: "ESRT=0x…". */
static bool mark_table(struct plot_side *side, const struct efimap_finding *finding,
		       const struct plot_mark *mark)
{
	for (size_t i = 0; i < finding->n_evidence && !finding->n_entries; i++) {
		const char *value = finding->evidence[i].value;
		const size_t len = strcspn(value, "=");

		if (strcmp(finding->evidence[i].source, "kernel log") != 0)
			continue;
		for (size_t t = 0; t < side->map->n_tables && t < MAX_TABLES; t++) {
			const char *name = side->map->tables[t].name;

			if (strlen(name) != len || strncmp(name, value, len) != 0)
				continue;
			plot_mark_add(&side->table_marks[t], mark);
			return true;
		}
	}
	return false;
}

/* What lies on no entry may lie on ranges: its evidence then names "memmap/9/start". */
static void mark_ranges(struct plot_side *side, const struct efimap_finding *finding,
			const struct plot_mark *mark)
{
	static const char prefix[] = "memmap/";

	for (size_t i = 0; i < finding->n_evidence && !finding->n_entries; i++) {
		const char *number = finding->evidence[i].source + strlen(prefix);
		uint64_t index;

		if (strncmp(finding->evidence[i].source, prefix, strlen(prefix)) == 0 &&
		    efimap_num_parse_dec(number, strcspn(number, "/"), UINT32_MAX, &index,
					 NULL) == EFIMAP_NUM_OK)
			mark_range(side, (uint32_t)index, mark);
	}
}

static void mark_all(struct plot_side *side)
{
	for (size_t i = 0; i < side->report.n_findings; i++) {
		const struct efimap_finding *finding = &side->report.findings[i];
		const struct plot_mark mark = { .said = true,
						.severity = finding->severity,
						.rule = finding->rule };

		mark_entries(side, finding, &mark);
		if (!mark_table(side, finding, &mark))
			mark_ranges(side, finding, &mark);
	}
	for (size_t i = 0; i < side->map->n_entries; i++)
		side->marks[i].n_rules = count_rules(side, i);
}

static void note_changes(const struct efimap_comparison *comparison, unsigned int number,
			 struct plot_side *side)
{
	for (size_t i = 0; i < comparison->n_matches; i++) {
		const struct efimap_match *match = &comparison->matches[i];
		const size_t position = number ? match->second : match->first;

		if (position < side->map->n_entries &&
		    match->mark > side->changes[position])
			side->changes[position] = match->mark;
	}
}

int plot_side_open(const struct efimap_plot_input *input, unsigned int side,
		   struct plot_side *ret_side)
{
	const struct efimap *map = side ? input->second : input->map;
	const struct efimap_report *report = plot_report(input);
	int ret;

	ret_side->map = map;
	ret_side->marks = efimap_array_new(map->n_entries, sizeof(*ret_side->marks));
	ret_side->changes = efimap_array_new(map->n_entries, sizeof(*ret_side->changes));
	ret_side->memmap_marks =
		efimap_array_new(map->n_memmap, sizeof(*ret_side->memmap_marks));
	ret_side->table_marks = efimap_array_new(map->n_tables, sizeof(*ret_side->table_marks));
	if (!ret_side->table_marks || !ret_side->marks || !ret_side->changes ||
	    !ret_side->memmap_marks)
		return -ENOMEM;
	ret = copy_report(report, side, input->comparison, &ret_side->report);
	if (ret < 0)
		return ret;
	ret = dump_view_open(map, &ret_side->report, false, &ret_side->view);
	if (ret < 0)
		return ret;
	mark_all(ret_side);
	if (input->comparison)
		note_changes(input->comparison, side, ret_side);
	return 0;
}

void plot_side_close(struct plot_side *side)
{
	dump_view_close(&side->view);
	free(side->report.findings);
	free(side->marks);
	free(side->changes);
	free(side->memmap_marks);
	free(side->table_marks);
	*side = (struct plot_side){ 0 };
}
