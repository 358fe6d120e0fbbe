/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbered directories: which names are records, what becomes of files that may not be read,
 * and of those that do not belong there. For the limits so many names are invented instead
 * of made. What is wrong in a file is a matter of the cases of the command line.
 */
#include <inttypes.h>

#include "read/read.h"
#include "reading.h"

#define MEMMAP "sys/firmware/memmap"

static void range(struct tree *tree, const char *index, const char *start, const char *end,
		  const char *type)
{
	char path[400];

	snprintf(path, sizeof(path), MEMMAP "/%s/start", index);
	tree_text(tree, path, start);
	snprintf(path, sizeof(path), MEMMAP "/%s/end", index);
	tree_text(tree, path, end);
	snprintf(path, sizeof(path), MEMMAP "/%s/type", index);
	tree_text(tree, path, type);
}

/* Files are no business of ours; links and FIFOs are records that cannot be read. */
TREE_TEST(names)
{
	static const char *const odd[][2] = {
		{ "01", MEMMAP "/01" },
		{ "x", MEMMAP "/x" },
		{ "-1", MEMMAP "/-1" },
		{ "4294967295", MEMMAP "/4294967295" },
		{ "4294967296", MEMMAP "/4294967296" },
		{ "1 ", MEMMAP "/1 " },
		{ "3\n\033[2J", MEMMAP "/3??[2J" },
	};
	static const uint32_t numbers[] = { 0, 1, 2, 10, 4294967294 };
	char path[300];

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		snprintf(path, sizeof(path), "%" PRIu32, numbers[ARRAY_SIZE(numbers) - 1 - i]);
		range(*state, path, "0x0\n", "0xfff\n", "Reserved\n");
	}
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		snprintf(path, sizeof(path), MEMMAP "/%s", odd[i][0]);
		tree_dir(*state, path);
	}
	tree_text(*state, MEMMAP "/3", "a file");
	tree_text(*state, MEMMAP "/uevent", "a file");
	tree_link(*state, MEMMAP "/subsystem", "..");
	/* kexec-tools, get_firmware_memmap: names with a dot. */
	tree_dir(*state, MEMMAP "/.hidden");

	struct efimap *map efimap_auto_map = read_tree(*state);

	assert_int_equal(map->n_memmap, ARRAY_SIZE(numbers));
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		assert_int_equal(map->memmap[i].index, numbers[i]);
	assert_int_equal(map->n_faults, ARRAY_SIZE(odd));
	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		assert_non_null(strstr(faults_text(map), odd[i][1]));
		assert_int_equal(map->faults[i].kind, EFIMAP_FAULT_NAME);
	}
}

/* A root that has so many records, and others' files beside them. */
struct invention {
	struct efimap_root base;
	unsigned int records;
	unsigned int files;
};

static int invent(struct efimap_root *root, const char *path, efimap_name_fn *take,
		  void *context)
{
	const struct invention *invention = (const struct invention *)root;
	char name[16];
	int ret = 0;

	if (strstr(path, "/0") || strstr(path, "/1"))
		return 0;
	for (unsigned int i = 0; i < invention->files && !ret; i++)
		ret = take(context, "uevent", S_IFREG);
	for (unsigned int i = invention->records; i > 0 && !ret; i--) {
		snprintf(name, sizeof(name), "%u", i - 1);
		ret = take(context, name, S_IFDIR);
	}
	return ret;
}

static ssize_t invent_value(struct efimap_root *root, const char *path, char *buf, size_t size)
{
	memcpy(buf, "0x7\n", 4);
	return 4;
}

static const struct efimap_root_ops inventing = { .list = invent,
						  .read_value = invent_value };

TEST(limits)
{
	static const struct {
		unsigned int records, files;
		int expected;
	} rows[] = {
		{ 16383, 0, 0 }, { 16384, 0, 0 }, { 16385, 0, -E2BIG },
		{ 16383, 1, 0 }, { 16384, 1, -E2BIG },
	};
	static const struct efimap_record_kind *const kinds[] = {
		&efimap_runtime_map_records,
		&efimap_memmap_records,
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows) * ARRAY_SIZE(kinds); i++) {
		const struct efimap_record_kind *kind = kinds[i % ARRAY_SIZE(kinds)];
		const unsigned int row = (unsigned int)(i / ARRAY_SIZE(kinds));
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct invention root = { { .ops = &inventing }, rows[row].records,
					  rows[row].files };
		efimap_auto_map struct efimap *map = NULL;

		assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
		assert_int_equal(efimap_records_read(&root.base, map, kind, &err),
				 rows[row].expected);
		assert_int_equal(map->n_entries + map->n_memmap,
				 rows[row].expected ? 0 : rows[row].records);
		if (rows[row].expected)
			assert_non_null(strstr(err.text, "more than 16384 entries"));
	}
}

/* Of two records: the first has a stranger, after which it cannot be listed any further. */
static int break_off(struct efimap_root *root, const char *path, efimap_name_fn *take,
		     void *context)
{
	if (strstr(path, "/0"))
		return take(context, "perms", S_IFREG) ?: -EIO;
	return strstr(path, "/1") ? 0 :
				    take(context, "0", S_IFDIR) ?: take(context, "1", S_IFDIR);
}

TEST(forgets_what_was_listed_in_part)
{
	static const struct efimap_root_ops ops = { .list = break_off,
						    .read_value = invent_value };
	struct efimap_root root = { .ops = &ops };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	assert_int_equal(efimap_records_read(&root, map, &efimap_runtime_map_records, &err), 0);
	assert_int_equal(map->n_entries, 2);
	assert_int_equal(map->n_faults, 0);
}

TREE_TEST(not_a_directory)
{
	tree_text(*state, MAP_PATH, "a file");
	read_and_check("file", *state, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BROKEN,
		       "not-a-file -1 " MAP_PATH ":0 a file where a directory");
	remove(tree_at(*state, MAP_PATH));
	tree_link(*state, MAP_PATH, "/sys/firmware");
	read_and_check("link", *state, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BROKEN,
		       "not-a-file -1 " MAP_PATH ":0 a symbolic link");
}

static struct tree *closed_entries(void **state, unsigned int count, unsigned int closed)
{
	static const char *const fields[] = { "attribute", "num_pages", "phys_addr", "type",
					      "virt_addr" };
	char path[128];

	for (unsigned int i = 0; i < count; i++)
		tree_entry(*state, i);
	for (unsigned int i = 0; i < closed; i++)
		for (size_t field = 0; field < ARRAY_SIZE(fields); field++) {
			snprintf(path, sizeof(path), MAP_PATH "/%u/%s", i, fields[field]);
			assert_int_equal(chmod(tree_at(*state, path), 0), 0);
		}
	return *state;
}

/* Assertions do not leave a child: what was seen comes back as a truth. */
static bool sees(struct tree *tree, enum efimap_state state, size_t names, size_t entries,
		 size_t faults)
{
	efimap_auto_map struct efimap *map = read_tree(tree);
	bool same = map->states[EFIMAP_SRC_RUNTIME_MAP] == state && map->n_names == names &&
		    map->n_entries == entries && map->n_faults == faults;

	for (size_t i = 0; i < map->n_faults; i++)
		same = same && map->faults[i].kind == EFIMAP_FAULT_DENIED &&
		       map->faults[i].index == i / 5;
	return same;
}

static bool two_denied(struct tree *tree)
{
	return sees(tree, EFIMAP_STATE_PRESENT, 3, 1, 10);
}

TREE_TEST(denied_in_parts)
{
	assert_true(tree_as_nobody(two_denied, closed_entries(state, 3, 2)));
}

static void stranger(struct tree *tree, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), MAP_PATH "/%s", name);
	tree_text(tree, path, "0x3\n");
}

TREE_TEST(names_them_sorted)
{
	efimap_auto_map struct efimap *map = NULL;

	tree_entry(*state, 0);
	stranger(*state, "0/zz");
	stranger(*state, "0/perms");
	tree_dir(*state, MAP_PATH "/0/power");
	map = read_tree(*state);
	assert_int_equal(map->n_faults, 3);
	assert_string_equal(map->faults[0].where, MAP_PATH "/0/perms");
	assert_string_equal(map->faults[1].where, MAP_PATH "/0/power");
	assert_string_equal(map->faults[2].where, MAP_PATH "/0/zz");
	for (size_t i = 0; i < map->n_faults; i++) {
		assert_int_equal(map->faults[i].kind, EFIMAP_FAULT_EXTRA);
		assert_int_equal(map->faults[i].index, 0);
	}
	/* The entry is good all the same. */
	assert_int_equal(map->n_entries, 1);
	assert_int_equal(map->states[EFIMAP_SRC_RUNTIME_MAP], EFIMAP_STATE_PRESENT);
}

/* A map as firmware has it is looked through, of the long one of efi=debug the first entry. */
TREE_TEST(looks_at_all_of_a_short_map)
{
	static const struct {
		unsigned int entries;
		size_t faults;
	} rows[] = { { 31, 2 }, { 32, 2 }, { 33, 1 } };
	unsigned int made = 0;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = NULL;

		while (made < rows[i].entries)
			tree_entry(*state, made++);
		stranger(*state, "0/perms");
		stranger(*state, "30/perms");
		map = read_tree(*state);
		assert_int_equal(map->n_faults, rows[i].faults);
		assert_string_equal(map->faults[0].where, MAP_PATH "/0/perms");
		if (rows[i].faults > 1)
			assert_int_equal(map->faults[1].index, 30);
	}
}

TREE_TEST(names_eight_at_most)
{
	efimap_auto_map struct efimap *map = NULL;
	char name[16];

	tree_entry(*state, 0);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "0/odd-%02d", i);
		stranger(*state, name);
	}
	map = read_tree(*state);
	assert_int_equal(map->n_faults, 8);
}
