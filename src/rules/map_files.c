/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules that check whether the map exists, is complete and readable, and is small enough for the
 * next kernel. Two rules check whether the kernel log is complete.
 */
#include <string.h>

#include "base/text_scan.h"
#include "infer/runtime_services_off.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"
#include "rules/unread_verdict.h"

/*
 * Maximum number of entries that the next kernel can map if kexec-tools passes the map. A
 * descriptor has 40 bytes (kexec-tools: struct efi_mem_descriptor), and the map starts at a page
 * boundary.
 */
#define TOOLS_MAX (EARLY_MAP_MAX / 40)
/*
 * kexec_file_load passes descriptors of the firmware's size, usually 48 bytes, and aligns the map
 * to 16 bytes. The next kernel can map FILE_SAFE descriptors at any offset in a page, and FILE_MAX
 * descriptors only at some offsets.
 */
#define FILE_MAX (EARLY_MAP_MAX / 48)
#define FILE_SAFE ((EARLY_MAP_MAX - EFIMAP_PAGE_SIZE + 16) / 48)
#define WARN_PERCENT 80

bool rule_map_absent(const struct facts_for_rules *c, struct match *match)
{
	const char *why = why_map_unknown(c->map);
	const bool is_too_old = is_before_runtime_map(c->map);

	if (c->map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_ABSENT && !is_too_old)
		return false;
	if (why)
		return false;
	if (!c->runtime_off) {
		if (find_no_map(c->map).may_be_uncollected)
			use_variant(match, VARIANT_UNCOLLECTED);
		return true;
	}
	/* runtime-off reports noefi and efi=noruntime. */
	if (runtime_is_off_by_parameter(c) && rule_may_match(c, EFIMAP_RULE_RUNTIME_OFF))
		return false;
	use_variant(match, VARIANT_EXPLAINED);

	set_text(match, VALUE_IN_WORDS, runtime_services_off_text(c->map));
	if (is_off_by_default(c->map))
		set_text(match, VALUE_PARAMETER, "efi=runtime");
	if (is_too_old)
		set_text(match, VALUE_RELEASE, c->map->release.text);
	else if (*c->map->cmdline)
		set_text(match, VALUE_CMDLINE, c->map->cmdline);
	return true;
}

static bool has_missing_values(const struct efimap *map)
{
	return capture_has_fault(map, EFIMAP_SRC_RUNTIME_MAP, ~EFIMAP_STATE_BIT(EFIMAP_STATE_NAME));
}

static bool is_empty(const struct efimap *map)
{
	return map->n_entries == 0 && (map->n_names == 0 || !has_missing_values(map));
}

bool rule_map_empty(const struct facts_for_rules *c, struct match *match)
{
	if (!is_empty(c->map))
		return false;
	if (capture_is_offline(c->map))
		use_variant(match, VARIANT_UNCOLLECTED);
	return !c->log_incomplete;
}

bool rule_map_index_gap(const struct facts_for_rules *c, struct match *match)
{
	const uint32_t *names = c->map->names;
	const size_t count = c->map->n_names;
	size_t missing = 0;

	if (is_empty(c->map) || count == 0)
		return false;
	set_number(match, VALUE_NAMES, count);
	set_number(match, VALUE_ENTRIES, c->map->n_entries);
	/* If no number is missing, only an edited snapshot has fewer entries than names. */
	if (names[count - 1] < count) {
		use_variant(match, VARIANT_CHANGED);
		return c->map->n_entries < count && !has_missing_values(c->map);
	}
	/* This loop ends at a gap, because the names are sorted and the last one is too large. */
	while (names[missing] == missing)
		missing++;
	set_number(match, VALUE_MISSING, missing);
	set_number(match, VALUE_LAST, names[count - 1]);
	return true;
}

void walk_map_faults(struct rule_run *run)
{
	const struct facts_for_rules *c = &run->facts;

	for (size_t i = 0; i < c->map->n_faults; i++)
		if (c->map->faults[i].source == EFIMAP_SRC_RUNTIME_MAP)
			visit_subject(run, &(const struct subject){ .thing = &c->map->faults[i] });
}

static void report_map_fault(struct match *match, const struct capture_fault *fault)
{
	set_text(match, VALUE_WHERE, fault->where);
	set_text(match, VALUE_FAULT, fault->text);
	if (fault->index != EFIMAP_NO_INDEX)
		add_finding_index(match, fault->index);
}

/* Return the outcome of a missing or invalid value (docs/fault-matrix.md). */
static enum outcome effect_of(const char *where)
{
	const char *file = last_part(where);

	if (strcmp(file, "attribute") == 0)
		return EFIMAP_OUTCOME_NONE;
	return strcmp(file, "virt_addr") == 0 || strcmp(file, "type") == 0
		       ? EFIMAP_OUTCOME_NO_RUNTIME
		       : EFIMAP_OUTCOME_NO_BOOT;
}

static bool is_unreadable_file(const struct capture_fault *fault)
{
	return fault->source == EFIMAP_SRC_RUNTIME_MAP &&
	       (fault->state == EFIMAP_STATE_ABSENT || fault->state == EFIMAP_STATE_DENIED ||
		is_fault_without_content(fault));
}

/*
 * Return whether the loader may read a file that was not read. A copy or a recording may lack the
 * file, and efimapctl may run without the permission.
 */
static bool may_be_read(const struct efimap *map, const struct capture_fault *fault)
{
	return capture_is_offline(map) || fault->state == EFIMAP_STATE_ABSENT ||
	       fault->state == EFIMAP_STATE_DENIED;
}

static bool is_same_cause(const struct capture_fault *a, const struct capture_fault *b)
{
	return a->index != EFIMAP_NO_INDEX && a->index == b->index && a->state == b->state &&
	       is_unreadable_file(a) && is_unreadable_file(b);
}

bool rule_map_file_unreadable(const struct facts_for_rules *c, struct match *match)
{
	const struct capture_fault *fault = match->thing;
	const struct capture_fault *end = c->map->faults + c->map->n_faults;
	enum outcome worst;
	bool is_effect_known;

	/* The finding about the first file lists all files with the same cause. */
	if (!is_unreadable_file(fault) ||
	    (fault > c->map->faults && is_same_cause(fault - 1, fault)))
		return false;
	is_effect_known = !may_be_read(c->map, fault);
	if (!is_effect_known)
		use_variant(match, VARIANT_CAPTURED);
	report_map_fault(match, fault);
	worst = effect_of(fault->where);
	for (fault++; fault < end && is_same_cause(fault - 1, fault); fault++) {
		const enum outcome other = effect_of(fault->where);

		worst = other > worst ? other : worst;
		add_evidence(match, fault->where, "%s", fault->text);
	}
	/* Otherwise, map-unread says that the map is not known. */
	if (is_effect_known)
		set_outcome(match, worst);
	return true;
}

bool rule_map_value_syntax(const struct facts_for_rules *c, struct match *match)
{
	const struct capture_fault *fault = match->thing;

	report_map_fault(match, fault);
	set_outcome(match, effect_of(fault->where));
	return fault->state == EFIMAP_STATE_SYNTAX || fault->state == EFIMAP_STATE_TOO_LONG;
}

bool rule_map_too_big(const struct facts_for_rules *c, struct match *match)
{
	const uint64_t count =
		c->map->n_names > c->map->n_entries ? c->map->n_names : c->map->n_entries;

	if (count <= FILE_SAFE)
		use_variant(match, VARIANT_CLOSE);
	else if (count <= FILE_MAX)
		use_variant(match, VARIANT_PERHAPS);
	else if (count <= TOOLS_MAX)
		use_variant(match, VARIANT_FILE);
	set_number(match, VALUE_ENTRIES, count);
	set_number(match, VALUE_TOOLS_MAX, TOOLS_MAX);
	return count * 100 >= TOOLS_MAX * WARN_PERCENT;
}
