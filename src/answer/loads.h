/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* List the loads for which verify answers. */
#ifndef ANSWER_LOADS_H
#define ANSWER_LOADS_H

#include "rules/machine.h"

/* struct loads - a list of loads; initialise it with zeros, and free it with loads_free() */
struct loads {
	struct load_case *cases;
	size_t count;
	size_t capacity;
};

/*
 * loads_add_all() - add the loads for all questions except options->not_asked
 *
 * There are no loads for kdump if machine->kdump.has_load is not set.
 */
void loads_add_all(const struct machine *machine, struct loads *loads);

/* loads_add_kernel() - add the load of @kernel */
void loads_add_kernel(const struct machine *machine, enum load_question question,
		      const struct installed_kernel *kernel, struct loads *loads);

/*
 * is_recorded() - return whether the options and the parameters of a load of @kernel are those of
 *                 the record of the last load
 *
 * A capture may contain the record, but not the image that it names.
 */
bool is_recorded(const struct machine *machine, const struct installed_kernel *kernel);

/* make_load() - describe the load of @kernel with @loader and the address limits in the options */
struct load_case make_load(const struct machine *machine, enum load_question question,
			   unsigned int loader, const struct installed_kernel *kernel);
void loads_free(struct loads *loads);
#define auto_loads __attribute__((cleanup(loads_free)))

/*
 * is_unread_chosen() - return whether @question has an answer for @kernel, which cannot be read
 *
 * Without reserved memory, no crash kernel can be loaded, so kdump has no answer for @kernel.
 */
bool is_unread_chosen(const struct machine *machine, enum load_question question,
		      const struct unread_kernel *kernel);

#endif
