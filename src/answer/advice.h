/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_ADVICE_H
#define ANSWER_ADVICE_H

#include "answer/answer.h"

/*
 * advise() - set the advice of an answer
 * @answer: @answer->advice receives the advice, whose texts are constant or owned by the report of
 *          @machine
 *
 * The advice is the best alternative load, or another action if no load is better than the one of
 * @answer.
 */
void advise(struct machine *machine, struct answer *answer);

/*
 * find_state_advice() - return the advice for a state of kdump in which no load is checked; its
 * text is NULL if there is none
 */
struct advice find_state_advice(struct machine *machine);

/** find_no_efi_advice() - return the advice about kexec for a kernel without EFI */
struct advice find_no_efi_advice(const struct machine *machine);

/*
 * find_data_advice() - return the advice to get the data that an unknown answer lacks
 * @answer: the answer, or NULL if there is no load
 *
 * Return: the advice, which is empty if more data would not help, or if the reason of the answer
 * already names the missing data.
 */
struct advice find_data_advice(const struct machine *machine, const struct answer *answer);

/* Return whether a file was read, but contains no kernel image. */
bool is_no_image(const struct capture_fault *fault);

/* word_unread_advice() - return the advice for a kernel whose file could not be read */
const char *word_unread_advice(const struct efimap *map, const struct unread_kernel *kernel,
			       struct arena *arena);

#endif
