/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proc/cmdline, proc/version, the boot id. */
#include "reading.h"

static char long_line[(64 << 10) + 1];

static void cmdline(void **state)
{
	static const struct content_row rows[] = {
		{ "good", CONTENT("console=ttyS0 efi=debug\n"), EFIMAP_STATE_PRESENT, "" },
		{ "no newline", CONTENT("quiet"), EFIMAP_STATE_PRESENT, "" },
		{ "none", CONTENT("\n"), EFIMAP_STATE_PRESENT, "" },
		{ "empty", CONTENT(""), EFIMAP_STATE_BROKEN, "empty -1 proc/cmdline:0" },
		{ "two lines", CONTENT("a\nb\n"), EFIMAP_STATE_BROKEN,
		  "syntax -1 proc/cmdline:2" },
		{ "64 KiB less one", long_line, (64 << 10) - 1, EFIMAP_STATE_PRESENT, "" },
		{ "64 KiB", long_line, 64 << 10, EFIMAP_STATE_PRESENT, "" },
		{ "64 KiB and one", long_line, (64 << 10) + 1, EFIMAP_STATE_BROKEN,
		  "too long -1 proc/cmdline:0" },
	};

	memset(long_line, 'x', sizeof(long_line));
	run_contents(*state, efimap_read_kernel, EFIMAP_SRC_CMDLINE, rows, ARRAY_SIZE(rows));
	run_no_files(*state, efimap_read_kernel, EFIMAP_SRC_CMDLINE);
}

static void version(void **state)
{
	static const struct content_row rows[] = {
		{ "good", CONTENT("Linux version 6.1.0 (a@b)\n"), EFIMAP_STATE_PRESENT, "" },
		{ "empty", CONTENT(""), EFIMAP_STATE_BROKEN, "empty -1 proc/version:0" },
		{ "another system", CONTENT("FreeBSD\n"), EFIMAP_STATE_BROKEN,
		  "syntax -1 proc/version:1 found \"FreeBSD?\"" },
		{ "no release", CONTENT("Linux version 6.1&x (a@b)\n"), EFIMAP_STATE_BROKEN,
		  "syntax -1 proc/version:1 found \"6.1&x\", expected a release" },
	};

	run_contents(*state, efimap_read_kernel, EFIMAP_SRC_VERSION, rows, ARRAY_SIZE(rows));
	run_no_files(*state, efimap_read_kernel, EFIMAP_SRC_VERSION);
}

static void boot_id(void **state)
{
	static const struct content_row rows[] = {
		{ "good", CONTENT("734e9075-5ce4-496b-8efc-7df6a1244e2f\n"),
		  EFIMAP_STATE_PRESENT, "" },
		{ "garbage", CONTENT("x\n"), EFIMAP_STATE_BROKEN,
		  "syntax -1 proc/sys/kernel/random/boot_id:0" },
	};

	run_contents(*state, efimap_read_kernel, EFIMAP_SRC_BOOT_ID, rows, ARRAY_SIZE(rows));
	run_no_files(*state, efimap_read_kernel, EFIMAP_SRC_BOOT_ID);
}

static void values(void **state)
{
	struct efimap *map;

	tree_text(*state, "proc/cmdline", "quiet \033[31m x=\xff\n");
	tree_text(*state, "proc/version", "Linux version 6.12.117 (root@vm) (gcc) #1\n");
	tree_text(*state, "proc/sys/kernel/random/boot_id",
		  "734e9075-5ce4-496b-8efc-7df6a1244e2f\n");
	map = read_with(*state, efimap_read_kernel);
	assert_string_equal(map->cmdline, "quiet ?[31m x=?");
	assert_string_equal(map->release.text, "6.12.117");
	assert_int_equal(map->release.major, 6);
	assert_int_equal(map->release.minor, 12);
	assert_string_equal(map->boot_id, "734e9075-5ce4-496b-8efc-7df6a1244e2f");
	efimap_free(map);
}

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(cmdline),
		TREE_TEST(version),
		TREE_TEST(boot_id),
		TREE_TEST(values),
	};

	return cmocka_run_group_tests_name("read/kernel", tests, NULL, NULL) != 0;
}
