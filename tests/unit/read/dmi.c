/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of DMI: as the kernel prints them, in either place, and never a serial number. */
#include "reading.h"

#define ID "sys/devices/virtual/dmi/id/"
#define CLASS "sys/class/dmi/id/"

static void check_text(const char *name, const struct efimap *map, enum efimap_dmi field,
		       const char *text)
{
	if (strcmp(map->dmi[field], text) != 0)
		fail_msg("%s: \"%s\"", name, map->dmi[field]);
}

static void all_three(void **state)
{
	struct efimap *map efimap_auto_map;

	tree_text(*state, ID "sys_vendor", "QEMU\n");
	tree_text(*state, ID "product_name", "Standard PC (Q35 + ICH9, 2009)\n");
	tree_text(*state, ID "bios_version", "edk2-stable202408\n");
	tree_text(*state, ID "product_serial", "secret\n");
	map = read_with(*state, efimap_read_dmi);
	check_source("all", map, EFIMAP_SRC_DMI, EFIMAP_STATE_PRESENT, "");
	check_text("vendor", map, EFIMAP_DMI_SYS_VENDOR, "QEMU");
	check_text("product", map, EFIMAP_DMI_PRODUCT_NAME, "Standard PC (Q35 + ICH9, 2009)");
	check_text("BIOS", map, EFIMAP_DMI_BIOS_VERSION, "edk2-stable202408");
}

static void the_class_where_it_was_collected(void **state)
{
	struct efimap *map efimap_auto_map;

	tree_text(*state, CLASS "sys_vendor", "LENOVO\n");
	map = read_with(*state, efimap_read_dmi);
	check_source("class", map, EFIMAP_SRC_DMI, EFIMAP_STATE_PRESENT, "");
	check_text("vendor", map, EFIMAP_DMI_SYS_VENDOR, "LENOVO");
	check_text("no BIOS", map, EFIMAP_DMI_BIOS_VERSION, "");
}

static void contents(void **state)
{
	static char longest[257], too_long[258];
	const struct {
		const char *name;
		const char *data;
		const char *text;
	} rows[] = {
		{ "no newline", "QEMU", "QEMU" },
		{ "blanks are part of it", " QEMU  \n", " QEMU  " },
		{ "control characters", "Q\033[31mEMU\n", "Q?[31mEMU" },
		{ "no UTF-8", "Q\xff\n", "Q?" },
		{ "UTF-8", "\xe2\x82\xac\n", "\xe2\x82\xac" },
		{ "empty", "", "" },
		{ "an empty line", "\n", "" },
		{ "two lines", "a\nb\n", "" },
		{ "the longest", longest, longest },
		{ "too long", too_long, "" },
	};

	memset(longest, 'x', 255);
	memset(too_long, 'x', 256);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map;

		tree_text(*state, ID "bios_version", rows[i].data);
		map = read_with(*state, efimap_read_dmi);
		check_source(rows[i].name, map, EFIMAP_SRC_DMI,
			     *rows[i].text ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT, "");
		check_text(rows[i].name, map, EFIMAP_DMI_BIOS_VERSION, rows[i].text);
		efimap_free(map);
	}
}

/* As a tree has it that was copied with its links: nothing is followed. */
static void links(void **state)
{
	struct efimap *map efimap_auto_map;

	tree_dir(*state, "sys/class/dmi");
	tree_link(*state, "sys/class/dmi/id", "/sys/devices/virtual/dmi/id");
	map = read_with(*state, efimap_read_dmi);
	check_source("a link alone", map, EFIMAP_SRC_DMI, EFIMAP_STATE_ABSENT, "");
}

static void no_directory(void **state)
{
	struct efimap *map efimap_auto_map = read_with(*state, efimap_read_dmi);

	check_source("none", map, EFIMAP_SRC_DMI, EFIMAP_STATE_ABSENT, "");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(all_three), TREE_TEST(the_class_where_it_was_collected),
		TREE_TEST(contents),  TREE_TEST(links),
		TREE_TEST(no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
