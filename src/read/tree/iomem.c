/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * proc/iomem (kernel/resource.c: r_show). Without CAP_SYS_ADMIN all addresses are zero:
 * that is a state, and such lines are not kept, for they would cover page 0.
 */
#include <errno.h>
#include <string.h>

#include "read/fault.h"
#include "read/read.h"
#include "read/text.h"
#include "read/tree/readers.h"

/* What a look at all lines says before any is kept. */
struct survey {
	bool masked;
	struct efimap_problem problem;
};

static bool survey_lines(const struct efimap_file *file, struct survey *survey)
{
	struct efimap_lines lines = { .data = file->data, .len = file->len };
	struct efimap_iomem_line line;
	uint32_t max_depth = 0;
	const char *text;
	size_t len;

	if (file->len == 0)
		return efimap_problem_set(&survey->problem, EFIMAP_FAULT_EMPTY, 0,
					  "empty, expected one line per range");
	survey->masked = true;
	while (efimap_lines_next(&lines, &text, &len)) {
		if (lines.line > EFIMAP_MAX_LINES)
			return efimap_problem_set(&survey->problem, EFIMAP_FAULT_TOO_LONG,
						  lines.line, "more than %u lines",
						  EFIMAP_MAX_LINES);
		if (!efimap_parse_iomem_line(text, len, lines.line, max_depth, &line,
					     &survey->problem))
			return false;
		max_depth = line.depth + 1;
		survey->masked &= line.span.first == 0 && line.span.last == 0;
	}
	return true;
}

static int add_lines(struct efimap *map, const struct efimap_file *file)
{
	struct efimap_lines lines = { .data = file->data, .len = file->len };
	struct efimap_iomem_line line;
	struct efimap_problem problem;
	const char *text;
	size_t len;
	int ret = 0;

	while (!ret && efimap_lines_next(&lines, &text, &len))
		if (efimap_parse_iomem_line(text, len, lines.line, UINT32_MAX, &line,
					    &problem)) {
			/* Drivers name resources as they like. */
			efimap_text_clean(file->data + (line.name - file->data),
					  line.name_len);
			ret = efimap_add_iomem(map, line.span, line.depth, line.name,
					       line.name_len);
		}
	return ret;
}

int efimap_read_iomem(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	const char *where = efimap_source_path(EFIMAP_SRC_IOMEM);
	efimap_auto_file struct efimap_file file = { 0 };
	struct survey survey;
	int ret = efimap_root_read_file(root, where, EFIMAP_FILE_BYTES, &file);

	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_IOMEM, where, ret);
	if (!survey_lines(&file, &survey))
		return efimap_source_broken(map, EFIMAP_SRC_IOMEM, where, &survey.problem);
	if (survey.masked) {
		map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_MASKED;
		return 0;
	}
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	return add_lines(map, &file);
}
