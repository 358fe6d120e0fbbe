/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The paths of a capture. A test holds the table against what the readers open. Must not
 * know what the files mean, nor where they come from.
 */
#include <string.h>

#include "read/tree/root.h"
#include "read/tree/wanted.h"

/* No reader accepts more: of a setup_data payload; of an attribute. */
#define PAYLOAD_BYTES ((size_t)1 << 20)
#define VALUE_BYTES ((size_t)EFIMAP_VALUE_SIZE)

/* A component of "*" is any, one that ends in "*" any that starts so. */
static const struct pattern {
	const char *path;
	size_t keep;
	bool is_secret;
} patterns[] = {
	{ "sys/firmware/efi/runtime-map/*/*", VALUE_BYTES, false },
	{ "sys/firmware/efi/fw_vendor", VALUE_BYTES, false },
	{ "sys/firmware/efi/runtime", VALUE_BYTES, false },
	{ "sys/firmware/efi/config_table", VALUE_BYTES, false },
	{ "sys/firmware/efi/systab", VALUE_BYTES, false },
	{ "sys/firmware/efi/fw_platform_size", VALUE_BYTES, false },
	{ "sys/firmware/memmap/*/*", VALUE_BYTES, false },
	{ "sys/kernel/boot_params/data", VALUE_BYTES, false },
	{ "sys/kernel/boot_params/setup_data/*/*", PAYLOAD_BYTES, true },
	{ "proc/iomem", EFIMAP_FILE_BYTES, false },
	{ "proc/cmdline", EFIMAP_FILE_BYTES, false },
	{ "proc/version", EFIMAP_FILE_BYTES, false },
	{ "proc/cpuinfo", EFIMAP_FILE_BYTES, false },
	{ "proc/sys/kernel/random/boot_id", EFIMAP_FILE_BYTES, false },
	{ "sys/devices/virtual/dmi/id/sys_vendor", VALUE_BYTES, false },
	{ "sys/devices/virtual/dmi/id/product_name", VALUE_BYTES, false },
	{ "sys/devices/virtual/dmi/id/bios_version", VALUE_BYTES, false },
	{ "sys/class/dmi/id/sys_vendor", VALUE_BYTES, false },
	{ "sys/class/dmi/id/product_name", VALUE_BYTES, false },
	{ "sys/class/dmi/id/bios_version", VALUE_BYTES, false },
	{ "dmesg.txt", EFIMAP_FILE_BYTES, false },
	{ "var/log/dmesg", EFIMAP_FILE_BYTES, false },
	{ "sos_commands/kernel/dmesg*", EFIMAP_FILE_BYTES, false },
};

static bool is_same(const char *pattern, size_t pattern_len, const char *name, size_t len)
{
	if (pattern_len > 0 && pattern[pattern_len - 1] == '*')
		return len >= pattern_len - 1 && memcmp(pattern, name, pattern_len - 1) == 0;
	return len == pattern_len && memcmp(pattern, name, len) == 0;
}

/* How far, in whole components, @path goes the way of @pattern; all of that: a file. */
static size_t follow(const char *pattern, const char *path, bool *ret_is_file)
{
	size_t at = 0, followed = 0;

	*ret_is_file = false;
	for (;;) {
		const size_t pattern_len = strcspn(pattern, "/");
		const size_t len = strcspn(path + at, "/");

		if (!is_same(pattern, pattern_len, path + at, len))
			return followed;
		followed = at + len;
		if (!pattern[pattern_len])
			*ret_is_file = !path[followed];
		if (!pattern[pattern_len] || !path[followed])
			return followed;
		pattern += pattern_len + 1;
		at = followed + 1;
	}
}

struct efimap_want efimap_want(const char *path)
{
	struct efimap_want want = { 0 };
	bool is_file;

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		const struct pattern *pattern = &patterns[i];
		const size_t len = follow(pattern->path, path, &is_file);

		if (len <= want.len)
			continue;
		want.len = len;
		want.keep = is_file ? pattern->keep : 0;
		want.is_secret = is_file && pattern->is_secret;
	}
	return want;
}
