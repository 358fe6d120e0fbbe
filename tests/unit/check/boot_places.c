/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the firmware's pointers point, and when it is not for these rules to say. */
#include "check/scene.h"

/* The scene's pointers; entry 3, runtime data, holds those of a healthy machine. */
static uint64_t fw_vendor, config_table, systab_pointer, smbios, smbios3, logged;
static const char *label;

static void place(struct efimap *map)
{
	map->fw_vendor = fw_vendor;
	map->config_table = config_table;
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	strcpy(map->boot_params.efi_info.signature,
	       map->platform_size == 32 ? "EL32" : "EL64");
	map->boot_params.efi_info.systab = systab_pointer;
	if (smbios)
		assert_int_equal(efimap_add_systab(map, "SMBIOS", 6, smbios), 0);
	if (smbios3)
		assert_int_equal(efimap_add_systab(map, "SMBIOS3", 7, smbios3), 0);
	if (logged) {
		map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
		assert_int_equal(efimap_add_table(map, "SMBIOS", 6, logged), 0);
	}
	if (!label)
		return;
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	assert_int_equal(
		efimap_add_memmap(map, 0, 0x20000000, 0x2fffffff, label, strlen(label)),
		0);
}

static void healthy(struct scene *s)
{
	fw_vendor = 0x3f52aa18;
	config_table = 0x3f5ebc98;
	systab_pointer = 0x3f5eb018;
	smbios = 0x3f520000;
	smbios3 = 0;
	logged = 0;
	label = "System RAM";
	s->runtime = 0x3f5ebb98;
	s->more = place;
	s->hears_notes = true;
	/* boot_state.c */
	s->options.disabled[EFIMAP_RULE_NO_SMBIOS] = true;
	s->options.disabled[EFIMAP_RULE_NO_RSDP] = true;
}

static void vendor_in_ram(struct scene *s)
{
	fw_vendor = 0x20000000;
}

static void vendor_in_hole(struct scene *s)
{
	fw_vendor = 0x1fffffff;
}

static void vendor_reserved(struct scene *s)
{
	fw_vendor = 0x2fffffff;
	label = "Reserved";
}

static void vendor_without_memmap(struct scene *s)
{
	fw_vendor = 0x20000000;
	label = NULL;
}

static void all_three_in_ram(struct scene *s)
{
	fw_vendor = config_table = systab_pointer = 0x20000000;
}

static void zeros(struct scene *s)
{
	fw_vendor = config_table = systab_pointer = 0;
}

static void first_and_last_byte(struct scene *s)
{
	fw_vendor = 0x3f4ec000;
	config_table = 0x3f5ebfff;
}

static void vendor_in_the_lowest(struct scene *s)
{
	fw_vendor = 0x18;
}

static void place_without_params(struct efimap *map)
{
	place(map);
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
}

static void vendor_in_ram_alone(struct scene *s)
{
	vendor_in_ram(s);
	s->more = place_without_params;
	s->states[EFIMAP_SRC_CONFIG_TABLE] = EFIMAP_STATE_ABSENT;
}

static void table_in_ram_alone(struct scene *s)
{
	config_table = 0x20000000;
	s->more = place_without_params;
	s->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_ABSENT;
}

static void virtual_vendor(struct scene *s)
{
	fw_vendor = EFIMAP_VA_END;
	s->options.disabled[EFIMAP_RULE_POINTER_VIRTUAL] = true;
}

static void an_entry_without_pages(struct scene *s)
{
	vendor_in_ram(s);
	s->entries[4].pages = 0;
}

static void an_unreadable_entry(struct scene *s)
{
	vendor_in_ram(s);
	scene_fault(s, EFIMAP_FAULT_MISSING, 8, "sys/firmware/efi/runtime-map/8/type");
}

/* Two entries that cannot be right: the lowest one, and the highest one. */
static void too_large_an_entry(struct scene *s)
{
	vendor_in_ram(s);
	s->entries[7].pages = UINT64_C(0x1000001);
}

static void an_entry_too_high(struct scene *s)
{
	vendor_in_ram(s);
	s->entries[0].phys = UINT64_C(1) << 52;
}

/* One that is too large for the window is right where it is mapped onto itself. */
static void too_large_for_the_window_only(struct scene *s)
{
	vendor_in_ram(s);
	s->entries[0].phys = s->entries[0].virt = UINT64_C(1) << 40;
	s->entries[0].pages = UINT64_C(0x1000001);
}

static void one_entry(struct scene *s)
{
	vendor_in_ram(s);
	s->entries[0] = s->entries[3];
	s->entries[0].index = 0;
	s->n_entries = 1;
}

static void no_runtime_data(struct scene *s)
{
	vendor_in_ram(s);
	for (size_t i = 0; i < s->n_entries; i++)
		if (s->entries[i].type == 6)
			s->entries[i].type = 11;
}

static void runtime_is(struct scene *s, uint64_t runtime)
{
	s->runtime = runtime;
}

static void runtime_in_code(struct scene *s)
{
	runtime_is(s, 0x3f5ec000);
}

static void runtime_in_boot_services(struct scene *s)
{
	runtime_is(s, 0x3d11a000);
}

static void runtime_is_zero(struct scene *s)
{
	runtime_is(s, 0);
}

static void runtime_is_all_ones(struct scene *s)
{
	runtime_is(s, UINT64_MAX);
	s->options.disabled[EFIMAP_RULE_POINTER_MISSING] = true;
}

static void runtime_virtual(struct scene *s)
{
	runtime_is(s, 0xfffffffeff0ebb98 + 0x1000);
}

static void runtime_virtual_in_boot_services(struct scene *s)
{
	runtime_is(s, 0xfffffffefcd1a000);
}

static void kexec_node(struct efimap *map)
{
	const struct efimap_setup_node node = { .type = EFIMAP_SETUP_EFI, .len = 96 };

	place(map);
	map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
}

static void physical_after_kexec(struct scene *s)
{
	s->more = kexec_node;
}

static void physical_after_kexec_before_5_7(struct scene *s)
{
	physical_after_kexec(s);
	s->release = "5.4.0-26-generic";
}

static void mixed_mode(struct scene *s)
{
	scene_make_mixed(s);
}

static void smbios_in_ram(struct scene *s)
{
	smbios = 0x20000000;
}

static void smbios_in_ram_unasked(struct scene *s)
{
	smbios_in_ram(s);
	s->options.disabled[EFIMAP_RULE_SMBIOS_UNMAPPED] = true;
}

static void smbios3_in_hole(struct scene *s)
{
	smbios3 = 0x1fffffff;
}

static void smbios_reserved(struct scene *s)
{
	smbios = 0x20000000;
	label = "Reserved";
}

static void smbios_in_rom(struct scene *s)
{
	smbios = 0xf05b0;
}

static void smbios_at_the_start_of_rom(struct scene *s)
{
	smbios = 0xa0000;
}

static void smbios_just_below_rom(struct scene *s)
{
	smbios = 0x9ffff;
}

static void smbios_at_the_end_of_rom(struct scene *s)
{
	smbios = 0xfffff;
}

static void smbios_above_rom(struct scene *s)
{
	smbios = 0x100000;
}

static void smbios_named_by_the_log(struct scene *s)
{
	smbios = logged = 0x20000000;
}

static void pointers(void **state)
{
	static const struct scene_row rows[] = {
		{ "healthy", healthy, "" },
		{ "fw_vendor in RAM", vendor_in_ram,
		  "pointer-unmapped warning memory-at-risk\n" },
		{ "fw_vendor in no range", vendor_in_hole,
		  "pointer-unmapped warning none\n" },
		{ "fw_vendor in reserved memory", vendor_reserved,
		  "pointer-unmapped note none\n" },
		{ "nobody knows", vendor_without_memmap, "pointer-unmapped note none\n" },
		{ "all three", all_three_in_ram,
		  "pointer-unmapped warning memory-at-risk\n"
		  "pointer-unmapped warning memory-at-risk\n"
		  "pointer-unmapped warning memory-at-risk\n" },
		{ "zero", zeros, "pointer-missing error does-not-boot\n" },
		{ "first and last byte", first_and_last_byte, "" },
		{ "in the lowest entry", vendor_in_the_lowest, "" },
		{ "in RAM, fw_vendor alone", vendor_in_ram_alone,
		  "pointer-missing error boots-without-efi\n"
		  "pointer-unmapped warning memory-at-risk\n" },
		{ "in RAM, config_table alone", table_in_ram_alone,
		  "pointer-missing error boots-without-efi\n"
		  "pointer-unmapped warning memory-at-risk\n" },
		{ "virtual", virtual_vendor, "" },
		{ "an entry without pages", an_entry_without_pages, "" },
		{ "too large an entry", too_large_an_entry, "" },
		{ "an entry too high", an_entry_too_high, "" },
		{ "too large for the window only", too_large_for_the_window_only,
		  "pointer-unmapped warning memory-at-risk\n" },
		{ "an unreadable entry", an_unreadable_entry, "" },
		{ "one entry, and RAM", one_entry,
		  "pointer-unmapped warning memory-at-risk\n" },
		{ "no runtime data", no_runtime_data, "" },
		{ "runtime in code", runtime_in_code, "" },
		{ "runtime in boot services", runtime_in_boot_services,
		  "runtime-pointer warning none\n" },
		{ "runtime 0", runtime_is_zero, "runtime-pointer warning none\n" },
		{ "runtime all ones", runtime_is_all_ones, "" },
		{ "runtime virtual: kexec'ed", runtime_virtual, "" },
		{ "virtual, but boot services", runtime_virtual_in_boot_services,
		  "runtime-pointer warning none\n" },
		{ "physical after kexec", physical_after_kexec,
		  "runtime-pointer warning none\n" },
		{ "physical after kexec before 5.7", physical_after_kexec_before_5_7,
		  "" },
		{ "mixed mode", mixed_mode, "mixed-mode note boots-without-efi\n" },
		{ "SMBIOS in RAM", smbios_in_ram, "smbios-unmapped note none\n" },
		{ "SMBIOS in RAM, not asked", smbios_in_ram_unasked, "" },
		{ "SMBIOS3 in no range", smbios3_in_hole, "smbios-unmapped note none\n" },
		{ "SMBIOS in reserved memory", smbios_reserved, "" },
		{ "SMBIOS in the ROM area", smbios_in_rom, "" },
		{ "SMBIOS at its start", smbios_at_the_start_of_rom, "" },
		{ "SMBIOS just below it", smbios_just_below_rom,
		  "smbios-unmapped note none\n" },
		{ "SMBIOS at its end", smbios_at_the_end_of_rom, "" },
		{ "SMBIOS above it", smbios_above_rom, "smbios-unmapped note none\n" },
		{ "table-in-ram says it", smbios_named_by_the_log, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct scene scene;

		scene_init(&scene, "boot");
		healthy(&scene);
		rows[i].change(&scene);
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
