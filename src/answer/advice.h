/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Advice for an answer: alternative loads whose outcome is better. */
#ifndef ANSWER_ADVICE_H
#define ANSWER_ADVICE_H

#include "answer/answers.h"
#include "answer/load_outcome.h"

/*
 * find_advice() - find the first remedy with the best outcome
 * @load:       the load of the answer
 * @today:      the outcome of @load
 * @ret_advice: the advice, in the arena of @report or static; NULL if no advice applies
 *
 * Remedies that the running kernel refuses, and remedies whose outcome is unknown, are ignored. If
 * no remedy is left, the advice is to reboot through the firmware, or a statement that no remedy
 * helps.
 *
 * Return: 0 or a negative errno.
 */
int find_advice(const struct efimap_verify_options *options, const struct loads *loads,
		const struct efimap_load_case *load, const struct load_outcome *today,
		struct efimap_report *report, const struct efimap_advice **ret_advice);

/*
 * make_command() - write the kexec command for a load, quoted for a shell
 *
 * Return: the command in @arena, or NULL if memory runs out.
 */
const char *make_command(const struct loads *loads, const struct efimap_load_case *load,
			 struct efimap_arena *arena);

/*
 * make_load_advice() - write advice that contains the kexec options of a load
 * @ret_advice: in the arena of @report
 *
 * Return: 0 or -ENOMEM.
 */
int make_load_advice(const struct loads *loads, const struct efimap_load_case *load,
		     struct efimap_report *report, const struct efimap_advice **ret_advice);

/* has_command() - return whether make_command() can write a complete command for a load */
bool has_command(const struct loads *loads, const struct efimap_load_case *load);

#endif
