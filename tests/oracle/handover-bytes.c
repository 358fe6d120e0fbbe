/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Write what efimap_handover_make() hands over from a SOURCE, for the oracles to compare:
 *
 *   handover-bytes SOURCE kexec-tools|kernel loader|index|kernfs MEMMAP-ADDRESS DIRECTORY
 *
 * Leaves the files node, memmap and efi_info in DIRECTORY and prints the rest.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulate/handover.h"
#include "read/read.h"

static int find(const char *name, const char *const names[], size_t count, size_t *ret)
{
	for (*ret = 0; *ret < count; (*ret)++)
		if (strcmp(name, names[*ret]) == 0)
			return 0;
	fprintf(stderr, "handover-bytes: %s: unknown\n", name);
	return -EINVAL;
}

static int write_file(const char *directory, const char *name, const void *data,
		      size_t size)
{
	char path[4096];
	FILE *file;
	size_t written;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "wb");
	if (!file) {
		perror(path);
		return -errno;
	}
	written = fwrite(data, 1, size, file);
	if (fclose(file) || written != size) {
		perror(path);
		return -EIO;
	}
	return 0;
}

static int hand_over(const struct efimap *map,
		     const struct efimap_handover_options *options, const char *directory)
{
	efimap_auto_handover struct efimap_handover handover = { 0 };
	int ret = efimap_handover_make(map, options, &handover);

	if (ret) {
		fprintf(stderr, "handover-bytes: %s\n", strerror(-ret));
		return ret;
	}
	printf("reason %d %s\n", (int)handover.reason,
	       efimap_handover_reason_text(handover.reason));
	printf("desc_size %" PRIu32 "\n", handover.desc_size);
	for (size_t i = 0; i < handover.n_entries; i++)
		printf("entry %" PRIu32 "\n", map->entries[handover.order[i]].index);
	ret = write_file(directory, "node", handover.node, sizeof(handover.node));
	if (ret == 0)
		ret = write_file(directory, "memmap", handover.memmap,
				 handover.memmap_size);
	if (ret == 0)
		ret = write_file(directory, "efi_info", handover.efi_info,
				 sizeof(handover.efi_info));
	return ret;
}

int main(int argc, char **argv)
{
	static const char *const loaders[] = { "kexec-tools", "kernel" };
	static const char *const orders[] = { "loader", "index", "kernfs" };
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_handover_options options = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	size_t loader, order;
	char text[1200];

	if (argc != 6 || find(argv[2], loaders, 2, &loader) ||
	    find(argv[3], orders, 3, &order))
		return 2;
	options.loader = (enum efimap_loader)loader;
	options.order = (enum efimap_handover_order)order;
	options.memmap_addr = strtoull(argv[4], NULL, 16);
	if (efimap_read(argv[1], &map, &err)) {
		efimap_err_format(&err, text, sizeof(text));
		fprintf(stderr, "handover-bytes: %s\n", text);
		return 3;
	}
	return hand_over(map, &options, argv[5]) ? 1 : 0;
}
