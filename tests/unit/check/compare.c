/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two kernels that differ in one thing: drift under one rule, or nothing. */
#include "check/verify.h"
#include "check/pair.h"

#define CODE UINT64_C(0x3f5ec000)
#define DATA UINT64_C(0x3f4ec000)
#define RT EFIMAP_ATTR_RUNTIME

static void no_map(struct pair_of_kernels *pair)
{
	pair->second.n_entries = 0;
	pair->second.states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
}

/* As one of the loaders does it: what is wrong must be found with both. */
static void begin(struct pair_of_kernels *pair, bool by_load)
{
	if (by_load)
		pair_init_load(pair);
	else
		pair_init(pair);
}

TEST(what_no_kernel_does_is_drift)
{
	for (int by_load = 0; by_load < 2; by_load++) {
		struct pair_of_kernels pair;

		begin(&pair, by_load);
		/* What SECOND frees without a word is no room for others. */
		pair_add(&pair.first, 4, 0x3eba2000, 0xfffffffefe5a2000, 4, 0xf);
		pair_at(&pair.second, 0x3eaa0000)->pages += 2;
		pair_expect(&pair, "data over what is freed", false,
			    "drift\ndrift-pages error runtime-services-fail 4\n");
		pair_at(&pair.first, 0x3eba2000)->attribute |= RT;
		pair.second.release = "4.8.0";
		pair_expect(&pair, "data over what an old kernel does not show", false,
			    "drift\ndrift-pages error runtime-services-fail 4\n");
		/* What is kept is lost with words. */
		pair_at(&pair.first, 0x3eba2000)->type = 6;
		pair.second.release = pair.first.release;
		pair_expect(&pair, "data over data", false,
			    "drift\ndrift-lost error runtime-services-fail 8\n");
		begin(&pair, by_load);
		pair_at(&pair.second, DATA)->pages = 0x80;
		pair_add(&pair.second, 6, DATA + 0x80000, 0xfffffffeff0ec000, 0x80, RT | 0xf);
		pair_expect(&pair, "split wrongly", false,
			    "drift\ndrift-virt error runtime-services-fail 3\n");
		begin(&pair, by_load);
		pair.second.node[1] = 0x1234;
		pair_expect(&pair, "another runtime in the payload", false,
			    "same\ndrift-setup-data warning none\n");
	}
}

/* Nor is it room for an entry that FIRST does not have, be it over several that are freed. */
TEST(what_is_freed_is_no_room)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair_add(&pair.first, 4, 0x3eba2000, 0xfffffffefe5a2000, 4, 0xf);
	pair_add(&pair.second, 6, 0x3eba3000, 0xfffffffefe5a3000, 1, RT | 0xf);
	pair_expect(&pair, "data within what is freed", false,
		    "drift\ndrift-extra error none 8\n");
	pair_add(&pair.first, 4, 0x3eba6000, 0xfffffffefe5a6000, 4, 0xf);
	pair_at(&pair.second, 0x3eba3000)->pages = 5;
	pair_expect(&pair, "data within two that are freed", false,
		    "drift\ndrift-extra error none 8\n");
}

TEST(what_a_kernel_does_is_a_note)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair_add(&pair.first, 0, 0, 0, 0, RT);
	pair_add(&pair.first, 0, UINT64_C(0xfffffffffffff000), 0, 16, RT);
	pair_expect(&pair, "firmware bug dropped", true,
		    "same\ndrift-lost note none 8,9\ndrift-order-same note none\n");
	/* Before 4.9 no kernel exports boot services, whatever it was handed. */
	pair_init(&pair);
	pair.first.release = "4.19.0";
	pair.second.release = "4.4.0";
	pair.second.runtime = pair.first.runtime;
	pair_remove(&pair.second, 0);
	pair_expect(&pair, "before 4.9", true,
		    "same\ndrift-lost note none 7\ndrift-order-same note none\n"
		    "drift-version note none\n");
}

static void none_before(struct pair_of_kernels *pair)
{
	no_map(pair);
	pair->first.n_entries = 0;
	pair->first.states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
}

/* Only whether there is EFI, and one source more, was collected. */
static void absent_but(struct kernel *kernel, enum efimap_source kept)
{
	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		if (i != EFIMAP_SRC_EFI && i != kept)
			kernel->states[i] = EFIMAP_STATE_ABSENT;
}

static void another_boot(struct pair_of_kernels *pair)
{
	pair->second.has_node = false;
	pair->second.boot_params = pair->first.boot_params;
	pair->second.runtime = pair->first.runtime;
}

/* As many as are tried; one more is nobody's order. */
TEST(kexec_load_is_known_again_and_again)
{
	static const char *const words[] = {
		"the entries arrived in the order in which sysfs lists them, as kexec_load hands "
		"them on",
		"the entries arrived in the order in which sysfs lists them, several times over: "
		"as after several kexec_load",
		"the entries arrived in an order that neither kexec_load nor kexec_file_load makes",
	};
	struct pair_of_kernels pair;

	pair_init(&pair);
	/* Each in a place of its own, and enough that no order comes back soon. */
	for (uint32_t i = 0; i < 12; i++) {
		pair_add(&pair.first, 6, 0x30000000 + 0x10000 * i, 0xfffffffef0000000 + 0x10000 * i,
			 1, RT | 0xf);
		pair_add(&pair.second, 6, 0x30000000 + 0x10000 * i,
			 0xfffffffef0000000 + 0x10000 * i, 1, RT | 0xf);
	}
	/* What is lost on the way leaves the others in their order. */
	pair_add(&pair.first, 0, 0, 0, 0, RT);
	for (int hops = 1; hops <= 5; hops++) {
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		const char *expected = words[hops == 1 ? 0 : hops <= 4 ? 1 : 2];
		bool found = false;
		struct kernel lost;

		if (hops == 1)
			pair_add(&pair.second, 0, 0, 0, 0, RT);
		pair_shuffle_as_sysfs(&pair.second);
		lost = pair.second;
		pair_drop_unsound(&lost);
		first = pair_build(&pair.first, "first");
		second = pair_build(&lost, "second");
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t i = 0; i < comparison->report->n_findings; i++)
			found |= strcmp(comparison->report->findings[i].message, expected) == 0;
		if (!found)
			fail_msg("%d times", hops);
		assert_int_equal(comparison->loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD);
	}
}

/* One entry has no order, two have. */
TEST(two_entries_have_an_order)
{
	struct pair_of_kernels pair;

	for (size_t n = 0; n <= 2; n++) {
		pair_init(&pair);
		pair.first.n_entries = pair.second.n_entries = 2;
		pair.second.n_entries = n;
		pair_expect(&pair, "in order", true,
			    n == 0 ? "not-received\ndrift-no-map error boots-without-efi\n" :
			    n == 1 ? "drift\ndrift-lost error runtime-services-fail 1\n" :
				     "same\ndrift-order-same note none\n");
	}
	pair_renumber(&pair.second, (const uint32_t[]){ 1, 0 });
	/* So does sysfs list the two. */
	pair_expect(&pair, "turned round", true, "same\ndrift-order-hash note none\n");
}

/* Who has no partner has no place in the order, be he the first. */
TEST(an_extra_entry_leaves_the_order)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair_add(&pair.second, 6, 0x30000000, 0xfffffffef0000000, 1, RT | 0xf);
	pair_renumber(&pair.second, (const uint32_t[]){ 8, 0, 1, 2, 3, 4, 5, 6, 7 });
	pair_expect(&pair, "extra", true,
		    "drift\ndrift-extra error none 0\ndrift-order-same note none\n");
}

/* What nothing is said of has a reason, and the reason names who lacks what. */
TEST(what_cannot_be_compared_is_named)
{
	static const struct {
		enum efimap_source source;
		enum efimap_rule_id rule;
		const char *what;
	} lacks[] = {
		{ EFIMAP_SRC_RUNTIME, EFIMAP_RULE_DRIFT_RUNTIME_POINTER,
		  "sys/firmware/efi/runtime was not read" },
		{ EFIMAP_SRC_SYSTAB, EFIMAP_RULE_DRIFT_SYSTAB,
		  "sys/firmware/efi/systab was not read" },
		{ EFIMAP_SRC_MEMMAP, EFIMAP_RULE_DRIFT_MEMMAP, "sys/firmware/memmap was not read" },
		{ EFIMAP_SRC_VERSION, EFIMAP_RULE_DRIFT_VERSION, "proc/version was not read" },
		{ EFIMAP_SRC_FW_VENDOR, EFIMAP_RULE_DRIFT_POINTER,
		  "sys/firmware/efi/fw_vendor was not read" },
		{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_RULE_DRIFT_POINTER,
		  "sys/firmware/efi/config_table was not read" },
		/* A log has no entries as files: their addresses may be made up. */
		{ EFIMAP_SRC_COUNT, EFIMAP_RULE_DRIFT_VIRT, "" },
	};

	for (size_t i = 0; i < 3 * ARRAY_SIZE(lacks); i++) {
		const enum efimap_source source = lacks[i / 3].source;
		const bool of_first = i % 3 == 0, of_second = i % 3 == 1;
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		const char *why = NULL, *who = of_first ? "FIRST" : "SECOND";
		struct pair_of_kernels pair;

		pair_init(&pair);
		pair.second.release = "6.12.1";
		if (source != EFIMAP_SRC_COUNT && of_first)
			pair.first.states[source] = EFIMAP_STATE_ABSENT;
		if (source != EFIMAP_SRC_COUNT && of_second)
			pair.second.states[source] = EFIMAP_STATE_ABSENT;
		first = pair_build(&pair.first, "first");
		second = pair_build(&pair.second, "second");
		if (source == EFIMAP_SRC_COUNT && (of_first || of_second))
			for (size_t e = 0; e < first->n_entries; e++)
				(of_first ? first : second)->entries[e].virt_from =
					EFIMAP_VIRT_UNKNOWN;
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t k = 0; k < comparison->report->n_skipped; k++)
			if (comparison->report->skipped[k].rule->id == lacks[i / 3].rule)
				why = comparison->report->skipped[k].why;
		if (!why != (i % 3 == 2) ||
		    (why && (strncmp(why, who, strlen(who)) != 0 ||
			     !strstr(why, lacks[i / 3].what))))
			fail_msg("row %zu: %s", i, why ? why : "not skipped");
		for (size_t k = 0; why && k < comparison->report->n_findings; k++)
			assert_int_not_equal(comparison->report->findings[k].rule->id,
					     lacks[i / 3].rule);
	}
}

TEST(without_a_name_there_is_no_other_release)
{
	struct pair_of_kernels pair;

	for (int i = 0; i < 3; i++) {
		pair_init(&pair);
		*(i == 1 ? &pair.first.release : &pair.second.release) = i ? "" : "6.12.1";
		pair_expect(&pair, "release", true,
			    i ? "same\ndrift-order-same note none\n" :
				"same\ndrift-order-same note none\ndrift-version note none\n");
	}
}

/* Each entry of either side shares memory with two, and has some of its own. */
TEST(more_rows_than_entries)
{
	struct pair_of_kernels pair;
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;

	pair_init(&pair);
	pair.first.n_entries = pair.second.n_entries = 0;
	for (uint64_t i = 0; i < 4; i++) {
		const uint64_t phys = 0x30000000 + 0x4000 * i;
		const uint64_t virt = 0xfffffffef0000000 + 0x4000 * i;

		pair_add(&pair.first, 6, phys, virt, 3, RT | 0xf);
		pair_add(&pair.second, 6, phys + 0x2000, virt + 0x2000, 3, RT | 0xf);
	}
	comparison = pair_compare(&pair);
	assert_int_equal(comparison->n_matches, 7 + 4 + 4);
}

/* Not even where something differs that would be drift. */
TEST(nothing_is_compared_with_a_stranger)
{
	static const char expected[] = "not-comparable\ndrift-not-kexec warning none\n";
	struct pair_of_kernels pair;

	pair_init(&pair);
	another_boot(&pair);
	pair_expect(&pair, "the same", true, expected);
	pair_at(&pair.second, CODE)->type = 7;
	pair_expect(&pair, "changed", true, expected);
	pair.second.n_entries = 7;
	pair_expect(&pair, "lost", true, expected);
	pair_init(&pair);
	for (size_t i = 0; i < pair.second.n_entries; i++)
		pair.second.entries[i].phys += UINT64_C(1) << 40;
	pair_expect(&pair, "elsewhere", true,
		    "not-comparable\ndrift-other-machine warning none\n");
	pair_init(&pair);
	another_boot(&pair);
	none_before(&pair);
	absent_but(&pair.first, EFIMAP_SRC_BOOT_PARAMS);
	absent_but(&pair.second, EFIMAP_SRC_BOOT_PARAMS);
	pair.first.boot_params.efi_info.systab = 0;
	pair_expect(&pair, "nothing in common", true, expected);
}

TEST(a_map_does_not_come_from_nowhere)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair.first.n_entries = 0;
	pair.first.states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	pair.second.n_entries = 2;
	pair_expect(&pair, "handed over", false,
		    "drift\ndrift-extra error none 0\ndrift-extra error none 1\n");
	pair.first.cmdline = "efi=noruntime";
	pair_expect(&pair, "efi=noruntime", false,
		    "drift\ndrift-extra error none 0\ndrift-extra error none 1\n");
	another_boot(&pair);
	pair_expect(&pair, "another boot", true,
		    "not-comparable\ndrift-not-kexec warning none\n");
}

TEST(nothing_differs_from_itself)
{
	struct pair_of_kernels pair;

	pair_init_load(&pair);
	pair.first = pair.second;
	pair_expect(&pair, "same boot", true, "same\n");
	pair.first.boot_id = pair.second.boot_id = "";
	pair_expect(&pair, "no boot_id", true, "same\n");
	pair_first(&pair.first);
	pair.second = pair.first;
	pair_expect(&pair, "first", true, "same\n");
	pair_shuffle_as_sysfs(&pair.second);
	pair_expect(&pair, "shuffled", true, "same\ndrift-order-other warning none\n");
	pair_at(&pair.second, CODE)->virt += 0x1000;
	pair_expect(&pair, "changed", false,
		    "drift\ndrift-virt error runtime-services-fail 2\n"
		    "drift-order-other warning none\n");
}

TEST(without_anything_in_common_there_is_no_verdict)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	memset(pair.second.states, 0, sizeof(pair.second.states));
	pair.second.n_entries = 0;
	pair_expect(&pair, "nothing of SECOND", true, "not-comparable\n");
	pair_init(&pair);
	memset(pair.first.states, 0, sizeof(pair.first.states));
	pair.first.n_entries = 0;
	pair_expect(&pair, "nothing of FIRST", true, "not-comparable\n");
	pair_init(&pair);
	no_map(&pair);
	pair.second.states[EFIMAP_SRC_EFI] = EFIMAP_STATE_ABSENT;
	pair.second.states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_ABSENT;
	pair.second.states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
	pair.second.states[EFIMAP_SRC_CONFIG_TABLE] = EFIMAP_STATE_ABSENT;
	pair.second.states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_ABSENT;
	pair.second.has_node = false;
	memset(&pair.second.boot_params.efi_info, 0, sizeof(pair.second.boot_params.efi_info));
	pair.first = pair.second;
	pair_expect(&pair, "no EFI in either", true, "not-comparable\n");
	pair_init(&pair);
	none_before(&pair);
	absent_but(&pair.first, EFIMAP_SRC_BOOT_PARAMS);
	pair.first.boot_params.efi_info.systab = 0;
	pair_expect(&pair, "nothing to hold together", true, "not-comparable\n");
	pair_init(&pair);
	pair.second.states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_DENIED;
	pair_expect(&pair, "denied", true, "denied\n");
	/* Nor is what could be compared without it. */
	pair.second.acpi20++;
	pair_expect(&pair, "denied, and another RSDP", true, "denied\n");
}

/* Who is named, and what of. */
TEST(a_refusal_has_its_reason)
{
	static const char none[] = "nothing of sys/firmware was collected, so this capture does "
				   "not say whether the kernel was booted with EFI";
	static const char taken[] = "the kernel was booted with EFI, but sys/firmware/efi was not "
				    "collected";
	static const char off[] = "this kernel runs without EFI, so it had nothing to hand over";
	static const struct {
		const char *name;
		/* What the two have: EFI, memmap, boot_params, and in these the sign of EFI */
		bool first[4], second[4];
		bool kexeced[2];
		const char *who, *reason;
	} rows[] = {
		{ "nothing of FIRST", { 0 }, { 1, 1, 1, 1 }, { 0, 1 }, "first: ", none },
		{ "nothing of SECOND", { 1, 1, 1, 1 }, { 0 }, { 0, 1 }, "second: ", none },
		{ "nothing of either", { 0 }, { 0 }, { 0, 1 }, "first: ", none },
		{ "EFI of FIRST", { 0, 0, 1, 1 }, { 1, 1, 1, 1 }, { 0, 1 }, "first: ", taken },
		{ "memmap of FIRST", { 0, 1, 0 }, { 1, 1, 1, 1 }, { 0, 1 }, "first: ", off },
		{ "no EFI in FIRST", { 0, 0, 1 }, { 1, 1, 1, 1 }, { 0, 1 }, "first: ", off },
		{ "no EFI in either", { 0, 1, 1 }, { 0, 1, 1 }, { 0, 1 }, "first: ", off },
		{ "kexec'ed twice", { 0, 1, 1 }, { 1, 1, 1, 1 }, { 1, 1 }, "first: ", off },
		{ "never kexec'ed", { 0, 1, 1 }, { 1, 1, 1, 1 }, { 0, 0 }, "", "" },
		{ "swapped", { 0, 1, 1 }, { 1, 1, 1, 1 }, { 1, 0 }, "", "" },
		{ "no EFI in SECOND", { 1, 1, 1, 1 }, { 0, 1, 1 }, { 0, 1 }, "", "" },
		{ "EFI alone", { 1, 0, 0 }, { 1, 0, 0 }, { 0, 0 }, "", "" },
	};
	static const enum efimap_source sources[] = { EFIMAP_SRC_EFI, EFIMAP_SRC_MEMMAP,
						      EFIMAP_SRC_BOOT_PARAMS };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;
		char reason[256];

		pair_init(&pair);
		pair.second.has_node = false;
		pair.second.boot_params = pair.first.boot_params;
		pair.second.runtime = pair.first.runtime;
		for (int side = 0; side < 2; side++) {
			struct kernel *kernel = side ? &pair.second : &pair.first;

			if (rows[i].kexeced[side])
				kernel->cmdline = "elfcorehdr=1621364K";
			for (size_t k = 0; k < ARRAY_SIZE(sources); k++)
				if (!(side ? rows[i].second : rows[i].first)[k])
					kernel->states[sources[k]] = EFIMAP_STATE_ABSENT;
			if (!(side ? rows[i].second : rows[i].first)[3])
				*kernel->boot_params.efi_info.signature = '\0';
		}
		comparison = pair_compare(&pair);
		snprintf(reason, sizeof(reason), "%s%s", rows[i].who, rows[i].reason);
		if (strcmp(comparison->report->reason, reason) != 0 ||
		    (rows[i].reason == off &&
		     comparison->report->n_findings + comparison->report->n_skipped > 0))
			fail_msg("%s: %s", rows[i].name, comparison->report->reason);
	}
}

TEST(a_map_that_is_not_known_whole_is_not_compared)
{
	static const struct {
		enum efimap_source source;
		enum efimap_fault_kind kind;
		enum efimap_missed missed;
		enum efimap_map_from map_from;
	} rows[] = {
		{ EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_SYNTAX, EFIMAP_MISSED_ALL_UNREADABLE, 0 },
		{ EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_MISSING, EFIMAP_MISSED_ALL_UNREADABLE, 0 },
		{ EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_DENIED, EFIMAP_MISSED_ALL_DENIED, 0 },
		{ EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_EXTRA, EFIMAP_MISSED_NOTHING, 0 },
		{ EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_NAME, EFIMAP_MISSED_UNREADABLE, 0 },
		{ EFIMAP_SRC_EFI, EFIMAP_FAULT_IO, EFIMAP_MISSED_ALL_UNREADABLE, 0 },
		{ EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_SYNTAX, EFIMAP_MISSED_UNREADABLE, 0 },
		/* What a log lost matters where the map comes from it. */
		{ EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, EFIMAP_MISSED_NOTHING,
		  EFIMAP_MAP_FROM_FILES },
		{ EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, EFIMAP_MISSED_ALL_UNREADABLE,
		  EFIMAP_MAP_FROM_RUNTIME },
		{ EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_SYNTAX, EFIMAP_MISSED_UNREADABLE,
		  EFIMAP_MAP_FROM_RUNTIME },
	};
	struct pair_of_kernels pair;

	pair_init(&pair);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *first = pair_build(&pair.first, "first");
		efimap_auto_map struct efimap *second = pair_build(&pair.second, "second");
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		const struct efimap_fault fault = { rows[i / 2].source, rows[i / 2].kind, 3, 0,
						    "where", "text" };

		first->map_from = second->map_from = rows[i / 2].map_from;
		assert_int_equal(efimap_add_fault(i % 2 ? first : second, &fault), 0);
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		assert_int_equal(comparison->report->missed, rows[i / 2].missed);
		/* What is refused is not judged. */
		if (!efimap_report_is_judged(comparison->report)) {
			assert_int_equal(comparison->report->n_findings, 0);
			assert_int_equal(comparison->report->n_skipped, 0);
			assert_int_equal(comparison->n_matches, 0);
		}
		if (rows[i / 2].missed == EFIMAP_MISSED_ALL_UNREADABLE)
			assert_string_equal(comparison->report->reason,
					    i % 2 ? "first: where: text" :
						    "second: where: text");
		if (rows[i / 2].missed == EFIMAP_MISSED_ALL_DENIED)
			assert_string_equal(comparison->report->reason,
					    i % 2 ? "first: where: may not be read without root" :
						    "second: where: may not be read without root");
	}
}

#define RECEIVED(how) "drift\ndrift-setup-data " how "\n"

/* One fact that both have is enough, and what SECOND received stands for what it lost. */
TEST(one_thing_in_common_is_compared)
{
	static const struct {
		const char *name;
		enum efimap_source first, second;
		bool has_node, is_firmware, has_systab;
		const char *verdict;
		/* Nothing of it is what FIRST has. */
		bool is_other_node;
	} rows[] = {
		{ "fw_vendor", EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_FW_VENDOR,
		  .verdict = "not-received\n" },
		{ "two facts", EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_SYSTAB,
		  .verdict = "not-comparable\n" },
		{ "fw_vendor received", EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_SETUP_DATA, true,
		  .verdict = "not-comparable\n" },
		{ "another fw_vendor received", EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_SETUP_DATA, true,
		  .verdict = RECEIVED("error none"), .is_other_node = true },
		{ "another config_table received", EFIMAP_SRC_CONFIG_TABLE, EFIMAP_SRC_SETUP_DATA,
		  true, .verdict = RECEIVED("error does-not-boot"), .is_other_node = true },
		{ "another SMBIOS received", EFIMAP_SRC_SYSTAB, EFIMAP_SRC_SETUP_DATA, true,
		  .verdict = RECEIVED("error does-not-boot"), .is_other_node = true },
		{ "nothing to hold it against", EFIMAP_SRC_RUNTIME, EFIMAP_SRC_SETUP_DATA,
		  true, .verdict = "not-comparable\n" },
		{ "the system table", EFIMAP_SRC_EFI, EFIMAP_SRC_EFI, .has_systab = true,
		  .verdict = "drift\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct pair_of_kernels pair;

		pair_init(&pair);
		none_before(&pair);
		absent_but(&pair.first, EFIMAP_SRC_BOOT_PARAMS);
		absent_but(&pair.second, EFIMAP_SRC_BOOT_PARAMS);
		pair.first.states[rows[i].first] = EFIMAP_STATE_PRESENT;
		pair.second.states[rows[i].second] = EFIMAP_STATE_PRESENT;
		pair.second.has_node = rows[i].has_node;
		for (size_t k = 0; rows[i].is_other_node && k < 4; k++)
			pair.second.node[k] = 0x1234000;
		if (!rows[i].has_systab)
			pair.first.boot_params.efi_info.systab = 0;
		pair_expect(&pair, rows[i].name, false, rows[i].verdict);
	}
}

/* Where nothing was compared, what could not be read decides. */
TEST(what_could_not_be_read_decides_where_nothing_was)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	none_before(&pair);
	absent_but(&pair.first, EFIMAP_SRC_BOOT_PARAMS);
	pair.first.boot_params.efi_info.systab = 0;
	pair.first.states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_DENIED;
	pair_expect(&pair, "denied", false, "denied\n");
}

/* A map of one entry is one. */
TEST(one_entry_is_compared)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair.first.n_entries = 1;
	no_map(&pair);
	absent_but(&pair.first, EFIMAP_SRC_RUNTIME_MAP);
	absent_but(&pair.second, EFIMAP_SRC_RUNTIME_MAP);
	pair_expect(&pair, "nobody has looked", false, "not-comparable\n");
	pair.second.states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_PRESENT;
	pair_expect(&pair, "one entry", false,
		    "not-received\ndrift-no-map error boots-without-efi\n");
	pair_init(&pair);
	pair.first.n_entries = pair.second.n_entries = 2;
	pair_renumber(&pair.first, (const uint32_t[]){ 1, 0 });
	pair_renumber(&pair.second, (const uint32_t[]){ 1, 0 });
	pair.first.n_entries = pair.second.n_entries = 1;
	pair.second.memmap[3].label = "System RAM";
	pair_expect(&pair, "in RAM", false, "drift\ndrift-memmap-rt error memory-at-risk 0\n");
}

/* All that is asked of larger maps is asked of it, and it is called one. */
TEST(one_entry_is_asked_all)
{
	size_t n_tried = 0;

	for (size_t n = 2; n > 0; n--) {
		efimap_auto_comparison struct efimap_comparison *comparison = NULL, *lost = NULL;
		struct pair_of_kernels pair;

		pair_init(&pair);
		pair.first.n_entries = pair.second.n_entries = n;
		comparison = pair_compare(&pair);
		assert_true(comparison->report->n_tried > 0);
		assert_true(!n_tried || comparison->report->n_tried == n_tried);
		n_tried = comparison->report->n_tried;
		no_map(&pair);
		lost = pair_compare(&pair);
		assert_string_equal(lost->report->findings[0].first, "a runtime map");
	}
}

/* What a log does not show may have arrived all the same, whichever of the two it is. */
TEST(a_log_leaves_open_what_arrived)
{
	for (int side = 0; side < 2; side++) {
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;
		struct kernel *log = side ? &pair.second : &pair.first;

		pair_init(&pair);
		log->n_entries = 0;
		log->origin = EFIMAP_ORIGIN_LOG;
		absent_but(log, EFIMAP_SRC_KERNEL_LOG);
		comparison = pair_compare(&pair);
		assert_int_equal(comparison->arrived, EFIMAP_COMPARED_NOT_SHOWN);
	}
}

/* What a loader wrote is a fault of the handover, and of no kernel that is held against itself. */
TEST(what_a_loader_wrote_is_judged_with_a_handover)
{
	struct pair_of_kernels pair;

	pair_init_load(&pair);
	pair.second.boot_params.efi_info.systab = 0;
	for (size_t i = 2; i-- > 0; pair.first = pair.second) {
		efimap_auto_comparison struct efimap_comparison *comparison = pair_compare(&pair);

		assert_int_equal(scene_count(comparison->report, EFIMAP_RULE_EFI_INFO_ADDR_ZERO),
				 i);
	}
}
