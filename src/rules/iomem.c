/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about /proc/iomem. They report runtime map entries in memory that the running kernel uses,
 * and entries and reserved memory inside the memory of a crash kernel.
 */
#include <string.h>

#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "infer/linux_changes.h"
#include "linux/segment_placement.h"
#include "rules/engine.h"

/* kexec-tools copies memory below this address to a backup segment (BACKUP_SRC_END). */
#define BACKUP_END UINT64_C(0xa0000)

static void report_line(const struct facts_for_rules *c, struct match *match,
			const struct resource *line)
{
	char quote[EFIMAP_QUOTE_SIZE];

	set_number(match, VALUE_LINE, (uint64_t)(line - c->map->iomem) + 1);
	set_format(match, VALUE_NAME, "%s", text_quote(quote, line->name, strlen(line->name)));
	set_hex(match, VALUE_FIRST, line->span.first);
	set_hex(match, VALUE_LAST, line->span.last);
	set_format(match, VALUE_LINE_TEXT, "%08" PRIx64 "-%08" PRIx64 " : %s", line->span.first,
		   line->span.last, line->name);
}

static bool is_under_line(const struct facts_for_rules *c, const struct map_entry *entry,
			  enum spans_kind kind, struct match *match)
{
	const struct resource *line;
	struct span span;

	if (!pages_of(entry, &span))
		return false;
	line = spans_line(&c->spans, kind, span);
	if (!line)
		return false;
	set_text(match, VALUE_HOW, span_contains(line->span, span) ? "is in" : "overlaps");
	report_line(c, match, line);
	return true;
}

bool rule_runtime_iomem_ram(const struct facts_for_rules *c, struct match *match)
{
	return spans_forbids_ram(match->entry) && is_under_line(c, match->entry, SPANS_USED, match);
}

/*
 * RAM entries without EFI_MEMORY_RUNTIME are ignored, because a kernel in mixed mode exports all
 * RAM, including the memory of the crash kernel.
 */
bool rule_runtime_in_crash(const struct facts_for_rules *c, struct match *match)
{
	if (!entry_has_type(match->entry, FIRMWARE_TYPES))
		use_variant(match, VARIANT_TABLES);
	return (!entry_has_type(match->entry, RAM_TYPES) || entry_is_runtime(match->entry)) &&
	       is_under_line(c, match->entry, SPANS_CRASH, match);
}

/*
 * Report reserved or ACPI memory inside the memory of a crash kernel. In iomem, the lines of such
 * memory follow the line "Crash kernel". kexec-tools passes these ranges to a crash kernel, except
 * ranges named "device reserved" (kexec-tools kexec/arch/i386/crashdump-x86.c:
 * get_crash_memory_ranges()).
 */
bool rule_reserved_in_crash(const struct facts_for_rules *c, struct match *match)
{
	const struct resource *crash = NULL;

	for (size_t i = 0; i < c->map->n_iomem; i++) {
		const struct resource *line = &c->map->iomem[i];

		if (strcmp(line->name, "Crash kernel") == 0) {
			crash = line;
			continue;
		}
		if (!crash || strcmp(line->name, "device reserved") == 0 ||
		    !label_is_firmware(line->name) || !span_contains(crash->span, line->span) ||
		    span_bytes(line->span) == span_bytes(crash->span))
			continue;
		report_line(c, match, line);
		set_hex(match, VALUE_CRASH_START, crash->span.first);
		set_hex(match, VALUE_CRASH_END, crash->span.last);
		return true;
	}
	return false;
}

/*
 * Report that the e820 table of a crash kernel is full before kexec_file_load adds the last range
 * that is reserved for the crash kernel (arch/x86/kernel/crash.c: crash_setup_memmap_entries). Of
 * two "Crash kernel" ranges, kexec_file_load adds the low one first.
 */
bool rule_crash_ranges_full(const struct facts_for_rules *c, struct match *match)
{
	const bool has_reserved = kernel_has(c->map, EFIMAP_CHANGE_PASSES_RESERVED_RANGES, true);
	size_t n_first = 0, n_crash = 0, ranges;

	for (size_t i = 0; i < c->map->n_iomem; i++) {
		const struct resource *line = &c->map->iomem[i];

		n_crash += strcmp(line->name, "Crash kernel") == 0;
		n_first += label_is_acpi(line->name) ||
			   (has_reserved && strcmp(line->name, "Reserved") == 0) ||
			   (label_is_ram(line->name) && line->span.first < LOW_MEMORY_END);
	}
	ranges = n_crash ? n_first + n_crash - 1 : 0;
	set_number(match, VALUE_RANGES, ranges);
	set_number(match, VALUE_FILE_MAX, EFIMAP_E820_MAX);
	if (has_reserved && !kernel_has(c->map, EFIMAP_CHANGE_PASSES_RESERVED_RANGES, false))
		use_variant(match, VARIANT_RELEASE_UNREAD);
	return ranges >= EFIMAP_E820_MAX;
}

bool rule_low_memory_unaligned(const struct facts_for_rules *c, struct match *match)
{
	const struct version *tools = &kexec_of(c->map)->tools;

	if (tools_has(tools, EFIMAP_TOOLS_SHRINKS_RAM, false))
		return false;
	for (size_t i = 0; i < c->map->n_iomem; i++) {
		const struct resource *line = &c->map->iomem[i];

		if (!label_is_ram(line->name) || line->span.last >= BACKUP_END)
			continue;
		if (line->span.first % 1024 == 0 && (line->span.last + 1) % 1024 == 0)
			return false;
		report_line(c, match, line);
		if (tools->major) {
			set_format(match, VALUE_TOOLS, "%u.%u.%u", tools->major, tools->minor,
				   tools->patch);
		} else {
			set_text(match, VALUE_TOOLS, "before 2.0.22");
			set_certainty(match, EFIMAP_UNKNOWN);
		}
		return true;
	}
	return false;
}

/*
 * Neither boot services entries nor RAM entries are reported. The kernel sets EFI_MEMORY_RUNTIME on
 * boot services entries that overlap its own image (quirks.c: efi_reserve_boot_services). In mixed
 * mode, the kernel exports all RAM.
 */
bool rule_runtime_in_kernel(const struct facts_for_rules *c, struct match *match)
{
	return firmware_calls_need_entry(match->entry) &&
	       is_under_line(c, match->entry, SPANS_KERNEL, match);
}
