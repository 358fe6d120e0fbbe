/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The virtual layout of a whole map: merge, walk, and one step after the other.
 * Source: arch/x86/platform/efi/efi.c: efi_merge_regions(), should_map_region(),
 * efi_map_regions(). It must not know where the map came from, nor judge it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <efimap/cleanup.h>
#include <efimap/layout.h>
#include <efimap/sort.h>

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

/* A kexec_load'ed map is in kernfs order, where about every second step goes up. */
static bool is_in_walking_order(const struct efimap_entry *entries, size_t count)
{
	size_t up = 0;

	for (size_t i = 1; i < count; i++)
		up += entries[i].virt >= entries[i - 1].virt;
	return count < 2 || up <= (count - 1) / 3;
}

/* keys[step].index becomes the position of the entry walked at that step. */
static int find_walk(const struct efimap_entry *entries, size_t count,
		     const struct efimap_layout_options *options, struct efimap_key *keys)
{
	const bool firmware = options->input == EFIMAP_LAYOUT_FIRMWARE;
	const bool forward =
		firmware ? options->order == EFIMAP_LAYOUT_ASCENDING
			 : options->mixed || is_in_walking_order(entries, count);

	for (size_t i = 0; i < count; i++) {
		const size_t from = forward || !firmware ? i : count - 1 - i;

		keys[i].index = (uint32_t)from;
		keys[i].key = UINT64_MAX - entries[from].virt;
	}
	return forward || firmware ? 0 : efimap_sort_keys(keys, count);
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
	row->pages = entry->pages;
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

int efimap_layout_predict(const struct efimap_entry *entries, size_t count,
			  const struct efimap_layout_options *options,
			  struct efimap_layout_row *rows,
			  enum efimap_layout_order *ret_order)
{
	static const struct efimap_layout_options defaults = { 0 };
	struct walk walk = { .va = EFIMAP_VA_START };
	efimap_auto_free struct efimap_entry *merged = NULL;
	efimap_auto_free struct efimap_key *keys = NULL;
	bool firmware;
	int err;

	options = options ? options : &defaults;
	firmware = options->input == EFIMAP_LAYOUT_FIRMWARE;
	if (count > UINT32_MAX)
		return -EOVERFLOW;
	keys = calloc(count + 1, sizeof(*keys));
	merged = calloc(count + 1, sizeof(*merged));
	if (!keys || !merged)
		return -ENOMEM;
	if (count)
		memcpy(merged, entries, count * sizeof(*merged));
	if (firmware)
		efimap_layout_merge(merged, count);
	err = find_walk(merged, count, options, keys);
	if (err)
		return err;
	walk.exact = firmware || options->complete;
	walk.mixed = options->mixed;
	for (size_t step = 0; step < count; step++) {
		const struct efimap_entry *entry = &merged[keys[step].index];
		struct efimap_layout_row *row = &rows[keys[step].index];

		*row = (struct efimap_layout_row){ .kind = EFIMAP_LAYOUT_UNMAPPED,
						   .step = (uint32_t)step,
						   .pages = entry->pages };
		if (!firmware || efimap_layout_is_mapped(entry, options->mixed))
			predict_row(&walk, entry, row);
	}
	*ret_order = order_of_walk(merged, keys, count);
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
	case EFIMAP_LAYOUT_UNMAPPED:
		break;
	}
	return true;
}
