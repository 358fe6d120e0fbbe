/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: baselines
 *
 * Findings that somebody has looked at and accepts, for one runtime map or for one kind of
 * machine with one firmware: the efimap-baseline document,
 * schema/efimap-baseline.schema.json. A finding that is new, worse, or elsewhere is not
 * accepted.
 *
 * Places are physical addresses, and where a finding lies on no entry the facts behind it:
 * numbers of entries change from boot to boot.
 */
#ifndef MODEL_BASELINE_H
#define MODEL_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"
#include "model/capture.h"
#include "model/report.h"
#include "model/rule.h"

struct efimap_verify_options;

#define EFIMAP_BASELINE_DOCUMENT "efimap-baseline"
/** EFIMAP_BASELINE_VERSION - its member "version", the newest that we read */
#define EFIMAP_BASELINE_VERSION 1
/** EFIMAP_BASELINE_MAX_ROWS - accepted findings in a document, and machines */
#define EFIMAP_BASELINE_MAX_ROWS 20000U
#define EFIMAP_BASELINE_ANY_COUNT UINT32_MAX

/**
 * struct efimap_accepted - a finding that is accepted
 * @rule:        of verify, and one that efimap_rule_is_acceptable()
 * @phys:        starts of the entries that it may lie on, ascending, each once
 * @facts:       where it lies on no entry: the values of its evidence, in their order
 * @anywhere:    neither is given: wherever it lies
 * @count:       findings that it stands for; of more, none is accepted
 * @id:          its number in the baseline
 * @is_due:      a finding lay where it says, or its rule was not tried
 * @n_taken:     findings of the report at hand that it was given
 */
struct efimap_accepted {
	const struct efimap_rule *rule;
	enum efimap_severity severity;
	enum efimap_consequence consequence;
	uint64_t *phys;
	size_t n_phys;
	const char **facts;
	size_t n_facts;
	bool anywhere;
	uint32_t count;
	const char *comment;
	uint32_t id;
	bool is_fresh;
	bool is_due;
	size_t n_taken;
};

/**
 * struct efimap_machine - what is accepted, and where
 * @fingerprint: of a runtime map; NULL when @dmi tells the machine
 * @dmi:         all three, when @fingerprint is NULL
 * @is_met:      a capture of it was judged
 * @is_here:     the one at hand is of it
 */
struct efimap_machine {
	const char *fingerprint;
	const char *dmi[EFIMAP_DMI_COUNT];
	const char *comment;
	struct efimap_accepted *accepted;
	size_t n_accepted;
	size_t capacity;
	bool is_fresh;
	bool is_met;
	bool is_here;
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
/** efimap_baseline_add_accepted() - append a row; its lists lie in the baseline's arena */
int efimap_baseline_add_accepted(struct efimap_baseline *baseline,
				 struct efimap_machine *machine,
				 const struct efimap_accepted *accepted);
/** efimap_accepted_is_same() - do two rows accept the same, but for how many and why? */
bool efimap_accepted_is_same(const struct efimap_accepted *a, const struct efimap_accepted *b);
/** efimap_machine_is() - is this capture, with this fingerprint or NULL, of it? */
bool efimap_machine_is(const struct efimap_machine *machine, const struct efimap *map,
		       const char *fingerprint);
/**
 * efimap_rule_is_acceptable() - may a baseline accept findings of this rule?
 *
 * Only those of verify, and none that says that the map could not be read.
 */
bool efimap_rule_is_acceptable(const struct efimap_rule *rule);

int efimap_baseline_read(const char *name, struct efimap_baseline **ret_baseline,
			 struct efimap_err *err);

/**
 * efimap_baseline_apply() - part what is accepted from what is not
 * @report:    sealed; its findings, counts and verdict change
 * @ret_known: a machine of the baseline?
 *
 * A report that judges nothing stays as it is.
 */
int efimap_baseline_apply(struct efimap_baseline *baseline, const struct efimap *map,
			  const struct efimap_verify_options *options,
			  struct efimap_report *report, bool *ret_known);

enum efimap_baseline_by {
	EFIMAP_BASELINE_BY_AUTO,
	EFIMAP_BASELINE_BY_DMI,
	EFIMAP_BASELINE_BY_FINGERPRINT,
};

/**
 * efimap_baseline_record() - accept all findings of a report
 * @by:     AUTO: by DMI where all three texts are known, else by fingerprint
 * @report: sealed; what could be recorded becomes accepted in it too
 *
 * What rows accept that were read stays theirs; what is left becomes rows of its own.
 * Findings of rules that cannot be accepted, and those on an entry without a physical
 * address, stay.
 */
int efimap_baseline_record(struct efimap_baseline *baseline, enum efimap_baseline_by by,
			   const struct efimap *map,
			   const struct efimap_verify_options *options,
			   struct efimap_report *report);

/**
 * efimap_baseline_tidy() - after recording: drop rows of machines that were met and which
 * no finding is due to any more, and make one of rows that say the same
 */
void efimap_baseline_tidy(struct efimap_baseline *baseline);

/**
 * efimap_baseline_write() - the document
 * @source: that it was recorded from
 */
int efimap_baseline_write(const struct efimap_baseline *baseline, const char *source,
			  struct efimap_out *out);

#endif
