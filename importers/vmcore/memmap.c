/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firmware's memory map as sys/firmware/memmap shows it, from the list that
 * drivers/firmware/memmap.c keeps. A list that leads in circles ends at its limit.
 */
#include <errno.h>
#include <string.h>

#include "read/parse.h"
#include "read/read.h"
#include "vmcore.h"

/* struct firmware_map_entry, and behind what makes a range what tells whose list it is */
enum { START, END, TYPE, N_VALUES, LIST = N_VALUES, KTYPE, N_FIELDS };

static const char *const paths[N_FIELDS] = { "start", "end", "type", "list", "kobj.ktype" };

/* They are numbered in the order of the list (add_sysfs_fw_map_entry). */
static int add_listed_range(struct vmcore *vm, const struct field *fields, uint64_t entry,
			    uint32_t index)
{
	char label[EFIMAP_LABEL_MAX + 1];
	uint64_t values[N_VALUES];

	if (vmcore_fields(vm, entry, fields, N_VALUES, values) ||
	    memory_text(vm->memory, values[TYPE], label, sizeof(label)) ||
	    !efimap_text_is_printable(label, strlen(label)))
		return -ENODATA;
	return efimap_add_memmap(vm->map, index, values[START], values[END], label,
				 strlen(label));
}

/* Other files have a map_entries of their own: the one of firmware_map_entry's, or 0. */
static uint64_t find_head(const struct vmcore *vm, const struct field *fields)
{
	const uint64_t *heads = vm->namesakes[SYM_MAP_ENTRIES];
	uint64_t first, ktype;

	for (size_t i = 0; i < MAX_NAMESAKES && heads[i]; i++)
		if (!memory_u64(vm->memory, SPACE_VIRTUAL, heads[i], 8, &first) &&
		    !vmcore_fields(vm, first - fields[LIST].offset, &fields[KTYPE], 1, &ktype) &&
		    ktype && ktype == vm->symbols[SYM_MEMMAP_KTYPE])
			return heads[i];
	return 0;
}

static int walk_ranges(struct vmcore *vm, const struct field *fields, uint64_t head)
{
	uint32_t index = 0;
	uint64_t at;
	int ret = memory_u64(vm->memory, SPACE_VIRTUAL, head, 8, &at);

	while (!ret && at != head) {
		if (index >= EFIMAP_MAX_ENTRIES)
			return -ENODATA;
		ret = add_listed_range(vm, fields, at - fields[LIST].offset, index++);
		if (!ret && memory_u64(vm->memory, SPACE_VIRTUAL, at, 8, &at))
			return -ENODATA;
	}
	return ret;
}

int take_memmap(struct vmcore *vm)
{
	struct field fields[N_FIELDS];
	uint64_t head;
	int ret;

	if (!types_fields(vm, "firmware_map_entry", paths, N_FIELDS, fields))
		return 0;
	head = find_head(vm, fields);
	if (!head)
		return 0;
	vm->map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	ret = walk_ranges(vm, fields, head);
	return ret == -ENODATA ? vmcore_lacks(vm, EFIMAP_SRC_MEMMAP, "the list of memmap") :
				 ret;
}
