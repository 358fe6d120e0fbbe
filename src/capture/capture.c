/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Build a capture of the data of one machine. */
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/enum_name.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "capture/capture.h"

static const struct {
	const char *name;
	const char *path;
} sources[EFIMAP_SRC_COUNT] = {
	[EFIMAP_SRC_EFI] = { "efi", "sys/firmware/efi" },
	[EFIMAP_SRC_RUNTIME_MAP] = { "runtime_map", "sys/firmware/efi/runtime-map" },
	[EFIMAP_SRC_FW_VENDOR] = { "fw_vendor", "sys/firmware/efi/fw_vendor" },
	[EFIMAP_SRC_RUNTIME] = { "runtime", "sys/firmware/efi/runtime" },
	[EFIMAP_SRC_CONFIG_TABLE] = { "config_table", "sys/firmware/efi/config_table" },
	[EFIMAP_SRC_SYSTAB] = { "systab", "sys/firmware/efi/systab" },
	[EFIMAP_SRC_FW_PLATFORM_SIZE] = { "fw_platform_size", "sys/firmware/efi/fw_platform_size" },
	[EFIMAP_SRC_MEMMAP] = { "memmap", "sys/firmware/memmap" },
	[EFIMAP_SRC_IOMEM] = { "iomem", "proc/iomem" },
	[EFIMAP_SRC_CMDLINE] = { "cmdline", "proc/cmdline" },
	[EFIMAP_SRC_VERSION] = { "version", "proc/version" },
	[EFIMAP_SRC_BOOT_PARAMS] = { "boot_params", "sys/kernel/boot_params/data" },
	[EFIMAP_SRC_SETUP_DATA] = { "setup_data", "sys/kernel/boot_params/setup_data" },
	[EFIMAP_SRC_KERNEL_LOG] = { "kernel_log", "the kernel log" },
	[EFIMAP_SRC_BOOT_ID] = { "boot_id", "proc/sys/kernel/random/boot_id" },
	[EFIMAP_SRC_CPUINFO] = { "cpuinfo", "proc/cpuinfo" },
	[EFIMAP_SRC_DMI] = { "dmi", "sys/devices/virtual/dmi/id" },
	[EFIMAP_SRC_KERNELS] = { "kernels", "the installed kernels" },
	[EFIMAP_SRC_KEXEC] = { "kexec", "the state of kexec" },
};

const char *source_name(unsigned int source)
{
	return sources[source].name;
}

const char *path_of_source(enum source source)
{
	return sources[source].path;
}

static const char *const state_names[] = {
	[EFIMAP_STATE_ABSENT] = "absent",    [EFIMAP_STATE_PRESENT] = "present",
	[EFIMAP_STATE_DENIED] = "denied",    [EFIMAP_STATE_MASKED] = "masked",
	[EFIMAP_STATE_MALFORMED] = "broken",
};
EFIMAP_NAME_OF(state)

static const char *const origin_names[] = {
	[EFIMAP_ORIGIN_LIVE] = "live",
	[EFIMAP_ORIGIN_TREE] = "tree",
	[EFIMAP_ORIGIN_SNAPSHOT] = "snapshot",
	[EFIMAP_ORIGIN_LOG] = "log",
};
EFIMAP_NAME_OF(origin)

static const char *const fault_state_names[] = {
	[EFIMAP_STATE_ABSENT] = "missing",
	[EFIMAP_STATE_DENIED] = "denied",
	[EFIMAP_STATE_EMPTY] = "empty",
	[EFIMAP_STATE_NOT_A_FILE] = "not-a-file",
	[EFIMAP_STATE_IO] = "io",
	[EFIMAP_STATE_SYNTAX] = "syntax",
	[EFIMAP_STATE_TOO_LONG] = "too-long",
	[EFIMAP_STATE_NAME] = "name",
	[EFIMAP_STATE_LINES_IGNORED] = "extra",
	[EFIMAP_STATE_LINES_MISSING] = "missing",
	[EFIMAP_STATE_LINES_MALFORMED] = "syntax",
};
EFIMAP_NAME_OF(fault_state)

bool fault_is_of_tables(const struct capture_fault *fault)
{
	return fault->source == EFIMAP_SRC_KERNEL_LOG &&
	       strcmp(fault->where, path_of_source(EFIMAP_SRC_CONFIG_TABLE)) == 0;
}

const struct capture_fault *find_table_fault(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_faults; i++)
		if (fault_is_of_tables(&map->faults[i]))
			return &map->faults[i];
	return NULL;
}

size_t count_virt(const struct efimap *map, enum virt_from from)
{
	size_t count = 0;

	for (size_t i = 0; i < map->n_entries; i++)
		count += map->entries[i].virt_from == from;
	return count;
}

bool has_read_virt(const struct efimap *map)
{
	return count_virt(map, EFIMAP_VIRT_READ) == map->n_entries;
}

bool find_named_address(const struct named_address *pairs, size_t count, const char *name,
			uint64_t *ret_value)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i].name, name) == 0) {
			*ret_value = pairs[i].value;
			return true;
		}
	}
	return false;
}

const struct map_entry *find_entry(const struct efimap *map, uint32_t index)
{
	return map->n_entries ? bsearch(&index, map->entries, map->n_entries, sizeof(*map->entries),
					order_at_32)
			      : NULL;
}

bool capture_has_fault(const struct efimap *map, enum source source, uint32_t states)
{
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == source && states >> map->faults[i].state & 1)
			return true;
	return false;
}

bool has_all_of(const struct efimap *map, enum source source)
{
	return capture_has(map, source) && !capture_has_fault(map, source, EFIMAP_ANY_FAULT);
}

const struct map_entry *find_covering_entry(const struct efimap *map, covers_fn *covers,
					    uint64_t address)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (covers(&map->entries[i], address))
			return &map->entries[i];
	return NULL;
}

/* The arrays of a capture, in the order of efimap.capacity. */
enum array {
	ARRAY_ENTRIES,
	ARRAY_FIRMWARE,
	ARRAY_NAMES,
	ARRAY_MEMMAP,
	ARRAY_IOMEM,
	ARRAY_SYSTAB,
	ARRAY_TABLES,
	ARRAY_SETUP_DATA,
	ARRAY_FAULTS,
	ARRAY_COUNT,
};

#define ARRAY(member)                                                                              \
	offsetof(struct efimap, member), offsetof(struct efimap, n_##member),                      \
		sizeof(*((struct efimap *)0)->member)
/*
 * The elements of a NUMBERED array begin with their number, by which seal() sorts them. A
 * LISTED array keeps the order in which its elements were added.
 */
#define NUMBERED(member)                                                                           \
	{                                                                                          \
		ARRAY(member), true                                                                \
	}
#define LISTED(member)                                                                             \
	{                                                                                          \
		ARRAY(member), false                                                               \
	}

static const struct {
	size_t elements;
	size_t count;
	size_t size;
	bool is_numbered;
} arrays[ARRAY_COUNT] = {
	[ARRAY_ENTRIES] = NUMBERED(entries), [ARRAY_FIRMWARE] = LISTED(firmware),
	[ARRAY_NAMES] = NUMBERED(names),     [ARRAY_MEMMAP] = NUMBERED(memmap),
	[ARRAY_IOMEM] = LISTED(iomem),	     [ARRAY_SYSTAB] = LISTED(systab),
	[ARRAY_TABLES] = LISTED(tables),     [ARRAY_SETUP_DATA] = NUMBERED(setup_data),
	[ARRAY_FAULTS] = LISTED(faults),
};

_Static_assert(offsetof(struct map_entry, index) == 0 &&
		       offsetof(struct memory_range, index) == 0 &&
		       offsetof(struct setup_node, index) == 0,
	       "numbers come first");

_Static_assert(ARRAY_COUNT == sizeof(((struct efimap *)0)->capacity) / sizeof(size_t),
	       "one capacity per array");

struct efimap *capture_create(const char *name, enum origin origin)
{
	struct efimap *map = array_new(1, sizeof(*map));

	map->origin = origin;
	map->inner = "";
	map->cmdline = "";
	map->boot_id = "";
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		map->dmi[i] = "";
	map->log_model = map->log_bios = "";
	map->release.text = "";
	map->name = arena_strndup(&map->arena, name, strlen(name));
	map->first_origin = EFIMAP_ORIGIN_TREE;
	return map;
}

void capture_free(struct efimap *map)
{
	if (!map)
		return;
	for (size_t i = 0; i < ARRAY_COUNT; i++)
		free_pointer((char *)map + arrays[i].elements);
	free(map->log);
	arena_free(&map->arena);
	capture_free(map->next);
	free(map);
}

static size_t *array_count(struct efimap *map, enum array which)
{
	return (size_t *)(void *)((char *)map + arrays[which].count);
}

static void append_to(struct efimap *map, enum array which, const void *element)
{
	array_append((char *)map + arrays[which].elements, array_count(map, which),
		     &map->capacity[which], element, arrays[which].size);
}

void capture_add_entry(struct efimap *map, const struct map_entry *entry)
{
	append_to(map, ARRAY_ENTRIES, entry);
}

void capture_add_firmware(struct efimap *map, const struct map_entry *entry)
{
	append_to(map, ARRAY_FIRMWARE, entry);
}

void capture_add_name(struct efimap *map, uint32_t index)
{
	append_to(map, ARRAY_NAMES, &index);
}

void capture_add_memmap(struct efimap *map, uint32_t index, uint64_t start, uint64_t end,
			const char *label, size_t label_len)
{
	struct memory_range range = {
		.index = index,
		.bad = end < start,
		.label = arena_strndup(&map->arena, label, label_len),
		.span = { start, end < start ? start : end },
		.start = start,
		.end = end,
	};
	const struct memory_range *last = map->n_memmap ? &map->memmap[map->n_memmap - 1] : NULL;

	range.out_of_order = last && (last->out_of_order || start < last->start);
	append_to(map, ARRAY_MEMMAP, &range);
}

void capture_add_iomem(struct efimap *map, struct span span, uint32_t depth, const char *name,
		       size_t name_len)
{
	const struct resource line = {
		.span = span,
		.depth = depth,
		.name = arena_strndup(&map->arena, name, name_len),
	};
	const struct resource *last = map->n_iomem ? &map->iomem[map->n_iomem - 1] : NULL;

	/* The kernel lists a range once on a level. A copy may contain a line twice. */
	if (!last || last->depth != depth || last->span.first != span.first ||
	    last->span.last != span.last || strcmp(last->name, line.name) != 0)
		append_to(map, ARRAY_IOMEM, &line);
}

/* Ignore a name that was already added, because a log may list the same table twice. */
static void add_pair(struct efimap *map, enum array which, const struct named_address *pairs,
		     const char *name, size_t len, uint64_t value)
{
	struct named_address pair = { .value = value };

	for (size_t i = 0; i < *array_count(map, which); i++)
		if (strlen(pairs[i].name) == len && memcmp(pairs[i].name, name, len) == 0)
			return;
	pair.name = arena_strndup(&map->arena, name, len);
	append_to(map, which, &pair);
}

void capture_add_systab(struct efimap *map, const char *name, size_t name_len, uint64_t value)
{
	add_pair(map, ARRAY_SYSTAB, map->systab, name, name_len, value);
}

void capture_add_table(struct efimap *map, const char *name, size_t name_len, uint64_t value)
{
	add_pair(map, ARRAY_TABLES, map->tables, name, name_len, value);
}

void capture_add_setup_node(struct efimap *map, const struct setup_node *node)
{
	append_to(map, ARRAY_SETUP_DATA, node);
}

void capture_add_fault(struct efimap *map, const struct capture_fault *fault)
{
	/* A path may contain any bytes, so it is marked as data. "the kernel log" is not a path. */
	const char *where =
		strchr(fault->where, '/') ? text_mark(&map->arena, fault->where) : fault->where;
	struct capture_fault copy = *fault;

	copy.where = arena_strndup(&map->arena, where, strlen(where));
	append_to(map, ARRAY_FAULTS, &copy);
}

bool log_contains(const struct efimap *map, const char *text)
{
	return text_contains((struct text){ map->log, map->log_len }, text);
}

void seal(struct efimap *map)
{
	char *elements;

	for (enum array i = 0; i < ARRAY_COUNT; i++) {
		memcpy(&elements, (char *)map + arrays[i].elements, sizeof(elements));
		if (arrays[i].is_numbered)
			sort_items(elements, *array_count(map, i), arrays[i].size, order_at_32);
	}
}
