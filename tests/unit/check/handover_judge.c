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

static void sent_nothing(struct kernel *kernel)
{
	without_efi(kernel);
	kernel->has_node = false;
	kernel->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
	kernel->boot_params.xloadflags = EFIMAP_XLF_EFI_KEXEC;
	memset(&kernel->boot_params.efi_info, 0, sizeof(kernel->boot_params.efi_info));
}

static void crash_kernel_alone(struct kernel *kernel)
{
	sent_nothing(kernel);
	kernel->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	kernel->cmdline = "elfcorehdr=1621364K";
}

static void noruntime(struct kernel *kernel)
{
	without_map(kernel);
	kernel->cmdline = "efi=noruntime";
}

static void sent_nothing_noefi(struct kernel *kernel)
{
	sent_nothing(kernel);
	kernel->cmdline = "noefi";
}

static void sent_nothing_to_the_image(struct kernel *kernel)
{
	sent_nothing(kernel);
	kernel->boot_params.xloadflags = 0;
}

static bool has_unread_entry;

static void an_entry_less(struct kernel *kernel)
{
	has_unread_entry = true;
}

static void an_entry_less_and_no_table(struct kernel *kernel)
{
	an_entry_less(kernel);
	kernel->boot_params.efi_info.systab = 0;
}

static void neither_map_nor_table(struct kernel *kernel)
{
	without_map(kernel);
	kernel->boot_params.efi_info.systab = 0;
}

static void without_efi_and_nodes(struct kernel *kernel)
{
	without_efi(kernel);
	kernel->has_node = false;
	kernel->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_DENIED;
}

static void without_entries(struct kernel *kernel)
{
	kernel->n_entries = 0;
}

static void one_entry(struct kernel *kernel)
{
	kernel->n_entries = 1;
}

static void an_entry_dropped_and_one_less(struct kernel *kernel)
{
	kernel->n_entries--;
	an_entry_less(kernel);
}

static void nothing_to_list(struct kernel *kernel)
{
	kernel->has_node = false;
	kernel->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
	kernel->boot_params.setup_data = 0;
}

static void not_listed(struct kernel *kernel)
{
	nothing_to_list(kernel);
	kernel->boot_params.setup_data = 0x2e000;
}

static void nothing_known_of_nodes(struct kernel *kernel)
{
	nothing_to_list(kernel);
	kernel->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	kernel->cmdline = "elfcorehdr=1621364K";
}

static void as_large_as_can_be_mapped(struct kernel *kernel)
{
	without_map(kernel);
	kernel->boot_params.efi_info.memmap = 0x101000;
	kernel->boot_params.efi_info.memmap_size = 0x40000;
}

static void a_byte_too_large(struct kernel *kernel)
{
	as_large_as_can_be_mapped(kernel);
	kernel->boot_params.efi_info.memmap_size++;
}

/* Nobody looked for what it is that this kernel runs without. */
static void nothing_of_firmware(struct kernel *kernel)
{
	without_efi(kernel);
	kernel->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_ABSENT;
}

static const struct row {
	const char *name;
	void (*change)(struct kernel *kernel);
	enum efimap_received received;
	const char *first_cause;
	enum efimap_fit fit;
	/* Words of the reason, and of why the first cause fits. */
	const char *reason;
	const char *why;
} rows[] = {
	{ "nothing sent, noefi", sent_nothing_noefi, EFIMAP_RECEIVED_NO, "noruntime-before",
	  EFIMAP_FIT_POSSIBLE, NULL, "this kernel's command line turns runtime services off" },
	{ "nothing sent", sent_nothing, EFIMAP_RECEIVED_NO, "noruntime-before",
	  EFIMAP_FIT_POSSIBLE, "kexec, which passed no EFI",
	  "the kernel before had no map to hand over" },
	{ "nothing sent to an image without EFI", sent_nothing_to_the_image, EFIMAP_RECEIVED_NO,
	  "image-without-efi", EFIMAP_FIT_CERTAIN },
	{ "crash kernel", crash_kernel_alone, EFIMAP_RECEIVED_NO, "noruntime-before",
	  EFIMAP_FIT_POSSIBLE },
	{ "not taken, nodes not readable", without_efi_and_nodes, EFIMAP_RECEIVED_NO,
	  "kernel-without-efi", EFIMAP_FIT_POSSIBLE },
	{ "not collected", nothing_of_firmware, EFIMAP_RECEIVED_YES,
	  "kernel-without-runtime-map", EFIMAP_FIT_POSSIBLE },
	{ "an empty map", without_entries, EFIMAP_RECEIVED_YES, NULL, 0,
	  "EFI was handed over, with its runtime map" },
	{ "efi=noruntime", noruntime, EFIMAP_RECEIVED_YES, "noruntime-here",
	  EFIMAP_FIT_CERTAIN },
	{ "nodes that are not listed", not_listed, EFIMAP_RECEIVED_YES, NULL, 0 },
	{ "nothing is known of nodes", nothing_known_of_nodes, EFIMAP_RECEIVED_YES, NULL, 0 },
	{ "256 KiB", as_large_as_can_be_mapped, EFIMAP_RECEIVED_YES,
	  "kernel-without-runtime-map", EFIMAP_FIT_POSSIBLE },
	{ "a byte more", a_byte_too_large, EFIMAP_RECEIVED_NO, "map-too-big",
	  EFIMAP_FIT_CERTAIN },
};

static void judge(const struct row *row)
{
	efimap_auto_receipt struct efimap_receipt *receipt = NULL;
	efimap_auto_map struct efimap *map = NULL;
	struct pair_of_kernels pair;

	pair_init_load(&pair);
	has_unread_entry = false;
	row->change(&pair.second);
	map = pair_build(&pair.second, "second");
	for (uint32_t i = 0; has_unread_entry && i <= map->n_entries; i++)
		assert_int_equal(efimap_add_name(map, i), 0);
	assert_int_equal(efimap_handover_judge(map, &receipt), 0);
	if (receipt->received != row->received)
		fail_msg("%s: %s", row->name, efimap_received_name(receipt->received));
	if ((receipt->n_causes > 0) != (row->first_cause != NULL))
		fail_msg("%s: %zu causes", row->name, receipt->n_causes);
	if (row->first_cause && (strcmp(receipt->causes[0].name, row->first_cause) != 0 ||
				 receipt->causes[0].fit != row->fit))
		fail_msg("%s: %s", row->name, receipt->causes[0].name);
	if (row->reason && !strstr(receipt->reason, row->reason))
		fail_msg("%s: %s", row->name, receipt->reason);
	if (row->why && !strstr(receipt->causes[0].why, row->why))
		fail_msg("%s: %s", row->name, receipt->causes[0].why);
	for (size_t i = 1; i < receipt->n_causes; i++) {
		assert_true(receipt->causes[i - 1].fit <= receipt->causes[i].fit);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(receipt->causes[k].name,
						receipt->causes[i].name);
	}
}

TEST(what_was_received_is_told)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		judge(&rows[i]);
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
		map = pair_build(&pair.second, "second");
		map->origin = EFIMAP_ORIGIN_LOG;
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
	static const struct {
		const char *name;
		void (*change)(struct kernel *kernel);
		const char *rule, *answer;
	} checks[] = {
		{ "an empty map", without_entries, NULL, "has EFI runtime services" },
		{ "all but one dropped", one_entry, "efi-info-count", "has EFI" },
		{ "dropped, and not all read", an_entry_dropped_and_one_less, NULL,
		  "got EFI from the kernel before; its runtime map could not be read" },
		{ "not all read, no table", an_entry_less_and_no_table, "efi-info-addr-zero",
		  "runs without EFI: the address of the system table was not handed over" },
		{ "neither map nor table", neither_map_nor_table, "efi-info-addr-zero",
		  "runs without EFI: the address of the system table was not handed over" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		efimap_auto_receipt struct efimap_receipt *receipt = NULL;
		efimap_auto_map struct efimap *map = NULL;
		struct pair_of_kernels pair;
		const char *found;

		pair_init_load(&pair);
		pair.second.boot_params.efi_info = (struct efimap_efi_info){
			.signature = "EL64",
			.systab = 0x3f5eb018,
			.desc_size = 40,
			.desc_version = 1,
			.memmap = 0x101000,
			.memmap_size = 40 * (uint32_t)pair.second.n_entries,
		};
		has_unread_entry = false;
		checks[i].change(&pair.second);
		map = pair_build(&pair.second, "second");
		for (uint32_t k = 0; has_unread_entry && k <= map->n_entries; k++)
			assert_int_equal(efimap_add_name(map, k), 0);
		assert_int_equal(efimap_handover_judge(map, &receipt), 0);
		found = receipt->report->n_findings ? receipt->report->findings[0].rule->name :
						      NULL;
		if (receipt->report->n_findings > 1 || !found != !checks[i].rule ||
		    (found && strcmp(found, checks[i].rule) != 0))
			fail_msg("%s: %s", checks[i].name, found ? found : "nothing");
		if (!strstr(receipt->report->answer, checks[i].answer))
			fail_msg("%s: %s", checks[i].name,
				 receipt->report->answer);
	}
}
