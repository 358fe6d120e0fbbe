/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "capture/fingerprint.h"

#define RT EFIMAP_ATTR_RUNTIME
#define MAX_ROWS 4
#define DATA { 0, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, RT | 0xf }
#define BOOT { 1, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, RT | 0xf }

static struct efimap *make(const struct efimap_entry *entries, size_t count)
{
	struct efimap *map;

	assert_int_equal(efimap_new("test", EFIMAP_ORIGIN_TREE, &map), 0);
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
		assert_int_equal(efimap_add_name(map, entries[i].index), 0);
	}
	efimap_seal(map);
	return map;
}

static void print(const struct efimap_entry *entries, size_t count,
		  char text[EFIMAP_FINGERPRINT_SIZE])
{
	struct efimap *map efimap_auto_map = make(entries, count);

	assert_int_equal(efimap_fingerprint(map, text), 0);
}

static const struct efimap_entry base[] = { DATA, BOOT };

/* The digests are from sha256sum over the rows that src/capture/fingerprint.h describes. */
TEST(known_values)
{
	char text[EFIMAP_FINGERPRINT_SIZE];

	print(NULL, 0, text);
	assert_string_equal(text, "sha256:e3b0c44298fc1c149afbf4c8996fb924"
				  "27ae41e4649b934ca495991b7852b855");
	print(base, 2, text);
	assert_string_equal(text, "sha256:936ca7e88c5faf57eef8b4978fc63d0f"
				  "efd2af3771fa05fbf96085bfae3ea57b");
}

TEST(relation_rows)
{
	static const struct {
		const char *name;
		bool same;
		size_t count;
		struct efimap_entry entries[MAX_ROWS];
	} rows[] = {
		{ "other order", true, 2,
		  { { 0, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, RT | 0xf },
		    { 1, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, RT | 0xf } } },
		{ "other numbers", true, 2,
		  { { 7, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, RT | 0xf },
		    { 3, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, RT | 0xf } } },
		{ "boot services without RUNTIME", true, 2,
		  { DATA, { 1, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, 0xf } } },
		{ "cut in three", true, 4,
		  { { 0, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x80, RT | 0xf },
		    { 1, 6, 0x3f56c000, 0xfffffffeff16c000, 0x10, RT | 0xf },
		    { 2, 6, 0x3f57c000, 0xfffffffeff17c000, 0x70, RT | 0xf },
		    { 3, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, RT | 0xf } } },
		{ "cut, and mapped elsewhere", false, 3,
		  { { 0, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x80, RT | 0xf },
		    { 1, 6, 0x3f56c000, 0xfffffffeff36c000, 0x80, RT | 0xf },
		    { 2, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, RT | 0xf } } },
		{ "runtime data without RUNTIME", false, 2,
		  { { 0, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, 0xf }, BOOT } },
		{ "other type", false, 2,
		  { { 0, 5, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, RT | 0xf }, BOOT } },
		{ "other virt", false, 2,
		  { { 0, 6, 0x3f4ec000, 0xfffffffeff0ed000, 0x100, RT | 0xf }, BOOT } },
		{ "one page less", false, 2,
		  { { 0, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0xff, RT | 0xf }, BOOT } },
		{ "an entry lost", false, 1, { DATA } },
		{ "an entry without pages more", false, 3,
		  { DATA, BOOT, { 2, 6, 0x3f5ec000, 0xfffffffeff1ec000, 0, RT | 0xf } } },
	};
	char expected[EFIMAP_FINGERPRINT_SIZE], text[EFIMAP_FINGERPRINT_SIZE];

	print(base, 2, expected);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		print(rows[i].entries, rows[i].count, text);
		if ((strcmp(text, expected) == 0) != rows[i].same)
			fail_msg("%s: %s", rows[i].name, text);
	}
}

/* The third entry has no valid range, but it changes the fingerprint. */
TEST(ends_rows)
{
	static const struct efimap_entry top[] = {
		{ 0, 6, UINT64_MAX - 4095, UINT64_MAX - 4095, 1, 1 },
		{ 1, 6, 0, 0, 1, 1 },
		{ 2, 6, UINT64_MAX, UINT64_MAX, UINT64_MAX, 1 },
	};
	char one[EFIMAP_FINGERPRINT_SIZE], other[EFIMAP_FINGERPRINT_SIZE];

	print(top, 3, one);
	print(top, 2, other);
	assert_string_not_equal(one, other);
}

TEST(not_known)
{
	struct efimap *map efimap_auto_map = make(base, 2);
	char text[EFIMAP_FINGERPRINT_SIZE] = "untouched";

	assert_int_equal(efimap_add_name(map, 2), 0);
	assert_int_equal(efimap_fingerprint(map, text), -ENODATA);
	map->n_names--;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_BROKEN;
	assert_int_equal(efimap_fingerprint(map, text), -ENODATA);
	assert_string_equal(text, "untouched");
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_fingerprint(map, text), 0);
}
