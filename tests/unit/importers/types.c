/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/resource.h>

#include "kernel.h"

#define BLOB 0x10000U

static void describe(struct btf *btf)
{
	const int number = btf__add_int(btf, "unsigned long", 8, 0);
	const int small = btf__add_int(btf, "unsigned char", 1, 0);
	int inner, map;

	inner = btf__add_struct(btf, "efi_memory_map", 16);
	btf__add_field(btf, "phys_map", number, 0, 0);
	btf__add_field(btf, "nr_map", small, 64, 0);
	btf__add_field(btf, "late", small, 72, 1);
	map = btf__add_const(btf, btf__add_typedef(btf, "map_t", inner));
	inner = btf__add_union(btf, NULL, 16);
	btf__add_field(btf, "memmap", map, 0, 0);
	btf__add_struct(btf, "efi", 32);
	btf__add_field(btf, "runtime", number, 0, 0);
	btf__add_field(btf, "", inner, 64, 0);
	btf__add_enum(btf, "dmi_field", 4);
	btf__add_enum_value(btf, "DMI_NONE", 0);
	btf__add_enum_value(btf, "DMI_SYS_VENDOR", 5);
}

static uint32_t put_blob(struct kernel *kernel)
{
	struct btf *btf = btf__new_empty();
	const void *data;
	uint32_t size;

	/* The types fill more than one block of 64 KiB. */
	for (int i = 0; i < 2600; i++) {
		char name[32];

		snprintf(name, sizeof(name), "filler_of_some_length_%d", i);
		assert_true(btf__add_int(btf, name, 4, 0) > 0);
	}
	describe(btf);
	data = btf__raw_data(btf, &size);
	assert_true(size > 64 << 10);
	kernel_put(kernel, BLOB, data, size);
	btf__free(btf);
	kernel->vm.symbols[SYM_START_BTF] = KERNEL_BASE + BLOB;
	kernel->vm.symbols[SYM_STOP_BTF] = KERNEL_BASE + BLOB + size;
	btf__free(kernel->vm.btf);
	kernel->vm.btf = NULL;
	return size;
}

KERNEL_TEST(fields)
{
	static const struct {
		const char *path;
		bool found;
		uint32_t offset, size;
	} rows[] = {
		{ "runtime", true, 0, 8 },
		{ "memmap", true, 8, 16 },
		{ "memmap.phys_map", true, 8, 8 },
		{ "memmap.nr_map", true, 16, 1 },
		{ "memmap.late", false, 0, 0 },
		{ "memmap.nr", false, 0, 0 },
		{ "memmap.nr_map.more", false, 0, 0 },
		{ "nothing", false, 0, 0 },
	};
	struct kernel *kernel = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct field field;

	put_blob(kernel);
	assert_int_equal(types_load(&kernel->vm, &err), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("%s\n", rows[i].path);
		assert_int_equal(types_field(&kernel->vm, "efi", rows[i].path, &field),
				 rows[i].found);
		if (!rows[i].found)
			continue;
		assert_int_equal(field.offset, rows[i].offset);
		assert_int_equal(field.size, rows[i].size);
	}
	assert_false(types_field(&kernel->vm, "acpi", "runtime", &field));
	types_free(&kernel->vm);
	assert_null(kernel->vm.btf);
}

KERNEL_TEST(names_of_an_enum)
{
	struct kernel *kernel = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;
	uint32_t value = 7;

	put_blob(kernel);
	assert_int_equal(types_load(&kernel->vm, &err), 0);
	assert_true(types_enum(&kernel->vm, "dmi_field", "DMI_SYS_VENDOR", &value));
	assert_int_equal(value, 5);
	assert_false(types_enum(&kernel->vm, "dmi_field", "DMI_BIOS_VERSION", &value));
	assert_false(types_enum(&kernel->vm, "efi", "runtime", &value));
	assert_int_equal(value, 5);
}

static void expect_error(struct kernel *kernel, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	assert_int_equal(types_load(&kernel->vm, &err), -EBADMSG);
	assert_non_null(strstr(err.text, text));
	assert_null(kernel->vm.btf);
}

KERNEL_TEST(damaged)
{
	struct kernel *kernel = *state;
	const uint32_t size = put_blob(kernel);

	/* makedumpfile has left out a page of the second block. */
	kernel->has_missing = true;
	kernel->missing_page = (BLOB + (64 << 10)) / 4096;
	expect_error(kernel, "Excluded page");
	kernel->has_missing = false;

	memset(kernel->bytes + BLOB, 0xff, 8);
	expect_error(kernel, "libbpf cannot parse the BTF");

	kernel->vm.symbols[SYM_STOP_BTF] -= size;
	expect_error(kernel, "invalid size");
	kernel->vm.symbols[SYM_STOP_BTF] = KERNEL_BASE + BLOB + ((uint64_t)64 << 20) + 1;
	expect_error(kernel, "invalid size");
	kernel->vm.symbols[SYM_STOP_BTF] = 0;
	expect_error(kernel, "CONFIG_DEBUG_INFO_BTF");
	kernel->vm.symbols[SYM_STOP_BTF] = kernel->vm.symbols[SYM_START_BTF] + size;
	kernel->vm.symbols[SYM_START_BTF] = 0;
	expect_error(kernel, "CONFIG_DEBUG_INFO_BTF");
}

/* An unnamed union contains itself 1,000 times. The search must still end. */
KERNEL_TEST(circles)
{
	const struct rlimit limit = { .rlim_cur = 10, .rlim_max = 10 };
	struct kernel *kernel = *state;
	struct btf *btf = kernel->vm.btf;
	struct field field;
	int id;

	assert_int_equal(setrlimit(RLIMIT_CPU, &limit), 0);
	id = btf__add_union(btf, NULL, 8);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(btf__add_field(btf, NULL, id, 0, 0), 0);
	assert_true(btf__add_struct(btf, "efi", 8) > 0);
	assert_int_equal(btf__add_field(btf, NULL, id, 0, 0), 0);
	assert_false(types_field(&kernel->vm, "efi", "flags", &field));
}
