/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's dump of its EFI page table against the runtime map, entry by entry: what is
 * mapped, where, with which flags. Source: arch/x86/platform/efi/efi_64.c: __map_region(),
 * efi_update_mappings(). The table as a whole is in pagetable_extra.c.
 */
#include <errno.h>

#include "base/cleanup.h"
#include "check/engine.h"
#include "check/pagetable_check.h"
#include "check/place.h"

#define PAGE_MASK (~(EFIMAP_PAGE_SIZE - 1))

/* An entry at both of its addresses, as far as Linux can map it there. */
struct sides {
	struct efimap_span virt;
	struct efimap_span phys;
	bool has_virt;
	bool has_phys;
};

/* What has a finding of verify's (a place that is none) is not looked for here. */
static struct sides find_sides(const struct check *c, size_t position)
{
	const struct efimap_entry *entry = &c->map->entries[position];
	const uint64_t limit = UINT64_C(1) << 47;
	struct sides sides = { 0 };

	sides.has_phys = efimap_span_from_pages(entry->phys & PAGE_MASK, entry->pages,
						&sides.phys) == 0 &&
			 sides.phys.last < limit;
	sides.has_virt = sides.has_phys && check_place_is_sound(check_place(c, position)) &&
			 efimap_span_from_pages(entry->virt & PAGE_MASK, entry->pages,
						&sides.virt) == 0;
	return sides;
}

static bool is_code(const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE || entry->type == EFIMAP_TYPE_BOOT_CODE;
}

static void find_missing(struct check *c, const struct task *task,
			 const struct efimap_entry *entry, struct efimap_span span,
			 enum efimap_rule_id rule)
{
	const uint64_t present = runs_bytes(&task->runs, RUNS_PRESENT, span);
	const uint64_t missing = efimap_span_bytes(span) - present;
	const bool virt = rule == EFIMAP_RULE_PAGETABLE_MISSING;
	uint64_t first;

	if (missing == 0)
		return;
	first = runs_first_not(&task->runs, RUNS_PRESENT, span);
	if (!check_find_entry(c, rule,
			      check_grade(check_usual(rule).severity,
					  virt ? check_at_stake(entry, EFIMAP_CONSEQ_NONE) :
						 EFIMAP_CONSEQ_NONE),
			      entry,
			      "%s at 0x%" PRIx64 ": 0x%" PRIx64 " of its 0x%" PRIx64
			      " bytes are not mapped at its %s address, from 0x%" PRIx64 " on",
			      CHECK_TYPE(entry), entry->phys, missing, efimap_span_bytes(span),
			      virt ? "virtual" : "physical", first))
		return;
	check_evidence_field(c, entry, virt ? CHECK_FIELD_VIRT : CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

static void find_executable_data(struct check *c, const struct task *task,
				 const struct efimap_entry *entry, struct efimap_span span)
{
	const uint64_t bytes = runs_bytes(&task->runs, RUNS_EXECUTABLE, span);

	if (is_code(entry) || bytes == 0)
		return;
	check_find_entry(c, EFIMAP_RULE_PAGETABLE_NX_DATA,
			 check_usual(EFIMAP_RULE_PAGETABLE_NX_DATA), entry,
			 "%s at 0x%" PRIx64 " is no code, but 0x%" PRIx64
			 " bytes of it are executable, from 0x%" PRIx64 " on",
			 CHECK_TYPE(entry), entry->phys, bytes,
			 runs_first(&task->runs, RUNS_EXECUTABLE, span));
	check_evidence_field(c, entry, CHECK_FIELD_TYPE);
}

/* MEMATTR takes pieces of it away, never all. */
static void find_dead_code(struct check *c, const struct task *task,
			   const struct efimap_entry *entry, struct efimap_span span)
{
	if (entry->type != EFIMAP_TYPE_RUNTIME_CODE ||
	    runs_bytes(&task->runs, RUNS_PRESENT, span) == 0 ||
	    runs_bytes(&task->runs, RUNS_EXECUTABLE, span) > 0)
		return;
	check_find_entry(c, EFIMAP_RULE_PAGETABLE_X_CODE_NX,
			 check_usual(EFIMAP_RULE_PAGETABLE_X_CODE_NX), entry,
			 "%s at 0x%" PRIx64 ": no byte of it is executable at 0x%" PRIx64,
			 CHECK_TYPE(entry), entry->phys, span.first);
	check_evidence_field(c, entry, CHECK_FIELD_TYPE);
}

static void find_cache(struct check *c, const struct task *task,
		       const struct efimap_entry *entry, struct efimap_span span)
{
	const bool wants = !(entry->attribute & EFIMAP_ATTR_WB);
	const uint64_t present = runs_bytes(&task->runs, RUNS_PRESENT, span);
	const uint64_t uncached = runs_bytes(&task->runs, RUNS_UNCACHED, span);
	const uint64_t wrong = wants ? present - uncached : uncached;

	if (wrong == 0)
		return;
	check_find_entry(c, EFIMAP_RULE_PAGETABLE_CACHE,
			 check_usual(EFIMAP_RULE_PAGETABLE_CACHE), entry,
			 "%s at 0x%" PRIx64 " %s EFI_MEMORY_WB, but 0x%" PRIx64
			 " bytes at 0x%" PRIx64 " are %s",
			 CHECK_TYPE(entry), entry->phys, wants ? "lacks" : "has", wrong,
			 span.first, wants ? "cached" : "uncached");
	check_evidence_field(c, entry, CHECK_FIELD_ATTRIBUTE);
}

/*
 * A kernel that received the map leaves code writable and executable; the first kernel
 * goes by the Memory Attributes Table, where there is one.
 */
static void find_wx(struct check *c, const struct task *task,
		    const struct efimap_entry *entry, struct efimap_span span)
{
	const uint64_t bytes = runs_bytes(&task->runs, RUNS_WRITABLE_EXECUTABLE, span);
	const bool is_first = c->booted_by == EFIMAP_BOOTED_BY_FIRMWARE;
	uint64_t table;

	if (bytes == 0 || entry->type != EFIMAP_TYPE_RUNTIME_CODE)
		return;
	check_find_entry(c, EFIMAP_RULE_PAGETABLE_WX,
			 check_grade(is_first && efimap_find_pair(c->map->tables,
								  c->map->n_tables,
								  "MEMATTR", &table) ?
					     EFIMAP_WARNING :
					     EFIMAP_NOTE,
				     EFIMAP_CONSEQ_NONE),
			 entry,
			 "%s at 0x%" PRIx64 ": 0x%" PRIx64
			 " bytes are writable and executable, from 0x%" PRIx64 " on",
			 CHECK_TYPE(entry), entry->phys, bytes,
			 runs_first(&task->runs, RUNS_WRITABLE_EXECUTABLE, span));
}

static void judge_entry(struct check *c, const struct task *task, size_t position)
{
	const struct efimap_entry *entry = &c->map->entries[position];
	const struct sides sides = find_sides(c, position);

	if (sides.has_phys)
		find_missing(c, task, entry, sides.phys, EFIMAP_RULE_PAGETABLE_NO_IDENTITY);
	if (!sides.has_virt)
		return;
	find_missing(c, task, entry, sides.virt, EFIMAP_RULE_PAGETABLE_MISSING);
	find_executable_data(c, task, entry, sides.virt);
	find_dead_code(c, task, entry, sides.virt);
	find_cache(c, task, entry, sides.virt);
	find_wx(c, task, entry, sides.virt);
}

static void judge_table(struct check *c)
{
	const struct task *task = c->data;

	for (size_t i = 0; i < c->map->n_entries && !c->error; i++)
		judge_entry(c, task, i);
	pagetable_extra(c, task);
	pagetable_level(c, task);
}

int efimap_pagetable_check(const struct efimap *map, const struct efimap_ptdump *dump,
			   const struct efimap_ptdump *predicted,
			   struct efimap_report **ret_report)
{
	static void (*const unbound[])(struct check *) = { judge_table };
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	efimap_auto_report struct efimap_report *report = NULL;
	struct task task = { .predicted = predicted };
	const struct check_plan plan = {
		.unbound = unbound,
		.n_unbound = 1,
		.data = &task,
	};
	int ret = efimap_report_new(&report);

	if (ret == 0)
		ret = runs_open(dump, &task.runs);
	if (ret == 0)
		ret = check_run(map, &options, &plan, report);
	runs_close(&task.runs);
	if (ret < 0)
		return ret;
	*ret_report = efimap_steal(report);
	return 0;
}
