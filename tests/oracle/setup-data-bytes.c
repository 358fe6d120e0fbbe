/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Print what efimap_handover_make() hands over from a SOURCE, for the oracles to compare:
 *
 *   setup-data-bytes SOURCE LOADER ORDER MEMMAP-ADDRESS
 *
 * LOADER and ORDER are numbers of enum efimap_loader and efimap_handover_order.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "input/read_source.h"
#include "linux/setup_data.h"

static void put_bytes(const char *name, const uint8_t *data, size_t size)
{
	printf("%s ", name);
	for (size_t i = 0; i < size; i++)
		printf("%02x", data[i]);
	putchar('\n');
}

int main(int argc, char **argv)
{
	efimap_auto_handover struct efimap_handover handover = { 0 };
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_handover_options options = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;

	if (argc != 5)
		return 2;
	options.loader = (enum efimap_loader)atoi(argv[2]);
	options.order = (enum efimap_handover_order)atoi(argv[3]);
	options.memmap_addr = strtoull(argv[4], NULL, 16);
	if (efimap_read(argv[1], EFIMAP_BOOT_DEFAULT, &map, &err) ||
	    efimap_handover_make(map, &options, &handover)) {
		fprintf(stderr, "setup-data-bytes: %s: %s\n", argv[1], err.text);
		return 1;
	}
	printf("passes %d\n", handover.reason == EFIMAP_HANDOVER_PASSES);
	printf("reason %s\n", efimap_handover_reason_text(handover.reason));
	printf("desc_size %" PRIu32 "\n", handover.desc_size);
	printf("entries");
	for (size_t i = 0; i < handover.n_entries; i++)
		printf(" %" PRIu32, map->entries[handover.order[i]].index);
	putchar('\n');
	put_bytes("node", handover.node, sizeof(handover.node));
	put_bytes("memmap", handover.memmap, handover.memmap_size);
	put_bytes("efi_info", handover.efi_info, sizeof(handover.efi_info));
	return 0;
}
