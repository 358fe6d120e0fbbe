/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: many reports summed up
 */
#ifndef FORMAT_SUMMARY_H
#define FORMAT_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/out.h"
#include "model/report.h"
#include "model/rule.h"

/**
 * struct efimap_summary - many reports summed up; starts as zeros
 * @verdicts: of them, by verdict
 * @rules:    sources in which a rule spoke, by its highest severity there
 * @by_kexec: of kernels that kexec started
 */
struct efimap_summary {
	size_t sources;
	size_t verdicts[EFIMAP_VERDICT_UNREADABLE + 1];
	size_t rules[EFIMAP_RULE_COUNT][EFIMAP_ERROR + 1];
	size_t by_kexec;
};

/** efimap_summary_add() - take a report into account; NULL: there is none, for an error */
void efimap_summary_add(struct efimap_summary *summary, const struct efimap_report *report);

/**
 * efimap_summary_write_text() - totals by verdict, the rules that spoke in most sources, and
 * of what seems to be two ends of a hand-over, what holds them against each other
 * @notes:   count notes too
 *
 * Return: 0 or the error of @out.
 */
int efimap_summary_write_text(const struct efimap_summary *summary, bool notes, bool color,
			      struct efimap_out *out);

#endif
