/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimap_decode() of a setup_data chain: the first eight bytes are the address of the
 * rest. Every node lies within the bytes, none comes twice, only SETUP_EFI has a payload.
 */
#include "fuzz.h"
#include "emulate/decode.h"
#include "emulate/handover.h"

static void check_nodes(const struct efimap_decoded *decoded, size_t size)
{
	static uint8_t seen[1 << 16];

	memset(seen, 0, sizeof(seen));
	fuzz_check(decoded->n_nodes > 0);
	for (size_t i = 0; i < decoded->n_nodes; i++) {
		const struct efimap_setup_data *node = &decoded->nodes[i];

		fuzz_check(node->offset + EFIMAP_SETUP_DATA_HEADER <= size);
		fuzz_check(!seen[node->offset]);
		seen[node->offset] = 1;
		fuzz_check(!node->has_payload || node->type == EFIMAP_SETUP_EFI);
		if (!node->has_payload)
			fuzz_check(!node->payload.fw_vendor && !node->payload.runtime &&
				   !node->payload.tables && !node->payload.smbios);
	}
	for (size_t i = 0; i < decoded->n_oddities; i++)
		fuzz_check(decoded->oddities[i].offset < size &&
			   decoded->oddities[i].kind < EFIMAP_ODD_COUNT);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct efimap_decode_options options = { .as = EFIMAP_BLOB_SETUP_DATA };
	efimap_auto_decoded struct efimap_decoded decoded = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	if (size < sizeof(options.base) || size > (1 << 16))
		return 0;
	memcpy(&options.base, data, sizeof(options.base));
	data += sizeof(options.base);
	size -= sizeof(options.base);
	ret = efimap_decode(data, size, "fuzz", &options, &decoded, &err);
	fuzz_check(err.code == -ret);
	if (ret == 0)
		check_nodes(&decoded, size);
	else
		fuzz_check(err.offset <= size);
	return 0;
}
