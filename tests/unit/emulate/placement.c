/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the next kernel will lie: what real loads do not show. Those are held by
 * tests/fixtures/placement.py.
 */
#include "test.h"
#include "emulate/placement.h"

#define M UINT64_C(0x100000)

/* A machine with memory from 1 MiB to 64 MiB and from 4 GiB on, and a hole between. */
static struct efimap *make_machine(const char *release)
{
	static const struct efimap_span ram[] = { { 0x1000, 0x9ffff },
						  { M, 64 * M - 1 },
						  { 4096 * M, 4128 * M - 1 } };
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("machine", EFIMAP_ORIGIN_TREE, &map), 0);
	assert_int_equal(efimap_set_release(map, release, strlen(release)), 0);
	for (uint32_t i = 0; i < ARRAY_SIZE(ram); i++) {
		assert_int_equal(efimap_add_memmap(map, i, ram[i].first, ram[i].last,
						   "System RAM", 10), 0);
		assert_int_equal(efimap_add_iomem(map, ram[i], 0, "System RAM", 10), 0);
	}
	assert_int_equal(efimap_add_memmap(map, 3, 64 * M, 70 * M - 1, "Reserved", 8), 0);
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	return map;
}

struct row {
	const char *name;
	const char *release;
	const char *cmdline;
	enum efimap_loader loader;
	uint32_t init_size;
	uint32_t alignment;
	uint64_t mem_max;
	uint64_t expected;
};

/* 0x9000 and 0x5000 of purgatory, and a page or six of parameters, lie above it. */
static const struct row rows[] = {
	{ "kexec-tools: the highest", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0x800000, 0x200000,
	  UINT64_MAX, 4118 * M },
	{ "the lower one where the higher is too small", "6.1.0", "",
	  EFIMAP_LOADER_KEXEC_TOOLS, 0x2000000, 0x200000, UINT64_MAX, 32 * M },
	{ "below --mem-max", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0x800000, 0x200000,
	  32 * M - 1, 22 * M },
	{ "right below the small ones", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0x800000, 0x1000,
	  UINT64_MAX, 4128 * M - 0x9000 - 0x6000 - 0x800000 },
	{ "the kernel: the highest", "6.12.0", "", EFIMAP_LOADER_KERNEL, 0x800000, 0x200000,
	  UINT64_MAX, 4118 * M },
	{ "knows no --mem-max", "6.12.0", "", EFIMAP_LOADER_KERNEL, 0x800000, 0x200000,
	  32 * M - 1, 4118 * M },
	{ "right below the small ones, of the kernel", "6.12.0", "", EFIMAP_LOADER_KERNEL,
	  0x800000, 0x1000, UINT64_MAX, 4128 * M - 0x5000 - 0x2000 - 0x800000 },
	/* It begins its search a byte too low: the place at 56 MiB is missed. */
	{ "before 6.8 the lowest", "6.1.0", "", EFIMAP_LOADER_KERNEL, 0x800000, 0x200000,
	  UINT64_MAX, 54 * M },
	{ "nothing is large enough", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0x8000000, 0x200000,
	  UINT64_MAX, 0 },
	{ "an image that does not tell", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0, 0x200000,
	  UINT64_MAX, 0 },
	{ "an odd alignment", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0x800000, 0x300000,
	  UINT64_MAX, 0 },
	{ "which search, nobody knows", "", "", EFIMAP_LOADER_KERNEL, 0x800000, 0x200000,
	  UINT64_MAX, 0 },
	{ "memory that is handed over", "7.2.0", "kho=on", EFIMAP_LOADER_KERNEL, 0x800000,
	  0x200000, UINT64_MAX, 0 },
	{ "a contiguous area", "7.2.0", "cma=64M", EFIMAP_LOADER_KERNEL, 0x800000,
	  0x200000, UINT64_MAX, 0 },
};

TEST(kernels_are_placed)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		efimap_auto_map struct efimap *map = make_machine(row->release);
		const struct efimap_image image = { "k",
						    .setup_size = 0x5000,
						    .init_size = row->init_size,
						    .alignment = row->alignment,
						    .pref_address = 16 * M };
		const struct efimap_load load = { &image, row->loader, 0, row->mem_max };
		struct efimap_span span = { 0, 0 };

		print_message("%s\n", row->name);
		assert_int_equal(efimap_set_cmdline(map, row->cmdline, strlen(row->cmdline)), 0);
		assert_int_equal(efimap_place_kernel(map, &load, &span),
				 row->expected ? 0 : -ENOENT);
		assert_int_equal(span.first, row->expected);
		if (row->expected)
			assert_int_equal(efimap_span_bytes(span), row->init_size);
	}
}

TEST(ranges_are_those_of_the_loader)
{
	efimap_auto_map struct efimap *map = make_machine("6.12.0");
	const struct efimap_image image = { "k", .setup_size = 0x5000, .init_size = 0x800000,
					    .alignment = 0x200000, .pref_address = 16 * M };
	const struct efimap_load tools = { &image, EFIMAP_LOADER_KEXEC_TOOLS, 0, UINT64_MAX };
	const struct efimap_load kernel = { &image, EFIMAP_LOADER_KERNEL, 0, UINT64_MAX };
	struct efimap_span span;

	/* Memory that the kernel alone uses */
	assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 8192 * M, 8224 * M - 1 }, 0,
					  "System RAM", 10), 0);
	assert_int_equal(efimap_place_kernel(map, &kernel, &span), 0);
	assert_int_equal(span.first, 8214 * M);
	assert_int_equal(efimap_place_kernel(map, &tools, &span), 0);
	assert_int_equal(span.first, 4118 * M);
	/* kexec-x86-common.c: efi_map_added */
	assert_int_equal(efimap_set_cmdline(map, "add_efi_memmap", 14), 0);
	assert_int_equal(efimap_place_kernel(map, &tools, &span), 0);
	assert_int_equal(span.first, 8214 * M);
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
	assert_int_equal(efimap_place_kernel(map, &kernel, &span), -ENOENT);
	assert_int_equal(efimap_place_kernel(map, &tools, &span), -ENOENT);
}
