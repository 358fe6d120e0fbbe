/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Addresses of the firmware and memmap in two kernels: which may differ, and how bad it is
 * where none may.
 */
#include "check/verify.h"
#include "check/pair.h"

#define CODE UINT64_C(0x3f5ec000)
/* The page of `runtime`, as FIRST maps it */
#define TABLE UINT64_C(0xfffffffeff1ec000)
#define SAME "same\n"
#define POINTER(consequence) "drift\ndrift-pointer error " consequence "\n"
#define WRONG "drift\ndrift-runtime-pointer error runtime-services-fail\n"
#define EXTRA "drift\ndrift-extra error none 8\n"
#define OTHER EXTRA "drift-other-memory error does-not-boot 2\n"
#define IN_PAGE(consequence) \
	"drift\ndrift-lost error " consequence " 2\ndrift-extra error none 2\n"

struct world {
	struct pair_of_kernels pair;
	struct kernel *first, *second;
};

struct row {
	const char *name;
	void (*change)(struct world *world, uint64_t value);
	uint64_t value;
	const char *expected;
};

static void vendor(struct world *world, uint64_t value)
{
	world->second->fw_vendor = value;
	world->second->has_node = false;
}

static void system_table(struct world *world, uint64_t value)
{
	world->second->boot_params.efi_info.systab = value;
}

/* All ones: no table */
static void esrt_of_first(struct world *world, uint64_t value)
{
	world->first->esrt = value;
	world->second->esrt = 0x3f52c000;
}

static void runtime(struct world *world, uint64_t value)
{
	world->second->runtime = value;
}

/* Kernels before 5.7 read what setup_data holds, and that is 0 from kexec_file_load. */
static void runtime_of_old(struct world *world, uint64_t value)
{
	world->second->release = world->first->release = "5.4.0";
	world->second->runtime = value;
}

static void both_runtimes(struct world *world, uint64_t value)
{
	world->first->runtime = world->second->runtime = value;
}

static void both_runtimes_of_a_kexec(struct world *world, uint64_t value)
{
	both_runtimes(world, value);
	world->first->boot_params.type_of_loader = 0xd0;
}

static void smbios_in_node(struct world *world, uint64_t value)
{
	world->second->node[3] = value;
}

static void smbios_of_neither(struct world *world, uint64_t value)
{
	world->first->smbios = world->second->smbios = 0;
	world->second->node[3] = value;
}

static void add_data(struct kernel *kernel, uint64_t virt, uint64_t pages)
{
	pair_add(kernel, EFIMAP_TYPE_RUNTIME_DATA, 0x30000000, virt, pages, EFIMAP_ATTR_RUNTIME);
}

/* Memory of nobody over the first page of the code, in which `runtime` lies here */
static void over_table(struct world *world, uint64_t value)
{
	add_data(world->second, value, 1);
}

static void up_to_table(struct world *world, uint64_t pages)
{
	add_data(world->second, TABLE - pages * EFIMAP_PAGE_SIZE, pages);
}

static void up_to_end_of_table(struct world *world, uint64_t pages)
{
	add_data(world->second, TABLE + EFIMAP_PAGE_SIZE - pages * EFIMAP_PAGE_SIZE, pages);
}

/* Of memory at @phys, which no machine has beyond 52 bits */
static void of_memory_at(struct world *world, uint64_t phys)
{
	add_data(world->second, TABLE, 1);
	pair_at(world->second, 0x30000000)->phys = phys;
}

/* Its addresses end behind the last one. */
static void beyond_the_top(struct world *world, uint64_t pages)
{
	of_memory_at(world, UINT64_C(0x100000000));
	pair_at(world->second, UINT64_C(0x100000000))->pages = pages;
}

static void moved_over_table(struct world *world, uint64_t phys)
{
	pair_at(world->second, phys)->virt = TABLE;
}

static void over_table_of_both(struct world *world, uint64_t phys)
{
	pair_at(world->first, phys)->virt = pair_at(world->second, phys)->virt = TABLE;
}

/* FIRST does not tell where its table is. */
static void over_nothing(struct world *world, uint64_t virt)
{
	world->first->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
	add_data(world->second, virt, 1);
}

/* Both were kexec'ed, and FIRST's is mapped by nobody. */
static void virtual_elsewhere(struct world *world, uint64_t value)
{
	both_runtimes_of_a_kexec(world, value);
	world->second->runtime++;
}

static void over_table_of_a_kexec(struct world *world, uint64_t value)
{
	both_runtimes_of_a_kexec(world, value);
	over_table(world, value & ~UINT64_C(0xfff));
}

/* What begins inside a page does not come late before the next 2 MiB. */
static void over_table_in_page(struct world *world, uint64_t value)
{
	over_table_of_a_kexec(world, value);
	pair_at(world->second, 0x30000000)->virt += 0x18;
}

static void over_code(struct world *world, uint64_t pages)
{
	const uint64_t virt = pair_at(world->second, CODE)->virt + 0x2000;

	add_data(world->second, virt, pages);
}

static void over_code_of_both(struct world *world, uint64_t pages)
{
	const uint64_t virt = pair_at(world->first, CODE)->virt + 0x2000;

	over_code(world, pages);
	add_data(world->first, virt, 1);
}

static void code_in_page(struct world *world, uint64_t offset)
{
	pair_at(world->second, CODE)->phys += offset;
}

static void code_in_page_of_old(struct world *world, uint64_t offset)
{
	code_in_page(world, offset);
	world->second->release = world->first->release = "5.6.0";
}

static void data_in_page(struct world *world, uint64_t offset)
{
	code_in_page(world, offset);
	pair_at(world->second, CODE + offset)->type = EFIMAP_TYPE_RUNTIME_DATA;
}

static const struct row rows[] = {
	{ "over the table", over_table, TABLE, OTHER },
	{ "below the table", over_table, TABLE - 0x1000, EXTRA },
	{ "up to the table, from 2 MiB before", up_to_table, 0x200, EXTRA },
	{ "16 MiB up to the end of the table", up_to_end_of_table, 0x1000, OTHER },
	{ "the last memory over the table", of_memory_at, EFIMAP_PHYS_LIMIT - 1, OTHER },
	{ "no memory over the table", of_memory_at, EFIMAP_PHYS_LIMIT, EXTRA },
	{ "no addresses over the table", beyond_the_top, 0x200000, EXTRA },
	{ "moved over the table", moved_over_table, 0,
	  "drift\ndrift-virt error none 7\n"
	  "drift-other-memory error does-not-boot 2\n" },
	{ "over the table of both", over_table_of_both, 0, SAME },
	{ "over nobody's table", over_nothing, 0, EXTRA },
	{ "runtime that nobody maps", virtual_elsewhere, UINT64_C(0xfffffffe00000000), WRONG },
	{ "over the table of one that was kexec'ed", over_table_of_a_kexec,
	  UINT64_C(0xfffffffeff1ecb98), OTHER },
	{ "over the table among data, inside a page", over_table_in_page,
	  UINT64_C(0xfffffffeff0ecb98), EXTRA "drift-other-memory error does-not-boot 3\n" },
	{ "over the code", over_code, 2, OTHER },
	{ "over the code before too", over_code_of_both, 2,
	  "drift\ndrift-pages error runtime-services-fail 8\n" },
	{ "elsewhere in its page", code_in_page, 0x18, IN_PAGE("none") },
	{ "elsewhere in its page before 5.7", code_in_page_of_old, 0x18,
	  IN_PAGE("runtime-services-fail") },
	{ "elsewhere in its page, as data", data_in_page, 0x18, IN_PAGE("runtime-services-fail") },
	{ "fw_vendor of 36 bits", vendor, UINT64_C(1) << 35, POINTER("none") },
	{ "fw_vendor of 37 bits", vendor, UINT64_C(1) << 36, POINTER("does-not-boot") },
	{ "system table", system_table, 0x1000, POINTER("does-not-boot") },
	{ "ESRT elsewhere", esrt_of_first, 0x3f52d000, SAME "drift-table warning none\n" },
	{ "no ESRT of FIRST", esrt_of_first, UINT64_MAX, SAME },
	{ "runtime 0", runtime, 0, WRONG },
	{ "runtime elsewhere before 5.7", runtime_of_old, 0x1000, WRONG },
	{ "runtime physical in both, FIRST kexec'ed", both_runtimes_of_a_kexec,
	  0x3f5ebb98 + 0x1000, SAME },
	{ "no SMBIOS in the payload", smbios_in_node, 0, "drift\ndrift-setup-data error none\n" },
	{ "SMBIOS of nobody, but an address", smbios_of_neither, 0x1000,
	  "drift\ndrift-setup-data error does-not-boot\n" },
};

static void begin(struct world *world)
{
	pair_init(&world->pair);
	world->first = &world->pair.first;
	world->second = &world->pair.second;
}

TEST(addresses_are_held_together)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world world;

		begin(&world);
		rows[i].change(&world, rows[i].value);
		pair_expect(&world.pair, rows[i].name, false, rows[i].expected);
	}
}

/* Only SetVirtualAddressMap makes an address of the firmware that lies so high. */
TEST(a_virtual_address_is_called_one)
{
	static const struct {
		uint64_t value;
		bool is_virtual;
	} values[] = {
		{ 0x1000, false },	     { EFIMAP_VA_END - 1, false },
		{ EFIMAP_VA_END, true },     { EFIMAP_VA_END + 1, true },
		{ UINT64_MAX - 1, true },    { UINT64_MAX, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct world world;
		const char *message;

		begin(&world);
		vendor(&world, values[i].value);
		first = pair_build(world.first, "first");
		second = pair_build(world.second, "second");
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		message = comparison->report->findings[0].message;
		if (!strstr(message, "a virtual address") == values[i].is_virtual)
			fail_msg("%s", message);
	}
}

/* /sys/firmware/memmap: what differs is told, and firmware memory is no RAM. */
static void nothing(struct pair_of_kernels *pair)
{
	(void)pair;
}

static void one_more(struct pair_of_kernels *pair)
{
	pair->first.memmap[3].label = NULL;
}

static void one_less(struct pair_of_kernels *pair)
{
	pair->second.memmap[3].label = NULL;
}

static void one_less_below(struct pair_of_kernels *pair)
{
	pair->second.memmap[0].label = NULL;
}

static void another_end(struct pair_of_kernels *pair)
{
	pair->second.memmap[0].end--;
}

static void another_name(struct pair_of_kernels *pair)
{
	pair->second.memmap[3].label = "ACPI Tables";
}

static void turned_round(struct pair_of_kernels *pair)
{
	const struct kernel first = pair->first;

	for (size_t i = 0; i < 4; i++)
		pair->second.memmap[i] = first.memmap[3 - i];
}

static void reserved_in_ram_of_both(struct pair_of_kernels *pair)
{
	pair->first.memmap[2].label = pair->second.memmap[2].label = "System RAM";
}

static void ram_of_second(struct pair_of_kernels *pair)
{
	pair->second.memmap[2].label = "System RAM";
}

/* The code is the first entry by number. */
static void ram_of_second_under_the_first(struct pair_of_kernels *pair)
{
	static const uint32_t order[] = { 2, 1, 0, 3, 4, 5, 6, 7 };

	ram_of_second(pair);
	pair_renumber(&pair->first, order);
	pair_renumber(&pair->second, order);
}

/* It has no range that could lie in RAM. */
static void ram_of_second_without_pages(struct pair_of_kernels *pair)
{
	ram_of_second(pair);
	pair_at(&pair->first, CODE)->pages = pair_at(&pair->second, CODE)->pages = 0;
}

/* What FIRST reserves is RAM of SECOND. */
static void freed(struct pair_of_kernels *pair, uint64_t start, uint64_t end)
{
	pair->first.memmap[2].start = pair->second.memmap[2].start = start;
	pair->first.memmap[2].end = pair->second.memmap[2].end = end;
	ram_of_second(pair);
}

static void freed_below_the_data(struct pair_of_kernels *pair)
{
	freed(pair, 0x3f400000, 0x3f4ebfff);
}

static void freed_up_to_the_data(struct pair_of_kernels *pair)
{
	freed(pair, 0x3f400000, 0x3f4ec000);
}

static void freed_from_the_code_on(struct pair_of_kernels *pair)
{
	static const uint32_t order[] = { 2, 1, 0, 3, 4, 5, 6, 7 };

	freed(pair, 0x3f6ebfff, 0x3f76bfff);
	pair_renumber(&pair->first, order);
	pair_renumber(&pair->second, order);
}

static void freed_above_the_code(struct pair_of_kernels *pair)
{
	freed(pair, 0x3f6ec000, 0x3f76bfff);
}

static void freed_at_the_bottom(struct pair_of_kernels *pair)
{
	pair->first.memmap[0].label = "Reserved";
	pair->second.memmap[0].end = 0x3ffff;
}

static void freed_by_choice(struct pair_of_kernels *pair)
{
	freed_below_the_data(pair);
	pair->first.memmap[2].label = "Soft Reserved";
}

#define DIFFERS(first, second)                                                             \
	"memmap differs: ranges in FIRST only: " #first ", in SECOND only: " #second

TEST(ranges_are_held_together)
{
	static const struct {
		const char *name;
		void (*change)(struct pair_of_kernels *pair);
		const char *says;
		/* Entries of drift-memmap-rt, and the ranges of drift-memmap-freed */
		const char *in_ram;
		/* Facts of drift-memmap */
		size_t n_facts;
	} maps[] = {
		{ "the same", nothing, NULL, "" },
		{ "one more", one_more, DIFFERS(0, 1), "", 2 },
		{ "one less", one_less, DIFFERS(1, 0), "", 2 },
		{ "one less at the bottom", one_less_below, DIFFERS(1, 0), "", 2 },
		{ "another end", another_end, DIFFERS(1, 1), "", 3 },
		{ "another name", another_name, DIFFERS(1, 1), "", 3 },
		{ "turned round", turned_round, NULL, "" },
		{ "RAM in both", reserved_in_ram_of_both, NULL, "" },
		{ "RAM in SECOND", ram_of_second, DIFFERS(1, 1), "2 3 ", 3 },
		{ "RAM in SECOND, first entry", ram_of_second_under_the_first, DIFFERS(1, 1),
		  "0 3 ", 3 },
		{ "RAM in SECOND, no pages", ram_of_second_without_pages, DIFFERS(1, 1), "3 ", 3 },
		{ "below the data", freed_below_the_data, DIFFERS(1, 1), "1 freed ", 3 },
		{ "up to the data", freed_up_to_the_data, DIFFERS(1, 1), "3 ", 3 },
		{ "from the code on", freed_from_the_code_on, DIFFERS(1, 1), "0 ", 3 },
		{ "above the code", freed_above_the_code, DIFFERS(1, 1), "1 freed ", 3 },
		{ "at the bottom", freed_at_the_bottom, DIFFERS(1, 1), "1 freed ", 3 },
		{ "by choice", freed_by_choice, DIFFERS(1, 1), "", 3 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(maps); i++) {
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		const struct efimap_finding *differs = NULL;
		struct pair_of_kernels pair;
		char in_ram[64] = "";

		pair_init(&pair);
		maps[i].change(&pair);
		first = pair_build(&pair.first, "first");
		second = pair_build(&pair.second, "second");
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t f = 0; f < comparison->report->n_findings; f++) {
			const struct efimap_finding *found = &comparison->report->findings[f];

			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP)
				differs = found;
			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP_RT)
				snprintf(in_ram + strlen(in_ram), 8, "%u ", found->entries[0]);
			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP_FREED)
				snprintf(in_ram + strlen(in_ram), 16, "%zu freed ",
					 found->n_evidence);
		}
		if (!differs != !maps[i].says ||
		    (differs && (strcmp(differs->message, maps[i].says) != 0 ||
				 differs->n_evidence != maps[i].n_facts)))
			fail_msg("%s: %s, %zu facts", maps[i].name,
				 differs ? differs->message : "the same",
				 differs ? differs->n_evidence : 0);
		assert_string_equal(in_ram, maps[i].in_ram);
	}
}

/* Of each side so many ranges are spelled out, and no more. */
TEST(a_few_are_spelled_out)
{
	static const char *const labels[] = { "Reserved", "System RAM" };

	for (uint32_t n = 7; n <= 9; n++) {
		const size_t n_told = n < 8 ? n : 8;
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;

		pair_init(&pair);
		first = pair_build(&pair.first, "first");
		second = pair_build(&pair.second, "second");
		for (uint32_t i = 0; i < 2 * n; i++)
			assert_int_equal(efimap_add_memmap(i % 2 ? second : first, 4 + i / 2,
							   UINT64_C(0x100000000) * (i / 2 + 1),
							   UINT64_C(0x100000000) * (i / 2 + 1) +
								   0xfff,
							   labels[i % 2], strlen(labels[i % 2])),
					 0);
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t f = 0; f < comparison->report->n_findings; f++) {
			const struct efimap_finding *found = &comparison->report->findings[f];

			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP)
				assert_int_equal(found->n_evidence, 1 + 2 * n_told);
			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP_FREED)
				assert_int_equal(found->n_evidence, n_told);
		}
		assert_int_equal(scene_count(comparison->report, EFIMAP_RULE_DRIFT_MEMMAP_FREED),
				 1);
	}
}
