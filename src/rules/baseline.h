/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: baselines
 *
 * A baseline lists the findings that somebody has looked at and accepts, for one runtime map or
 * for one kind of machine with one firmware. It is the efimap-baseline document,
 * schema/efimap-baseline.schema.json. A finding that is new, more severe, or elsewhere is not
 * accepted.
 *
 * A place is a list of physical addresses, because the numbers of entries change from boot to
 * boot.
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
/** EFIMAP_BASELINE_VERSION - the newest supported "version" of the document */
#define EFIMAP_BASELINE_VERSION 1
/** EFIMAP_BASELINE_MAX_ROWS - the limit of accepted findings, and of machines, in a document */
#define EFIMAP_BASELINE_MAX_ROWS 20000U

/**
 * struct efimap_accepted - a finding that is accepted
 * @rule:     a rule of verify
 * @severity: the worst that is accepted
 * @phys:     starts of the entries that the finding may be on, ascending; none for a finding
 *            that is on no entry
 * @is_due:   a finding of the rule was there, or the rule was not tried
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
 * struct efimap_machine - a machine and what is accepted on it
 * @fingerprint: of its runtime map; NULL when @dmi identifies the machine
 * @dmi:         all three texts, when @fingerprint is NULL
 * @is_met:      a capture of it was checked
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

/**
 * struct efimap_baseline - all machines, in the order of the document
 * @n_rows: accepted findings of all machines
 */
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
 * efimap_baseline_add_machine() - append a machine
 * @ret_machine: all members zero; valid until the next one is added
 */
int efimap_baseline_add_machine(struct efimap_baseline *baseline,
				struct efimap_machine **ret_machine);
/**
 * efimap_baseline_add_accepted() - append a row; its list is allocated in the baseline's arena
 */
int efimap_baseline_add_accepted(struct efimap_baseline *baseline,
				 struct efimap_machine *machine,
				 const struct efimap_accepted *accepted);

/**
 * efimap_baseline_apply() - separate the findings that are accepted from the others
 * @report:    sealed; its findings, counts and verdict change
 * @fail_on:   findings of this severity and above make the verdict fail
 * @ret_known: does the baseline have this machine?
 *
 * A report that checks nothing stays as it is.
 */
int efimap_baseline_apply(struct efimap_baseline *baseline, const struct efimap *map,
			  enum efimap_severity fail_on, struct efimap_report *report,
			  bool *ret_known);

/**
 * efimap_baseline_record() - add a machine with a row for each finding of a report
 *
 * The machine is identified by DMI if all three texts are known, otherwise by the fingerprint.
 * A finding on an entry that could not be read gets no row, because its address is not known.
 *
 * Return: 0; -ENODATA when neither DMI nor a fingerprint is known; -ENOMEM.
 */
int efimap_baseline_record(struct efimap_baseline *baseline, const struct efimap *map,
			   const struct efimap_report *report);

#endif
