/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Decoding: which kind bytes are taken for, chains with all that a chain can get wrong, and
 * bad bytes.
 */
#include <endian.h>

#include "emulate/capture.h"
#include "emulate/decode.h"
#include "emulate/handover.h"

static const struct efimap_decode_options plain;

static void decode_as(enum efimap_blob kind, const uint8_t *data, size_t size,
		      struct efimap_decoded *decoded)
{
	const struct efimap_decode_options options = { .as = kind };

	assert_int_equal(efimap_decode(data, size, "blob", &options, decoded, NULL), 0);
	assert_int_equal(decoded->kind, kind);
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
	{ "payload of 95 bytes", EFIMAP_BLOB_EFI_PAYLOAD, 0, 95, -EBADMSG, 95 },
	{ "boot_params of 4095 bytes", EFIMAP_BLOB_BOOT_PARAMS, 0, 4095, -EBADMSG, 4095 },
	{ "node of 15 bytes", EFIMAP_BLOB_SETUP_DATA, 0, 15, -EBADMSG, 15 },
	{ "node of no bytes", EFIMAP_BLOB_SETUP_DATA, 0, 0, -EBADMSG, 0 },
};

TEST(test_truncated)
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
TEST(test_node_is_a_node)
{
	static const enum efimap_blob kinds[] = { EFIMAP_BLOB_EFI_PAYLOAD,
						  EFIMAP_BLOB_EFI_MEMMAP,
						  EFIMAP_BLOB_BOOT_PARAMS };
	static const struct {
		uint32_t type, len;
		size_t size;
	} rows[] = {
		{ 9, 32, 48 },		{ 9, 80, 96 },	       { 9, 4080, 4096 },
		{ 9, 0, 4096 },		{ 9, UINT32_MAX, 96 }, { 0x80000009, 24, 40 },
		{ 0x80000009, 1, 96 },	{ 4, 96, 112 },	       { 1, 80, 96 },
		{ 0x80000001, 24, 40 }, { 7, 4080, 4096 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		uint8_t data[4096] = {
			[8] = (uint8_t)rows[i].type, [11] = (uint8_t)(rows[i].type >> 24)
		};
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_decoded struct efimap_decoded decoded = { 0 };

		for (size_t j = 0; j < 4; j++)
			data[12 + j] = (uint8_t)(rows[i].len >> 8 * j);
		memset(data + 16, 0x5a, sizeof(data) - 16);
		/* A signature that it happens to hold makes no boot_params of a seed. */
		memcpy(data + 0x202, rows[i].type == 9 ? "HdrS" : "ZZZZ", 4);
		for (size_t j = 0; j < ARRAY_SIZE(kinds); j++) {
			const struct efimap_decode_options options = { .as = kinds[j],
								       .desc_size = 40 };

			assert_int_equal(efimap_decode(data, rows[i].size, "blob",
						       &options, &decoded, &err),
					 -EBADMSG);
			assert_null(strstr(err.text, "5a"));
			assert_null(strstr(err.text, "90"));
			err = (struct efimap_err)EFIMAP_ERR_INIT;
		}
		assert_int_equal(
			efimap_decode(data, rows[i].size, "blob", &plain, &decoded, &err),
			0);
		assert_int_equal(decoded.kind, EFIMAP_BLOB_SETUP_DATA);
	}
}

/* The nearest that is none: an address that is a multiple of a page, a later type. */
TEST(test_no_node)
{
	static const uint8_t seconds[] = { 0, 17, 0xff };
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_EFI_MEMMAP };

	for (size_t i = 0; i < ARRAY_SIZE(seconds); i++) {
		const uint8_t data[40] = { [8] = seconds[i], [9] = 0x10 * !seconds[i] };
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_decoded struct efimap_decoded decoded = { 0 };

		assert_int_equal(efimap_decode(data, sizeof(data), "blob", &options,
					       &decoded, &err),
				 0);
		assert_int_equal(decoded.n_entries, 1);
	}
}

static uint32_t desc_size_of(const uint8_t *data, size_t size)
{
	struct efimap_decoded decoded;
	uint32_t desc_size;

	decode_as(EFIMAP_BLOB_EFI_MEMMAP, data, size, &decoded);
	desc_size = decoded.desc_size;
	efimap_decoded_free(&decoded);
	return desc_size;
}

/* Descriptors of every size, also with one of four that no kernel would accept. */
TEST(test_memmaps)
{
	efimap_auto_map struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

	for (uint32_t size = 40; size <= 128; size += 8) {
		const struct efimap_handover_options options = { .desc_size = size };
		efimap_auto_handover struct efimap_handover handover = { 0 };

		print_message("descriptors of %" PRIu32 " bytes\n", size);
		assert_int_equal(efimap_handover_make(map, &options, &handover), 0);
		assert_int_equal(desc_size_of(handover.memmap, handover.memmap_size), size);
		memset(handover.memmap, 0xff, 2 * size);
		assert_int_equal(desc_size_of(handover.memmap, handover.memmap_size), size);
		memset(handover.memmap, 0xff, 3 * size);
		assert_int_equal(desc_size_of(handover.memmap, handover.memmap_size), 40);
	}
}

/* One descriptor is a map too, and 96 bytes can be two of them. */
TEST(test_small_memmaps)
{
	uint8_t data[96] = { 0 };

	data[0] = 6;
	data[9] = 0x10;
	data[24] = 1;
	data[32] = 0xf;
	data[39] = 0x80;
	assert_int_equal(desc_size_of(data, 40), 40);
	assert_int_equal(desc_size_of(data, 48), 48);
	assert_int_equal(desc_size_of(data, 96), 96);
	memcpy(data + 48, data, 48);
	assert_int_equal(desc_size_of(data, 96), 48);
}

#define DESCRIPTOR                                                                         \
	"\6\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\xf\0\0\0\0\0\0" \
	"\x80"

struct blob_row {
	const char *name;
	size_t size;
	size_t at;
	const char *bytes;
	size_t len;
	enum efimap_blob want;
};

static const struct blob_row blob_rows[] = {
	{ "nothing", 0, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "zeros", 100, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "as long as a payload", 96, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "as long as a boot_params", 4096, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "a descriptor of a memory map", 40, 0, DESCRIPTOR, 40, EFIMAP_BLOB_UNKNOWN },
	{ "4097 zeros", 4097, 0, "", 0, EFIMAP_BLOB_UNKNOWN },
	{ "a boot_params with a setup header, cut", 4095, 0x1fe, "\x55\xaa\xeb\x6aHdrS", 8,
	  EFIMAP_BLOB_BOOT_PARAMS },
	{ "as kexec-tools writes it", 4096, 0x1fe, "\x55\0\xeb\x6aHdrS", 8,
	  EFIMAP_BLOB_BOOT_PARAMS },
	{ "a header without a boot flag", 4096, 0x202, "HdrS", 4, EFIMAP_BLOB_UNKNOWN },
	{ "a boot flag without a header", 4096, 0x1fe, "\x55\xaa", 2, EFIMAP_BLOB_UNKNOWN },
	{ "a boot_params with efi_info, cut", 512, 0x1c0,
	  "EL64\x18\xb0\x5e\x3f\x30\0\0\0\1\0\0", 16, EFIMAP_BLOB_BOOT_PARAMS },
	{ "an efi_info of another version", 4096, 0x1c0,
	  "EL64\x18\xb0\x5e\x3f\x30\0\0\0\2\0\0", 16, EFIMAP_BLOB_UNKNOWN },
	{ "a bzImage", 8192, 0x1fe, "\x55\xaa\xeb\x6aHdrS", 8, EFIMAP_BLOB_UNKNOWN },
	{ "EFI node", 112, 8, "\4\0\0\0\x60", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "seed node", 48, 8, "\x09\0\0\0\x20", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "node of 4080 bytes", 4096, 8, "\1\0\0\0\xf0\x0f", 6, EFIMAP_BLOB_SETUP_DATA },
	{ "node that is cut", 16, 8, "\4\0\0\0\x60", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "indirect node", 40, 8, "\0\0\0\x80\x18", 5, EFIMAP_BLOB_SETUP_DATA },
	{ "indirect node of another length", 40, 8, "\0\0\0\x80\x19", 5,
	  EFIMAP_BLOB_UNKNOWN },
	{ "unknown type", 48, 8, "\x11\0\0\0\x20", 5, EFIMAP_BLOB_UNKNOWN },
};

TEST(test_recognised)
{
	for (size_t i = 0; i < ARRAY_SIZE(blob_rows); i++) {
		uint8_t data[8192] = { 0 };

		print_message("%s\n", blob_rows[i].name);
		memcpy(data + blob_rows[i].at, blob_rows[i].bytes, blob_rows[i].len);
		assert_int_equal(efimap_decode_recognise(data, blob_rows[i].size),
				 blob_rows[i].want);
	}
}

#define BASE UINT64_C(0x100000)
#define EFI 4
#define SEED 9

/* No oddity */
#define NONE EFIMAP_ODD_COUNT

/* Up to three nodes of @len bytes at @at; next as it stands in the bytes. */
struct node {
	size_t at;
	uint64_t next;
	uint32_t type;
	uint32_t len;
};

struct chain_row {
	const char *name;
	struct node nodes[3];
	size_t size;
	size_t n_nodes;
	enum efimap_oddity_kind kind;
	uint64_t offset;
	uint64_t value;
};

static const struct chain_row chain_rows[] = {
	{ "one node", { { 0, 0, EFI, 96 } }, 112, 1, NONE },
	{ "a chain of two", { { 0, BASE + 112, EFI, 96 }, { 112, 0, SEED, 32 } }, 160, 2,
	  NONE },
	{ "a chain that goes back and forth",
	  { { 0, BASE + 64, SEED, 32 }, { 64, BASE + 48, SEED, 8 }, { 48, 0, SEED, 0 } },
	  88, 3, NONE },
	{ "a node that points to itself", { { 0, BASE, EFI, 96 } }, 112, 1,
	  EFIMAP_ODD_SETUP_LOOP, 0, BASE },
	{ "two that point to each other",
	  { { 0, BASE + 112, EFI, 96 }, { 112, BASE, SEED, 32 } }, 160, 2,
	  EFIMAP_ODD_SETUP_LOOP, 112, BASE },
	{ "a pointer into the payload of a seed", { { 0, BASE + 16, SEED, 48 } }, 64, 1,
	  EFIMAP_ODD_SETUP_OVERLAP, 16, BASE + 16 },
	{ "a pointer that lies before a header by less than one",
	  { { 0, BASE + 40, SEED, 8 }, { 40, BASE + 32, SEED, 8 } }, 64, 2,
	  EFIMAP_ODD_SETUP_OVERLAP, 32, BASE + 40 },
	{ "a length that covers the node before",
	  { { 0, BASE + 96, SEED, 8 }, { 96, BASE + 40, SEED, 8 }, { 40, 0, SEED, 48 } },
	  120, 3, EFIMAP_ODD_SETUP_OVERLAP, 40, BASE + 96 },
	{ "a payload of type 4 over a seed",
	  { { 0, BASE + 80, SEED, 8 }, { 80, BASE + 24, SEED, 32 }, { 24, 0, EFI, 64 } },
	  128, 2, EFIMAP_ODD_SETUP_OVERLAP, 24, BASE + 80 },
	{ "next before the bytes", { { 0, BASE - 1, EFI, 96 } }, 112, 1,
	  EFIMAP_ODD_SETUP_OUTSIDE, 0, BASE - 1 },
	{ "next behind the bytes", { { 0, BASE + 112, EFI, 96 } }, 112, 1,
	  EFIMAP_ODD_SETUP_OUTSIDE, 0, BASE + 112 },
	{ "next at the end of memory", { { 0, UINT64_MAX, EFI, 96 } }, 112, 1,
	  EFIMAP_ODD_SETUP_OUTSIDE, 0, UINT64_MAX },
	{ "length of 4 GiB", { { 0, 0, SEED, 0xffffffff } }, 48, 1,
	  EFIMAP_ODD_SETUP_TRUNCATED, 12, 0xffffffff - 32 },
	{ "one byte cut off", { { 0, 0, SEED, 32 } }, 47, 1, EFIMAP_ODD_SETUP_TRUNCATED,
	  12, 1 },
	{ "EFI cut in its payload", { { 0, 0, EFI, 96 } }, 100, 1,
	  EFIMAP_ODD_SETUP_TRUNCATED, 12, 12 },
	{ "two EFI nodes", { { 0, BASE + 112, EFI, 96 }, { 112, 0, EFI, 96 } }, 224, 2,
	  NONE },
	{ "EFI of 95 bytes", { { 0, 0, EFI, 95 } }, 111, 1, NONE },
	{ "EFI of 97 bytes", { { 0, 0, EFI, 97 } }, 113, 1, NONE },
	{ "EFI of no bytes", { { 0, 0, EFI, 0 } }, 16, 1, NONE },
	{ "bytes behind the chain", { { 0, 0, EFI, 96 } }, 115, 1, EFIMAP_ODD_TRAILING,
	  112, 3 },
	{ "a byte between two nodes is not behind",
	  { { 0, BASE + 113, EFI, 96 }, { 113, 0, SEED, 0 } }, 129, 2, NONE },
};

static void put(uint8_t *data, size_t size, const struct node *node)
{
	const size_t end = size - node->at;
	const uint64_t next = htole64(node->next);
	const uint32_t numbers[] = { htole32(node->type), htole32(node->len) };

	memcpy(data + node->at, &next, sizeof(next));
	memcpy(data + node->at + 8, numbers, sizeof(numbers));
	/* Addresses that are not 0; for other types, what must never come out. */
	for (size_t i = 16; i < 48 && i < end && i < 16 + (size_t)node->len; i++)
		data[node->at + i] = 0x5a;
}

TEST(test_chains)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA,
						       .base = BASE };

	for (size_t i = 0; i < ARRAY_SIZE(chain_rows); i++) {
		const struct chain_row *row = &chain_rows[i];
		uint8_t *data = calloc(1, row->size);
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_decoded struct efimap_decoded decoded = { 0 };

		print_message("%s\n", row->name);
		assert_non_null(data);
		for (size_t n = 0;
		     n < ARRAY_SIZE(row->nodes) && (n == 0 || row->nodes[n].at); n++)
			put(data, row->size, &row->nodes[n]);
		assert_int_equal(
			efimap_decode(data, row->size, "blob", &options, &decoded, &err),
			0);
		assert_int_equal(decoded.n_nodes, row->n_nodes);
		for (size_t n = 0; n < row->n_nodes; n++) {
			const struct efimap_setup_data *node = &decoded.nodes[n];

			assert_int_equal(node->offset, row->nodes[n].at);
			assert_int_equal(node->next, row->nodes[n].next);
			assert_int_equal(node->type, row->nodes[n].type);
			assert_int_equal(node->len, row->nodes[n].len);
			assert_int_equal(node->has_payload,
					 node->type == EFI && node->len >= 32);
			assert_int_equal(node->payload.tables,
					 node->has_payload ? 0x5a5a5a5a5a5a5a5a : 0);
		}
		assert_int_equal(decoded.n_oddities, row->kind != NONE);
		if (decoded.n_oddities) {
			assert_int_equal(decoded.oddities[0].kind, row->kind);
			assert_int_equal(decoded.oddities[0].offset, row->offset);
			assert_int_equal(decoded.oddities[0].value, row->value);
		}
		free(data);
	}
}

/* A header that is cut is no node: the place is where the bytes end. */
TEST(test_cut_header)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA,
						       .base = BASE };
	const struct node first = { 0, BASE + 112, EFI, 96 };

	for (size_t size = 113; size < 128; size++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_decoded decoded;
		uint8_t *data = calloc(1, size);

		assert_non_null(data);
		put(data, size, &first);
		assert_int_equal(
			efimap_decode(data, size, "blob", &options, &decoded, &err),
			-EBADMSG);
		assert_int_equal(err.offset, size);
		free(data);
	}
}

/* Without a base, a pointer that is an offset by chance must not lead astray. */
TEST(test_without_base)
{
	const struct node node = { 0, 0x100000, EFI, 96 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_decoded struct efimap_decoded decoded = { 0 };
	uint8_t data[112] = { 0 };

	put(data, sizeof(data), &node);
	assert_int_equal(efimap_decode(data, sizeof(data), "blob", &plain, &decoded, &err),
			 0);
	assert_int_equal(decoded.n_oddities, 1);
	assert_int_equal(decoded.oddities[0].kind, EFIMAP_ODD_SETUP_OUTSIDE);
	assert_int_equal(decoded.oddities[0].value, 0x100000);
}

TEST(test_many_nodes)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA,
						       .base = BASE };
	const size_t max = EFIMAP_DECODE_MAX_NODES;
	uint8_t *data = calloc(max + 1, 16);

	assert_non_null(data);
	for (size_t count = max; count <= max + 1; count++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_decoded struct efimap_decoded decoded = { 0 };

		for (size_t i = 0; i < count; i++) {
			const struct node node = {
				i * 16, i + 1 < count ? BASE + (i + 1) * 16 : 0, SEED, 0
			};

			put(data, count * 16, &node);
		}
		assert_int_equal(
			efimap_decode(data, count * 16, "blob", &options, &decoded, &err),
			count == max ? 0 : -E2BIG);
		assert_int_equal(decoded.n_nodes, count == max ? max : 0);
	}
	free(data);
}
