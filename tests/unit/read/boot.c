/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot_params and setup_data; above all, which payloads are not read. */
#include <sys/inotify.h>

#include "reading.h"

#define BOOT "sys/kernel/boot_params"

static char bytes[4097];

TREE_TEST(sizes)
{
	static const struct content_row rows[] = {
		{ "4095 bytes", bytes, 4095, EFIMAP_STATE_BROKEN,
		  "syntax -1 " BOOT "/data:0 4095 bytes, expected 4096" },
		{ "4096 bytes", bytes, 4096, EFIMAP_STATE_PRESENT, "" },
		{ "4097 bytes", bytes, 4097, EFIMAP_STATE_BROKEN, "too-long -1 " BOOT "/data:0" },
		{ "empty", bytes, 0, EFIMAP_STATE_BROKEN, "empty -1 " BOOT "/data:0" },
	};

	run_contents(*state, EFIMAP_SRC_BOOT_PARAMS, rows,
		     ARRAY_SIZE(rows));
	run_no_files(*state, EFIMAP_SRC_BOOT_PARAMS);
}

static void node(struct tree *tree, unsigned int index, const char *type, size_t len)
{
	char path[128], data[256];

	assert_true(len <= sizeof(data));
	for (size_t i = 0; i < len; i++)
		data[i] = (char)i;
	snprintf(path, sizeof(path), BOOT "/setup_data/%u/type", index);
	tree_text(tree, path, type);
	snprintf(path, sizeof(path), BOOT "/setup_data/%u/data", index);
	tree_bytes(tree, path, data, len);
}

TREE_TEST(nodes)
{
	static const uint8_t zeros[EFIMAP_EFI_PAYLOAD_SIZE];
	efimap_auto_map struct efimap *map = NULL;

	node(*state, 0, "0x4\n", 96);
	node(*state, 1, "0x9\n", 32);
	node(*state, 2, "0x4\n", 95);
	node(*state, 3, "0x4\n", 97);
	node(*state, 4, "0x80000000\n", 24);
	node(*state, 5, "0x4\n", 0);
	map = read_tree(*state);
	check_source("nodes", map, EFIMAP_SRC_SETUP_DATA, EFIMAP_STATE_PRESENT, "");
	assert_int_equal(map->n_setup_data, 6);

	static const struct {
		uint32_t type;
		uint64_t len;
		uint32_t payload;
	} expected[] = {
		{ 4, 96, 96 }, { 9, 32, 0 }, { 4, 95, 95 },
		{ 4, 97, 96 }, { 0x80000000, 24, 0 }, { 4, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		const struct efimap_setup_node *got = &map->setup_data[i];

		assert_int_equal(got->index, i);
		assert_int_equal(got->type, expected[i].type);
		assert_int_equal(got->len, expected[i].len);
		assert_int_equal(got->payload_size, expected[i].payload);
		for (size_t j = 0; j < got->payload_size; j++)
			assert_int_equal(got->payload[j], j);
		assert_memory_equal(got->payload + got->payload_size, zeros,
				    sizeof(zeros) - got->payload_size);
	}
}

/* A key must not even pass through our memory: the kernel tells who opens a file. */
TREE_TEST(secrets)
{
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	efimap_auto_map struct efimap *map = NULL;
	char event[4096];

	assert_true(watch >= 0);
	node(*state, 0, "0x9\n", 32);
	assert_true(inotify_add_watch(watch, tree_at(*state, BOOT "/setup_data/0/data"),
				      IN_OPEN | IN_ACCESS) >= 0);
	map = read_tree(*state);
	assert_int_equal(map->setup_data[0].len, 32);
	assert_int_equal(read(watch, event, sizeof(event)), -1);
	assert_int_equal(errno, EAGAIN);
	close(watch);
}

/* A capture need not hold payloads; without EFI's own, rules on it are skipped. */
TREE_TEST(left_out)
{
	efimap_auto_map struct efimap *map = NULL, *without = NULL;

	node(*state, 0, "0x9\n", 32);
	node(*state, 1, "0x4\n", 96);
	remove(tree_at(*state, BOOT "/setup_data/0/data"));
	map = read_tree(*state);
	assert_int_equal(map->n_faults, 0);
	assert_int_equal(map->n_setup_data, 2);
	assert_int_equal(map->setup_data[0].type, 9);
	assert_int_equal(map->setup_data[0].len, 0);
	assert_int_equal(map->states[EFIMAP_SRC_SETUP_DATA], EFIMAP_STATE_PRESENT);
	remove(tree_at(*state, BOOT "/setup_data/1/data"));
	without = read_tree(*state);
	assert_int_equal(without->n_faults, 0);
	assert_int_equal(without->n_setup_data, 2);
	assert_int_equal(without->states[EFIMAP_SRC_SETUP_DATA], EFIMAP_STATE_ABSENT);
	node(*state, 1, "0x4\n", 0);
	read_and_check("empty", *state, EFIMAP_SRC_SETUP_DATA, EFIMAP_STATE_PRESENT, "");
}

TREE_TEST(faults)
{
	efimap_auto_map struct efimap *map = NULL;

	node(*state, 1, "0x9\n", 96);
	remove(tree_at(*state, BOOT "/setup_data/1/data"));
	tree_link(*state, BOOT "/setup_data/1/data", "/etc/passwd");
	node(*state, 2, "0x100000000\n", 96);
	node(*state, 3, "0x4\n", 96);
	map = read_tree(*state);
	assert_int_equal(map->n_setup_data, 1);
	assert_int_equal(map->setup_data[0].index, 3);
	assert_string_equal(
		faults_text(map),
		"not-a-file 1 " BOOT "/setup_data/1/data:0 a symbolic link, which is not "
		"followed\n"
		"syntax 2 " BOOT "/setup_data/2/type:0 found \"0x100000000\", expected at most "
		"0xffffffff\n");
}
