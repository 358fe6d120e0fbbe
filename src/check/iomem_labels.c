/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Runtime code and data under the lines of iomem: under none, where the kernel may put a
 * device, or under a name that is not that of firmware's memory. Lines that no such entry
 * may lie under at all are iomem.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/iomem.h"
#include "check/label.h"
#include "check/list.h"
#include "check/pages.h"
#include "check/reach.h"

#define LOW_MEMORY UINT64_C(0x100000)

static bool is_window(const char *name)
{
	return label_begins(name, "PCI Bus ");
}

/* Lines that keep the kernel from assigning their range to a device. */
static bool is_fixed(const char *name)
{
	static const char *const begins[] = {
		"PCI MMCONFIG ", "PCI ECAM ", "Local APIC", "IOAPIC ",
		"HPET ",	 "dmar",      "pnp ",
	};

	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (label_begins(name, begins[i]))
			return true;
	return label_is_firmware(name);
}

static bool takes_top(const struct efimap_resource *line)
{
	return line->depth == 0;
}

static bool takes_window(const struct efimap_resource *line)
{
	return is_window(line->name);
}

static bool takes_odd(const struct efimap_resource *line)
{
	return line->depth == 0 && !label_is_ram(line->name) && !is_window(line->name) &&
	       !is_fixed(line->name);
}

/* Does one line that keeps devices away take in the whole entry? */
static bool is_kept(struct check *c, size_t position, struct efimap_span span)
{
	const struct efimap_cover *cover = check_iomem(c);

	if (!cover || cover->cut[position])
		return true;
	for (size_t i = cover->begin[position]; i < cover->begin[position + 1]; i++) {
		const struct efimap_resource *line = &c->map->iomem[cover->hits[i]];

		if (is_fixed(line->name) && efimap_span_contains(line->span, span))
			return true;
	}
	return false;
}

/* runtime-uncovered says it where memmap does not list the entry either. */
static bool is_named_by_memmap(struct check *c, size_t position)
{
	const struct efimap_cover *cover;

	if (!check_speaks(c, EFIMAP_RULE_RUNTIME_UNCOVERED))
		return false;
	cover = check_memmap(c);
	return !cover || cover->gap[position] != 0;
}

/* runtime-wrong-label says it where memmap has the same name for the entry. */
static bool is_called_so_by_memmap(struct check *c, size_t position, const char *name)
{
	const struct efimap_cover *cover;

	if (!check_speaks(c, EFIMAP_RULE_RUNTIME_WRONG_LABEL))
		return false;
	cover = check_memmap(c);
	if (!cover || cover->cut[position])
		return true;
	for (size_t i = cover->begin[position]; i < cover->begin[position + 1]; i++)
		if (strcmp(c->map->memmap[cover->hits[i]].label, name) == 0)
			return true;
	return false;
}

static void none(struct check *c, size_t position, struct efimap_span span,
		 const struct reach_range *hit)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RUNTIME_IOMEM_NONE;
	const struct efimap_entry *entry = &c->map->entries[position];
	char name[EFIMAP_TYPE_NAME_SIZE];

	if (hit || is_named_by_memmap(c, position) ||
	    !check_find_entry(c, rule, check_usual(rule), entry,
			      PAGES_FMT
			      " lies under no line of iomem, so the running kernel may "
			      "put a device there",
			      PAGES_ARG(entry, span, name)))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

static void in_window(struct check *c, size_t position, struct efimap_span span,
		      const struct reach_range *hit)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_RUNTIME_IN_PCI_WINDOW;
	const struct efimap_entry *entry = &c->map->entries[position];
	char name[EFIMAP_TYPE_NAME_SIZE];

	if (!hit || is_kept(c, position, span) ||
	    !check_find_entry(
		    c, rule, check_usual(rule), entry,
		    PAGES_FMT " lies in the window of \"%s\", and no reserved line "
			      "keeps devices off it",
		    PAGES_ARG(entry, span, name), c->map->iomem[hit->position].name))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
	iomem_evidence(c, hit->position);
}

static void odd_label(struct check *c, size_t position, struct efimap_span span,
		      const struct reach_range *hit)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_IOMEM_LABEL;
	const struct efimap_entry *entry = &c->map->entries[position];
	char name[EFIMAP_TYPE_NAME_SIZE];

	if (!hit || is_kept(c, position, span) ||
	    is_called_so_by_memmap(c, position, c->map->iomem[hit->position].name) ||
	    !check_find_entry(c, rule, check_usual(rule), entry,
			      PAGES_FMT " is called \"%s\" by iomem, not reserved",
			      PAGES_ARG(entry, span, name),
			      c->map->iomem[hit->position].name))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	iomem_evidence(c, hit->position);
}

/*
 * A rule takes the lines that can make a finding of it, and is then asked for each entry:
 * @hit is one of those lines that shares a byte with it, or NULL.
 * @about_none: it speaks of entries that lie under none
 */
static const struct label_test {
	enum efimap_rule_id rule;
	iomem_takes *takes_line;
	bool about_none;
	void (*judge)(struct check *c, size_t position, struct efimap_span span,
		      const struct reach_range *hit);
} tests[] = {
	{ EFIMAP_RULE_RUNTIME_IOMEM_NONE, takes_top, true, none },
	{ EFIMAP_RULE_RUNTIME_IN_PCI_WINDOW, takes_window, false, in_window },
	{ EFIMAP_RULE_IOMEM_LABEL, takes_odd, false, odd_label },
};

/*
 * Capture real-003: a boot loader that builds the e820 table itself and passes RAM only.
 * runtime-uncovered says so of memmap; here it is said where memmap was not read.
 */
static bool is_left_out_by_loader(struct check *c, struct reach *lines)
{
	struct list found auto_list = { 0 };

	if (efimap_has(c->map, EFIMAP_SRC_MEMMAP) || c->error)
		return false;
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		struct efimap_span span;

		if (!efimap_entry_is_runtime_services(&c->map->entries[i]) ||
		    !pages_of(&c->map->entries[i], &span))
			continue;
		/* The kernel itself reserves page 0 and the ROMs of a PC. */
		if (reach_find(lines, span)) {
			if (span.first >= LOW_MEMORY)
				return false;
			continue;
		}
		list_add(c, &found, c->map->entries[i].index);
	}
	if (c->error || found.count < 2)
		return false;
	if (check_find_on(c, EFIMAP_RULE_RUNTIME_IOMEM_NONE,
			  check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NONE), found.indices,
			  found.count,
			  "none of the %zu runtime code and data entries lies under a line "
			  "of iomem: the boot loader left the firmware's regions out",
			  found.count))
		check_evidence(c, efimap_source_path(EFIMAP_SRC_IOMEM), "%zu lines",
			       c->map->n_iomem);
	return true;
}

static void run(struct check *c, const struct label_test *test)
{
	struct reach lines auto_reach = { 0 };

	c->error = iomem_lines(c->map, test->takes_line, &lines);
	if (lines.count == 0 && !test->about_none)
		return;
	if (test->about_none && is_left_out_by_loader(c, &lines))
		return;
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (efimap_entry_is_runtime_services(entry) && pages_of(entry, &span))
			test->judge(c, i, span, reach_find(&lines, span));
	}
}

void iomem_labels(struct check *c)
{
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		/* A crash kernel knows only what it was given. */
		if (!check_wants(c, tests[i].rule) || c->crash_kernel)
			continue;
		run(c, &tests[i]);
	}
}
