/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "changed_map.h"

static void use_five_levels(struct efimap *map)
{
	map->la57 = true;
	set_release(map, "6.12.107", 8);
}

#define WITHOUT "image-without-efi error boots-without-efi\n"

TEST(images_are_checked)
{
	static const struct {
		struct kernel_image image;
		bool la57;
		const char *expected;
	} rows[] = {
		{ { "k", 0x020f, 0x13 }, false, "" },
		{ { "k", 0x020f, 0x7f }, false, "" },
		{ { "k", 0x020f, 0x6f }, false, WITHOUT },
		{ { "k", 0x020f, 0x10 }, false, WITHOUT },
		{ { "k", 0x020b, 0 }, false, WITHOUT },
		/* Flags are ignored before protocol 2.12, which added xloadflags. */
		{ { "k", 0x020b, 0x11 }, false, WITHOUT },
		{ { "k", 0x020c, 0x13 }, false, "" },
		/* Without XLF_CAN_BE_LOADED_ABOVE_4G, kexec-tools uses its 32-bit loader. */
		{ { "k", 0x020f, 0x7d }, false, WITHOUT },
		{ { "k", 0x020f, 0x3f, .release = "5.10.223" },
		  true,
		  "five-level-paging error does-not-boot\n" },
		{ { "k", 0x020f, 0x3f, .release = "6.12.62" },
		  true,
		  "five-level-paging error does-not-boot\n" },
		{ { "k", 0x020f, 0x3f, .release = "6.12.63" }, true, "" },
		{ { "k", 0x020f, 0x3f }, true, "" },
		{ { "k", 0x020f, 0x7f, .release = "5.10.0" }, true, "" },
		/* A finding with an unknown outcome is a note, which is not listed. */
		{ { "k", 0x020f, 0x3f, .release = "5.10.0" }, true, "" },
		{ { "k", 0x020f, 0x1f, .release = "5.10.0" }, true, "" },
		{ { "k", 0x020f, 0x10, .release = "5.10.0" }, true, WITHOUT },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "kexec");
		scene.more = rows[i].la57 ? use_five_levels : NULL;
		scene_load(&scene, &rows[i].image);
		scene_expect(&scene, rows[i].image.release, rows[i].expected);
	}
}

static void add_tables(struct efimap *map)
{
	capture_add_table(map, "ESRT", 4, 0x18);
	capture_add_table(map, "MEMATTR", 7, 0x3d117018);
	capture_add_table(map, "INITRD", 6, 0x3c000000);
	capture_add_table(map, "MOKvar", 6, 0x3b000000);
	capture_add_table(map, "TPMEventLog", 11, 0x3a000018);
}

static void add_passed_on(struct efimap *map)
{
	add_tables(map);
	capture_add_systab(map, "SMBIOS", 6, 0x3f520000);
}

/* The map is from a 6.1 kernel. The page at 0x3d117000 contains the Memory Attributes Table. */
TEST(collisions_depend_on_the_next_kernel)
{
	static const struct {
		const char *name;
		const char *release;
		uint64_t at;
		const char *expected;
	} rows[] = {
		{ "the lowest page, with a table", NULL, 0,
		  "segment-collision warning memory-at-risk\n" },
		{ "another page of the region with this table", NULL, 0x1000, "" },
		{ "an unknown kernel may reserve the memory that the table describes", NULL,
		  0x3d117000, "segment-collision note ok\n" },
		{ "6.12 reserves the memory that the table describes", "6.12.107", 0x3d117000,
		  "segment-collision note ok\n" },
		{ "6.13.2 may reserve the memory that the table describes", "6.13.2", 0x3d117000,
		  "segment-collision note ok\n" },
		{ "6.13.3 skips the table", "6.13.3", 0x3d117000, "" },
		{ "another table", "7.2.13", 0x3b000000,
		  "segment-collision warning memory-at-risk\n" },
		{ "the log, whose size 6.12 does not check", "6.12.107", 0x3a000000,
		  "segment-collision warning memory-at-risk\n" },
		{ "an entry without a table", "7.2.13", 0x3d11a000, "" },
		{ "code", "7.2.13", 0x3f5ec000, "segment-collision error does-not-boot 2\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kernel_image image = { "k", 0x020f, 0x7f };
		const struct segments segments = { "l", { { rows[i].at, rows[i].at + 0xfff } }, 1 };
		struct scene scene;

		scene_init(&scene, "kexec");
		scene.more = add_passed_on;
		scene.shows_notes = true;
		scene.options.segments = &segments;
		if (rows[i].release) {
			strcpy(image.release, rows[i].release);
			scene_load(&scene, &image);
		}
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}

static void add_seed(struct efimap *map)
{
	capture_add_table(map, "RNG", 3, 0x3c000000);
	capture_add_memmap(map, 0, 0, 0x3bffefff, "Reserved", 8);
	capture_add_memmap(map, 1, 0x3bfff000, 0x3cffffff, "System RAM", 10);
	capture_add_memmap(map, 2, 0x3d000000, 0xffffffff, "Reserved", 8);
}

static const struct finding *find_finding(const struct report *report, enum rule_id rule)
{
	const struct finding *found = NULL;

	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule->id == rule)
			found = &report->findings[i];
	assert_non_null(found);
	return found;
}

/* The map is from a 6.1 kernel of unknown stable version. The segment is the kernel. */
TEST(seeds_depend_on_the_next_kernel)
{
	static const struct {
		const char *name;
		const char *release;
		struct span at;
		bool is_hit;
	} rows[] = {
		{ "the table's first byte", NULL, { 0x3bfff000, 0x3c000000 }, true },
		{ "the last byte that the kernel may zero",
		  NULL,
		  { 0x3c000403, 0x3c000fff },
		  true },
		{ "the byte after the zeroed bytes", NULL, { 0x3c000404, 0x3c000fff }, false },
		{ "the byte before the table", NULL, { 0x3bfff000, 0x3bffffff }, false },
		{ "6.1.4 does not zero the seed", "6.1.4", { 0x3c000000, 0x3c000fff }, false },
		{ "6.1.5 zeroes the seed", "6.1.5", { 0x3c000000, 0x3c000fff }, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_report struct report *report = NULL;
		struct kernel_image image = { "k", 0x020f, 0x7f };
		const struct segments segments = { "l", { rows[i].at }, 1 };
		struct scene scene;
		const char *text;

		scene_init(&scene, "memmap");
		scene.more = add_seed;
		scene.states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
		scene.states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
		scene.options.segments = &segments;
		if (rows[i].release) {
			strcpy(image.release, rows[i].release);
			scene_load(&scene, &image);
		}
		scene_expect(&scene, rows[i].name, "rng-seed-table-in-ram error does-not-boot\n");
		report = scene_verify(&scene);
		text = find_finding(report, EFIMAP_RULE_RNG_SEED_TABLE_IN_RAM)->message;
		if (!strstr(text, rows[i].is_hit ? "places segment" : "writes up to 36 bytes"))
			fail_msg("%s: %s", rows[i].name, text);
	}
}

static void add_outer_tables(struct efimap *map)
{
	capture_add_table(map, "MEMATTR", 7, 0x3b000000);
	capture_add_table(map, "SMBIOS 3.0", 10, 0x3c000000);
}

TEST(collisions_have_their_facts)
{
	static const struct {
		const char *name;
		struct segments segments;
		const char *sources[4];
		const char *values[4];
		size_t n_facts;
	} rows[] = {
		{ "first table",
		  { "l", { { 0x3b000000, 0x3b000fff } }, 1 },
		  { "segment[0]", "kernel log" },
		  { "0x3b000000-0x3b000fff", "MEMATTR=0x3b000000" },
		  2 },
		{ "last table, last segment",
		  { "l", { [15] = { 0x3c000000, 0x3c000fff } }, 16 },
		  { "segment[15]", "kernel log" },
		  { "0x3c000000-0x3c000fff", "SMBIOS 3.0=0x3c000000" },
		  2 },
		{ "entry without a table",
		  { "l", { { 0x3f6ebfff, 0x3f6ebfff } }, 1 },
		  { "segment[0]", "runtime-map/2/phys_addr" },
		  { "0x3f6ebfff-0x3f6ebfff", "0x3f5ec000" },
		  2 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_report struct report *report = NULL;
		const struct finding *finding;
		struct segments segments = rows[i].segments;
		struct scene scene;

		/* Only the last segment covers a table or an entry. */
		for (size_t k = 0; k + 1 < segments.count; k++)
			segments.spans[k] = (struct span){ 0x10000000, 0x10000fff };
		scene_init(&scene, "kexec");
		scene.more = add_outer_tables;
		scene.options.segments = &segments;
		report = scene_verify(&scene);
		finding = find_finding(report, EFIMAP_RULE_SEGMENT_COLLISION);
		if (finding->n_evidence != rows[i].n_facts)
			fail_msg("%s: %zu facts, expected %zu", rows[i].name, finding->n_evidence,
				 rows[i].n_facts);
		for (size_t k = 0; k < rows[i].n_facts; k++) {
			assert_string_equal(finding->evidence[k].source, rows[i].sources[k]);
			assert_string_equal(finding->evidence[k].value, rows[i].values[k]);
		}
	}
}

TEST(freed_memory_may_be_used)
{
	static const struct segments segments = { "l", { { 0, UINT64_MAX } }, 1 };
	struct scene scene;

	scene_init(&scene, "kexec");
	for (size_t i = 0; i < scene.n_entries; i++)
		scene.entries[i].attribute = 0xf;
	scene.options.segments = &segments;
	scene_expect(&scene, "no RUNTIME", "");
	/* Entries without EFI_MEMORY_RUNTIME are not reported, so each table is reported. */
	scene.more = add_tables;
	scene_expect(&scene, "no RUNTIME, tables",
		     "segment-collision warning memory-at-risk\n"
		     "segment-collision warning memory-at-risk\n"
		     "segment-collision warning memory-at-risk\n");
}

static void add_memory(struct efimap *map)
{
	capture_add_memmap(map, 0, 0, 0x9ffff, "System RAM", 10);
	capture_add_memmap(map, 1, 0x10000000, 0x1fffffff, "System RAM", 10);
}

#define MISMATCH ""

TEST(segments_belong_to_this_memory)
{
	static const struct {
		const char *name;
		struct segments segments;
		uint32_t init_size;
		const char *expected;
	} rows[] = {
		{ "inside the reservation",
		  { "l", { { 0x10000000, 0x10000fff } }, 1, .kernel = 0 },
		  0x1000,
		  "" },
		{ "across the start of the reservation",
		  { "l", { { 0xffff000, 0x10000fff } }, 1, .kernel = EFIMAP_NO_SEGMENT },
		  0,
		  MISMATCH },
		{ "across the end of the reservation",
		  { "l", { { 0x1ffff000, 0x20000fff } }, 1, .kernel = EFIMAP_NO_SEGMENT },
		  0,
		  MISMATCH },
		{ "another image",
		  { "l", { { 0x10000000, 0x10000fff } }, 1, .kernel = 0 },
		  0x1001,
		  MISMATCH },
		{ "unknown kernel segment",
		  { "l", { { 0x10000000, 0x10000fff } }, 1, .kernel = EFIMAP_NO_SEGMENT },
		  0x1001,
		  "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kernel_image image = { "k", 0x020f, 0x7f,
						    .init_size = rows[i].init_size };
		struct scene scene;

		scene_init(&scene, "kexec");
		scene.more = add_memory;
		scene.states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
		scene_load(&scene, &image);
		scene.options.segments = &rows[i].segments;
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}
