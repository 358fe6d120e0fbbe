/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kexec was given, what it did and may do: the kernel image, the segments against the
 * entries, and configuration tables whose addresses the kernel's log has, against segments and
 * memmap: which of them the next kernel reads again, and which kexec may overwrite before. The
 * EFI stub's table of where the initrd is is one by itself: it lies in LoaderData, which nobody
 * keeps, and which no entry of the runtime map covers; every later kernel finds its address again.
 */
#include <errno.h>

#include "capture/boot_params.h"
#include "capture/kernel_image.h"
#include "capture/kexec_segments.h"
#include "infer/why_no_map.h"
#include "linux/segment_placement.h"
#include "rules/engine.h"
#include "rules/memmap.h"

/*
 * struct table - a configuration table; the last is empty
 *
 * @log_name: what the kernel log calls it
 * @name:     what a reader calls it
 * @harm:     what the next kernel does if kexec has overwritten the table; NULL if it only lacks it
 * @outcome:  of @harm
 */
struct table {
	const char *log_name;
	const char *name;
	const char *harm;
	enum efimap_outcome outcome;
};

static bool table_is(const struct table *table, const char *log_name)
{
	return strcmp(table->log_name, log_name) == 0;
}

/* --- where kexec loads to, as --kexec-log has it --- */

/* The first that shares a byte, or EFIMAP_NO_SEGMENT */
static size_t kexec_find_segment(const struct check *c, struct efimap_span span)
{
	const struct efimap_segments *segments = c->options->segments;

	for (size_t i = 0; i < segments->count; i++)
		if (efimap_span_overlaps(segments->spans[i], span))
			return i;
	return EFIMAP_NO_SEGMENT;
}

static void kexec_say_segment(const struct check *c, struct say *say, size_t segment)
{
	const struct efimap_span span = c->options->segments->spans[segment];

	say_number(say, SAY_SEGMENT, segment);
	say_hex(say, SAY_SEGMENT_START, span.first);
	say_hex(say, SAY_SEGMENT_END, span.last);
}

/* --- tables --- */

/*
 * drivers/firmware/efi/efi.c: common_tables; arch/x86/platform/efi/efi.c: arch_tables. INITRD and
 * RNG are not listed: kernels zero them, and they have rules of their own. The list is fixed, so
 * that the work does not grow with what a log holds.
 */
static const struct table check_tables[] = {
	{ "MEMATTR", "Memory Attributes Table" },
	{ "ESRT", "EFI System Resource Table" },
	{ "BGRT", "boot logo of the BGRT" },
	{ "TPMEventLog", "TPM event log" },
	{ "TPMFinalLog", "final TPM event log" },
	{ "CCFinalLog", "final event log of confidential computing" },
	{ "MOKvar", "MOK variable table" },
	/* efi_config_parse_tables: efi.runtime_supported_mask &= tbl->runtime_services_supported */
	{ "RTPROP", "Runtime Properties Table", "may use no runtime services",
	  EFIMAP_OUTCOME_NO_RUNTIME },
	{ "CocoSecret", "secret area of confidential computing" },
	/* arch/x86/boot/compressed/mem.c: init_unaccepted_memory halts unless the version is 1. */
	{ "Unaccepted", "table of unaccepted memory", "halts before it prints a message",
	  EFIMAP_OUTCOME_NO_BOOT },
	{ "MEMRESERVE", "table of reserved memory" },
	{ "ACPI 2.0", "ACPI 2.0 root pointer" },
	{ "ACPI", "ACPI root pointer" },
	{ "SMBIOS", "SMBIOS entry point" },
	{ "SMBIOS 3.0", "SMBIOS 3.0 entry point" },
	{ NULL, NULL },
};

/* Where the log says that it lies */
static bool table_find(const struct efimap *map, const char *log_name, uint64_t *ret_address)
{
	/* quirks.c: efi_reuse_config leaves all ones where a table is not to be read again. */
	return efimap_find_pair(map->tables, map->n_tables, log_name, ret_address) &&
	       *ret_address != UINT64_MAX;
}

/* setup_data takes it from systab; a log has the line of the tables alone. */
static bool is_smbios_passed_on(const struct efimap *map)
{
	uint64_t smbios = 0;

	if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return !check_has_all_tables(map) ||
		       (efimap_find_pair(map->tables, map->n_tables, "SMBIOS", &smbios) &&
			smbios != 0);
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
		 efimap_why_unknown(c->map)));
}

/* Does it depend on the release of the next kernel whether that reads it? */
static bool table_depends_on_next(const struct check *c, const struct table *table)
{
	return (table_is(table, "MEMATTR") && is_smbios_passed_on(c->map)) ||
	       table_is(table, "Unaccepted");
}

/*
 * 64b45dd46e15 (6.14, 6.13.3): after kexec the Memory Attributes Table is skipped, but only
 * where efi_reuse_config() runs, which takes an SMBIOS address in setup_data. Of the two root
 * pointers of ACPI the newer one is taken (drivers/acpi/osl.c: acpi_os_get_root_pointer).
 */
static bool table_is_read(const struct check *c, const struct table *table)
{
	uint64_t address;

	if (table_is(table, "Unaccepted"))
		return check_next_has(c, EFIMAP_CHANGE_READS_UNACCEPTED, true);
	if (table_depends_on_next(c, table))
		return !check_next_has(c, EFIMAP_CHANGE_SKIPS_MEMATTR, false);
	return !table_is(table, "ACPI") ||
	       (check_has_all_tables(c->map) &&
		!efimap_find_pair(c->map->tables, c->map->n_tables, "ACPI 2.0", &address));
}

/* One cause, one finding: then the whole entry is where it must not be. */
static bool is_entry_named(const struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = entry ? memmap_rule_of_type(entry) : EFIMAP_RULE_COUNT;

	return rule != EFIMAP_RULE_COUNT && check_speaks(c, rule);
}

/* The range of memmap, if kexec takes what lies there for free memory */
static const struct efimap_range *table_find_ram(const struct check *c, uint64_t address)
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

	if (!table_find(c->map, table->log_name, &address))
		return;
	range = table_find_ram(c, address);
	/* When a table lies in several entries, the lowest is named. */
	entry = range ? efimap_find_covering_entry(c->map, check_pages_cover, address) : NULL;
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

/* Report a table whose loss is more than that. */
static void say_harmful(const struct check *c, struct say *say, const struct table *table)
{
	struct found found = { 0 };

	say_found_table(c, say, table, &found);
	if (found.count == 0)
		return;
	say_text(say, SAY_TABLE, table->name);
	say_text(say, SAY_HARM, table->harm);
	say_hex(say, SAY_ADDRESS, found.address);
	say_next(say, found.depends);
	say_as(say, AS_HARM);
	say_consequence(say, table->outcome);
	say_now(say);
}

static bool say_found(const struct check *c, struct say *say, bool is_read)
{
	struct found found = { 0 };

	for (const struct table *table = check_tables; table->log_name; table++)
		if (table_is_read(c, table) == is_read && !(is_read && table->harm))
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
	if (!is_any_read(c) || check_speaks(c, EFIMAP_RULE_SEGMENT_COLLISION))
		return false;
	for (const struct table *table = check_tables; table->log_name; table++)
		if (table->harm && table_is_read(c, table))
			say_harmful(c, say, table);
	if (say_found(c, say, true))
		say_now(say);
	return say_found(c, say, false);
}

/* --- tables that the next kernel zeroes --- */

/*
 * struct zeroed - a table that a kernel zeroes when it parses the configuration tables, also
 * after kexec
 *
 * @log_name: what the kernel log calls it
 * @bytes:    how much from its address on is zeroed, at most
 * @since:    the change of Linux that brought this
 * @presumed: what to assume of a kernel whose release does not tell whether it has the change
 */
struct zeroed {
	const char *log_name;
	uint64_t bytes;
	enum efimap_change since;
	bool presumed;
};

/* include/linux/efi.h: struct linux_efi_initrd, base and size */
static const struct zeroed initrd_table = { "INITRD", 16, EFIMAP_CHANGE_WIPES_INITRD, false };

/*
 * include/linux/efi.h: struct linux_efi_random_seed. The kernel takes the size from memory and
 * zeroes at most SZ_1K bytes behind it. Every stable series since 5.10 has done so since 2023.
 */
static const struct zeroed rng_table = { "RNG", 4 + 1024, EFIMAP_CHANGE_WIPES_SEED, true };

static bool is_zeroed_by_next(const struct check *c, const struct zeroed *table)
{
	return check_next_has(c, table->since, table->presumed);
}

/* What is not named can be any kernel. */
static bool may_be_zeroed(const struct check *c, const struct zeroed *table)
{
	return !c->is_next_named || check_next_has(c, table->since, true);
}

/* Report where the table is, if the next kernel reads it and kexec may overwrite it before. */
static bool find_zeroed(const struct check *c, struct say *say, const struct zeroed *table,
			struct efimap_span *ret_span)
{
	const struct efimap_range *range;
	uint64_t address;

	if (!is_any_read(c) || !table_find(c->map, table->log_name, &address) ||
	    efimap_span_make(address, table->bytes, ret_span) < 0)
		return false;
	range = table_find_ram(c, address);
	if (!range)
		return false;
	say_hex(say, SAY_ADDRESS, address);
	say_range(say, range);
	say_next(say, true);
	return true;
}

/* The image and the initrd are read after the table is; what else is loaded was used by then. */
static bool is_harmed(const struct efimap_segments *segments, size_t i)
{
	return i != EFIMAP_NO_SEGMENT && (i == segments->kernel || i == segments->initrd);
}

/* The log does not say which segment is the image, or which is the initrd. */
static bool may_be_harmed(const struct efimap_segments *segments, size_t i)
{
	return i != EFIMAP_NO_SEGMENT &&
	       (segments->kernel == EFIMAP_NO_SEGMENT ||
		(segments->initrd == EFIMAP_NO_SEGMENT && !segments->is_bare));
}

static bool say_hit(const struct check *c, struct say *say, const struct zeroed *table,
		    struct efimap_span span)
{
	const struct efimap_segments *segments = c->options->segments;
	const size_t segment = kexec_find_segment(c, span);
	const bool is_sure = is_harmed(segments, segment);

	if (!may_be_zeroed(c, table) || (!is_sure && !may_be_harmed(segments, segment)))
		return false;
	kexec_say_segment(c, say, segment);
	say_as(say, is_zeroed_by_next(c, table) ? AS_HIT : AS_PERHAPS);
	if (!is_sure)
		say_certainty(say, EFIMAP_MAY);
	return true;
}

/* arch/x86/kernel/setup.c: get_ramdisk_image */
static bool say_bare(const struct check *c, struct say *say)
{
	say_as(say, AS_BARE);
	return c->options->segments->is_bare;
}

static void say_loader(struct say *say, unsigned int loaders, const struct efimap_span *places)
{
	static const char *const names[] = { "kexec_load (kexec -c)",
					     "kexec_file_load (kexec -s)",
					     "either loader" };
	const bool has_tools = loaders & EFIMAP_LOADER_BIT(EFIMAP_LOADER_KEXEC_TOOLS);
	const unsigned int first = has_tools ? EFIMAP_LOADER_KEXEC_TOOLS :
					       EFIMAP_LOADER_KERNEL;

	say_text(say, SAY_LOADER, names[loaders - 1]);
	say_hex(say, SAY_SEGMENT_START, places[first].first);
	say_hex(say, SAY_SEGMENT_END, places[first].last);
}

/* Return: 0, -ENOENT where its address cannot be computed exactly, or -ENOMEM. */
static int place_kernel(const struct check *c, enum efimap_loader loader,
			struct efimap_span *ret_span)
{
	efimap_auto_load_memory struct efimap_load_memory memory = { 0 };
	const struct efimap_load load = {
		.image = c->options->image,
		.has_cmdline_len = true,
		.cmdline_len = (uint32_t)strlen(c->map->cmdline),
		.mem_min = c->options->mem_min,
		.mem_max = c->options->mem_max,
	};
	struct efimap_placement placement;
	const struct efimap_segment *kernel;
	const int ret = efimap_load_memory_make(c->map, loader, &memory);

	if (ret < 0)
		return ret;
	efimap_place(c->map, &memory, &load, &placement);
	kernel = efimap_find_segment(&placement, EFIMAP_SEGMENT_KERNEL);
	if (!kernel || !efimap_segment_is_exact(kernel))
		return -ENOENT;
	*ret_span = (struct efimap_span){ kernel->start, kernel->end };
	return 0;
}

/* Where nothing is loaded yet: which loader will put the image there, and which elsewhere? */
static void say_if_foreseen(const struct check *c, struct say *say, struct efimap_span span)
{
	struct efimap_span places[EFIMAP_LOADER_COUNT];
	unsigned int hit = 0, clear = 0;

	for (unsigned int i = 0; c->options->image && i < EFIMAP_LOADER_COUNT; i++) {
		int ret = -ENOENT;

		if (c->loaders & EFIMAP_LOADER_BIT(i))
			ret = place_kernel(c, (enum efimap_loader)i, &places[i]);
		if (ret == -ENOMEM)
			check_fail(say->check, ret);
		else if (ret == 0 && efimap_span_overlaps(places[i], span))
			hit |= EFIMAP_LOADER_BIT(i);
		else if (ret == 0)
			clear |= EFIMAP_LOADER_BIT(i);
	}
	if (!hit && (!clear || clear != c->loaders))
		return;
	say_loader(say, hit ? hit : clear, places);
	say_as(say, hit ? AS_FORESEEN : AS_CLEAR);
}

static void say_unloaded(const struct check *c, struct say *say, const struct zeroed *table,
			 struct efimap_span span)
{
	if (is_zeroed_by_next(c, table))
		say_if_foreseen(c, say, span);
	else
		say_as(say, AS_LOW);
}

bool rule_initrd_table_in_ram(const struct check *c, struct say *say)
{
	struct efimap_span span;

	if (!find_zeroed(c, say, &initrd_table, &span))
		return false;
	if (c->options->segments)
		return say_hit(c, say, &initrd_table, span) || say_bare(c, say);
	say_unloaded(c, say, &initrd_table, span);
	return true;
}

bool rule_rng_seed_table_in_ram(const struct check *c, struct say *say)
{
	struct efimap_span span;

	if (!find_zeroed(c, say, &rng_table, &span))
		return false;
	if (c->options->segments)
		return say_hit(c, say, &rng_table, span);
	say_unloaded(c, say, &rng_table, span);
	return true;
}

/* --- the image and its segments --- */

/* The reason why kexec-tools would not pass EFI to it, or NULL. */
static const char *why_passed_no_efi(const struct efimap_image *image)
{
	if (image->version < EFIMAP_BOOT_PROTOCOL_XLF)
		return "its boot protocol is older than 2.12";
	if (!(image->xloadflags & EFIMAP_XLF_KERNEL_64))
		return "it has no 64-bit entry point (XLF_KERNEL_64)";
	if (!(image->xloadflags & EFIMAP_XLF_EFI_KEXEC))
		return "it lacks XLF_EFI_KEXEC";
	return NULL;
}

bool rule_image_without_efi(const struct check *c, struct say *say)
{
	const struct efimap_image *image = c->options->image;
	const char *why = why_passed_no_efi(image);

	if (!why)
		return false;
	say_text(say, SAY_IMAGE, image->name);
	say_text(say, SAY_WHY, why);
	say_number(say, SAY_MAJOR, image->version >> 8);
	say_number(say, SAY_MINOR, image->version & 0xffu);
	say_hex(say, SAY_XLOADFLAGS, image->xloadflags);
	return true;
}

/*
 * Is it started on page tables that it cannot leave? A kernel of four levels copies what
 * the first entry of the top level points to (arch/x86/boot/compressed/pgtable_64.c).
 */
bool rule_five_level_paging(const struct check *c, struct say *say)
{
	const struct efimap_image *image = c->options->image;

	if (!c->map->five_levels ||
	    !(image->xloadflags & EFIMAP_XLF_KERNEL_64) ||
	    image->xloadflags & EFIMAP_XLF_5LEVEL_ENABLED)
		return false;
	say_text(say, SAY_IMAGE, image->name);
	say_text(say, SAY_RELEASE, c->map->release.text);
	say_hex(say, SAY_XLOADFLAGS, image->xloadflags);
	if (!(image->xloadflags & EFIMAP_XLF_5LEVEL)) {
		say_as(say, AS_UNSAID);
		return true;
	}
	return efimap_kernel_has(c->map, EFIMAP_CHANGE_MARKS_TOP_LEVEL, false) &&
	       !check_next_has(c, EFIMAP_CHANGE_MASKS_TOP_LEVEL, true);
}

/* A table that lies in an entry comes after it: one cause, one finding. */
void check_walk_targets(struct check *c)
{
	check_walk_entries(c);
	for (const struct table *table = check_tables; table->log_name; table++)
		check_visit(c, &(const struct subject){ .thing = table });
}

static size_t find_collision(const struct check *c, const struct efimap_entry *entry,
			     struct efimap_span *ret_span)
{
	return efimap_entry_is_runtime(entry) && pages_of(entry, ret_span)
		       ? kexec_find_segment(c, *ret_span)
		       : EFIMAP_NO_SEGMENT;
}

/* No kernel up to 6.12 applies the table after a kexec: it refuses what lies there, mostly. */
static bool is_tolerable(const struct check *c, const struct table *table)
{
	return table_is(table, "MEMATTR") && c->is_next_named &&
	       !check_next_has(c, EFIMAP_CHANGE_UPDATES_MAPPINGS, true);
}

/*
 * struct contents - tables that lie in an entry: all, and those that the next kernel misses
 * @outcome: the worst that follows from the loss of one, beyond that it is missing
 */
struct contents {
	size_t n_tables;
	size_t n_read;
	size_t n_grave;
	bool depends;
	enum efimap_outcome outcome;
};

static struct contents say_contents(const struct check *c, struct efimap_span span,
				    struct say *say)
{
	struct contents contents = { .outcome = EFIMAP_OUTCOME_NONE };
	uint64_t address;

	for (const struct table *table = check_tables; table->log_name; table++) {
		if (!table_find(c->map, table->log_name, &address) ||
		    !efimap_span_has(span, address))
			continue;
		contents.n_tables++;
		contents.n_read += table_is_read(c, table);
		contents.n_grave += table_is_read(c, table) && !is_tolerable(c, table);
		if (table->harm && table_is_read(c, table) && table->outcome > contents.outcome)
			contents.outcome = table->outcome;
		contents.depends |= table_depends_on_next(c, table);
		say_evidence(say, "kernel log", "%s=0x%" PRIx64, table->log_name, address);
	}
	return contents;
}

static bool lands_on_entry(const struct check *c, const struct efimap_entry *entry,
			   struct say *say)
{
	struct efimap_span span;
	const size_t segment = find_collision(c, entry, &span);
	struct contents contents;

	if (segment == EFIMAP_NO_SEGMENT)
		return false;
	contents = say_contents(c, span, say);
	kexec_say_segment(c, say, segment);
	say_next(say, contents.depends);
	say_as(say, AS_ENTRY);
	if (!efimap_entry_is_boot_services(entry))
		return true;
	if (contents.outcome != EFIMAP_OUTCOME_NONE)
		say_consequence(say, contents.outcome);
	if (contents.n_tables > 0 && contents.n_read == 0)
		say_as(say, AS_UNREAD);
	else if (contents.n_tables > 0 && contents.n_grave == 0)
		say_certainty(say, EFIMAP_MAY);
	return true;
}

static bool is_in_collision(const struct check *c, uint64_t address)
{
	struct efimap_span span;

	for (size_t i = 0; i < c->map->n_entries; i++)
		if (find_collision(c, &c->map->entries[i], &span) != EFIMAP_NO_SEGMENT &&
		    efimap_span_has(span, address))
			return true;
	return false;
}

static bool lands_on_table(const struct check *c, const struct table *table,
			   struct say *say)
{
	size_t segment;
	uint64_t address;

	if (!table_find(c->map, table->log_name, &address) || !table_is_read(c, table))
		return false;
	segment = kexec_find_segment(c, (struct efimap_span){ address, address });
	if (segment == EFIMAP_NO_SEGMENT || is_in_collision(c, address))
		return false;
	kexec_say_segment(c, say, segment);
	say_text(say, SAY_LOG_NAME, table->log_name);
	say_hex(say, SAY_ADDRESS, address);
	say_next(say, table_depends_on_next(c, table));
	if (table->harm)
		say_consequence(say, table->outcome);
	if (is_tolerable(c, table))
		say_certainty(say, EFIMAP_MAY);
	return true;
}

bool rule_segment_collision(const struct check *c, struct say *say)
{
	return say->entry ? lands_on_entry(c, say->entry, say)
			 : lands_on_table(c, say->thing, say);
}

/* Both loaders give the image the memory that it takes to start, in whole pages. */
static bool is_of_other_image(const struct check *c, struct say *say)
{
	const struct efimap_segments *segments = c->options->segments;
	const struct efimap_image *image = c->options->image;
	struct efimap_span span;
	uint64_t expected;

	if (!image || image->init_size == 0 || segments->kernel == EFIMAP_NO_SEGMENT)
		return false;
	span = segments->spans[segments->kernel];
	expected = efimap_whole_pages(image->init_size);
	kexec_say_segment(c, say, segments->kernel);
	say_text(say, SAY_IMAGE, image->name);
	say_hex(say, SAY_BYTES, span.last - span.first + 1);
	say_hex(say, SAY_EXPECTED, expected);
	say_as(say, AS_IMAGE);
	return span.last - span.first != expected - 1;
}

bool rule_kexec_log_mismatch(const struct check *c, struct say *say)
{
	const struct efimap_segments *segments = c->options->segments;

	if (is_of_other_image(c, say))
		return true;
	/* A range that was not read can be the RAM that a segment lies in. */
	if (!memmap_is_whole(c))
		return false;
	say_as(say, AS_USUAL);
	for (size_t i = 0; i < segments->count; i++) {
		kexec_say_segment(c, say, i);
		if (!table_find_ram(c, segments->spans[i].first) ||
		    !table_find_ram(c, segments->spans[i].last))
			return true;
	}
	return false;
}
