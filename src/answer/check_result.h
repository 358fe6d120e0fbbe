/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a check; checks.h describes it. */
#ifndef ANSWER_CHECK_RESULT_H
#define ANSWER_CHECK_RESULT_H

#include "answer/machine.h"

enum check_state {
	CHECK_PASSED,
	CHECK_REFUSES,
	CHECK_CONDITION,
	CHECK_UNSEEN,
};

/*
 * struct check_result - the result of a check
 * @text:   for CHECK_CONDITION and CHECK_UNSEEN
 * @advice: what the user can do about a condition, or if more data would not help; or NULL
 */
struct check_result {
	enum check_state state;
	enum efimap_refusal refusal;
	const char *text;
	const struct efimap_advice *advice;
};

#endif
