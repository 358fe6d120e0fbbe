/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "fuzz.h"
#include "compare/compare.h"
#include "input/json/read_snapshot.h"
#include "rules/capture_facts.h"
#include "linux/predicted_addresses.h"
#include "rules/received.h"
#include "answer/verify.h"
#include "linux/encode_setup_data.h"
#include "linux/page_table.h"
#include "document/snapshot.h"
#include "input/binary/decode_setup_data.h"
#include "input/input_file.h"
#include "capture.h"

#define MAX_RECORDS 512u

static void check_memmap(const struct efimap *map,
			 const struct efimap_encoded_setup_data *encoded)
{
	const struct efimap_binary_options options = { .as = EFIMAP_BINARY_EFI_MEMMAP,
						       .desc_size = encoded->desc_size };
	efimap_auto_report struct efimap_report *report = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_map struct efimap *read = NULL;

	/*
	 * An empty map cannot be decoded. With certain addresses, the encoded map looks like a
	 * setup_data node, which the decoder refuses as a memory map.
	 */
	if (encoded->n_entries == 0 ||
	    efimap_binary_recognise(encoded->memmap, encoded->memmap_size) ==
		    EFIMAP_BINARY_SETUP_DATA)
		return;
	fuzz_check(efimap_binary_decode(encoded->memmap, encoded->memmap_size, "fuzz", &options,
					&read, &err) == 0);
	fuzz_check(read->n_entries == map->n_entries);
	for (size_t i = 0; i < read->n_entries; i++)
		fuzz_check(entries_are_equal(&read->entries[i],
					     &map->entries[encoded->order[i]]));
	fuzz_check(efimap_verify(read, NULL, &report) == 0);
}

static void check_node(const struct efimap_encoded_setup_data *encoded)
{
	const struct efimap_binary_options options = { .as = EFIMAP_BINARY_SETUP_DATA };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_map struct efimap *read = NULL;
	struct efimap_efi_payload payload;

	fuzz_check(efimap_binary_decode(encoded->node, sizeof(encoded->node), "fuzz", &options,
					&read, &err) == 0);
	fuzz_check(read->n_setup_data == 1 && efimap_efi_payload_find(read, &payload));
}

static void write_kexec_data(const struct efimap *map)
{
	static const enum efimap_loader loaders[] = { EFIMAP_LOADER_KEXEC_TOOLS,
						      EFIMAP_LOADER_KERNEL };

	for (size_t i = 0; i < sizeof(loaders) / sizeof(loaders[0]); i++) {
		const struct efimap_setup_data_options options = { .loader = loaders[i] };
		efimap_auto_encoded_setup_data struct efimap_encoded_setup_data
			encoded = { 0 };

		fuzz_check(efimap_encode_setup_data(map, &options, &encoded) == 0);
		check_memmap(map, &encoded);
		check_node(&encoded);
	}
}

static void build_tables(const struct efimap *map)
{
	const struct efimap_pagetable_options options = { .mode = EFIMAP_PAGETABLE_VIRTUAL };
	efimap_auto_pagetable struct efimap_pagetable table = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_pagetable_build(map->entries, map->n_entries, &options, &table, &err);

	fuzz_check(ret == 0 || ret == -ENOMEM || err.text[0]);
}

static void recompute(const struct efimap *map)
{
	efimap_auto_layout struct efimap_layout layout = { 0 };

	efimap_predict(map, &layout);
}

static void receive(const struct efimap *map)
{
	efimap_auto_received struct efimap_received *received = NULL;

	fuzz_check(efimap_check_received(map, &received) == 0);
}

/* Readers reject labels with control characters, so a snapshot with ESC cannot be read. */
static bool is_printable(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (strchr(map->memmap[i].label, '\x1b'))
			return false;
	for (size_t i = 0; i < map->n_iomem; i++)
		if (strchr(map->iomem[i].name, '\x1b'))
			return false;
	return true;
}

static void store(const struct efimap *map)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;
	efimap_auto_map struct efimap *back = NULL;
	efimap_auto_input struct efimap_input input = EFIMAP_INPUT_INIT;
	struct efimap_err err = EFIMAP_ERR_INIT;

	fuzz_check(efimap_snapshot_write(map, true, &out) == 0);
	input = (struct efimap_input){ .name = "fuzz", .fd = -1, .at_end = true,
				       .data = malloc(out.used + 1), .len = out.used };
	fuzz_check(input.data);
	memcpy(input.data, out.data, out.used);
	input.data[out.used] = '\0';
	if (efimap_read_snapshot("fuzz", &input, &back, &err)) {
		fprintf(stderr, "%s: %s\n", err.where, err.text);
		abort();
	}
	fuzz_check(back->n_entries == map->n_entries);
	for (size_t i = 0; i < map->n_entries; i++)
		fuzz_check(entries_are_equal(&map->entries[i], &back->entries[i]));
	fuzz_check(efimap_compare(map, back, EFIMAP_ERROR, &comparison) == 0);
	fuzz_check(comparison->report->counts[EFIMAP_ERROR] == 0);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_map struct efimap *map = NULL;

	if (size / FUZZ_RECORD > MAX_RECORDS)
		return 0;
	map = fuzz_capture(data, size, false);
	write_kexec_data(map);
	build_tables(map);
	recompute(map);
	receive(map);
	if (is_printable(map))
		store(map);
	return 0;
}
