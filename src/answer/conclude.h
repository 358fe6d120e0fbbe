/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From findings and loads to answers. */
#ifndef ANSWER_CONCLUDE_H
#define ANSWER_CONCLUDE_H

#include "answer/answers.h"
#include "answer/loads.h"

/* conclude() - make the answers of a report, and its outcome and answer; 0 or -ENOMEM */
int conclude(const struct efimap_verify_options *options, const struct loads *loads,
	     struct efimap_report *report);

/*
 * conclude_unjudged() - make the answers if no rule was run: one sentence, without a full stop
 * @outcome: the outcome of each question
 */
int conclude_unjudged(const struct efimap_verify_options *options, enum efimap_outcome outcome,
		      struct efimap_report *report, const char *sentence);

#endif
