/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Print the output of encode_setup_data() for a SOURCE. Tests compare it with the data of
 * real loads.
 *
 *   setup-data-bytes SOURCE LOADER
 *
 * LOADER is a value of enum kexec_loader, as a number.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "input/read_source.h"
#include "linux/encode_setup_data.h"

static void put_bytes(const char *name, const uint8_t *data, size_t size)
{
	printf("%s ", name);
	for (size_t i = 0; i < size; i++)
		printf("%02x", data[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	auto_encoded_setup_data struct encoded_setup_data encoded = { 0 };
	auto_map struct efimap *map = NULL;
	struct err err = EFIMAP_ERR_INIT;

	if (argc != 3)
		return 2;
	int ret = read_source(argv[1], EFIMAP_BOOT_DEFAULT, NULL, &map, &err);

	if (ret) {
		fprintf(stderr, "setup-data-bytes: %s: %s\n", argv[1], err.text);
		return 1;
	}
	/*
	 * Treat the tree as the running system, because kexec-tools assumes that a file missing
	 * from the tree does not exist.
	 */
	map->origin = EFIMAP_ORIGIN_LIVE;
	encoded = encode_setup_data(map, (enum kexec_loader)atoi(argv[2]));
	printf("passes %d\n", encoded.reason == EFIMAP_IS_PASSED);
	printf("reason %s\n", not_passed_text(encoded.reason));
	printf("desc_size %" PRIu32 "\n", encoded.desc_size);
	put_bytes("node", encoded.node, sizeof(encoded.node));
	put_bytes("memmap", encoded.memmap, encoded.memmap_size);
	return 0;
}
