/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"
#include "linux/encode_setup_data.h"
#include "linux/virtual_layout.h"
#include "linux/page_table.h"
#include "infer/address_translation.h"
#include "input/binary/decode_setup_data.h"

#define MAX_ENTRIES 1024
/* Only a few entries are mapped, because building page tables may take 2^24 steps. */
#define MAX_MAPPED 8

static void check_round_trip(const struct efimap *map)
{
	const struct efimap_setup_data_options options = {
		.order = EFIMAP_DESCRIPTOR_ORDER_INDEX,
		.desc_size = map->binary->desc_size,
	};
	efimap_auto_encoded_setup_data struct efimap_encoded_setup_data encoded = { 0 };
	const struct efimap_binary_options again = { .as = EFIMAP_BINARY_EFI_MEMMAP,
						     .desc_size = map->binary->desc_size };
	efimap_auto_map struct efimap *copy = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;

	fuzz_check(efimap_encode_setup_data(map, &options, &encoded) == 0);
	fuzz_check(efimap_binary_decode(encoded.memmap, encoded.memmap_size, "fuzz", &again,
					&copy, &err) == 0);
	fuzz_check(copy->n_entries == map->n_entries);
	fuzz_check(memcmp(copy->entries, map->entries,
			  copy->n_entries * sizeof(*copy->entries)) == 0);
}

static void check_layout(const struct efimap_entry *entries, size_t count)
{
	static struct efimap_layout_row rows[MAX_ENTRIES];
	const struct efimap_layout_options options = { .complete = count % 2 };
	enum efimap_layout_order order;

	fuzz_check(efimap_layout_predict(entries, count, &options, rows, &order) == 0);
	for (size_t i = 0; i < count; i++)
		fuzz_check(rows[i].bound == 0 || (rows[i].bound >= EFIMAP_VA_END &&
						  rows[i].bound <= EFIMAP_VA_START));
}

static void check_translation(const struct efimap_entry *entries, size_t count)
{
	efimap_auto_translator struct efimap_translator translator = { 0 };
	struct efimap_answer answer;

	fuzz_check(efimap_translator_make(entries, count, &translator) == 0);
	for (size_t i = 0; i < count; i++) {
		struct efimap_span span;
		bool found = false;

		if (efimap_entry_phys(&entries[i], &span))
			continue;
		efimap_translate(&translator, EFIMAP_TO_VIRT, span.last, &answer);
		for (size_t hit = 0; hit < answer.n_hits; hit++)
			found |= answer.hits[hit].entry == &entries[i];
		fuzz_check(found || answer.more);
	}
}

static void check_pagetable(const struct efimap_entry *entries, size_t count)
{
	struct efimap_pagetable_options options = { .max_bytes = 1 << 20 };

	for (enum efimap_leaf leaf = 0; leaf < EFIMAP_LEAF_COUNT; leaf++) {
		efimap_auto_pagetable struct efimap_pagetable table = { 0 };
		struct efimap_err err = EFIMAP_ERR_INIT;
		int ret;

		options.largest = leaf;
		ret = efimap_pagetable_build(entries, count, &options, &table, &err);
		fuzz_check(err.code == -ret);
		if (ret)
			continue;
		/* Page 0 is always mapped, by a leaf of any size. */
		fuzz_check(table.leaves[EFIMAP_LEAF_4K] + table.leaves[EFIMAP_LEAF_2M] +
				   table.leaves[EFIMAP_LEAF_1G] > 0);
	}
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	const struct efimap_binary_options options = { .as = EFIMAP_BINARY_EFI_MEMMAP },
					   plain = { .as = EFIMAP_BINARY_UNKNOWN };
	efimap_auto_map struct efimap *recognised = NULL, *map = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;

	if (size > MAX_ENTRIES * 40)
		return 0;
	if (efimap_binary_decode(data, size, "fuzz", &plain, &recognised, &err) == 0)
		fuzz_check(recognised->binary->kind != EFIMAP_BINARY_UNKNOWN);
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	if (efimap_binary_decode(data, size, "fuzz", &options, &map, &err))
		return 0;
	fuzz_check(efimap_binary_recognise(data, size) != EFIMAP_BINARY_SETUP_DATA);
	check_round_trip(map);
	check_layout(map->entries, map->n_entries);
	check_translation(map->entries, map->n_entries);
	check_pagetable(map->entries, map->n_entries < MAX_MAPPED ? map->n_entries : MAX_MAPPED);
	return 0;
}
