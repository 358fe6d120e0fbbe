/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: findings and reports
 *
 * What verify, compare and received produce, and what the format room writes down.
 */
#ifndef RULES_REPORT_H
#define RULES_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "capture/capture.h"
#include "rules/rule_catalogue.h"

struct efimap_evidence {
	const char *source;
	const char *value;
};

/**
 * struct efimap_finding - one match of a rule
 * @severity:    follows from @consequence and @certainty (efimap_severity_of())
 * @loads:       set of the loads that it concerns, by their position in the run; 0 where the run
 *               has no loads
 * @entries:     indices (names under runtime-map) that it lies on, ascending, each once
 * @message:     one sentence without a full stop
 * @answer:      the same for who never heard of a runtime map, as the end of an answer; NULL
 *               where @message will do
 * @first:       in a comparison: what FIRST says, or NULL; NULL elsewhere
 */
struct efimap_finding {
	const struct efimap_rule *rule;
	enum efimap_severity severity;
	enum efimap_outcome consequence;
	enum efimap_certainty certainty;
	uint32_t loads;
	const uint32_t *entries;
	size_t n_entries;
	const char *message;
	const char *answer;
	const char *first;
	const char *second;
	const struct efimap_evidence *evidence;
	size_t n_evidence;
};

/** struct efimap_skip - a rule that was skipped */
struct efimap_skip {
	const struct efimap_rule *rule;
	const char *why;
};

/**
 * enum efimap_verdict - how much could be judged, and whether it is fine
 * @EFIMAP_VERDICT_PASS:           of verify: no error and no warning
 * @EFIMAP_VERDICT_WARN:           warnings, but nothing is at or above the threshold
 * @EFIMAP_VERDICT_FAIL:           something is
 * @EFIMAP_VERDICT_INCOMPLETE:     what would tell was not collected
 * @EFIMAP_VERDICT_NOT_APPLICABLE: there is nothing to judge: booted without EFI, or, of a
 *                                 receipt, not started by kexec as far as is known
 * @EFIMAP_VERDICT_DENIED:         something that is there may not be read
 * @EFIMAP_VERDICT_UNREADABLE:     something that is there could not be read
 * @EFIMAP_VERDICT_SAME:           of a comparison: SECOND has the map of FIRST
 * @EFIMAP_VERDICT_NOT_SHOWN:      a plain kernel log shows no map, which may be there all the
 *                                 same; or SECOND keeps none, and its command line or width says
 *                                 why, so what has arrived is not seen
 * @EFIMAP_VERDICT_NOT_COMPARABLE: SECOND is no successor of FIRST, or one of the two does not
 *                                 hold what would be compared
 * @EFIMAP_VERDICT_NOT_RECEIVED:   EFI, or the map, has not arrived
 * @EFIMAP_VERDICT_RECEIVED:       of received: EFI data has arrived
 * @EFIMAP_VERDICT_RECEIVED_UNUSABLE: of received: EFI data has arrived, but this kernel cannot use
 *                                 EFI runtime services
 *
 * verify, compare and received share the scale: one table gives the name of a verdict, and one
 * its exit status. Those up to @EFIMAP_VERDICT_UNREADABLE are verify's.
 */
enum efimap_verdict {
	EFIMAP_VERDICT_PASS,
	EFIMAP_VERDICT_WARN,
	EFIMAP_VERDICT_FAIL,
	EFIMAP_VERDICT_INCOMPLETE,
	EFIMAP_VERDICT_NOT_APPLICABLE,
	EFIMAP_VERDICT_DENIED,
	EFIMAP_VERDICT_UNREADABLE,
	EFIMAP_VERDICT_SAME,
	EFIMAP_VERDICT_DRIFT,
	EFIMAP_VERDICT_NOT_SHOWN,
	EFIMAP_VERDICT_NOT_COMPARABLE,
	EFIMAP_VERDICT_NOT_RECEIVED,
	EFIMAP_VERDICT_RECEIVED,
	EFIMAP_VERDICT_RECEIVED_UNUSABLE,
};

struct efimap_load_answer;
struct efimap_answer_line;

/**
 * struct efimap_report - all findings on one capture
 * @findings: errors first, then by rule, then by entry: the same for every entry order
 * @accepted: findings that a baseline accepts, in the same order; they lie behind @findings
 * @has_baseline: there is one, and this says what it accepts
 * @fails:    what the findings say: one is at or above the threshold
 * @tried:    by enum efimap_rule_id: it had what it needs, and was asked; @n_tried of them
 * @missed:   the verdict that follows from what could not be seen; PASS if nothing was missed
 * @refused:  no rule was tried because of that
 * @unseen:   why the runtime map was not seen whole, though rules were tried, or why none was;
 *            "" where it was seen and one was tried
 * @outcome:  what the next kernel will do: of verify, the worst of @answers
 * @answer:   the same as one sentence, with its full stop; "" before that
 * @answers:  of verify: one for each load (src/answer)
 * @lines:    these as lines of text
 */
struct efimap_report {
	struct efimap_finding *findings;
	size_t n_findings;
	struct efimap_skip *skipped;
	size_t n_skipped;
	size_t counts[3];
	struct efimap_finding *accepted;
	size_t n_accepted;
	bool has_baseline;
	bool fails;
	bool tried[EFIMAP_RULE_COUNT];
	size_t n_tried;
	enum efimap_verdict missed;
	bool refused;
	const char *reason;
	const char *unseen;
	enum efimap_outcome outcome;
	const char *answer;
	const struct efimap_load_answer *answers;
	size_t n_answers;
	const struct efimap_answer_line *lines;
	size_t n_lines;
	struct efimap_arena arena;
	size_t capacity[2];
};

/** efimap_verdict_of() - what a report comes to: whatever hides more is worse */
enum efimap_verdict efimap_verdict_of(const struct efimap_report *report);
/**
 * efimap_reason_of() - return why a verdict is neither pass nor fail, or why a pass is incomplete
 */
const char *efimap_reason_of(const struct efimap_report *report);
/** efimap_report_is_judged() - return whether rules were run; if not, there is a reason */
bool efimap_report_is_judged(const struct efimap_report *report);
/** efimap_report_is_partial() - return whether rules were run without data that exists */
bool efimap_report_is_partial(const struct efimap_report *report);
/**
 * efimap_report_is_unknown() - return whether it is unknown if there is a map, and nothing fails
 */
bool efimap_report_is_unknown(const struct efimap_report *report);

int efimap_report_new(struct efimap_report **ret_report);
void efimap_report_free(struct efimap_report *report);
EFIMAP_FREES(report)
#define efimap_auto_report efimap_cleanup(efimap_report_free_auto)

/**
 * efimap_finding_compare() - compare the order of two findings; 0 if their texts are equal
 *
 * Their loads are not compared.
 */
int efimap_finding_compare(const struct efimap_finding *a, const struct efimap_finding *b);

/** efimap_report_add() - add a finding; only its entries are copied, in any order */
int efimap_report_add(struct efimap_report *report, const struct efimap_finding *finding);
/** efimap_report_skip() - note a skipped rule; @why must live as long as the report */
int efimap_report_skip(struct efimap_report *report, enum efimap_rule_id rule, const char *why);
/** efimap_report_note_unread() - note data that rules cannot see; the rules are run anyway */
int efimap_report_note_unread(struct efimap_report *report, enum efimap_verdict missed,
			      const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/** efimap_report_try_no_rule() - note why no rule is run */
int efimap_report_try_no_rule(struct efimap_report *report, enum efimap_verdict missed,
			      const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/** efimap_report_may_miss_errors() - return whether a rule that reports errors was skipped */
bool efimap_report_may_miss_errors(const struct efimap_report *report);
/**
 * efimap_report_seal() - sort and count the findings, and compare them with @fail_on
 *
 * The order depends only on the contents of the findings: severity, rule, entries, consequence,
 * message, sides, evidence.
 */
int efimap_report_seal(struct efimap_report *report, enum efimap_severity fail_on);
/**
 * efimap_report_accept() - take findings that a baseline accepts out of the others
 * @report:   sealed; what is accepted already stays so
 * @accepted: by position in @report->findings; NULL for none
 * @fail_on:  to hold the others against anew
 */
int efimap_report_accept(struct efimap_report *report, const bool *accepted,
			 enum efimap_severity fail_on);
const char *efimap_verdict_name(unsigned int verdict);

#endif
