/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: baselines
 *
 * A baseline lists findings that somebody has reviewed and accepted. It is stored as an
 * efimap-baseline document (schema/efimap-baseline.schema.json). A finding that is new, more
 * severe, or at another address is not accepted.
 *
 * Findings are located by physical addresses, because the entry numbers may change at each boot.
 */
#ifndef RULES_BASELINE_H
#define RULES_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "rules/rule_catalogue.h"

#define EFIMAP_BASELINE_DOCUMENT "efimap-baseline"
#define EFIMAP_BASELINE_VERSION 1
/** EFIMAP_BASELINE_MAX_ROWS - maximum number of accepted findings, and of machines */
#define EFIMAP_BASELINE_MAX_ROWS 20000U

/**
 * struct efimap_accepted - an accepted finding
 * @severity: the highest severity that is accepted
 * @phys:     start addresses in ascending order; a finding is accepted only if all its entries
 *            start at these addresses. Empty for a finding without entries.
 * @is_due:   the finding still occurs, or the report cannot show whether it does
 */
struct efimap_accepted {
	const struct efimap_rule *rule;
	enum efimap_severity severity;
	uint64_t *phys;
	size_t n_phys;
	const char *comment;
	bool is_due;
};

/**
 * struct efimap_machine - a machine and its accepted findings
 * @fingerprint: fingerprint of its runtime map; NULL if @dmi identifies the machine
 * @is_met:      a capture of this machine was checked
 */
struct efimap_machine {
	const char *fingerprint;
	const char *dmi[EFIMAP_DMI_COUNT];
	const char *comment;
	struct efimap_accepted *accepted;
	size_t n_accepted;
	size_t capacity;
	bool is_met;
};

struct efimap_baseline {
	struct efimap_machine *machines;
	size_t n_machines;
	size_t capacity;
	uint32_t n_rows;
	struct efimap_arena arena;
};

int efimap_baseline_new(struct efimap_baseline **ret_baseline);
void efimap_baseline_free(struct efimap_baseline *baseline);
EFIMAP_FREES(baseline)
#define efimap_auto_baseline efimap_cleanup(efimap_baseline_free_auto)

/**
 * efimap_baseline_add_machine() - append a machine whose members are all zero
 * @ret_machine: valid until the next machine is added
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_baseline_add_machine(struct efimap_baseline *baseline,
				struct efimap_machine **ret_machine);
/**
 * efimap_baseline_add_accepted() - append a copy of @accepted
 *
 * The address list and the comment are not copied. They must be in the arena of the baseline.
 *
 * Return: 0, -ENOMEM or -EOVERFLOW.
 */
int efimap_baseline_add_accepted(struct efimap_baseline *baseline,
				 struct efimap_machine *machine,
				 const struct efimap_accepted *accepted);

/**
 * efimap_baseline_apply() - separate the accepted findings of a report from the others
 * @report:    a sealed report; its findings and counts change, unless no rule was run
 * @fail_on:   an unaccepted finding of this severity or above makes the verdict fail
 * @ret_known: whether the baseline contains the machine of @map; true if no rule was run
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_baseline_apply(struct efimap_baseline *baseline, const struct efimap *map,
			  enum efimap_severity fail_on, struct efimap_report *report,
			  bool *ret_known);

/**
 * efimap_baseline_record() - add the machine of @map and the findings of a report
 *
 * The machine is identified by its DMI names if all three are known, otherwise by the fingerprint.
 * A finding on an entry that could not be read is not added, because the address of the entry is
 * unknown.
 *
 * Return: 0; -ENODATA if neither DMI nor a fingerprint is known; -ENOMEM; -EOVERFLOW.
 */
int efimap_baseline_record(struct efimap_baseline *baseline, const struct efimap *map,
			   const struct efimap_report *report);

#endif
