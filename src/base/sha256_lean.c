/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * SHA-256 for a lean build (FIPS 180-4), written for few bytes: libmd's comes with its
 * SHA-512, and both were 3 KiB of an initramfs. Knows nothing of what is digested.
 */
#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "base/sha256.h"

#define BLOCK 64

/* struct context - the digest so far, and the bytes of a block that is not full */
struct context {
	uint32_t hash[8];
	uint64_t size;
	uint8_t block[BLOCK];
};

_Static_assert(sizeof(struct context) <= sizeof(struct efimap_sha256), "room for the state");

static const uint32_t constants[BLOCK] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t turn(uint32_t word, unsigned int by)
{
	return word >> by | word << (32 - by);
}

/* Section 6.2.2; w is the schedule, of which sixteen words are needed at a time. */
static void digest_block(uint32_t hash[8], const uint8_t *block)
{
	uint32_t w[16], v[8];

	for (size_t i = 0; i < 16; i++) {
		memcpy(&w[i], block + 4 * i, 4);
		w[i] = be32toh(w[i]);
	}
	memcpy(v, hash, sizeof(v));
	for (unsigned int i = 0; i < BLOCK; i++) {
		const uint32_t t1 = v[7] + (turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25)) +
				    ((v[4] & v[5]) ^ (~v[4] & v[6])) + constants[i] + w[i % 16];
		const uint32_t t2 = (turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22)) +
				    ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		const uint32_t early = w[(i + 1) % 16], late = w[(i + 14) % 16];

		w[i % 16] += (turn(early, 7) ^ turn(early, 18) ^ early >> 3) + w[(i + 9) % 16] +
			     (turn(late, 17) ^ turn(late, 19) ^ late >> 10);
		memmove(v + 1, v, 7 * sizeof(*v));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (unsigned int i = 0; i < 8; i++)
		hash[i] += v[i];
}

static struct context *context(struct efimap_sha256 *sha)
{
	return (struct context *)(void *)sha->state;
}

void efimap_sha256_init(struct efimap_sha256 *sha)
{
	*context(sha) = (struct context){
		.hash = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c,
			  0x1f83d9ab, 0x5be0cd19 },
	};
}

void efimap_sha256_add(struct efimap_sha256 *sha, const void *data, size_t size)
{
	struct context *c = context(sha);
	const uint8_t *bytes = data;

	for (size_t i = 0; i < size; i++) {
		c->block[c->size++ % BLOCK] = bytes[i];
		if (c->size % BLOCK == 0)
			digest_block(c->hash, c->block);
	}
}

/* Section 5.1.1: a one, zeros, and the number of bits at the end of a block */
static void pad(struct efimap_sha256 *sha)
{
	static const uint8_t one = 0x80, zero = 0;
	const uint64_t bits = htobe64(context(sha)->size * 8);

	efimap_sha256_add(sha, &one, 1);
	while (context(sha)->size % BLOCK != BLOCK - sizeof(bits))
		efimap_sha256_add(sha, &zero, 1);
	efimap_sha256_add(sha, &bits, sizeof(bits));
}

void efimap_sha256_end(struct efimap_sha256 *sha, char ret_text[EFIMAP_SHA256_TEXT])
{
	static const char digits[] = "0123456789abcdef";

	pad(sha);
	for (unsigned int i = 0; i < 2 * EFIMAP_SHA256_BYTES; i++)
		ret_text[i] = digits[context(sha)->hash[i / 8] >> (28 - i % 8 * 4) & 15];
	ret_text[EFIMAP_SHA256_TEXT - 1] = '\0';
}
