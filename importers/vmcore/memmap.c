/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The firmware's memory map as sys/firmware/memmap shows it, from the list that
 * drivers/firmware/memmap.c keeps. A list that leads in circles ends at its limit.
 */
#include <errno.h>
#include <string.h>

#include "vmcore.h"

#define MAX_RANGES 100000U
/* As src/read/parse.h: EFIMAP_LABEL_MAX */
#define MAX_LABEL 63

/* struct layout - struct firmware_map_entry */
struct layout {
	struct field start, end, type, list, ktype;
};

static bool find_layout(const struct vmcore *vm, struct layout *layout)
{
	return types_field(vm, "firmware_map_entry", "start", &layout->start) &&
	       types_field(vm, "firmware_map_entry", "end", &layout->end) &&
	       types_field(vm, "firmware_map_entry", "type", &layout->type) &&
	       types_field(vm, "firmware_map_entry", "list", &layout->list) &&
	       types_field(vm, "firmware_map_entry", "kobj.ktype", &layout->ktype);
}

static int read_field(const struct vmcore *vm, uint64_t entry, const struct field *field,
		      uint64_t *ret_value)
{
	return memory_u64(vm->memory, SPACE_VIRTUAL, entry + field->offset, field->size,
			  ret_value);
}

/* They are numbered in the order of the list (add_sysfs_fw_map_entry). */
static int add_range(struct vmcore *vm, const struct layout *layout, uint64_t entry,
		     uint32_t index)
{
	char label[MAX_LABEL + 1];
	uint64_t start, end, type;

	if (read_field(vm, entry, &layout->start, &start) ||
	    read_field(vm, entry, &layout->end, &end) ||
	    read_field(vm, entry, &layout->type, &type) ||
	    memory_text(vm->memory, type, label, sizeof(label)))
		return -ENODATA;
	for (char *at = label; *at; at++)
		if (*at < ' ' || *at > '~')
			return -ENODATA;
	return efimap_add_memmap(vm->map, index, start, end, label, strlen(label));
}

/* Other files have a map_entries of their own: the one of firmware_map_entry's, or 0. */
static uint64_t find_head(const struct vmcore *vm, const struct layout *layout)
{
	const uint64_t *heads = vm->namesakes[SYM_MAP_ENTRIES];
	uint64_t first, ktype;

	for (size_t i = 0; i < MAX_NAMESAKES && heads[i]; i++)
		if (!memory_u64(vm->memory, SPACE_VIRTUAL, heads[i], 8, &first) &&
		    !read_field(vm, first - layout->list.offset, &layout->ktype, &ktype) &&
		    ktype && ktype == vm->symbols[SYM_MEMMAP_KTYPE])
			return heads[i];
	return 0;
}

static int walk(struct vmcore *vm, const struct layout *layout, uint64_t head)
{
	uint32_t index = 0;
	uint64_t at;
	int ret = memory_u64(vm->memory, SPACE_VIRTUAL, head, 8, &at);

	while (!ret && at != head) {
		if (index >= MAX_RANGES)
			return -ENODATA;
		ret = add_range(vm, layout, at - layout->list.offset, index++);
		if (!ret && memory_u64(vm->memory, SPACE_VIRTUAL, at, 8, &at))
			return -ENODATA;
	}
	return ret;
}

int take_memmap(struct vmcore *vm)
{
	struct layout layout;
	uint64_t head;
	int ret;

	if (!find_layout(vm, &layout))
		return 0;
	head = find_head(vm, &layout);
	if (!head)
		return 0;
	vm->map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	ret = walk(vm, &layout, head);
	return ret == -ENODATA ? vmcore_lacks(vm, EFIMAP_SRC_MEMMAP, "the list of memmap") :
				 ret;
}
