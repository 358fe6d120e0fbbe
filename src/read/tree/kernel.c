/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which kernel, on which machine: proc/cmdline, proc/version and the boot id, one line
 * each, what proc/cpuinfo says of the first CPU, and texts of DMI.
 */
#include <errno.h>

#include "read/text.h"
#include "read/tree/files.h"

#define MIN_BITS 32U
#define MAX_BITS 64U
/* SMBIOS limits no string; what tells machines apart is far shorter. */
#define MAX_DMI_TEXT 255U

int efimap_keep_cmdline(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	size_t next;
	size_t len = efimap_text_line(content->data, content->len, &next);

	if (content->len == 0)
		return !efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					   "empty, expected the kernel's command line");
	if (next < content->len)
		return !efimap_problem_set(problem, EFIMAP_FAULT_SYNTAX, 2,
					   "more than one line, expected the kernel's "
					   "command line");
	efimap_text_clean(content->data, len);
	return efimap_set_cmdline(map, content->data, len);
}

int efimap_keep_version(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	const char *text;
	size_t len;

	if (!efimap_parse_release(content->data, content->len, &text, &len, problem))
		return 1;
	return efimap_set_release(map, text, len);
}

int efimap_keep_boot_id(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	size_t len;

	if (!efimap_parse_boot_id(content->data, content->len, &len, problem))
		return 1;
	return efimap_set_boot_id(map, content->data, len);
}

/* Is it one of the flags, "flags\t\t: fpu vme … pdpe1gb …"? Given with the blank before it. */
static bool has_flag(struct efimap_text flags, const char *flag)
{
	for (; flags.len; efimap_text_skip(&flags, 1)) {
		struct efimap_text rest = flags;

		if (efimap_text_take(&rest, flag) && (!rest.len || rest.at[0] == ' '))
			return true;
	}
	return false;
}

/* Only a 32-bit kernel looks for this fault of CPUs (show_cpuinfo_misc). */
static bool is_of_32bit_kernel(struct efimap_text line)
{
	return efimap_text_begins(line, "fdiv_bug\t:");
}

/* "address sizes\t: 46 bits physical, 48 bits virtual" */
static bool parse_sizes(struct efimap_text text, unsigned int *ret_bits)
{
	uint64_t bits;

	if (!efimap_text_take(&text, "address sizes\t: ") ||
	    !efimap_text_take_number(&text, MAX_BITS, &bits) || bits < MIN_BITS ||
	    !efimap_text_begins(text, " bits physical"))
		return false;
	*ret_bits = (unsigned int)bits;
	return true;
}

/*
 * The width of physical addresses, whether there are pages of 1 GiB, whether page tables
 * have five levels (arch/x86/kernel/cpu/common.c takes the flag away where they have
 * not), and whether a 32-bit kernel writes (arch/x86/kernel/cpu/proc.c: show_cpuinfo).
 * All CPUs say the same, and the kernel makes the file up as it is read, CPU by CPU, so
 * only its beginning is asked for. Without the line of sizes, on another architecture, it
 * is as good as absent.
 */
int efimap_keep_cpuinfo(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	bool lacks = false, narrow = false, five_levels = false;
	struct efimap_text line;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		struct efimap_text flags = line;

		if (efimap_text_take(&flags, "flags\t\t:")) {
			lacks |= !has_flag(flags, " pdpe1gb");
			five_levels |= has_flag(flags, " la57");
		}
		narrow |= is_of_32bit_kernel(line);
		if (!parse_sizes(line, &map->phys_bits))
			continue;
		map->no_gib_pages = lacks;
		map->kernel_32bit = narrow;
		map->five_levels = five_levels;
		return 0;
	}
	map->states[file->source] = EFIMAP_STATE_ABSENT;
	return 0;
}

/* Any text is true of some machine: one that is no line of text is as good as absent. */
int efimap_keep_dmi(struct efimap *map, const struct efimap_capture_file *file,
		    struct efimap_file *content, struct efimap_problem *problem)
{
	size_t next;
	const size_t line = efimap_text_line(content->data, content->len, &next);

	if (line == 0 || line > MAX_DMI_TEXT || next < content->len)
		return 0;
	efimap_text_clean(content->data, line);
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	return efimap_set_dmi(map, (enum efimap_dmi)file->field, content->data, line);
}

/*
 * Texts of sys/devices/virtual/dmi/id (drivers/firmware/dmi-id.c), where sys/class/dmi/id
 * leads. Serial numbers, asset tags and UUIDs lie there too and are not read. Several
 * texts are one source: what is wrong with one of them is no fault.
 */
int efimap_read_dmi(struct efimap_root *root, struct efimap *map,
		    const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file content = { 0 };
	char where[EFIMAP_WHERE_SIZE];
	int ret = efimap_file_get(root, file, where, &content);

	if (!ret)
		return file->keep(map, file, &content, NULL);
	if ((ret == -EACCES || ret == -EPERM) &&
	    map->states[file->source] == EFIMAP_STATE_ABSENT)
		map->states[file->source] = EFIMAP_STATE_DENIED;
	return efimap_errno_is_fatal(ret) ? ret : 0;
}
