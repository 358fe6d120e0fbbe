/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"
#include "rules/facts_for_rules.h"
#include "linux/virtual_layout.h"
#include "compare/received.h"
#include "answer/verify.h"
#include "base/alloc.h"
#include "base/little_endian_reader.h"
#include "linux/encode_setup_data.h"
#include "linux/page_table.h"
#include "capture.h"

#define MAX_RECORDS 512u
/* Do not build a page table for more map entries, because one build may take 2^24 steps. */
#define MAX_MAPPED 8

/* Return whether the encoded descriptors contain the values of all entries of a map. */
static bool has_descriptors(const struct efimap *map, enum kexec_loader loader,
			    const struct encoded_setup_data *encoded)
{
	struct le_reader cursor = { .data = encoded->memmap, .size = encoded->memmap_size };
	bool good = encoded->memmap_size == map->n_entries * encoded->desc_size;
	auto_free uint32_t *order = array_new(map->n_entries, sizeof(*order));

	for (size_t i = 0; i < map->n_entries; i++)
		order[i] = map->entries[i].index;
	kernfs_order(order, map->n_entries, order);
	for (size_t i = 0; good && i < map->n_entries; i++) {
		const size_t position = loader == EFIMAP_LOADER_KERNEL ? i : order[i];
		struct map_entry entry = { 0 };

		le_reader_seek(&cursor, i * encoded->desc_size);
		entry.type = le_reader_u32(&cursor);
		le_reader_u32(&cursor);
		entry.phys = le_reader_u64(&cursor);
		entry.virt = le_reader_u64(&cursor);
		entry.pages = le_reader_u64(&cursor);
		entry.attribute = le_reader_u64(&cursor);
		good = !cursor.bad && entries_are_equal(&entry, &map->entries[position]);
	}
	return good;
}

static void write_kexec_data(const struct efimap *map)
{
	static const enum kexec_loader loaders[] = { EFIMAP_LOADER_KEXEC_TOOLS,
						     EFIMAP_LOADER_KERNEL };

	for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
		auto_encoded_setup_data struct encoded_setup_data encoded =
			encode_setup_data(map, loaders[i]);

		fuzz_check(has_descriptors(map, loaders[i], &encoded));
	}
}

static void build_tables(const struct efimap *map)
{
	const size_t count = map->n_entries < MAX_MAPPED ? map->n_entries : MAX_MAPPED;

	for (enum leaf leaf = 0; leaf < EFIMAP_LEAF_COUNT; leaf++) {
		const struct pagetable_options options = { .largest = leaf, .max_bytes = 1 << 20 };
		auto_pagetable struct efi_page_table table = { 0 };
		struct err err = EFIMAP_ERR_INIT;
		int ret = pagetable_build(map->entries, count, &options, &table, &err);

		fuzz_check(err.code == -ret);
		/* Page 0 is always mapped, by a leaf of any size. */
		fuzz_check(ret || table.leaves[EFIMAP_LEAF_4K] + table.leaves[EFIMAP_LEAF_2M] +
						  table.leaves[EFIMAP_LEAF_1G] >
					  0);
	}
}

static void recompute(struct efimap *map)
{
	auto_layout struct layout layout = { 0 };

	/* With efi=debug, Linux frees no boot services region, so the map is complete. */
	if (map->n_entries % 2) {
		set_release(map, "6.12.0", 6);
		map->cmdline = capture_copy_text(map, "efi=debug");
		map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	}
	layout = predict_layout(map);
	for (size_t i = 0; i < layout.n_rows && !layout.mixed; i++)
		fuzz_check(layout.rows[i].bound == 0 || (layout.rows[i].bound >= EFIMAP_VA_END &&
							 layout.rows[i].bound <= EFIMAP_VA_START));
}

static void receive(const struct efimap *map)
{
	auto_received struct received *received = NULL;

	received = judge_received(map);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	auto_map struct efimap *map = NULL;

	if (size / FUZZ_RECORD > MAX_RECORDS)
		return 0;
	map = fuzz_capture(data, size, false);
	write_kexec_data(map);
	build_tables(map);
	receive(map);
	recompute(map);
	return 0;
}
