/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "linux/real_captures.h"
#include "linux/encode_setup_data.h"

static enum efimap_not_passed reason_of(const struct efimap *map, enum efimap_loader loader)
{
	static const uint8_t nothing[EFIMAP_EFI_INFO_BYTES] = { 0 };
	const struct efimap_setup_data_options options = { .loader = loader };
	efimap_auto_encoded_setup_data struct efimap_encoded_setup_data encoded = { 0 };

	assert_int_equal(efimap_encode_setup_data(map, &options, &encoded), 0);
	if (encoded.reason != EFIMAP_IS_PASSED)
		assert_memory_equal(encoded.efi_info, nothing, sizeof(nothing));
	return encoded.reason;
}

#define LIVE EFIMAP_ORIGIN_LIVE
#define TREE EFIMAP_ORIGIN_TREE
#define ABSENT EFIMAP_STATE_ABSENT
#define PASSES EFIMAP_IS_PASSED

TEST(what_is_missing_is_no_reason_where_it_was_not_collected)
{
	static const struct {
		const char *name;
		enum efimap_origin origin;
		enum efimap_source source;
		enum efimap_state state;
		enum efimap_not_passed kexec_tools;
	} rows[] = {
		{ "systab", LIVE, EFIMAP_SRC_SYSTAB, ABSENT,
		  EFIMAP_NOT_PASSED_NO_SYSTAB },
		{ "fw_vendor", LIVE, EFIMAP_SRC_FW_VENDOR, ABSENT,
		  EFIMAP_NOT_PASSED_NO_FW_VENDOR },
		{ "runtime", LIVE, EFIMAP_SRC_RUNTIME, ABSENT,
		  EFIMAP_NOT_PASSED_NO_RUNTIME },
		{ "runtime in a tree", TREE, EFIMAP_SRC_RUNTIME, ABSENT, PASSES },
		{ "runtime denied in a tree", TREE, EFIMAP_SRC_RUNTIME, EFIMAP_STATE_DENIED,
		  EFIMAP_NOT_PASSED_NO_RUNTIME },
		{ "boot_params", LIVE, EFIMAP_SRC_BOOT_PARAMS, ABSENT,
		  EFIMAP_NOT_PASSED_NO_PARAMS },
		{ "boot_params in a tree", TREE, EFIMAP_SRC_BOOT_PARAMS, ABSENT, PASSES },
		{ "boot_params denied in a tree", TREE, EFIMAP_SRC_BOOT_PARAMS,
		  EFIMAP_STATE_DENIED, EFIMAP_NOT_PASSED_NO_PARAMS },
		{ "what no loader needs", LIVE, EFIMAP_SRC_IOMEM, ABSENT, PASSES },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

		print_message("%s\n", rows[i].name);
		map->origin = rows[i].origin;
		map->states[rows[i].source] = rows[i].state;
		assert_int_equal(reason_of(map, EFIMAP_LOADER_KEXEC_TOOLS), rows[i].kexec_tools);
		assert_int_equal(reason_of(map, EFIMAP_LOADER_KERNEL), PASSES);
	}
}

TEST(a_map_that_cannot_be_read_is_one)
{
	efimap_auto_map struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

	map->n_entries = 0;
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KEXEC_TOOLS), PASSES);
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KERNEL), PASSES);
	map->n_names = 0;
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KEXEC_TOOLS), EFIMAP_NOT_PASSED_NO_MAP);
	assert_int_equal(reason_of(map, EFIMAP_LOADER_KERNEL), EFIMAP_NOT_PASSED_NO_MAP);
}

/* As names, these numbers have the same hash, so strcmp() determines their order. */
TEST(a_collision)
{
	static const uint32_t names[] = { 802047428, 3416513654 };
	uint32_t order[2];

	assert_int_equal(efimap_kernfs_order(names, 2, order), 0);
	assert_int_equal(order[0], 1);
	assert_int_equal(order[1], 0);
	assert_int_equal(efimap_kernfs_order(names, 0, NULL), 0);
}

/* The upper halves of addresses above 4 GiB are at the end of struct efi_info. */
TEST(addresses_above_4_gib)
{
	static const uint8_t upper[] = { 5, 0, 0, 0, 6, 0, 0, 0 };
	const struct efimap_setup_data_options options = {
		.loader = EFIMAP_LOADER_KERNEL,
		.memmap_addr = UINT64_C(0x600001000),
	};
	efimap_auto_map struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");
	efimap_auto_encoded_setup_data struct efimap_encoded_setup_data encoded = { 0 };

	map->boot_params.efi_info.systab = UINT64_C(0x500002000);
	assert_int_equal(efimap_encode_setup_data(map, &options, &encoded), 0);
	assert_memory_equal(encoded.efi_info + EFIMAP_EFI_INFO_BYTES - sizeof(upper), upper,
			    sizeof(upper));
}
