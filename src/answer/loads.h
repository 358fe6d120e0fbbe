/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* List the loads for which verify answers. */
#ifndef ANSWER_LOADS_H
#define ANSWER_LOADS_H

#include "answer/machine.h"

/* struct loads - a list of loads; initialise it with zeros, and free it with loads_free() */
struct loads {
	struct efimap_load_case *cases;
	size_t count;
	size_t capacity;
};

/*
 * loads_add_all() - add the loads for the questions that are asked
 *
 * The loads of a kernel with each loader are adjacent, and that with the loader of the installed
 * tools is the first. There are no loads for kdump if no memory is requested for a crash kernel.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int loads_add_all(const struct machine *machine, struct loads *loads);
void loads_free(struct loads *loads);
#define auto_loads __attribute__((cleanup(loads_free)))

/*
 * is_unread_chosen() - return whether @question has an answer for @kernel, which cannot be read
 *
 * Without reserved memory, no crash kernel can be loaded, so kdump has no answer for @kernel.
 */
bool is_unread_chosen(const struct machine *machine, enum efimap_question question,
		      const struct efimap_unread_kernel *kernel);

/*
 * preferred_loader() - find the loader that the installed tools would use
 *
 * Return: enum efimap_loader, or EFIMAP_LOADER_COUNT if the loader is unknown.
 */
unsigned int preferred_loader(const struct machine *machine, enum efimap_question question);

#endif
