/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about /proc/iomem. They report runtime map entries in memory that the running kernel uses,
 * and entries and reserved memory inside the memory of a crash kernel.
 */
#include <string.h>

#include "base/text_scan.h"
#include "rules/engine.h"

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
 * Neither boot services entries nor RAM entries are reported. The kernel sets EFI_MEMORY_RUNTIME on
 * boot services entries that overlap its own image (quirks.c: efi_reserve_boot_services). In mixed
 * mode, the kernel exports all RAM.
 */
bool rule_runtime_in_kernel(const struct facts_for_rules *c, struct match *match)
{
	return firmware_calls_need_entry(match->entry) &&
	       is_under_line(c, match->entry, SPANS_KERNEL, match);
}
