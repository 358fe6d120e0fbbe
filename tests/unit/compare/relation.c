/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * If a boot ID is missing, two captures are of the same boot unless a fact differs. If one of them
 * is a kernel log, only facts that a log contains are compared.
 */
#include "compare/compared_captures.h"
#include "compare/match_entries.h"
#include "compare/relation.h"
#include "small_captures.h"

#define BOOT_ID "c0ffee00-0000-4000-8000-000000000001"

static struct efimap *make_map(void)
{
	static const struct world_entry entries[] = {
		{ EFIMAP_TYPE_RUNTIME_DATA, 0x3000, 1, RT | 8, 0xfffffffefee03000 },
		{ EFIMAP_TYPE_RUNTIME_CODE, 0x5000, 2, RT | 8, 0xfffffffefec05000 },
	};
	struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);

	for (uint32_t i = 0; i < ARRAY_SIZE(entries); i++)
		world_entry(map, i, &entries[i]);
	capture_add_memmap(map, 0, 0, 0x9ffff, "System RAM", 10);
	capture_add_memmap(map, 1, 0x100000, 0x1fffff, "Reserved", 8);
	capture_add_systab(map, "ACPI20", 6, 0x4000);
	capture_add_systab(map, "SMBIOS", 6, 0x6000);
	set_release(map, "6.1", 3);
	world_cmdline(map, "quiet");
	return map;
}

static enum relation relation_of(const struct efimap *first, const struct efimap *second)
{
	__attribute__((cleanup(matching_free))) struct matching matching;
	enum relation relation;
	const char *why;

	matching = matching_make(first, second);
	relation = find_relation(&matching, &why);
	assert_int_equal(why != NULL, relation == EFIMAP_RELATION_OTHER_MACHINE);
	return relation;
}

static void begin(struct efimap **ret_first, struct efimap **ret_second)
{
	*ret_first = make_map();
	*ret_second = make_map();
}

static void expect(struct efimap **first, struct efimap **second, const char *name, bool is_self)
{
	seal(*first);
	seal(*second);
	if ((relation_of(*first, *second) == EFIMAP_RELATION_SELF) != is_self)
		fail_msg("%s: the captures are of the same boot: %d, expected %d", name, !is_self,
			 is_self);
	capture_free(*first);
	capture_free(*second);
	begin(first, second);
}

TEST(different_facts_are_of_another_boot)
{
	auto_map struct efimap *a = NULL, *b = NULL;

	begin(&a, &b);
	b->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	expect(&a, &b, "boot_params of FIRST only", false);
	b->systab[0].name = "ACPI";
	expect(&a, &b, "a name in systab", false);
	b->memmap[0].end--;
	expect(&a, &b, "end of the first range of memmap", false);
	b->entries[0].attribute |= EFIMAP_ATTR_RO;
	expect(&a, &b, "an attribute", false);
	b->entries[1].index = 7;
	expect(&a, &b, "the index of an entry", false);
	/* A log lacks boot_params and some of the pointers, so their differences are ignored. */
	a->map_from = EFIMAP_MAP_FROM_RUNTIME;
	a->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	a->fw_vendor++;
	expect(&a, &b, "facts that a log does not contain", true);
	b->map_from = EFIMAP_MAP_FROM_RUNTIME;
	b->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	b->fw_vendor++;
	world_cmdline(b, "quiet splash");
	expect(&a, &b, "the command line in a log", false);
	a->boot_id = capture_copy_text(a, BOOT_ID);
	b->boot_id = "";
	expect(&a, &b, "a boot ID in one capture only", true);
}

#define FACT(member)                                                                               \
	{                                                                                          \
#member, offsetof(struct efimap, member)                                           \
	}

TEST(each_number_is_compared)
{
	static const struct {
		const char *name;
		size_t at;
	} facts[] = {
		FACT(boot_params.efi_info.systab),
		FACT(boot_params.efi_info.memmap),
		FACT(boot_params.efi_info.memmap_size),
		FACT(boot_params.efi_info.desc_size),
		FACT(boot_params.setup_data),
		FACT(boot_params.type_of_loader),
		FACT(fw_vendor),
		FACT(runtime),
		FACT(config_table),
	};

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		auto_map struct efimap *first = make_map();
		auto_map struct efimap *second = make_map();

		((unsigned char *)second)[facts[i].at]++;
		if (relation_of(first, second) == EFIMAP_RELATION_SELF)
			fail_msg("%s differs, but the captures are of the same boot",
				 facts[i].name);
	}
}

/* No kernel changes the width or the vendor of the firmware, or moves all firmware memory. */
TEST(another_machine_has_other_firmware)
{
	static const char *const names[] = { NULL, "", "a", "b" };
	struct world_entry timer = {
		.phys = 0xfed00000, .pages = 1, .attribute = RT, .virt = 0xfffffffefed00000
	};
	const struct {
		unsigned int width[2];
		const char *name[2];
		uint64_t moved;
		size_t n_entries[2];
		/*
		 * Type of the timer's entry in each map: MMIO (11), runtime services data (6), or 0
		 * (no entry)
		 */
		uint32_t timer[2];
		bool is_other;
	} machines[] = {
		{ { 64, 0 }, { 0 }, 0, { 2, 2 }, { 0 }, false },
		{ { 0, 0 }, { names[2], names[3] }, 0, { 2, 2 }, { 0 }, true },
		{ { 0, 0 }, { names[2], names[2] }, 0, { 2, 2 }, { 0 }, false },
		{ { 0, 0 }, { names[0], names[3] }, 0, { 2, 2 }, { 0 }, false },
		{ { 0, 0 }, { 0 }, 0x100000, { 2, 2 }, { 0 }, true },
		{ { 0, 0 }, { 0 }, 0x100000, { 1, 2 }, { 0 }, false },
		{ { 0, 0 }, { 0 }, 0x100000, { 2, 1 }, { 0 }, false },
		{ { 0, 0 }, { 0 }, 0x100000, { 2, 2 }, { 11, 11 }, true },
		{ { 0, 0 }, { 0 }, 0x100000, { 2, 2 }, { 11, 6 }, true },
		{ { 0, 0 }, { 0 }, 0x100000, { 1, 2 }, { 11, 11 }, false },
		{ { 0, 0 }, { 0 }, 0x100000, { 2, 1 }, { 11, 11 }, false },
		{ { 0, 0 }, { 0 }, 0x2000, { 2, 2 }, { 0 }, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		auto_map struct efimap *first = make_map(), *second = make_map();
		struct efimap *maps[2] = { first, second };

		world_cmdline(maps[1], "quiet splash");
		for (int side = 0; side < 2; side++) {
			struct efimap *map = maps[side];

			map->platform_size = machines[i].width[side];
			map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = machines[i].width[side]
									   ? EFIMAP_STATE_PRESENT
									   : EFIMAP_STATE_ABSENT;
			map->n_entries = machines[i].n_entries[side];
			for (size_t e = 0; side && e < map->n_entries; e++)
				map->entries[e].phys += machines[i].moved;
			timer.type = machines[i].timer[side];
			if (timer.type)
				world_entry(map, 7, &timer);
		}
		for (size_t dmi = 0; dmi < EFIMAP_DMI_COUNT; dmi++) {
			maps[0]->dmi[dmi] = machines[i].name[0];
			maps[1]->dmi[dmi] = machines[i].name[1];
			if ((relation_of(first, second) == EFIMAP_RELATION_OTHER_MACHINE) !=
			    machines[i].is_other)
				fail_msg("row %zu: another machine: %d, expected %d", i,
					 !machines[i].is_other, machines[i].is_other);
			maps[0]->dmi[dmi] = maps[1]->dmi[dmi] = NULL;
		}
	}
}
