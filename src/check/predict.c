/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layout of a map recomputed, and what that tells: the family virt, and two notes of
 * its own. How addresses are computed is the emulate room's business.
 */
#include <errno.h>
#include <stdlib.h>

#include "check/engine.h"
#include "check/list.h"
#include "check/place.h"
#include "check/predict.h"

/* One finding for all gaps: every healthy map has some. */
static void layout_gap(struct check *c, const struct efimap_layout *layout)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_LAYOUT_GAP;
	auto_list struct list list = { 0 };
	uint64_t steps = 0;

	for (size_t i = 0; i < layout->n_rows && !c->error; i++) {
		const struct efimap_layout_row *row = &layout->rows[i];
		const struct efimap_entry *entry = &c->map->entries[i];

		if (row->kind != EFIMAP_LAYOUT_BOUND || entry->virt == row->bound ||
		    !efimap_layout_row_admits(row, entry))
			continue;
		steps += (row->bound - entry->virt) / EFIMAP_LAYOUT_STEP;
		list_add(c, &list, entry->index);
	}
	if (list.count > 0 && check_wants(c, rule))
		check_find_on(c, rule, check_usual(rule), list.indices, list.count,
			      "%zu %s below a gap: regions that the kernel freed have used "
			      "%" PRIu64 " MiB of the EFI window",
			      list.count, list.count == 1 ? "entry lies" : "entries lie",
			      steps * (EFIMAP_LAYOUT_STEP >> 20));
}

/* What lies outside the window, or is merely not congruent, has a finding of its own. */
static bool is_layout_fault(const struct check *c, const struct efimap_layout *layout,
			    size_t position)
{
	const struct efimap_entry *entry = &c->map->entries[position];
	const struct efimap_layout_row *row = &layout->rows[position];

	return check_place(c, position) == CHECK_PLACE_WINDOW &&
	       !efimap_layout_row_admits(row, entry) &&
	       (row->kind == EFIMAP_LAYOUT_EXACT || entry->virt > row->bound);
}

/* As verify, but along the walk that is shown, which is by index where that is plausible. */
static void layout_fault(struct check *c, const struct efimap_layout *layout)
{
	const enum efimap_rule_id rule = layout->complete ? EFIMAP_RULE_LAYOUT_EXACT :
							    EFIMAP_RULE_LAYOUT_BOUND;
	const struct efimap_entry *entry = NULL;
	auto_list struct list list = { 0 };
	uint64_t bound = 0;

	for (size_t i = 0; i < layout->n_rows && !c->error; i++) {
		if (!is_layout_fault(c, layout, i))
			continue;
		if (!entry) {
			entry = &c->map->entries[i];
			bound = layout->rows[i].bound;
		}
		list_add(c, &list, c->map->entries[i].index);
	}
	if (!entry || c->error)
		return;
	if (!check_find_on(c, rule, check_usual(rule), list.indices, list.count,
			   "%zu %s not where Linux puts %s, first %s at 0x%" PRIx64
			   " with virtual address 0x%" PRIx64 " where the layout %s 0x%" PRIx64,
			   list.count, list.count == 1 ? "entry is" : "entries are",
			   list.count == 1 ? "it" : "them", CHECK_TYPE(entry), entry->phys,
			   entry->virt, layout->complete ? "gives" : "ends at", bound))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_VIRT);
	check_evidence(c, layout->complete ? "computed" : "computed at most", "0x%" PRIx64,
		       bound);
}

static void order_descending(struct check *c, const struct efimap_layout *layout)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_ORDER_DESCENDING;
	const struct efimap_entry *entries = c->map->entries;
	size_t up = 0, first = 0;

	for (size_t i = 1; i < layout->n_rows; i++) {
		if (entries[i].virt < entries[i - 1].virt)
			continue;
		if (up++ == 0)
			first = i;
	}
	if (up == 0 || layout->mixed || !check_wants(c, rule))
		return;
	if (!check_find(c, rule, check_usual(rule),
			"virtual addresses do not descend by index, first at entry %" PRIu32
			": the map was handed over by kexec_load, or by a kernel before 4.3",
			entries[first].index))
		return;
	check_evidence_field(c, &entries[first - 1], CHECK_FIELD_VIRT);
	check_evidence_field(c, &entries[first], CHECK_FIELD_VIRT);
}

/* What predict needs besides the capture. */
struct task {
	struct efimap_layout *layout;
	size_t *n_impossible;
};

static size_t count_impossible(const struct efimap *map, const struct efimap_layout *layout)
{
	size_t count = 0;

	for (size_t i = 0; i < layout->n_rows; i++)
		count += !efimap_layout_row_admits(&layout->rows[i], &map->entries[i]);
	return count;
}

/* What the reader of a log computed, from more than this map: freed regions too. */
static void take_computed(const struct efimap *map, struct efimap_layout *layout)
{
	layout->complete = true;
	for (size_t i = 0; i < layout->n_rows; i++) {
		const struct efimap_entry *entry = &map->entries[i];
		struct efimap_layout_row *row = &layout->rows[i];

		layout->complete &= entry->virt_from == EFIMAP_VIRT_PREDICTED;
		if (entry->virt_from != EFIMAP_VIRT_PREDICTED)
			continue;
		row->kind = EFIMAP_LAYOUT_EXACT;
		row->predicted = row->bound = entry->virt;
	}
}

static void predict(struct check *c)
{
	const struct task *task = c->data;
	struct efimap_layout *layout = task->layout;
	const struct efimap_layout_options options = {
		.input = EFIMAP_LAYOUT_EXPORTED,
		.complete = layout->has_virt && check_is_whole_layout(c),
		.mixed = layout->mixed,
		.in_order = c->booted_by == EFIMAP_BOOTED_BY_FIRMWARE,
	};

	layout->complete = options.complete || layout->mixed;
	c->error = efimap_layout_predict(c->map->entries, c->map->n_entries, &options,
					 layout->rows, &layout->order);
	if (!c->error && !layout->has_virt)
		take_computed(c->map, layout);
	if (c->error || !layout->has_virt)
		return;
	*task->n_impossible = count_impossible(c->map, layout);
	layout_fault(c, layout);
	layout_gap(c, layout);
	order_descending(c, layout);
}

static int judge(const struct efimap *map, struct efimap_prediction *prediction)
{
	static const struct check_walk walks[LOOKS_COUNT] = {
		[LOOKS_CAPTURE] = { check_walk_capture },
		[LOOKS_ENTRY] = { check_walk_entries },
		[LOOKS_VIRTUAL_PAIR] = { check_walk_virtual_pairs },
	};
	static void (*const unbound[])(struct check *) = { predict };
	const struct task task = { &prediction->layout, &prediction->n_impossible };
	/* Without addresses that were read there is nothing to judge. */
	const uint32_t families = CHECK_FAMILY(FAMILY_VIRT) | CHECK_FAMILY(FAMILY_LAYOUT);
	const struct check_plan plan = {
		.as_listed = true,
		.families = prediction->layout.has_virt ? families : 0,
		.walks = walks,
		.unbound = unbound,
		.n_unbound = 1,
		.data = &task,
	};
	struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	int ret;

	/* Not worth a word beside the addresses themselves; layout_fault() finds the others. */
	options.disabled[EFIMAP_RULE_NONIDENTITY] = true;
	options.disabled[EFIMAP_RULE_LAYOUT_BOUND] = true;
	options.disabled[EFIMAP_RULE_LAYOUT_EXACT] = true;
	ret = efimap_report_new(&prediction->report);
	if (ret == 0)
		ret = check_run(map, &options, &plan, prediction->report);
	if (ret == 0)
		prediction->report->verdict = prediction->n_impossible ?
						      EFIMAP_VERDICT_FAIL :
						      EFIMAP_VERDICT_PASS;
	return ret;
}

int efimap_predict(const struct efimap *map, struct efimap_prediction *ret_prediction)
{
	struct efimap_prediction prediction = {
		.layout = {
			.rows = efimap_array_new(map->n_entries, sizeof(*prediction.layout.rows)),
			.n_rows = map->n_entries,
			.has_virt = map->map_from == EFIMAP_MAP_FROM_FILES,
			.mixed = efimap_is_mixed_mode(map),
		},
	};
	int ret = prediction.layout.rows ? judge(map, &prediction) : -ENOMEM;

	if (ret < 0) {
		efimap_prediction_free(&prediction);
		return ret;
	}
	*ret_prediction = prediction;
	return 0;
}

void efimap_prediction_free(struct efimap_prediction *prediction)
{
	free(prediction->layout.rows);
	prediction->layout.rows = NULL;
	efimap_report_free(prediction->report);
	prediction->report = NULL;
}
