/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel.h"

#define PARAMS 0x4000U
#define SETUP_DATA_AT (PARAMS + 0x250)

KERNEL_TEST(texts)
{
	struct kernel *kernel = *state;
	const struct efimap *map = kernel->vm.map;

	kernel->lines[kernel->n_lines].key = "OSRELEASE";
	snprintf(kernel->lines[kernel->n_lines++].value, 64, "6.1.0-56-amd64");
	kernel_u64(kernel, 0x100, KERNEL_BASE + 0xffa);
	kernel_text(kernel, 0xffa, "quiet efi=debug\x1b");
	kernel->vm.symbols[SYM_SAVED_COMMAND_LINE] = KERNEL_BASE + 0x100;
	kernel_u64(kernel, 0x200, 0x0706050403020100);
	kernel->vm.symbols[SYM_SYSCTL_BOOTID] = KERNEL_BASE + 0x200;
	assert_int_equal(take_kernel(&kernel->vm), 0);
	assert_string_equal(map->release.text, "6.1.0-56-amd64");
	assert_int_equal(map->release.major, 6);
	assert_string_equal(map->cmdline, "quiet efi=debug?");
	assert_string_equal(map->boot_id, "00010203-0405-0607-0000-000000000000");
	assert_int_equal(map->states[EFIMAP_SRC_CPUINFO], EFIMAP_STATE_ABSENT);
	assert_int_equal(map->n_faults, 0);
}

KERNEL_TEST(no_release)
{
	struct kernel *kernel = *state;
	const struct efimap *map = kernel->vm.map;

	kernel->lines[kernel->n_lines].key = "OSRELEASE";
	snprintf(kernel->lines[kernel->n_lines++].value, 64, "6.1<b>\x1b[2J");
	kernel_u64(kernel, 0x200, 0x0706050403020100);
	kernel->vm.symbols[SYM_SYSCTL_BOOTID] = KERNEL_BASE + 0x200;
	assert_int_equal(take_kernel(&kernel->vm), 0);
	assert_string_equal(map->release.text, "");
	assert_int_equal(map->states[EFIMAP_SRC_VERSION], EFIMAP_STATE_BROKEN);
	assert_int_equal(map->states[EFIMAP_SRC_BOOT_ID], EFIMAP_STATE_PRESENT);
	assert_int_equal(map->n_faults, 1);
	assert_string_equal(map->faults[0].where, "proc/version");
	assert_non_null(strstr(map->faults[0].text,
			       "OSRELEASE: found \"6.1<b>\\x1b[2J\", expected a kernel release"));
}

KERNEL_TEST(endless_text)
{
	struct kernel *kernel = *state;

	memset(kernel->bytes + 0x1000, 'x', KERNEL_BYTES - 0x1000);
	kernel_u64(kernel, 0x100, KERNEL_BASE + 0x1000);
	kernel->vm.symbols[SYM_SAVED_COMMAND_LINE] = KERNEL_BASE + 0x100;
	assert_int_equal(take_kernel(&kernel->vm), 0);
	assert_int_equal(kernel->vm.map->states[EFIMAP_SRC_CMDLINE], EFIMAP_STATE_BROKEN);
	assert_int_equal(kernel->vm.map->n_faults, 1);
}

#define DMI 0x600U

static void put_dmi(struct kernel *kernel, unsigned int number, size_t at, const char *text)
{
	kernel_u64(kernel, DMI + 8 * number, text ? KERNEL_BASE + at : 0);
	if (text)
		kernel_text(kernel, at, text);
}

/* One DMI field is not set, and another one contains a control character. */
KERNEL_TEST(machine)
{
	static const char *const fields[] = { "x86_phys_bits" };
	struct kernel *kernel = *state;
	const struct efimap *map = kernel->vm.map;
	struct btf *btf = kernel->vm.btf;

	btf__add_enum(btf, "dmi_field", 4);
	btf__add_enum_value(btf, "DMI_BIOS_VERSION", 2);
	btf__add_enum_value(btf, "DMI_PRODUCT_NAME", 3);
	btf__add_enum_value(btf, "DMI_SYS_VENDOR", 5);
	put_dmi(kernel, 2, 0x700, "F.01\x01");
	put_dmi(kernel, 3, 0x800, NULL);
	put_dmi(kernel, 5, 0x900, "Example Inc.");
	kernel->vm.symbols[SYM_DMI_IDENT] = KERNEL_BASE + DMI;
	kernel_struct(kernel, "cpuinfo_x86", fields, 1);
	kernel_u64(kernel, 0xa00, 46);
	kernel->vm.symbols[SYM_BOOT_CPU_DATA] = KERNEL_BASE + 0xa00;
	assert_int_equal(take_kernel(&kernel->vm), 0);
	assert_int_equal(map->states[EFIMAP_SRC_DMI], EFIMAP_STATE_PRESENT);
	assert_string_equal(map->dmi[EFIMAP_DMI_SYS_VENDOR], "Example Inc.");
	assert_string_equal(map->dmi[EFIMAP_DMI_PRODUCT_NAME], "");
	assert_string_equal(map->dmi[EFIMAP_DMI_BIOS_VERSION], "");
	assert_int_equal(map->states[EFIMAP_SRC_CPUINFO], EFIMAP_STATE_PRESENT);
	assert_int_equal(map->phys_bits, 46);
}

KERNEL_TEST(no_such_processor)
{
	static const char *const fields[] = { "x86_phys_bits" };
	static const uint64_t bits[] = { 0, 31, 65, UINT64_MAX };
	struct kernel *kernel = *state;

	kernel_struct(kernel, "cpuinfo_x86", fields, 1);
	kernel->vm.symbols[SYM_BOOT_CPU_DATA] = KERNEL_BASE + 0xa00;
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		kernel_u64(kernel, 0xa00, bits[i]);
		assert_int_equal(take_kernel(&kernel->vm), 0);
		assert_int_equal(kernel->vm.map->states[EFIMAP_SRC_CPUINFO],
				 EFIMAP_STATE_ABSENT);
		assert_int_equal(kernel->vm.map->phys_bits, 0);
	}
}

KERNEL_TEST(nothing)
{
	struct kernel *kernel = *state;

	/* A boot ID is zero until it is read for the first time. */
	kernel->vm.symbols[SYM_SYSCTL_BOOTID] = KERNEL_BASE + 0x200;
	assert_int_equal(take_kernel(&kernel->vm), 0);
	assert_int_equal(take_boot_params(&kernel->vm), 0);
	assert_int_equal(take_setup_data(&kernel->vm), 0);
	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		assert_int_equal(kernel->vm.map->states[i], EFIMAP_STATE_ABSENT);
}

static void put_node(struct kernel *kernel, size_t at, uint64_t next, uint32_t type,
		     uint32_t len)
{
	kernel_u64(kernel, at, next);
	kernel_u32(kernel, at + 8, type);
	kernel_u32(kernel, at + 12, len);
	memset(kernel->bytes + at + 16, 0xaa, 96);
}

static const struct efimap *take_nodes(struct kernel *kernel, uint64_t first)
{
	kernel->vm.symbols[SYM_BOOT_PARAMS] = KERNEL_BASE + PARAMS;
	kernel_u64(kernel, SETUP_DATA_AT, first);
	assert_int_equal(take_boot_params(&kernel->vm), 0);
	assert_int_equal(take_setup_data(&kernel->vm), 0);
	return kernel->vm.map;
}

KERNEL_TEST(nodes)
{
	const struct efimap *map;

	put_node(*state, 0x8000, 0x9000, 9, 32);
	put_node(*state, 0x9000, 0, EFIMAP_SETUP_EFI, 96);
	map = take_nodes(*state, 0x8000);
	assert_true(efimap_has(map, EFIMAP_SRC_SETUP_DATA));
	assert_int_equal(map->n_setup_data, 2);
	/* The payload of a random seed is not stored. */
	assert_int_equal(map->setup_data[0].payload_size, 0);
	assert_int_equal(map->setup_data[0].payload[0], 0);
	assert_int_equal(map->setup_data[1].payload_size, 96);
	assert_int_equal(map->setup_data[1].payload[95], 0xaa);
}

KERNEL_TEST(nodes_in_a_circle)
{
	put_node(*state, 0x8000, 0x9000, 9, 32);
	put_node(*state, 0x9000, 0x8000, 9, 32);
	assert_int_equal(take_nodes(*state, 0x8000)->n_setup_data, 256);
}

KERNEL_TEST(nodes_left_out)
{
	const struct efimap *map;

	put_node(*state, 0x8000, UINT64_C(0x100000000), 9, 32);
	map = take_nodes(*state, 0x8000);
	assert_int_equal(map->states[EFIMAP_SRC_SETUP_DATA], EFIMAP_STATE_ABSENT);
	assert_int_equal(map->n_setup_data, 0);
}
