/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Entries against /sys/firmware/memmap, by which kexec_load chooses memory and the next
 * kernel makes its own table: what lies in memory that it may use, what is not listed,
 * and what is listed under another name. Knows nothing of /proc/iomem.
 */
#include <stdio.h>
#include <string.h>

#include "check/engine.h"
#include "check/label.h"
#include "check/pages.h"
#include "check/table.h"

/* Entries whose range is spelled out as evidence of a summary. */
#define SUMMARY_EVIDENCE 8

static void say_range(struct say *say, const struct efimap_range *range)
{
	say_number(say, SAY_RANGE, range->index);
	say_hex(say, SAY_RANGE_START, range->start);
	say_hex(say, SAY_RANGE_END, range->end);
	say_text(say, SAY_LABEL, range->label);
}

/* What forbids an entry of this type to lie in RAM; EFIMAP_RULE_COUNT for nothing. */
static enum efimap_rule_id find_rule_of_type(const struct efimap_entry *entry)
{
	switch (entry->type) {
	case EFIMAP_TYPE_RESERVED:
	case EFIMAP_TYPE_RUNTIME_CODE:
	case EFIMAP_TYPE_RUNTIME_DATA:
	case EFIMAP_TYPE_ACPI_NVS:
		return efimap_entry_is_runtime(entry) ? EFIMAP_RULE_RUNTIME_IN_RAM
						      : EFIMAP_RULE_COUNT;
	case EFIMAP_TYPE_MMIO:
	case EFIMAP_TYPE_MMIO_PORT:
		return EFIMAP_RULE_MMIO_IN_RAM;
	default:
		return EFIMAP_RULE_COUNT;
	}
}

static bool lies_in_ram(const struct check *c, const struct efimap_entry *entry,
			struct say *say)
{
	const struct efimap_range *range;
	struct efimap_span span;

	if (!pages_of(entry, &span))
		return false;
	range = spans_range(&c->spans, SPANS_RAM, span);
	if (!range)
		return false;
	say_text(say, SAY_HOW,
		 efimap_span_contains(range->span, span) ? "lies in" : "runs into");
	say_range(say, range);
	return true;
}

/*
 * The kernel allocates from the top of what memmap calls RAM, so firmware code or data
 * there is soon overwritten, and the first firmware call comes before init (efi.c:
 * generic_ops_supported). No experiment knows of the rarer types.
 */
bool rule_runtime_in_ram(const struct check *c, const struct subject *on, struct say *say)
{
	if (!efimap_entry_is_runtime_services(on->entry))
		say_as(say, AS_RARE);
	return find_rule_of_type(on->entry) == EFIMAP_RULE_RUNTIME_IN_RAM &&
	       lies_in_ram(c, on->entry, say);
}

bool rule_mmio_in_ram(const struct check *c, const struct subject *on, struct say *say)
{
	return find_rule_of_type(on->entry) == EFIMAP_RULE_MMIO_IN_RAM &&
	       lies_in_ram(c, on->entry, say);
}

static void say_evidence_of_kept(struct say *say, const struct efimap_entry *entry,
				 const struct efimap_range *range)
{
	char source[sizeof("runtime-map/4294967295/phys_addr")];

	snprintf(source, sizeof(source), "runtime-map/%" PRIu32 "/phys_addr",
		 entry->index);
	say_evidence(say, source, "0x%" PRIx64, entry->phys);
	snprintf(source, sizeof(source), "memmap/%" PRIu32 "/type", range->index);
	say_evidence(say, source, "%s", range->label);
}

/*
 * Linux kept these entries, but /sys/firmware/memmap does not know. What they keep is
 * read through EFI, which no kernel has after a 32-bit one.
 */
bool rule_boot_services_in_ram(const struct check *c, const struct subject *on,
			       struct say *say)
{
	size_t found = 0;

	for (size_t i = 0; i < c->map->n_entries && !c->kernel_32bit; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		const struct efimap_range *range;
		struct efimap_span span;

		if (!efimap_entry_is_kept(entry) || !pages_of(entry, &span))
			continue;
		range = spans_range(&c->spans, SPANS_RAM, span);
		if (!range)
			continue;
		say_entry(say, entry);
		if (found++ < SUMMARY_EVIDENCE)
			say_evidence_of_kept(say, entry, range);
	}
	return found > 0;
}

/* An offset inside a page is phys-unaligned, whatever the ranges around it leave open. */
static bool is_to_be_listed(const struct efimap_entry *entry,
			    struct efimap_span *ret_span)
{
	return efimap_entry_is_runtime_services(entry) &&
	       entry->phys % EFIMAP_PAGE_SIZE == 0 && pages_of(entry, ret_span);
}

/*
 * Capture real-003: a boot loader that builds the e820 table itself and passes RAM only.
 * That is one fact about the loader, and the machine has been running with it.
 */
static bool is_any_listed(const struct check *c)
{
	for (size_t i = 0; i < c->map->n_entries; i++) {
		struct efimap_span span;

		if (is_to_be_listed(&c->map->entries[i], &span) &&
		    spans_has(&c->spans, SPANS_LISTED, span))
			return true;
	}
	return false;
}

bool rule_runtime_uncovered(const struct check *c, const struct subject *on,
			    struct say *say)
{
	bool one_by_one, found = false;

	if (c->crash_kernel)
		return false;
	if (c->map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_BROKEN)
		return say_skip(say, AS_USUAL);
	one_by_one = is_any_listed(c);
	for (size_t i = 0; i < c->map->n_entries; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (!is_to_be_listed(entry, &span) || c->memmap.gap[i] == 0)
			continue;
		found = true;
		say_entry(say, entry);
		say_hex(say, SAY_GAP, c->memmap.gap[i]);
		if (one_by_one)
			say_now(say);
	}
	say_as(say, c->map->n_memmap == 0 ? AS_EMPTY : AS_LEFT_OUT);
	say_number(say, SAY_RANGES, c->map->n_memmap);
	return found && !one_by_one;
}

static bool lies_under(const struct check *c, const struct efimap_entry *entry,
		       enum spans_kind kind, struct say *say)
{
	const struct efimap_range *range;
	struct efimap_span span;

	if (!pages_of(entry, &span))
		return false;
	range = spans_range(&c->spans, kind, span);
	if (!range)
		return false;
	say_range(say, range);
	return true;
}

/* What lies under both kinds of names has two findings. */
static bool is_misnamed(const struct check *c, const struct subject *on,
			enum spans_kind kind, struct say *say)
{
	return efimap_entry_is_runtime_services(on->entry) &&
	       lies_under(c, on->entry, kind, say);
}

bool rule_runtime_wrong_label(const struct check *c, const struct subject *on,
			      struct say *say)
{
	if (is_misnamed(c, on, SPANS_HANDED_OUT, say))
		return true;
	say_as(say, AS_ODD);
	return is_misnamed(c, on, SPANS_ODD, say);
}

static bool is_acpi(const struct efimap_entry *entry)
{
	return efimap_entry_is_runtime(entry) &&
	       (entry->type == EFIMAP_TYPE_ACPI_RECLAIM ||
		entry->type == EFIMAP_TYPE_ACPI_NVS);
}

/* A boot loader that is no EFI stub may have joined the region with what lies beside it.
 */
static bool is_right_for(const struct efimap_entry *entry, struct efimap_span span,
			 const struct efimap_range *range)
{
	const bool is_nvs = entry->type == EFIMAP_TYPE_ACPI_NVS;
	const char *wanted = is_nvs ? "ACPI Non-volatile Storage" : "ACPI Tables";

	if (strcmp(range->label, wanted) == 0)
		return true;
	if (label_is_ram(range->label))
		return is_nvs; /* runtime-in-ram */
	return label_is_reserved(range->label) &&
	       (range->span.first < span.first || range->span.last > span.last);
}

bool rule_acpi_label(const struct check *c, const struct subject *on, struct say *say)
{
	const struct efimap_cover *cover = &c->memmap;
	struct efimap_span span;

	if (!is_acpi(on->entry) || !pages_of(on->entry, &span))
		return false;
	for (size_t i = cover->begin[on->position]; i < cover->begin[on->position + 1];
	     i++) {
		const struct efimap_range *range = &c->map->memmap[cover->hits[i]];

		if (is_right_for(on->entry, span, range))
			continue;
		say_range(say, range);
		return true;
	}
	return false;
}

/*
 * drivers/firmware/efi/efi.c: common_tables, arch_tables. Left out are INITRD, which has
 * a rule of its own, and RNG, which the running kernel writes anew before a kexec.
 */
const struct table check_tables[] = {
	{ "MEMATTR", "Memory Attributes Table" },
	{ "ESRT", "EFI System Resource Table" },
	{ "BGRT", "boot logo of the BGRT" },
	{ "TPMEventLog", "TPM event log" },
	{ "TPMFinalLog", "final TPM event log" },
	{ "CCFinalLog", "final event log of confidential computing" },
	{ "MOKvar", "MOK variable table" },
	{ "RTPROP", "Runtime Properties Table" },
	{ "CocoSecret", "secret area of confidential computing" },
	{ "Unaccepted", "table of unaccepted memory" },
	{ "MEMRESERVE", "table of reserved memory" },
	{ "ACPI 2.0", "ACPI 2.0 root pointer" },
	{ "ACPI", "ACPI root pointer" },
	{ "SMBIOS", "SMBIOS entry point" },
	{ "SMBIOS 3.0", "SMBIOS 3.0 entry point" },
	{ NULL, NULL },
};

void check_walk_tables(struct check *c)
{
	for (const struct table *table = check_tables; table->log_name; table++)
		check_visit(c, &(const struct subject){ .thing = table });
}

/* When a table lies in several entries, the lowest is named. */
static const struct efimap_entry *find_entry_at(const struct efimap *map,
						uint64_t address)
{
	for (size_t i = 0; i < map->n_entries; i++) {
		struct efimap_span span;

		if (pages_of(&map->entries[i], &span) && efimap_span_has(span, address))
			return &map->entries[i];
	}
	return NULL;
}

/*
 * 64b45dd46e15 (6.14, 6.13.3): after kexec the table is skipped, but only where
 * efi_reuse_config() runs, which takes an SMBIOS address in setup_data. The next kernel
 * is taken to be of this kernel's release.
 */
static bool is_skipped_after_kexec(const struct efimap *map, const struct table *table)
{
	uint64_t smbios;

	return strcmp(table->log_name, "MEMATTR") == 0 &&
	       efimap_find_pair(map->systab, map->n_systab, "SMBIOS", &smbios) &&
	       smbios != 0 && efimap_kernel_has(map, EFIMAP_CHANGE_SKIPS_MEMATTR, false);
}

/* One cause, one finding: then the whole entry is where it must not be. */
static bool is_entry_named(const struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule =
		entry ? find_rule_of_type(entry) : EFIMAP_RULE_COUNT;

	return rule != EFIMAP_RULE_COUNT && check_speaks(c, rule);
}

/* Where nothing is handed over, the next kernel boots without EFI and reads no table. */
static bool is_any_read(const struct check *c)
{
	return !c->kernel_32bit &&
	       c->map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_ABSENT;
}

static const struct efimap_range *find_ram_at(const struct check *c, uint64_t address)
{
	return spans_range(&c->spans, SPANS_RAM,
			   (struct efimap_span){ address, address });
}

bool rule_table_in_ram(const struct check *c, const struct subject *on, struct say *say)
{
	const struct table *table = on->thing;
	const struct efimap_entry *entry;
	const struct efimap_range *range;
	uint64_t address;

	if (!is_any_read(c) || !table_find(c->map, table, &address))
		return false;
	range = find_ram_at(c, address);
	entry = range ? find_entry_at(c->map, address) : NULL;
	if (!range || is_entry_named(c, entry))
		return false;
	if (is_skipped_after_kexec(c->map, table))
		say_as(say, AS_SKIPPED);
	say_text(say, SAY_TABLE, table->name);
	say_text(say, SAY_LOG_NAME, table->log_name);
	say_hex(say, SAY_ADDRESS, address);
	say_range(say, range);
	if (entry)
		say_entry(say, entry);
	return true;
}

/*
 * The EFI stub's table of where the initrd is lies in LoaderData, which nobody keeps, and
 * which no entry of the runtime map covers. The next kernel is taken to be of this
 * kernel's release.
 */
bool rule_initrd_in_ram(const struct check *c, const struct subject *on, struct say *say)
{
	const struct efimap_range *range;
	uint64_t address;

	if (!is_any_read(c) ||
	    !efimap_find_pair(c->map->tables, c->map->n_tables, "INITRD", &address))
		return false;
	range = find_ram_at(c, address);
	if (!range)
		return false;
	if (!efimap_kernel_has(c->map, EFIMAP_CHANGE_WIPES_INITRD, false))
		say_as(say, AS_LOW);
	say_hex(say, SAY_ADDRESS, address);
	say_range(say, range);
	return true;
}
