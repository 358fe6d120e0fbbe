/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/cleanup.h"
#include "infer/address_translation.h"

static struct translator make(const struct map_entry *entries, size_t count)
{
	struct translator translator = { 0 };

	translator_make(entries, count, &translator);
	return translator;
}

#define MANY 16384

TEST(test_many)
{
	auto_free struct map_entry *entries = calloc(MANY, sizeof(*entries));
	auto_translator struct translator translator = { 0 };
	struct translated_address answer;

	assert_non_null(entries);
	for (size_t i = 0; i < MANY; i++)
		entries[i] =
			(struct map_entry){ .phys = i * 4096, .virt = i * 4096, .pages = MANY };
	translator = make(entries, MANY);
	for (uint64_t page = 0; page < EFIMAP_TRANSLATE_MAX; page++) {
		translate_address(&translator, EFIMAP_TO_VIRT, page * 4096, &answer);
		assert_int_equal(answer.n_hits, page + 1);
	}
	for (uint64_t page = EFIMAP_TRANSLATE_MAX; page < MANY; page++) {
		translate_address(&translator, EFIMAP_TO_VIRT, page * 4096, &answer);
		assert_int_equal(answer.n_hits, EFIMAP_TRANSLATE_MAX);
	}
}

TEST(test_no_entries)
{
	auto_translator struct translator translator = { 0 };
	struct translated_address answer;

	translator = make(NULL, 0);
	translate_address(&translator, EFIMAP_TO_PHYS, 0, &answer);
	assert_int_equal(answer.n_hits, 0);
}
