/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first eight bytes are the address of the remaining bytes. Every node must be within the
 * remaining bytes, no node may be listed twice, and only SETUP_EFI nodes may have a payload.
 */
#include "fuzz.h"
#include "input/binary/decode_setup_data.h"

static void check_nodes(const struct efimap *map, size_t size)
{
	const struct efimap_binary *binary = map->binary;
	static uint8_t seen[1 << 16];

	memset(seen, 0, sizeof(seen));
	fuzz_check(binary->n_nodes > 0 && binary->n_nodes == map->n_setup_data);
	for (size_t i = 0; i < binary->n_nodes; i++) {
		const struct efimap_binary_node *place = &binary->nodes[i];
		const struct efimap_setup_node *node = &map->setup_data[i];

		fuzz_check(node->index == i);
		fuzz_check(place->offset + EFIMAP_SETUP_DATA_HEADER <= size);
		fuzz_check(place->payload_at + node->payload_size <= size);
		fuzz_check(!seen[place->offset]);
		seen[place->offset] = 1;
		fuzz_check(node->payload_size == 0 || node->type == EFIMAP_SETUP_EFI);
		for (size_t k = node->payload_size; k < sizeof(node->payload); k++)
			fuzz_check(node->payload[k] == 0);
	}
	for (size_t i = 0; i < binary->n_problems; i++)
		fuzz_check(binary->problems[i].offset < size &&
			   binary->problems[i].kind < EFIMAP_PROBLEM_COUNT);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct efimap_binary_options options = { .as = EFIMAP_BINARY_SETUP_DATA };
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	if (size < sizeof(options.base) || size > (1 << 16))
		return 0;
	memcpy(&options.base, data, sizeof(options.base));
	data += sizeof(options.base);
	size -= sizeof(options.base);
	ret = efimap_binary_decode(data, size, "fuzz", &options, &map, &err);
	fuzz_check(err.code == -ret);
	if (ret == 0)
		check_nodes(map, size);
	else
		fuzz_check(err.offset <= size);
	return 0;
}
