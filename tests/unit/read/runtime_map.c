/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runtime map: every documented fault of one file, and good entries beside it. */
#include <inttypes.h>

#include "reading.h"

static const char *entry_text(const struct efimap_entry *entry)
{
	static char text[200];

	snprintf(text, sizeof(text),
		 "%u: %#" PRIx64 " %#" PRIx64 " %#" PRIx64 " %#x %#" PRIx64, entry->index,
		 entry->attribute, entry->pages, entry->phys, entry->type, entry->virt);
	return text;
}

static void good(void **state)
{
	struct efimap *map;

	for (unsigned int i = 0; i < 12; i++)
		tree_entry(*state, i);
	map = read_with(*state, efimap_read_runtime_map);
	check_source("good", map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_PRESENT, "");
	assert_int_equal(map->n_entries, 12);
	assert_int_equal(map->n_names, 12);
	for (unsigned int i = 0; i < 12; i++) {
		char expected[200];
		unsigned int n = (i + 1) << 4;

		snprintf(expected, sizeof(expected), "%u: %#x %#x %#x %#x %#x", i, n, n + 1,
			 n + 2, n + 3, n + 4);
		assert_string_equal(entry_text(&map->entries[i]), expected);
	}
	efimap_free(map);
}

static void empty_and_absent(void **state)
{
	struct efimap *map = read_with(*state, efimap_read_runtime_map);

	check_source("absent", map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_ABSENT, "");
	efimap_free(map);
	tree_dir(*state, MAP_PATH);
	map = read_with(*state, efimap_read_runtime_map);
	check_source("empty", map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_PRESENT, "");
	assert_int_equal(map->n_names, 0);
	efimap_free(map);
}

#define FAULT(kind) kind " 1 " MAP_PATH "/1/type:0 "

static char page[4097];

static const struct {
	const char *name;
	const char *data;
	size_t len;
	const char *fault;
} files[] = {
	{ "empty", CONTENT(""), FAULT("empty") "empty, expected 0x" },
	{ "truncated", CONTENT("0x"), FAULT("syntax") "found \"0x\"" },
	{ "no newline", CONTENT("0x5"), NULL },
	{ "no hexadecimal digit", CONTENT("0x5g\n"), FAULT("syntax") "found \"0x5g\"" },
	{ "negative", CONTENT("-0x5\n"), FAULT("syntax") "found \"-0x5\"" },
	{ "17 digits", CONTENT("0x10000000000000005\n"), FAULT("syntax") },
	{ "zeros before it", CONTENT("0x000000000000000000005\n"), NULL },
	{ "largest type", CONTENT("0xffffffff\n"), NULL },
	{ "33 bits", CONTENT("0x100000000\n"), FAULT("syntax") "found \"0x100000000\", "
						"expected at most 0xffffffff" },
	{ "CRLF", CONTENT("0x5\r\n"), FAULT("syntax") "found \"0x5?\"" },
	{ "a NUL inside", CONTENT("0x5\0\n"), FAULT("syntax") },
	{ "upper case", CONTENT("0X5A\n"), NULL },
	{ "decimal", CONTENT("5\n"), FAULT("syntax") "found \"5\"" },
	{ "4095 bytes", page, 4095, FAULT("syntax") },
	{ "a page", page, 4096, FAULT("too long") },
	{ "over a page", page, 4097, FAULT("too long") },
};

static void contents(void **state)
{
	memset(page, '1', sizeof(page));
	memcpy(page, "0x", 2);
	for (unsigned int i = 0; i < 3; i++)
		tree_entry(*state, i);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		tree_bytes(*state, MAP_PATH "/1/type", files[i].data, files[i].len);

		struct efimap *map = read_with(*state, efimap_read_runtime_map);

		check_source(files[i].name, map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_PRESENT,
			     files[i].fault ? files[i].fault : "");
		if (map->n_faults != (files[i].fault ? 1 : 0))
			fail_msg("%s: %s", files[i].name, faults_text(map));
		/* The faulty entry is left out, its number and its neighbours are there. */
		assert_int_equal(map->n_entries, files[i].fault ? 2 : 3);
		assert_int_equal(map->n_names, 3);
		assert_int_equal(map->entries[map->n_entries - 1].index, 2);
		efimap_free(map);
	}
}

static void no_files(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct tree *tree, const char *path);
		const char *fault;
	} rows[] = {
		{ "missing", NULL, FAULT("missing") },
		{ "FIFO", tree_fifo, FAULT("not a file") },
		{ "directory", tree_dir, FAULT("not a file") },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		tree_entry(*state, 0);
		remove(tree_at(*state, MAP_PATH "/1/type"));
		tree_entry(*state, 1);
		remove(tree_at(*state, MAP_PATH "/1/type"));
		if (rows[i].make)
			rows[i].make(*state, MAP_PATH "/1/type");

		struct efimap *map = read_with(*state, efimap_read_runtime_map);

		check_source(rows[i].name, map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_PRESENT,
			     rows[i].fault);
		assert_int_equal(map->n_entries, 1);
		assert_int_equal(map->n_faults, 1);
		efimap_free(map);
		remove(tree_at(*state, MAP_PATH "/1/type"));
	}
}

static void not_a_directory(void **state)
{
	struct efimap *map;

	tree_text(*state, MAP_PATH, "a file");
	map = read_with(*state, efimap_read_runtime_map);
	check_source("file", map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BROKEN,
		     "not a file -1 " MAP_PATH ":0 a file where a directory");
	efimap_free(map);
	remove(tree_at(*state, MAP_PATH));
	tree_link(*state, MAP_PATH, "/sys/firmware");
	map = read_with(*state, efimap_read_runtime_map);
	check_source("link", map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BROKEN,
		     "not a file -1 " MAP_PATH ":0 a symbolic link");
	efimap_free(map);
}

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(good),     TREE_TEST(empty_and_absent), TREE_TEST(contents),
		TREE_TEST(no_files), TREE_TEST(not_a_directory),
	};

	return cmocka_run_group_tests_name("read/runtime_map", tests, NULL, NULL) != 0;
}
