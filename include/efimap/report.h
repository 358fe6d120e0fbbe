/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: judging, comparing, and what was found
 *
 * efimap_capture_verify() runs the rules over one capture, efimap_capture_compare() holds
 * the kernel that received a map against the one that handed it over. Either makes a
 * report. A wrong map is a finding in it, never an error of the call.
 *
 * Everything here that is called a name is one of the JSON documents, efimap-snapshot(5).
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

/** struct efimap_options - how to judge; opaque */
struct efimap_options;
/** struct efimap_report - findings and what they come to; opaque, const once it is made */
struct efimap_report;
/** struct efimap_finding - one rule that spoke; opaque, part of its report */
struct efimap_finding;
/** struct efimap_comparison - a report on two captures; opaque, const once it is made */
struct efimap_comparison;

/**
 * efimap_options_new() - the defaults: all rules, to fail on errors
 * @ret_options: free with efimap_options_free()
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_options_new(struct efimap_options **ret_options);
/** efimap_options_free() - free options; NULL is fine */
void efimap_options_free(struct efimap_options *options);

/** efimap_options_set_fail_on() - findings of this severity and above make it fail */
void efimap_options_set_fail_on(struct efimap_options *options,
				enum efimap_severity severity);

/**
 * efimap_options_set_expect() - what the map should be
 * @options: of these options
 * @expect:  "auto", what Linux makes of this firmware; "identity", every entry mapped onto
 *           itself; "virtual", every entry in the EFI window
 *
 * Return: 0, or -EINVAL for another word.
 */
int efimap_options_set_expect(struct efimap_options *options, const char *expect);

/**
 * efimap_options_only() - try this rule, and those that were named so before, and no other
 *
 * Return: 0; -ENOENT no rule has this name; -EINVAL it is a rule that efimap_capture_verify()
 * does not try.
 */
int efimap_options_only(struct efimap_options *options, const char *rule);
/** efimap_options_skip() - leave this rule out; returns as efimap_options_only() */
int efimap_options_skip(struct efimap_options *options, const char *rule);

/**
 * efimap_options_set_kernel() - the image that kexec is to load
 * @options: of these options
 * @file:    a bzImage; only its header is read
 * @err:     what stopped it; may be NULL
 *
 * Return: 0; -EBADMSG it is none; or as efimap_capture_read().
 */
int efimap_options_set_kernel(struct efimap_options *options, const char *file,
			      struct efimap_err *err);

/**
 * efimap_options_set_kexec_log() - where kexec loads that to
 * @options: of these options
 * @file:    what "kexec -d" printed, or a kernel's log of kexec_file_load(2)
 * @err:     what stopped it; may be NULL
 *
 * Return: 0; -EBADMSG there are no segments in it; or as efimap_capture_read().
 */
int efimap_options_set_kexec_log(struct efimap_options *options, const char *file,
				 struct efimap_err *err);

/**
 * efimap_capture_verify() - judge a capture by the rules
 * @capture:    this one
 * @options:    how; NULL for the defaults
 * @ret_report: free with efimap_report_free()
 *
 * It takes O(n log n) in entries, ranges and lines together.
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_capture_verify(const struct efimap_capture *capture,
			  const struct efimap_options *options,
			  struct efimap_report **ret_report);

/** efimap_report_free() - free a report; NULL is fine */
void efimap_report_free(struct efimap_report *report);

/**
 * efimap_report_verdict() - what the findings come to
 *
 * Return: "pass" no error and no warning; "warn" warnings, but nothing at or above the
 * threshold; "fail" something is;
 * "incomplete" nothing is, but the map, or lines or files of it, are missing; "not-applicable" the
 * machine was booted without EFI, or nothing was there to judge; "denied" what is there may
 * not be read; "unreadable" it cannot be. Only "pass" says that nothing can go wrong.
 */
const char *efimap_report_verdict(const struct efimap_report *report);

/**
 * efimap_report_outcome() - what the next kernel will do, in a word
 *
 * Return: the worst consequence that any finding has, notes included, as
 * efimap_finding_consequence() names them; "unknown" where something that would tell was not
 * seen, and no error is found. Nothing but "none" is good news.
 */
const char *efimap_report_outcome(const struct efimap_report *report);

/**
 * efimap_report_answer() - the same as one sentence for people who never heard of a runtime map
 *
 * Return: "Next kernel: boots, with EFI runtime services."
 */
const char *efimap_report_answer(const struct efimap_report *report);

/** efimap_report_reason() - why a verdict is neither "pass" nor "fail"; else "" */
const char *efimap_report_reason(const struct efimap_report *report);

/** efimap_report_count() - how many findings are of this severity */
size_t efimap_report_count(const struct efimap_report *report,
			   enum efimap_severity severity);

/**
 * efimap_report_finding() - the findings, one after the other
 * @report: of this report
 * @index:  counted from 0
 *
 * Errors come first, and then the order is that of rules and entries. It does not depend
 * on the order in which the entries were read.
 *
 * Return: a finding, or NULL after the last.
 */
const struct efimap_finding *efimap_report_finding(const struct efimap_report *report,
						   size_t index);

/**
 * efimap_report_skipped() - the rules that could not be tried, one after the other
 * @report:  of this report
 * @index:   counted from 0
 * @ret_why: "sys/firmware/memmap was not collected"; untouched after the last
 *
 * Return: the name of the rule, or NULL after the last.
 */
const char *efimap_report_skipped(const struct efimap_report *report, size_t index,
				  const char **ret_why);

/** efimap_finding_rule() - the name of the rule that spoke */
const char *efimap_finding_rule(const struct efimap_finding *finding);
/** efimap_finding_severity() - of this finding: the rule's, or less where something explains it */
enum efimap_severity efimap_finding_severity(const struct efimap_finding *finding);
/**
 * efimap_finding_consequence() - the worst that the next kernel may meet
 *
 * Return: from mild to bad: "none"; "entry-dropped"; "memory-at-risk";
 * "runtime-services-fail"; "boots-without-efi"; "does-not-boot".
 */
const char *efimap_finding_consequence(const struct efimap_finding *finding);
/** efimap_finding_message() - one sentence without a full stop */
const char *efimap_finding_message(const struct efimap_finding *finding);

/**
 * efimap_finding_entries() - the entries that it lies on
 * @finding:   of this finding
 * @ret_count: how many there are
 *
 * Return: their indices (&efimap_entry.index), ascending, each once. NULL where there are none.
 */
const uint32_t *efimap_finding_entries(const struct efimap_finding *finding,
				       size_t *ret_count);

/**
 * efimap_finding_evidence() - the facts behind it, one after the other
 * @finding:   of this finding
 * @index:     counted from 0
 * @ret_value: what was read there, as it is spelt there; untouched after the last
 *
 * Return: where that was, "runtime-map/3/virt_addr"; NULL after the last.
 */
const char *efimap_finding_evidence(const struct efimap_finding *finding, size_t index,
				    const char **ret_value);

/**
 * efimap_finding_first_second() - what each of two captures says
 * @finding:    of a comparison
 * @ret_first:  what the kernel that handed over says, or NULL
 * @ret_second: what the one that received says, or NULL
 *
 * Both are NULL in a report on one capture.
 */
void efimap_finding_first_second(const struct efimap_finding *finding,
				 const char **ret_first, const char **ret_second);

/**
 * efimap_capture_compare() - has the promise of one kernel reached the next?
 * @first:          of the kernel that handed over
 * @second:         of the kernel that received
 * @options:        its threshold is what drift is; the rest is not looked at. NULL for the
 *                  defaults
 * @ret_comparison: free with efimap_comparison_free()
 *
 * Entries are matched by their physical ranges, whatever their numbers, and however they
 * are split or merged. What a kernel or a loader changes is a note, or nothing.
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_capture_compare(const struct efimap_capture *first,
			   const struct efimap_capture *second,
			   const struct efimap_options *options,
			   struct efimap_comparison **ret_comparison);

/** efimap_comparison_free() - free a comparison and its report; NULL is fine */
void efimap_comparison_free(struct efimap_comparison *comparison);

/**
 * efimap_comparison_verdict() - what it comes to
 *
 * Return: "same"; "drift"; "not-received", EFI or the map did not arrive; "not-shown", the
 * second keeps no map, and its command line or width says why; "not-comparable", it is no
 * successor of the first; "denied" and "unreadable" as efimap_report_verdict().
 */
const char *efimap_comparison_verdict(const struct efimap_comparison *comparison);

/**
 * efimap_comparison_report() - its findings
 *
 * Entries are those of the first capture, and of drift-extra those of the second.
 */
const struct efimap_report *
efimap_comparison_report(const struct efimap_comparison *comparison);

EFIMAP_API_END

#endif
