/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect the lines of a form. */
#include <string.h>

#include "rules/form.h"

static const char *const labels[EFIMAP_LABEL_COUNT] = {
	[EFIMAP_LABEL_LOADED] = "loaded",   [EFIMAP_LABEL_WHY] = "why",
	[EFIMAP_LABEL_IF] = "if",	    [EFIMAP_LABEL_BUT] = "but",
	[EFIMAP_LABEL_LOST] = "lost",	    [EFIMAP_LABEL_CHECKED] = "checked",
	[EFIMAP_LABEL_LACKING] = "lacking", [EFIMAP_LABEL_MEANS] = "means",
	[EFIMAP_LABEL_WHEN] = "when",	    [EFIMAP_LABEL_CHECK] = "check",
	[EFIMAP_LABEL_DO] = "do",	    [EFIMAP_LABEL_THEN] = "then",
	[EFIMAP_LABEL_KERNEL] = "kernel",
};

const char *form_label_name(unsigned int label)
{
	return label < EFIMAP_LABEL_COUNT ? labels[label] : "unknown";
}

size_t form_count_lines(const struct form *form)
{
	size_t count = 0;

	while (count < form->n_lines && form->lines[count].label != EFIMAP_LABEL_KERNEL)
		count++;
	return count;
}

void form_add(struct form *form, struct arena *arena, struct form_line line)
{
	size_t at = form->n_lines;

	if (form->n_lines == form->capacity) {
		struct form_line *lines;

		form->capacity = form->capacity ? 2 * form->capacity : 8;
		lines = arena_alloc(arena, form->capacity * sizeof(*lines));
		if (form->n_lines)
			memcpy(lines, form->lines, form->n_lines * sizeof(*lines));
		form->lines = lines;
	}
	for (; at > 0 && form->lines[at - 1].label > line.label; at--)
		form->lines[at] = form->lines[at - 1];
	form->lines[at] = line;
	form->n_lines++;
}

void form_say(struct form *form, struct arena *arena, enum form_label label, const char *text)
{
	if (text && *text)
		form_add(form, arena, (struct form_line){ .label = label, .text = text });
}

void form_run(struct form *form, struct arena *arena, const char *command)
{
	if (command)
		form_add(form, arena,
			 (struct form_line){
				 .label = EFIMAP_LABEL_DO, .text = command, .is_command = true });
}
