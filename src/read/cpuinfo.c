/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The width of physical addresses and whether there are pages of 1 GiB: what proc/cpuinfo
 * says of the first CPU (arch/x86/kernel/cpu/proc.c: show_cpuinfo). All CPUs say the same,
 * and the kernel makes the file up as it is read, CPU by CPU, so only its beginning is
 * asked for.
 */
#include <string.h>

#include "fault.h"
#include "readers.h"
#include "text.h"

/* The sizes stand at the end of what is said of one CPU, which is 1 to 3 KiB. */
#define MAX_HEAD 8192U
#define MIN_BITS 32U
#define MAX_BITS 64U

static bool begins(const char *text, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(text, with, strlen(with)) == 0;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "flags\t\t: fpu vme … pdpe1gb …": do they leave it out? */
static bool lacks_gib_pages(const char *text, size_t len)
{
	static const char key[] = "flags\t\t:", flag[] = " pdpe1gb";
	const size_t size = sizeof(flag) - 1;

	if (!begins(text, len, key))
		return false;
	for (size_t at = sizeof(key) - 1; at + size <= len; at++)
		if (begins(text + at, len - at, flag) &&
		    (at + size == len || text[at + size] == ' '))
			return false;
	return true;
}

/* "address sizes\t: 46 bits physical, 48 bits virtual" */
static bool parse_line(const char *text, size_t len, unsigned int *ret_bits)
{
	static const char key[] = "address sizes\t: ", unit[] = " bits physical";
	const size_t at = sizeof(key) - 1;
	unsigned int bits;

	if (!begins(text, len, key) || len < at + 2 || !is_digit(text[at]) ||
	    !is_digit(text[at + 1]) || !begins(text + at + 2, len - at - 2, unit))
		return false;
	bits = (unsigned int)(text[at] - '0') * 10 + (unsigned int)(text[at + 1] - '0');
	if (bits < MIN_BITS || bits > MAX_BITS)
		return false;
	*ret_bits = bits;
	return true;
}

int efimap_read_cpuinfo(struct efimap_root *root, struct efimap *map,
			struct efimap_err *err)
{
	const char *where = efimap_source_path(EFIMAP_SRC_CPUINFO);
	efimap_auto_file struct efimap_file file = { 0 };
	int ret = efimap_root_read_head(root, where, MAX_HEAD, &file);
	bool lacks = false;
	size_t next;

	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_CPUINFO, where, ret);
	/* Without the line, on another architecture, it is as good as absent. */
	for (size_t at = 0; at < file.len; at += next) {
		const size_t len = efimap_text_line(file.data + at, file.len - at, &next);

		lacks |= lacks_gib_pages(file.data + at, len);
		if (!parse_line(file.data + at, len, &map->phys_bits))
			continue;
		map->no_gib_pages = lacks;
		map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_PRESENT;
		break;
	}
	return 0;
}
