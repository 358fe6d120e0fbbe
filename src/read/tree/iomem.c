/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * proc/iomem (kernel/resource.c: r_show). Without CAP_SYS_ADMIN all addresses are zero:
 * that is a state, and such lines are not kept, for they would cover page 0.
 */

#include "read/fault.h"
#include "read/read.h"
#include "read/text.h"
#include "read/tree/files.h"

static int add_iomem_lines(struct efimap *map, const struct efimap_file *file, bool *ret_is_masked,
			   struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = file->data, .len = file->len };
	struct efimap_iomem_line line;
	uint32_t max_depth = 0;
	const char *text;
	size_t len;
	int ret = 0;

	while (!ret && efimap_lines_next(&lines, &text, &len)) {
		if (lines.line > EFIMAP_MAX_LINES)
			return !efimap_problem_set(problem, EFIMAP_FAULT_TOO_LONG, lines.line,
						   "more than %u lines", EFIMAP_MAX_LINES);
		if (!efimap_parse_iomem_line(text, len, lines.line, max_depth, &line, problem))
			return 1;
		max_depth = line.depth + 1;
		*ret_is_masked &= line.span.first == 0 && line.span.last == 0;
		/* Drivers name resources as they like. */
		efimap_text_clean(file->data + (line.name - file->data), line.name_len);
		ret = efimap_add_iomem(map, line.span, line.depth, line.name, line.name_len);
	}
	return ret;
}

int efimap_keep_iomem(struct efimap *map, const struct efimap_capture_file *file,
		      struct efimap_file *content, struct efimap_problem *problem)
{
	bool is_masked = true;
	int ret;

	if (content->len == 0)
		return !efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					   "empty, expected one line per range");
	ret = add_iomem_lines(map, content, &is_masked, problem);
	/* Of a broken file not the half that is good. */
	if (ret || is_masked)
		map->n_iomem = 0;
	if (!ret && is_masked)
		map->states[file->source] = EFIMAP_STATE_MASKED;
	return ret;
}
