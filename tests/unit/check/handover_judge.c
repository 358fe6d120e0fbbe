/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has EFI been received, and which causes fit if not? */
#include "check/verify.h"
#include "check/pair.h"

static void without_map(struct kernel *kernel)
{
	kernel->n_entries = 0;
	kernel->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
}

static void without_efi(struct kernel *kernel)
{
	without_map(kernel);
	kernel->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_ABSENT;
	kernel->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
}

static void without_nodes(struct kernel *kernel)
{
	kernel->has_node = false;
	kernel->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
}

static void sent_nothing(struct kernel *kernel)
{
	without_efi(kernel);
	without_nodes(kernel);
	kernel->boot_params.xloadflags = EFIMAP_XLF_EFI_KEXEC;
	memset(&kernel->boot_params.efi_info, 0, sizeof(kernel->boot_params.efi_info));
}

/* @reason, @why: words of the reason, and of why the first cause fits */
struct expected {
	enum efimap_received received;
	const char *first_cause;
	enum efimap_fit fit;
	const char *reason, *why;
};

/* What is told of the second kernel as it was changed; the pair begins anew. */
static void expect(struct pair_of_kernels *pair, const char *name, struct expected expected)
{
	efimap_auto_map struct efimap *map = pair_build(&pair->second, "second");
	efimap_auto_receipt struct efimap_receipt *receipt = NULL;

	assert_int_equal(efimap_handover_judge(map, &receipt), 0);
	if (receipt->received != expected.received)
		fail_msg("%s: %s", name, efimap_received_name(receipt->received));
	if ((receipt->n_causes > 0) != (expected.first_cause != NULL))
		fail_msg("%s: %zu causes", name, receipt->n_causes);
	if (expected.first_cause && (strcmp(receipt->causes[0].name, expected.first_cause) != 0 ||
				     receipt->causes[0].fit != expected.fit))
		fail_msg("%s: %s", name, receipt->causes[0].name);
	if (expected.reason && !strstr(receipt->reason, expected.reason))
		fail_msg("%s: %s", name, receipt->reason);
	if (expected.why && !strstr(receipt->causes[0].why, expected.why))
		fail_msg("%s: %s", name, receipt->causes[0].why);
	for (size_t i = 1; i < receipt->n_causes; i++) {
		assert_true(receipt->causes[i - 1].fit <= receipt->causes[i].fit);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(receipt->causes[k].name,
						receipt->causes[i].name);
	}
	pair_init_load(pair);
}

#define NO(...) (struct expected){ EFIMAP_RECEIVED_NO, __VA_ARGS__ }
#define YES(...) (struct expected){ EFIMAP_RECEIVED_YES, __VA_ARGS__ }

TEST(what_was_not_received_has_causes)
{
	struct pair_of_kernels pair;
	struct kernel *kernel = &pair.second;

	pair_init_load(&pair);
	sent_nothing(kernel);
	kernel->cmdline = "noefi";
	expect(&pair, "nothing sent, noefi",
	       NO("noruntime-before", EFIMAP_FIT_POSSIBLE, NULL,
		  "this kernel's command line turns runtime services off"));
	sent_nothing(kernel);
	expect(&pair, "nothing sent",
	       NO("noruntime-before", EFIMAP_FIT_POSSIBLE, "kexec, which passed no EFI",
		  "the kernel before had no map to hand over"));
	sent_nothing(kernel);
	kernel->boot_params.xloadflags = 0;
	expect(&pair, "nothing sent to an image without EFI",
	       NO("image-without-efi", EFIMAP_FIT_CERTAIN));
	sent_nothing(kernel);
	kernel->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	kernel->cmdline = "elfcorehdr=1621364K";
	expect(&pair, "crash kernel", NO("noruntime-before", EFIMAP_FIT_POSSIBLE));
	without_efi(kernel);
	kernel->has_node = false;
	kernel->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_DENIED;
	expect(&pair, "not taken, nodes not readable",
	       NO("kernel-without-efi", EFIMAP_FIT_POSSIBLE));
	without_map(kernel);
	kernel->boot_params.efi_info.memmap = 0x101000;
	kernel->boot_params.efi_info.memmap_size = 0x40001;
	expect(&pair, "a byte more than 256 KiB", NO("map-too-big", EFIMAP_FIT_CERTAIN));
}

TEST(what_was_received_is_told)
{
	struct pair_of_kernels pair;
	struct kernel *kernel = &pair.second;

	pair_init_load(&pair);
	/* Nobody looked for what it is that this kernel runs without. */
	without_efi(kernel);
	kernel->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
	expect(&pair, "not collected", YES("kernel-without-runtime-map", EFIMAP_FIT_POSSIBLE));
	kernel->n_entries = 0;
	expect(&pair, "an empty map",
	       YES(NULL, 0, "EFI was handed over, with its runtime map"));
	without_map(kernel);
	kernel->cmdline = "efi=noruntime";
	expect(&pair, "efi=noruntime", YES("noruntime-here", EFIMAP_FIT_CERTAIN));
	without_nodes(kernel);
	kernel->boot_params.setup_data = 0x2e000;
	expect(&pair, "nodes that are not listed", YES(NULL));
	without_nodes(kernel);
	kernel->boot_params.setup_data = 0;
	kernel->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	kernel->cmdline = "elfcorehdr=1621364K";
	expect(&pair, "nothing is known of nodes", YES(NULL));
	without_map(kernel);
	kernel->boot_params.efi_info.memmap = 0x101000;
	kernel->boot_params.efi_info.memmap_size = 0x40000;
	expect(&pair, "256 KiB", YES("kernel-without-runtime-map", EFIMAP_FIT_POSSIBLE));
}

/* A log shows less, and says so; what is known comes first. */
TEST(a_log_tells_what_it_shows)
{
	static const struct {
		bool is_kexec, is_foreign, has_start, has_efi;
		size_t n_entries;
		const char *answer;
	} logs[] = {
		{ 0, 1, 1, 1, 0, "not known who started it: its log is of another architecture" },
		{ 0, 0, 0, 1, 0, "not known who started it: its log does not begin with the boot" },
		{ 0, 0, 1, 0, 0, "it runs without EFI, and its log does not tell who started it" },
		{ 0, 0, 1, 1, 0, "not known who started it: its log shows no trace of kexec" },
		{ 1, 0, 0, 0, 0, "it was started by kexec; whether EFI was handed over" },
		{ 1, 0, 1, 0, 0, "runs without EFI: it was started by kexec, which passed no EFI; "
				 "its log has no line \"efi:\"" },
		{ 1, 0, 1, 1, 0, "got EFI from the kernel before; with which map, this log" },
		{ 1, 0, 1, 1, 8, "has EFI runtime services, handed over by the kernel before" },
	};
	static const char subject[] = "This kernel: ";

	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		efimap_auto_receipt struct efimap_receipt *receipt = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct pair_of_kernels pair;
		const char *answer;

		pair_init(&pair);
		sent_nothing(&pair.second);
		pair.second.states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
		pair.second.n_entries = logs[i].n_entries;
		pair.second.release = "7.2.0";
		pair.second.origin = EFIMAP_ORIGIN_LOG;
		map = pair_build(&pair.second, "second");
		map->is_other_arch = logs[i].is_foreign;
		map->log_has_start = logs[i].has_start;
		if (logs[i].has_efi)
			map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
		if (logs[i].is_kexec)
			map->log_loaded_by = EFIMAP_LOADED_BY_KEXEC_LOAD;
		if (logs[i].n_entries)
			map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
		assert_int_equal(efimap_handover_judge(map, &receipt), 0);
		answer = receipt->report->answer;
		if (strncmp(answer, subject, strlen(subject)) != 0 ||
		    strncmp(answer + strlen(subject), logs[i].answer, strlen(logs[i].answer)) != 0)
			fail_msg("row %zu: %s", i, answer);
	}
}

/* What was handed over is looked at by itself, as far as it is known. */
TEST(what_was_handed_over_is_checked)
{
	static const char no_table[] =
		"runs without EFI: the address of the system table was not handed over";
	/* Entries that are left; whether one more could not be read, and no table was passed. */
	static const struct {
		const char *name;
		size_t n_entries;
		bool has_no_map, has_unread_entry, has_no_table;
		const char *rule, *answer;
	} checks[] = {
		{ "an empty map", 0, false, false, false, NULL, "has EFI runtime services" },
		{ "all but one dropped", 1, false, false, false, "efi-info-count", "has EFI" },
		{ "dropped, and not all read", 7, false, true, false, NULL,
		  "got EFI from the kernel before; its runtime map could not be read" },
		{ "not all read, no table", 8, false, true, true, "efi-info-addr-zero", no_table },
		{ "neither map nor table", 0, true, false, true, "efi-info-addr-zero", no_table },
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		efimap_auto_receipt struct efimap_receipt *receipt = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct pair_of_kernels pair;
		const char *found;

		pair_init_load(&pair);
		pair.second.boot_params.efi_info = (struct efimap_efi_info){
			.signature = "EL64",
			.systab = checks[i].has_no_table ? 0 : 0x3f5eb018,
			.desc_size = 40,
			.desc_version = 1,
			.memmap = 0x101000,
			.memmap_size = 40 * (uint32_t)pair.second.n_entries,
		};
		if (checks[i].has_no_map)
			without_map(&pair.second);
		pair.second.n_entries = checks[i].n_entries;
		map = pair_build(&pair.second, "second");
		for (uint32_t k = 0; checks[i].has_unread_entry && k <= map->n_entries; k++)
			assert_int_equal(efimap_add_name(map, k), 0);
		assert_int_equal(efimap_handover_judge(map, &receipt), 0);
		found = receipt->report->n_findings ? receipt->report->findings[0].rule->name :
						      NULL;
		if (receipt->report->n_findings > 1 || !found != !checks[i].rule ||
		    (found && strcmp(found, checks[i].rule) != 0))
			fail_msg("%s: %s", checks[i].name, found ? found : "nothing");
		if (!strstr(receipt->report->answer, checks[i].answer))
			fail_msg("%s: %s", checks[i].name, receipt->report->answer);
	}
}
