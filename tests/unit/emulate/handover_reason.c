/* SPDX-License-Identifier: GPL-2.0-or-later */
/* When a loader silently passes nothing. */
#include "emulate/capture.h"
#include "emulate/handover.h"

struct row {
	const char *name;
	enum efimap_origin origin;
	enum efimap_source source;
	enum efimap_state source_state;
	enum efimap_handover_reason kexec_tools;
	enum efimap_handover_reason kernel;
};

#define LIVE EFIMAP_ORIGIN_LIVE
#define TREE EFIMAP_ORIGIN_TREE
#define PASSES EFIMAP_HANDOVER_PASSES

static const struct row rows[] = {
	{ "no EFI", LIVE, EFIMAP_SRC_EFI, EFIMAP_STATE_ABSENT, EFIMAP_HANDOVER_NOT_EFI,
	  EFIMAP_HANDOVER_NOT_EFI },
	{ "systab missing", LIVE, EFIMAP_SRC_SYSTAB, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_SYSTAB, PASSES },
	{ "systab denied", LIVE, EFIMAP_SRC_SYSTAB, EFIMAP_STATE_DENIED,
	  EFIMAP_HANDOVER_NO_SYSTAB, PASSES },
	{ "fw_vendor missing", LIVE, EFIMAP_SRC_FW_VENDOR, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_FW_VENDOR, PASSES },
	{ "runtime missing in a tree", TREE, EFIMAP_SRC_RUNTIME, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_RUNTIME, PASSES },
	{ "config_table missing", LIVE, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_CONFIG_TABLE, PASSES },
	{ "config_table malformed", LIVE, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_STATE_BROKEN,
	  PASSES, PASSES },
	{ "boot_params missing", LIVE, EFIMAP_SRC_BOOT_PARAMS, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_PARAMS, PASSES },
	{ "boot_params not collected", TREE, EFIMAP_SRC_BOOT_PARAMS, EFIMAP_STATE_ABSENT,
	  PASSES, PASSES },
	{ "boot_params denied in a tree", TREE, EFIMAP_SRC_BOOT_PARAMS,
	  EFIMAP_STATE_DENIED, EFIMAP_HANDOVER_NO_PARAMS, PASSES },
	{ "nothing wrong", LIVE, EFIMAP_SRC_IOMEM, EFIMAP_STATE_ABSENT, PASSES, PASSES },
};

static void assert_reasons(const struct efimap *map,
			   enum efimap_handover_reason kexec_tools,
			   enum efimap_handover_reason kernel)
{
	const struct efimap_handover_options options = { .loader = EFIMAP_LOADER_KERNEL };
	struct efimap_handover handover;

	assert_int_equal(efimap_handover_make(map, NULL, &handover), 0);
	assert_int_equal(handover.reason, kexec_tools);
	efimap_handover_free(&handover);
	assert_int_equal(efimap_handover_make(map, &options, &handover), 0);
	assert_int_equal(handover.reason, kernel);
	efimap_handover_free(&handover);
}

static void test_sources(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

		print_message("%s\n", rows[i].name);
		map->origin = rows[i].origin;
		map->states[rows[i].source] = rows[i].source_state;
		assert_reasons(map, rows[i].kexec_tools, rows[i].kernel);
		efimap_free(map);
	}
}

static void test_no_pointers_collected(void **state)
{
	struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");
	struct efimap_handover handover;

	map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_ABSENT;
	map->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_ABSENT;
	map->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_ABSENT;
	map->states[EFIMAP_SRC_CONFIG_TABLE] = EFIMAP_STATE_ABSENT;
	assert_int_equal(efimap_handover_make(map, NULL, &handover), 0);
	assert_int_equal(handover.reason, PASSES);
	assert_int_equal(handover.unknown,
			 EFIMAP_HANDOVER_UNKNOWN(EFIMAP_SRC_SYSTAB) |
				 EFIMAP_HANDOVER_UNKNOWN(EFIMAP_SRC_FW_VENDOR) |
				 EFIMAP_HANDOVER_UNKNOWN(EFIMAP_SRC_RUNTIME) |
				 EFIMAP_HANDOVER_UNKNOWN(EFIMAP_SRC_CONFIG_TABLE));
	efimap_handover_free(&handover);
	map->origin = EFIMAP_ORIGIN_LIVE;
	assert_reasons(map, EFIMAP_HANDOVER_NO_SYSTAB, PASSES);
	efimap_free(map);
}

static void test_values(void **state)
{
	static const uint8_t zero[EFIMAP_EFI_INFO_BYTES] = { 0 };
	struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");
	struct efimap_handover handover;

	map->boot_params.efi_info.desc_version = 2;
	assert_reasons(map, EFIMAP_HANDOVER_VERSION, PASSES);
	assert_int_equal(efimap_handover_make(map, NULL, &handover), 0);
	assert_memory_equal(handover.efi_info, zero, sizeof(zero));
	efimap_handover_free(&handover);
	map->boot_params.efi_info.memmap_size = 0;
	assert_reasons(map, EFIMAP_HANDOVER_NO_INFO, EFIMAP_HANDOVER_NO_INFO);
	efimap_free(map);

	map = capture_new("ovmf-q35-6.1-kexec-first");
	map->config_table = UINT64_MAX;
	assert_reasons(map, EFIMAP_HANDOVER_ALL_ONES, PASSES);
	map->config_table = 0;
	assert_reasons(map, PASSES, PASSES);
	map->systab[2].value = UINT64_MAX;
	assert_reasons(map, EFIMAP_HANDOVER_ALL_ONES, PASSES);
	efimap_free(map);
}

static void test_no_map(void **state)
{
	struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

	map->n_entries = 0;
	/* Directories that cannot be read are passed on all the same. */
	assert_reasons(map, PASSES, PASSES);
	map->n_names = 0;
	assert_reasons(map, EFIMAP_HANDOVER_NO_MAP, EFIMAP_HANDOVER_NO_MAP);
	efimap_free(map);
}

static void test_runtime_off(void **state)
{
	static const char cmdline[] = "console=ttyS0 efi=noruntime";
	struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

	assert_int_equal(efimap_set_cmdline(map, cmdline, strlen(cmdline)), 0);
	assert_reasons(map, PASSES, EFIMAP_HANDOVER_RUNTIME_OFF);
	efimap_free(map);
}

static void test_32bit_kernel(void **state)
{
	const enum efimap_handover_reason reason = EFIMAP_HANDOVER_KERNEL_32BIT;
	struct efimap *map = capture_new("ovmf32-q35-6.1-i386-first");

	assert_reasons(map, reason, reason);
	/* Nor does it matter what else would stop a loader. */
	map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_ABSENT;
	assert_reasons(map, reason, reason);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_ABSENT;
	assert_reasons(map, EFIMAP_HANDOVER_NOT_EFI, EFIMAP_HANDOVER_NOT_EFI);
	efimap_free(map);
}

static void test_texts(void **state)
{
	for (unsigned int i = 0; i <= EFIMAP_HANDOVER_KERNEL_32BIT; i++) {
		const char *text = efimap_handover_reason_text(i);

		assert_non_null(text);
		assert_true(strlen(text) > 10);
	}
	assert_string_equal(efimap_loader_name(EFIMAP_LOADER_KEXEC_TOOLS), "kexec-tools");
	assert_string_equal(efimap_loader_name(EFIMAP_LOADER_KERNEL), "kernel");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_no_pointers_collected),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_no_map),
		cmocka_unit_test(test_runtime_off),
		cmocka_unit_test(test_32bit_kernel),
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
