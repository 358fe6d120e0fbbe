/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of an archive: which are kept, which count, what becomes of odd ones. */
#include "../test.h"
#include "read/tree/members.h"

#define EFI "sys/firmware/efi/"
#define MAP EFI "runtime-map/"

static int new_members(void **state)
{
	return efimap_members_new("x.tar", (struct efimap_members **)state);
}

static int free_members(void **state)
{
	efimap_members_free(*state);
	return 0;
}

static void put(struct efimap_members *members, const char *path,
		mode_t type, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_room room;

	if (efimap_members_add(members, path, type, strlen(text), &room, &err))
		fail_msg("%s: %s", path, err.text);
	if (room.size)
		memcpy(room.data, text, room.size);
}

static void file(struct efimap_members *members, const char *path, const char *text)
{
	put(members, path, S_IFREG, text);
}

static void entry(struct efimap_members *members, const char *top, unsigned int number)
{
	static const char *const fields[][2] = {
		{ "attribute", "0x800000000000000f\n" }, { "num_pages", "0x10\n" },
		{ "phys_addr", "0x1000\n" },		 { "type", "0x6\n" },
		{ "virt_addr", "0xfffffffeffe01000\n" },
	};
	char path[256];

	for (size_t i = 0; i < 5; i++) {
		snprintf(path, sizeof(path), "%s" MAP "%u/%s", top, number, fields[i][0]);
		file(members, path, fields[i][1]);
	}
}

static struct efimap *must_read(struct efimap_members *members)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map;

	if (efimap_members_read(members, &map, &err))
		fail_msg("%s: %s", err.where, err.text);
	return map;
}

static void must_refuse(struct efimap_members *members, int expected, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;

	assert_int_equal(efimap_members_read(members, &map, &err), expected);
	assert_null(map);
	assert_string_equal(err.where, "x.tar");
	if (!strstr(err.text, text))
		fail_msg("%s", err.text);
}

static void check_fault(const struct efimap *map, const char *where, const char *text)
{
	assert_int_equal(map->n_faults, 1);
	assert_string_equal(map->faults[0].where, where);
	if (!strstr(map->faults[0].text, text))
		fail_msg("%s", map->faults[0].text);
}

#define MEMBERS_TEST(name) TEST_WITH(name, new_members, free_members)

MEMBERS_TEST(at_the_top)
{
	efimap_auto_map struct efimap *map = NULL;

	entry(*state, "./", 1);
	entry(*state, "/", 0);
	file(*state, "proc/cmdline", "quiet\n");
	map = must_read(*state);
	assert_string_equal(map->name, "x.tar");
	assert_string_equal(map->inner, "");
	assert_int_equal(map->origin, EFIMAP_ORIGIN_TREE);
	assert_int_equal(map->n_entries, 2);
	assert_int_equal(map->entries[1].phys, 0x1000);
	assert_string_equal(map->cmdline, "quiet");
	assert_int_equal(map->n_faults, 0);
}

MEMBERS_TEST(one_level_down)
{
	efimap_auto_map struct efimap *map = NULL;

	entry(*state, "report-1/", 0);
	entry(*state, ".hidden/", 0);
	file(*state, "other/etc/passwd", "root");
	map = must_read(*state);
	assert_string_equal(map->inner, "report-1");
	assert_int_equal(map->n_entries, 1);
}

MEMBERS_TEST(the_top_comes_first)
{
	efimap_auto_map struct efimap *map = NULL;

	entry(*state, "report-1/", 0);
	file(*state, "proc/uptime", "1 1\n");
	map = must_read(*state);
	assert_string_equal(map->inner, "");
	assert_int_equal(map->states[EFIMAP_SRC_EFI], EFIMAP_STATE_ABSENT);
}

MEMBERS_TEST(no_tree)
{
	file(*state, "a/b/sys/x", "");
	file(*state, "sys", "a file");
	put(*state, "a/proc", S_IFLNK, "");
	must_refuse(*state, -ENOENT, "holds neither sys/ nor proc/");
}

MEMBERS_TEST(the_last_one_counts)
{
	efimap_auto_map struct efimap *map = NULL;

	entry(*state, "", 0);
	file(*state, MAP "0/type", "0x5\n");
	file(*state, "./sys/firmware//efi/./runtime-map/0/type", "0xb\n");
	map = must_read(*state);
	assert_int_equal(map->entries[0].type, 0xb);
}

MEMBERS_TEST(dots_are_passed_over)
{
	efimap_auto_map struct efimap *map = NULL;

	entry(*state, "", 0);
	file(*state, "x/../" MAP "0/type", "0xb\n");
	file(*state, "../" MAP "0/type", "0xb\n");
	file(*state, MAP "0/../1/type", "0xb\n");
	map = must_read(*state);
	assert_int_equal(map->entries[0].type, 6);
	assert_int_equal(map->n_names, 1);
}

MEMBERS_TEST(implied)
{
	efimap_auto_map struct efimap *map = NULL;

	file(*state, EFI "efivars/Boot0000", "x");
	file(*state, MAP "7/below/x", "x");
	map = must_read(*state);
	assert_true(efimap_has(map, EFIMAP_SRC_EFI));
	assert_true(efimap_has(map, EFIMAP_SRC_RUNTIME_MAP));
	assert_int_equal(map->n_names, 1);
	assert_int_equal(map->names[0], 7);
	/* Five fields that are missing, and a name that is not known. */
	assert_int_equal(map->n_faults, 6);
	assert_string_equal(map->faults[5].where, MAP "7/below");
}

struct odd {
	const char *name;
	mode_t type;
	const char *text;
};

static const struct odd odds[] = {
	{ "a symbolic link", S_IFLNK, "a symbolic link" },
	{ "a hard link", EFIMAP_MEMBER_HARDLINK, "a hard link" },
	{ "a device", S_IFCHR, "a FIFO, socket or device" },
	{ "a directory", S_IFDIR, "a directory where a file is expected" },
};

MEMBERS_TEST(no_file)
{
	for (size_t i = 0; i < sizeof(odds) / sizeof(odds[0]); i++) {
		struct efimap_members *members;
		efimap_auto_map struct efimap *map = NULL;

		assert_int_equal(efimap_members_new("x.tar", &members), 0);
		entry(members, "", 0);
		put(members, MAP "0/type", odds[i].type, "");
		map = must_read(members);
		check_fault(map, MAP "0/type", odds[i].text);
		efimap_members_free(members);
	}
}

MEMBERS_TEST(below_a_link)
{
	efimap_auto_map struct efimap *map = NULL;

	file(*state, "proc/cmdline", "quiet\n");
	entry(*state, "", 0);
	put(*state, "sys/firmware", S_IFLNK, "");
	map = must_read(*state);
	assert_int_equal(map->states[EFIMAP_SRC_EFI], EFIMAP_STATE_BROKEN);
	assert_int_equal(map->n_entries, 0);
}

MEMBERS_TEST(long_files)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_room room;
	efimap_auto_map struct efimap *map = NULL;

	entry(*state, "", 0);
	assert_int_equal(efimap_members_add(*state, MAP "0/type", S_IFREG,
					    UINT64_MAX, &room, &err), 0);
	assert_int_equal(room.size, 4096);
	assert_int_equal(efimap_members_add(*state, "proc/version", S_IFREG, 5000,
					    &room, &err), 0);
	assert_int_equal(room.size, 4096);
	memset(room.data, 'x', room.size);
	map = must_read(*state);
	assert_int_equal(map->n_faults, 2);
	assert_string_equal(map->faults[0].where, MAP "0/type");
	assert_int_equal(map->faults[0].kind, EFIMAP_FAULT_TOO_LONG);
	assert_string_equal(map->faults[1].where, "proc/version");
	assert_int_equal(map->faults[1].kind, EFIMAP_FAULT_TOO_LONG);
}

MEMBERS_TEST(too_much)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_room room;
	int ret = 0, count = 0;

	/* Three of the longest files that a reader takes are as much as is kept. */
	while (!ret && count++ < 5)
		ret = efimap_members_add(*state, "proc/iomem", S_IFREG,
					 UINT64_MAX, &room, &err);
	assert_int_equal(ret, -E2BIG);
	assert_int_equal(count, 3);
	assert_string_equal(err.where, "x.tar");
	assert_non_null(strstr(err.text, "48 MiB"));
}

MEMBERS_TEST(long_names)
{
	char name[5000];
	efimap_auto_map struct efimap *map = NULL;

	file(*state, "proc/cmdline", "quiet\n");
	memset(name, 'x', sizeof(name));
	memcpy(name, MAP, sizeof(MAP) - 1);
	name[sizeof(MAP) - 1 + 256] = '\0';
	file(*state, name, "x");
	name[sizeof(MAP) - 1 + 256] = 'x';
	for (size_t i = sizeof(MAP); i < sizeof(name); i += 2)
		name[i] = '/';
	name[sizeof(name) - 1] = '\0';
	file(*state, name, "x");
	map = must_read(*state);
	assert_int_equal(map->states[EFIMAP_SRC_EFI], EFIMAP_STATE_ABSENT);
}
