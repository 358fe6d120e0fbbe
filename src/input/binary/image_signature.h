/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the signer of a kernel image in the attribute certificate table (PE Format). */
#ifndef INPUT_BINARY_IMAGE_SIGNATURE_H
#define INPUT_BINARY_IMAGE_SIGNATURE_H

#include <stddef.h>
#include <stdint.h>

/* Maximum size of a table. The tables of distribution kernels have 1.5 to 3 KiB. */
#define EFIMAP_MAX_SIGNATURE ((size_t)16 << 10)

/*
 * Replace the content of a table with a hash of the issuer and the serial number of the signer's
 * certificate. The name of the issuer is not kept, because it may identify a person or a machine. A
 * table that was already filtered does not change. Return 0.
 */
int efimap_filter_image_signature(char *data, size_t *len);

/* Return the hash in a filtered table, or 0 if the signer is unknown. */
uint64_t efimap_image_signer(const uint8_t *data, size_t len);

#endif
