/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to do about an answer: other loads, computed in the same way. */
#ifndef ANSWER_ADVICE_H
#define ANSWER_ADVICE_H

#include "answer/answers.h"
#include "answer/load_outcome.h"

/*
 * find_advice() - find the first remedy with the best outcome
 * @load:       the load of the answer
 * @today:      its outcome
 * @ret_advice: in the arena of the report; NULL if nothing can be improved
 *
 * A remedy is never one that the running kernel refuses, or whose outcome was not computed.
 *
 * Return: 0 or a negative errno.
 */
int find_advice(const struct efimap_verify_options *options, const struct loads *loads,
		const struct efimap_load_case *load, const struct load_outcome *today,
		struct efimap_report *report, const struct efimap_advice **ret_advice);

/*
 * make_command() - write a kexec command for a load, quoted for a shell, to the arena
 *
 * Return: NULL if memory runs out.
 */
const char *make_command(const struct loads *loads, const struct efimap_load_case *load,
			 struct efimap_arena *arena);

/* make_load_advice() - name the kexec options of a load; 0 or -ENOMEM */
int make_load_advice(const struct loads *loads, const struct efimap_load_case *load,
		     struct efimap_report *report, const struct efimap_advice **ret_advice);

/* has_command() - return whether everything for a complete command is known */
bool has_command(const struct loads *loads, const struct efimap_load_case *load);

#endif
