/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about loading a kernel with kexec. They check the kernel image, the segments, and the
 * memory that the segments overwrite. The segments are compared with the entries of the runtime
 * map, and with configuration tables whose addresses are in the kernel log.
 */
#include <errno.h>
#include <inttypes.h>

#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "infer/load_limits.h"
#include "infer/why_no_map.h"
#include "linux/crashkernel_parameter.h"
#include "linux/identity_map.h"
#include "linux/memory_needs.h"
#include "linux/segment_placement.h"
#include "rules/engine.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/read_facts.h"

/*
 * struct table - a configuration table; the last element of a list has no names
 * @log_name: name in the kernel log
 * @name:     name in findings
 * @harm:     the behaviour of the next kernel if kexec overwrites the table; NULL if that kernel
 *            can run without the table
 * @outcome:  outcome of @harm
 * @is_reserved: the header of the table determines the amount of memory that the kernel reserves
 * @is_expendable: the loss of the table harmed no boot, and costs nothing that a user sees
 */
struct table {
	const char *log_name;
	const char *name;
	const char *harm;
	enum outcome outcome;
	bool is_reserved;
	bool is_expendable;
};

/* Any 64-bit image requires at least this alignment (arch/x86/Kconfig: PHYSICAL_ALIGN). */
#define MIN_KERNEL_ALIGN ((uint64_t)2 << 20)

#define KEXEC_ANY_SEGMENT UINT32_MAX
#define KEXEC_IMAGES                                                                               \
	(UINT32_C(1) << EFIMAP_SEGMENT_KERNEL | UINT32_C(1) << EFIMAP_SEGMENT_INITRD |             \
	 UINT32_C(1) << EFIMAP_SEGMENT_UNKNOWN)

/* Return whether a span is outside the reserved memory, into which a crash kernel is loaded. */
static bool is_out_of_reach(const struct load_case *load, struct span span)
{
	return load->has_crash && !span_overlaps(load->crash, span);
}

/*
 * struct hit - a segment that overlaps, or may overlap, a range of memory
 * @number:    position of the segment in the placement
 * @certainty: EFIMAP_CERTAIN if the segment certainly overlaps the range, else EFIMAP_UNKNOWN
 * @offset_min: lowest possible offset of the range in the segment
 */
struct hit {
	const struct load_segment *segment;
	size_t number;
	enum certainty certainty;
	uint64_t offset_min;
};

/* A segment's range of possible addresses may include memory that the loader does not use. */
static bool is_usable(const struct load_case *load, struct span span)
{
	if (load->is_from_log)
		return true;
	if (is_out_of_reach(load, span))
		return false;
	for (size_t i = 0; i < load->n_ram; i++)
		if (span_overlaps(load->ram[i], span))
			return true;
	return false;
}

/*
 * Find the first segment of @kinds that overlaps @span at every possible address, or otherwise the
 * first one that may overlap @span.
 */
static bool find_hit(const struct load_case *load, struct span span, uint32_t kinds,
		     struct hit *ret_hit)
{
	/* The size of an assumed kernel is an assumption, so no hit is certain. */
	const bool is_exact =
		load->is_from_log || (placement_is_sure(&load->placement) && !load->is_assumed);
	bool found = false;

	for (size_t i = 0; i < load->placement.count && is_usable(load, span); i++) {
		const struct load_segment *segment = &load->placement.segments[i];
		const bool will = segment_will_hit(segment, span);

		if (!(kinds >> segment->kind & 1) ||
		    !(will || (!found && segment_may_hit(segment, span))))
			continue;
		found = true;
		*ret_hit = (struct hit){
			.segment = segment,
			.number = i,
			.certainty = will && is_exact ? EFIMAP_CERTAIN : EFIMAP_UNKNOWN,
			.offset_min = span.first > segment->start_max
					      ? span.first - segment->start_max
					      : 0,
		};
		if (will)
			return true;
	}
	return found;
}

static void report_place(struct match *match, size_t number, const struct load_segment *segment)
{
	set_number(match, VALUE_SEGMENT, number);
	set_hex(match, VALUE_SEGMENT_START, segment->start);
	set_hex(match, VALUE_SEGMENT_END, segment->end);
}

static void report_segment(const struct facts_for_rules *c, struct match *match,
			   const struct hit *hit)
{
	const bool will = hit->certainty == EFIMAP_CERTAIN;
	const enum segment_kind kind = hit->segment->kind;

	report_kernel(c, match);
	if (kind == EFIMAP_SEGMENT_OTHER || kind == EFIMAP_SEGMENT_UNKNOWN)
		set_text(match, VALUE_WHICH, "a segment of an unknown kind");
	else
		set_format(match, VALUE_WHICH, "the %s%s (%s0x%" PRIx64 "-0x%" PRIx64 ")",
			   segment_kind_name(kind),
			   kind == EFIMAP_SEGMENT_KERNEL || kind == EFIMAP_SEGMENT_INITRD
				   ? ""
				   : " segment",
			   hit->segment->start_max > hit->segment->start ? "within " : "",
			   hit->segment->start, hit->segment->end);
	set_text(match, VALUE_WHAT, segment_kind_name(kind));
	report_place(match, hit->number, hit->segment);
	set_text(match, VALUE_IS, will ? "is" : "may be");
	set_text(match, VALUE_PLACES,
		 will ? "places"
		 : hit->segment->start_max > hit->segment->start
			 ? "may, depending on the sizes of kernel and initrd, place"
			 : "may place");
	set_certainty(match, hit->certainty);
}

/*
 * Configuration tables that the kernel reads (drivers/firmware/efi/efi.c: common_tables;
 * arch/x86/platform/efi/efi.c: arch_tables). INITRD and RNG have their own rules, because kernels
 * zero them. The list is fixed, so the run time does not depend on the contents of a log.
 */
static const struct table config_tables[] = {
	/* Source: drivers/firmware/efi/memattr.c: efi_memattr_init */
	{ "MEMATTR", "Memory Attributes Table", .is_reserved = true, .is_expendable = true },
	{ "ESRT", "EFI System Resource Table" },
	/* Source: drivers/firmware/efi/tpm.c: efi_tpm_eventlog_init */
	{ "TPMEventLog", "TPM event log", .is_reserved = true },
	{ "TPMFinalLog", "TPM final events table" },
	{ "CCFinalLog", "confidential computing final events table" },
	{ "MOKvar", "MOK variable table" },
	/*
	 * The kernel ANDs the mask in this table into efi.runtime_supported_mask
	 * (drivers/firmware/efi/efi.c: efi_config_parse_tables).
	 */
	{ "RTPROP", "Runtime Properties Table", "may run without runtime services",
	  EFIMAP_OUTCOME_NO_RUNTIME },
	{ "CocoSecret", "confidential computing secret area" },
	/* Source: arch/x86/boot/compressed/mem.c: init_unaccepted_memory */
	{ "Unaccepted", "unaccepted memory table", "halts in the decompressor",
	  EFIMAP_OUTCOME_NO_BOOT },
	{ "MEMRESERVE", "memory reservation table" },
	{ "ACPI 2.0", "ACPI 2.0 root pointer" },
	{ "ACPI", "ACPI root pointer" },
	{ "SMBIOS", "SMBIOS entry point" },
	{ "SMBIOS 3.0", "SMBIOS 3.0 entry point" },
	{ NULL, NULL },
};

static bool table_find(const struct efimap *map, const char *log_name, uint64_t *ret_address)
{
	/* All ones mark a table that a kexec'd kernel ignores (quirks.c: efi_reuse_config). */
	return find_named_address(map->tables, map->n_tables, log_name, ret_address) &&
	       *ret_address != UINT64_MAX;
}

/*
 * Return whether kexec-tools copies the address of SMBIOS from systab to setup_data. A log contains
 * the list of tables instead of systab. An incomplete list counts as listing SMBIOS.
 */
static bool is_smbios_passed_on(const struct efimap *map)
{
	const bool is_log = find_first_origin(map) == EFIMAP_ORIGIN_LOG;
	uint64_t smbios = 0;

	find_named_address(is_log ? map->tables : map->systab,
			   is_log ? map->n_tables : map->n_systab, "SMBIOS", &smbios);
	return (is_log && !has_all_tables(map)) || smbios != 0;
}

/*
 * Return whether the next kernel may read configuration tables. A kernel reads none if kexec passes
 * no EFI data. A runtime map that the capture lacks may exist on the system, and may be passed.
 */
static bool is_any_read(const struct facts_for_rules *c)
{
	const struct load_case *load = c->load;

	if (load_has_image(load) && why_passed_no_efi(load->plan.image))
		return false;
	return !c->kernel_32bit && (c->map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_ABSENT ||
				    (c->map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT &&
				     why_map_unknown(c->map)));
}

/*
 * Return whether the next kernel uses a table.
 *
 * Since 64b45dd46e15 (6.14, 6.13.3), a kexec'd kernel ignores the Memory Attributes Table if
 * setup_data contains an SMBIOS address (quirks.c: efi_reuse_config). Kernels up to 6.12 do not
 * apply the table after kexec (efi.c: kexec_enter_virtual_mode), but they reserve the memory that
 * its header describes, whatever the header contains (memattr.c: efi_memattr_init). If there is, or
 * may be, an ACPI 2.0 root pointer, the other ACPI root pointer is not used (drivers/acpi/osl.c:
 * acpi_os_get_root_pointer).
 *
 * For an assumed kernel before 6.13 or of unknown release, the Memory Attributes Table does not
 * count as used, because a hit is not certain and usually has no effect.
 */
static enum known is_table_used(const struct facts_for_rules *c, const struct table *table)
{
	uint64_t address;

	if (strcmp(table->log_name, "ACPI") == 0 &&
	    (!has_all_tables(c->map) ||
	     find_named_address(c->map->tables, c->map->n_tables, "ACPI 2.0", &address)))
		return EFIMAP_KNOWN_NO;
	if (strcmp(table->log_name, "Unaccepted") == 0)
		return next_kernel_has(c, EFIMAP_CHANGE_READS_UNACCEPTED, true) ? EFIMAP_KNOWN_YES
										: EFIMAP_KNOWN_NO;
	if (strcmp(table->log_name, "MEMATTR") != 0)
		return EFIMAP_KNOWN_YES;
	if (c->load->release.major == 0 ||
	    !next_kernel_has(c, EFIMAP_CHANGE_UPDATES_MAPPINGS, true))
		return c->load->is_assumed ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
	/* If the address of SMBIOS is passed, only Linux 6.13 to 6.13.2 may use the table. */
	if (next_kernel_has(c, EFIMAP_CHANGE_SKIPS_MEMATTR, true) && is_smbios_passed_on(c->map))
		return EFIMAP_KNOWN_NO;
	return next_kernel_has(c, EFIMAP_CHANGE_UPDATES_MAPPINGS, false) ? EFIMAP_KNOWN_YES
									 : EFIMAP_NOT_KNOWN;
}

/* Return whether a rule reports @entry if the entry is in System RAM. @entry may be NULL. */
static bool is_entry_reported(const struct facts_for_rules *c, const struct map_entry *entry)
{
	const enum rule_id rule = entry ? memmap_rule_of_type(entry) : EFIMAP_RULE_COUNT;

	return rule != EFIMAP_RULE_COUNT && rule_may_match(c, rule);
}

static const char *why_unplaced(const struct facts_for_rules *c)
{
	const struct load_case *load = c->load;
	const struct placement *placement = &load->placement;

	if (placement->reason == EFIMAP_UNPLACED_NO_IOMEM && capture_is_offline(c->map))
		return find_first_origin(c->map) == EFIMAP_ORIGIN_LOG
			       ? "a kernel log does not show where the next kernel is loaded"
			       : "proc/iomem was not collected";
	if (placement->reason == EFIMAP_UNPLACED_NOT_RESERVED && iomem_lacks_lines(c->map))
		return "proc/iomem is incomplete";
	if (!load->plan.image && placement->reason == EFIMAP_UNPLACED_NO_SIZE)
		return "the kernel image is unknown";
	if (placement->reason != EFIMAP_PLACED)
		return unplaced_text(placement->reason);
	return "free memory ranges may be too small";
}

static void report_unplaced(const struct facts_for_rules *c, struct match *match)
{
	report_kernel(c, match);
	set_text(match, VALUE_UNPLACED, why_unplaced(c));
	set_certainty(match, EFIMAP_UNKNOWN);
}

/*
 * enum table_risk - the effect of a load on a table in System RAM
 * @TABLE_UNUSED: the next kernel does not use the table
 * @TABLE_CLEAR:  no segment overlaps the table
 * @TABLE_HIT:    a segment overlaps the table, or may overlap it (segment-collision)
 * @TABLE_AT_RISK: the addresses of the segments are unknown or uncertain
 */
enum table_risk {
	TABLE_UNUSED,
	TABLE_CLEAR,
	TABLE_HIT,
	TABLE_AT_RISK,
};

struct found {
	const struct table *first;
	uint64_t address;
	size_t count;
};

static void report_found_table(const struct facts_for_rules *c, struct match *match,
			       const struct table *table, enum table_risk risk, struct found *found)
{
	enum table_risk seen = TABLE_AT_RISK;
	const struct memory_range *range;
	const struct map_entry *entry;
	uint64_t address;
	struct hit hit;

	if (!table_find(c->map, table->log_name, &address))
		return;
	range = spans_range(&c->spans, SPANS_RAM, span_of_byte(address));
	/* If several entries contain a table, use the lowest entry. */
	entry = range ? find_covering_entry(c->map, pages_cover_address, address) : NULL;
	if (!range || is_entry_reported(c, entry) ||
	    is_out_of_reach(c->load, span_of_byte(address)))
		return;
	if (is_table_used(c, table) == EFIMAP_KNOWN_NO)
		seen = TABLE_UNUSED;
	else if (find_hit(c->load, span_of_byte(address), KEXEC_ANY_SEGMENT, &hit))
		seen = TABLE_HIT;
	else if (placement_is_sure(&c->load->placement))
		seen = TABLE_CLEAR;
	if (seen != risk)
		return;
	if (found->count++ == 0) {
		found->first = table;
		found->address = address;
	}
	append_text(match, VALUE_NAMES, table->log_name);
	add_evidence(match, "kernel log", "%s=0x%" PRIx64, table->log_name, address);
	add_label_evidence(match, range);
	if (entry)
		add_finding_entry(match, entry);
}

/*
 * Set the values for all tables with the risk @risk, and return the number of tables. With
 * TABLE_AT_RISK, tables whose member @harm is set are not counted, because rule_table_in_ram()
 * reports each of them separately.
 */
static size_t report_found(const struct facts_for_rules *c, struct match *match,
			   enum table_risk risk)
{
	struct found found = { 0 };

	for (const struct table *table = config_tables; table->log_name; table++)
		if (risk != TABLE_AT_RISK || !table->harm)
			report_found_table(c, match, table, risk, &found);
	if (found.count == 0)
		return 0;
	set_number(match, VALUE_TABLES, found.count);
	set_text(match, VALUE_TABLE, found.first->name);
	set_hex(match, VALUE_ADDRESS, found.address);
	report_unplaced(c, match);
	return found.count;
}

bool rule_table_in_ram(const struct facts_for_rules *c, struct match *match)
{
	size_t count;

	if (!is_any_read(c))
		return false;
	for (const struct table *table = config_tables; table->log_name; table++) {
		struct found found = { 0 };

		if (table->harm)
			report_found_table(c, match, table, TABLE_AT_RISK, &found);
		if (found.count == 0)
			continue;
		set_text(match, VALUE_TABLE, table->name);
		set_text(match, VALUE_HARM, table->harm);
		set_hex(match, VALUE_ADDRESS, found.address);
		report_unplaced(c, match);
		use_variant(match, VARIANT_HARM);
		set_outcome(match, table->outcome);
		finish_finding(match);
	}
	count = report_found(c, match, TABLE_AT_RISK);
	if (count > 1)
		use_variant(match, VARIANT_SEVERAL);
	if (count > 0)
		finish_finding(match);
	if (report_found(c, match, TABLE_CLEAR)) {
		use_variant(match, VARIANT_CLEAR);
		finish_finding(match);
	}
	use_variant(match, VARIANT_UNUSED);
	return report_found(c, match, TABLE_UNUSED) > 0;
}

/*
 * struct zeroed - a table that a kernel zeroes when it parses the configuration tables, even
 * after kexec
 * @log_name: name in the kernel log
 * @bytes:    the kernel may zero bytes only within this number of bytes from the start of the table
 * @since:    change of Linux that introduced the zeroing
 * @presumed: whether a kernel is assumed to contain the change if its release is not conclusive
 * @from:     kernels with the change, for messages about an unknown release
 * @effect:   the share of test boots that failed because the kernel zeroed a part of itself, as a
 *            sentence without a full stop
 */
struct zeroed {
	const char *log_name;
	uint64_t bytes;
	enum change since;
	enum known presumed;
	const char *from;
	const char *effect;
};

/* The kernel zeroes the base and the size in this table (linux/efi.h: struct linux_efi_initrd). */
static const struct zeroed initrd_table = { "INITRD",
					    16,
					    EFIMAP_CHANGE_WIPES_INITRD,
					    EFIMAP_NOT_KNOWN,
					    "Linux 6.19 or later",
					    "In tests, 6 of 18 such boots failed" };

/*
 * The kernel reads the size from memory and zeroes at most SZ_1K bytes after the size field
 * (include/linux/efi.h: struct linux_efi_random_seed). All stable series since 5.10 began to zero
 * the table in 2023.
 */
static const struct zeroed rng_table = { "RNG",
					 4 + 1024,
					 EFIMAP_CHANGE_WIPES_SEED,
					 EFIMAP_KNOWN_YES,
					 "Linux 6.2 or later",
					 "In tests, 10 of 11 such boots failed" };

/* If the table is in System RAM, set the values of its findings and the span that may be zeroed. */
static bool find_table_in_ram(const struct facts_for_rules *c, struct match *match,
			      const struct zeroed *table, struct span *ret_span)
{
	const struct memory_range *range;
	uint64_t address;

	if (!table_find(c->map, table->log_name, &address) ||
	    span_make(address, table->bytes, ret_span) < 0)
		return false;
	range = spans_range(&c->spans, SPANS_RAM, span_of_byte(address));
	if (!range)
		return false;
	set_hex(match, VALUE_ADDRESS, address);
	set_range(match, range);
	report_kernel(c, match);
	return true;
}

static bool report_zeroed(const struct facts_for_rules *c, struct match *match,
			  const struct zeroed *table, struct span span)
{
	const struct load_case *load = c->load;
	const enum known zeroed = next_kernel_has(c, table->since, false)  ? EFIMAP_KNOWN_YES
				  : next_kernel_has(c, table->since, true) ? table->presumed
									   : EFIMAP_KNOWN_NO;
	const char *effect = table->effect;
	enum segment_kind kind;
	struct hit hit;
	uint64_t running;

	/* For the load in a kexec log, a kernel that does not zero the table is not reported. */
	if (zeroed == EFIMAP_KNOWN_NO) {
		use_variant(match, VARIANT_NOT_ZEROED);
		return !load->is_from_log;
	}
	report_unplaced(c, match);
	if (load->release.major == 0)
		set_text(match, VALUE_VERSION, table->from);
	if (load->release.major == 0 && !load->is_assumed)
		effect = load->plan.image ? "The kernel image does not show its release"
					  : "Whether the kernel does this depends on its release";
	set_text(match, VALUE_EFFECT, effect);
	/*
	 * In mixed mode, kexec_load passes entries of conventional memory, into which the next
	 * kernel moves itself before it zeroes the table (arch/x86/platform/efi/efi.c:
	 * should_map_region; arch/x86/boot/compressed/kaslr.c: process_efi_entries). The kernel
	 * then no longer uses its segment.
	 */
	if (c->mixed_mode && find_hit(load, span, UINT32_C(1) << EFIMAP_SEGMENT_KERNEL, &hit))
		return false;
	if (!find_hit(load, span, KEXEC_IMAGES, &hit)) {
		if (placement_is_sure(&load->placement) || is_out_of_reach(load, span))
			use_variant(match, VARIANT_CLEAR);
		return !load->is_from_log;
	}
	kind = hit.segment->kind;
	running = measure_kernel(c->map);
	report_segment(c, match, &hit);
	if (load->release.major == 0)
		set_text(match, VALUE_VERSION, table->from);
	if (effect == table->effect && kind == EFIMAP_SEGMENT_INITRD)
		set_text(match, VALUE_EFFECT, "The kernel may fail to unpack the damaged initrd");
	/* The damage may be certain, but its effect depends on which bytes are zeroed. */
	lower_certainty(match, zeroed == EFIMAP_KNOWN_YES ? EFIMAP_CHANCE : EFIMAP_UNKNOWN);
	/*
	 * Memory after the kernel's bss is used only by decompression. The size of the kernel with
	 * its bss is known only for the running kernel.
	 */
	use_variant(match, kind == EFIMAP_SEGMENT_KERNEL && running > 0 &&
					   strcmp(load->release.text, c->map->release.text) == 0 &&
					   hit.offset_min >= running
				   ? VARIANT_BEHIND
				   : VARIANT_HIT);
	return true;
}

bool rule_initrd_table_in_ram(const struct facts_for_rules *c, struct match *match)
{
	struct span span;

	if (!is_any_read(c) || !find_table_in_ram(c, match, &initrd_table, &span))
		return false;
	/*
	 * If kexec loads no initrd, the next kernel uses the initrd address in the INITRD table
	 * (arch/x86/kernel/setup.c: get_ramdisk_image).
	 */
	if (c->load->plan.has_initrd_size && c->load->plan.initrd_size == 0) {
		use_variant(match, kernel_has(c->map, EFIMAP_CHANGE_WIPES_INITRD, false)
					   ? VARIANT_EMPTIED
					   : VARIANT_BARE);
		return true;
	}
	return report_zeroed(c, match, &initrd_table, span);
}

bool rule_rng_seed_table_in_ram(const struct facts_for_rules *c, struct match *match)
{
	struct span span;
	bool is_zeroed;

	if (!find_table_in_ram(c, match, &rng_table, &span))
		return false;
	is_zeroed = is_any_read(c) && report_zeroed(c, match, &rng_table, span);
	if (c->load->question == EFIMAP_QUESTION_KDUMP)
		return is_zeroed;
	/*
	 * Before kexec, but not after a panic, the running kernel writes to the table, whatever
	 * kernel is loaded (efi.c: update_efi_random_seed).
	 */
	if (!is_zeroed || match->as != VARIANT_HIT)
		use_variant(match, VARIANT_WRITTEN);
	set_certainty(match, EFIMAP_CHANCE);
	return true;
}

bool rule_image_without_efi(const struct facts_for_rules *c, struct match *match)
{
	const struct kernel_image *image = c->load->plan.image;
	const char *why = why_passed_no_efi(image);

	if (!why)
		return false;
	set_text(match, VALUE_IMAGE, mark_data(match, image->name));
	set_text(match, VALUE_WHY, why);
	set_number(match, VALUE_MAJOR, image->version >> 8);
	set_number(match, VALUE_MINOR, image->version & 0xffu);
	set_hex(match, VALUE_XLOADFLAGS, image->xloadflags);
	return true;
}

bool rule_load_memory(const struct facts_for_rules *c, struct match *match)
{
	const uint64_t available = kexec_of(c->map)->memory.available;
	struct load_parts parts;
	struct need need;

	if (!c->load->plan.image)
		return false;
	parts = load_parts_of(c->load);
	need = loading_need(&parts, c->load->question == EFIMAP_QUESTION_KDUMP);
	report_kernel(c, match);
	report_memory(match, need.least, available);
	return match_fact(match, memory_is_known(c->map)) &&
	       fit_of(need, available) == EFIMAP_DOES_NOT_FIT;
}

bool rule_crash_memory(const struct facts_for_rules *c, struct match *match)
{
	struct load_parts parts;
	struct need need, memory;
	uint64_t used;

	if (!find_boot_need(c->map, c->load, &need, &memory))
		return false;
	report_kernel(c, match);
	if (need.least > memory.most) {
		report_memory(match, need.least, memory.most);
		if (may_unpack_into_tmpfs(c->load->cmdline))
			use_variant(match, VARIANT_TMPFS);
		return true;
	}
	/* If the crash kernel certainly fits, report the remaining memory. */
	if (need.most == EFIMAP_NO_UPPER_BOUND || need.most > memory.least)
		return false;
	parts = load_parts_of(c->load);
	used = boot_bytes_max(&parts) + early_bytes_max(c->map, c->load);
	report_memory(match, used, memory.least);
	set_format(match, VALUE_LEFT, "%" PRIu64 " MiB", (memory.least - used) / MIB);
	use_variant(match, VARIANT_LEFT);
	return true;
}

bool rule_boot_memory(const struct facts_for_rules *c, struct match *match)
{
	struct need need, memory;

	if (!find_boot_need(c->map, c->load, &need, &memory) || need.least <= memory.most)
		return false;
	report_kernel(c, match);
	report_memory(match, need.least, memory.most);
	return true;
}

/* Return whether a parameter disables EFI, and report it. @cmdline is NULL if it is unknown. */
static bool report_disabling(const struct release *release, const char *cmdline,
			     struct match *match)
{
	const char *reason = find_disabling_parameter(cmdline, NULL);

	set_text(match, VALUE_BECAUSE, "");
	if (!reason && cmdline_has_efi_option(cmdline, "old_map") &&
	    !release_has(release, EFIMAP_CHANGE_LIMITS_OLD_MAP, true)) {
		reason = "efi=old_map";
		/* The effect of efi=old_map was checked only in Linux 4.9 or later. */
		if (!release_has(release, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, false)) {
			set_certainty(match, EFIMAP_UNKNOWN);
			set_text(match, VALUE_BECAUSE,
				 ", whose effect is known only in Linux 4.9 or later");
		}
	}
	if (reason)
		set_text(match, VALUE_PARAMETER, reason);
	return reason != NULL;
}

#define DUMP_WITHOUT_EFI                                                                           \
	"Saving a dump needs EFI only for modules that are signed with a machine owner key (MOK) " \
	"and for pstore in EFI variables. If you use one of these"
#define REMOVE(what)                                                                               \
	DUMP_WITHOUT_EFI ", remove " what " from the configuration of the kdump service"
#define PARAMETER "the parameter that disables EFI"
/* A value of KDUMP_CMDLINE_APPEND replaces the default (kdump-config). */
#define ADD                                                                                        \
	DUMP_WITHOUT_EFI ", add efi=runtime to its parameters in the configuration of the "        \
			 "kdump service (on Debian, keep the default parameters in "               \
			 "KDUMP_CMDLINE_APPEND)"

bool rule_crash_parameters(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const bool is_loaded = c->machine->kdump.state != EFIMAP_KDUMP_NOT_LOADED;

	set_text(match, VALUE_ADVICE,
		 is_loaded ? LOAD_AGAIN(c->machine, REMOVE(PARAMETER) ", and ")
			   : REMOVE(PARAMETER));
	return report_disabling(&load->release, load->cmdline, match);
}

bool rule_next_runtime_disabled(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct fact is_off = runtime_is_off_by_default(c->map, load);
	const struct fact seems_off = fact_or(is_off, runtime_seems_off_by_default(load));
	const struct fact stays_off =
		fact_and(is_off, fact_not(load_efi_option(c->map, load, "runtime")));

	if (load->is_assumed || !load->plan.image || c->runtime_off)
		return false;
	report_kernel(c, match);
	set_text(match, VALUE_ADVICE,
		 load->question == EFIMAP_QUESTION_KEXEC
			 ? "If EFI is needed after kexec, add efi=runtime to the parameters of the "
			   "next kernel: for kexec, with --reuse-cmdline --append=efi=runtime, and "
			   "for systemctl kexec, in the boot loader entry"
		 : c->machine->kdump.state != EFIMAP_KDUMP_NOT_LOADED
			 ? LOAD_AGAIN(c->machine, ADD ", and ")
			 : ADD);
	return match_hinted(match, stays_off, seems_off, VARIANT_UNREAD);
}

/*
 * In Debian's kernels 5.10 to 7.3, the last bytes of the image are a checksum or padding. None of
 * these kernels booted without the last 4096 bytes. If fewer bytes are missing, a kernel may boot.
 */
#define IMAGE_TAIL 4096

bool rule_image_truncated(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;

	if (load->is_truncated == EFIMAP_KNOWN_NO)
		return false;
	set_text(match, VALUE_IMAGE, mark_data(match, load->plan.image->name));
	report_image_size(c, match);
	set_number(match, VALUE_MISSING, load->plan.image->file_size - load->image_size);
	if (load->is_truncated == EFIMAP_NOT_KNOWN)
		use_variant(match, capture_is_offline(c->map) ? VARIANT_COPY : VARIANT_LOADED);
	else if (load->plan.image->file_size - load->image_size < IMAGE_TAIL)
		use_variant(match, VARIANT_TAIL);
	return true;
}

/*
 * Report a next kernel that cannot, or may not be able to, switch from 5-level to 4-level paging,
 * or that does not declare support for 5-level paging. For the switch, the next kernel copies the
 * table to which the first top-level entry points (arch/x86/boot/compressed/pgtable_64.c). The
 * running kernel sets bit 58 of this entry. A next kernel that does not mask the bit interprets it
 * as a part of the address.
 */
bool rule_five_level_paging(const struct facts_for_rules *c, struct match *match)
{
	const struct kernel_image *image = c->load->plan.image;
	const bool is_enabled = image->xloadflags & EFIMAP_XLF_5LEVEL_ENABLED;
	const struct fact is_disabled = likely_parameter(c->map, c->load, "no5lvl");
	const enum known is_marked = find_change(&c->map->release, EFIMAP_CHANGE_MARKS_TOP_LEVEL);
	const enum known is_masked = find_change(&c->load->release, EFIMAP_CHANGE_MASKS_TOP_LEVEL);

	if (!(image->xloadflags & EFIMAP_XLF_KERNEL_64))
		return false;
	if (c->load->question == EFIMAP_QUESTION_KDUMP)
		set_text(match, VALUE_ADVICE, advise_no5lvl(c->machine));
	set_text(match, VALUE_IMAGE, mark_data(match, image->name));
	set_text(match, VALUE_RELEASE, c->map->release.text);
	set_hex(match, VALUE_XLOADFLAGS, image->xloadflags);
	if (!(image->xloadflags & EFIMAP_XLF_5LEVEL))
		use_variant(match, VARIANT_UNDECLARED);
	else if (is_marked == EFIMAP_KNOWN_NO || is_masked == EFIMAP_KNOWN_YES)
		return false;
	else if (is_marked != EFIMAP_KNOWN_YES || is_masked != EFIMAP_KNOWN_NO)
		use_variant(match, VARIANT_PERHAPS);
	return match_fact(match, fact_and(uses_five_levels(c->map),
					  is_enabled ? is_disabled : fact_of(true)));
}

/* The size of the pages with which the direct map and the identity map cover the RMP table. */
#define RMP_PAGE (UINT64_C(2) << 20)

bool rule_rmp_table_page(const struct facts_for_rules *c, struct match *match)
{
	struct span spans[2];
	struct hit hit;
	size_t count;

	if (!match_fact(match, snp_host(c->map)))
		return false;
	count = find_rmp_neighbours(c->map, spans);
	for (size_t i = 0; i < count; i++) {
		if (find_hit(c->load, spans[i], KEXEC_ANY_SEGMENT, &hit))
			report_segment(c, match, &hit);
		else if (placement_is_sure(&c->load->placement) ||
			 c->load->question == EFIMAP_QUESTION_KDUMP)
			continue;
		else
			use_variant(match, VARIANT_UNPLACED);
		set_hex(match, VALUE_ADDRESS, spans[i].first / RMP_PAGE * RMP_PAGE);
		return true;
	}
	return false;
}

void walk_targets(struct rule_run *run)
{
	walk_entries(run);
	for (const struct table *table = config_tables; table->log_name; table++)
		visit_subject(run, &(const struct subject){ .thing = table });
}

/*
 * Find a segment that overlaps a runtime region. Of boot services, the next kernel uses only
 * tables, which hits_table() checks.
 */
static bool find_collision(const struct facts_for_rules *c, const struct map_entry *entry,
			   struct span *ret_span, struct hit *ret_hit)
{
	return entry_is_runtime(entry) && !entry_is_boot_services(entry) &&
	       pages_of(entry, ret_span) &&
	       find_hit(c->load, *ret_span, KEXEC_ANY_SEGMENT, ret_hit);
}

static bool hits_entry(const struct facts_for_rules *c, const struct map_entry *entry,
		       struct match *match)
{
	struct span span;
	uint64_t address;
	struct hit hit;

	if (!find_collision(c, entry, &span, &hit)) {
		/* If the placement is not certain, a segment may overlap the entry. */
		if (placement_is_sure(&c->load->placement) ||
		    !entry_has_type(entry, FIRMWARE_TYPES) || is_entry_reported(c, entry) ||
		    !pages_of(entry, &span) || !is_usable(c->load, span))
			return false;
		report_unplaced(c, match);
		use_variant(match, VARIANT_UNPLACED);
		return true;
	}
	for (const struct table *table = config_tables; table->log_name; table++)
		if (table_find(c->map, table->log_name, &address) && span_has(span, address))
			add_evidence(match, "kernel log", "%s=0x%" PRIx64, table->log_name,
				     address);
	report_segment(c, match, &hit);
	use_variant(match, VARIANT_ENTRY);
	/* It is unknown which firmware calls use the region, so some calls may work. */
	lower_certainty(match, EFIMAP_CHANCE);
	if (!entry_has_type(entry, FIRMWARE_TYPES)) {
		use_variant(match, VARIANT_OTHER);
		set_outcome(match, EFIMAP_OUTCOME_MEMORY_AT_RISK);
	}
	return true;
}

static bool hits_table(const struct facts_for_rules *c, const struct table *table,
		       struct match *match)
{
	struct span span;
	struct hit hit, other;
	uint64_t address;

	if (!is_any_read(c) || !table_find(c->map, table->log_name, &address) ||
	    is_table_used(c, table) == EFIMAP_KNOWN_NO ||
	    !find_hit(c->load, span_of_byte(address), KEXEC_ANY_SEGMENT, &hit))
		return false;
	/* hits_entry() reports the entry in which a table is. Some tables have another effect. */
	for (size_t i = 0; !table->harm && i < c->map->n_entries; i++)
		if (find_collision(c, &c->map->entries[i], &span, &other) &&
		    span_has(span, address))
			return false;
	report_segment(c, match, &hit);
	if (is_table_used(c, table) == EFIMAP_NOT_KNOWN)
		lower_certainty(match, EFIMAP_UNKNOWN);
	set_text(match, VALUE_TABLE, table->name);
	set_text(match, VALUE_LOG_NAME, table->log_name);
	set_hex(match, VALUE_ADDRESS, address);
	if (table->is_reserved)
		use_variant(match, VARIANT_RESERVED);
	/* The next kernel reserves a random amount of memory. All tested boots worked. */
	if (table->is_reserved && table->is_expendable) {
		lower_certainty(match, EFIMAP_UNKNOWN);
		set_outcome(match, EFIMAP_OUTCOME_NONE);
	}
	if (table->harm)
		set_outcome(match, table->outcome);
	return true;
}

bool rule_segment_collision(const struct facts_for_rules *c, struct match *match)
{
	return match->entry ? hits_entry(c, match->entry, match)
			    : hits_table(c, match->thing, match);
}

bool rule_cma_misaligned(const struct facts_for_rules *c, struct match *match)
{
	const struct load_case *load = c->load;
	const struct kexec_state *state = kexec_of(c->map);
	const struct load_segment *kernel = find_segment(&load->placement, EFIMAP_SEGMENT_KERNEL);
	const uint64_t alignment =
		load->plan.image && load->plan.image->alignment > MIN_KERNEL_ALIGN
			? load->plan.image->alignment
			: MIN_KERNEL_ALIGN;
	struct span used;
	uint64_t size;

	report_kernel(c, match);
	set_hex(match, VALUE_ALIGNMENT, alignment);
	if (!load->is_from_log) {
		/* Without cma=, use CONFIG_CMA_SIZE_MBYTES or, if unknown, an upper bound. */
		if (!find_cma_size(c->map, &size))
			size = state->config.has_cma_default ? state->config.cma_default
			       : state->has_cma_total	     ? state->cma_total
							     : UINT64_MAX;
		return load->placement.reason == EFIMAP_UNPLACED_CMA &&
		       capture_has(c->map, EFIMAP_SRC_CMDLINE) && !c->map->is_cmdline_cut &&
		       kernel_has(c->map, EFIMAP_CHANGE_ALLOCATES_CONTIGUOUS, false) &&
		       load->plan.initrd_size > 0 &&
		       (!load->plan.image || load->plan.image->init_size <= size);
	}
	/* The decompressor moves the kernel up to an aligned address, perhaps over a segment. */
	if (!kernel || kernel->start % alignment == 0)
		return false;
	used.first = kernel->end + 1;
	used.last = kernel->end + alignment - kernel->start % alignment;
	for (size_t i = 0; i < load->placement.count; i++) {
		const struct load_segment *segment = &load->placement.segments[i];

		if (!segment_will_hit(segment, used))
			continue;
		set_hex(match, VALUE_ADDRESS, kernel->start);
		report_place(match, i, segment);
		use_variant(match, VARIANT_LOG);
		return true;
	}
	return false;
}
