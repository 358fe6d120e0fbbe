/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's dump of its EFI page table against the runtime map: what of each entry is
 * mapped, where, with which flags; what the EFI window maps although no entry says so;
 * and leaves of another size than Linux would choose. Source:
 * arch/x86/platform/efi/efi_64.c:
 * __map_region(), efi_update_mappings().
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/engine.h"

/* --- what a table maps in a range, each answered in O(log n) from sums over the runs --- */

/* enum runs_what - bytes that are summed */
enum runs_what {
	RUNS_PRESENT,
	RUNS_EXECUTABLE,
	RUNS_WRITABLE_EXECUTABLE,
	RUNS_UNCACHED,
	RUNS_WHAT_COUNT,
};

/*
 * struct runs - a dump with its sums
 * @predicted: what the map implies
 * @sums:      per question, sums[i] is of the runs before number i; owned
 */
struct runs {
	const struct efimap_ptdump *dump;
	const struct efimap_ptdump *predicted;
	uint64_t *sums[RUNS_WHAT_COUNT];
};

static bool is_so(const struct efimap_ptrun *run, enum runs_what what)
{
	switch (what) {
	case RUNS_PRESENT:
		return true;
	case RUNS_EXECUTABLE:
		return !(run->flags & EFIMAP_PTE_NX);
	case RUNS_WRITABLE_EXECUTABLE:
		return !(run->flags & EFIMAP_PTE_NX) && (run->flags & EFIMAP_PTE_RW);
	default:
		return run->flags & EFIMAP_PTE_PCD;
	}
}

/* 0 or -ENOMEM; runs_close() in any case */
static int runs_open(struct runs *runs)
{
	const struct efimap_ptdump *dump = runs->dump;

	for (unsigned int what = 0; what < RUNS_WHAT_COUNT; what++) {
		uint64_t *sums = calloc(dump->n_runs + 1, sizeof(*sums));

		if (!sums)
			return -ENOMEM;
		runs->sums[what] = sums;
		/* Runs do not overlap, and a dump without an absent byte has none of 2^64. */
		for (size_t i = 0; i < dump->n_runs; i++)
			sums[i + 1] = sums[i] +
				      (is_so(&dump->runs[i], (enum runs_what)what) ?
					       efimap_span_bytes(dump->runs[i].span) :
					       0);
	}
	return 0;
}

static void runs_close(struct runs *runs)
{
	for (unsigned int what = 0; what < RUNS_WHAT_COUNT; what++)
		free(runs->sums[what]);
}

/* The number of the first run that ends at @address or above. */
static size_t find_run(const struct runs *runs, uint64_t address)
{
	size_t low = 0, high = runs->dump->n_runs;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (runs->dump->runs[middle].span.last < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Bytes below @address that are so. */
static uint64_t bytes_below(const struct runs *runs, enum runs_what what, uint64_t address)
{
	const size_t at = find_run(runs, address);
	const struct efimap_ptrun *run;
	uint64_t sum = runs->sums[what][at];

	if (at == runs->dump->n_runs)
		return sum;
	run = &runs->dump->runs[at];
	if (run->span.first < address && is_so(run, what))
		sum += address - run->span.first;
	return sum;
}

/* How many bytes of the range are so; none that is asked for ends at 2^64 */
static uint64_t runs_bytes(const struct runs *runs, enum runs_what what, struct efimap_span span)
{
	return bytes_below(runs, what, span.last + 1) - bytes_below(runs, what, span.first);
}

/*
 * The first address of the range that is @so, or is not; some are. The search halves the range:
 * the answer lies in the first half whose count is no longer all or nothing.
 */
static uint64_t runs_first(const struct runs *runs, enum runs_what what,
			   struct efimap_span span, bool so)
{
	uint64_t low = span.first, high = span.last;

	while (low < high) {
		const uint64_t middle = low + (high - low) / 2;
		const struct efimap_span half = { low, middle };
		const uint64_t bytes = runs_bytes(runs, what, half);

		if (so ? bytes > 0 : bytes < efimap_span_bytes(half))
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/* --- the rules --- */

static const struct runs *runs_of(const struct check *c)
{
	return c->data;
}

/* An entry as a subject: the thing is its range in one of its two places. */
static void visit_range(struct check *c, size_t position, const struct efimap_span *span)
{
	check_visit(c, &(const struct subject){ position, &c->map->entries[position],
						NULL, span });
}

static bool find_identity(const struct efimap_entry *entry, struct efimap_span *ret_span)
{
	const uint64_t limit = UINT64_C(1) << 47;

	return efimap_span_from_pages(efimap_page_start(entry->phys), entry->pages,
				      ret_span) == 0 &&
	       ret_span->last < limit;
}

/* What has a finding of verify's (a place that is none) is not looked for here. */
void check_walk_identities(struct check *c)
{
	struct efimap_span span;

	for (size_t i = 0; i < c->map->n_entries && !c->error; i++)
		if (find_identity(&c->map->entries[i], &span))
			visit_range(c, i, &span);
}

void check_walk_mapped_entries(struct check *c)
{
	struct efimap_span span;

	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *entry = &c->map->entries[i];

		if (find_identity(entry, &span) &&
		    check_place_is_sound(check_place(c, i)) &&
		    efimap_span_from_pages(efimap_page_start(entry->virt), entry->pages,
					   &span) == 0)
			visit_range(c, i, &span);
	}
}

/* Is a part of its range not mapped? */
static bool is_missing(const struct check *c, const struct efimap_span *span,
		       struct say *say)
{
	const uint64_t bytes = efimap_span_bytes(*span);
	const uint64_t missing = bytes - runs_bytes(runs_of(c), RUNS_PRESENT, *span);

	if (missing == 0)
		return false;
	say_hex(say, SAY_MISSING, missing);
	say_hex(say, SAY_BYTES, bytes);
	say_hex(say, SAY_FROM, runs_first(runs_of(c), RUNS_PRESENT, *span, false));
	return true;
}

bool rule_pagetable_missing(const struct check *c, struct say *say)
{
	return is_missing(c, say->thing, say);
}

bool rule_pagetable_no_identity(const struct check *c, struct say *say)
{
	return is_missing(c, say->thing, say);
}

/* How much of its range is so, and where that begins? */
static bool is_any(const struct check *c, enum runs_what what,
		   const struct efimap_span *span, struct say *say)
{
	const uint64_t bytes = runs_bytes(runs_of(c), what, *span);

	if (bytes == 0)
		return false;
	say_hex(say, SAY_BYTES, bytes);
	say_hex(say, SAY_FROM, runs_first(runs_of(c), what, *span, true));
	return true;
}

bool rule_pagetable_nx_data(const struct check *c, struct say *say)
{
	return say->entry->type != EFIMAP_TYPE_RUNTIME_CODE &&
	       say->entry->type != EFIMAP_TYPE_BOOT_CODE &&
	       is_any(c, RUNS_EXECUTABLE, say->thing, say);
}

/* MEMATTR takes pieces of it away, never all. */
bool rule_pagetable_x_code_nx(const struct check *c, struct say *say)
{
	const struct efimap_span *span = say->thing;

	say_hex(say, SAY_FROM, span->first);
	return say->entry->type == EFIMAP_TYPE_RUNTIME_CODE &&
	       runs_bytes(runs_of(c), RUNS_PRESENT, *span) > 0 &&
	       runs_bytes(runs_of(c), RUNS_EXECUTABLE, *span) == 0;
}

bool rule_pagetable_cache(const struct check *c, struct say *say)
{
	const struct efimap_span *span = say->thing;
	const uint64_t present = runs_bytes(runs_of(c), RUNS_PRESENT, *span);
	const uint64_t uncached = runs_bytes(runs_of(c), RUNS_UNCACHED, *span);
	const bool caches = say->entry->attribute & EFIMAP_ATTR_WB;
	const uint64_t wrong = caches ? uncached : present - uncached;

	if (!caches)
		say_as(say, AS_DEVICE);
	say_hex(say, SAY_BYTES, wrong);
	say_hex(say, SAY_FROM, span->first);
	return wrong > 0;
}

/*
 * A kernel that received the map leaves code writable and executable; the first kernel
 * goes by the Memory Attributes Table, where there is one.
 */
bool rule_pagetable_wx(const struct check *c, struct say *say)
{
	uint64_t table;

	if (c->booted_by != EFIMAP_BOOTED_BY_FIRMWARE ||
	    !efimap_find_pair(c->map->tables, c->map->n_tables, "MEMATTR", &table))
		say_severity(say, EFIMAP_NOTE);
	return say->entry->type == EFIMAP_TYPE_RUNTIME_CODE &&
	       is_any(c, RUNS_WRITABLE_EXECUTABLE, say->thing, say);
}

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

	while (sweep->next < sweep->c->n_by_virt &&
	       sweep->keys[sweep->next].key <= run.last) {
		const size_t i = sweep->keys[sweep->next].index;
		struct efimap_span span;

		sweep->next++;
		if (efimap_entry_virt(&sweep->c->map->entries[i], &span) < 0)
			continue;
		span.first = efimap_page_start(span.first);
		if (span.first > at)
			tally_add(&sweep->tally,
				  (struct efimap_span){ at, span.first - 1 });
		/* In the window, so nothing ends at 2^64. */
		sweep->covered = greatest(sweep->covered, span.last + 1);
		at = greatest(at, sweep->covered);
	}
	if (at <= run.last)
		tally_add(&sweep->tally, (struct efimap_span){ at, run.last });
}

static bool is_any_tallied(const struct tally *tally, struct say *say)
{
	say_hex(say, SAY_BYTES, tally->bytes);
	say_hex(say, SAY_FROM, tally->first);
	return tally->bytes > 0;
}

bool rule_pagetable_extra(const struct check *c, struct say *say)
{
	static const struct efimap_span window = { EFIMAP_VA_END, EFIMAP_VA_START - 1 };
	const struct efimap_ptdump *dump = runs_of(c)->dump;
	struct sweep sweep = { .c = c, .keys = c->by_virt };

	for (size_t i = 0; i < dump->n_runs; i++)
		if (efimap_span_overlaps(dump->runs[i].span, window))
			beside_entries(&sweep, efimap_span_shared(dump->runs[i].span, window));
	if (c->booted_by != EFIMAP_BOOTED_BY_KEXEC)
		say_severity(say, EFIMAP_NOTE);
	return is_any_tallied(&sweep.tally, say);
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
			tally_add(&tally, efimap_span_shared(x->span, y->span));
		if (x->span.last <= y->span.last)
			i++;
		else
			j++;
	}
	return tally;
}

bool rule_pagetable_level(const struct check *c, struct say *say)
{
	const struct tally tally = compare_levels(runs_of(c)->predicted, runs_of(c)->dump);

	return is_any_tallied(&tally, say);
}

int efimap_pagetable_check(const struct efimap *map, const struct efimap_ptdump *dump,
			   const struct efimap_ptdump *predicted,
			   struct efimap_report **ret_report)
{
	const struct efimap_verify_options options = { .fail_on = EFIMAP_WARNING };
	efimap_auto_report struct efimap_report *report = NULL;
	efimap_cleanup(runs_close) struct runs runs = { .dump = dump, .predicted = predicted };
	const struct check_plan plan = {
		.families = CHECK_FAMILY(FAMILY_PAGETABLE),
		.wants = check_wants,
		.data = &runs,
	};
	int ret = efimap_report_new(&report) ?:
		  runs_open(&runs) ?:
		  check_run(map, &options, &plan, report);
	if (ret == 0)
		*ret_report = efimap_steal(report);
	return ret;
}
