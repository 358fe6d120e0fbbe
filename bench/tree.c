/* SPDX-License-Identifier: GPL-2.0-or-later */
/* See tree.h. One buffer, one write at its end or when it is full: nothing is cheaper. */
#include <string.h>
#include <unistd.h>

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
	"sys/kernel/boot_params/version",
	"sys/kernel/boot_params/data",
	"sys/kernel/boot_params/setup_data/0/type",
	"dmesg.txt",
	NULL,
};

static char buffer[65536];
static size_t used;

static void flush(void)
{
	if (write(STDOUT_FILENO, buffer, used) < 0)
		_exit(1);
	used = 0;
}

static void put(const char *text, size_t length)
{
	if (length > sizeof(buffer) - used)
		flush();
	memcpy(buffer + used, text, length);
	used += length;
}

static void put_text(const char *text)
{
	put(text, strlen(text));
}

static void put_number(unsigned int value)
{
	char digits[10];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	put(digits + at, sizeof(digits) - at);
}

void print_rows(const struct row *rows, size_t count)
{
	put_text("{\"entries\":[");
	for (size_t i = 0; i < count; i++) {
		put_text(i ? ",\n{\"index\":" : "\n{\"index\":");
		put_number(rows[i].index);
		for (size_t a = 0; a < ATTRIBUTES; a++) {
			put_text(",\"");
			put_text(attribute_names[a]);
			put_text("\":\"");
			put_text(rows[i].value[a]);
			put_text("\"");
		}
		put_text("}");
	}
	put_text("]}\n");
	flush();
}
