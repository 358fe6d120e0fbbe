/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The efimap-decoded document: one member for each kind, the others null. */
#include <errno.h>
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "sample.h"

static const uint8_t data[64] = { [16] = 0x0a, 0xff };
static struct efimap_setup_data nodes[] = {
	{ 0, 0x1030, 2, 2, false, { 0 } },
	{ 0, 0, 9, 2, false, { 0 } },
	{ 0, 0, 4, 96, true, { 1, 2, 3, UINT64_MAX } },
};

static const char *write_one(enum efimap_blob kind, bool all, struct efimap_out *out)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_entry entry = { 0, 5, 0x1000, 0x2000, 1, 0x8 };
	const struct efimap_decoded decoded = { .kind = kind, .nodes = nodes,
						.n_nodes = ARRAY_SIZE(nodes), .entries = &entry,
						.n_entries = 1, .desc_size = 48,
						.payload = { 1, 2, 3, 4 } };
	const struct efimap_decoded_view view = { "file", data, sizeof(data), &decoded, report,
						  all };

	assert_int_equal(efimap_decoded_write_json(&view, out), 0);
	return sample_text(out);
}

static void has_what_its_kind_has(void **state)
{
	static const struct {
		enum efimap_blob kind;
		const char *text;
	} rows[] = {
		{ EFIMAP_BLOB_SETUP_DATA, "\"entries\": null" },
		{ EFIMAP_BLOB_SETUP_DATA, "\"type_name\": \"RNG_SEED\", \"len\": \"0x2\", "
					  "\"payload\": null, \"bytes\": null}" },
		{ EFIMAP_BLOB_SETUP_DATA, "\"payload\": {\"fw_vendor\": \"0x1\", \"runtime\": "
					  "\"0x2\", \"tables\": \"0x3\", \"smbios\": "
					  "\"0xffffffffffffffff\"}, \"bytes\": null}" },
		{ EFIMAP_BLOB_EFI_PAYLOAD, "\"setup_data\": null" },
		{ EFIMAP_BLOB_EFI_PAYLOAD, "\"smbios\": \"0x4\"}" },
		{ EFIMAP_BLOB_EFI_MEMMAP, "\"desc_size\": \"0x30\"" },
		{ EFIMAP_BLOB_EFI_MEMMAP, "\"virt_addr\": \"0x2000\", \"num_pages\": \"0x1\", "
					  "\"memmap\": [], \"iomem\": [], \"rules\": []}" },
		{ EFIMAP_BLOB_BOOT_PARAMS, "\"efi_info\": {\"signature\": \"\"" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

		assert_non_null(strstr(write_one(rows[i].kind, false, &out), rows[i].text));
	}
}

static void payloads_need_an_option(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_null(strstr(write_one(EFIMAP_BLOB_SETUP_DATA, false, &out), "0aff"));
	assert_non_null(strstr(write_one(EFIMAP_BLOB_SETUP_DATA, true, &out),
			       "\"len\": \"0x2\", \"payload\": null, \"bytes\": \"0aff\"}"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_what_its_kind_has),
		cmocka_unit_test(payloads_need_an_option),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
