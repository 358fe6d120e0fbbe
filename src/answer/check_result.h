/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The result of a check, and the checks outside checks.c. checks.h describes the states. */
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
 * @text:   for CHECK_CONDITION, the condition; for CHECK_UNSEEN, the missing data or the bug;
 *          otherwise NULL
 * @advice: advice about a condition, or about missing data that cannot be collected. Its text is
 *          NULL if there is none. All texts are constant or owned by the report.
 */
struct check_result {
	enum check_state state;
	enum efimap_refusal refusal;
	const char *text;
	struct efimap_advice advice;
};

static const struct check_result passed = { .state = CHECK_PASSED };

static inline struct check_result refuse(enum efimap_refusal refusal)
{
	return (struct check_result){ .state = CHECK_REFUSES, .refusal = refusal };
}

static inline struct check_result unseen(const char *text)
{
	return (struct check_result){ .state = CHECK_UNSEEN, .text = text };
}

/* Return CHECK_UNSEEN for data that cannot be collected, with the @advice to do something else. */
static inline struct check_result unseen_but(const char *text, const char *advice)
{
	return (struct check_result){ .state = CHECK_UNSEEN, .text = text, .advice.text = advice };
}

/* Return a condition of the answer, which begins with "if". @advice may be NULL. */
static inline struct check_result depends(const char *text, const char *advice)
{
	return (struct check_result){ .state = CHECK_CONDITION, .text = text,
				      .advice.text = advice };
}

typedef struct check_result check_fn(const struct machine *machine,
				     const struct efimap_load_case *load);

check_fn look_at_kernel_bugs, look_for_kernel_bugs, look_at_guests;
check_fn look_at_half, look_at_free_memory, look_at_boot_memory, look_at_own_reservation,
	look_at_unpacked_size;
check_fn look_at_signature, look_at_ima;
check_fn look_at_unified_image, look_at_padding;

#endif
