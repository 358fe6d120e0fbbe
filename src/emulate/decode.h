/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that decode share. */
#ifndef EFIMAP_EMULATE_DECODE_H
#define EFIMAP_EMULATE_DECODE_H

#include <efimap/cursor.h>
#include <efimap/decode.h>

/* The bytes, and where what they hold goes. */
struct decoder {
	const uint8_t *data;
	size_t size;
	const char *where;
	const struct efimap_decode_options *options;
	struct efimap_decoded *decoded;
	struct efimap_err *err;
};

/* Note an oddity: 0, -ENOMEM or -EOVERFLOW. */
int decode_odd(struct decoder *decoder, enum efimap_oddity_kind kind, uint64_t offset,
	       uint64_t value);

/* The payload at @offset, @len bytes of it, EFIMAP_EFI_PAYLOAD_FIELDS at least. */
int decode_payload(struct decoder *decoder, size_t offset, size_t len,
		   struct efimap_efi_payload *payload);

/* A chain of setup_data nodes, the first at the first byte. */
int decode_setup_data(struct decoder *decoder);

/* Read one descriptor, wherever the cursor is. */
struct efimap_entry decode_descriptor(struct efimap_cursor *cursor, uint32_t index);

#endif
