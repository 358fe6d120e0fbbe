/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about the virtual layout: whether the kernel's algorithm can produce the addresses, and
 * whether entries are identity-mapped. No rule except order-descending depends on the order of the
 * entries, because kexec_load permutes them. This file also predicts the addresses that dump shows.
 */
#include <errno.h>
#include <stdlib.h>

#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "linux/virtual_layout.h"
#include "rules/engine.h"
#include "rules/layout.h"

/*
 * Return whether the map contains all regions that were mapped. Since 5.7, efi=debug keeps all boot
 * services entries (arch/x86/platform/efi/quirks.c: efi_free_boot_services). After kexec, a boot
 * services entry without EFI_MEMORY_RUNTIME proves that the first kernel also had efi=debug.
 */
static bool is_complete_layout(const struct capture_facts *c)
{
	const struct efimap *map = c->map;

	return c->complete && c->efi_debug &&
	       efimap_kernel_has(map, EFIMAP_CHANGE_DEBUG_FREES_NONE, false) &&
	       map->n_names == map->n_entries &&
	       map->names[map->n_names - 1] == map->n_names - 1 &&
	       (c->booted_by == EFIMAP_BOOTED_BY_FIRMWARE || c->has_unmarked);
}

/* The finding shows the expected address of the first misplaced entry. */
static void report_misplaced(struct match *match, const struct efimap_entry *entry,
			     bool fits, uint64_t expected)
{
	if (!match->entry && fits)
		set_hex(match, VALUE_EXPECTED, expected);
	else if (!match->entry)
		use_variant(match, VARIANT_FULL);
	add_finding_entry(match, entry);
}

/*
 * Report all entries with a wrong address, and return whether there are any. Without @exact, an
 * address below the expected one is not wrong. The walk starts at the top of the range, as in the
 * kernel. Each step starts at the actual address of the previous entry, so a wrong address does not
 * affect later entries.
 */
static bool is_any_misplaced(const struct capture_facts *c, bool exact,
			     struct match *match)
{
	const struct efimap_entry *before = NULL;
	uint64_t va = EFIMAP_VA_START;

	for (size_t k = c->n_by_virt; k-- > 0;) {
		const size_t i = c->by_virt[k].index;
		const struct efimap_entry *entry = &c->map->entries[i];
		const uint64_t virt = efimap_page_start(entry->virt);
		uint64_t expected = 0;
		bool fits;

		if (place_of(c, i) != PLACE_EFI_VA_RANGE ||
		    (c->flags[i] & ENTRY_FLAG_CUT_OFF) ||
		    (before && entries_are_equal(entry, before)))
			continue;
		fits = efimap_layout_next(va, efimap_page_start(entry->phys), entry->pages,
					  &expected) == 0;
		if (!fits || virt > expected || (exact && virt != expected))
			report_misplaced(match, entry, fits, expected);
		va = virt;
		before = entry;
	}
	return match->entry;
}

bool rule_layout_exact(const struct capture_facts *c, struct match *match)
{
	if (c->complete && c->efi_debug)
		(void)skip_for_unknown_release(match, EFIMAP_CHANGE_DEBUG_FREES_NONE);
	return is_complete_layout(c) && is_any_misplaced(c, true, match);
}

bool rule_layout_bound(const struct capture_facts *c, struct match *match)
{
	return !(is_complete_layout(c) && rule_may_match(c, EFIMAP_RULE_LAYOUT_EXACT)) &&
	       is_any_misplaced(c, false, match);
}

/*
 * Return whether the entry is identity-mapped (@identity is true) or mapped elsewhere (@identity is
 * false). Entries with a place up to PLACE_NONCANONICAL are neither.
 */
static bool is_mapped_as(const struct capture_facts *c, size_t position, bool identity)
{
	const enum address_place place = place_of(c, position);

	return place > PLACE_NONCANONICAL && (place == PLACE_IDENTITY) == identity;
}

static size_t count_mapped_as(const struct capture_facts *c, bool identity)
{
	size_t count = 0;

	for (size_t i = 0; i < c->map->n_entries; i++)
		count += is_mapped_as(c, i, identity);
	return count;
}

static void report_mapped_as(const struct capture_facts *c, bool identity, struct match *match)
{
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (is_mapped_as(c, i, identity))
			add_finding_entry(match, &c->map->entries[i]);
}

bool rule_identity_partial(const struct capture_facts *c, struct match *match)
{
	const size_t n_identity = count_mapped_as(c, true), n_other = count_mapped_as(c, false);

	report_mapped_as(c, !c->identity, match);
	set_number(match, VALUE_ALL, n_identity + n_other);
	if (c->identity)
		use_variant(match, VARIANT_EXPECTED);
	return c->options->expect != EFIMAP_EXPECT_IDENTITY && n_other > 0 &&
	       (c->identity || n_identity > 0);
}

bool rule_identity_native(const struct capture_facts *c, struct match *match)
{
	const bool virtual = c->options->expect == EFIMAP_EXPECT_VIRTUAL;

	if (count_mapped_as(c, true) == 0 || count_mapped_as(c, false) > 0 ||
	    c->options->expect == EFIMAP_EXPECT_IDENTITY || (c->mixed_mode && !virtual))
		return false;
	if (!c->native && !virtual)
		return skip_rule(match, VARIANT_USUAL);
	if (virtual || c->booted_by == EFIMAP_BOOTED_BY_KEXEC)
		set_certainty(match, EFIMAP_WILL);
	if (c->kernel_32bit)
		use_variant(match, VARIANT_32BIT);
	report_mapped_as(c, true, match);
	return true;
}

/* Without EFIMAP_EXPECT_IDENTITY, non-identity mapping is normal, so the finding has no entries. */
bool rule_nonidentity(const struct capture_facts *c, struct match *match)
{
	const size_t n_other = count_mapped_as(c, false);

	set_number(match, VALUE_OTHERS, n_other);
	set_number(match, VALUE_ALL, n_other + count_mapped_as(c, true));
	if (c->options->expect == EFIMAP_EXPECT_IDENTITY) {
		use_variant(match, VARIANT_EXPECTED);
		report_mapped_as(c, false, match);
		return n_other > 0;
	}
	if (c->kernel_32bit)
		use_variant(match, VARIANT_32BIT);
	return n_other > 0 && (c->kernel_32bit || !c->identity);
}

/* Report all gaps in one finding, because gaps are normal. */
bool rule_layout_gap(const struct capture_facts *c, struct match *match)
{
	uint64_t steps = 0;

	for (size_t i = 0; i < c->layout->n_rows; i++) {
		const struct efimap_layout_row *row = &c->layout->rows[i];
		const struct efimap_entry *entry = &c->map->entries[i];

		if (row->kind != EFIMAP_LAYOUT_BOUND || entry->virt == row->bound ||
		    !efimap_layout_row_allows(row, entry))
			continue;
		steps += (row->bound - entry->virt) / EFIMAP_LAYOUT_STEP;
		add_finding_entry(match, entry);
	}
	set_number(match, VALUE_MIB, steps * (EFIMAP_LAYOUT_STEP >> 20));
	return steps > 0;
}

/* The finding is about the map as a whole, so it has no entries. */
bool rule_order_descending(const struct capture_facts *c, struct match *match)
{
	const struct efimap_entry *entries = c->map->entries;

	for (size_t i = 1; i < c->layout->n_rows; i++) {
		if (entries[i].virt < entries[i - 1].virt)
			continue;
		set_number(match, VALUE_BEFORE, entries[i - 1].index);
		set_hex(match, VALUE_VIRT_BEFORE, entries[i - 1].virt);
		set_other_entry(match, &entries[i]);
		return !c->layout->mixed;
	}
	return false;
}

static size_t count_impossible(const struct efimap *map,
			       const struct efimap_layout *layout)
{
	size_t count = 0;

	for (size_t i = 0; i < layout->n_rows; i++)
		count += !efimap_layout_row_allows(&layout->rows[i], &map->entries[i]);
	return count;
}

/*
 * Use the addresses that the log reader computed from the complete map, which includes the regions
 * that were freed later.
 */
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

static int predict_layout(const struct capture_facts *c, struct efimap_layout *layout)
{
	const struct efimap_layout_options options = {
		.complete = layout->has_virt && is_complete_layout(c),
		.mixed = layout->mixed,
		.in_order = c->booted_by == EFIMAP_BOOTED_BY_FIRMWARE,
	};
	int ret = efimap_layout_predict(c->map->entries, c->map->n_entries, &options,
					layout->rows, &layout->order);

	layout->complete = options.complete || layout->mixed;
	if (ret == 0 && layout->has_virt)
		layout->n_impossible = count_impossible(c->map, layout);
	else if (ret == 0)
		take_computed(c->map, layout);
	return ret;
}

static const char *why_not_predicted(const struct efimap *map)
{
	if (efimap_is_other_architecture(map))
		return "virtual addresses are predicted only for x86 kernels";
	if (map->map_from == EFIMAP_MAP_FROM_RECEIVED)
		return "the first kernel assigned the virtual addresses of this map, and "
		       "the log does not show them";
	if (map->binary && !efimap_has(map, EFIMAP_SRC_RUNTIME_MAP))
		return "the binary data contains no runtime map";
	if (is_firmware_memmap(map))
		return "this is the EFI memory map of the firmware, and no kernel has "
		       "assigned virtual addresses yet";
	if (efimap_is_32bit_kernel(map))
		return "a 32-bit kernel maps each region in its direct map or with ioremap";
	return NULL;
}

static int predict(const struct efimap *map, struct efimap_prediction *prediction)
{
	static const struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	struct efimap_layout *layout = &prediction->layout;
	const struct rule_plan plan = {
		.as_listed = true,
		/* Only addresses that were read are compared with the prediction. */
		.families =
			layout->has_virt ? FAMILY_BIT(FAMILY_PREDICTED_ADDRESSES) : 0,
		.wants = can_try_rule,
		.predicates = rule_predicates,
		.layout = layout,
		.fill_layout = predict_layout,
	};

	if (layout->reason)
		return 0;
	layout->rows = efimap_array_new(map->n_entries, sizeof(*layout->rows));
	if (!layout->rows)
		return -ENOMEM;
	layout->n_rows = map->n_entries;
	return run_rule_plan(map, &options, &plan, prediction->report);
}

int efimap_predict(const struct efimap *map, struct efimap_prediction *ret_prediction)
{
	struct efimap_prediction prediction = {
		.layout = {
			.reason = why_not_predicted(map),
			.has_virt = map->map_from == EFIMAP_MAP_FROM_FILES,
			.mixed = efimap_is_mixed_mode(map),
		},
	};
	int ret = efimap_report_new(&prediction.report);

	if (ret == 0)
		ret = predict(map, &prediction);
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
	efimap_report_free(prediction->report);
}
