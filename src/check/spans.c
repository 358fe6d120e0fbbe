/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Ranges of memmap and lines of iomem, by what their labels mean to rules. */
#include <string.h>

#include "check/label.h"
#include "check/pages.h"
#include "check/spans.h"

static bool is_any(const char *name)
{
	return true;
}

static bool is_odd(const char *label)
{
	return !label_is_firmware(label) && !label_is_ram(label) &&
	       !label_is_handed_out(label);
}

/* arch/x86/kernel/setup.c: crashk_res, crashk_low_res */
static bool is_crash(const char *name)
{
	return strcmp(name, "Crash kernel") == 0;
}

/* arch/x86/kernel/setup.c: code_resource, rodata_resource, data_resource, bss_resource */
static bool is_kernel(const char *name)
{
	return strcmp(name, "Kernel code") == 0 || strcmp(name, "Kernel rodata") == 0 ||
	       strcmp(name, "Kernel data") == 0 || strcmp(name, "Kernel bss") == 0;
}

static bool is_window(const char *name)
{
	return label_begins(name, "PCI Bus ");
}

bool spans_keeps_devices_off(const char *name)
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

static bool is_owned(const char *name)
{
	return !label_is_ram(name) && !is_window(name) && !spans_keeps_devices_off(name);
}

/* @top: lines of iomem that lie under no other only */
static const struct kind {
	bool (*takes)(const char *label);
	bool top;
} kinds[SPANS_COUNT] = {
	[SPANS_LISTED] = { is_any },
	[SPANS_RAM] = { label_is_ram },
	[SPANS_HANDED_OUT] = { label_is_handed_out },
	[SPANS_ODD] = { is_odd },
	[SPANS_TOP] = { is_any, true },
	[SPANS_USED] = { label_is_ram, true },
	[SPANS_CRASH] = { is_crash },
	[SPANS_KERNEL] = { is_kernel },
	[SPANS_WINDOW] = { is_window },
	[SPANS_OWNED] = { is_owned, true },
};

bool spans_forbids_ram(const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE ||
	       entry->type == EFIMAP_TYPE_RUNTIME_DATA ||
	       entry->type == EFIMAP_TYPE_MMIO || entry->type == EFIMAP_TYPE_RESERVED;
}

static void add_ranges(const struct efimap *map, const struct kind *kind,
		       struct efimap_intervals *found)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (!map->memmap[i].bad && kind->takes(map->memmap[i].label))
			efimap_intervals_add(found, map->memmap[i].span, i);
}

static void add_lines(const struct efimap *map, const struct kind *kind,
		      struct efimap_intervals *found)
{
	for (size_t i = 0; i < map->n_iomem; i++)
		if ((!kind->top || map->iomem[i].depth == 0) &&
		    kind->takes(map->iomem[i].name))
			efimap_intervals_add(found, map->iomem[i].span, i);
}

static void add_entries(const struct efimap *map, const struct kind *kind,
			struct efimap_intervals *found)
{
	struct efimap_span span;

	for (size_t i = 0; i < map->n_entries; i++)
		if ((spans_forbids_ram(&map->entries[i]) ||
		     efimap_entry_is_runtime(&map->entries[i])) &&
		    pages_of(&map->entries[i], &span))
			efimap_intervals_add(found, span, i);
}

static int gather_kind(const struct efimap *map, enum spans_kind kind,
		       struct efimap_intervals *ret_found)
{
	const size_t count = kind < SPANS_TOP	    ? map->n_memmap
			     : kind < SPANS_ENTRIES ? map->n_iomem
						    : map->n_entries;
	int ret = efimap_intervals_new(ret_found, count);

	if (ret < 0)
		return ret;
	if (kind < SPANS_TOP)
		add_ranges(map, &kinds[kind], ret_found);
	else if (kind < SPANS_ENTRIES)
		add_lines(map, &kinds[kind], ret_found);
	else
		add_entries(map, &kinds[kind], ret_found);
	efimap_intervals_sort(ret_found);
	return 0;
}

int spans_gather(const struct efimap *map, enum spans_kind last, struct spans *spans)
{
	int ret = 0;

	spans->map = map;
	for (unsigned int kind = 0; kind <= last && ret == 0; kind++)
		ret = gather_kind(map, kind, &spans->of[kind]);
	return ret;
}

void spans_free(struct spans *spans)
{
	for (unsigned int kind = 0; kind < SPANS_COUNT; kind++)
		efimap_intervals_free(&spans->of[kind]);
}

static bool find_first(const struct spans *spans, enum spans_kind kind,
		       struct efimap_span span, uint32_t *ret_position)
{
	bool more;

	return efimap_intervals_find(&spans->of[kind], span, 1, ret_position, &more) == 1;
}

const struct efimap_range *spans_range(const struct spans *spans, enum spans_kind kind,
				       struct efimap_span span)
{
	uint32_t position;

	return find_first(spans, kind, span, &position) ? &spans->map->memmap[position]
							: NULL;
}

const struct efimap_resource *spans_line(const struct spans *spans, enum spans_kind kind,
					 struct efimap_span span)
{
	uint32_t position;

	return find_first(spans, kind, span, &position) ? &spans->map->iomem[position]
							: NULL;
}

bool spans_has(const struct spans *spans, enum spans_kind kind, struct efimap_span span)
{
	uint32_t position;

	return find_first(spans, kind, span, &position);
}
