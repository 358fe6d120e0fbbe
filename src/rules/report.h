/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_REPORT_H
#define RULES_REPORT_H

#include "base/cleanup.h"
#include "capture/capture.h"
#include "rules/form.h"
#include "rules/rule_catalogue.h"

struct evidence {
	const char *source;
	const char *value;
};

/**
 * enum fallback - whether kexec-tools calls kexec_load after a refusal of kexec_file_load
 * @EFIMAP_FALLBACK_COUNTED:   yes, but the kernel has counted the refused call, and may permit no
 *                             further one
 * @EFIMAP_FALLBACK_UNCOUNTED: yes
 */
enum fallback {
	EFIMAP_FALLBACK_NEVER,
	EFIMAP_FALLBACK_COUNTED,
	EFIMAP_FALLBACK_UNCOUNTED,
};

/**
 * struct finding - one match of a rule
 * @concerns: questions and loaders that the finding affects (CONCERNS_... in rules/engine.h)
 * @variant:  variant of the rule (enum rule_variant_id)
 * @shown:    where text output shows the finding if it is a note
 * @entries:  indices of the entries in runtime-map, ascending and without duplicates
 * @message:  one sentence without a full stop
 * @why:      a simpler version of @message for the line "why"; NULL if @message is suitable
 * @condition: for an unknown effect, a clause on which the effect depends; NULL if there is none
 * @advice:   what the user can do, or NULL; @command is a command for it, or NULL
 * @answers:  set of the positions of the answers of verify that the finding concerns
 * @is_untested: the effect is unknown, although the cause was seen, so more data would not help
 * @fallback: whether kexec-tools calls kexec_load after the errno of this refusal
 * @first:    for compare, the data of FIRST; NULL if there is none
 * @second:   for compare, the data of SECOND; NULL if there is none
 */
struct finding {
	const struct rule *rule;
	enum severity severity;
	enum outcome outcome;
	enum certainty certainty;
	uint8_t concerns;
	enum shown shown;
	uint8_t variant;
	const uint32_t *entries;
	size_t n_entries;
	const char *message;
	const char *why;
	const char *condition;
	const char *advice;
	const char *command;
	uint64_t answers;
	bool is_untested;
	enum fallback fallback;
	const char *first;
	const char *second;
	const struct evidence *evidence;
	size_t n_evidence;
};

/**
 * enum verdict - the result of a run
 * @EFIMAP_VERDICT_WARN:           there are warnings, but nothing fails
 * @EFIMAP_VERDICT_FAIL:           an error was found, or an answer fails
 * @EFIMAP_VERDICT_INCOMPLETE:     required data was not collected, or the map is incomplete
 * @EFIMAP_VERDICT_NOT_APPLICABLE: there is nothing to check. For received, kexec did not start the
 *                                 kernel, or the data that kexec passed is unknown.
 * @EFIMAP_VERDICT_SAME:           SECOND has the map of FIRST (compare)
 * @EFIMAP_VERDICT_DIFFERS:        entries changed, were lost or were added, but no difference
 *                                 matters (compare)
 * @EFIMAP_VERDICT_DRIFT:          there are errors or warnings (compare)
 * @EFIMAP_VERDICT_NOT_COMPARABLE: SECOND is not a successor of FIRST, or data to compare is missing
 *                                 (compare)
 * @EFIMAP_VERDICT_NOT_RECEIVED:   EFI data, or the map, was not received (compare, received)
 * @EFIMAP_VERDICT_RECEIVED_UNUSABLE: EFI data was received, but this kernel cannot use EFI runtime
 *                                 services (received)
 * @EFIMAP_VERDICT_CANNOT_TELL:    no file shows whether EFI data was received, or whether this
 * kernel can use EFI runtime services (received)
 *
 * verify uses only the values up to @EFIMAP_VERDICT_UNREADABLE.
 */
enum verdict {
	EFIMAP_VERDICT_PASS,
	EFIMAP_VERDICT_WARN,
	EFIMAP_VERDICT_FAIL,
	EFIMAP_VERDICT_INCOMPLETE,
	EFIMAP_VERDICT_NOT_APPLICABLE,
	EFIMAP_VERDICT_DENIED,
	EFIMAP_VERDICT_UNREADABLE,
	EFIMAP_VERDICT_SAME,
	EFIMAP_VERDICT_DIFFERS,
	EFIMAP_VERDICT_DRIFT,
	EFIMAP_VERDICT_NOT_COMPARABLE,
	EFIMAP_VERDICT_NOT_RECEIVED,
	EFIMAP_VERDICT_RECEIVED,
	EFIMAP_VERDICT_RECEIVED_UNUSABLE,
	EFIMAP_VERDICT_CANNOT_TELL,
};

struct answer;

/**
 * struct report_machine - facts about the machine for those who group reports
 * @firmware:    "efi", "none" (booted without EFI) or "unknown"
 * @secure_boot: "enabled", "disabled" or "unknown"
 * @lockdown:    mode of lockdown, "enabled" if only the kernel log shows it, or "unknown"
 * @booted_by:   "firmware", "kexec" or "unknown"
 * @kernel:      release of the running kernel, or NULL
 */
struct report_machine {
	const char *firmware;
	const char *secure_boot;
	const char *lockdown;
	const char *booted_by;
	const char *kernel;
};

/**
 * struct report - all findings of one run
 * @findings: findings, sorted by severity (errors first), then by rule, then by entry
 * @counts:   number of @findings by severity
 * @fails:    there is an error; for verify, an answer or the state of kdump fails; for compare, a
 *            difference matters
 * @missed:   verdict if data is missing or unreadable, or if there is nothing to check; otherwise
 *            EFIMAP_VERDICT_PASS
 * @refused:  no rule was run because of @missed
 * @reason:   the reason why @missed is not EFIMAP_VERDICT_PASS
 * @unseen:   another reason why the result is incomplete, such as missing entries; otherwise ""
 * @unchecked: for compare and received, what was not checked behind a good answer; otherwise ""
 * @warns:    there is a warning; for verify, an answer or the map has one
 * @words:    for verify, the worst word of each question (enum word), or EFIMAP_WORD_COUNT
 * @map_severity: for verify, the severity of the worst finding about the map
 * @why_skipped: the reason why a rule of severity error was not checked, or NULL
 * @lost:     for received, the data that may show faults and was not read, or NULL
 * @outcome:  worst outcome, or unknown; for verify, the worst outcome of @answers
 * @is_unknown: for verify, an answer that determines the verdict is unknown
 * @answer:   @outcome as a sentence with a full stop; "" until it is set
 * @answers:  for verify, the answers for the loads (src/answer)
 * @forms:    the forms that text output shows
 * @map_word: for verify, a word about the map, such as "ok"
 * @map_summary: for verify, a sentence about overlaps, identity mapping, memmap and iomem
 */
struct report {
	struct finding *findings;
	size_t n_findings;
	size_t counts[3];
	bool fails;
	bool warns;
	unsigned int words[2];
	enum severity map_severity;
	enum verdict missed;
	bool refused;
	const char *reason;
	const char *unseen;
	const char *unchecked;
	const char *lost;
	const char *why_skipped;
	enum outcome outcome;
	enum certainty certainty;
	bool is_unknown;
	const char *answer;
	struct report_machine machine;
	const struct answer *answers;
	size_t n_answers;
	struct form *forms;
	size_t n_forms;
	const char *map_word;
	const char *map_summary;
	struct arena arena;
	size_t findings_capacity;
};

/**
 * report_verdict() - return the verdict of a report
 *
 * DENIED, UNREADABLE and NOT_APPLICABLE take precedence over FAIL, and FAIL takes precedence over
 * INCOMPLETE.
 */
enum verdict report_verdict(const struct report *report);
/**
 * reason_of_report() - return the reason why a check is incomplete or has nothing to check; "" if
 * there is no reason, or if the verdict is FAIL
 */
const char *reason_of_report(const struct report *report);
/** finding_why() - return the text of a finding for the line "why" of an answer */
static inline const char *finding_why(const struct finding *finding)
{
	return finding->why ? finding->why : finding->message;
}

/** find_refusal() - return the finding that certainly refuses a load, or NULL */
const struct finding *find_refusal(const struct report *report);

/** report_is_unread() - return whether data that was needed could not be read */
bool report_is_unread(const struct report *report);
bool report_is_partial(const struct report *report);

struct report *report_new(void);
void report_free(struct report *report);
EFIMAP_FREES(report)
#define auto_report auto_cleanup(report_free_auto)

/** finding_compare() - return the order of two findings; 0 if they look the same to users */
int finding_compare(const struct finding *a, const struct finding *b);

/**
 * report_add() - add a finding, and set its severity
 *
 * The entries are copied and sorted. All strings, and the array of evidence, must remain valid
 * until the report is freed.
 */
void report_add(struct report *report, const struct finding *finding);
/**
 * report_note_unread() - note data that is missing or unreadable, or why no rule is run
 *
 * If no rule is run, the caller also sets @report->refused.
 */
void report_note_unread(struct report *report, enum verdict missed, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/** report_seal() - sort and count findings, and set @report->fails for an error */
void report_seal(struct report *report);
const char *verdict_name(unsigned int verdict);

#endif
