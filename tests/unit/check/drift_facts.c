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

static void add_data(struct kernel *kernel, uint64_t virt, uint64_t pages)
{
	pair_add(kernel, EFIMAP_TYPE_RUNTIME_DATA, 0x30000000, virt, pages, EFIMAP_ATTR_RUNTIME);
}

/* What is said of the pair as it was changed; it begins anew. */
static void expect(struct pair_of_kernels *pair, const char *name, const char *expected)
{
	pair_expect(pair, name, false, expected);
	pair_init(pair);
}

/* Memory of nobody over the first page of the code, in which `runtime` lies here */
TEST(memory_of_nobody_over_the_table)
{
	struct pair_of_kernels pair;
	struct kernel *first = &pair.first, *second = &pair.second;

	pair_init(&pair);
	add_data(second, TABLE, 1);
	expect(&pair, "over the table", OTHER);
	add_data(second, TABLE - 0x1000, 1);
	expect(&pair, "below the table", EXTRA);
	add_data(second, TABLE - 0x200 * EFIMAP_PAGE_SIZE, 0x200);
	expect(&pair, "up to the table, from 2 MiB before", EXTRA);
	add_data(second, TABLE - 0xfff * EFIMAP_PAGE_SIZE, 0x1000);
	expect(&pair, "16 MiB up to the end of the table", OTHER);
	/* No machine has memory beyond 52 bits. */
	add_data(second, TABLE, 1);
	pair_at(second, 0x30000000)->phys = EFIMAP_PHYS_LIMIT - 1;
	expect(&pair, "the last memory over the table", OTHER);
	add_data(second, TABLE, 1);
	pair_at(second, 0x30000000)->phys = EFIMAP_PHYS_LIMIT;
	expect(&pair, "no memory over the table", EXTRA);
	/* Its addresses end behind the last one. */
	add_data(second, TABLE, 0x200000);
	pair_at(second, 0x30000000)->phys = UINT64_C(0x100000000);
	expect(&pair, "no addresses over the table", EXTRA);
	pair_at(second, 0)->virt = TABLE;
	expect(&pair, "moved over the table",
	       "drift\ndrift-virt error none 7\ndrift-other-memory error does-not-boot 2\n");
	pair_at(first, 0)->virt = pair_at(second, 0)->virt = TABLE;
	expect(&pair, "over the table of both", SAME);
	/* FIRST does not tell where its table is. */
	first->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
	add_data(second, 0, 1);
	expect(&pair, "over nobody's table", EXTRA);
}

/* FIRST was kexec'ed too, so its `runtime` is a virtual address. */
TEST(the_table_of_one_that_was_kexeced)
{
	struct pair_of_kernels pair;
	struct kernel *first = &pair.first, *second = &pair.second;

	pair_init(&pair);
	first->boot_params.type_of_loader = 0xd0;
	first->runtime = UINT64_C(0xfffffffe00000000);
	second->runtime = first->runtime + 1;
	expect(&pair, "runtime that nobody maps", WRONG);
	first->boot_params.type_of_loader = 0xd0;
	first->runtime = second->runtime = UINT64_C(0xfffffffeff1ecb98);
	add_data(second, UINT64_C(0xfffffffeff1ec000), 1);
	expect(&pair, "over the table of one that was kexec'ed", OTHER);
	/* What begins inside a page does not come late before the next 2 MiB. */
	first->boot_params.type_of_loader = 0xd0;
	first->runtime = second->runtime = UINT64_C(0xfffffffeff0ecb98);
	add_data(second, UINT64_C(0xfffffffeff0ec018), 1);
	expect(&pair, "over the table among data, inside a page",
	       EXTRA "drift-other-memory error does-not-boot 3\n");
	first->boot_params.type_of_loader = 0xd0;
	first->runtime = second->runtime = 0x3f5ebb98 + 0x1000;
	expect(&pair, "runtime physical in both", SAME);
}

TEST(code_is_held_together)
{
	struct pair_of_kernels pair;
	struct kernel *first = &pair.first, *second = &pair.second;

	pair_init(&pair);
	add_data(second, pair_at(second, CODE)->virt + 0x2000, 2);
	expect(&pair, "over the code", OTHER);
	add_data(first, pair_at(first, CODE)->virt + 0x2000, 1);
	add_data(second, pair_at(second, CODE)->virt + 0x2000, 2);
	expect(&pair, "over the code before too",
	       "drift\ndrift-pages error runtime-services-fail 8\n");
	pair_at(second, CODE)->phys += 0x18;
	expect(&pair, "elsewhere in its page", IN_PAGE("none"));
	pair_at(second, CODE)->phys += 0x18;
	first->release = second->release = "5.6.0";
	expect(&pair, "elsewhere in its page before 5.7", IN_PAGE("runtime-services-fail"));
	pair_at(second, CODE)->type = EFIMAP_TYPE_RUNTIME_DATA;
	pair_at(second, CODE)->phys += 0x18;
	expect(&pair, "elsewhere in its page, as data", IN_PAGE("runtime-services-fail"));
}

TEST(addresses_are_held_together)
{
	struct pair_of_kernels pair;
	struct kernel *first = &pair.first, *second = &pair.second;

	pair_init(&pair);
	second->has_node = false;
	second->fw_vendor = UINT64_C(1) << 35;
	expect(&pair, "fw_vendor of 36 bits", POINTER("none"));
	second->has_node = false;
	second->fw_vendor = UINT64_C(1) << 36;
	expect(&pair, "fw_vendor of 37 bits", POINTER("does-not-boot"));
	second->boot_params.efi_info.systab = 0x1000;
	expect(&pair, "system table", POINTER("does-not-boot"));
	first->esrt = 0x3f52d000;
	second->esrt = 0x3f52c000;
	expect(&pair, "ESRT elsewhere", SAME "drift-table warning none\n");
	/* All ones: no table */
	first->esrt = UINT64_MAX;
	second->esrt = 0x3f52c000;
	expect(&pair, "no ESRT of FIRST", SAME);
	second->runtime = 0;
	expect(&pair, "runtime 0", WRONG);
	/* Kernels before 5.7 read what setup_data holds, and that is 0 from kexec_file_load. */
	first->release = second->release = "5.4.0";
	second->runtime = 0x1000;
	expect(&pair, "runtime elsewhere before 5.7", WRONG);
	second->node[3] = 0;
	expect(&pair, "no SMBIOS in the payload", "drift\ndrift-setup-data error none\n");
	first->smbios = second->smbios = 0;
	second->node[3] = 0x1000;
	expect(&pair, "SMBIOS of nobody, but an address",
	       "drift\ndrift-setup-data error does-not-boot\n");
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
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;
		const char *message;

		pair_init(&pair);
		pair.second.has_node = false;
		pair.second.fw_vendor = values[i].value;
		comparison = pair_compare(&pair);
		message = comparison->report->findings[0].message;
		if (!strstr(message, "a virtual address") == values[i].is_virtual)
			fail_msg("%s", message);
	}
}

#define DIFFERS(first, second)                                                             \
	"memmap differs: ranges in FIRST only: " #first ", in SECOND only: " #second

/* @in_ram: entries of drift-memmap-rt, and the ranges of drift-memmap-freed; it begins anew */
static void expect_ranges(struct pair_of_kernels *pair, const char *name, const char *says,
			  const char *in_ram, size_t n_facts)
{
	efimap_auto_comparison struct efimap_comparison *comparison = pair_compare(pair);
	const struct efimap_finding *differs = NULL;
	char found_in_ram[64] = "";

	for (size_t f = 0; f < comparison->report->n_findings; f++) {
		const struct efimap_finding *found = &comparison->report->findings[f];
		char *end = found_in_ram + strlen(found_in_ram);

		if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP)
			differs = found;
		if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP_RT)
			snprintf(end, 8, "%u ", found->entries[0]);
		if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP_FREED)
			snprintf(end, 16, "%zu freed ", found->n_evidence);
	}
	if (!differs != !says || (differs && (strcmp(differs->message, says) != 0 ||
					      differs->n_evidence != n_facts)))
		fail_msg("%s: %s, %zu facts", name, differs ? differs->message : "the same",
			 differs ? differs->n_evidence : 0);
	assert_string_equal(found_in_ram, in_ram);
	pair_init(pair);
}

/* /sys/firmware/memmap: what differs is told. */
TEST(ranges_are_held_together)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	expect_ranges(&pair, "the same", NULL, "", 0);
	pair.first.memmap[3].label = NULL;
	expect_ranges(&pair, "one more", DIFFERS(0, 1), "", 2);
	pair.second.memmap[3].label = NULL;
	expect_ranges(&pair, "one less", DIFFERS(1, 0), "", 2);
	pair.second.memmap[0].label = NULL;
	expect_ranges(&pair, "one less at the bottom", DIFFERS(1, 0), "", 2);
	pair.second.memmap[0].end--;
	expect_ranges(&pair, "another end", DIFFERS(1, 1), "", 3);
	pair.second.memmap[3].label = "ACPI Tables";
	expect_ranges(&pair, "another name", DIFFERS(1, 1), "", 3);
	for (size_t i = 0; i < 4; i++)
		pair.second.memmap[i] = pair.first.memmap[3 - i];
	expect_ranges(&pair, "turned round", NULL, "", 0);
	pair.first.memmap[0].label = "Reserved";
	pair.second.memmap[0].end = 0x3ffff;
	expect_ranges(&pair, "freed at the bottom", DIFFERS(1, 1), "1 freed ", 3);
}

/* What FIRST reserves is RAM of SECOND. */
static void free_range(struct pair_of_kernels *pair, uint64_t start, uint64_t end)
{
	pair->first.memmap[2].start = pair->second.memmap[2].start = start;
	pair->first.memmap[2].end = pair->second.memmap[2].end = end;
	pair->second.memmap[2].label = "System RAM";
}

/* Firmware memory is no RAM; also where the code is the first entry by number. */
TEST(ranges_are_held_against_entries)
{
	static const uint32_t code_first[] = { 2, 1, 0, 3, 4, 5, 6, 7 };
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair.first.memmap[2].label = pair.second.memmap[2].label = "System RAM";
	expect_ranges(&pair, "RAM in both", NULL, "", 0);
	pair.second.memmap[2].label = "System RAM";
	expect_ranges(&pair, "RAM in SECOND", DIFFERS(1, 1), "2 3 ", 3);
	pair.second.memmap[2].label = "System RAM";
	pair_renumber(&pair.first, code_first);
	pair_renumber(&pair.second, code_first);
	expect_ranges(&pair, "RAM in SECOND, first entry", DIFFERS(1, 1), "0 3 ", 3);
	pair.second.memmap[2].label = "System RAM";
	pair_at(&pair.first, CODE)->pages = pair_at(&pair.second, CODE)->pages = 0;
	expect_ranges(&pair, "RAM in SECOND, no pages", DIFFERS(1, 1), "3 ", 3);
	free_range(&pair, 0x3f400000, 0x3f4ebfff);
	expect_ranges(&pair, "below the data", DIFFERS(1, 1), "1 freed ", 3);
	free_range(&pair, 0x3f400000, 0x3f4ec000);
	expect_ranges(&pair, "up to the data", DIFFERS(1, 1), "3 ", 3);
	free_range(&pair, 0x3f6ebfff, 0x3f76bfff);
	pair_renumber(&pair.first, code_first);
	pair_renumber(&pair.second, code_first);
	expect_ranges(&pair, "from the code on", DIFFERS(1, 1), "0 ", 3);
	free_range(&pair, 0x3f6ec000, 0x3f76bfff);
	expect_ranges(&pair, "above the code", DIFFERS(1, 1), "1 freed ", 3);
	free_range(&pair, 0x3f400000, 0x3f4ebfff);
	pair.first.memmap[2].label = "Soft Reserved";
	expect_ranges(&pair, "by choice", DIFFERS(1, 1), "", 3);
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
