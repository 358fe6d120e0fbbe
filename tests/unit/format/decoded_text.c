/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A decoded binary for people. */
#include <string.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "sample.h"

static uint8_t data[64] = { [16] = 0x0a, 0xff };
static struct efimap_setup_data nodes[] = {
	{ 0, 0x1030, 2, 2, false, { 0 } },
	{ 0x20, 0, 0x77, 0, false, { 0 } },
};

static const char *write_one(enum efimap_blob kind, struct efimap_out *out)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_entry entry = { 0, 5, 0x1000, 0xfffffffe00001000, 1, 0x8 };
	const struct efimap_decoded decoded = {
		.kind = kind,
		.nodes = nodes,
		.n_nodes = ARRAY_SIZE(nodes),
		.entries = &entry,
		.n_entries = 1,
		.desc_size = 48,
		.payload = { 1, 2, 3, 4 },
		.boot_params = { .efi_info = { "EL64", 0x10, 40, 1, 0x20, 80 },
				 .version = 0x20f, .type_of_loader = 0xd0 },
	};
	const struct efimap_decoded_view view = { "fi\033le", data, sizeof(data), &decoded,
						  report, true };
	const struct efimap_emulation_options options = { 0 };

	assert_int_equal(efimap_decoded_write_text(&view, &options, out), 0);
	return sample_text(out);
}

static void says_what_it_is_and_holds(void **state)
{
	static const struct {
		enum efimap_blob kind;
		const char *text;
	} rows[] = {
		{ EFIMAP_BLOB_SETUP_DATA,
		  "fi\\x1ble: setup-data: 2 nodes\n"
		  "node at byte 0x0: type 0x2 (DTB), 2 bytes, next 0x1030\n"
		  "  0a ff\n"
		  "node at byte 0x20: type 0x77, 0 bytes, next 0x0\n"
		  "no findings: " },
		{ EFIMAP_BLOB_EFI_PAYLOAD,
		  ": efi-payload: what a node of type 4 carries\n"
		  "  fw_vendor    0x1\n  runtime      0x2\n  tables       0x3\n"
		  "  smbios       0x4\nno findings: " },
		{ EFIMAP_BLOB_EFI_MEMMAP,
		  ": efi-memmap: 1 descriptor of 48 bytes\n"
		  " IDX TYPE        ATTR PHYS   SIZE VIRT\n"
		  "   0 RuntimeCode WB   0x1000   4K 0xfffffffe00001000\n" },
		{ EFIMAP_BLOB_BOOT_PARAMS,
		  "efi_info\n  signature    EL64\n  systab       0x10\n  memmap       0x20\n"
		  "  map size     80 bytes, descriptors of 40, version 1\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		const char *text = write_one(rows[i].kind, &out);

		if (!strstr(text, rows[i].text))
			fail_msg("%s", text);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_it_is_and_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
