/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The width of physical addresses, whether there are pages of 1 GiB, and whether a 32-bit
 * kernel writes: what proc/cpuinfo says of the first CPU (arch/x86/kernel/cpu/proc.c:
 * show_cpuinfo). All CPUs say the same, and the kernel makes the file up as it is read, CPU
 * by CPU, so only its beginning is asked for.
 */
#include "read/fault.h"
#include "read/parse.h"
#include "read/text.h"
#include "read/tree/readers.h"

/* The sizes stand at the end of what is said of one CPU, which is 1 to 3 KiB. */
#define MAX_HEAD 8192U
#define MIN_BITS 32U
#define MAX_BITS 64U

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "flags\t\t: fpu vme … pdpe1gb …": do they leave it out? */
static bool lacks_gib_pages(struct efimap_text text)
{
	static const char flag[] = " pdpe1gb";

	if (!efimap_text_take(&text, "flags\t\t:"))
		return false;
	for (; text.len; efimap_text_skip(&text, 1)) {
		struct efimap_text rest = text;

		if (efimap_text_take(&rest, flag) && (!rest.len || rest.at[0] == ' '))
			return false;
	}
	return true;
}

/* Only a 32-bit kernel looks for this fault of CPUs (show_cpuinfo_misc). */
static bool is_of_32bit_kernel(struct efimap_text line)
{
	return efimap_text_begins(line, "fdiv_bug\t:");
}

/* "address sizes\t: 46 bits physical, 48 bits virtual" */
static bool parse_line(struct efimap_text text, unsigned int *ret_bits)
{
	unsigned int bits;

	if (!efimap_text_take(&text, "address sizes\t: ") || text.len < 2 ||
	    !is_digit(text.at[0]) || !is_digit(text.at[1]))
		return false;
	bits = (unsigned int)(text.at[0] - '0') * 10 + (unsigned int)(text.at[1] - '0');
	efimap_text_skip(&text, 2);
	if (!efimap_text_begins(text, " bits physical") || bits < MIN_BITS || bits > MAX_BITS)
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
	struct efimap_lines lines;
	struct efimap_text line;
	bool lacks = false, narrow = false;

	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_CPUINFO, where, ret);
	/* Without the line, on another architecture, it is as good as absent. */
	lines = (struct efimap_lines){ .data = file.data, .len = file.len };
	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		lacks |= lacks_gib_pages(line);
		narrow |= is_of_32bit_kernel(line);
		if (!parse_line(line, &map->phys_bits))
			continue;
		map->no_gib_pages = lacks;
		map->kernel_32bit = narrow;
		map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_PRESENT;
		break;
	}
	return 0;
}
