/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Configuration tables whose addresses the kernel's log has, against memmap: which of them
 * the next kernel reads again, and which kexec may overwrite before. The EFI stub's table of
 * where the initrd is is one by itself: it lies in LoaderData, which nobody keeps, and which no
 * entry of the runtime map covers; every later kernel finds its address again.
 */
#include "check/engine.h"
#include "check/pages.h"
#include "check/table.h"

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

bool table_find(const struct efimap *map, const struct table *table, uint64_t *ret_address)
{
	/* quirks.c: efi_reuse_config leaves all ones where a table is not to be read again. */
	return efimap_find_pair(map->tables, map->n_tables, table->log_name, ret_address) &&
	       *ret_address != UINT64_MAX;
}

/* setup_data takes it from systab; a log has the line of the tables alone. */
static bool is_smbios_passed_on(const struct efimap *map)
{
	uint64_t smbios = 0;

	if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return efimap_find_pair(map->tables, map->n_tables, "SMBIOS", &smbios);
	return efimap_find_pair(map->systab, map->n_systab, "SMBIOS", &smbios) && smbios != 0;
}

/*
 * Nothing where the next kernel boots without EFI, because none is handed over. A map that is
 * not in a capture may be there.
 */
static bool is_any_read(const struct check *c)
{
	return !c->kernel_32bit &&
	       (c->map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_ABSENT ||
		(c->map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT &&
		 check_why_uncollected(c->map)));
}

bool table_depends_on_next(const struct check *c, const struct table *table)
{
	return table_is(table, "MEMATTR") && is_smbios_passed_on(c->map);
}

/*
 * 64b45dd46e15 (6.14, 6.13.3): after kexec the Memory Attributes Table is skipped, but only
 * where efi_reuse_config() runs, which takes an SMBIOS address in setup_data. Of the two root
 * pointers of ACPI the newer one is taken (drivers/acpi/osl.c: acpi_os_get_root_pointer).
 */
bool table_is_read(const struct check *c, const struct table *table)
{
	uint64_t address;

	if (table_depends_on_next(c, table))
		return !check_next_has(c, EFIMAP_CHANGE_SKIPS_MEMATTR, false);
	return !table_is(table, "ACPI") ||
	       !efimap_find_pair(c->map->tables, c->map->n_tables, "ACPI 2.0", &address);
}

/* One cause, one finding: then the whole entry is where it must not be. */
static bool is_entry_named(const struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = entry ? memmap_rule_of_type(entry) : EFIMAP_RULE_COUNT;

	return rule != EFIMAP_RULE_COUNT && check_speaks(c, rule);
}

const struct efimap_range *table_find_ram(const struct check *c, uint64_t address)
{
	return spans_range(&c->spans, SPANS_RAM, (struct efimap_span){ address, address });
}

/* struct found - those of the tables that one finding is about */
struct found {
	const struct table *first;
	uint64_t address;
	size_t count;
	bool depends;
};

static void say_found_table(const struct check *c, struct say *say, const struct table *table,
			    struct found *found)
{
	const struct efimap_range *range;
	const struct efimap_entry *entry;
	uint64_t address;

	if (!table_find(c->map, table, &address))
		return;
	range = table_find_ram(c, address);
	/* When a table lies in several entries, the lowest is named. */
	entry = range ? pages_find(c->map, address) : NULL;
	if (!range || is_entry_named(c, entry))
		return;
	if (found->count++ == 0) {
		found->first = table;
		found->address = address;
	}
	found->depends |= table_depends_on_next(c, table);
	say_append(say, SAY_NAMES, table->log_name);
	say_evidence(say, "kernel log", "%s=0x%" PRIx64, table->log_name, address);
	say_label(say, range);
	if (entry)
		say_entry(say, entry);
}

static bool say_found(const struct check *c, struct say *say, bool is_read)
{
	struct found found = { 0 };

	for (const struct table *table = check_tables; table->log_name; table++)
		if (table_is_read(c, table) == is_read)
			say_found_table(c, say, table, &found);
	if (found.count == 0)
		return false;
	say_number(say, SAY_TABLES, found.count);
	say_text(say, SAY_TABLE, found.first->name);
	say_hex(say, SAY_ADDRESS, found.address);
	say_next(say, found.depends);
	if (!is_read)
		say_as(say, found.count > 1 ? AS_UNREAD : AS_SKIPPED);
	else if (found.count > 1)
		say_as(say, AS_SEVERAL);
	return true;
}

bool rule_table_in_ram(const struct check *c, struct say *say)
{
	/* Where it is known what lands where, that one names what is hit. */
	if (!is_any_read(c) || kexec_names_hits(c))
		return false;
	if (say_found(c, say, true))
		say_now(say);
	return say_found(c, say, false);
}

/* --- the table of the initrd --- */

/* include/linux/efi.h: struct linux_efi_initrd, base and size */
#define INITRD_TABLE_BYTES 16

static bool find_initrd_table(const struct check *c, struct efimap_span *ret_span)
{
	static const struct table table = { "INITRD", "INITRD table" };
	uint64_t address;

	return is_any_read(c) && table_find(c->map, &table, &address) &&
	       efimap_span_make(address, INITRD_TABLE_BYTES, ret_span) == 0;
}

/* What is not named can be any kernel. */
static bool may_wipe(const struct check *c)
{
	return !c->is_next_named || check_next_has(c, EFIMAP_CHANGE_WIPES_INITRD, true);
}

/* The image and the initrd are read after the table is; what else is loaded was used by then. */
static bool is_harmed(const struct efimap_segments *segments, size_t i)
{
	return i != EFIMAP_NO_SEGMENT && (segments->kernel == EFIMAP_NO_SEGMENT ||
					  i == segments->kernel || i == segments->initrd);
}

static bool say_hit(const struct check *c, struct say *say, struct efimap_span span)
{
	const size_t segment = kexec_find_segment(c, span);

	if (!may_wipe(c) || !is_harmed(c->options->segments, segment))
		return false;
	kexec_say_segment(c, say, segment);
	say_as(say, check_next_has(c, EFIMAP_CHANGE_WIPES_INITRD, false) ? AS_HIT : AS_PERHAPS);
	return true;
}

/* arch/x86/kernel/setup.c: get_ramdisk_image */
static bool say_bare(const struct check *c, struct say *say)
{
	const struct efimap_segments *segments = c->options->segments;

	say_as(say, AS_BARE);
	return segments->kernel != EFIMAP_NO_SEGMENT && segments->initrd == EFIMAP_NO_SEGMENT;
}

static void say_loader(const struct check *c, struct say *say, unsigned int loaders)
{
	static const char *const names[] = { "kexec_load (kexec -c)",
					     "kexec_file_load (kexec -s)",
					     "either loader" };
	const unsigned int first = loaders & EFIMAP_LOADER_BIT(EFIMAP_LOADER_KEXEC_TOOLS) ?
					   EFIMAP_LOADER_KEXEC_TOOLS :
					   EFIMAP_LOADER_KERNEL;

	say_text(say, SAY_LOADER, names[loaders - 1]);
	say_hex(say, SAY_SEGMENT_START, c->foreseen[first].first);
	say_hex(say, SAY_SEGMENT_END, c->foreseen[first].last);
}

/* Where nothing is loaded yet: which loader will put the image there, and which elsewhere? */
static bool say_if_foreseen(const struct check *c, struct say *say, struct efimap_span span)
{
	unsigned int hit = 0, clear = 0;

	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++) {
		if (!c->is_foreseen[i])
			continue;
		if (efimap_span_overlaps(c->foreseen[i], span))
			hit |= EFIMAP_LOADER_BIT(i);
		else
			clear |= EFIMAP_LOADER_BIT(i);
	}
	if (!hit && clear != c->loaders)
		return false;
	say_loader(c, say, hit ? hit : clear);
	say_as(say, hit ? AS_FORESEEN : AS_CLEAR);
	return true;
}

bool rule_initrd_in_ram(const struct check *c, struct say *say)
{
	const struct efimap_range *range;
	struct efimap_span span;

	if (!find_initrd_table(c, &span))
		return false;
	range = table_find_ram(c, span.first);
	if (!range)
		return false;
	say_hex(say, SAY_ADDRESS, span.first);
	say_range(say, range);
	say_next(say, true);
	if (c->options->segments)
		return say_hit(c, say, span) || say_bare(c, say);
	if (!check_next_has(c, EFIMAP_CHANGE_WIPES_INITRD, false))
		say_as(say, AS_LOW);
	else
		(void)say_if_foreseen(c, say, span);
	return true;
}
