/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which kernel: proc/cmdline, proc/version and the boot id, one line each.
 */
#include <errno.h>

#include "read/fault.h"
#include "read/text.h"
#include "read/tree/readers.h"

/* x86's COMMAND_LINE_SIZE is 2048; a boot configuration appended to it can be 32 KiB. */
#define MAX_CMDLINE (64U << 10)
#define MAX_LINE 4096U

/* A taker returns 0, 1 with a problem, or a negative errno. */
typedef int take_fn(struct efimap *map, struct efimap_file *file,
		    struct efimap_problem *problem);

static int take_cmdline(struct efimap *map, struct efimap_file *file,
			struct efimap_problem *problem)
{
	size_t next;
	size_t len = efimap_text_line(file->data, file->len, &next);

	if (file->len == 0)
		return !efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					   "empty, expected the kernel's command line");
	if (next < file->len)
		return !efimap_problem_set(problem, EFIMAP_FAULT_SYNTAX, 2,
					   "more than one line, expected the kernel's "
					   "command line");
	efimap_text_clean(file->data, len);
	return efimap_set_cmdline(map, file->data, len);
}

static int take_version(struct efimap *map, struct efimap_file *file,
			struct efimap_problem *problem)
{
	const char *text;
	size_t len;

	if (!efimap_parse_release(file->data, file->len, &text, &len, problem))
		return 1;
	return efimap_set_release(map, text, len);
}

static int take_boot_id(struct efimap *map, struct efimap_file *file,
			struct efimap_problem *problem)
{
	size_t len;

	if (!efimap_parse_boot_id(file->data, file->len, &len, problem))
		return 1;
	return efimap_set_boot_id(map, file->data, len);
}

static const struct text_file {
	enum efimap_source source;
	size_t limit;
	take_fn *take;
} text_files[] = {
	{ EFIMAP_SRC_CMDLINE, MAX_CMDLINE, take_cmdline },
	{ EFIMAP_SRC_VERSION, MAX_LINE, take_version },
	{ EFIMAP_SRC_BOOT_ID, MAX_LINE, take_boot_id },
};

static int read_text_file(struct efimap_root *root, struct efimap *map,
			  const struct text_file *text_file)
{
	const char *where = efimap_source_path(text_file->source);
	efimap_auto_file struct efimap_file file = { 0 };
	struct efimap_problem problem;
	int ret = efimap_root_read_file(root, where, text_file->limit, &file);

	if (ret)
		return efimap_source_unread(map, text_file->source, where, ret);
	ret = text_file->take(map, &file, &problem);
	if (ret > 0)
		return efimap_source_broken(map, text_file->source, where, &problem);
	if (!ret)
		map->states[text_file->source] = EFIMAP_STATE_PRESENT;
	return ret;
}

int efimap_read_kernel(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(text_files) / sizeof(text_files[0]) && !ret; i++)
		ret = read_text_file(root, map, &text_files[i]);
	return ret;
}
