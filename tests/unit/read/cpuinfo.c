/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The width of physical addresses, pages of 1 GiB and the kernel's own width in
 * proc/cpuinfo, and a file that is longer than read.
 */
#include "reading.h"

#define SIZES(bits) "address sizes\t: " bits " bits physical, 48 bits virtual\n"

static const struct {
	const char *name;
	const char *data;
	unsigned int bits;
} rows[] = {
	{ "a PC", "processor\t: 0\nflags\t\t: fpu vme\n" SIZES("46") "power management:\n", 46 },
	{ "the first counts", SIZES("39") SIZES("52"), 39 },
	{ "no newline", "address sizes\t: 52 bits physical", 52 },
	{ "the least", SIZES("32"), 32 },
	{ "too few", SIZES("31"), 0 },
	{ "the most", SIZES("64"), 64 },
	{ "too many", SIZES("65"), 0 },
	{ "one digit", SIZES("9"), 0 },
	{ "three digits", SIZES("100"), 0 },
	{ "no number", SIZES("xx"), 0 },
	{ "cut", "address sizes\t: 4", 0 },
	{ "another architecture", "processor\t: 0\nBogoMIPS\t: 50.00\n", 0 },
	{ "empty", "", 0 },
};

static void widths(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map;

		tree_text(*state, "proc/cpuinfo", rows[i].data);
		map = read_with(*state, efimap_read_cpuinfo);
		check_source(rows[i].name, map, EFIMAP_SRC_CPUINFO,
			     rows[i].bits ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT, "");
		if (rows[i].bits)
			assert_int_equal(map->phys_bits, rows[i].bits);
		efimap_free(map);
	}
}

/* 8 KiB are read: a line that ends there counts, one that begins there does not. */
static void only_the_beginning_is_read(void **state)
{
	static const char line[] = SIZES("46");
	static char data[16384];

	for (int late = 0; late < 2; late++) {
		const size_t at = 8192 - (late ? 0 : sizeof(line) - 1);
		struct efimap *map;

		memset(data, '\n', sizeof(data));
		memcpy(data + at, line, sizeof(line) - 1);
		tree_bytes(*state, "proc/cpuinfo", data, sizeof(data));
		map = read_with(*state, efimap_read_cpuinfo);
		check_source(late ? "late" : "just in time", map, EFIMAP_SRC_CPUINFO,
			     late ? EFIMAP_STATE_ABSENT : EFIMAP_STATE_PRESENT, "");
		efimap_free(map);
	}
}

#define FLAGS(flags) "flags\t\t:" flags "\n"

static void gib_pages(void **state)
{
	static const struct {
		const char *name;
		const char *data;
		bool lacks;
	} cpus[] = {
		{ "a CPU with them", FLAGS(" fpu pdpe1gb rdtscp") SIZES("46"), false },
		{ "the last flag", FLAGS(" fpu pdpe1gb") SIZES("46"), false },
		{ "a CPU without", FLAGS(" fpu rdtscp") SIZES("36"), true },
		{ "no flag at all", FLAGS("") SIZES("36"), true },
		{ "words that contain it", FLAGS(" xpdpe1gb pdpe1gbx") SIZES("36"), true },
		{ "no flags are told", SIZES("46"), false },
		{ "of another line", "vmx flags\t: vnmi\n" SIZES("46"), false },
		{ "of the next CPU", SIZES("46") FLAGS(" fpu"), false },
		{ "a file cut off", FLAGS(" fpu"), false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cpus); i++) {
		struct efimap *map;

		tree_text(*state, "proc/cpuinfo", cpus[i].data);
		map = read_with(*state, efimap_read_cpuinfo);
		if (map->no_gib_pages != cpus[i].lacks)
			fail_msg("%s", cpus[i].name);
		efimap_free(map);
	}
}

static void kernels(void **state)
{
	static const struct {
		const char *name;
		const char *data;
		bool is_32bit;
	} files[] = {
		{ "an i386 kernel", "fdiv_bug\t: no\nf00f_bug\t: no\n" SIZES("40"), true },
		{ "on a CPU with the fault", "fdiv_bug\t: yes\n" SIZES("32"), true },
		{ "a 64-bit kernel", "fpu\t\t: yes\n" SIZES("40"), false },
		{ "a word of another line", "bugs\t\t: fdiv_bug\t:\n" SIZES("40"), false },
		{ "a longer word", "fdiv_bugs\t: no\n" SIZES("40"), false },
		{ "of the next CPU", SIZES("40") "fdiv_bug\t: no\n", false },
		{ "a file cut off", "fdiv_bug\t: no\n", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		struct efimap *map;

		tree_text(*state, "proc/cpuinfo", files[i].data);
		map = read_with(*state, efimap_read_cpuinfo);
		if (map->kernel_32bit != files[i].is_32bit)
			fail_msg("%s", files[i].name);
		efimap_free(map);
	}
}

static void no_file(void **state)
{
	run_no_files(*state, efimap_read_cpuinfo, EFIMAP_SRC_CPUINFO);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(widths),
		TREE_TEST(gib_pages),
		TREE_TEST(kernels),
		TREE_TEST(only_the_beginning_is_read),
		TREE_TEST(no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
