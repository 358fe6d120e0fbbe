/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about /sys/firmware/memmap, from which kexec-tools selects memory and makes the e820 table
 * of the next kernel. Some rules compare runtime map entries with the ranges of memmap. The others
 * check the ranges themselves.
 */
#include <string.h>

#include "base/text_scan.h"
#include "infer/cpu.h"
#include "rules/engine.h"
#include "rules/unread_verdict.h"

static bool is_address_in_range(const struct facts_for_rules *c, const struct map_entry *entry,
				enum spans_kind kind, struct match *match)
{
	const struct memory_range *range;
	struct span span;

	if (!pages_of(entry, &span))
		return false;
	range = spans_range(&c->spans, kind, span);
	if (!range)
		return false;
	set_text(match, VALUE_HOW, span_contains(range->span, span) ? "is in" : "overlaps");
	set_range(match, range);
	return true;
}

/*
 * Runtime services code or data in a range that memmap lists as System RAM may keep the next kernel
 * from booting. The next kernel allocates memory from the top of this range, and calls runtime
 * services before it starts the init process (generic_ops_supported() in
 * drivers/firmware/efi/efi.c). The outcome for other types (VARIANT_RARE) was not tested.
 */
bool rule_runtime_in_ram(const struct facts_for_rules *c, struct match *match)
{
	if (!entry_is_runtime_services(match->entry))
		use_variant(match, VARIANT_RARE);
	return memmap_rule_of_type(match->entry) == EFIMAP_RULE_RUNTIME_IN_RAM &&
	       is_address_in_range(c, match->entry, SPANS_RAM, match);
}

bool rule_mmio_in_ram(const struct facts_for_rules *c, struct match *match)
{
	return memmap_rule_of_type(match->entry) == EFIMAP_RULE_MMIO_IN_RAM &&
	       is_address_in_range(c, match->entry, SPANS_RAM, match);
}

/* Return whether memmap must list an entry. phys-unaligned reports unaligned entries. */
static bool is_to_be_listed(const struct map_entry *entry, struct span *ret_span)
{
	return entry_is_runtime_services(entry) && entry->phys % EFIMAP_PAGE_SIZE == 0 &&
	       pages_of(entry, ret_span);
}

bool rule_runtime_uncovered(const struct facts_for_rules *c, struct match *match)
{
	const bool has_bits =
		cpu_address_bits(c->map) && rule_may_match(c, EFIMAP_RULE_RANGE_ABOVE_CPU_BITS);
	bool any_listed = false, found = false;
	struct span span;

	if (c->crash_kernel)
		return false;
	if (!has_all_of(c->map, EFIMAP_SRC_MEMMAP) || c->log_incomplete ||
	    (c->map->n_memmap > 0 && memmap_may_lack_range(c->map)))
		return false;
	/*
	 * If memmap lists none of the entries that it must list, one finding reports all of them.
	 * It is harmless that some boot loaders pass only RAM (tests/fixtures/real/real-003).
	 */
	for (size_t i = 0; i < c->map->n_entries && !any_listed; i++)
		any_listed = is_to_be_listed(&c->map->entries[i], &span) &&
			     spans_has(&c->spans, SPANS_LISTED, span);
	for (size_t i = 0; i < c->map->n_entries; i++) {
		const struct map_entry *entry = &c->map->entries[i];

		if (!is_to_be_listed(entry, &span) || c->memmap.gap[i] == 0 ||
		    (has_bits && span.last > c->phys_last))
			continue;
		found = true;
		add_finding_entry(match, entry);
		set_hex(match, VALUE_GAP, c->memmap.gap[i]);
		set_hex(match, VALUE_LAST, c->memmap_last);
		/*
		 * All memory beyond 4 GiB is in memmap, so an address after the last range is
		 * wrong. Below 4 GiB, flash memory of the firmware can follow the last range. If
		 * the address space of the CPU is unknown, the region may be above it, and boots
		 * with such a region went both ways (range-above-cpu-bits).
		 */
		if (span.first > c->memmap_last && span.first > UINT32_MAX)
			use_variant(match, has_bits ? VARIANT_BEYOND : VARIANT_PERHAPS);
		if (any_listed)
			finish_finding(match);
	}
	use_variant(match, c->map->n_memmap == 0 ? VARIANT_EMPTY : VARIANT_LEFT_OUT);
	set_number(match, VALUE_RANGES, c->map->n_memmap);
	return found && !any_listed;
}

bool rule_runtime_wrong_label(const struct facts_for_rules *c, struct match *match)
{
	if (!entry_is_runtime_services(match->entry))
		return false;
	if (is_address_in_range(c, match->entry, SPANS_DRIVER_MEMORY, match))
		return true;
	use_variant(match, VARIANT_UNEXPECTED);
	return is_address_in_range(c, match->entry, SPANS_OTHER, match);
}

/*
 * Report invalid ranges, and files that kexec-tools cannot read or parse (firmware_memmap.c:
 * parse_numeric_sysfs, parse_string_sysfs, parse_memmap_entry).
 */
bool rule_memmap_bad_range(const struct facts_for_rules *c, struct match *match)
{
	for (size_t i = 0; i < c->map->n_memmap; i++) {
		const struct memory_range *range = &c->map->memmap[i];

		if (!range->bad)
			continue;
		/* The computed size (end - start + 1) is 0, which __append_e820_table() accepts. */
		if (range->end == range->start - 1)
			use_variant(match, VARIANT_EMPTY);
		set_range(match, range);
		set_hex(match, VALUE_SIZE, range->end - range->start + 1);
		finish_finding(match);
	}
	for (size_t i = 0; i < c->map->n_faults; i++) {
		const struct capture_fault *fault = &c->map->faults[i];

		if (fault->source != EFIMAP_SRC_MEMMAP)
			continue;
		/* If access was denied, kexec, which runs as root, can still read the file. */
		if (fault->state == EFIMAP_STATE_SYNTAX || fault->state == EFIMAP_STATE_TOO_LONG)
			use_variant(match, strcmp(last_part(fault->where), "type") == 0
						   ? VARIANT_TYPE
						   : VARIANT_NUMBER);
		else if (fault->state == EFIMAP_STATE_ABSENT || is_fault_without_content(fault))
			use_variant(match, VARIANT_FILE);
		else
			continue;
		set_text(match, VALUE_WHERE, fault->where);
		set_text(match, VALUE_FAULT, fault->text);
		finish_finding(match);
	}
	return false;
}
