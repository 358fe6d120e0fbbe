/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which loader it was, by the marks that it left. */
#include <string.h>

#include "test.h"
#include "model/boot_params.h"
#include "model/traits.h"

#define NO_NODE UINT64_MAX

static const struct row {
	const char *name;
	bool has_params;
	uint32_t desc_size;
	uint8_t type_of_loader;
	uint64_t runtime; /* in the payload */
	enum efimap_loaded_by expected;
} rows[] = {
	{ "firmware", true, 48, 0x21, NO_NODE, EFIMAP_LOADED_BY_NONE },
	{ "nothing known", false, 0, 0, NO_NODE, EFIMAP_LOADED_BY_UNKNOWN },
	{ "kexec-tools", true, 40, 0xd0, 0x1000, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "kernel", true, 48, 0xd0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "kernel before 5.7", true, 48, 0xd0, 0x1000, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "kernel after kexec-tools", true, 40, 0xd0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "payload alone, kexec-tools", false, 0, 0, 1, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "payload alone, kernel", false, 0, 0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "size alone", true, 40, 0xd0, NO_NODE, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "no EFI received", true, 0, 0xd0, NO_NODE, EFIMAP_LOADED_BY_UNKNOWN },
};

static void add_node(struct efimap *map, uint64_t runtime, uint32_t size)
{
	struct efimap_setup_node node = { .type = EFIMAP_SETUP_EFI, .len = size,
					  .payload_size = size };

	for (unsigned int i = 0; i < 8; i++)
		node.payload[8 + i] = (uint8_t)(runtime >> (8 * i));
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
}

static void loaders_are_known_by_their_marks(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = NULL;

		assert_int_equal(efimap_new("test", EFIMAP_ORIGIN_TREE, &map), 0);
		if (rows[i].has_params)
			map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
		map->boot_params.efi_info.desc_size = rows[i].desc_size;
		map->boot_params.type_of_loader = rows[i].type_of_loader;
		if (rows[i].runtime != NO_NODE)
			add_node(map, rows[i].runtime, EFIMAP_EFI_PAYLOAD_SIZE);
		if (efimap_loaded_by(map) != rows[i].expected)
			fail_msg("%s: %s", rows[i].name,
				 efimap_loaded_by_name(efimap_loaded_by(map)));
	}
}

static void the_last_payload_that_is_long_enough_counts(void **state)
{
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_efi_payload payload = { 1, 2, 3, 4 };

	assert_int_equal(efimap_new("test", EFIMAP_ORIGIN_TREE, &map), 0);
	assert_false(efimap_efi_payload_find(map, &payload));
	add_node(map, 7, EFIMAP_EFI_PAYLOAD_FIELDS - 1);
	assert_false(efimap_efi_payload_find(map, &payload));
	assert_int_equal(payload.runtime, 2);
	add_node(map, 5, EFIMAP_EFI_PAYLOAD_FIELDS);
	add_node(map, 6, EFIMAP_EFI_PAYLOAD_SIZE);
	assert_true(efimap_efi_payload_find(map, &payload));
	assert_int_equal(payload.fw_vendor, 0);
	assert_int_equal(payload.runtime, 6);
}

static void loaders_have_names(void **state)
{
	static const char *const names[] = { "none", "unknown", "kexec-load",
					     "kexec-file-load" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(efimap_loaded_by_name((enum efimap_loaded_by)i), names[i]);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loaders_are_known_by_their_marks),
		cmocka_unit_test(the_last_payload_that_is_long_enough_counts),
		cmocka_unit_test(loaders_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
