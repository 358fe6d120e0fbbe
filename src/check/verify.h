/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what is judged
 *
 * One capture (verify), two (compare), what a loader left for a kernel (handover), and its
 * virtual addresses.
 */
#ifndef CHECK_VERIFY_H
#define CHECK_VERIFY_H

#include <stdbool.h>

#include "emulate/handover.h"
#include "emulate/layout.h"
#include "model/capture.h"
#include "model/comparison.h"
#include "model/kexec.h"
#include "model/receipt.h"
#include "model/report.h"
#include "model/rule.h"

/**
 * enum efimap_expect - what the map is expected to be
 * @EFIMAP_EXPECT_AUTO:     what Linux makes of this firmware
 * @EFIMAP_EXPECT_IDENTITY: every entry mapped onto itself; others are errors
 *                          (nonidentity)
 * @EFIMAP_EXPECT_VIRTUAL:  every entry in the EFI window; identity entries are errors
 *                          (identity-native, identity-partial), mixed mode or not
 */
enum efimap_expect {
	EFIMAP_EXPECT_AUTO,
	EFIMAP_EXPECT_IDENTITY,
	EFIMAP_EXPECT_VIRTUAL,
};

/**
 * struct efimap_verify_options - how to judge
 * @fail_on:  findings of this severity and above make the verdict fail
 * @image:    the kernel that kexec is to load (image-without-efi), NULL for none
 * @segments: where kexec loads to (segment-collision), NULL when not known
 * @loaders:  set of EFIMAP_LOADER_BIT(): who may load @image, 0 for either
 * @mem_min:  the lowest address that kexec-tools may use for it
 * @mem_max:  the highest, 0 for any
 * @disabled: per rule, true leaves it out (neither finding nor skip); all false: all run
 */
struct efimap_verify_options {
	enum efimap_severity fail_on;
	enum efimap_expect expect;
	const struct efimap_image *image;
	const struct efimap_segments *segments;
	uint32_t loaders;
	uint64_t mem_min;
	uint64_t mem_max;
	bool disabled[EFIMAP_RULE_COUNT];
};

/** EFIMAP_LOADER_BIT() - a loader as a member of a set of them */
#define EFIMAP_LOADER_BIT(loader) (UINT32_C(1) << (loader))

#define EFIMAP_VERIFY_OPTIONS_INIT { .fail_on = EFIMAP_ERROR }

/**
 * efimap_verify() - judge a capture
 * @options:    NULL for the defaults
 * @ret_report: free with efimap_report_free(); untouched on failure
 *
 * A machine booted without EFI yields EFIMAP_VERDICT_NOT_APPLICABLE, a runtime map that
 * may not be read EFIMAP_VERDICT_DENIED, one whose directory is none or fails
 * EFIMAP_VERDICT_UNREADABLE, each with a reason and no findings.
 * Time is O(n log n) in entries, ranges and lines together.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_verify(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report **ret_report);

/**
 * enum efimap_unread - what it means that a file of a capture could not be read
 * @EFIMAP_UNREAD_JUDGED:  it is of the runtime map, memmap or a pointer: rules say so
 * @EFIMAP_UNREAD_SHOWN:   of another source that is shown: dump cannot do without
 * @EFIMAP_UNREAD_BESIDE:  of a source that only completes the picture
 * @EFIMAP_UNREAD_NOTHING: it is not malformed: denied, or more than we know
 */
enum efimap_unread {
	EFIMAP_UNREAD_JUDGED,
	EFIMAP_UNREAD_SHOWN,
	EFIMAP_UNREAD_BESIDE,
	EFIMAP_UNREAD_NOTHING,
};

/** efimap_fault_unread() - what one fault means */
enum efimap_unread efimap_fault_unread(const struct efimap_fault *fault);

/**
 * check_root_can_read() - is what was denied still there for whoever may? Zeros are all that a
 * capture has; a file that is in a tree can be read by somebody.
 */
bool check_root_can_read(const struct efimap *map, enum efimap_source source);

/**
 * efimap_compare() - compare two captures
 * @first:          of the kernel that handed over
 * @second:         of the kernel that received
 * @fail_on:        findings of this severity and above are drift
 * @ret_comparison: free with efimap_comparison_free(); untouched on failure
 *
 * Entries are matched by their physical ranges, whatever their numbers, and however they
 * are split or merged. What a kernel or a loader changes is a note or nothing
 * (efimapctl explain drift-...: exceptions).
 *
 * What it comes to is efimap_verdict_of_comparison(). Where FIRST was booted without EFI, or the
 * two have nothing in common that could be compared, where a runtime map may not be read or is
 * malformed, there is a reason and no findings. Time is O(n log n) in entries and ranges of both.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_compare(const struct efimap *first, const struct efimap *second,
		   enum efimap_severity fail_on,
		   struct efimap_comparison **ret_comparison);

/**
 * efimap_compare_as() - compare two captures whose relation is known
 * @relation: what SECOND is to FIRST, whatever the captures say
 *
 * As efimap_compare() in all else.
 */
int efimap_compare_as(const struct efimap *first, const struct efimap *second,
		      enum efimap_relation relation, enum efimap_severity fail_on,
		      struct efimap_comparison **ret_comparison);

/**
 * efimap_handover_judge() - has EFI reached this kernel?
 * @ret_receipt: free with efimap_receipt_free(); untouched on failure
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_handover_judge(const struct efimap *map, struct efimap_receipt **ret_receipt);

/**
 * struct efimap_prediction - the virtual addresses that the kernel's algorithm yields
 * @layout: the addresses, as far as they can be computed
 * @report: findings of the family prediction, owned; they change nothing for any kernel
 */
struct efimap_prediction {
	struct efimap_layout layout;
	struct efimap_report *report;
};

/**
 * efimap_predict() - recompute every virtual address
 * @map:            a capture with a runtime map
 * @ret_prediction: free with efimap_prediction_free(); untouched on failure
 *
 * Exact where the map is complete (efi=debug), in mixed mode and for the firmware's own map
 * from a kernel's log; a bound otherwise. Nothing is predicted for a 32-bit kernel, whose
 * layout differs, nor for a map that the log of a kexec'ed kernel shows.
 *
 * Return: 0, -ENOMEM, -EOVERFLOW or -E2BIG.
 */
int efimap_predict(const struct efimap *map, struct efimap_prediction *ret_prediction);

void efimap_prediction_free(struct efimap_prediction *prediction);
#define efimap_auto_prediction __attribute__((cleanup(efimap_prediction_free)))

#endif
