/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_WORDS_H
#define ANSWER_WORDS_H

#include "answer/answer.h"
#include "answer/answers.h"

/* CANNOT_TELL - the first words of an answer whose outcome is unknown */
#define CANNOT_TELL "cannot tell"

/* word_verdict() - return the first words of an answer, such as "will boot without EFI" */
const char *word_verdict(const struct answer *answer);

/*
 * word_reason() - return the words after the verdict and the kernel, such as ": the reason"
 *
 * Return: "" if there is nothing to add, or NULL if memory is exhausted.
 */
const char *word_reason(const struct answer *answer, struct efimap_arena *arena);

#endif
