/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and texts out of the memory of a crashed kernel, and what is said of gaps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "vmcore.h"

#define PAGE_BYTES 4096U

int memory_u64(struct memory *memory, enum space space, uint64_t address, size_t size,
	       uint64_t *ret_value)
{
	uint8_t bytes[8];
	uint64_t value = 0;
	int ret;

	if (size == 0 || size > sizeof(bytes))
		return -EINVAL;
	ret = memory->read(memory, space, address, bytes, size);
	if (ret)
		return ret;
	while (size--)
		value = value << 8 | bytes[size];
	*ret_value = value;
	return 0;
}

/* By pages: the next one may not be in the dump, and need not be. */
int memory_text(struct memory *memory, uint64_t address, char *text, size_t size)
{
	size_t used = 0;

	while (used < size - 1) {
		size_t part = PAGE_BYTES - (size_t)(address + used) % PAGE_BYTES;
		const char *end;
		int ret;

		if (part > size - 1 - used)
			part = size - 1 - used;
		ret = memory->read(memory, SPACE_VIRTUAL, address + used, text + used, part);
		if (ret)
			return ret;
		end = memchr(text + used, '\0', part);
		used += part;
		if (end)
			return 0;
	}
	text[used] = '\0';
	return -E2BIG;
}

bool memory_info(struct memory *memory, const char *key, uint64_t *ret_value)
{
	efimap_auto_free char *text = memory->vmcoreinfo(memory, key);

	return text && efimap_num_parse_bare_hex(text, strlen(text), UINT64_MAX, ret_value,
						 NULL) == EFIMAP_NUM_OK;
}

int vmcore_read(const struct vmcore *vm, enum symbol symbol, void *data, size_t size)
{
	if (!vm->symbols[symbol])
		return -ENOENT;
	return vm->memory->read(vm->memory, SPACE_VIRTUAL, vm->symbols[symbol], data, size);
}

int vmcore_pointer(const struct vmcore *vm, enum symbol symbol, uint32_t number,
		   uint64_t *ret_value)
{
	if (!vm->symbols[symbol])
		return -ENOENT;
	return memory_u64(vm->memory, SPACE_VIRTUAL, vm->symbols[symbol] + 8 * (uint64_t)number,
			  8, ret_value);
}

int vmcore_fields(const struct vmcore *vm, uint64_t address, const struct field *fields,
		  size_t count, uint64_t *ret_values)
{
	for (size_t i = 0; i < count; i++)
		if (memory_u64(vm->memory, SPACE_VIRTUAL, address + fields[i].offset,
			       fields[i].size, &ret_values[i]))
			return -ENODATA;
	return 0;
}

int vmcore_number(const struct vmcore *vm, enum symbol symbol, const char *type,
		  const char *path, uint64_t *ret_value)
{
	struct field field;

	if (!vm->symbols[symbol] || !types_field(vm, type, path, &field))
		return -ENOENT;
	return vmcore_fields(vm, vm->symbols[symbol], &field, 1, ret_value);
}

int vmcore_lacks(struct vmcore *vm, enum efimap_source source, const char *what)
{
	char text[256];
	const struct efimap_fault fault = {
		.source = source,
		.kind = EFIMAP_FAULT_IO,
		.index = EFIMAP_NO_INDEX,
		.where = efimap_source_path(source),
		.text = text,
	};

	snprintf(text, sizeof(text), "%s cannot be read from the dump: %s", what,
		 vm->memory->why(vm->memory));
	vm->map->states[source] = EFIMAP_STATE_BROKEN;
	/* Half of it would be taken for all. */
	if (source == EFIMAP_SRC_MEMMAP)
		vm->map->n_memmap = 0;
	if (source == EFIMAP_SRC_IOMEM)
		vm->map->n_iomem = 0;
	return efimap_add_fault(vm->map, &fault);
}
