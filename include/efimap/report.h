/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: reports and comparisons
 *
 * efimap_capture_verify() applies the rules to one capture. efimap_capture_compare() compares
 * the map that the first kernel passed with the map that the second kernel received. Both functions
 * create a report. An invalid map causes findings in the report, and never makes the call fail.
 *
 * Rules, severities, verdicts, outcomes and consequences have the same names as in the JSON
 * documents, which efimap-snapshot(5) describes.
 */
#ifndef EFIMAP_REPORT_H
#define EFIMAP_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <efimap/api.h>
#include <efimap/capture.h>
#include <efimap/error.h>
#include <efimap/rule.h>

EFIMAP_API_BEGIN

/** struct efimap_options - options for checking and comparing captures (opaque) */
struct efimap_options;
/** struct efimap_report - findings and their verdict (opaque); const after creation */
struct efimap_report;
/** struct efimap_finding - a match of one rule (opaque); owned by its report */
struct efimap_finding;
/** struct efimap_comparison - a report on two captures (opaque); const after creation */
struct efimap_comparison;

/**
 * efimap_options_new() - create options with default values
 * @ret_options: the options; free them with efimap_options_free()
 *
 * By default, all rules are applied, and errors make the verdict "fail".
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_options_new(struct efimap_options **ret_options);
/** efimap_options_free() - free options; @options may be NULL */
void efimap_options_free(struct efimap_options *options);

/**
 * efimap_options_set_fail_on() - set the lowest severity that makes the verdict "fail" or "drift"
 */
void efimap_options_set_fail_on(struct efimap_options *options,
				enum efimap_severity severity);

/**
 * efimap_options_set_expect() - set the expected virtual addresses
 * @options: the options
 * @expect:  "auto" for the mapping that Linux uses with this firmware; "identity" if every entry
 *           must be identity-mapped; "virtual" if every entry must be in the EFI runtime virtual
 *           address range
 * @err:     lists the valid names if @expect is unknown; may be NULL
 *
 * Return: 0, or -EINVAL if @expect is unknown.
 */
int efimap_options_set_expect(struct efimap_options *options, const char *expect,
			      struct efimap_err *err);

/**
 * efimap_options_only() - apply only the given rules
 * @options: the options
 * @rule:    name of a rule; call the function once for each rule
 * @err:     the cause of a failure; for an unknown rule, also the names of rules that begin with
 *           the same word; may be NULL
 *
 * Return: 0; -ENOENT if no rule has this name; -EINVAL if efimap_capture_verify() does not
 * apply this rule; or -ENOMEM.
 */
int efimap_options_only(struct efimap_options *options, const char *rule,
			struct efimap_err *err);
/**
 * efimap_options_skip() - exclude a rule, even if efimap_options_only() selected it
 * @options: the options
 * @rule:    name of the rule
 * @err:     as for efimap_options_only()
 *
 * Return: as for efimap_options_only().
 */
int efimap_options_skip(struct efimap_options *options, const char *rule,
			struct efimap_err *err);

/**
 * efimap_options_set_kernel() - set the kernel image that kexec is to load
 * @options: the options
 * @file:    path of a bzImage or of a unified kernel image; only the headers of the image are used
 * @err:     the cause of a failure; may be NULL
 *
 * Return: 0; -EBADMSG if @file is not a kernel image; or an error that efimap_capture_read()
 * returns.
 */
int efimap_options_set_kernel(struct efimap_options *options, const char *file,
			      struct efimap_err *err);

/**
 * efimap_options_set_kexec_log() - set the log that shows where kexec loads the segments
 * @options: the options
 * @file:    path of the output of "kexec -d", or of a kernel log of kexec_file_load(2)
 * @err:     the cause of a failure; may be NULL
 *
 * Return: 0; -EBADMSG if @file contains no segments; or an error that efimap_capture_read()
 * returns.
 */
int efimap_options_set_kexec_log(struct efimap_options *options, const char *file,
				 struct efimap_err *err);

/**
 * efimap_capture_verify() - check a capture against the rules
 * @capture:    the capture
 * @options:    the options, or NULL for the defaults
 * @ret_report: the report; free it with efimap_report_free()
 *
 * The time is O(n log n), where n is the total number of map entries, memmap ranges and iomem
 * lines.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_capture_verify(const struct efimap_capture *capture,
			  const struct efimap_options *options,
			  struct efimap_report **ret_report);

/** efimap_report_free() - free a report; @report may be NULL */
void efimap_report_free(struct efimap_report *report);

/**
 * efimap_report_verdict() - return the verdict of a report
 * @report: the report
 *
 * The threshold is the severity that was set with efimap_options_set_fail_on().
 *
 * Return: "pass" if there are no errors and no warnings; "warn" if there are warnings, but no
 * findings at or above the threshold; "fail" if there are findings at or above the threshold;
 * "incomplete" instead of "pass" or "warn" if data is missing or no rule could be applied;
 * "not-applicable" if the machine was booted without EFI, or there was nothing to compare; "denied"
 * if permission to read a source was denied; "unreadable" if a source is malformed.
 * "not-applicable", "denied" and "unreadable" take precedence over "fail". Only "pass" rules out
 * the problems that the rules test for.
 */
const char *efimap_report_verdict(const struct efimap_report *report);

/**
 * efimap_report_outcome() - return the name of the outcome for the next kernel
 * @report: the report
 *
 * If kexec may load several kernels, or one kernel in several ways, the worst outcome counts.
 *
 * Return: the worst consequence, as one of the names of efimap_finding_consequence(); or "unknown"
 * if a worse consequence is possible because data was not read. Only "none" means that the next
 * kernel is not affected.
 */
const char *efimap_report_outcome(const struct efimap_report *report);

/**
 * efimap_report_answer() - return the outcome for the next kernel as a sentence
 * @report: the report
 *
 * Return: a sentence such as "kexec, assuming a kernel like the running one: will boot with EFI
 * runtime services." The report owns the string.
 */
const char *efimap_report_answer(const struct efimap_report *report);

/**
 * efimap_report_reason() - return the reason for the verdict of a report
 * @report: the report
 *
 * Return: a text that the report owns, or "" if the verdict is "pass", "warn" or "fail".
 */
const char *efimap_report_reason(const struct efimap_report *report);

/** efimap_report_count() - return the number of findings with a given severity */
size_t efimap_report_count(const struct efimap_report *report,
			   enum efimap_severity severity);

/**
 * efimap_report_finding() - return a finding by its position
 * @report: the report
 * @index:  position of the finding, counted from 0
 *
 * Findings are sorted by descending severity, then by rule, then by entry. The order does not
 * depend on the order in which the entries were read.
 *
 * Return: the finding, or NULL if @index is beyond the last finding.
 */
const struct efimap_finding *efimap_report_finding(const struct efimap_report *report,
						   size_t index);

/**
 * efimap_report_skipped() - return a rule that could not be applied, by its position
 * @report:  the report
 * @index:   position of the rule, counted from 0
 * @ret_why: the reason, such as "sys/firmware/memmap was not collected"; not modified if NULL
 *           is returned
 *
 * Return: the name of the rule, or NULL if @index is beyond the last such rule.
 */
const char *efimap_report_skipped(const struct efimap_report *report, size_t index,
				  const char **ret_why);

/** efimap_finding_rule() - return the name of the rule that matched */
const char *efimap_finding_rule(const struct efimap_finding *finding);
/**
 * efimap_finding_severity() - return the severity of a finding
 * @finding: the finding
 *
 * Return: the severity, which depends on the consequence and its certainty.
 */
enum efimap_severity efimap_finding_severity(const struct efimap_finding *finding);
/**
 * efimap_finding_consequence() - return a finding's worst consequence for the next kernel
 * @finding: the finding
 *
 * Return: one of these names, in order from the least to the most severe: "none", "entry-dropped",
 * "memory-at-risk", "cannot-load", "runtime-services-fail", "boots-without-efi", "does-not-boot".
 */
const char *efimap_finding_consequence(const struct efimap_finding *finding);
/** efimap_finding_message() - return the message, which is a sentence without a full stop */
const char *efimap_finding_message(const struct efimap_finding *finding);

/**
 * efimap_finding_entries() - return the map entries that a finding is about
 * @finding:   the finding
 * @ret_count: the number of entries
 *
 * Return: an array of unique indices (&efimap_entry.index) in ascending order, or NULL if there
 * are none.
 */
const uint32_t *efimap_finding_entries(const struct efimap_finding *finding,
				       size_t *ret_count);

/**
 * efimap_finding_evidence() - return a value that a finding is based on, by its position
 * @finding:   the finding
 * @index:     position of the value, counted from 0
 * @ret_value: the value as it is written in the source; not modified if NULL is returned
 *
 * Return: the location of the value, such as "runtime-map/3/virt_addr", or NULL if @index is
 * beyond the last value.
 */
const char *efimap_finding_evidence(const struct efimap_finding *finding, size_t index,
				    const char **ret_value);

/**
 * efimap_finding_first_second() - return the values that a comparison found in the two captures
 * @finding:    a finding of a comparison
 * @ret_first:  the value in the capture of the first kernel, or NULL if there is none
 * @ret_second: the value in the capture of the second kernel, or NULL if there is none
 *
 * Both values are NULL in a report on one capture.
 */
void efimap_finding_first_second(const struct efimap_finding *finding,
				 const char **ret_first, const char **ret_second);

/**
 * efimap_capture_compare() - compare the maps of the first and the second kernel
 * @first:          the capture of the first kernel, which passed the map
 * @second:         the capture of the second kernel, which received the map
 * @options:        options, or NULL for the defaults; only the threshold that was set with
 *                  efimap_options_set_fail_on() is used
 * @ret_comparison: the comparison; free it with efimap_comparison_free()
 *
 * Entries are matched by physical range, regardless of their indices and of how they are split or
 * merged. Expected changes by a kernel or a loader are reported as notes, or not at all.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_capture_compare(const struct efimap_capture *first,
			   const struct efimap_capture *second,
			   const struct efimap_options *options,
			   struct efimap_comparison **ret_comparison);

/** efimap_comparison_free() - free a comparison and its report; @comparison may be NULL */
void efimap_comparison_free(struct efimap_comparison *comparison);

/**
 * efimap_comparison_verdict() - return the verdict of a comparison
 * @comparison: the comparison
 *
 * Return: "same" if there are no findings at or above the threshold; "drift" if there are;
 * "not-received" if EFI data or the map did not reach the second kernel; "not-shown" if a capture
 * is a kernel log that does not show the map, or if the second kernel exports no map, for example
 * because of its kernel parameters, mixed mode or Xen; "not-comparable" if the first kernel did
 * not start the second kernel, or there was nothing to compare; "denied" or "unreadable" as for
 * efimap_report_verdict(). "not-received" and "not-comparable" take precedence over "drift".
 */
const char *efimap_comparison_verdict(const struct efimap_comparison *comparison);

/**
 * efimap_comparison_report() - return the report of a comparison
 * @comparison: the comparison
 *
 * The entry indices in findings of the rule drift-extra refer to the second capture. Those in all
 * other findings refer to the first capture.
 *
 * Return: the report, owned by @comparison.
 */
const struct efimap_report *
efimap_comparison_report(const struct efimap_comparison *comparison);

EFIMAP_API_END

#endif
