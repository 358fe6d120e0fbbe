/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which pointers of the firmware can be followed in physical mode. */
#include "test.h"
#include "emulate/translate.h"
#include "model/capture.h"

static struct efimap *make_map(void)
{
	static const struct efimap_entry entries[] = {
		{ 0, 5, 0x3f5ec000, 0xfffffffeff1ec000, 0x100, 0x800000000000000f },
		{ 1, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, 0x800000000000000f },
	};
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("test", EFIMAP_ORIGIN_TREE, &map), 0);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
	map->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_CONFIG_TABLE] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	map->boot_params.efi_info.systab = 0x3f5eb018;
	map->fw_vendor = 0x3e000000;
	map->runtime = 0xfffffffeff1ebb98;
	assert_int_equal(efimap_add_systab(map, "ACPI20", 6, 0x3f77d014), 0);
	assert_int_equal(efimap_add_systab(map, "SMBIOS3", 7, 0xfffffff000000000), 0);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

TEST(pointers_are_told_apart)
{
	efimap_auto_map struct efimap *map = make_map();
	const struct efimap_pointer expected[] = {
		{ "systab", 0x3f5eb018, EFIMAP_REACH_REACHABLE, &map->entries[1] },
		{ "fw_vendor", 0x3e000000, EFIMAP_REACH_OUTSIDE, NULL },
		{ "runtime", 0xfffffffeff1ebb98, EFIMAP_REACH_VIRTUAL, &map->entries[1] },
		{ "config_table", 0, EFIMAP_REACH_NONE, NULL },
		{ "SMBIOS3", 0xfffffff000000000, EFIMAP_REACH_VIRTUAL, NULL },
	};
	struct efimap_pointer pointers[EFIMAP_MAX_POINTERS];
	size_t count;

	assert_int_equal(efimap_physical_mode(map, pointers, &count), 0);
	assert_int_equal(count, ARRAY_SIZE(expected));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(pointers[i].name, expected[i].name);
		assert_int_equal(pointers[i].value, expected[i].value);
		assert_string_equal(efimap_reach_name(pointers[i].reach),
				    efimap_reach_name(expected[i].reach));
		assert_ptr_equal(pointers[i].entry, expected[i].entry);
	}
}

/* In mixed mode an address is physical and virtual at once: it can be followed. */
TEST(identity_is_reachable)
{
	struct efimap_pointer pointers[EFIMAP_MAX_POINTERS];
	efimap_auto_map struct efimap *map = make_map();
	size_t count;

	for (size_t i = 0; i < map->n_entries; i++)
		map->entries[i].virt = map->entries[i].phys;
	assert_int_equal(efimap_physical_mode(map, pointers, &count), 0);
	assert_int_equal(pointers[0].reach, EFIMAP_REACH_REACHABLE);
}
