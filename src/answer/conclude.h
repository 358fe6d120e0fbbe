/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CONCLUDE_H
#define ANSWER_CONCLUDE_H

#include "answer/answer.h"
#include "answer/answers.h"

/*
 * conclude() - join the answers of all loads in the report of a machine: set the answers, their
 *              lines and the worst outcome, and add the findings
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int conclude(struct machine *machine, const struct answer *answers, size_t n_answers);

/*
 * conclude_unchecked() - give the same answer to each question, without checking a load
 * @outcome:  outcome of each answer
 * @sentence: the answer, without the last full stop
 *
 * Return: 0 or -ENOMEM.
 */
int conclude_unchecked(const struct efimap_verify_options *options, enum efimap_outcome outcome,
		       struct efimap_report *report, const char *sentence);

#endif
