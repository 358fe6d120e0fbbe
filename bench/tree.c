/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See tree.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

const char *const attribute_names[ATTRIBUTES] = { "attribute", "num_pages", "phys_addr",
						  "type", "virt_addr" };
const char *const range_names[RANGE_FILES] = { "start", "end", "type" };
const char *const other_files[] = {
	"sys/firmware/efi/fw_vendor",
	"sys/firmware/efi/runtime",
	"sys/firmware/efi/config_table",
	"sys/firmware/efi/systab",
	"sys/firmware/efi/fw_platform_size",
	"proc/iomem",
	"proc/cmdline",
	"proc/version",
	"proc/cpuinfo",
	"sys/kernel/boot_params/version",
	"sys/kernel/boot_params/data",
	"sys/kernel/boot_params/setup_data/0/type",
	"dmesg.txt",
	NULL,
};

struct row *add_row(struct row **rows, size_t *count)
{
	/* The capacity is doubled whenever the number of rows is a power of two. */
	if ((*count & (*count - 1)) == 0) {
		*rows = realloc(*rows, (*count ? 2 * *count : 1) * sizeof(**rows));
		if (!*rows)
			exit(1);
	}
	memset(&(*rows)[*count], 0, sizeof(**rows));
	return &(*rows)[(*count)++];
}

void print_rows(const struct row *rows, size_t count)
{
	fputs("{\"entries\":[", stdout);
	for (size_t i = 0; i < count; i++) {
		printf("%s\n{\"index\":%u", i ? "," : "", rows[i].index);
		for (size_t a = 0; a < ATTRIBUTES; a++)
			printf(",\"%s\":\"%s\"", attribute_names[a], rows[i].value[a]);
		putchar('}');
	}
	puts("]}");
}
