/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoding: what real kernels passed, what our own emulation writes, and bad bytes. */
#include <endian.h>
#include <errno.h>

#include "emulate/capture.h"
#include "emulate/decode.h"
#include "emulate/handover.h"

#define PAYLOAD "sys/kernel/boot_params/setup_data/0/data"
#define PARAMS "sys/kernel/boot_params/data"

static void decode(const uint8_t *data, size_t size, struct efimap_decoded *decoded)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	assert_int_equal(efimap_decode(data, size, "blob", NULL, decoded, &err), 0);
	assert_int_equal(err.code, 0);
}

/* What the emulation hands over is what the decoder finds in it. */
static void check_capture(const char *name, enum efimap_loader loader)
{
	const struct efimap_handover_options options = { .loader = loader };
	struct efimap *map = capture_new(name);
	struct efimap_handover handover;
	struct efimap_decoded decoded;

	assert_int_equal(efimap_handover_make(map, &options, &handover), 0);
	decode(handover.memmap, handover.memmap_size, &decoded);
	assert_int_equal(decoded.kind, EFIMAP_BLOB_EFI_MEMMAP);
	assert_int_equal(decoded.desc_size, handover.desc_size);
	assert_int_equal(decoded.n_entries, map->n_entries);
	assert_int_equal(decoded.n_oddities, 0);
	for (size_t i = 0; i < decoded.n_entries; i++) {
		struct efimap_entry want = map->entries[handover.order[i]];

		want.index = (uint32_t)i;
		assert_memory_equal(&decoded.entries[i], &want, sizeof(want));
	}
	efimap_decoded_free(&decoded);
	decode(handover.node, sizeof(handover.node), &decoded);
	assert_int_equal(decoded.kind, EFIMAP_BLOB_SETUP_DATA);
	assert_int_equal(decoded.n_nodes, 1);
	assert_int_equal(decoded.n_oddities, 0);
	assert_int_equal(decoded.nodes[0].type, EFIMAP_SETUP_EFI);
	assert_int_equal(decoded.nodes[0].len, 96);
	assert_true(decoded.nodes[0].has_payload);
	assert_int_equal(decoded.nodes[0].payload.fw_vendor, map->fw_vendor);
	assert_int_equal(decoded.nodes[0].payload.tables, map->config_table);
	assert_int_equal(decoded.nodes[0].payload.smbios, map->systab[2].value);
	efimap_decoded_free(&decoded);
	efimap_handover_free(&handover);
	efimap_free(map);
}

static void test_round_trip(void **state)
{
	static const char *const captures[] = {
		"ovmf-q35-6.1-kexec-first",	  "ovmf-q35-6.1-kexec-second",
		"ovmf-q35-6.1-efidebug-first",	  "ovmf-q35-6.1-crash-first",
		"ovmf-q35-6.12-kexec-file-first", "ovmf-q35-6.12-ptdump-first",
		"ovmf32-q35-6.1-mixed-first",
	};

	for (size_t i = 0; i < ARRAY_SIZE(captures); i++) {
		print_message("%s\n", captures[i]);
		check_capture(captures[i], EFIMAP_LOADER_KEXEC_TOOLS);
		check_capture(captures[i], EFIMAP_LOADER_KERNEL);
	}
}

static void test_real_payload(void **state)
{
	uint8_t data[96];
	struct efimap_decoded decoded;

	assert_int_equal(tree_read("ovmf-q35-6.1-kexec-second", PAYLOAD, data, 96), 96);
	decode(data, sizeof(data), &decoded);
	assert_int_equal(decoded.kind, EFIMAP_BLOB_EFI_PAYLOAD);
	assert_int_equal(decoded.payload.fw_vendor, 0x3f52aa18);
	assert_int_equal(decoded.payload.runtime, 0x3f5ebb98);
	assert_int_equal(decoded.payload.tables, 0x3f5ebc98);
	assert_int_equal(decoded.payload.smbios, 0x3f520000);
	assert_int_equal(decoded.n_oddities, 0);
	efimap_decoded_free(&decoded);
}

static void test_real_boot_params(void **state)
{
	static const char *const captures[] = {
		"ovmf-q35-6.1-kexec-first",	   "ovmf-q35-6.1-kexec-second",
		"ovmf-q35-6.12-kexec-file-second", "ovmf-q35-6.1-noruntime-second",
		"ovmf32-q35-6.1-mixed-first",	   "seabios-q35-6.1-first",
	};

	for (size_t i = 0; i < ARRAY_SIZE(captures); i++) {
		uint8_t data[4096];
		struct efimap_boot_params want;
		struct efimap_decoded decoded;

		print_message("%s\n", captures[i]);
		assert_int_equal(tree_read(captures[i], PARAMS, data, 4096), 4096);
		decode(data, sizeof(data), &decoded);
		efimap_boot_params_decode(data, &want);
		assert_int_equal(decoded.kind, EFIMAP_BLOB_BOOT_PARAMS);
		assert_memory_equal(&decoded.boot_params, &want, sizeof(want));
		assert_int_equal(decoded.n_oddities, 0);
		efimap_decoded_free(&decoded);
	}
}

/* Write one value into a good efi_info, see one oddity. */
struct info_row {
	const char *name;
	size_t offset;
	uint32_t value;
	enum efimap_oddity_kind kind;
};

static const struct info_row info_rows[] = {
	{ "signature", 0x1c0, 0x00006e58, EFIMAP_ODD_SIGNATURE },
	{ "no system table", 0x1c4, 0, EFIMAP_ODD_SYSTAB_ZERO },
	{ "descriptor size 0", 0x1c8, 0, EFIMAP_ODD_DESC_SIZE },
	{ "descriptor size 39", 0x1c8, 39, EFIMAP_ODD_DESC_SIZE },
	{ "descriptor size 44", 0x1c8, 44, EFIMAP_ODD_DESC_SIZE },
	{ "descriptor size 4 GiB - 1", 0x1c8, 0xffffffff, EFIMAP_ODD_DESC_SIZE },
	{ "version 2", 0x1cc, 2, EFIMAP_ODD_VERSION },
	{ "no address of the map", 0x1d0, 0, EFIMAP_ODD_MEMMAP_ZERO },
	{ "size no multiple", 0x1d4, 321, EFIMAP_ODD_MEMMAP_SIZE },
};

static void test_efi_info(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(info_rows); i++) {
		const struct info_row *row = &info_rows[i];
		const uint32_t value = htole32(row->value);
		uint8_t data[4096];
		struct efimap_decoded decoded;
		bool found = false;

		print_message("%s\n", row->name);
		assert_int_equal(
			tree_read("ovmf-q35-6.1-kexec-second", PARAMS, data, 4096), 4096);
		memcpy(data + row->offset, &value, sizeof(value));
		decode(data, sizeof(data), &decoded);
		assert_int_equal(decoded.kind, EFIMAP_BLOB_BOOT_PARAMS);
		for (size_t o = 0; o < decoded.n_oddities; o++)
			if (decoded.oddities[o].kind == row->kind) {
				found = true;
				assert_int_equal(decoded.oddities[o].offset, row->offset);
				assert_int_equal(decoded.oddities[o].value, row->value);
			}
		assert_true(found);
		efimap_decoded_free(&decoded);
	}
}

struct bad_row {
	const char *name;
	enum efimap_blob as;
	uint64_t desc_size;
	size_t size;
	int err;
	uint64_t offset;
};

static const struct bad_row bad_rows[] = {
	{ "nothing", EFIMAP_BLOB_UNKNOWN, 0, 0, -EBADMSG, 0 },
	{ "zeros of no size we know", EFIMAP_BLOB_UNKNOWN, 0, 95, -EBADMSG, 0 },
	{ "no descriptor", EFIMAP_BLOB_EFI_MEMMAP, 0, 39, -EBADMSG, 39 },
	{ "no descriptor of 48 bytes", EFIMAP_BLOB_EFI_MEMMAP, 48, 47, -EBADMSG, 47 },
	{ "descriptor size 39", EFIMAP_BLOB_EFI_MEMMAP, 39, 400, -EINVAL,
	  EFIMAP_ERR_NO_OFFSET },
	{ "descriptor size 4 GiB", EFIMAP_BLOB_EFI_MEMMAP, UINT64_C(1) << 32, 400,
	  -EINVAL, EFIMAP_ERR_NO_OFFSET },
	{ "descriptor size 4097", EFIMAP_BLOB_UNKNOWN, 4097, 400, -EINVAL,
	  EFIMAP_ERR_NO_OFFSET },
	{ "payload of 95 bytes", EFIMAP_BLOB_EFI_PAYLOAD, 0, 95, -EBADMSG, 95 },
	{ "boot_params of 4095 bytes", EFIMAP_BLOB_BOOT_PARAMS, 0, 4095, -EBADMSG, 4095 },
	{ "node of 15 bytes", EFIMAP_BLOB_SETUP_DATA, 0, 15, -EBADMSG, 15 },
	{ "node of no bytes", EFIMAP_BLOB_SETUP_DATA, 0, 0, -EBADMSG, 0 },
};

static void test_truncated(void **state)
{
	static const uint8_t zero[4096] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(bad_rows); i++) {
		const struct efimap_decode_options options = {
			.as = bad_rows[i].as,
			.desc_size = bad_rows[i].desc_size,
		};
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_decoded decoded;

		print_message("%s\n", bad_rows[i].name);
		assert_int_equal(efimap_decode(zero, bad_rows[i].size, "blob", &options,
					       &decoded, &err),
				 bad_rows[i].err);
		assert_int_equal(err.code, -bad_rows[i].err);
		assert_int_equal(err.offset, bad_rows[i].offset);
		assert_true(err.text[0]);
	}
}

/* By its own header a node: whatever it is to be taken for, and however it was cut. */
static void test_node_is_a_node(void **state)
{
	static const enum efimap_blob kinds[] = { EFIMAP_BLOB_EFI_PAYLOAD, EFIMAP_BLOB_EFI_MEMMAP,
						  EFIMAP_BLOB_BOOT_PARAMS };
	static const struct {
		uint32_t type, len;
		size_t size;
	} rows[] = {
		{ 9, 32, 48 },	       { 9, 80, 96 },	   { 9, 4080, 4096 },
		{ 9, 0, 4096 },	       { 9, UINT32_MAX, 96 }, { 0x80000009, 24, 40 },
		{ 0x80000009, 1, 96 }, { 4, 96, 112 },	   { 1, 80, 96 },
		{ 0x80000001, 24, 40 }, { 7, 4080, 4096 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t data[4096] = { [8] = (uint8_t)rows[i].type,
				       [11] = (uint8_t)(rows[i].type >> 24) };
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_decoded decoded;

		for (size_t j = 0; j < 4; j++)
			data[12 + j] = (uint8_t)(rows[i].len >> 8 * j);
		memset(data + 16, 0x5a, sizeof(data) - 16);
		/* A signature that it happens to hold makes no boot_params of a seed. */
		memcpy(data + 0x202, rows[i].type == 9 ? "HdrS" : "ZZZZ", 4);
		for (size_t j = 0; j < ARRAY_SIZE(kinds); j++) {
			const struct efimap_decode_options options = { .as = kinds[j],
								       .desc_size = 40 };

			assert_int_equal(efimap_decode(data, rows[i].size, "blob", &options,
						       &decoded, &err),
					 -EBADMSG);
			assert_null(strstr(err.text, "5a"));
			assert_null(strstr(err.text, "90"));
			err = (struct efimap_err)EFIMAP_ERR_INIT;
		}
		assert_int_equal(efimap_decode(data, rows[i].size, "blob", NULL, &decoded, &err),
				 0);
		assert_int_equal(decoded.kind, EFIMAP_BLOB_SETUP_DATA);
		efimap_decoded_free(&decoded);
	}
}

/* The nearest that is none: an address that is a multiple of a page, a later type. */
static void test_no_node(void **state)
{
	static const uint8_t seconds[] = { 0, 17, 0xff };
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_EFI_MEMMAP };

	for (size_t i = 0; i < ARRAY_SIZE(seconds); i++) {
		const uint8_t data[40] = { [8] = seconds[i], [9] = 0x10 * !seconds[i] };
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_decoded decoded;

		assert_int_equal(efimap_decode(data, sizeof(data), "blob", &options, &decoded,
					       &err),
				 0);
		assert_int_equal(decoded.n_entries, 1);
		efimap_decoded_free(&decoded);
	}
}

static void test_trailing(void **state)
{
	static const struct {
		enum efimap_blob as;
		size_t end;
		size_t size;
	} rows[] = {
		{ EFIMAP_BLOB_EFI_PAYLOAD, 96, 97 },
		{ EFIMAP_BLOB_EFI_MEMMAP, 80, 119 },
		{ EFIMAP_BLOB_BOOT_PARAMS, 4096, 4100 },
		{ EFIMAP_BLOB_SETUP_DATA, 16, 20 },
	};
	static const uint8_t zero[4200] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_decode_options options = { .as = rows[i].as };
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_decoded decoded;
		const struct efimap_oddity *last;

		assert_int_equal(efimap_decode(zero, rows[i].size, "blob", &options,
					       &decoded, &err),
				 0);
		assert_true(decoded.n_oddities > 0);
		last = &decoded.oddities[decoded.n_oddities - 1];
		assert_int_equal(last->kind, EFIMAP_ODD_TRAILING);
		assert_int_equal(last->offset, rows[i].end);
		assert_int_equal(last->value, rows[i].size - rows[i].end);
		efimap_decoded_free(&decoded);
	}
}

static void test_payload_oddities(void **state)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_EFI_PAYLOAD };
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_decoded decoded;
	uint8_t data[96] = { 0 };

	data[90] = 0x77;
	assert_int_equal(efimap_decode(data, 96, "blob", &options, &decoded, &err), 0);
	assert_int_equal(decoded.n_oddities, 3);
	assert_int_equal(decoded.oddities[0].kind, EFIMAP_ODD_VENDOR_ZERO);
	assert_int_equal(decoded.oddities[1].kind, EFIMAP_ODD_TABLES_ZERO);
	assert_int_equal(decoded.oddities[1].offset, 16);
	assert_int_equal(decoded.oddities[2].kind, EFIMAP_ODD_RESERVED);
	assert_int_equal(decoded.oddities[2].offset, 90);
	assert_int_equal(decoded.oddities[2].value, 0x77);
	efimap_decoded_free(&decoded);
}

static void test_too_big(void **state)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_decoded decoded;
	uint8_t byte = 0;

	assert_int_equal(
		efimap_decode(&byte, EFIMAP_DECODE_MAX + 1, "blob", NULL, &decoded, &err),
		-E2BIG);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_real_payload),
		cmocka_unit_test(test_real_boot_params),
		cmocka_unit_test(test_efi_info),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_node_is_a_node),
		cmocka_unit_test(test_no_node),
		cmocka_unit_test(test_trailing),
		cmocka_unit_test(test_payload_oddities),
		cmocka_unit_test(test_too_big),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
