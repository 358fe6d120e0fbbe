/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_FIND_LOADS_H
#define ANSWER_FIND_LOADS_H

#include "answer/loads.h"

/*
 * loads_make() - find the loads for a capture and options
 * @loads: zero-initialised; borrows from @map and @options; free it with loads_free() even on error
 *
 * Return: 0 or -ENOMEM.
 */
int loads_make(const struct efimap *map, const struct efimap_verify_options *options,
	       struct loads *loads);
void loads_free(struct loads *loads);

/*
 * is_unread_chosen() - return whether @question has an answer for @kernel, which cannot be read
 *
 * Without reserved memory, no crash kernel can be loaded, so kdump has no answer for @kernel.
 */
bool is_unread_chosen(const struct loads *loads, const struct efimap_verify_options *options,
		      enum efimap_question question, const struct efimap_unread_kernel *kernel);

/* load_place() - set the memory, the placement of the segments, and the refusal of a load */
void load_place(const struct loads *loads, struct efimap_load_case *load);

#endif
