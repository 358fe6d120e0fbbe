/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * If the first byte is even, kallsyms is read, otherwise types and variables. The next 32 bytes are
 * 16 offsets. VMCOREINFO or the symbols point to KERNEL_BASE plus these offsets. The rest is the
 * memory of the crashed kernel.
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "vmcore/capture_from_dump.h"

#define KERNEL_BASE UINT64_C(0xffffffff81000000)
#define N_PLACES 16u
#define HEAD (1 + 2 * N_PLACES)

struct fuzzed {
	struct memory memory;
	const uint8_t *places;
	const uint8_t *bytes;
	size_t size;
};

static uint64_t place(const struct fuzzed *fuzzed, size_t number)
{
	return KERNEL_BASE + fuzzed->places[2 * number] + 256u * fuzzed->places[2 * number + 1];
}

static int read_memory(struct memory *memory, enum space space, uint64_t address, void *data,
		       size_t size)
{
	const struct fuzzed *fuzzed = (const struct fuzzed *)(const void *)memory;
	const uint64_t at = space == SPACE_VIRTUAL ? address - KERNEL_BASE : address;

	if (at > fuzzed->size || size > fuzzed->size - at)
		return -ENODATA;
	memcpy(data, fuzzed->bytes + at, size);
	return 0;
}

static char *read_info(struct memory *memory, const char *key)
{
	static const char *const keys[] = {
		"SYMBOL(kallsyms_names)",	"SYMBOL(kallsyms_num_syms)",
		"SYMBOL(kallsyms_token_table)", "SYMBOL(kallsyms_token_index)",
		"SYMBOL(kallsyms_offsets)",	"SYMBOL(kallsyms_relative_base)",
		"SYMBOL(_stext)",
	};
	char value[32];

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strcmp(keys[i], key) != 0)
			continue;
		snprintf(value, sizeof(value), "%llx",
			 (unsigned long long)place((const void *)memory, i));
		return strdup(value);
	}
	return NULL;
}

static const char *get_error(struct memory *memory)
{
	return "Excluded page";
}

static void take_variables(struct vmcore *vm, const struct fuzzed *fuzzed)
{
	static int (*const takers[])(struct vmcore *vm) = {
		take_kernel, take_boot_params, take_setup_data, take_memmap, take_iomem,
	};
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	for (size_t i = 0; i < SYM_COUNT; i++)
		vm->namesakes[i][0] = vm->symbols[i] = place(fuzzed, i % N_PLACES);
	ret = types_load(vm, &err);
	fuzz_check(ret == 0 || err.text[0]);
	if (!ret)
		ret = take_efi(vm, &err);
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]) && !ret; i++)
		ret = takers[i](vm);
	types_free(vm);
	if (!ret)
		efimap_seal(vm->map);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct fuzzed fuzzed = { .memory = { read_memory, read_info, get_error } };
	struct vmcore vm = { .label = "fuzz", .memory = &fuzzed.memory };

	if (size < HEAD)
		return 0;
	fuzzed.places = data + 1;
	fuzzed.bytes = data + HEAD;
	fuzzed.size = size - HEAD;
	fuzz_check(efimap_new("fuzz", EFIMAP_ORIGIN_VMCORE, &map) == 0);
	vm.map = map;
	if (data[0] % 2)
		take_variables(&vm, &fuzzed);
	else
		fuzz_check(kallsyms_read(&vm, &err) == 0 || err.text[0]);
	return 0;
}
