/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The table of the checks that determine whether a load works.
 *
 * To add a row, write a function look_at_…() in checks.c, or in a separate file if it needs more
 * than a page, and add it to the table checks[]. The function has no side effects. It checks one
 * load of one machine, and returns one of these results:
 *
 * CHECK_PASSED:    the check does not apply to the load, or the data permits the outcome "none". A
 *                  rule may still report a finding with a worse consequence.
 * CHECK_REFUSES:   the running kernel or the loader refuses the load. To add a reason, add a value
 *                  to enum efimap_refusal, and add a variant with the text of the reason to the
 *                  rule load-refused (src/rules/kexec_load.rules). If kexec-tools then calls
 *                  kexec_load instead, also add the value to is_unsupported() in checks.c.
 * CHECK_CONDITION: the outcome "none" depends on a fact that no file shows; text is a clause such
 *                  as "if the running kernel accepts the signature of the image".
 * CHECK_UNSEEN:    the capture lacks data that the check needs, or the effect of a bug of Linux is
 *                  uncertain; text names the data and a way to get it, or the bug. If the row
 *                  has CHECK_DECIDES, the answer is "cannot tell". Otherwise, the answer ends "as
 *                  far as the capture shows", and text is added to unseen[].
 *
 * A fault that is neither a refusal nor a condition is reported by a rule with "Asked: each load".
 * The consequence and the certainty of the finding determine the answer, and its text explains the
 * fault. If the rule needs a source that a capture may lack, a row of the table returns
 * CHECK_UNSEEN for that source.
 */
#ifndef ANSWER_CHECKS_H
#define ANSWER_CHECKS_H

#include "answer/answers.h"
#include "rules/machine.h"

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

/* The checks outside checks.c */
check_fn look_at_kernel_bugs, look_for_kernel_bugs, look_at_guests;
check_fn look_at_half, look_at_free_memory, look_at_boot_memory, look_at_own_reservation,
	look_at_unpacked_size;
check_fn look_at_signature, look_at_ima, look_for_secure_boot;
check_fn look_at_unified_image, look_at_padding;

/* enum check_weight - the effect on the answer if the capture lacks data that a check needs */
enum check_weight {
	CHECK_COMPLETES, /* the outcome is valid as far as the capture shows */
	CHECK_DECIDES,   /* the outcome is unknown */
};

/*
 * struct check - a condition that affects the outcome of a load
 * @name: name of the check, for debuggers and tests
 */
struct check {
	const char *name;
	enum check_weight weight;
	check_fn *look;
};

/*
 * checks - all checks. The first one that refuses a load determines the reason. The last element
 * has no name.
 */
extern const struct check checks[];

/*
 * falls_back_from() - return whether kexec-tools or the kdump service calls kexec_load after a load
 * was refused
 */
bool falls_back_from(const struct machine *machine, const struct efimap_load_case *load);

/* fallback_of() - return the load with kexec_load that follows a refused load */
struct efimap_load_case fallback_of(const struct machine *machine,
				       const struct efimap_load_case *load);

/* find_refusal() - return the first refusal of the table, or EFIMAP_NOT_REFUSED */
enum efimap_refusal find_refusal(const struct machine *machine,
				 const struct efimap_load_case *load);

#endif
