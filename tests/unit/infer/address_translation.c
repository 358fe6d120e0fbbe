/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/cleanup.h"
#include "infer/address_translation.h"

static struct efimap_translator make(const struct efimap_entry *entries, size_t count)
{
	struct efimap_translator translator = { 0 };

	assert_int_equal(efimap_translator_make(entries, count, &translator), 0);
	return translator;
}

#define MANY 16384

TEST(test_many)
{
	efimap_auto_free struct efimap_entry *entries = calloc(MANY, sizeof(*entries));
	efimap_auto_translator struct efimap_translator translator = { 0 };
	struct efimap_answer answer;

	assert_non_null(entries);
	for (size_t i = 0; i < MANY; i++)
		entries[i] =
			(struct efimap_entry){ .phys = i * 4096, .virt = i * 4096, .pages = MANY };
	translator = make(entries, MANY);
	for (uint64_t page = 0; page < EFIMAP_TRANSLATE_MAX; page++) {
		efimap_translate(&translator, EFIMAP_TO_VIRT, page * 4096, &answer);
		assert_int_equal(answer.n_hits, page + 1);
	}
	for (uint64_t page = EFIMAP_TRANSLATE_MAX; page < MANY; page++) {
		efimap_translate(&translator, EFIMAP_TO_VIRT, page * 4096, &answer);
		assert_int_equal(answer.n_hits, EFIMAP_TRANSLATE_MAX);
	}
}

TEST(test_limits)
{
	const struct efimap_entry entry = { .pages = 1 };
	efimap_auto_translator struct efimap_translator translator = { 0 };
	struct efimap_answer answer;

	assert_int_equal(efimap_translator_make(&entry, SIZE_MAX, &translator), -EOVERFLOW);
	translator = make(NULL, 0);
	efimap_translate(&translator, EFIMAP_TO_PHYS, 0, &answer);
	assert_int_equal(answer.n_hits, 0);
}
