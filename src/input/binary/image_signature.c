/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the signer of an image. The attribute certificate table contains a PKCS #7 SignedData (RFC
 * 2315) in DER, whose first SignerInfo names a certificate by its issuer and serial number. Linux
 * refuses a table with more than one signature.
 */
#include <stdbool.h>
#include <string.h>

#include "base/little_endian_reader.h"
#include "input/binary/image_signature.h"

/* Size of dwLength, wRevision and wCertificateType. In a filtered table, dwLength is 0. */
#define HEADER 8U
/* Alignment of tables in bytes. */
#define ALIGNMENT 8U

#define INTEGER 0x02
#define OBJECT_IDENTIFIER 0x06
#define SEQUENCE 0x30
#define SET 0x31
#define CONTEXT_0 0xa0
#define CONTEXT_1 0xa1

/* Constants of the 64-bit FNV-1a hash. */
#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME UINT64_C(0x100000001b3)

struct der {
	const uint8_t *at;
	size_t len;
};

/* Remove the first DER element. Return its tag, or 0 if the element is not complete. */
static uint8_t take_element(struct der *der, struct der *ret_content)
{
	size_t head = 2, len = der->len > 1 ? der->at[1] : 0;
	uint8_t tag;

	if (len > 0x80) {
		head += len & 0x7f;
		if (head > 2 + sizeof(uint32_t) || head > der->len)
			return 0;
		len = 0;
		for (size_t i = 2; i < head; i++)
			len = len << 8 | der->at[i];
	}
	if (head > der->len || len > der->len - head)
		return 0;
	tag = der->at[0];
	*ret_content = (struct der){ der->at + head, len };
	*der = (struct der){ der->at + head + len, der->len - head - len };
	return tag;
}

/* Find the content of issuerAndSerialNumber in SignedData. */
static bool find_signer(struct der der, struct der *ret_signer)
{
	static const struct {
		uint8_t tag;
		bool is_entered;
	} steps[] = {
		{ SEQUENCE, true },  { OBJECT_IDENTIFIER, false }, { CONTEXT_0, true },
		{ SEQUENCE, true },  { INTEGER, false },	   { SET, false },
		{ SEQUENCE, false }, { SET, true },		   { SEQUENCE, true },
		{ INTEGER, false },  { SEQUENCE, true },
	};
	struct der content = { 0 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]);) {
		const uint8_t tag = take_element(&der, &content);

		if (tag == steps[i].tag) {
			if (steps[i].is_entered)
				der = content;
			i++;
		} else if (tag != CONTEXT_0 && tag != CONTEXT_1) {
			/* In SignedData, only certificates and revocation lists are optional. */
			return false;
		}
	}
	*ret_signer = der;
	return true;
}

static uint64_t hash_of(struct der der)
{
	uint64_t hash = FNV_OFFSET;

	for (size_t i = 0; i < der.len; i++)
		hash = (hash ^ der.at[i]) * FNV_PRIME;
	return hash;
}

uint64_t efimap_image_signer(const uint8_t *data, size_t len)
{
	struct efimap_le_reader cursor = { .data = data, .size = len };

	if (efimap_le_reader_u32(&cursor))
		return 0;
	efimap_le_reader_seek(&cursor, HEADER);
	return efimap_le_reader_u64(&cursor);
}

int efimap_filter_image_signature(char *data, size_t *len)
{
	const uint8_t *bytes = (const uint8_t *)data;
	struct efimap_le_reader cursor = { .data = bytes, .size = *len };
	const size_t used = efimap_le_reader_u32(&cursor);
	uint64_t hash = efimap_image_signer(bytes, *len);
	struct der signer;

	if (used > HEADER && used <= *len && *len - used < ALIGNMENT &&
	    find_signer((struct der){ bytes + HEADER, used - HEADER }, &signer))
		hash = hash_of(signer);
	memset(data, 0, *len);
	for (size_t i = 0; i < sizeof(hash) && HEADER + i < *len; i++)
		data[HEADER + i] = (char)(hash >> (8 * i));
	return 0;
}
