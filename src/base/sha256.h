/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: SHA-256
 *
 * A digest of bytes that come piece by piece (FIPS 180-4). Needs no memory and cannot
 * fail.
 */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define EFIMAP_SHA256_BYTES 32
/** EFIMAP_SHA256_TEXT - of a digest as 64 lower-case digits and a NUL */
#define EFIMAP_SHA256_TEXT 65

/**
 * struct efimap_sha256 - a digest in the making
 */
struct efimap_sha256 {
	uint64_t state[32];
};

/** efimap_sha256_init() - the digest of nothing yet */
void efimap_sha256_init(struct efimap_sha256 *sha);
void efimap_sha256_add(struct efimap_sha256 *sha, const void *data, size_t size);
/** efimap_sha256_end() - the digest as text; @sha must be initialised before it is used
 *  again */
void efimap_sha256_end(struct efimap_sha256 *sha, char ret_text[EFIMAP_SHA256_TEXT]);

#endif
