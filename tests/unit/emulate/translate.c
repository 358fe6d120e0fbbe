/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Translation in maps that overlap, and in many entries. */
#include "test.h"
#include "base/cleanup.h"
#include "emulate/translate.h"

static struct efimap_translator make(const struct efimap_entry *entries, size_t count)
{
	struct efimap_translator translator = { 0 };

	assert_int_equal(efimap_translator_make(entries, count, &translator), 0);
	return translator;
}

/* phys, virt, pages */
#define ENTRY(phys, virt, pages)                                                         \
	{                                                                                \
		0, 6, (phys), (virt), (pages), 0                                         \
	}

struct row {
	const char *name;
	struct efimap_entry entries[3];
	size_t count;
	enum efimap_direction direction;
	uint64_t address;
	size_t n_hits;
	uint64_t first;
	bool disagrees;
};

static const struct row rows[] = {
	{ "nothing there", { ENTRY(0x1000, 0x9000, 1) }, 1, EFIMAP_TO_VIRT, 0xfff, 0, 0,
	  false },
	{ "first byte", { ENTRY(0x1000, 0x9000, 1) }, 1, EFIMAP_TO_VIRT, 0x1000, 1,
	  0x9000, false },
	{ "last byte", { ENTRY(0x1000, 0x9000, 1) }, 1, EFIMAP_TO_PHYS, 0x9fff, 1, 0x1fff,
	  false },
	{ "one byte behind", { ENTRY(0x1000, 0x9000, 1) }, 1, EFIMAP_TO_PHYS, 0xa000, 0,
	  0, false },
	{ "two physical ranges, two answers",
	  { ENTRY(0x1000, 0x10000, 4), ENTRY(0x3000, 0x20000, 4) }, 2, EFIMAP_TO_VIRT,
	  0x3000, 2, 0x12000, true },
	{ "outside the overlap they agree",
	  { ENTRY(0x1000, 0x10000, 4), ENTRY(0x3000, 0x20000, 4) }, 2, EFIMAP_TO_VIRT,
	  0x2000, 1, 0x11000, false },
	{ "one answer that leads back to two",
	  { ENTRY(0x1000, 0x10000, 4), ENTRY(0x8000, 0x12000, 4) }, 2, EFIMAP_TO_VIRT,
	  0x3000, 1, 0x12000, true },
	{ "twice the same entry agrees",
	  { ENTRY(0x1000, 0x10000, 4), ENTRY(0x1000, 0x10000, 4) }, 2, EFIMAP_TO_VIRT,
	  0x1000, 2, 0x10000, false },
	{ "a long range before short ones",
	  { ENTRY(0, 0x100000, 16), ENTRY(0x1000, 0x9000, 1), ENTRY(0x2000, 0xa000, 1) },
	  3, EFIMAP_TO_VIRT, 0x5000, 1, 0x105000, false },
	{ "no pages", { ENTRY(0x1000, 0x9000, 0) }, 1, EFIMAP_TO_VIRT, 0x1000, 0, 0,
	  false },
	{ "virt wraps", { ENTRY(0x1000, 0xfffffffffffff000, 2) }, 1, EFIMAP_TO_VIRT,
	  0x2000, 1, 0, true },
	{ "virt wraps behind the address", { ENTRY(0x1000, 0xfffffffffffff000, 2) }, 1,
	  EFIMAP_TO_VIRT, 0x1000, 1, 0xfffffffffffff000, false },
	{ "the last page there is", { ENTRY(0xfffffffffffff000, 0x1000, 1) }, 1,
	  EFIMAP_TO_VIRT, UINT64_MAX, 1, 0x1fff, false },
	{ "unaligned", { ENTRY(0x1800, 0x9000, 1) }, 1, EFIMAP_TO_VIRT, 0x2000, 1, 0x9800,
	  false },
};

TEST(test_rows)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_translator translator =
			make(rows[i].entries, rows[i].count);
		struct efimap_answer answer;

		print_message("%s\n", rows[i].name);
		efimap_translate(&translator, rows[i].direction, rows[i].address, &answer);
		assert_int_equal(answer.n_hits, rows[i].n_hits);
		assert_int_equal(answer.disagrees, rows[i].disagrees);
		assert_false(answer.more);
		if (answer.n_hits)
			assert_int_equal(answer.hits[0].address, rows[i].first);
		efimap_translator_free(&translator);
	}
}

#define MANY 16384

/* All over one another: the answer names the first ones and says that there are more. */
TEST(test_many)
{
	efimap_auto_free struct efimap_entry *entries = calloc(MANY, sizeof(*entries));
	efimap_auto_translator struct efimap_translator translator = { 0 };
	struct efimap_answer answer;

	assert_non_null(entries);
	for (size_t i = 0; i < MANY; i++)
		entries[i] = (struct efimap_entry)ENTRY(i * 4096, i * 4096, MANY);
	translator = make(entries, MANY);
	for (uint64_t page = 0; page < EFIMAP_TRANSLATE_MAX; page++) {
		efimap_translate(&translator, EFIMAP_TO_VIRT, page * 4096, &answer);
		assert_int_equal(answer.n_hits, page + 1);
		assert_false(answer.more);
		assert_false(answer.disagrees);
	}
	for (uint64_t page = EFIMAP_TRANSLATE_MAX; page < MANY; page++) {
		efimap_translate(&translator, EFIMAP_TO_VIRT, page * 4096, &answer);
		assert_int_equal(answer.n_hits, EFIMAP_TRANSLATE_MAX);
		assert_true(answer.more);
		assert_true(answer.disagrees);
	}
}

TEST(test_limits)
{
	const struct efimap_entry entry = ENTRY(0, 0, 1);
	efimap_auto_translator struct efimap_translator translator = { 0 };
	struct efimap_answer answer;

	assert_int_equal(efimap_translator_make(&entry, SIZE_MAX, &translator),
			 -EOVERFLOW);
	translator = make(NULL, 0);
	efimap_translate(&translator, EFIMAP_TO_PHYS, 0, &answer);
	assert_int_equal(answer.n_hits, 0);
}
