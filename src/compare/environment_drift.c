/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compare the firmware pointers, the tables and /sys/firmware/memmap of two captures, and the
 * SETUP_EFI node of SECOND with the addresses in FIRST. map_drift.c compares the runtime maps.
 * kexec usually changes memmap, but must not turn firmware memory into usable RAM.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/interval_tree.h"
#include "base/sort.h"
#include "compare/compared_captures.h"
#include "compare/relation.h"
#include "infer/cpu.h"
#include "infer/why_no_map.h"
#include "linux/virtual_layout.h"

/* Maximum number of memmap ranges of each capture that are listed as evidence. */
#define MAX_RANGES 8
/* Maximum number of entries of FIRST that are considered for an address. */
#define MAX_AT 16

/*
 * Find the virtual and the physical address of FIRST's runtime services table. FIRST shows only one
 * of the two addresses. A kexec'd Linux 5.7 or later shows the virtual address, to which
 * SetVirtualAddressMap() has converted the pointer in the system table.
 */
static void find_runtime(struct compared_captures *compared)
{
	const struct efimap *first = compared->first;
	const uint64_t runtime = first->runtime;
	const bool is_virtual = address_is_virtual(runtime);

	if (!capture_has(first, EFIMAP_SRC_RUNTIME))
		return;
	for (size_t i = 0; i < first->n_entries; i++) {
		const struct map_entry *entry = &first->entries[i];
		struct span phys, virt;

		if (entry_phys(entry, &phys) || entry_virt(entry, &virt) ||
		    !span_has(is_virtual ? virt : phys, runtime))
			continue;
		compared->runtime = is_virtual ? runtime : virt.first + (runtime - phys.first);
		compared->runtime_phys = is_virtual ? phys.first + (runtime - virt.first) : runtime;
		compared->runtime_entry = entry;
		return;
	}
}

/*
 * Return whether @entry maps the page at @virt to a page other than that of @phys. If a mapping
 * begins inside a page, populate_pmd() rounds down the number of pages before the next 2 MiB
 * boundary. As a result, each virtual page from this boundary on is mapped to the physical page
 * before the expected one.
 */
static bool remaps(const struct map_entry *entry, uint64_t virt, uint64_t phys)
{
	const uint64_t page = page_start(virt), first = page_start(entry->virt);
	const bool is_late =
		entry->virt != first && page / EFIMAP_LAYOUT_STEP > first / EFIMAP_LAYOUT_STEP;
	const uint64_t offset = page - first - (is_late ? EFIMAP_PAGE_SIZE : 0);

	return offset / EFIMAP_PAGE_SIZE < entry->pages &&
	       page_start(entry->phys) + offset != page_start(phys);
}

/* Return whether an access to @entry can reach memory instead of causing a page fault. */
static bool can_be_memory(const struct efimap *map, const struct map_entry *entry)
{
	struct span span;

	return entry_virt(entry, &span) == 0 && entry->phys < EFIMAP_PHYS_LIMIT &&
	       entry->phys <= cpu_last_address(map);
}

static void look_for_table(struct compared_captures *compared, const struct map_entry *entry)
{
	if (compared->runtime_entry && can_be_memory(compared->second, entry) &&
	    remaps(entry, compared->runtime, compared->runtime_phys))
		compared->remapped = (struct remapped_address){ entry, compared->runtime_entry,
								compared->runtime,
								compared->runtime_phys, false };
}

/*
 * Set @compared->remapped if @entry, an unmatched entry of SECOND, starts at a virtual address that
 * FIRST maps to runtime code at another physical address. Code that SECOND only maps at another
 * virtual address is not reported, because its old virtual address is no longer mapped.
 */
static void look_for_code(struct compared_captures *compared, const struct interval_tree *first,
			  const struct map_entry *entry)
{
	const uint64_t page = page_start(entry->virt);
	struct remapped_address found = { .by = NULL };
	uint32_t at[MAX_AT];
	size_t count;
	bool more;

	if (!can_be_memory(compared->second, entry))
		return;
	count = interval_tree_find(first, (struct span){ page, page }, MAX_AT, at, &more);
	for (size_t i = 0; i < count; i++) {
		const struct map_entry *code = &compared->first->entries[at[i]];
		const uint64_t phys = code->phys + (page - code->virt);

		if (page_start(phys) == page_start(entry->phys))
			return;
		if (code->type == EFIMAP_TYPE_RUNTIME_CODE)
			found = (struct remapped_address){ entry, code, page, phys, true };
	}
	compared->remapped = found;
}

void compare_environment(struct compared_captures *compared)
{
	auto_interval_tree struct interval_tree first = { 0 };
	const struct matching *matching = &compared->matching;
	struct span span;

	spans_gather(compared->second, &compared->spans);
	if (!compared_are_kexec_pair(compared))
		return;
	interval_tree_new(&first, compared->first->n_entries);
	for (size_t i = 0; i < compared->first->n_entries; i++)
		if (entry_phys(&compared->first->entries[i], &span) == 0 &&
		    entry_virt(&compared->first->entries[i], &span) == 0)
			interval_tree_add(&first, span, i);
	interval_tree_sort(&first);
	find_runtime(compared);
	for (size_t i = 0; i < matching->n_pairs && !compared->remapped.by; i++) {
		const struct matched_entries *pair = &matching->pairs[i];

		if (pair->first->virt != pair->second->virt ||
		    pair->first->phys != pair->second->phys)
			look_for_table(compared, pair->second);
	}
	for (size_t i = 0; i < matching->second.n_unmatched && !compared->remapped.by; i++) {
		const struct map_entry *entry = matching->second.unmatched[i].entry;

		look_for_table(compared, entry);
		if (!compared->remapped.by)
			look_for_code(compared, &first, entry);
	}
}

/*
 * Return the outcome of a wrong address. A wrong fw_vendor is harmless if page tables can map
 * the address, because the kernel reads only the vendor's name at this address. The limit is 36
 * bits, because all x86-64 CPUs have at least 36 address bits. In systab, the address 0 only means
 * that SECOND lacks the table. If the address of the configuration tables is 0, the decompressor
 * follows the pointer in the system table. This pointer is virtual, so the kernel does not boot
 * (arch/x86/boot/compressed/efi.c: get_kexec_setup_data).
 */
static enum outcome find_effect(enum source source, uint64_t address)
{
	const bool harmless = source == EFIMAP_SRC_FW_VENDOR ? address >> 36 == 0
			      : source == EFIMAP_SRC_SYSTAB  ? address == 0
							     : false;

	return harmless ? EFIMAP_OUTCOME_NONE : EFIMAP_OUTCOME_NO_BOOT;
}

/* Report a value that differs. @file names its file. */
static void report_value(struct match *match, const char *file, uint64_t first, uint64_t second,
			 enum outcome outcome)
{
	if (first == second)
		return;
	set_text(match, VALUE_FILE, file);
	set_hex(match, VALUE_FIRST, first);
	set_hex(match, VALUE_SECOND, second);
	set_outcome(match, outcome);
	finish_finding(match);
}

/* Report a value that differs, of a file with several values. */
static void report_member(struct match *match, const char *file, const char *name, uint64_t first,
			  uint64_t second, enum outcome outcome)
{
	char text[96];

	snprintf(text, sizeof(text), "%s (%s)", file, name);
	report_value(match, text, first, second, outcome);
}

/*
 * kexec-tools and kexec_file_load() pass FIRST's address of the system table unchanged. The address
 * 0 is not compared, because a second kernel without this address has no EFI at all.
 */
bool rule_drift_pointer(const struct facts_for_rules *c, struct match *match)
{
	const struct compared_captures *compared = compared_of(c);
	const struct efimap *first = compared->first, *second = compared->second;
	const enum source vendor = EFIMAP_SRC_FW_VENDOR, table = EFIMAP_SRC_CONFIG_TABLE;

	if (compared_have(compared, vendor))
		report_value(match, path_of_source(vendor), first->fw_vendor, second->fw_vendor,
			     find_effect(vendor, second->fw_vendor));
	if (compared_have(compared, table))
		report_value(match, path_of_source(table), first->config_table,
			     second->config_table, EFIMAP_OUTCOME_NO_BOOT);
	if (compared_have_system_table(compared))
		report_member(match, path_of_source(EFIMAP_SRC_BOOT_PARAMS), "efi_info.systab",
			      first->boot_params.efi_info.systab,
			      second->boot_params.efi_info.systab, EFIMAP_OUTCOME_NO_BOOT);
	/* If only one capture has a pointer, the pointer may have changed. */
	if (capture_has(first, vendor) != capture_has(second, vendor) ||
	    capture_has(first, table) != capture_has(second, table))
		note_skipped_rule(
			match->run, rule_id_of(match->rule),
			"FIRST or SECOND lacks sys/firmware/efi/fw_vendor or config_table");
	return false;
}

bool rule_drift_other_memory(const struct facts_for_rules *c, struct match *match)
{
	const struct remapped_address *remapped = &compared_of(c)->remapped;

	if (!remapped->by)
		return false;
	set_text(match, VALUE_NAME, remapped->is_code ? "code" : "runtime services table");
	set_hex(match, VALUE_EXPECTED, remapped->virt);
	set_hex(match, VALUE_ADDRESS, remapped->phys);
	add_finding_entry(match, remapped->entry);
	set_other_entry(match, remapped->by);
	return true;
}

bool rule_drift_systab(const struct facts_for_rules *c, struct match *match)
{
	static const char *const names[] = { "ACPI20", "ACPI", "SMBIOS", "SMBIOS3" };
	const struct efimap *a = compared_of(c)->first, *b = compared_of(c)->second;
	const char *file = path_of_source(EFIMAP_SRC_SYSTAB);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint64_t first, second = 0;

		if (!find_named_address(a->systab, a->n_systab, names[i], &first))
			continue;
		find_named_address(b->systab, b->n_systab, names[i], &second);
		report_member(match, file, names[i], first, second,
			      find_effect(EFIMAP_SRC_SYSTAB, second));
	}
	return false;
}

bool rule_drift_table(const struct facts_for_rules *c, struct match *match)
{
	const struct efimap *a = compared_of(c)->first, *b = compared_of(c)->second;

	for (size_t i = 0; i < a->n_tables; i++) {
		const struct named_address *table = &a->tables[i];
		uint64_t second;

		if (!table_has_moved(a, table, b, &second))
			continue;
		report_member(match, "kernel log", table->name, table->value, second,
			      EFIMAP_OUTCOME_NONE);
		break;
	}
	return false;
}

static void report_received(const struct compared_captures *compared, enum source source,
			    const char *name, uint64_t first, uint64_t second, struct match *match)
{
	if (capture_has(compared->first, source))
		report_member(match, path_of_source(EFIMAP_SRC_SETUP_DATA), name, first, second,
			      find_effect(source, second));
}

bool rule_drift_setup_data(const struct facts_for_rules *c, struct match *match)
{
	const struct compared_captures *compared = compared_of(c);
	const struct efimap *first = compared->first;
	const bool reads_runtime = !kernel_has(compared->second, EFIMAP_CHANGE_READS_RUNTIME, true);
	const bool has_table_list = first->n_tables > 0 && !find_table_fault(first);
	struct efi_payload payload;
	uint64_t smbios = 0;

	if (!compared_are_kexec_pair(compared))
		return false;
	if (!efi_payload_find(compared->second, &payload)) {
		if (!runs_without_efi(compared->second))
			note_skipped_rule(match->run, rule_id_of(match->rule),
					  "SECOND: no SETUP_EFI data was read");
		return false;
	}
	report_received(compared, EFIMAP_SRC_FW_VENDOR, "fw_vendor", first->fw_vendor,
			payload.fw_vendor, match);
	report_received(compared, EFIMAP_SRC_CONFIG_TABLE, "tables", first->config_table,
			payload.tables, match);
	/*
	 * Accept the 0 that kexec_file_load() writes to setup_data.runtime. Linux 5.7 and later do
	 * not read this member (commit a570b0624b3f).
	 */
	if (capture_has(first, EFIMAP_SRC_RUNTIME) && payload.runtime != 0 &&
	    payload.runtime != first->runtime) {
		set_certainty(match, reads_runtime ? EFIMAP_CERTAIN : EFIMAP_CHANCE);
		report_member(match, path_of_source(EFIMAP_SRC_SETUP_DATA), "runtime",
			      first->runtime, payload.runtime,
			      reads_runtime ? EFIMAP_OUTCOME_NO_RUNTIME : EFIMAP_OUTCOME_NONE);
	}
	/*
	 * If FIRST has no SMBIOS table, accept 0, which kexec-tools writes to setup_data.smbios,
	 * and all ones, which kexec_file_load() writes. A collected systab may lack the line of the
	 * table. The kernel log lists all tables.
	 */
	if (find_named_address(first->systab, first->n_systab, "SMBIOS", &smbios) ||
	    find_named_address(first->tables, first->n_tables, "SMBIOS", &smbios) ||
	    ((!capture_is_offline(first) || has_table_list) && payload.smbios != 0 &&
	     payload.smbios != UINT64_MAX))
		report_received(compared, EFIMAP_SRC_SYSTAB, "smbios", smbios, payload.smbios,
				match);
	return false;
}

static void report_one_range(struct match *match, const char *side,
			     const struct memory_range *range)
{
	add_evidence(match, side, "0x%" PRIx64 "-0x%" PRIx64 " %s", range->start, range->end,
		     range->label);
}

static int order_ranges(const void *left, const void *right)
{
	const struct memory_range *a = *(const struct memory_range *const *)left;
	const struct memory_range *b = *(const struct memory_range *const *)right;
	int order = order_u64(a->start, b->start);

	if (!order)
		order = order_u64(a->end, b->end);
	return order ? order : strcmp(a->label, b->label);
}

static const struct memory_range **sort_ranges(const struct efimap *map)
{
	const struct memory_range **ranges = array_new(map->n_memmap, sizeof(*ranges));

	for (size_t i = 0; i < map->n_memmap; i++)
		ranges[i] = &map->memmap[i];
	sort_items(ranges, map->n_memmap, sizeof(*ranges), order_ranges);
	return ranges;
}

/*
 * Return the number of ranges that @mine contains and @theirs does not. Add the first MAX_RANGES of
 * them to the evidence. Both lists are sorted.
 */
static size_t report_only(struct match *match, const char *side, const struct memory_range **mine,
			  size_t n_mine, const struct memory_range **theirs, size_t n_theirs)
{
	size_t count = 0, j = 0;

	for (size_t i = 0; i < n_mine; i++) {
		while (j < n_theirs && order_ranges(&theirs[j], &mine[i]) < 0)
			j++;
		if (j < n_theirs && order_ranges(&theirs[j], &mine[i]) == 0)
			j++;
		else if (count++ < MAX_RANGES)
			report_one_range(match, side, mine[i]);
	}
	return count;
}

bool rule_drift_memmap(const struct facts_for_rules *c, struct match *match)
{
	const struct efimap *first = compared_of(c)->first, *second = compared_of(c)->second;
	auto_free const struct memory_range **a = sort_ranges(first);
	auto_free const struct memory_range **b = sort_ranges(second);
	size_t first_only, second_only;

	first_only = report_only(match, "FIRST only", a, first->n_memmap, b, second->n_memmap);
	second_only = report_only(match, "SECOND only", b, second->n_memmap, a, first->n_memmap);
	set_text(match, VALUE_FILE, path_of_source(EFIMAP_SRC_MEMMAP));
	set_format(match, VALUE_FIRST, "%zu ranges, %zu only in FIRST", first->n_memmap,
		   first_only);
	set_format(match, VALUE_SECOND, "%zu ranges, %zu only in SECOND", second->n_memmap,
		   second_only);
	return first_only > 0 || second_only > 0;
}

/* Return whether another rule reports a runtime services region in @range as RAM of SECOND. */
static bool holds_runtime(const struct facts_for_rules *c, const struct memory_range *range)
{
	const struct spans *spans = &compared_of(c)->spans;

	for (size_t i = 0; i < c->map->n_entries; i++) {
		struct span span;

		if (entry_is_runtime_services(&c->map->entries[i]) &&
		    entry_phys(&c->map->entries[i], &span) == 0 &&
		    span_overlaps(span, range->span) && spans_has(spans, SPANS_RAM, span))
			return true;
	}
	return false;
}

bool rule_drift_memmap_freed(const struct facts_for_rules *c, struct match *match)
{
	const struct compared_captures *compared = compared_of(c);
	size_t count = 0;

	for (size_t i = 0; i < compared->first->n_memmap; i++) {
		const struct memory_range *range = &compared->first->memmap[i];

		/*
		 * Skip a range that overlaps RAM in FIRST. Administrators may turn soft-reserved
		 * and persistent memory into usable RAM on purpose.
		 */
		if (range->bad || strcmp(range->label, "Soft Reserved") == 0 ||
		    strcmp(range->label, "Persistent Memory") == 0 ||
		    strcmp(range->label, "Persistent Memory (legacy)") == 0 ||
		    spans_has(&c->spans, SPANS_RAM, range->span) ||
		    !spans_has(&compared->spans, SPANS_RAM, range->span) || holds_runtime(c, range))
			continue;
		if (count++ == 0) {
			set_hex(match, VALUE_FROM, range->start);
			set_text(match, VALUE_LABEL, range->label);
		}
		if (count <= MAX_RANGES)
			report_one_range(match, "FIRST", range);
	}
	set_number(match, VALUE_RANGES, count);
	return count > 0;
}

bool rule_drift_memmap_rt(const struct facts_for_rules *c, struct match *match)
{
	const struct memory_range *range;
	struct span span;

	if (!entry_is_runtime_services(match->entry) || entry_phys(match->entry, &span) < 0 ||
	    spans_has(&c->spans, SPANS_RAM, span))
		return false;
	range = spans_range(&compared_of(c)->spans, SPANS_RAM, span);
	if (!range)
		return false;
	set_hex(match, VALUE_FROM, range->start);
	set_hex(match, VALUE_LAST, range->end);
	set_text(match, VALUE_LABEL, range->label);
	return true;
}
