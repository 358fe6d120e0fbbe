/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a map to the mappings that Linux makes of it, and from those to tables. Source:
 * arch/x86/platform/efi/efi_64.c: __map_region(), efi_setup_page_tables(). It must not
 * know how a mapping gets into the tables.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "emulate/pagetable.h"

/* Two per entry, the map's own pages and page 0; their number must fit a sort key. */
#define MAX_ENTRIES (UINT32_MAX / 8)
#define PHYS_LAST ((UINT64_C(1) << 52) - 1)

static const char *const mode_names[] = {
	[EFIMAP_PAGETABLE_BOTH] = "both",
	[EFIMAP_PAGETABLE_IDENTITY] = "identity",
	[EFIMAP_PAGETABLE_VIRTUAL] = "virtual",
};

static const char *const reason_texts[] = {
	[EFIMAP_PAGETABLE_EMPTY] = "no pages",
	[EFIMAP_PAGETABLE_PHYS] = "physical range ends above 2^52",
	[EFIMAP_PAGETABLE_UNALIGNED] = "virtual address is no multiple of 4096",
	[EFIMAP_PAGETABLE_NONCANONICAL] = "virtual range is not canonical",
};

const char *efimap_pagetable_mode_name(enum efimap_pagetable_mode mode)
{
	return mode_names[mode];
}

const char *efimap_pagetable_reason_text(enum efimap_pagetable_reason reason)
{
	return reason_texts[reason];
}

struct plan {
	struct mapping *mappings;
	size_t n_mappings;
	struct efimap_pagetable_skip *skips;
	size_t n_skips;
};

/* __map_region(): executable for code only, uncached unless it can be cached. */
static uint64_t flags_of(const struct efimap_entry *entry)
{
	uint64_t flags = EFIMAP_PTE_RW;

	if (entry->type != EFIMAP_TYPE_BOOT_CODE &&
	    entry->type != EFIMAP_TYPE_RUNTIME_CODE)
		flags |= EFIMAP_PTE_NX;
	if (!(entry->attribute & EFIMAP_ATTR_WB))
		flags |= EFIMAP_PTE_PCD;
	return flags;
}

static bool find_reason(const struct efimap_entry *entry, uint64_t va,
			enum efimap_pagetable_reason *ret_reason)
{
	struct efimap_span phys, virt;

	*ret_reason = EFIMAP_PAGETABLE_EMPTY;
	if (entry->pages == 0)
		return true;
	*ret_reason = EFIMAP_PAGETABLE_PHYS;
	if (efimap_entry_phys(entry, &phys) || phys.last > PHYS_LAST)
		return true;
	*ret_reason = EFIMAP_PAGETABLE_UNALIGNED;
	if (va % EFIMAP_PAGE_SIZE)
		return true;
	*ret_reason = EFIMAP_PAGETABLE_NONCANONICAL;
	return efimap_span_from_pages(va, entry->pages, &virt) ||
	       !is_canonical(virt.first) || !is_canonical(virt.last) ||
	       virt.first >> 47 != virt.last >> 47;
}

static void plan_entry(struct plan *plan, const struct efimap_entry *entry,
		       size_t position, bool identity)
{
	const uint64_t va = identity ? entry->phys : entry->virt;
	enum efimap_pagetable_reason reason;

	if (find_reason(entry, va, &reason)) {
		plan->skips[plan->n_skips++] =
			(struct efimap_pagetable_skip){ position, identity, reason };
		return;
	}
	plan->mappings[plan->n_mappings++] = (struct mapping){
		.va = va,
		.pfn = entry->phys >> PAGE_SHIFT,
		.pages = entry->pages,
		.flags = flags_of(entry),
	};
}

/* The pages that hold these bytes onto themselves, if they can be mapped at all. */
static void plan_identity(struct plan *plan, uint64_t addr, uint64_t size)
{
	const uint64_t first = addr & ~(EFIMAP_PAGE_SIZE - 1);
	const uint64_t pages = size / EFIMAP_PAGE_SIZE + (size % EFIMAP_PAGE_SIZE != 0);
	const struct efimap_entry entry = { .phys = first,
					    .virt = first,
					    .pages = pages };
	enum efimap_pagetable_reason reason;

	if (find_reason(&entry, first, &reason))
		return;
	plan->mappings[plan->n_mappings++] = (struct mapping){
		.va = first,
		.pfn = first >> PAGE_SHIFT,
		.pages = pages,
		.flags = EFIMAP_PTE_RW | EFIMAP_PTE_NX,
	};
}

static int make_plan(const struct efimap_entry *entries, size_t count,
		     const struct efimap_pagetable_options *options, struct plan *plan)
{
	plan->mappings = calloc(count + 1, 2 * sizeof(*plan->mappings));
	plan->skips = calloc(count + 1, 2 * sizeof(*plan->skips));
	if (!plan->mappings || !plan->skips)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		if (options->mode != EFIMAP_PAGETABLE_VIRTUAL)
			plan_entry(plan, &entries[i], i, true);
		if (options->mode != EFIMAP_PAGETABLE_IDENTITY)
			plan_entry(plan, &entries[i], i, false);
	}
	if (options->mode != EFIMAP_PAGETABLE_BOTH)
		return 0;
	plan_identity(plan, options->memmap_addr, options->memmap_size);
	plan_identity(plan, 0, EFIMAP_PAGE_SIZE);
	return 0;
}

static void free_plan(struct plan *plan)
{
	free(plan->mappings);
	free(plan->skips);
}

static int reserve(const struct plan *plan,
		   const struct efimap_pagetable_options *options,
		   struct builder *builder, struct efimap_err *err)
{
	const uint64_t max =
		options->max_bytes ? options->max_bytes : EFIMAP_PAGETABLE_MAX;
	uint64_t pages;
	int ret;

	ret = pagetable_count(plan->mappings, plan->n_mappings, options->largest, &pages);
	if (ret)
		return ret;
	if (pages > max >> PAGE_SHIFT)
		return efimap_err_set(
			err, E2BIG, NULL,
			"the page table would take %llu pages, %llu KiB; the "
			"limit is %llu KiB",
			(unsigned long long)pages, (unsigned long long)pages * 4,
			(unsigned long long)max >> 10);
	/* Before a table is entered into another: its address would lose its upper bits. */
	if (builder->base > PHYS_LAST - (pages << PAGE_SHIFT) + 1)
		return efimap_err_set(
			err, EOVERFLOW, NULL, "%llu tables at base 0x%llx end above 2^52",
			(unsigned long long)pages, (unsigned long long)builder->base);
	/* Four levels reach 2^48 bytes: less than 2^28 tables, whatever the limit is. */
	builder->words = calloc((size_t)pages, EFIMAP_PAGE_SIZE);
	if (!builder->words)
		return -ENOMEM;
	builder->capacity = (size_t)pages;
	builder->n_pages = 1;
	return 0;
}

static int fill(const struct plan *plan, struct builder *builder, struct efimap_err *err)
{
	for (size_t i = 0; i < plan->n_mappings; i++)
		if (pagetable_map(builder, &plan->mappings[i]))
			return efimap_err_set(
				err, E2BIG, NULL,
				"the entries overlap so much that more than "
				"%llu leaves would be written",
				(unsigned long long)EFIMAP_PAGETABLE_MAX_STEPS);
	pagetable_finish(builder);
	return 0;
}

static int build(const struct plan *plan, const struct efimap_pagetable_options *options,
		 struct efimap_pagetable *table, struct efimap_err *err)
{
	struct builder builder = {
		.base = options->base,
		.largest = options->largest,
		.steps = EFIMAP_PAGETABLE_MAX_STEPS,
	};
	int ret;

	ret = reserve(plan, options, &builder, err);
	if (ret)
		return ret == -ENOMEM ? efimap_err_set(err, ENOMEM, NULL, "out of memory")
				      : ret;
	table->words = builder.words;
	ret = fill(plan, &builder, err);
	if (ret)
		return ret;
	table->n_pages = builder.n_pages;
	table->base = builder.base;
	return pagetable_count_leaves(table);
}

int efimap_pagetable_build(const struct efimap_entry *entries, size_t count,
			   const struct efimap_pagetable_options *options,
			   struct efimap_pagetable *ret_table, struct efimap_err *err)
{
	static const struct efimap_pagetable_options defaults = { 0 };
	efimap_auto_pagetable struct efimap_pagetable table = { 0 };
	efimap_cleanup(free_plan) struct plan plan = { 0 };
	int ret;

	options = options ? options : &defaults;
	if (options->base % EFIMAP_PAGE_SIZE)
		return efimap_err_set(err, EINVAL, NULL,
				      "base 0x%llx is no multiple of 4096",
				      (unsigned long long)options->base);
	if (options->base > PHYS_LAST)
		return efimap_err_set(err, EOVERFLOW, NULL, "base 0x%llx lies above 2^52",
				      (unsigned long long)options->base);
	if (count > MAX_ENTRIES)
		return efimap_err_set(err, E2BIG, NULL, "more than %u entries",
				      MAX_ENTRIES);
	ret = make_plan(entries, count, options, &plan);
	if (ret)
		return efimap_err_set(err, -ret, NULL, "out of memory");
	ret = build(&plan, options, &table, err);
	if (ret)
		return ret;
	table.skips = efimap_steal(plan.skips);
	table.n_skips = plan.n_skips;
	*ret_table = table;
	table = (struct efimap_pagetable){ 0 };
	return 0;
}

void efimap_pagetable_free(struct efimap_pagetable *table)
{
	free(table->words);
	free(table->skips);
	*table = (struct efimap_pagetable){ 0 };
}
