/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kind a binary is taken for. */
#include <string.h>

#include "emulate/capture.h"
#include "emulate/decode.h"
#include "emulate/handover.h"

/* Descriptors of every size, also with one of four that no kernel would accept. */
static void test_memmaps(void **state)
{
	struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

	for (uint32_t size = 40; size <= 128; size += 8) {
		const struct efimap_handover_options options = { .desc_size = size };
		struct efimap_handover handover;
		uint32_t found = 0;

		print_message("descriptors of %" PRIu32 " bytes\n", size);
		assert_int_equal(efimap_handover_make(map, &options, &handover), 0);
		assert_int_equal(efimap_decode_recognise(handover.memmap,
							 handover.memmap_size, &found),
				 EFIMAP_BLOB_EFI_MEMMAP);
		assert_int_equal(found, size);
		memset(handover.memmap, 0xff, 2 * size);
		assert_int_equal(efimap_decode_recognise(handover.memmap,
							 handover.memmap_size, NULL),
				 EFIMAP_BLOB_EFI_MEMMAP);
		memset(handover.memmap, 0xff, 3 * size);
		assert_int_equal(efimap_decode_recognise(handover.memmap,
							 handover.memmap_size, NULL),
				 handover.memmap_size == 4096 ? EFIMAP_BLOB_BOOT_PARAMS
							      : EFIMAP_BLOB_UNKNOWN);
		efimap_handover_free(&handover);
	}
	efimap_free(map);
}

/* One descriptor is a map too, and 96 bytes can be two of them. */
static void test_small_memmaps(void **state)
{
	uint8_t data[96] = { 0 };
	uint32_t found = 0;

	data[0] = 6;
	data[9] = 0x10;
	data[24] = 1;
	data[32] = 0xf;
	data[39] = 0x80;
	assert_int_equal(efimap_decode_recognise(data, 40, &found),
			 EFIMAP_BLOB_EFI_MEMMAP);
	assert_int_equal(found, 40);
	assert_int_equal(efimap_decode_recognise(data, 48, &found),
			 EFIMAP_BLOB_EFI_MEMMAP);
	assert_int_equal(found, 48);
	assert_int_equal(efimap_decode_recognise(data, 96, &found),
			 EFIMAP_BLOB_EFI_MEMMAP);
	assert_int_equal(found, 96);
	memcpy(data + 48, data, 48);
	assert_int_equal(efimap_decode_recognise(data, 96, &found),
			 EFIMAP_BLOB_EFI_MEMMAP);
	assert_int_equal(found, 48);
}

struct row {
	const char *name;
	size_t size;
	size_t at;
	const char *bytes;
	size_t len;
	enum efimap_blob want;
};

static const struct row rows[] = {
	{ "nothing", 0, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "zeros", 100, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "96 zeros", 96, 0, "", 0, EFIMAP_BLOB_EFI_PAYLOAD },
	{ "4096 zeros", 4096, 0, "", 0, EFIMAP_BLOB_BOOT_PARAMS },
	{ "4097 zeros", 4097, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "a boot_params with a setup header, cut", 4095, 0x202, "HdrS", 4,
	  EFIMAP_BLOB_BOOT_PARAMS },
	{ "a boot_params with efi_info, cut", 512, 0x1c0,
	  "EL64\x18\xb0\x5e\x3f\x30\0\0\0\1\0\0", 16, EFIMAP_BLOB_BOOT_PARAMS },
	{ "a bzImage", 8192, 0x202, "HdrS", 4, EFIMAP_BLOB_UNKNOWN },
	{ "EFI node", 112, 8, "\4\0\0\0\x60", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "seed node", 48, 8, "\x09\0\0\0\x20", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "node of 4080 bytes", 4096, 8, "\1\0\0\0\xf0\x0f", 6, EFIMAP_BLOB_SETUP_DATA },
	{ "node that is cut", 16, 8, "\4\0\0\0\x60", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "indirect node", 40, 8, "\0\0\0\x80\x18", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "indirect node of another length", 40, 8, "\0\0\0\x80\x19", 5,
	  EFIMAP_BLOB_UNKNOWN },
	{ "unknown type", 48, 8, "\x11\0\0\0\x20", 5, EFIMAP_BLOB_UNKNOWN },
};

static void test_rows(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t data[8192] = { 0 };

		print_message("%s\n", rows[i].name);
		memcpy(data + rows[i].at, rows[i].bytes, rows[i].len);
		assert_int_equal(efimap_decode_recognise(data, rows[i].size, NULL),
				 rows[i].want);
	}
}

static void test_names(void **state)
{
	for (enum efimap_blob blob = EFIMAP_BLOB_UNKNOWN; blob <= EFIMAP_BLOB_BOOT_PARAMS;
	     blob++)
		assert_int_equal(efimap_blob_find(efimap_blob_name(blob)), blob);
	assert_string_equal(efimap_blob_name(EFIMAP_BLOB_SETUP_DATA), "setup-data");
	assert_int_equal(efimap_blob_find("memmap"), EFIMAP_BLOB_UNKNOWN);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_memmaps),
		cmocka_unit_test(test_small_memmaps),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
