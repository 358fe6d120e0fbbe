/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Page table dumps: those of two real kernels, and lines that are none. */
#include "base/cleanup.h"
#include "test.h"
#include "model/entry.h"
#include "model/ptdump.h"

#define DUMP "sys/kernel/debug/page_tables/efi"
#define RW EFIMAP_PTE_RW
#define NX EFIMAP_PTE_NX

static char *read_dump(const char *capture, size_t *ret_size)
{
	char path[512], *text = malloc(1 << 17);
	FILE *file;

	snprintf(path, sizeof(path), "%s/real/%s/%s", getenv("EFIMAP_FIXTURES"), capture, DUMP);
	file = fopen(path, "rb");
	assert_non_null(text);
	assert_non_null(file);
	*ret_size = fread(text, 1, 1 << 17, file);
	fclose(file);
	return text;
}

/* Everything of the second kernel outside its own mappings, as a person reads the file.
 */
static const struct efimap_ptrun want_second[] = {
	{ { 0, 0xfff }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 0x101000, 0x101fff }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 0x3dcf0000, 0x3dcf0fff }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 0x3eaa0000, 0x3eba1fff }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 0x3f4ec000, 0x3f5ebfff }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 0x3f5ec000, 0x3f6ebfff }, RW, EFIMAP_PTLEVEL_PTE },
	{ { 0x3fef4000, 0x3ff77fff }, RW | NX, EFIMAP_PTLEVEL_PTE },
	{ { 0xffc00000, 0xffffffff },
	  RW | NX | EFIMAP_PTE_PCD | EFIMAP_PTE_PSE,
	  EFIMAP_PTLEVEL_PMD },
};

TEST(test_real_second)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };
	size_t size, window = 0;
	efimap_auto_free char *text = read_dump("ovmf-q35-6.12-ptdump-second", &size);

	assert_int_equal(efimap_ptdump_parse(text, size, "efi", &dump, &err), 0);
	for (size_t i = 0; i < ARRAY_SIZE(want_second); i++) {
		assert_true(efimap_span_equals(dump.runs[i].span, want_second[i].span));
		assert_int_equal(dump.runs[i].flags, want_second[i].flags);
		assert_int_equal(dump.runs[i].level, want_second[i].level);
	}
	for (size_t i = 0; i < dump.n_runs; i++)
		window += dump.runs[i].span.first >= EFIMAP_VA_END &&
			  dump.runs[i].span.last < EFIMAP_VA_START;
	assert_int_equal(window, 7);
}

/* Its window shows 512K+260K+260K for one region: split by flags that are not shown. */
TEST(test_real_first)
{
	const struct efimap_span region = { 0xfffffffefe6a0000, 0xfffffffefe7a1fff };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };
	bool found = false;
	size_t size;
	efimap_auto_free char *text = read_dump("ovmf-q35-6.12-ptdump-first", &size);

	assert_int_equal(efimap_ptdump_parse(text, size, "efi", &dump, &err), 0);
	for (size_t i = 0; i < dump.n_runs; i++)
		found |= efimap_span_equals(dump.runs[i].span, region);
	assert_true(found);
}

TEST(test_flags)
{
	static const char line[] = "0xffffffffff5fc000-0x0000000000000000   10240K USR "
				   "ro PWT PCD PSE PAT GLB x  pud";
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };

	assert_int_equal(efimap_ptdump_parse(line, strlen(line), "efi", &dump, &err), 0);
	assert_int_equal(dump.n_runs, 1);
	assert_int_equal(dump.runs[0].span.last, UINT64_MAX);
	assert_int_equal(dump.runs[0].flags,
			 EFIMAP_PTE_VISIBLE & ~(EFIMAP_PTE_RW | EFIMAP_PTE_NX));
	assert_int_equal(dump.runs[0].level, EFIMAP_PTLEVEL_PUD);
}

struct bad_row {
	const char *name;
	const char *text;
	uint64_t line;
};

#define PAGE "0x0000000000001000-0x0000000000002000 "
#define NEXT "0x0000000000003000-0x0000000000004000 "
#define GOOD "0x0000000000001000-0x0000000000002000           4K     RW    NX pte\n"

static const struct bad_row bad_rows[] = {
	{ "empty", "", 0 },
	{ "only markers", "---[ User Space ]---\n\n", 0 },
	{ "some other text", "BOOT_IMAGE=/vmlinuz\n", 1 },
	{ "short address", "0x1000-0x2000 4K RW NX pte\n", 1 },
	{ "no hyphen", "0x0000000000001000 0x0000000000002000 4K RW NX pte\n", 1 },
	{ "17 digits", "0x00000000000010000-0x000000000002000 4K RW NX pte\n", 1 },
	{ "end below start", "0x0000000000002000-0x0000000000001000 4K RW NX pte\n", 1 },
	{ "empty range", "0x0000000000002000-0x0000000000002000 4K RW NX pte\n", 1 },
	{ "cut after the range", "0x0000000000001000-0x0000000000002000\n", 1 },
	{ "cut after the size", PAGE "4K", 1 },
	{ "no size", PAGE "RW NX pte\n", 1 },
	{ "no unit", PAGE "4 RW NX pte\n", 1 },
	{ "another unit", PAGE "4X RW NX pte\n", 1 },
	{ "a size of letters", PAGE "fourK RW NX pte\n", 1 },
	{ "not hexadecimal", "0x000000000000100g-0x0000000000002000 4K RW NX pte\n", 1 },
	{ "not hexadecimal at the end",
	  "0x0000000000001000-0x000000000000200g 4K RW NX pte\n", 1 },
	{ "a marker without an end", "---[ User Space\n", 1 },
	{ "half a marker", "---[ ]---\n", 1 },
	{ "unknown flag", GOOD NEXT "4K RW XN pte\n", 2 },
	{ "unknown level", GOOD NEXT "4K RW NX ptx\n", 2 },
	{ "text after the level", PAGE "4K RW NX pte pte\n", 1 },
	{ "the same range twice", GOOD GOOD, 2 },
	{ "descending",
	  GOOD "0x0000000000000000-0x0000000000001000           4K     RW    NX pte\n", 2 },
};

TEST(test_bad)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad_rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_ptdump dump;

		print_message("%s\n", bad_rows[i].name);
		assert_int_equal(efimap_ptdump_parse(bad_rows[i].text,
						     strlen(bad_rows[i].text), "efi",
						     &dump, &err),
				 -EBADMSG);
		assert_int_equal(err.code, EBADMSG);
		assert_int_equal(err.line, bad_rows[i].line);
		assert_string_equal(err.where, "efi");
	}
}

/* A zero byte stands for no unit. */
TEST(test_zero_byte)
{
	static const char line[] =
		"0x0000000000001000-0x0000000000002000           4\0     RW    NX pte\n";
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_ptdump dump;

	assert_int_equal(efimap_ptdump_parse(line, sizeof(line) - 1, "efi", &dump, &err),
			 -EBADMSG);
}

TEST(test_long_line)
{
	char text[300];
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_ptdump dump;

	memset(text, ' ', sizeof(text));
	memcpy(text, GOOD, strlen(GOOD) - 1);
	assert_int_equal(efimap_ptdump_parse(text, 256, "efi", &dump, &err), 0);
	efimap_ptdump_free(&dump);
	assert_int_equal(efimap_ptdump_parse(text, 257, "efi", &dump, &err), -EBADMSG);
}

TEST(test_too_many_lines)
{
	const size_t size = EFIMAP_PTDUMP_MAX_LINES;
	efimap_auto_free char *text = malloc(size + 1);
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_ptdump dump;

	assert_non_null(text);
	memset(text, '\n', size + 1);
	assert_int_equal(efimap_ptdump_parse(text, size, "efi", &dump, &err), -EBADMSG);
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(efimap_ptdump_parse(text, size + 1, "efi", &dump, &err), -E2BIG);
}
