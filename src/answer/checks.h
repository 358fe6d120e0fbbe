/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What decides whether a load works, in one table.
 *
 * To add a row, write a function look_at_…() in checks.c, or in a file of its own if it needs more
 * than a page, and add it to the table checks[]. The function is pure: it looks at one load of one
 * machine, and returns one of these results:
 *
 * CHECK_PASSED:    everything that the check needs was seen, and it does not prevent the outcome
 *                  "none". A rule may still report a finding, whose consequence then counts.
 * CHECK_REFUSES:   the running kernel or the loader refuses the load. To add a reason, add a value
 *                  to enum efimap_refusal, the variant of the rule load-refused that words it
 *                  (src/rules/kexec_load.rules), and to is_unsupported() if it applies.
 * CHECK_CONDITION: the outcome "none" depends on something that no file shows; text is a clause
 *                  such as "if the kernel accepts its signature".
 * CHECK_UNSEEN:    the capture does not show what the check needs; text says what, and how to get
 *                  it. If the row has CHECK_DECIDES, the answer is "cannot tell", otherwise it ends
 *                  "as far as the capture shows", and text is a member of unseen[].
 *
 * A fault that is neither a refusal nor a condition is a rule with "Asked: each load": its
 * consequence and its certainty decide, and its text explains it. If the rule needs a source that a
 * capture may lack, a row of the table returns CHECK_UNSEEN for that source.
 */
#ifndef ANSWER_CHECKS_H
#define ANSWER_CHECKS_H

#include "answer/check_result.h"

/* enum check_weight - what an answer is if the capture does not show what a check needs */
enum check_weight {
	CHECK_COMPLETES, /* the outcome holds as far as the capture shows */
	CHECK_DECIDES,   /* the outcome is unknown */
};

/*
 * struct check - a condition that affects the outcome of a load
 * @name: for debuggers and tests
 */
struct check {
	const char *name;
	enum check_weight weight;
	struct check_result (*look)(const struct machine *machine,
				    const struct efimap_load_case *load);
};

/* checks - in the order in which they refuse a load; the last element has no name */
extern const struct check checks[];

/*
 * is_unsupported() - return whether kexec_file_load fails with ENOSYS, EINVAL, ENOEXEC or ENOTSUP,
 *                    after which kexec-tools calls kexec_load (kexec/kexec.c: main)
 */
bool is_unsupported(enum efimap_refusal refusal);

/* find_refusal() - return the first refusal of the table, or EFIMAP_NOT_REFUSED */
enum efimap_refusal find_refusal(const struct machine *machine,
				 const struct efimap_load_case *load);

#endif
