/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table as a whole: what the EFI window maps although no entry says so, and leaves of
 * another size than Linux would choose. One finding each.
 */
#include "check/pagetable_check.h"
#include "check/place.h"

/* struct tally - ranges that were met: how many bytes, and the first of them */
struct tally {
	uint64_t bytes;
	uint64_t first;
};

static void tally_add(struct tally *tally, struct efimap_span span)
{
	if (tally->bytes == 0)
		tally->first = span.first;
	tally->bytes += efimap_span_bytes(span);
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t greatest(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/*
 * What of a run in the window lies beside the entries. @next is the first key that is not
 * wholly below; @covered the first address that no entry so far reaches.
 */
struct sweep {
	const struct check *c;
	const struct efimap_key *keys;
	size_t next;
	uint64_t covered;
	struct tally tally;
};

static void beside_entries(struct sweep *sweep, struct efimap_span run)
{
	uint64_t at = greatest(run.first, sweep->covered);

	while (sweep->next < sweep->c->n_by_virt && sweep->keys[sweep->next].key <= run.last) {
		const size_t i = sweep->keys[sweep->next].index;
		struct efimap_span span;

		sweep->next++;
		if (efimap_entry_virt(&sweep->c->map->entries[i], &span) < 0)
			continue;
		span.first &= ~(EFIMAP_PAGE_SIZE - 1);
		if (span.first > at)
			tally_add(&sweep->tally, (struct efimap_span){ at, span.first - 1 });
		/* In the window, so nothing ends at 2^64. */
		sweep->covered = greatest(sweep->covered, span.last + 1);
		at = greatest(at, sweep->covered);
	}
	if (at <= run.last)
		tally_add(&sweep->tally, (struct efimap_span){ at, run.last });
}

void pagetable_extra(struct check *c, const struct task *task)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_PAGETABLE_EXTRA;
	struct sweep sweep = { .c = c, .keys = c->by_virt };

	for (size_t i = 0; i < task->runs.dump->n_runs && !c->error; i++) {
		struct efimap_span run = task->runs.dump->runs[i].span;

		if (run.last < EFIMAP_VA_END || run.first >= EFIMAP_VA_START)
			continue;
		run.first = greatest(run.first, EFIMAP_VA_END);
		run.last = least(run.last, EFIMAP_VA_START - 1);
		beside_entries(&sweep, run);
	}
	if (sweep.tally.bytes == 0 || !check_wants(c, rule))
		return;
	check_find(c, rule,
		   check_grade(c->booted_by == EFIMAP_BOOTED_BY_KEXEC ? EFIMAP_WARNING :
									EFIMAP_NOTE,
			       EFIMAP_CONSEQ_NONE),
		   "0x%" PRIx64 " bytes of the EFI window are mapped and belong to no entry, "
		   "first at 0x%" PRIx64,
		   sweep.tally.bytes, sweep.tally.first);
	check_evidence(c, "page table dump", "0x%" PRIx64, sweep.tally.first);
}

/* Both ascend and have no overlap of their own: side by side, each looked at once. */
static struct tally compare_levels(const struct efimap_ptdump *a,
				   const struct efimap_ptdump *b)
{
	struct tally tally = { 0 };
	size_t i = 0, j = 0;

	while (i < a->n_runs && j < b->n_runs) {
		const struct efimap_ptrun *x = &a->runs[i], *y = &b->runs[j];

		if (efimap_span_overlaps(x->span, y->span) && x->level != y->level)
			tally_add(&tally, (struct efimap_span){
						  greatest(x->span.first, y->span.first),
						  least(x->span.last, y->span.last) });
		if (x->span.last <= y->span.last)
			i++;
		else
			j++;
	}
	return tally;
}

void pagetable_level(struct check *c, const struct task *task)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_PAGETABLE_LEVEL;
	const struct tally tally = compare_levels(task->predicted, task->runs.dump);

	if (tally.bytes == 0 || !check_wants(c, rule))
		return;
	check_find(c, rule, check_usual(rule),
		   "0x%" PRIx64 " bytes are mapped by leaves of another size than predicted, "
		   "first at 0x%" PRIx64,
		   tally.bytes, tally.first);
	check_evidence(c, "page table dump", "0x%" PRIx64, tally.first);
}
