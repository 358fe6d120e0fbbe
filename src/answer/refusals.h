/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_REFUSALS_H
#define ANSWER_REFUSALS_H

#include "answer/loads.h"

/*
 * preferred_loader() - find the loader that the installed tools would use
 *
 * Return: enum efimap_loader, or EFIMAP_LOADER_COUNT if the loader is unknown.
 */
unsigned int preferred_loader(const struct loads *loads, enum efimap_question question);

/* Return whether @args, which are separated by spaces, contain @wanted. */
bool has_argument(const char *args, const char *wanted);

enum efimap_refusal find_refusal(const struct loads *loads, const struct efimap_load_case *load);

#endif
