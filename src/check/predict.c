/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The layout of a map recomputed, and what that tells: the families virt and layout, and
 * two notes of its own. How addresses are computed is the emulate room's business.
 */
#include <errno.h>
#include <stdlib.h>

#include "check/engine.h"
#include "check/place.h"
#include "check/predict.h"

/* One finding for all gaps: every healthy map has some. */
bool rule_layout_gap(const struct check *c, struct say *say)
{
	uint64_t steps = 0;

	for (size_t i = 0; i < c->layout->n_rows; i++) {
		const struct efimap_layout_row *row = &c->layout->rows[i];
		const struct efimap_entry *entry = &c->map->entries[i];

		if (row->kind != EFIMAP_LAYOUT_BOUND || entry->virt == row->bound ||
		    !efimap_layout_row_admits(row, entry))
			continue;
		steps += (row->bound - entry->virt) / EFIMAP_LAYOUT_STEP;
		say_entry(say, entry);
	}
	say_number(say, SAY_MIB, steps * (EFIMAP_LAYOUT_STEP >> 20));
	return steps > 0;
}

/* It is about the map, so it lies on no entry. */
bool rule_order_descending(const struct check *c, struct say *say)
{
	const struct efimap_entry *entries = c->map->entries;

	for (size_t i = 1; i < c->layout->n_rows; i++) {
		if (entries[i].virt < entries[i - 1].virt)
			continue;
		say_number(say, SAY_BEFORE, entries[i - 1].index);
		say_hex(say, SAY_VIRT_BEFORE, entries[i - 1].virt);
		say_other(say, &entries[i]);
		return !c->layout->mixed;
	}
	return false;
}

/* What predict needs besides the capture, and fills. */
struct task {
	struct efimap_layout *layout;
};

static size_t count_impossible(const struct efimap *map,
			       const struct efimap_layout *layout)
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

static int look_at_layout(struct check *c)
{
	const struct task *task = c->data;
	struct efimap_layout *layout = task->layout;
	const struct efimap_layout_options options = {
		.complete = layout->has_virt && check_is_whole_layout(c),
		.mixed = layout->mixed,
		.in_order = c->booted_by == EFIMAP_BOOTED_BY_FIRMWARE,
	};
	int ret = efimap_layout_predict(c->map->entries, c->map->n_entries, &options,
					layout->rows, &layout->order);

	c->layout = layout;
	layout->complete = options.complete || layout->mixed;
	if (ret == 0 && layout->has_virt)
		layout->n_impossible = count_impossible(c->map, layout);
	else if (ret == 0)
		take_computed(c->map, layout);
	return ret;
}

/* Only one of the two judges the layout; of the other there is nothing to be missed. */
static bool wants_to_predict(struct check *c, enum efimap_rule_id rule)
{
	const enum efimap_rule_id other =
		c->layout->complete ? EFIMAP_RULE_LAYOUT_BOUND : EFIMAP_RULE_LAYOUT_EXACT;

	return rule != other && check_wants(c, rule);
}

static int judge(const struct efimap *map, struct efimap_prediction *prediction)
{
	static const struct check_walk walks[LOOKS_COUNT] = {
		[LOOKS_CAPTURE] = { check_walk_capture },
		[LOOKS_ENTRY] = { check_walk_entries },
		[LOOKS_VIRTUAL_PAIR] = { check_walk_virtual_pairs },
	};
	const struct task task = { &prediction->layout };
	/* Without addresses that were read there is nothing to judge. */
	const uint32_t families = CHECK_FAMILY(FAMILY_VIRT) |
				  CHECK_FAMILY(FAMILY_LAYOUT) |
				  CHECK_FAMILY(FAMILY_PREDICTION);
	const struct check_plan plan = {
		.as_listed = true,
		.families = prediction->layout.has_virt ? families : 0,
		.walks = walks,
		.wants = wants_to_predict,
		.look = look_at_layout,
		.data = &task,
	};
	struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	int ret;

	/* Not worth a word beside the addresses themselves. */
	options.disabled[EFIMAP_RULE_NONIDENTITY] = true;
	ret = efimap_report_new(&prediction->report);
	if (ret == 0)
		ret = check_run(map, &options, &plan, prediction->report);
	if (ret == 0)
		prediction->report->fails = prediction->layout.n_impossible > 0;
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
