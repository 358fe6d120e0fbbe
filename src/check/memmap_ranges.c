/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The ranges of /sys/firmware/memmap themselves: what kexec-tools and the next kernel
 * make of malformed ones, of too many, and of those that contradict each other. Looks at
 * no entry.
 */
#include <stdlib.h>
#include <string.h>

#include "check/engine.h"
#include "check/label.h"

/* kexec-tools, kexec/arch/i386/kexec-x86.h: MAX_MEMORY_RANGES */
#define TOOLS_MAX_RANGES 2048
/* arch/x86/include/uapi/asm/bootparam.h: E820_MAX_ENTRIES_ZEROPAGE */
#define FILE_MAX_RANGES 128
/* The ROMs and the extended BIOS data area of a PC end inside pages. */
#define LOW_MEMORY UINT64_C(0x100000)

static void say_if_bad(struct say *say, const struct efimap_range *range)
{
	if (!range->bad)
		return;
	/* end - start + 1 is 0, and __append_e820_table lets a size of 0 pass */
	if (range->end == range->start - 1)
		say_as(say, AS_EMPTY);
	say_range(say, range);
	say_hex(say, SAY_SIZE, range->end - range->start + 1);
	say_now(say);
}

static bool is_type_file(const struct efimap_fault *fault)
{
	const char *slash = strrchr(fault->where, '/');

	return slash && strcmp(slash, "/type") == 0;
}

/* firmware_memmap.c: parse_numeric_sysfs, parse_string_sysfs, parse_memmap_entry */
static void say_if_faulty(struct say *say, const struct efimap_fault *fault)
{
	if (fault->source != EFIMAP_SRC_MEMMAP)
		return;
	switch (fault->kind) {
	case EFIMAP_FAULT_SYNTAX:
	case EFIMAP_FAULT_TOO_LONG:
		say_as(say, is_type_file(fault) ? AS_TYPE : AS_NUMBER);
		break;
	case EFIMAP_FAULT_MISSING:
	case EFIMAP_FAULT_EMPTY:
	case EFIMAP_FAULT_NOT_A_FILE:
	case EFIMAP_FAULT_IO:
		say_as(say, AS_FILE);
		break;
	/* kexec runs as root, who may read it; the verdict says that we may not. */
	case EFIMAP_FAULT_DENIED:
	case EFIMAP_FAULT_NAME:
	case EFIMAP_FAULT_EXTRA:
		return;
	}
	say_text(say, SAY_WHERE, fault->where);
	say_text(say, SAY_FAULT, fault->text);
	say_now(say);
}

bool rule_memmap_bad_range(const struct check *c, struct say *say)
{
	for (size_t i = 0; i < c->map->n_memmap; i++)
		say_if_bad(say, &c->map->memmap[i]);
	for (size_t i = 0; i < c->map->n_faults; i++)
		say_if_faulty(say, &c->map->faults[i]);
	return false;
}

bool rule_memmap_count(const struct check *c, struct say *say)
{
	const size_t ranges = c->map->n_memmap;

	say_number(say, SAY_RANGES, ranges);
	say_number(say, SAY_TOOLS_MAX, TOOLS_MAX_RANGES);
	say_number(say, SAY_FILE_MAX, FILE_MAX_RANGES);
	if (ranges <= TOOLS_MAX_RANGES)
		say_as(say, AS_FILE);
	return ranges > FILE_MAX_RANGES;
}

/*
 * Of the ranges so far, the one that ends last, and the one that ends last among those
 * with another label: they decide whether a range overlaps one that is called otherwise.
 */
struct ends {
	const struct efimap_range *furthest;
	const struct efimap_range *other;
};

static void note_end(struct ends *ends, const struct efimap_range *range)
{
	if (!ends->furthest || strcmp(range->label, ends->furthest->label) == 0) {
		if (!ends->furthest || range->span.last > ends->furthest->span.last)
			ends->furthest = range;
	} else if (range->span.last > ends->furthest->span.last) {
		ends->other = ends->furthest;
		ends->furthest = range;
	} else if (!ends->other || range->span.last > ends->other->span.last) {
		ends->other = range;
	}
}

static const struct efimap_range *find_other(const struct ends *ends,
					     const struct efimap_range *range)
{
	const struct efimap_range *found = ends->furthest;

	if (found && strcmp(found->label, range->label) == 0)
		found = ends->other;
	return found && found->span.last >= range->span.first ? found : NULL;
}

/* Of two that start together the shorter comes first, then the name; never the number. */
static bool comes_before(const struct efimap_range *a, const struct efimap_range *b)
{
	if (a->span.first != b->span.first)
		return a->span.first < b->span.first;
	if (a->span.last != b->span.last)
		return a->span.last < b->span.last;
	return strcmp(a->label, b->label) < 0;
}

static void say_overlap(struct say *say, const struct efimap_range *low,
			const struct efimap_range *high)
{
	if (!label_is_ram(low->label) && !label_is_ram(high->label))
		say_as(say, AS_KEPT);
	say_range(say, low);
	say_number(say, SAY_HIGH, high->index);
	say_hex(say, SAY_HIGH_START, high->start);
	say_hex(say, SAY_HIGH_END, high->end);
	say_text(say, SAY_HIGH_LABEL, high->label);
	say_now(say);
}

/* Ranges that are sound, ascending: efimap_intervals orders them so. */
bool rule_memmap_overlap(const struct check *c, struct say *say)
{
	const struct efimap_intervals *sorted = &c->spans.of[SPANS_LISTED];
	struct ends ends = { 0 };

	for (size_t i = 0; i < sorted->count; i++) {
		const struct efimap_range *range =
			&c->map->memmap[sorted->all[i].position];
		const struct efimap_range *other = find_other(&ends, range);

		if (other && comes_before(range, other))
			say_overlap(say, range, other);
		else if (other)
			say_overlap(say, other, range);
		note_end(&ends, range);
	}
	return false;
}

/* How many ranges it holds of; the first is said. */
static size_t count_ranges(const struct check *c, struct say *say,
			   bool (*holds)(const struct efimap_range *range))
{
	size_t count = 0;

	for (size_t i = 0; i < c->map->n_memmap; i++)
		if (holds(&c->map->memmap[i]) && count++ == 0)
			say_range(say, &c->map->memmap[i]);
	say_number(say, SAY_FOUND, count);
	say_number(say, SAY_RANGES, c->map->n_memmap);
	return count;
}

static bool is_unaligned(const struct efimap_range *range)
{
	return !range->bad && range->span.last >= LOW_MEMORY &&
	       ((range->span.first >= LOW_MEMORY &&
		 range->span.first % EFIMAP_PAGE_SIZE != 0) ||
		(range->span.last + 1) % EFIMAP_PAGE_SIZE != 0);
}

bool rule_memmap_unaligned(const struct check *c, struct say *say)
{
	return c->booted_by != EFIMAP_BOOTED_BY_KEXEC &&
	       count_ranges(c, say, is_unaligned) > 0;
}

/* kexec-tools, kexec/firmware_memmap.c: parse_memmap_entry */
static bool is_unknown(const struct efimap_range *range)
{
	static const char *const known[] = {
		"System RAM",	     "ACPI Tables",
		"Unusable memory",   "reserved",
		"Reserved",	     "ACPI Non-volatile Storage",
		"Persistent Memory", "Persistent Memory (legacy)",
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcmp(range->label, known[i]) == 0)
			return false;
	return !range->bad;
}

bool rule_memmap_unknown_type(const struct check *c, struct say *say)
{
	return count_ranges(c, say, is_unknown) > 0;
}
