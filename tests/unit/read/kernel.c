/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * proc/cmdline, proc/version, the boot id; of proc/cpuinfo the width of physical addresses,
 * pages of 1 GiB and the kernel's own width; texts of DMI.
 */
#include "reading.h"

static char long_line[(64 << 10) + 1];

TREE_TEST(cmdline)
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
		  "too-long -1 proc/cmdline:0" },
	};

	memset(long_line, 'x', sizeof(long_line));
	run_contents(*state, EFIMAP_SRC_CMDLINE, rows, ARRAY_SIZE(rows));
	run_no_files(*state, EFIMAP_SRC_CMDLINE);
}

TREE_TEST(values)
{
	efimap_auto_map struct efimap *map = NULL;

	tree_text(*state, "proc/cmdline", "quiet \033[31m x=\xff\n");
	tree_text(*state, "proc/version", "Linux version 6.12.117 (root@vm) (gcc) #1\n");
	tree_text(*state, "proc/sys/kernel/random/boot_id",
		  "734e9075-5ce4-496b-8efc-7df6a1244e2f\n");
	map = read_tree(*state);
	assert_string_equal(map->cmdline, "quiet ?[31m x=?");
	assert_string_equal(map->release.text, "6.12.117");
	assert_int_equal(map->release.major, 6);
	assert_int_equal(map->release.minor, 12);
	assert_string_equal(map->boot_id, "734e9075-5ce4-496b-8efc-7df6a1244e2f");
}

#define SIZES(bits) "address sizes\t: " bits " bits physical, 48 bits virtual\n"

#define FLAGS(flags) "flags\t\t:" flags "\n"

/* What the file says; without a line of sizes nothing. */
static const struct {
	const char *name;
	const char *data;
	unsigned int bits;
	bool lacks_gib_pages, is_32bit, five_levels;
} cpus[] = {
	{ "a PC", "processor\t: 0\n" SIZES("46") "power management:\n", 46, false, false },
	{ "the first counts", SIZES("39") SIZES("52"), 39, false, false },
	{ "no newline", "address sizes\t: 52 bits physical", 52, false, false },
	{ "the least", SIZES("32"), 32, false, false },
	{ "too few", SIZES("31"), 0, false, false },
	{ "the most", SIZES("64"), 64, false, false },
	{ "too many", SIZES("65"), 0, false, false },
	{ "one digit", SIZES("9"), 0, false, false },
	{ "three digits", SIZES("100"), 0, false, false },
	{ "no number", SIZES("xx"), 0, false, false },
	{ "cut", "address sizes\t: 4", 0, false, false },
	{ "another architecture", "processor\t: 0\nBogoMIPS\t: 50.00\n", 0, false, false },
	{ "empty", "", 0, false, false },
	{ "a CPU with them", FLAGS(" fpu pdpe1gb rdtscp") SIZES("46"), 46, false, false },
	{ "the last flag", FLAGS(" fpu pdpe1gb") SIZES("46"), 46, false, false },
	{ "a CPU without", FLAGS(" fpu rdtscp") SIZES("36"), 36, true, false },
	{ "no flag at all", FLAGS("") SIZES("36"), 36, true, false },
	{ "five levels", FLAGS(" fpu la57 pdpe1gb") SIZES("52"), 52, false, false, true },
	{ "the last flag", FLAGS(" fpu pdpe1gb la57") SIZES("52"), 52, false, false, true },
	{ "words that contain la57", FLAGS(" xla57 la577 pdpe1gb") SIZES("52"), 52 },
	{ "words that contain it", FLAGS(" xpdpe1gb pdpe1gbx") SIZES("36"), 36, true, false },
	{ "of another line", "vmx flags\t: vnmi\n" SIZES("46"), 46, false, false },
	{ "of the next CPU", SIZES("46") FLAGS(" fpu") "fdiv_bug\t: no\n", 46, false, false },
	{ "a file cut off", FLAGS(" fpu") "fdiv_bug\t: no\n", 0, false, false },
	{ "an i386 kernel", "fdiv_bug\t: no\nf00f_bug\t: no\n" SIZES("40"), 40, false, true },
	{ "on a CPU with the fault", "fdiv_bug\t: yes\n" SIZES("32"), 32, false, true },
	{ "a word of another line", "bugs\t\t: fdiv_bug\t:\n" SIZES("40"), 40, false, false },
	{ "a longer word", "fdiv_bugs\t: no\n" SIZES("40"), 40, false, false },
};

TREE_TEST(processors)
{
	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++) {
		efimap_auto_map struct efimap *map = NULL;

		tree_text(*state, "proc/cpuinfo", cpus[i].data);
		map = read_tree(*state);
		check_source(cpus[i].name, map, EFIMAP_SRC_CPUINFO,
			     cpus[i].bits ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT, "");
		if (map->phys_bits != cpus[i].bits ||
		    map->no_gib_pages != cpus[i].lacks_gib_pages ||
		    map->kernel_32bit != cpus[i].is_32bit ||
		    map->five_levels != cpus[i].five_levels)
			fail_msg("%s", cpus[i].name);
	}
}

/* 8 KiB are read: a line that ends there counts, one that begins there does not. */
TREE_TEST(only_the_beginning_is_read)
{
	static const char line[] = SIZES("46");
	static char data[16384];

	for (int late = 0; late < 2; late++) {
		const size_t at = 8192 - (late ? 0 : sizeof(line) - 1);
		efimap_auto_map struct efimap *map = NULL;

		memset(data, '\n', sizeof(data));
		memcpy(data + at, line, sizeof(line) - 1);
		tree_bytes(*state, "proc/cpuinfo", data, sizeof(data));
		map = read_tree(*state);
		check_source(late ? "late" : "just in time", map, EFIMAP_SRC_CPUINFO,
			     late ? EFIMAP_STATE_ABSENT : EFIMAP_STATE_PRESENT, "");
	}
}

#define ID "sys/devices/virtual/dmi/id/"

static void check_text(const char *name, const struct efimap *map, enum efimap_dmi field,
		       const char *text)
{
	if (strcmp(map->dmi[field], text) != 0)
		fail_msg("%s: \"%s\"", name, map->dmi[field]);
}

TREE_TEST(dmi_contents)
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
		efimap_auto_map struct efimap *map = NULL;

		tree_text(*state, ID "bios_version", rows[i].data);
		map = read_tree(*state);
		check_source(rows[i].name, map, EFIMAP_SRC_DMI,
			     *rows[i].text ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT, "");
		check_text(rows[i].name, map, EFIMAP_DMI_BIOS_VERSION, rows[i].text);
	}
}

/* As a tree has it that was copied with its links: nothing is followed. */
TREE_TEST(dmi_links)
{
	struct efimap *map efimap_auto_map;

	tree_dir(*state, "sys/class/dmi");
	tree_link(*state, "sys/class/dmi/id", "/sys/devices/virtual/dmi/id");
	map = read_tree(*state);
	check_source("a link alone", map, EFIMAP_SRC_DMI, EFIMAP_STATE_ABSENT, "");
}
