/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the firmware did not say, and signs of encryption: what no made fixture holds. */
#include "world.h"

#define NOT_ROOT "systab SMBIOS=0x3f77d014; "
#define ACPI_MEMORY "memmap 0x0-0xfff ACPI Tables; "

TEST(root_pointer)
{
	static const struct world_case rows[] = {
		{ "no ACPI memory", NOT_ROOT "memmap 0x0-0xfff System RAM", "" },
		{ "acpi=force", NOT_ROOT ACPI_MEMORY "cmdline acpi=force", "warning none -" },
	};

	world_run(EFIMAP_RULE_NO_RSDP, rows, ARRAY_SIZE(rows));
}

TEST(signs_of_encryption)
{
	static const struct world_case rows[] = {
		{ "a secret area", "log CocoSecret=0x3f52a018", "note none -" },
	};

	world_run(EFIMAP_RULE_MEM_ENCRYPT, rows, ARRAY_SIZE(rows));
}

TEST(encryption_in_setup_data_and_log)
{
	for (uint32_t type = 7; type <= 9; type++) {
		const struct efimap_setup_node node = { .type = type };
		struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

		assert_int_equal(efimap_add_setup_node(map, &node), 0);
		map->encrypted = type == 9;
		world_expect("a node, or the log", map, EFIMAP_RULE_MEM_ENCRYPT, 0,
			     type == 8 ? "" : "note none -");
	}
}
