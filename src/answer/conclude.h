/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_CONCLUDE_H
#define ANSWER_CONCLUDE_H

#include "answer/answer.h"

/*
 * conclude() - answer for all loads, in the report of a machine
 *
 * The function sets the answers, their lines and the members of the report that determine the
 * verdict, adds the findings, and seals the report.
 */
void conclude(struct machine *machine);

/*
 * conclude_unchecked() - give the same answer to each question, without checking a load
 * @machine: after machine_open(); after machine_check() only if the report is to have findings
 * @why:     the reason, without the last full stop
 * @advice:  the advice for the user
 */
void conclude_unchecked(struct machine *machine, const char *why, struct advice advice,
			struct report *report);

#endif
