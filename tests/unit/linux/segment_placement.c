/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This file tests cases of segment placement that no real load covers. tests/oracle compares
 * predictions with real loads.
 */
#include <inttypes.h>

#include "capture/boot_params.h"
#include "infer/linux_changes.h"
#include "linux/segment_placement.h"
#include "map_with_ranges.h"
#include "random.h"

#define M UINT64_C(0x100000)
#define XLF (EFIMAP_XLF_KERNEL_64 | EFIMAP_XLF_ABOVE_4G | EFIMAP_XLF_EFI_KEXEC)

static struct efimap *make_machine(const char *release)
{
	static const struct span ram[] = { { 0x1000, 0x9ffff },
					   { M, 64 * M - 1 },
					   { 4096 * M, 4128 * M - 1 } };
	struct efimap *map = capture_create("machine", EFIMAP_ORIGIN_TREE);

	set_release(map, release, strlen(release));
	capture_add_kexec_state(map);
	for (uint32_t i = 0; i < ARRAY_SIZE(ram); i++) {
		add_memmap(map, i, ram[i].first, ram[i].last, "System RAM");
		add_iomem(map, ram[i].first, ram[i].last, 0, "System RAM");
	}
	add_memmap(map, 3, 64 * M, 70 * M - 1, "Reserved");
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	return map;
}

static struct efimap *make_efi_machine(const char *release, uint32_t entries)
{
	struct efimap *map = make_machine(release);
	const struct efi_info info = {
		.signature = "EL64", .desc_size = 48, .desc_version = 1, .memmap_size = 48
	};

	add_iomem(map, 32 * M, 64 * M - 1, 1, "Crash kernel");
	for (uint32_t i = 0; i < entries; i++)
		capture_add_entry(map, &(struct map_entry){ .index = i });
	map->boot_params.efi_info = info;
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	return map;
}

static struct kernel_image make_image(void)
{
	return (struct kernel_image){ "k",
				      .version = EFIMAP_BOOT_PROTOCOL_XLF,
				      .xloadflags = XLF,
				      .setup_size = 0x5000,
				      .init_size = 0x800000,
				      .alignment = 0x200000,
				      .pref_address = 16 * M };
}

static struct placement place(const struct efimap *map, enum kexec_loader loader,
			      const struct load *load)
{
	auto_load_memory struct load_memory memory = { 0 };
	struct placement placement;

	memory = load_memory_make(map, loader);
	place_segments(map, &memory, load, &placement);
	for (size_t i = 0; i < placement.count; i++) {
		assert_true(placement.segments[i].start <= placement.segments[i].start_max);
		assert_true(placement.segments[i].end_min <= placement.segments[i].end);
		assert_true(placement.segments[i].start <= placement.segments[i].end_min);
	}
	return placement;
}

/* Set a value of the state of kexec, 0 for unknown. */
static void set_value(struct efimap *map, enum value_id id, uint64_t number)
{
	kexec_state(map)->values[id] = (struct value){ number > 0, .number = (int64_t)number };
}

static void pass_ima_list(struct efimap *map, uint64_t count)
{
	kexec_state(map)->config.options[EFIMAP_CONFIG_IMA_KEXEC] = EFIMAP_KNOWN_YES;
	set_value(map, EFIMAP_VALUE_IMA_COUNT, count);
}

/* Set the version of kexec-tools to 2.0.@patch. */
static void set_tools(struct efimap *map, unsigned int patch)
{
	kexec_state(map)->tools = (struct version){ 2, 0, patch };
}

static void set_cma(struct efimap *map, enum known cma)
{
	kexec_state(map)->has_cma_total = cma != EFIMAP_NOT_KNOWN;
	kexec_state(map)->cma_total = cma == EFIMAP_KNOWN_YES ? M : 0;
}

static bool is_exact(const struct load_segment *segment)
{
	return segment->start == segment->start_max && segment->end_min == segment->end &&
	       !segment->is_optional;
}

static const struct load_segment *segment_of(const struct placement *placement,
					     enum segment_kind kind)
{
	const struct load_segment *segment = find_segment(placement, kind);

	assert_non_null(segment);
	return segment;
}

struct row {
	const char *name;
	const char *release;
	const char *cmdline;
	enum kexec_loader loader;
	uint32_t init_size;
	uint32_t alignment;
	uint64_t mem_max;
	uint64_t expected;
	enum unplaced reason;
};

/*
 * kexec-tools and Linux 6.8 or later place the purgatory and the parameters above the kernel. The
 * purgatory has 0x9000 bytes in kexec-tools, and 0x5000 bytes in Linux 6.12.
 */
static const struct row rows[] = {
	{ "kexec-tools uses the highest free range", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS,
	  0x800000, 0x200000, 0, 4118 * M, EFIMAP_PLACED },
	{ "the lower range, because the higher range is too small", "6.1.0", "",
	  EFIMAP_LOADER_KEXEC_TOOLS, 0x2000000, 0x200000, 0, 32 * M, EFIMAP_PLACED },
	{ "below --mem-max", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0x800000, 0x200000, 32 * M - 1,
	  22 * M, EFIMAP_PLACED },
	{ "kexec-tools: directly below the smaller segments", "6.1.0", "",
	  EFIMAP_LOADER_KEXEC_TOOLS, 0x800000, 0x1000, 0, 4128 * M - 0x9000 - 0x6000 - 0x800000,
	  EFIMAP_PLACED },
	{ "kexec_file_load uses the highest free range", "6.12.0", "", EFIMAP_LOADER_KERNEL,
	  0x800000, 0x200000, 0, 4118 * M, EFIMAP_PLACED },
	{ "kexec_file_load ignores --mem-max", "6.12.0", "", EFIMAP_LOADER_KERNEL, 0x800000,
	  0x200000, 32 * M - 1, 4118 * M, EFIMAP_PLACED },
	{ "kexec_file_load: directly below the smaller segments", "6.12.0", "",
	  EFIMAP_LOADER_KERNEL, 0x800000, 0x1000, 0, 4128 * M - 0x5000 - 0x2000 - 0x800000,
	  EFIMAP_PLACED },
	/* Before 6.8, Linux starts its search one byte too low, so it misses the hole at 56 MiB. */
	{ "the lowest free range before 6.8", "6.1.0", "", EFIMAP_LOADER_KERNEL, 0x800000, 0x200000,
	  0, 54 * M, EFIMAP_PLACED },
	{ "no free range is large enough", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0x8000000,
	  0x200000, 0, 0, EFIMAP_UNPLACED_NO_ROOM },
	{ "an image without init_size", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS, 0, 0x200000, 0, 0,
	  EFIMAP_UNPLACED_NO_SIZE },
	{ "an alignment that is not a power of two", "6.1.0", "", EFIMAP_LOADER_KEXEC_TOOLS,
	  0x800000, 0x300000, 0, 0, EFIMAP_UNPLACED_NO_SIZE },
	{ "an unknown release of the running kernel", "", "", EFIMAP_LOADER_KERNEL, 0x800000,
	  0x200000, 0, 0, EFIMAP_UNPLACED_RELEASE },
	{ "Kexec HandOver", "7.2.0", "kho=on", EFIMAP_LOADER_KERNEL, 0x800000, 0x200000, 0, 0,
	  EFIMAP_UNPLACED_KHO },
	{ "Kexec HandOver is off", "7.2.0", "kho=1 kho=off cma=0", EFIMAP_LOADER_KERNEL, 0x800000,
	  0x200000, 0, 4118 * M, EFIMAP_PLACED },
	{ "a default CMA area", "7.2.0", "cma=64M", EFIMAP_LOADER_KERNEL, 0x800000, 0x200000, 0, 0,
	  EFIMAP_UNPLACED_CMA },
	{ "Linux 6.12 uses neither KHO nor CMA", "6.12.0", "kho=on cma=64M", EFIMAP_LOADER_KERNEL,
	  0x800000, 0x200000, 0, 4118 * M, EFIMAP_PLACED },
};

TEST(kernels_are_placed)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		auto_map struct efimap *map = make_machine(row->release);
		struct kernel_image image = make_image();
		const struct load load = { .image = &image,
					   .mem_max = row->mem_max,
					   .has_cmdline_len = true,
					   .cmdline_len = 20 };
		struct placement placement;

		print_message("%s\n", row->name);
		image.init_size = row->init_size;
		image.alignment = row->alignment;
		map->cmdline = capture_copy_text(map, row->cmdline);
		map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
		placement = place(map, row->loader, &load);
		assert_int_equal(placement.reason, row->reason);
		assert_int_equal(placement.count > 0, row->reason == EFIMAP_PLACED);
		if (row->reason == EFIMAP_PLACED) {
			const struct load_segment *kernel =
				segment_of(&placement, EFIMAP_SEGMENT_KERNEL);

			assert_true(is_exact(kernel));
			assert_int_equal(kernel->start, row->expected);
			assert_int_equal(kernel->end, row->expected + row->init_size - 1);
		}
	}
}

static void assert_segments(const struct placement *placement, const struct load_segment *expected,
			    size_t count)
{
	assert_int_equal(placement->reason, EFIMAP_PLACED);
	for (size_t i = 0; i < placement->count && i < count; i++) {
		const struct load_segment *segment = &placement->segments[i];

		print_message("%s\n", segment_kind_name(segment->kind));
		assert_int_equal(segment->kind, expected[i].kind);
		assert_int_equal(segment->start, expected[i].start);
		assert_int_equal(segment->start_max, expected[i].start_max);
		assert_int_equal(segment->end_min, expected[i].end_min);
		assert_int_equal(segment->end, expected[i].end);
		assert_int_equal(segment->is_optional, expected[i].is_optional);
	}
	assert_int_equal(placement->count, count);
}

#define AT(what, start, bytes)                                                                     \
	{                                                                                          \
		EFIMAP_SEGMENT_##what, start, start, (start) + (bytes)-1, (start) + (bytes)-1,     \
			false                                                                      \
	}

TEST(all_that_the_kernel_places_for_a_crash)
{
	static const struct load_segment expected[] = {
		AT(ELFCOREHDR, 32 * M, 0x2000),		  AT(PURGATORY, 64 * M - 0x5000, 0x5000),
		AT(BOOT_PARAMS, 64 * M - 0x7000, 0x2000), AT(KERNEL, 54 * M, 8 * M),
		AT(INITRD, 64 * M - 0x7000 - M, M),
	};
	auto_map struct efimap *map = make_efi_machine("7.2.0", 8);
	struct kernel_image image = make_image();
	struct load load = { .image = &image,
			     .is_crash = true,
			     .has_initrd_size = true,
			     .initrd_size = M,
			     .has_cmdline_len = true,
			     .cmdline_len = 100 };
	struct placement placement;
	const struct load_segment *elfcorehdr;

	set_value(map, EFIMAP_VALUE_ELFCOREHDR_SIZE, 0x1000);
	placement = place(map, EFIMAP_LOADER_KERNEL, &load);
	assert_segments(&placement, expected, ARRAY_SIZE(expected));
	/* KHO and CMA do not affect a crash kernel. */
	assert_int_equal(placement.unsure, 0);
	set_value(map, EFIMAP_VALUE_ELFCOREHDR_SIZE, 0);
	placement = place(map, EFIMAP_LOADER_KERNEL, &load);
	elfcorehdr = segment_of(&placement, EFIMAP_SEGMENT_ELFCOREHDR);
	assert_int_equal(elfcorehdr->start_max, 32 * M);
	assert_int_equal(elfcorehdr->end_min, 32 * M + 0xfff);
	assert_true(elfcorehdr->end > 32 * M + 0x380000);
	assert_true(is_exact(segment_of(&placement, EFIMAP_SEGMENT_INITRD)));
}

/*
 * Linux 6.12.83 or later in the 6.12 series, and Linux 6.16 or later, pass no IMA measurement list
 * to a crash kernel. A vendor may have added this change to an earlier kernel.
 */
TEST(a_crash_kernel_may_get_no_list_of_ima)
{
	auto_map struct efimap *before = make_efi_machine("6.12.0-124.el10.x86_64", 9);
	auto_map struct efimap *since = make_efi_machine("6.12.117", 9);
	const struct kernel_image image = make_image();
	const struct load load = {
		.image = &image, .is_crash = true, .has_initrd_size = true, .has_cmdline_len = true
	};
	struct placement placement;

	pass_ima_list(before, 1);
	pass_ima_list(since, 1);
	placement = place(before, EFIMAP_LOADER_KERNEL, &load);
	assert_true(segment_of(&placement, EFIMAP_SEGMENT_IMA_LIST)->is_optional);
	placement = place(since, EFIMAP_LOADER_KERNEL, &load);
	assert_null(find_segment(&placement, EFIMAP_SEGMENT_IMA_LIST));
}

/* kexec_file_load uses only the default area, which cma= or CONFIG_CMA_SIZE_MBYTES reserves. */
TEST(only_the_default_cma_area_is_used)
{
	static const struct {
		const char *cmdline;
		enum known cma;
		enum unplaced reason;
	} cases[] = {
		{ "", EFIMAP_NOT_KNOWN, EFIMAP_PLACED },
		{ "", EFIMAP_KNOWN_YES, EFIMAP_UNPLACED_CMA },
		{ "cma=64M", EFIMAP_KNOWN_NO, EFIMAP_PLACED },
		{ "cma=0", EFIMAP_KNOWN_YES, EFIMAP_PLACED },
		{ "crashkernel=256M crashkernel=64M,cma", EFIMAP_KNOWN_YES, EFIMAP_PLACED },
		{ "crashkernel=64M,cma cma=64M", EFIMAP_KNOWN_YES, EFIMAP_UNPLACED_CMA },
		{ "crashkernel=256M", EFIMAP_KNOWN_YES, EFIMAP_UNPLACED_CMA },
		{ "hugetlb_cma=1G", EFIMAP_KNOWN_YES, EFIMAP_PLACED },
	};
	const struct kernel_image image = make_image();

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_map struct efimap *map = make_machine("7.2.0");
		const struct load load = { .image = &image };
		const char *cmdline = cases[i].cmdline;

		set_cma(map, cases[i].cma);
		print_message("%s\n", cmdline);
		map->cmdline = capture_copy_text(map, cmdline);
		assert_int_equal(place(map, EFIMAP_LOADER_KERNEL, &load).reason, cases[i].reason);
	}
}

TEST(unknown_sizes_make_ranges)
{
	auto_map struct efimap *map = make_machine("6.1.0");
	struct kernel_image image = make_image();
	struct load load = { .image = &image };
	struct placement placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	const struct load_segment *segment = segment_of(&placement, EFIMAP_SEGMENT_INITRD);

	/* An initrd whose presence and size are unknown may start at 16 MiB or above. */
	assert_true(segment->is_optional);
	assert_int_equal(segment->start, 16 * M);
	assert_int_equal(segment->start_max, 4128 * M - 0x10000);
	assert_true(is_exact(segment_of(&placement, EFIMAP_SEGMENT_KERNEL)));
	assert_int_equal(placement.unsure, 0);
	/*
	 * With the setup sectors of Linux 5.10 and an unknown command line, the segment of
	 * boot_params needs 4 or 5 pages.
	 */
	image.setup_size = 0x3c00;
	load.has_initrd_size = true;
	load.initrd_size = 0x1000;
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	segment = segment_of(&placement, EFIMAP_SEGMENT_BOOT_PARAMS);
	assert_int_equal(segment->start_max, 4128 * M - 0x9000 - 0x4000);
	assert_int_equal(segment->start, 4128 * M - 0x9000 - 0x5000);
	assert_int_equal(segment->end, 4128 * M - 0x9000 - 1);
	segment = segment_of(&placement, EFIMAP_SEGMENT_INITRD);
	assert_int_equal(segment->start_max - segment->start, 0x1000);
	assert_int_equal(segment->end - segment->start, 0x1fff);
	assert_false(is_exact(segment));
	load.has_cmdline_len = true;
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	assert_true(is_exact(segment_of(&placement, EFIMAP_SEGMENT_INITRD)));
}

TEST(assumed_kernels_are_larger_than_what_is_seen)
{
	auto_map struct efimap *map = make_machine("6.1.0-50-amd64");
	struct kernel_image image = { 0 };
	struct load load = { .image = &image, .has_initrd_size = true, .has_cmdline_len = true };
	struct placement placement;
	const struct load_segment *kernel;

	assert_false(assume_image(map, &image, &load.init_size_max));
	add_iomem(map, 20 * M, 24 * M - 1, 1, "Kernel code");
	assert_false(assume_image(map, &image, &load.init_size_max));
	add_iomem(map, 26 * M, 28 * M - 1, 1, "Kernel bss");
	assert_true(assume_image(map, &image, &load.init_size_max));
	assert_int_equal(image.init_size, 8 * M);
	assert_int_equal(load.init_size_max, 24 * M + M / 2);
	assert_string_equal(image.release, "6.1.0-50-amd64");
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	assert_int_equal(placement.unsure, EFIMAP_UNSURE_SIZE);
	kernel = segment_of(&placement, EFIMAP_SEGMENT_KERNEL);
	/* The kernel needs 8 to 24.5 MiB. The segments above it need less than 2 MiB. */
	assert_int_equal(kernel->start_max, 4118 * M);
	assert_int_equal(kernel->start, 4102 * M);
	assert_true(segment_will_hit(kernel, (struct span){ 4120 * M, 4120 * M }));
	assert_false(segment_will_hit(kernel, (struct span){ 4117 * M, 4117 * M }));
	assert_true(segment_may_hit(kernel, (struct span){ 4117 * M, 4117 * M }));
	assert_false(segment_may_hit(kernel, (struct span){ 4101 * M, 4101 * M }));
	assert_true(placement_is_sure(&placement));
	map->boot_params.init_size = 0x900000;
	map->boot_params.kernel_alignment = 0x100000;
	map->boot_params.pref_address = 2 * M;
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	assert_true(assume_image(map, &image, &load.init_size_max));
	assert_int_equal(load.init_size_max, 0);
	assert_int_equal(image.init_size, 0x900000);
	assert_int_equal(image.alignment, 0x100000);
	assert_int_equal(image.pref_address, 2 * M);
}

TEST(versions_of_kexec_tools)
{
	static const struct version unknown = { 0 }, newer = { 2, 1, 0 };
	auto_map struct efimap *map = make_machine("6.1.0");
	struct kernel_image image = make_image();
	struct load load = {
		.image = &image, .mem_max = 15 * M, .has_initrd_size = true, .has_cmdline_len = true
	};
	struct placement placement;
	const struct load_segment *kernel;

	set_tools(map, 29);
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	kernel = segment_of(&placement, EFIMAP_SEGMENT_KERNEL);
	assert_int_equal(kernel->start, 6 * M);
	assert_int_equal(placement.unsure, 0);
	set_tools(map, 30);
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	assert_int_equal(placement.reason, EFIMAP_UNPLACED_NO_ROOM);
	kexec_state(map)->tools = unknown;
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	kernel = segment_of(&placement, EFIMAP_SEGMENT_KERNEL);
	assert_int_equal(kernel->start_max, 6 * M);
	assert_int_equal(placement.unsure, EFIMAP_UNSURE_ROOM);
	for (int i = EFIMAP_TOOLS_RNG_SEED; i <= EFIMAP_TOOLS_UKI; i++) {
		const enum tools_change change = (enum tools_change)i;

		assert_true(tools_has(&unknown, change, true));
		assert_false(tools_has(&unknown, change, false));
		assert_true(tools_has(&newer, change, false));
		assert_false(tools_has(&(struct version){ 2, 0, 24 }, change, true));
		assert_true(tools_has(&(struct version){ 2, 0, 33 }, change, false));
	}
	assert_true(tools_has(&(struct version){ 2, 0, 25 }, EFIMAP_TOOLS_RNG_SEED, false));
	assert_false(tools_has(&(struct version){ 2, 0, 26 }, EFIMAP_TOOLS_FILE_LOAD, true));
	assert_false(tools_has(&(struct version){ 2, 0, 30 }, EFIMAP_TOOLS_UKI, true));
}

TEST(images_without_a_64_bit_entry_are_not_placed)
{
	auto_map struct efimap *map = make_machine("6.12.0");
	struct kernel_image image = make_image();
	const struct load load = { .image = &image };
	const struct load crash = { .image = &image, .is_crash = true };

	assert_int_equal(place(map, EFIMAP_LOADER_KERNEL, &crash).reason,
			 EFIMAP_UNPLACED_NOT_RESERVED);
	image.xloadflags &= (uint16_t)~EFIMAP_XLF_ABOVE_4G;
	assert_int_equal(place(map, EFIMAP_LOADER_KERNEL, &load).reason, EFIMAP_UNPLACED_IMAGE);
	image.xloadflags = XLF;
	image.version = 0x20b;
	assert_int_equal(place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load).reason,
			 EFIMAP_UNPLACED_IMAGE);
}

/*
 * In mixed mode, and with 5-level paging that the image does not support, bzImage64_probe() rejects
 * the image (arch/x86/kernel/kexec-bzimage64.c).
 */
TEST(images_that_only_kexec_file_load_refuses)
{
	auto_map struct efimap *mixed = make_efi_machine("6.12.0", 1);
	auto_map struct efimap *five = make_efi_machine("6.12.0", 1);
	struct kernel_image image = make_image();
	const struct load load = { .image = &image };

	mixed->platform_size = 32;
	mixed->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	assert_int_equal(place(mixed, EFIMAP_LOADER_KERNEL, &load).reason,
			 EFIMAP_UNPLACED_MIXED_MODE);
	assert_int_equal(place(mixed, EFIMAP_LOADER_KEXEC_TOOLS, &load).reason, EFIMAP_PLACED);
	mixed->cmdline = capture_copy_text(mixed, "efi=noruntime");
	mixed->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	assert_int_equal(place(mixed, EFIMAP_LOADER_KERNEL, &load).reason, EFIMAP_PLACED);
	five->la57 = true;
	assert_int_equal(place(five, EFIMAP_LOADER_KERNEL, &load).reason,
			 EFIMAP_UNPLACED_FIVE_LEVELS);
	assert_int_equal(place(five, EFIMAP_LOADER_KEXEC_TOOLS, &load).reason, EFIMAP_PLACED);
	image.xloadflags |= EFIMAP_XLF_5LEVEL;
	assert_int_equal(place(five, EFIMAP_LOADER_KERNEL, &load).reason, EFIMAP_PLACED);
}

TEST(another_reserved_region_is_placed_as_if_it_were_listed)
{
	const struct span other = { 16 * M, 48 * M - 1 };
	const struct kernel_image image = make_image();
	const struct load listed = { .image = &image,
				     .is_crash = true,
				     .has_initrd_size = true,
				     .initrd_size = 3 * M,
				     .has_cmdline_len = true };
	struct load reserving = listed;

	reserving.reserved = other;
	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++) {
		const enum kexec_loader loader = (enum kexec_loader)i;
		auto_map struct efimap *with = make_machine("6.12.0");
		auto_map struct efimap *without = make_machine("6.12.0");
		struct placement expected, placement;

		add_iomem(with, other.first, other.last, 1, "Crash kernel");
		expected = place(with, loader, &listed);
		placement = place(without, loader, &reserving);
		assert_segments(&placement, expected.segments, expected.count);
		assert_true(expected.count > 4);
		add_iomem(without, 4100 * M, 4127 * M, 1, "Crash kernel");
		placement = place(without, loader, &reserving);
		assert_segments(&placement, expected.segments, expected.count);
	}
}

TEST(only_ram_can_be_reserved)
{
	auto_map struct efimap *map = make_machine("6.12.0");
	const struct kernel_image image = make_image();
	struct load load = { .image = &image, .is_crash = true };

	load.reserved = (struct span){ 48 * M, 80 * M - 1 };
	assert_int_equal(place(map, EFIMAP_LOADER_KERNEL, &load).reason,
			 EFIMAP_UNPLACED_NOT_RESERVED);
	load.reserved = (struct span){ 48 * M, 16 * M };
	assert_int_equal(place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load).reason,
			 EFIMAP_UNPLACED_NOT_RESERVED);
}

TEST(more_ranges_than_boot_params_hold)
{
	auto_map struct efimap *map = make_efi_machine("6.1.0", 1);
	const struct kernel_image image = make_image();
	const struct load load = { .image = &image,
				   .has_initrd_size = true,
				   .has_cmdline_len = true };
	struct placement placement;

	set_tools(map, 20);
	for (uint32_t i = 4; i < 128; i++)
		add_memmap(map, i, 5000 * M + i * M, 5000 * M + i * M, "Reserved");
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	assert_int_equal(placement.count, 5);
	for (uint32_t i = 128; i < 400; i++)
		add_memmap(map, i, 5000 * M + i * M, 5000 * M + i * M, "Reserved");
	placement = place(map, EFIMAP_LOADER_KEXEC_TOOLS, &load);
	assert_int_equal(placement.count, 6);
	assert_int_equal(placement.segments[5].kind, EFIMAP_SEGMENT_SETUP_DATA);
	assert_int_equal(placement.segments[5].start, M + 0x2000);
	/* A 16-byte header and 272 entries of 20 bytes need two pages. */
	assert_int_equal(placement.segments[5].end, M + 0x3fff);
}

TEST(reused_command_lines)
{
	static const char cmdline[] = "BOOT_IMAGE=/vmlinuz root=/dev/sda1 crashkernel=1G quiet";

	assert_int_equal(reused_len(cmdline, false), strlen("root=/dev/sda1 crashkernel=1G quiet"));
	assert_int_equal(reused_len(cmdline, true), strlen("root=/dev/sda1 quiet"));
}

static uint64_t dice_state;

static uint64_t throw_dice(uint64_t sides)
{
	return random_bits(&dice_state) % sides;
}

static struct efimap *make_random_machine(void)
{
	static const char *const releases[] = { "5.10.1", "6.1.1", "6.6.1", "6.12.1", "7.2.1" };
	const char *release = releases[throw_dice(ARRAY_SIZE(releases))];
	struct efimap *map = make_efi_machine(release, (uint32_t)throw_dice(120) + 1);
	uint64_t at = 64 * M;

	map->n_memmap = 0;
	map->n_iomem = 0;
	for (uint32_t i = 0; i < 1 + throw_dice(6); i++) {
		const uint64_t gap = throw_dice(64) * M + throw_dice(3) * 0x800;
		const uint64_t size = (throw_dice(48) + 1) * M + throw_dice(9) * 0x777 + 1;
		const uint64_t first = at + gap;

		at = first + size;
		add_memmap(map, i, first, at - 1, "System RAM");
		add_iomem(map, first, at - 1, 0, "System RAM");
	}
	if (throw_dice(2)) {
		const struct span ram = map->iomem[throw_dice(map->n_iomem)].span;

		add_iomem(map, ram.first + (ram.last - ram.first) / 4, ram.last, 1, "Crash kernel");
	}
	return map;
}

static struct load make_random_load(struct efimap *map, struct kernel_image *image)
{
	struct kexec_state *state = kexec_state(map);

	set_tools(map, 20 + (unsigned int)throw_dice(13));
	set_value(map, EFIMAP_VALUE_CPUS_POSSIBLE, throw_dice(600) + 1);
	/* Only kernels that update the elfcorehdr report its size. */
	if (throw_dice(2) && kernel_has(map, EFIMAP_CHANGE_UPDATES_ELFCOREHDR, true))
		set_value(map, EFIMAP_VALUE_ELFCOREHDR_SIZE, 0x10000 + throw_dice(M));
	state->kho = EFIMAP_KNOWN_NO;
	set_cma(map, EFIMAP_KNOWN_NO);
	pass_ima_list(map, 1 + throw_dice(40));
	if (throw_dice(2))
		state->config.options[EFIMAP_CONFIG_IMA_KEXEC] = EFIMAP_KNOWN_NO;
	state->config.ima_extra = throw_dice(2) * 0xa000;
	*image = make_image();
	image->setup_size = (uint32_t)throw_dice(60) * 512 + 1024;
	image->init_size = (uint32_t)(throw_dice(24) + 1) * 0x100000 + (uint32_t)throw_dice(5000);
	image->alignment = (uint32_t)(UINT64_C(0x1000) << throw_dice(10));
	image->pref_address = throw_dice(3) * 80 * M;
	return (struct load){
		.image = image,
		.is_crash = throw_dice(2),
		.has_initrd_size = true,
		.initrd_size = throw_dice(3) * throw_dice(16 * M),
		.has_cmdline_len = true,
		.cmdline_len = (uint32_t)throw_dice(1800),
		.mem_min = throw_dice(4) ? 0 : throw_dice(160 * M),
		.mem_max = throw_dice(3) ? 0 : 64 * M + throw_dice(256 * M),
	};
}

/* Remove random data from the machine and from a copy of the load. */
static struct load forget(struct efimap *map, const struct load *load, struct kernel_image *image)
{
	struct load less = *load;

	*image = *load->image;
	less.image = image;
	if (throw_dice(2))
		less.has_initrd_size = false;
	if (throw_dice(2))
		less.has_cmdline_len = false;
	if (throw_dice(2))
		kexec_state(map)->tools = (struct version){ 0 };
	if (throw_dice(2))
		set_value(map, EFIMAP_VALUE_CPUS_POSSIBLE, 0);
	if (throw_dice(2))
		set_value(map, EFIMAP_VALUE_ELFCOREHDR_SIZE, 0);
	if (throw_dice(2))
		set_value(map, EFIMAP_VALUE_IMA_COUNT, 0);
	if (throw_dice(3) == 0)
		image->setup_size = 0;
	if (throw_dice(3) == 0) {
		less.init_size_max = image->init_size + (uint32_t)throw_dice(8 * M);
		image->init_size -= (uint32_t)throw_dice(image->init_size / 3);
	}
	if (throw_dice(3) == 0) {
		less.initrd_size_max = load->initrd_size + throw_dice(4 * M);
		less.initrd_size = throw_dice(load->initrd_size + 1);
	}
	return less;
}

/* Return whether each segment is in its range, and each required range has a segment. */
static bool holds(const struct placement *ranges, const struct placement *known)
{
	size_t next = 0;

	for (size_t i = 0; i < ranges->count; i++) {
		const struct load_segment *range = &ranges->segments[i];
		const struct load_segment *segment = &known->segments[next];
		const bool is_this = next < known->count && segment->kind == range->kind;

		if (is_this && segment->start >= range->start &&
		    segment->start_max <= range->start_max && segment->end_min >= range->end_min &&
		    segment->end <= range->end)
			next++;
		else if (!range->is_optional)
			return false;
	}
	return next == known->count;
}

static bool keeps_to_limits(const struct placement *placement, const struct load *load)
{
	for (size_t i = 0; i < placement->count; i++)
		if (placement->segments[i].start < load->mem_min ||
		    (load->mem_max && placement->segments[i].end > load->mem_max))
			return false;
	return true;
}

static void print_placement(const struct placement *placement)
{
	for (size_t i = 0; i < placement->count; i++) {
		const struct load_segment *segment = &placement->segments[i];

		print_message("%s 0x%" PRIx64 "..0x%" PRIx64, segment_kind_name(segment->kind),
			      segment->start, segment->start_max);
		print_message(" to 0x%" PRIx64 "..0x%" PRIx64 "%s\n", segment->end_min,
			      segment->end, segment->is_optional ? ", optional" : "");
	}
}

TEST(ranges_contain_the_exact_segments)
{
	size_t contained = 0, exact = 0;

	for (uint64_t seed = 1; seed <= 5000; seed++) {
		auto_map struct efimap *map = NULL;
		struct kernel_image image, other;
		struct load load, less;
		struct placement known, ranges;
		enum kexec_loader loader;

		dice_state = seed;
		throw_dice(2);
		map = make_random_machine();
		load = make_random_load(map, &image);
		loader = throw_dice(2) ? EFIMAP_LOADER_KERNEL : EFIMAP_LOADER_KEXEC_TOOLS;
		known = place(map, loader, &load);
		less = forget(map, &load, &other);
		ranges = place(map, loader, &less);
		if (ranges.reason != EFIMAP_PLACED) {
			/*
			 * If the segments cannot be placed with their minimum sizes, they cannot be
			 * placed with larger sizes.
			 */
			if (known.reason != ranges.reason)
				fail_msg("seed %" PRIu64 ": reason %d, but %d with less data", seed,
					 (int)known.reason, (int)ranges.reason);
			continue;
		}
		if (known.reason != EFIMAP_PLACED) {
			if (!(ranges.unsure & EFIMAP_UNSURE_ROOM) && less.has_initrd_size)
				fail_msg("seed %" PRIu64 ": neither placed nor uncertain", seed);
			continue;
		}
		if (!holds(&ranges, &known) ||
		    (loader == EFIMAP_LOADER_KEXEC_TOOLS && !keeps_to_limits(&ranges, &load))) {
			print_placement(&ranges);
			print_placement(&known);
			fail_msg("seed %" PRIu64 ": a segment exceeds its range or a limit", seed);
		}
		contained += ranges.count;
		for (size_t i = 0; i < ranges.count; i++)
			exact += is_exact(&ranges.segments[i]);
	}
	print_message("%zu segments in their ranges, %zu of them exact\n", contained, exact);
	assert_true(contained > 10000 && exact > 5000);
}
