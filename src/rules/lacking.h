/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What an answer needs and was not read. */
#ifndef RULES_LACKING_H
#define RULES_LACKING_H

#include "rules/load_case.h"

/* enum lacking_reason - why something was not read */
enum lacking_reason {
	EFIMAP_LACKING_NOT_COLLECTED,
	EFIMAP_LACKING_DENIED,
	EFIMAP_LACKING_CUT,
	EFIMAP_LACKING_UNREADABLE,
};

/* lacking_reason_name() - return the name of a reason in documents, such as "not-collected" */
const char *lacking_reason_name(unsigned int reason);

/**
 * struct lacking - something that an answer needs and that was not read
 * @source: its name in one to four words, such as "kernel log"
 */
struct lacking {
	const char *source;
	enum lacking_reason reason;
};

/*
 * find_lacking() - list what a question needs and the capture lacks
 * @load:      the load of the answer, or NULL
 * @image:     why the image of the answer was not read, if there is no load; or NULL
 * @arena:     owns the list
 * @ret_items: the list, in the order of importance
 *
 * A file that a machine may lack, and that was recorded as absent, is not in the list.
 *
 * Return: the number of items.
 */
size_t find_lacking(const struct efimap *map, enum load_question question,
		    const struct load_case *load, const struct capture_fault *image,
		    struct arena *arena, const struct lacking **ret_items);

#endif
