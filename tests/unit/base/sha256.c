/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 against the examples of FIPS 180-4, and piece by piece. */
#include <string.h>

#include "test.h"
#include "base/sha256.h"

TEST(published_rows)
{
	static const struct {
		const char *name, *data;
		size_t repeat;
		const char *digest;
	} rows[] = {
		{ "nothing", "", 1,
		  "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "one block", "abc", 1,
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ "a million bytes, one by one", "a", 1000000,
		  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_sha256 sha;
		char text[EFIMAP_SHA256_TEXT];

		efimap_sha256_init(&sha);
		for (size_t k = 0; k < rows[i].repeat; k++)
			efimap_sha256_add(&sha, rows[i].data, strlen(rows[i].data));
		efimap_sha256_end(&sha, text);
		if (strcmp(text, rows[i].digest) != 0)
			fail_msg("%s: %s", rows[i].name, text);
	}
}
