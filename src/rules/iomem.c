/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Rules about /proc/iomem. They report entries that iomem lacks, and entries in memory that the
 * running kernel uses, reserves or may assign to devices. They also report entries in lines whose
 * name shows an owner other than the firmware, hidden addresses, and contradictions between iomem
 * and memmap.
 */
#include <string.h>

#include "capture/kernel_parameters.h"
#include "rules/engine.h"

static void report_line(const struct capture_facts *c, struct match *match,
			const struct efimap_resource *line)
{
	set_number(match, VALUE_LINE, (uint64_t)(line - c->map->iomem) + 1);
	set_text(match, VALUE_NAME, line->name);
	set_hex(match, VALUE_FIRST, line->span.first);
	set_hex(match, VALUE_LAST, line->span.last);
	set_format(match, VALUE_LINE_TEXT, "%08" PRIx64 "-%08" PRIx64 " : %s",
		   line->span.first, line->span.last, line->name);
}

bool rule_iomem_hidden(const struct capture_facts *c, struct match *match)
{
	return c->map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED;
}

static bool is_under_line(const struct capture_facts *c, const struct efimap_entry *entry,
		       enum spans_kind kind, struct match *match)
{
	const struct efimap_resource *line;
	struct efimap_span span;

	if (!pages_of(entry, &span))
		return false;
	line = spans_line(&c->spans, kind, span);
	if (!line)
		return false;
	set_text(match, VALUE_HOW,
		 efimap_span_contains(line->span, span) ? "is in" : "overlaps");
	report_line(c, match, line);
	return true;
}

/*
 * Return whether an entry in System RAM of /proc/iomem is not of type Reserved and kexec_file_load
 * may overwrite the entry. If the segments are known, segment-collision checks the entry instead. A
 * crash kernel is loaded into reserved memory, so it cannot overwrite the entry.
 */
static bool may_be_loaded_over(const struct rule_run *run, const struct efimap_entry *entry)
{
	if (entry->type == EFIMAP_TYPE_RESERVED)
		return false;
	for (size_t i = 0; i < run->n_loads; i++) {
		const struct efimap_load_case *load = &run->loads[i];

		if (load->question == EFIMAP_QUESTION_KEXEC &&
		    load->loader == EFIMAP_LOADER_KERNEL && load->refusal == EFIMAP_NOT_REFUSED &&
		    (load->is_assumed || !efimap_placement_is_sure(&load->placement)))
			return true;
	}
	return false;
}

bool rule_runtime_iomem_ram(const struct capture_facts *c, struct match *match)
{
	if (!may_be_loaded_over(match->run, match->entry))
		use_variant(match, VARIANT_RISK);
	return spans_forbids_ram(match->entry) && is_under_line(c, match->entry, SPANS_USED, match);
}

/*
 * RAM entries without EFI_MEMORY_RUNTIME are ignored, because a kernel in mixed mode exports all
 * RAM, including the memory of the crash kernel.
 */
bool rule_runtime_in_crash(const struct capture_facts *c, struct match *match)
{
	return (!entry_has_type(match->entry, RAM_TYPES) ||
		efimap_entry_is_runtime(match->entry)) &&
	       is_under_line(c, match->entry, SPANS_CRASH, match);
}

/*
 * Neither boot services entries nor RAM entries are reported. The kernel sets EFI_MEMORY_RUNTIME on
 * boot services entries that overlap its own image (quirks.c: efi_reserve_boot_services). In mixed
 * mode, the kernel exports all RAM.
 */
bool rule_runtime_in_kernel(const struct capture_facts *c, struct match *match)
{
	return firmware_calls_need_entry(match->entry) &&
	       is_under_line(c, match->entry, SPANS_KERNEL, match);
}

/*
 * Only runtime services entries with a valid range are checked, and none in a crash kernel, whose
 * iomem lists only a part of the memory.
 */
static bool is_checked(const struct capture_facts *c, const struct efimap_entry *entry,
		       struct efimap_span *ret_span)
{
	return !c->crash_kernel && efimap_entry_is_runtime_services(entry) &&
	       pages_of(entry, ret_span);
}

/*
 * Return whether the boot loader probably passed only RAM (capture real-003). This is assumed if at
 * least two entries are missing from iomem and all others start below 1 MiB. If memmap was read,
 * runtime-uncovered reports this instead.
 */
static bool is_left_out_by_loader(const struct capture_facts *c)
{
	size_t found = 0;

	if (efimap_has(c->map, EFIMAP_SRC_MEMMAP))
		return false;
	for (size_t i = 0; i < c->map->n_entries; i++) {
		struct efimap_span span;

		if (!is_checked(c, &c->map->entries[i], &span))
			continue;
		/*
		 * Ignore a listed entry below 1 MiB, where the kernel itself reserves page 0 and
		 * the ROMs of a PC.
		 */
		if (!spans_has(&c->spans, SPANS_TOP, span))
			found++;
		else if (span.first >= LOW_MEMORY_END)
			return false;
	}
	return found >= 2;
}

/* Return whether runtime-uncovered reports that memmap does not list all of the entry. */
static bool is_missed_by_memmap(const struct capture_facts *c, size_t position)
{
	return rule_may_match(c, EFIMAP_RULE_RUNTIME_UNCOVERED) &&
	       c->memmap.gap[position] != 0;
}

bool rule_runtime_iomem_none(const struct capture_facts *c, struct match *match)
{
	const bool left_out = is_left_out_by_loader(c);

	for (size_t i = 0; i < c->map->n_entries; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (!is_checked(c, entry, &span) ||
		    spans_has(&c->spans, SPANS_TOP, span) || is_missed_by_memmap(c, i))
			continue;
		add_finding_entry(match, entry);
		if (!left_out)
			finish_finding(match);
	}
	use_variant(match, VARIANT_LEFT_OUT);
	set_number(match, VALUE_LINES, c->map->n_iomem);
	return left_out;
}

/*
 * Return whether an iomem line that contains the entry prevents the kernel from assigning the
 * memory to devices. This is assumed if the entry overlaps too many lines to check them all.
 */
static bool is_kept(const struct capture_facts *c, size_t position,
		    struct efimap_span span)
{
	const struct efimap_coverage *cover = &c->iomem;

	if (cover->cut[position])
		return true;
	for (size_t i = cover->begin[position]; i < cover->begin[position + 1]; i++) {
		const struct efimap_resource *line = &c->map->iomem[cover->hits[i]];

		if (spans_keeps_devices_off(line->name) &&
		    efimap_span_contains(line->span, span))
			return true;
	}
	return false;
}

bool rule_runtime_in_pci_window(const struct capture_facts *c, struct match *match)
{
	struct efimap_span span;

	return is_checked(c, match->entry, &span) &&
	       is_under_line(c, match->entry, SPANS_PCI_WINDOW, match) &&
	       !is_kept(c, match->position, span);
}

/*
 * Return whether runtime-wrong-label reports the entry. This is assumed if the entry overlaps a
 * memmap range with the label @name, or too many ranges to check them all.
 */
static bool is_reported_by_memmap(const struct capture_facts *c, size_t position,
				  const char *name)
{
	const struct efimap_coverage *cover = &c->memmap;

	if (!rule_may_match(c, EFIMAP_RULE_RUNTIME_WRONG_LABEL))
		return false;
	if (cover->cut[position])
		return true;
	for (size_t i = cover->begin[position]; i < cover->begin[position + 1]; i++)
		if (strcmp(c->map->memmap[cover->hits[i]].label, name) == 0)
			return true;
	return false;
}

bool rule_iomem_label(const struct capture_facts *c, struct match *match)
{
	const struct efimap_resource *line;
	struct efimap_span span;

	if (!is_checked(c, match->entry, &span))
		return false;
	line = spans_line(&c->spans, SPANS_OWNED, span);
	return line && !is_kept(c, match->position, span) &&
	       !is_reported_by_memmap(c, match->position, line->name) &&
	       is_under_line(c, match->entry, SPANS_OWNED, match);
}

/*
 * Return the lowest System RAM line of iomem that overlaps a reserved @range, or NULL. Ignore the
 * line if an entry overlaps the memory that the line and @range share, because either
 * runtime-iomem-ram reports the entry, or Linux reserved the entry inside System RAM.
 */
static const struct efimap_resource *find_dispute(const struct capture_facts *c,
						  const struct efimap_range *range)
{
	const struct efimap_resource *line =
		range->bad || !label_is_reserved(range->label)
			? NULL
			: spans_line(&c->spans, SPANS_USED, range->span);

	return line && !spans_has(&c->spans, SPANS_ENTRIES,
				  efimap_span_shared(line->span, range->span))
		       ? line
		       : NULL;
}

/*
 * With mem= or memmap=, the kernel changes its e820 table, so /proc/iomem and /sys/firmware/memmap
 * may differ (arch/x86/kernel/e820.c: parse_memopt, parse_memmap_one).
 */
bool rule_iomem_vs_memmap(const struct capture_facts *c, struct match *match)
{
	size_t count = 0;

	if (efimap_has_parameter(c->map, "mem") || efimap_has_parameter(c->map, "memmap"))
		return false;
	for (size_t i = 0; i < c->map->n_memmap; i++) {
		const struct efimap_range *range = &c->map->memmap[i];
		const struct efimap_resource *line = find_dispute(c, range);

		if (!line || count++ > 0)
			continue;
		set_range(match, range);
		report_line(c, match, line);
	}
	if (count > 1)
		set_format(match, VALUE_OTHERS, " and %zu more", count - 1);
	else
		set_text(match, VALUE_OTHERS, "");
	return count > 0;
}
