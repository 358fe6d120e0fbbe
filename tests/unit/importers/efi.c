/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#define EFI_AT 0x1000U
#define MAP_AT 0x2000U
#define DESC 48U

enum { FLAGS, ACPI20, ACPI, SMBIOS, MAP = 4, PHYS_MAP, NR_MAP, DESC_SIZE };

#define BOOT 1U
#define MEMMAP 16U
#define IS_64 32U

static void prepare(struct kernel *kernel, uint64_t flags)
{
	static const char *const numbers[] = { "flags", "acpi20", "acpi", "smbios" };
	static const char *const memmap[] = { "map", "phys_map", "nr_map", "desc_size" };
	struct btf *btf = kernel->vm.btf;
	const int inner = kernel_struct(kernel, "efi_memory_map", memmap, 4);
	/* Unlike in the kernel, "memmap" is in an unnamed structure, which must be searched. */
	const int outer = btf__add_struct(btf, NULL, 32);

	assert_int_equal(btf__add_field(btf, "memmap", inner, 0, 0), 0);
	kernel_struct(kernel, "efi", numbers, 4);
	assert_int_equal(btf__add_field(btf, NULL, outer, 64 * MAP, 0), 0);
	kernel->vm.symbols[SYM_EFI] = KERNEL_BASE + EFI_AT;
	kernel_u64(kernel, EFI_AT + 8 * FLAGS, flags);
	kernel_u64(kernel, EFI_AT + 8 * ACPI20, 0x3f77d014);
	kernel_u64(kernel, EFI_AT + 8 * ACPI, UINT64_MAX);
	kernel_u64(kernel, EFI_AT + 8 * SMBIOS, UINT64_MAX);
	kernel_u64(kernel, EFI_AT + 8 * MAP, KERNEL_BASE + MAP_AT);
	kernel_u64(kernel, EFI_AT + 8 * PHYS_MAP, MAP_AT);
	kernel_u64(kernel, EFI_AT + 8 * NR_MAP, 2);
	kernel_u64(kernel, EFI_AT + 8 * DESC_SIZE, DESC);
	for (unsigned int i = 0; i < 2; i++) {
		kernel_u32(kernel, MAP_AT + i * DESC, 5 + i);
		kernel_u64(kernel, MAP_AT + i * DESC + 8, 0x1000 + i);
		kernel_u64(kernel, MAP_AT + i * DESC + 16, 0xfffffffeff000000 + i);
		kernel_u64(kernel, MAP_AT + i * DESC + 24, 7 + i);
		kernel_u64(kernel, MAP_AT + i * DESC + 32, 0x800000000000000f);
	}
}

static const struct efimap *take(struct kernel *kernel)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	if (take_efi(&kernel->vm, &err))
		fail_msg("%s", err.text);
	efimap_seal(kernel->vm.map);
	return kernel->vm.map;
}

KERNEL_TEST(a_map)
{
	const struct efimap *map;

	prepare(*state, BOOT | MEMMAP | IS_64);
	map = take(*state);
	assert_int_equal(map->platform_size, 64);
	assert_int_equal(map->n_entries, 2);
	assert_int_equal(map->n_names, 2);
	assert_int_equal(map->entries[1].index, 1);
	assert_int_equal(map->entries[1].type, 6);
	assert_int_equal(map->entries[1].phys, 0x1001);
	assert_int_equal(map->entries[1].virt, 0xfffffffeff000001);
	assert_int_equal(map->entries[1].pages, 8);
	assert_int_equal(map->entries[1].attribute, 0x800000000000000f);
	assert_int_equal(map->n_systab, 1);
	assert_string_equal(map->systab[0].name, "ACPI20");
	assert_int_equal(map->states[EFIMAP_SRC_FW_VENDOR], EFIMAP_STATE_ABSENT);
	/* Without efi_mem_attr_table, it is unknown whether there is a MEMATTR table. */
	assert_int_equal(map->states[EFIMAP_SRC_KERNEL_LOG], EFIMAP_STATE_ABSENT);
}

KERNEL_TEST(pointers)
{
	struct kernel *kernel = *state;
	const struct efimap *map;
	uint64_t address;

	prepare(kernel, BOOT);
	kernel_u64(kernel, 0x100, 0x3f52aa18);
	kernel_u64(kernel, 0x108, UINT64_MAX);
	kernel_u64(kernel, 0x110, 0x3c4a8518);
	kernel->vm.symbols[SYM_EFI_FW_VENDOR] = KERNEL_BASE + 0x100;
	kernel->vm.symbols[SYM_EFI_RUNTIME] = KERNEL_BASE + 0x108;
	kernel->vm.symbols[SYM_EFI_MEM_ATTR_TABLE] = KERNEL_BASE + 0x110;
	map = take(kernel);
	assert_true(efimap_has(map, EFIMAP_SRC_FW_VENDOR));
	assert_int_equal(map->fw_vendor, 0x3f52aa18);
	assert_false(efimap_has(map, EFIMAP_SRC_RUNTIME));
	assert_true(efimap_has(map, EFIMAP_SRC_KERNEL_LOG));
	assert_true(efimap_find_named_address(map->tables, map->n_tables, "MEMATTR",
					      &address));
	assert_int_equal(address, 0x3c4a8518);
}

KERNEL_TEST(runtime_off)
{
	const struct efimap *map;

	prepare(*state, BOOT);
	map = take(*state);
	assert_true(efimap_has(map, EFIMAP_SRC_EFI));
	assert_int_equal(map->platform_size, 32);
	assert_int_equal(map->states[EFIMAP_SRC_RUNTIME_MAP], EFIMAP_STATE_ABSENT);
}

KERNEL_TEST(no_efi)
{
	prepare(*state, MEMMAP);
	assert_int_equal(take(*state)->states[EFIMAP_SRC_EFI], EFIMAP_STATE_ABSENT);
}

KERNEL_TEST(by_its_physical_address)
{
	struct kernel *kernel = *state;

	prepare(kernel, BOOT | MEMMAP);
	kernel_u64(kernel, EFI_AT + 8 * MAP, 0xff11000000000000);
	assert_int_equal(take(kernel)->n_entries, 2);
}

struct row {
	unsigned int field;
	uint64_t value;
	const char *text;
};

KERNEL_TEST(nonsense)
{
	static const struct row rows[] = {
		{ DESC_SIZE, 39, "2 descriptors of 39 bytes" },
		{ DESC_SIZE, 4097, "2 descriptors of 4097 bytes" },
		{ NR_MAP, 16385, "16385 descriptors" },
		{ NR_MAP, UINT64_MAX, "descriptors of 48 bytes" },
		{ NR_MAP, 16384, "cannot be read from the dump: Excluded page" },
	};
	struct kernel *kernel = *state;

	prepare(kernel, BOOT | MEMMAP);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;

		kernel_u64(kernel, EFI_AT + 8 * NR_MAP, 2);
		kernel_u64(kernel, EFI_AT + 8 * DESC_SIZE, DESC);
		kernel_u64(kernel, EFI_AT + 8 * rows[i].field, rows[i].value);
		assert_int_equal(take_efi(&kernel->vm, &err), -EBADMSG);
		if (!strstr(err.text, rows[i].text))
			fail_msg("%s", err.text);
	}
}

KERNEL_TEST(without_it)
{
	struct kernel *kernel = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;

	assert_int_equal(take_efi(&kernel->vm, &err), -EBADMSG);
	assert_non_null(strstr(err.text, "struct efi cannot be read"));
}
