/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the outcome of a load: the worst consequence of its findings, or EFIMAP_OUTCOME_UNKNOWN. */
#ifndef ANSWER_LOAD_OUTCOME_H
#define ANSWER_LOAD_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "answer/loads.h"
#include "rules/report.h"

/*
 * struct load_outcome - the outcome of a load
 * @finding: the finding that determines the outcome, or NULL
 * @unknown: why the outcome is unknown, if @outcome is EFIMAP_OUTCOME_UNKNOWN and @finding is NULL
 */
struct load_outcome {
	enum efimap_outcome outcome;
	enum efimap_certainty certainty;
	const struct efimap_finding *finding;
	const char *unknown;
};

bool finding_concerns_load(const struct efimap_finding *finding, size_t number);

bool is_load_unnamed(const struct loads *loads, size_t number);
/* no_kernel_is_named - a reason for EFIMAP_OUTCOME_UNKNOWN */
extern const char no_kernel_is_named[];

/*
 * find_load_outcome() - find the outcome of the load with the index @number
 *
 * Return: the worst consequence of the load's findings. If data is missing and this consequence
 * ranks below EFIMAP_OUTCOME_UNKNOWN, the outcome is EFIMAP_OUTCOME_UNKNOWN.
 */
struct load_outcome find_load_outcome(const struct efimap_report *report,
				      const struct loads *loads, size_t number);

#endif
