/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of setup_data types, and which payloads may be shown; page tables for people. */
#include "test.h"
#include "base/cleanup.h"
#include "format/format.h"
#include "sample.h"

static const char *write_node(const struct efimap_setup_data *node, bool all,
			      struct efimap_out *out)
{
	static const uint8_t data[64] = { 0 };
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_setup_data nodes[] = { *node };
	const struct efimap_decoded decoded = { .kind = EFIMAP_BLOB_SETUP_DATA,
						.nodes = nodes, .n_nodes = 1 };
	const struct efimap_decoded_view view = { "file", data, sizeof(data), &decoded,
						  report, all };
	const struct efimap_text_options options = { 0 };

	assert_int_equal(efimap_decoded_write_text(&view, &options, out), 0);
	return sample_text(out);
}

TEST(types_have_names)
{
	static const struct {
		uint32_t type;
		const char *name;
	} rows[] = {
		{ 0, "type 0x0 (NONE), " },
		{ 4, "type 0x4 (EFI), " },
		{ 9, "type 0x9 (RNG_SEED), " },
		{ 10, "type 0xa (KEXEC_KHO), " },
		{ 11, "type 0xb, " },
		{ 0x80000000, "type 0x80000000 (INDIRECT), " },
		{ 0x80000002, "type 0x80000002, " },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_setup_data node = { .type = rows[i].type };
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

		assert_non_null(strstr(write_node(&node, false, &out), rows[i].name));
	}
}

TEST(payloads_are_shown_when_asked_for_and_seeds_never)
{
	static const struct {
		struct efimap_setup_data node;
		bool all;
		size_t size;
	} rows[] = {
		{ { .type = 2, .len = 8 }, false, 0 },
		{ { .type = 2, .len = 8 }, true, 8 },
		{ { .type = 4, .len = 96 }, true, 0 },
		{ { .type = 9, .len = 8 }, true, 0 },
		{ { .type = 0x80000009, .len = 8 }, true, 0 },
		{ { .type = 2, .len = UINT32_MAX }, true, 48 },
		{ { .offset = 48, .type = 2, .len = 8 }, true, 0 },
		{ { .offset = 60, .type = 2, .len = 8 }, true, 0 },
		{ { .offset = 44, .type = 2, .len = 8 }, true, 4 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		const char *at = write_node(&rows[i].node, rows[i].all, &out);
		size_t size = 0;

		while ((at = strstr(at, " 00"))) {
			size++;
			at++;
		}
		assert_int_equal(size, rows[i].size);
	}
}

TEST(what_is_left_out_is_limited)
{
	struct efimap_pagetable_skip skips[25] = { { 0 } };
	const struct efimap_pagetable table = { .n_pages = 1, .skips = skips,
						.n_skips = ARRAY_SIZE(skips) };
	struct efimap *map efimap_auto_map = sample_map();
	const struct efimap_text_options options = { 0 };
	const struct efimap_pagetable_view view = {
		.map = map, .mode = EFIMAP_PAGETABLE_VIRTUAL, .table = &table,
	};
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const char *text;
	size_t lines = 0;

	for (size_t i = 0; i < ARRAY_SIZE(skips); i++)
		skips[i].entry = &map->entries[0];
	skips[0].identity = true;
	assert_int_equal(efimap_pagetable_write_text(&view, &options, &out), 0);
	text = sample_text(&out);
	assert_non_null(strstr(text, "runtime-map/0: not mapped at its physical address: no "
				     "pages\nruntime-map/0: not mapped at its virtual "));
	assert_non_null(strstr(text, "and 5 more are not mapped\n"));
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 22);
}
