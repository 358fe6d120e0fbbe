/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An EFI memory map out of any bytes, and everything that the emulate room does with one:
 * decoding and encoding are inverse, nothing that is predicted, translated or mapped
 * leaves its bounds.
 */
#include "fuzz.h"
#include "emulate/decode.h"
#include "emulate/handover.h"
#include "emulate/layout.h"
#include "emulate/pagetable.h"
#include "emulate/translate.h"

#define MAX_ENTRIES 1024
/* Tables are built for small maps only: they may take 2^26 steps. */
#define MAX_MAPPED 8

static void check_round_trip(const struct efimap_decoded *decoded)
{
	const struct efimap_handover_options options = {
		.order = EFIMAP_HANDOVER_ORDER_INDEX,
		.desc_size = decoded->desc_size,
	};
	efimap_auto_handover struct efimap_handover handover = { 0 };
	struct efimap_decode_options again = { .as = EFIMAP_BLOB_EFI_MEMMAP,
					       .desc_size = decoded->desc_size };
	efimap_auto_decoded struct efimap_decoded copy = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_map struct efimap *map = NULL;

	fuzz_check(efimap_new("fuzz", EFIMAP_ORIGIN_TREE, &map) == 0);
	for (size_t i = 0; i < decoded->n_entries; i++)
		fuzz_check(efimap_add_entry(map, &decoded->entries[i]) == 0);
	fuzz_check(efimap_handover_make(map, &options, &handover) == 0);
	fuzz_check(efimap_decode(handover.memmap, handover.memmap_size, "fuzz", &again,
				 &copy, &err) == 0);
	fuzz_check(copy.n_entries == decoded->n_entries);
	fuzz_check(memcmp(copy.entries, decoded->entries,
			  copy.n_entries * sizeof(*copy.entries)) == 0);
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
		/* Page 0 is always mapped, by a leaf of some size. */
		fuzz_check(table.leaves[EFIMAP_LEAF_4K] + table.leaves[EFIMAP_LEAF_2M] +
				   table.leaves[EFIMAP_LEAF_1G] > 0);
	}
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct efimap_decode_options options = { .as = EFIMAP_BLOB_EFI_MEMMAP }, plain = { 0 };
	struct efimap_decoded decoded = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;

	if (size > MAX_ENTRIES * 40)
		return 0;
	/* As recognised, then as a map whatever it is. */
	if (efimap_decode(data, size, "fuzz", &plain, &decoded, &err) == 0)
		fuzz_check(decoded.kind != EFIMAP_BLOB_UNKNOWN);
	efimap_decoded_free(&decoded);
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	if (efimap_decode(data, size, "fuzz", &options, &decoded, &err) == 0) {
		fuzz_check(efimap_decode_recognise(data, size) !=
			   EFIMAP_BLOB_SETUP_DATA);
		check_round_trip(&decoded);
		check_layout(decoded.entries, decoded.n_entries);
		check_translation(decoded.entries, decoded.n_entries);
		check_pagetable(decoded.entries, decoded.n_entries < MAX_MAPPED
							 ? decoded.n_entries
							 : MAX_MAPPED);
	}
	efimap_decoded_free(&decoded);
	return 0;
}
