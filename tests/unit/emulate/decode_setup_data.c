/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chains of setup_data nodes, with everything that a chain can get wrong. */
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "emulate/decode.h"

#define BASE UINT64_C(0x100000)
#define EFI 4
#define SEED 9

/* Up to three nodes of @len bytes at @at; next as it stands in the bytes. */
struct node {
	size_t at;
	uint64_t next;
	uint32_t type;
	uint32_t len;
};

struct row {
	const char *name;
	struct node nodes[3];
	size_t size;
	size_t n_nodes;
	enum efimap_oddity_kind oddities[3];
	size_t n_oddities;
	uint64_t offset;
	uint64_t value;
};

static const struct row rows[] = {
	{ "one node", { { 0, 0, EFI, 96 } }, 112, 1, { 0 }, 0, 0, 0 },
	{ "a chain of two",
	  { { 0, BASE + 112, EFI, 96 }, { 112, 0, SEED, 32 } },
	  160,
	  2,
	  { 0 },
	  0,
	  0,
	  0 },
	{ "a chain that goes back and forth",
	  { { 0, BASE + 64, SEED, 32 }, { 64, BASE + 48, SEED, 8 }, { 48, 0, SEED, 0 } },
	  88,
	  3,
	  { 0 },
	  0,
	  0,
	  0 },
	{ "a node that points to itself",
	  { { 0, BASE, EFI, 96 } },
	  112,
	  1,
	  { EFIMAP_ODD_SETUP_LOOP },
	  1,
	  0,
	  BASE },
	{ "two that point to each other",
	  { { 0, BASE + 112, EFI, 96 }, { 112, BASE, SEED, 32 } },
	  160,
	  2,
	  { EFIMAP_ODD_SETUP_LOOP },
	  1,
	  112,
	  BASE },
	{ "a pointer into the payload of a seed",
	  { { 0, BASE + 16, SEED, 48 } },
	  64,
	  1,
	  { EFIMAP_ODD_SETUP_OVERLAP },
	  1,
	  16,
	  BASE + 16 },
	{ "a pointer that lies before a header by less than one",
	  { { 0, BASE + 40, SEED, 8 }, { 40, BASE + 32, SEED, 8 } },
	  64,
	  2,
	  { EFIMAP_ODD_SETUP_OVERLAP },
	  1,
	  32,
	  BASE + 40 },
	{ "a length that covers the node before",
	  { { 0, BASE + 96, SEED, 8 }, { 96, BASE + 40, SEED, 8 }, { 40, 0, SEED, 48 } },
	  120,
	  3,
	  { EFIMAP_ODD_SETUP_OVERLAP },
	  1,
	  40,
	  BASE + 96 },
	{ "a payload of type 4 over a seed",
	  { { 0, BASE + 80, SEED, 8 }, { 80, BASE + 24, SEED, 32 }, { 24, 0, EFI, 64 } },
	  128,
	  2,
	  { EFIMAP_ODD_SETUP_OVERLAP },
	  1,
	  24,
	  BASE + 80 },
	{ "next before the bytes",
	  { { 0, BASE - 1, EFI, 96 } },
	  112,
	  1,
	  { EFIMAP_ODD_SETUP_OUTSIDE },
	  1,
	  0,
	  BASE - 1 },
	{ "next behind the bytes",
	  { { 0, BASE + 112, EFI, 96 } },
	  112,
	  1,
	  { EFIMAP_ODD_SETUP_OUTSIDE },
	  1,
	  0,
	  BASE + 112 },
	{ "next at the end of memory",
	  { { 0, UINT64_MAX, EFI, 96 } },
	  112,
	  1,
	  { EFIMAP_ODD_SETUP_OUTSIDE },
	  1,
	  0,
	  UINT64_MAX },
	{ "length of 4 GiB",
	  { { 0, 0, SEED, 0xffffffff } },
	  48,
	  1,
	  { EFIMAP_ODD_SETUP_TRUNCATED },
	  1,
	  12,
	  0xffffffff - 32 },
	{ "one byte cut off",
	  { { 0, 0, SEED, 32 } },
	  47,
	  1,
	  { EFIMAP_ODD_SETUP_TRUNCATED },
	  1,
	  12,
	  1 },
	{ "EFI cut in its payload",
	  { { 0, 0, EFI, 96 } },
	  100,
	  1,
	  { EFIMAP_ODD_SETUP_TRUNCATED },
	  1,
	  12,
	  12 },
	{ "two EFI nodes",
	  { { 0, BASE + 112, EFI, 96 }, { 112, 0, EFI, 96 } },
	  224,
	  2,
	  { EFIMAP_ODD_SETUP_EFI_DUP },
	  1,
	  112,
	  1 },
	{ "EFI of 95 bytes",
	  { { 0, 0, EFI, 95 } },
	  111,
	  1,
	  { EFIMAP_ODD_SETUP_EFI_LEN },
	  1,
	  12,
	  95 },
	{ "EFI of 97 bytes",
	  { { 0, 0, EFI, 97 } },
	  113,
	  1,
	  { EFIMAP_ODD_SETUP_EFI_LEN },
	  1,
	  12,
	  97 },
	{ "EFI of no bytes",
	  { { 0, 0, EFI, 0 } },
	  16,
	  1,
	  { EFIMAP_ODD_SETUP_EFI_LEN },
	  1,
	  12,
	  0 },
	{ "bytes behind the chain",
	  { { 0, 0, EFI, 96 } },
	  115,
	  1,
	  { EFIMAP_ODD_TRAILING },
	  1,
	  112,
	  3 },
	{ "a byte between two nodes is not behind",
	  { { 0, BASE + 113, EFI, 96 }, { 113, 0, SEED, 0 } },
	  129,
	  2,
	  { 0 },
	  0,
	  0,
	  0 },
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

static void test_rows(void **state)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA,
						       .base = BASE };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct row *row = &rows[i];
		uint8_t *data = calloc(1, row->size);
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_decoded decoded;

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
		assert_int_equal(decoded.n_oddities, row->n_oddities);
		for (size_t o = 0; o < row->n_oddities; o++) {
			assert_int_equal(decoded.oddities[o].kind, row->oddities[o]);
			assert_int_equal(decoded.oddities[o].offset, row->offset);
			assert_int_equal(decoded.oddities[o].value, row->value);
		}
		efimap_decoded_free(&decoded);
		free(data);
	}
}

/* A header that is cut is no node: the place is where the bytes end. */
static void test_cut_header(void **state)
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
static void test_without_base(void **state)
{
	const struct node node = { 0, 0x100000, EFI, 96 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_decoded decoded;
	uint8_t data[112] = { 0 };

	put(data, sizeof(data), &node);
	assert_int_equal(efimap_decode(data, sizeof(data), "blob", NULL, &decoded, &err),
			 0);
	assert_int_equal(decoded.n_oddities, 1);
	assert_int_equal(decoded.oddities[0].kind, EFIMAP_ODD_SETUP_OUTSIDE);
	assert_int_equal(decoded.oddities[0].value, 0x100000);
	efimap_decoded_free(&decoded);
}

static void test_many_nodes(void **state)
{
	const struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA,
						       .base = BASE };
	const size_t max = EFIMAP_DECODE_MAX_NODES;
	uint8_t *data = calloc(max + 1, 16);

	assert_non_null(data);
	for (size_t count = max; count <= max + 1; count++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_decoded decoded = { 0 };

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
		efimap_decoded_free(&decoded);
	}
	free(data);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut_header),
		cmocka_unit_test(test_without_base),
		cmocka_unit_test(test_many_nodes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
