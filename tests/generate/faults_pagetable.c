/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults in the page table that the kernel made of the map. */
#include "faults.h"

static bool overlaps_run(const struct efimap_ptrun *run, struct efimap_span span)
{
	return efimap_span_overlaps(run->span, span);
}

static struct efimap_span virt_span(const struct efimap_entry *entry)
{
	struct efimap_span span = { 1, 0 };

	(void)efimap_entry_virt(entry, &span);
	return span;
}

/* Take out all runs that touch the span. */
static bool drop_runs(struct victim *victim, struct efimap_span span)
{
	size_t kept = 0;
	const size_t count = victim->dump->n_runs;

	for (size_t i = 0; i < count; i++)
		if (!overlaps_run(&victim->dump->runs[i], span))
			victim->dump->runs[kept++] = victim->dump->runs[i];
	victim->dump->n_runs = kept;
	return kept < count;
}

static bool not_mapped(struct victim *victim)
{
	const struct efimap_entry *entry = victim_pick(victim, victim_takes_runtime);

	return entry && drop_runs(victim, virt_span(entry));
}

static bool no_identity(struct victim *victim)
{
	const struct efimap_entry *entry = victim_pick(victim, victim_takes_runtime);

	return entry && victim_is_in_window(victim) &&
	       drop_runs(victim, victim_span(entry));
}

/* What two entries share may have been so before. */
static bool set_flag(struct victim *victim, victim_takes *takes, uint64_t flag,
		     bool is_set)
{
	const struct efimap_entry *entry = victim_pick(victim, takes);
	bool any = false;

	for (size_t i = 0; entry && i < victim->dump->n_runs; i++) {
		struct efimap_ptrun *run = &victim->dump->runs[i];

		if (!overlaps_run(run, virt_span(entry)) ||
		    !(run->flags & flag) != is_set)
			continue;
		run->flags ^= flag;
		any = true;
	}
	return any;
}

static bool takes_data(const struct victim *victim, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_DATA;
}

static bool takes_code(const struct victim *victim, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE;
}

static bool data_executable(struct victim *victim)
{
	return set_flag(victim, takes_data, EFIMAP_PTE_NX, false);
}

static bool code_not_executable(struct victim *victim)
{
	return set_flag(victim, takes_code, EFIMAP_PTE_NX, true);
}

static bool cached_otherwise(struct victim *victim)
{
	return set_flag(victim, victim_takes_runtime, EFIMAP_PTE_PCD,
			dice_hit(victim->dice, 50));
}

/* A page at the end of the window, where no entry is. */
static bool more_is_mapped(struct victim *victim)
{
	const struct efimap_ptrun run = {
		.span = { EFIMAP_VA_END, EFIMAP_VA_END + EFIMAP_PAGE_SIZE - 1 },
		.flags = EFIMAP_PTE_RW | EFIMAP_PTE_NX,
	};
	struct efimap_ptdump *dump = victim->dump;
	struct efimap_ptdump more = { 0 };
	bool done = false;

	if (!victim_is_in_window(victim) || victim->kernel->start == START_FIRMWARE)
		return false;
	for (size_t i = 0; i <= dump->n_runs; i++) {
		if (!done &&
		    (i == dump->n_runs || dump->runs[i].span.first > run.span.last)) {
			must(efimap_ptdump_add(&more, &run));
			done = true;
		}
		if (i < dump->n_runs)
			must(efimap_ptdump_add(&more, &dump->runs[i]));
	}
	efimap_ptdump_free(dump);
	*dump = more;
	return true;
}

const struct fault faults_pagetable[] = {
	FAULT(PAGETABLE, "pagetable: an entry is not mapped", not_mapped, ERROR,
	      PAGETABLE_MISSING),
	FAULT(PAGETABLE, "pagetable: no identity copy", no_identity, WARNING,
	      PAGETABLE_NO_IDENTITY),
	FAULT(PAGETABLE, "pagetable: executable data", data_executable, WARNING,
	      PAGETABLE_NX_DATA),
	FAULT(PAGETABLE, "pagetable: code that is not executable", code_not_executable,
	      ERROR, PAGETABLE_X_CODE_NX),
	FAULT(PAGETABLE, "pagetable: another caching", cached_otherwise, WARNING,
	      PAGETABLE_CACHE),
	FAULT(PAGETABLE, "pagetable: more is mapped", more_is_mapped, WARNING,
	      PAGETABLE_EXTRA),
	{ .name = NULL },
};
