/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256 by libmd, the only file that knows it: whoever wants another implementation
 * changes these three functions.
 */
#include <sys/types.h>

#include <sha2.h>

#include "base/sha256.h"

_Static_assert(sizeof(SHA2_CTX) <= sizeof(struct efimap_sha256),
	       "room for the state of libmd");
_Static_assert(SHA256_DIGEST_LENGTH == EFIMAP_SHA256_BYTES, "the size of a digest");

static SHA2_CTX *context(struct efimap_sha256 *sha)
{
	return (SHA2_CTX *)(void *)sha->state;
}

void efimap_sha256_init(struct efimap_sha256 *sha)
{
	SHA256Init(context(sha));
}

void efimap_sha256_add(struct efimap_sha256 *sha, const void *data, size_t size)
{
	SHA256Update(context(sha), data, size);
}

void efimap_sha256_end(struct efimap_sha256 *sha, char ret_text[EFIMAP_SHA256_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_LENGTH];

	SHA256Final(digest, context(sha));
	for (size_t i = 0; i < sizeof(digest); i++) {
		ret_text[2 * i] = digits[digest[i] >> 4];
		ret_text[2 * i + 1] = digits[digest[i] & 15];
	}
	ret_text[2 * sizeof(digest)] = '\0';
}
