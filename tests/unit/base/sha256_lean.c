/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The digest of a lean build against that of libmd, both in one program. */
#include <stdio.h>
#include <string.h>

#include "test.h"
#include "base/sha256.h"

void lean_init(struct efimap_sha256 *sha);
void lean_add(struct efimap_sha256 *sha, const void *data, size_t size);
void lean_end(struct efimap_sha256 *sha, char ret_text[EFIMAP_SHA256_TEXT]);

#define efimap_sha256_init lean_init
#define efimap_sha256_add lean_add
#define efimap_sha256_end lean_end
#include "../../../src/base/sha256_lean.c"
#undef efimap_sha256_init
#undef efimap_sha256_add
#undef efimap_sha256_end

#define MAX_BYTES 1024

static void fill(uint8_t bytes[MAX_BYTES])
{
	uint32_t word = 1;

	for (size_t i = 0; i < MAX_BYTES; i++) {
		word = word * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(word >> 24);
	}
}

/* Every length over several blocks, in two pieces that are cut everywhere. */
static void like_libmd(void **state)
{
	uint8_t bytes[MAX_BYTES];

	fill(bytes);
	for (size_t size = 0; size <= MAX_BYTES; size++) {
		struct efimap_sha256 lean, libmd;
		char ours[EFIMAP_SHA256_TEXT], theirs[EFIMAP_SHA256_TEXT];
		const size_t cut = size * 7 % (size + 1);

		lean_init(&lean);
		lean_add(&lean, bytes, cut);
		lean_add(&lean, bytes + cut, size - cut);
		lean_end(&lean, ours);
		efimap_sha256_init(&libmd);
		efimap_sha256_add(&libmd, bytes, size);
		efimap_sha256_end(&libmd, theirs);
		if (strcmp(ours, theirs) != 0)
			fail_msg("%zu bytes: %s, libmd: %s", size, ours, theirs);
	}
}

static void known(void **state)
{
	struct efimap_sha256 sha;
	char text[EFIMAP_SHA256_TEXT];

	lean_init(&sha);
	lean_add(&sha, "abc", 3);
	lean_end(&sha, text);
	assert_string_equal(
		text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(like_libmd),
		cmocka_unit_test(known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
