/* SPDX-License-Identifier: GPL-2.0-or-later */
/* boot_params of a snapshot, and that no payload but EFI's is taken. */
#include "document.h"

static void params_rows(void **state)
{
	static const struct document_row rows[] = {
		{ "\"signature\":\"EL64\"", "\"signature\":\"EL\"", NULL },
		{ "\"signature\":\"EL64\"", "\"signature\":\"EL640\"",
		  "boot_params.efi_info.signature: 5 bytes, expected at most 4" },
		{ "\"desc_size\":\"0x28\"", "\"desc_size\":40",
		  "boot_params.efi_info.desc_size: found a number, expected a string with 0x and "
		  "1 to 16 hexadecimal digits" },
		{ "\"memmap_size\":\"0x140\"", "\"memmap_size\":\"0x100000140\"",
		  "boot_params.efi_info.memmap_size: found \"0x100000140\", expected at most "
		  "0xffffffff" },
		{ "\"efi_info\":{", "\"efi_info\":null,\"e\":{",
		  "boot_params.efi_info: found null, expected an object" },
		{ "\"version\":\"0x20f\"", "\"version\":\"0x10000\"",
		  "boot_params.version: found \"0x10000\", expected at most 0xffff" },
		{ "\"type_of_loader\":\"0xd0\"", "\"type_of_loader\":\"0x100\"",
		  "boot_params.type_of_loader: found \"0x100\", expected at most 0xff" },
		{ "\"secure_boot\":3", "\"secure_boot\":256",
		  "boot_params.secure_boot: found 256, expected 0 to 255" },
		{ "\"e820_entries\":128", "\"e820\":128",
		  "boot_params.e820_entries: missing, expected a number" },
		{ "\"boot_params\":{", "\"b\":{", "boot_params: missing, expected an object" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

static void node_rows(void **state)
{
	static const struct document_row rows[] = {
		{ "\"setup_data\":\"present\"", "\"setup_data\":\"denied\"",
		  "boot_params.setup_data: expected [], because states.setup_data is "
		  "\"denied\"" },
		{ "\"setup_data\":\"present\"", "\"setup_data\":\"absent\"", NULL },
		{ "\"payload\":\"01ff", "\"payload\":\"ff",
		  "boot_params.setup_data[1].payload: 190 digits, expected 192: two for each of "
		  "the first 96 bytes" },
		{ "\"payload\":\"01ff", "\"payload\":\"01Ff",
		  "boot_params.setup_data[1].payload: expected lower-case hexadecimal digits "
		  "only" },
		{ "\"payload\":\"01ff", "\"payload\":\"0001ff",
		  "boot_params.setup_data[1].payload: 194 bytes, expected at most 192" },
		{ "\"payload\":", "\"p\":",
		  "boot_params.setup_data[1].payload: missing, expected a string" },
		{ "{\"index\":3,", "{\"index\":0,",
		  "boot_params.setup_data[1]: index 0 is not above that of the node before it" },
		{ "\"length\":\"0x61\"", "\"length\":\"0x60\"", NULL },
		{ "\"length\":\"0x61\"", "\"length\":\"0x5f\"",
		  "boot_params.setup_data[1].payload: 192 digits, expected 190: two for each of "
		  "the first 96 bytes" },
		{ "\"setup_data\":[", "\"setup_data\":[[],",
		  "boot_params.setup_data[0]: found an array, expected an object" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

/* A document of somebody else may hold a key: it goes no further. */
static void no_other_payload(void **state)
{
	efimap_auto_free char *text =
		document_with("\"length\":\"0x1c\"", "\"length\":\"0x1c\",\"payload\":\"5ec3e7\"");
	efimap_auto_free char *again = NULL;
	struct efimap *map efimap_auto_map = NULL;

	assert_int_equal(document_read(text, strlen(text), &map, NULL), 0);
	assert_int_equal(map->setup_data[0].len, 0x1c);
	assert_int_equal(map->setup_data[0].payload_size, 0);
	again = document_text(map);
	assert_null(strstr(again, "5ec3e7"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(params_rows),
		cmocka_unit_test(node_rows),
		cmocka_unit_test(no_other_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
