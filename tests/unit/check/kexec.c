/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel image, and where segments land: scenes, one row each. */
#include <efimap/kexec.h>

#include "check/scene.h"

static void images_are_judged(void **state)
{
	static const struct {
		struct efimap_image image;
		const char *expected;
	} rows[] = {
		{ { "k", 0x020f, 0x11 }, "" },
		{ { "k", 0x020f, 0x7f }, "" },
		{ { "k", 0x020f, 0x6f }, "image-without-efi error boots-without-efi\n" },
		{ { "k", 0x020f, 0x10 }, "image-without-efi error boots-without-efi\n" },
		{ { "k", 0x020b, 0 }, "image-without-efi error boots-without-efi\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "kexec");
		scene.options.image = &rows[i].image;
		scene_expect(&scene, "image", rows[i].expected);
	}
}

static void add_tables(struct efimap *map)
{
	assert_int_equal(efimap_add_table(map, "MEMATTR", 7, 0x3d117018), 0);
	assert_int_equal(efimap_add_table(map, "INITRD", 6, 0x3c000000), 0);
	assert_int_equal(efimap_add_table(map, "BGRT", 4, 0x3b000000), 0);
}

static void segments_are_judged(void **state)
{
	static const struct {
		const char *name;
		struct efimap_segments segments;
		const char *expected;
	} rows[] = {
		{ "nowhere near", { "l", { { 0x100000, 0x200000 } }, 1 }, "" },
		{ "right below code and data", { "l", { { 0x3eba2000, 0x3f4ebfff } }, 1 }, "" },
		{ "right behind the code", { "l", { { 0x3f6ec000, 0x3f6ecfff } }, 1 }, "" },
		{ "the last byte of the code", { "l", { { 0x3f6ebfff, 0x3f6ebfff } }, 1 },
		  "segment-collision error runtime-services-fail 2\n" },
		{ "all of it, by the second segment",
		  { "l", { { 0x1000, 0x1fff }, { 0x3f000000, 0x40000000 } }, 2 },
		  "segment-collision error runtime-services-fail 1\n"
		  "segment-collision error runtime-services-fail 2\n"
		  "segment-collision error runtime-services-fail 3\n" },
		{ "the page of a table", { "l", { { 0x3d117000, 0x3d117fff } }, 1 },
		  "segment-collision error memory-at-risk 6\n" },
		{ "a table in no entry", { "l", { { 0x3b000000, 0x3b000fff } }, 1 },
		  "segment-collision error memory-at-risk\n" },
		{ "the initrd", { "l", { { 0x3c000000, 0x3c000fff } }, 1 }, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "kexec");
		scene.more = add_tables;
		scene.options.segments = &rows[i].segments;
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}

/* What does not carry the RUNTIME bit belongs to nobody any more. */
static void freed_memory_may_be_used(void **state)
{
	static const struct efimap_segments segments = { "l", { { 0, UINT64_MAX } }, 1 };
	struct scene scene;

	scene_init(&scene, "kexec");
	for (size_t i = 0; i < scene.n_entries; i++)
		scene.entries[i].attribute = 0xf;
	scene.options.segments = &segments;
	scene_expect(&scene, "no RUNTIME", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images_are_judged),
		cmocka_unit_test(segments_are_judged),
		cmocka_unit_test(freed_memory_may_be_used),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
