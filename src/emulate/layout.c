/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The virtual layout: the kernel's top-down walk of the EFI window, one region at a time,
 * and of a whole map. It must not know where a map came from, nor judge it. Source:
 * arch/x86/platform/efi/efi_64.c: efi_map_region(), the same in 3.14 to 6.18; efi.c:
 * efi_merge_regions(), should_map_region(), efi_map_regions().
 */
#include <errno.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sort.h"
#include "emulate/layout.h"

int efimap_layout_next(uint64_t va, uint64_t phys, uint64_t pages, uint64_t *ret_va)
{
	const uint64_t offset = phys & (EFIMAP_LAYOUT_STEP - 1);
	uint64_t bytes, next, block;

	if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes) ||
	    __builtin_sub_overflow(va, bytes, &next))
		return -EOVERFLOW;
	block = next & ~(EFIMAP_LAYOUT_STEP - 1);
	/* With a remainder that lies above us in this 2 MiB block, use the block below.
	 */
	if (offset == 0)
		next = block;
	else if (block + offset <= next)
		next = block + offset;
	else if (__builtin_sub_overflow(block + offset, EFIMAP_LAYOUT_STEP, &next))
		return -EOVERFLOW;
	if (next < EFIMAP_VA_END)
		return -EOVERFLOW;
	*ret_va = next;
	return 0;
}

const char *efimap_layout_order_name(enum efimap_layout_order order)
{
	return order == EFIMAP_LAYOUT_ASCENDING ? "ascending" : "descending";
}

bool efimap_layout_is_mapped(const struct efimap_entry *entry, bool mixed)
{
	if (efimap_entry_is_runtime(entry) || efimap_entry_is_boot_services(entry))
		return true;
	if (!mixed)
		return false;
	if (entry->type == EFIMAP_TYPE_CONVENTIONAL)
		return !(entry->attribute & EFIMAP_ATTR_SP);
	return entry->type == EFIMAP_TYPE_LOADER_CODE ||
	       entry->type == EFIMAP_TYPE_LOADER_DATA;
}

void efimap_layout_merge(struct efimap_entry *entries, size_t count)
{
	struct efimap_entry *last = entries;

	for (size_t i = 1; i < count; i++) {
		struct efimap_entry *entry = &entries[i];

		/* Unsigned wrap as in the kernel: a broken size merges there too. */
		if (entry->type != last->type || entry->attribute != last->attribute ||
		    entry->phys != last->phys + last->pages * EFIMAP_PAGE_SIZE) {
			last = entry;
			continue;
		}
		last->pages += entry->pages;
		entry->type = EFIMAP_TYPE_RESERVED;
		entry->attribute = 0;
	}
}

static size_t count_steps_up(const struct efimap_entry *entries, size_t count)
{
	size_t up = 0;

	for (size_t i = 1; i < count; i++)
		up += entries[i].virt >= entries[i - 1].virt;
	return up;
}

/* enum walk_order - along what the kernel went through the entries in hand */
enum walk_order {
	WALK_BY_NUMBER,
	WALK_BY_VIRT,
};

/* Keys in the order of the walk: by number, or by descending virt. */
static void find_walk(const struct efimap_entry *entries, size_t count,
		      enum walk_order order, struct efimap_key *keys)
{
	for (size_t i = 0; i < count; i++)
		keys[i] = (struct efimap_key){ UINT64_MAX - entries[i].virt, (uint32_t)i };
	if (order == WALK_BY_VIRT)
		efimap_sort_keys(keys, count);
}

static enum efimap_layout_order order_of_walk(const struct efimap_entry *entries,
					      const struct efimap_key *keys, size_t count)
{
	size_t up = 0, down = 0;

	for (size_t i = 1; i < count; i++) {
		const uint64_t before = entries[keys[i - 1].index].phys;
		const uint64_t after = entries[keys[i].index].phys;

		up += after > before;
		down += after < before;
	}
	return up > down ? EFIMAP_LAYOUT_ASCENDING : EFIMAP_LAYOUT_DESCENDING;
}

struct walk {
	bool exact;
	bool mixed;
	bool used_up;
	uint64_t va;
};

static void predict_row(struct walk *walk, const struct efimap_entry *entry,
			struct efimap_layout_row *row)
{
	uint64_t va = 0;

	row->predicted = row->bound = 0;
	if (walk->mixed) {
		row->kind = EFIMAP_LAYOUT_EXACT;
		row->predicted = row->bound = entry->phys;
		return;
	}
	if (walk->used_up ||
	    efimap_layout_next(walk->va, entry->phys, entry->pages, &va)) {
		row->kind = EFIMAP_LAYOUT_OVERFLOW;
		/* With gaps, one impossible entry says nothing about the next. */
		walk->used_up = walk->exact;
		return;
	}
	row->kind = walk->exact ? EFIMAP_LAYOUT_EXACT : EFIMAP_LAYOUT_BOUND;
	row->predicted = walk->exact ? va : 0;
	row->bound = va;
	walk->va =
		!walk->exact && efimap_layout_row_admits(row, entry) ? entry->virt : va;
}

/* struct task - what is to be predicted, and into what */
struct task {
	const struct efimap_layout_options *options;
	const struct efimap_entry *entries;
	size_t count;
	struct efimap_key *keys;
	struct efimap_layout_row *rows;
};

/* Return: how many entries cannot be where they are */
static size_t walk_along(const struct task *task, enum walk_order order)
{
	struct walk walk = {
		.va = EFIMAP_VA_START,
		.exact = task->options->complete,
		.mixed = task->options->mixed,
	};
	size_t wrong = 0;

	find_walk(task->entries, task->count, order, task->keys);
	for (size_t i = 0; i < task->count; i++) {
		const uint32_t at = task->keys[i].index;

		predict_row(&walk, &task->entries[at], &task->rows[at]);
		wrong += !efimap_layout_row_admits(&task->rows[at], &task->entries[at]);
	}
	return wrong;
}

/*
 * kexec_load hands a map on in the order in which sysfs lists it, where about every
 * second step goes up. Of few entries even that can look as if one address were wrong:
 * then the walk is the one along which fewer are.
 */
static void find_exported_walk(const struct task *task)
{
	const size_t up = count_steps_up(task->entries, task->count);
	const bool few = task->count < 2 || up <= (task->count - 1) / 3;
	size_t by_virt;

	if (up == 0 || task->options->mixed || (few && task->options->in_order)) {
		walk_along(task, WALK_BY_NUMBER);
		return;
	}
	by_virt = walk_along(task, WALK_BY_VIRT);
	if (few && walk_along(task, WALK_BY_NUMBER) > by_virt)
		walk_along(task, WALK_BY_VIRT);
}

int efimap_layout_predict(const struct efimap_entry *entries, size_t count,
			  const struct efimap_layout_options *options,
			  struct efimap_layout_row *rows,
			  enum efimap_layout_order *ret_order)
{
	efimap_auto_free struct efimap_key *keys = efimap_array_new(count, sizeof(*keys));
	const struct task task = { options, entries, count, keys, rows };

	if (!keys)
		return -ENOMEM;
	find_exported_walk(&task);
	*ret_order = order_of_walk(entries, keys, count);
	return 0;
}

bool efimap_layout_row_admits(const struct efimap_layout_row *row,
			      const struct efimap_entry *entry)
{
	switch (row->kind) {
	case EFIMAP_LAYOUT_EXACT:
		return entry->virt == row->predicted;
	case EFIMAP_LAYOUT_BOUND:
		return entry->virt >= EFIMAP_VA_END && entry->virt <= row->bound &&
		       (entry->virt - entry->phys) % EFIMAP_LAYOUT_STEP == 0;
	case EFIMAP_LAYOUT_OVERFLOW:
		break;
	}
	return true;
}
