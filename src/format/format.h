/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing things down
 *
 * Captures and reports as text and JSON. Everything goes into a &struct efimap_out,
 * whose error sticks; these functions return it, or -ENOMEM. Nothing here reads a file,
 * looks at a terminal or judges.
 *
 * Text that came from a capture (labels, the kernel's release) never reaches the output
 * with control characters. In text they, and bytes that are not UTF-8, are written as
 * \xNN. JSON is printable ASCII throughout: other characters are escaped as \uNNNN, and
 * bytes that are not UTF-8 become U+FFFD. The documents are described in schema/.
 */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/out.h"
#include "emulate/layout.h"
#include "emulate/pagetable.h"
#include "emulate/translate.h"
#include "model/capture.h"
#include "model/comparison.h"
#include "model/cover.h"
#include "model/outcome.h"
#include "model/receipt.h"
#include "model/rehearsal.h"
#include "model/report.h"
#include "model/rule.h"

/**
 * enum efimap_dump_format - how dump writes
 * @EFIMAP_DUMP_TABLE:  for people: heading, rows, a line that sums up, the findings;
 *                      cells are printable ASCII, so columns line up in every locale
 * @EFIMAP_DUMP_JSON:   an efimap-dump document, one line an entry
 * @EFIMAP_DUMP_NDJSON: the same on one line
 * @EFIMAP_DUMP_PAIRS:  IDX="0" TYPE="MMIO" …, escaped as lsblk -P does: what a shell
 *                      would look into within double quotes is \xNN
 * @EFIMAP_DUMP_RAW:    cells with a blank between them, blanks within as \x20
 */
enum efimap_dump_format {
	EFIMAP_DUMP_TABLE,
	EFIMAP_DUMP_JSON,
	EFIMAP_DUMP_NDJSON,
	EFIMAP_DUMP_PAIRS,
	EFIMAP_DUMP_RAW,
};

#define EFIMAP_MAX_COLUMNS 64

/** efimap_dump_columns_parse() - "IDX,PHYS", or "+END" for the defaults and END; names in any
 * case; 0, or -EINVAL with the unknown column and those that there are */
int efimap_dump_columns_parse(const char *text, size_t ret_columns[EFIMAP_MAX_COLUMNS],
			      size_t *ret_count, struct efimap_err *err);

/**
 * struct efimap_text_options - how to write for people
 * @headings: write headings, and below a table what sums it up and the findings
 * @verbose:  add evidence and what was skipped; in a comparison all entries, not only those
 *            that differ; in a receipt what was passed, and causes that are excluded
 * @notes:    list notes too
 * @all:      list findings without a consequence too, as with @verbose
 * @fixed:    whoever reads it cannot ask for more with -v
 * @source:   start each finding with this SOURCE, NULL for none
 * @width:    columns of the terminal, at which sentences are wrapped; 0: they are not
 */
struct efimap_text_options {
	bool headings;
	bool color;
	bool verbose;
	bool notes;
	bool all;
	bool fixed;
	const char *source;
	unsigned int width;
};

/** EFIMAP_MAX_TERMS - terms of a filter */
#define EFIMAP_MAX_TERMS 16

/** enum efimap_dump_relation - what a cell is; two that are not both numbers are alike or unlike */
enum efimap_dump_relation {
	EFIMAP_DUMP_THERE = 1,
	EFIMAP_DUMP_EMPTY = 2,
	EFIMAP_DUMP_BELOW = 4,
	EFIMAP_DUMP_EQUAL = 8,
	EFIMAP_DUMP_ABOVE = 16,
	EFIMAP_DUMP_ALIKE = 32,
	EFIMAP_DUMP_UNLIKE = 64,
};

/**
 * struct efimap_dump_term - one condition
 * @column:  whose cell; EFIMAP_MAX_COLUMNS: the entry covers the address @number
 * @accepts: enum efimap_dump_relation, any of them
 * @value:   what it is compared with, in the text that was parsed; of a list one element. NULL
 *           for nothing
 */
struct efimap_dump_term {
	size_t column;
	unsigned int accepts;
	const char *value;
	size_t len;
	uint64_t number;
	bool is_number;
};

/** struct efimap_dump_filter - conditions that all hold of the entries that are shown */
struct efimap_dump_filter {
	struct efimap_dump_term terms[EFIMAP_MAX_TERMS];
	size_t n_terms;
};

/**
 * efimap_dump_filter_parse() - "TYPE=RuntimeCode and SIZE>1M, RULES"
 *
 * COLUMN and !COLUMN (is there something in the cell?), or COLUMN with =, !=, <, <=, > or
 * >= and a value, which can be quoted; ADDR=ADDRESS for the entry that covers it. 0,
 * or -EINVAL with what was expected. @text must live as long as the filter.
 */
int efimap_dump_filter_parse(const char *text, struct efimap_dump_filter *ret_filter,
			     struct efimap_err *err);

/** struct efimap_dump_order - the column to sort by, if any */
struct efimap_dump_order {
	size_t column;
	bool is_given;
	bool is_descending;
};

/** efimap_dump_order_parse() - "PHYS", "SIZE:desc"; 0 or -EINVAL with what was expected */
int efimap_dump_order_parse(const char *text, struct efimap_dump_order *ret_order,
			    struct efimap_err *err);

/**
 * struct efimap_dump_layout - predicted addresses, and what is found on them
 * @rows:   of the entries of the capture
 * @report: findings of the family prediction
 */
struct efimap_dump_layout {
	const struct efimap_layout *rows;
	const struct efimap_report *report;
};

/**
 * struct efimap_dump_options - how to write a dump
 * @columns:   column numbers (table, pairs, raw)
 * @n_columns: 0 for the defaults
 * @filter:    NULL for all
 * @layout:    NULL unless efimap_dump_needs_layout()
 * @text:      how what is below a table is written
 * @bytes:     sizes as plain numbers of bytes
 * @width:     columns of the terminal, 0 for no limit; in a table that is wider, lists go
 *             on in further lines, and nothing is cut
 */
struct efimap_dump_options {
	enum efimap_dump_format format;
	const size_t *columns;
	size_t n_columns;
	const struct efimap_dump_filter *filter;
	struct efimap_dump_order order;
	const struct efimap_dump_layout *layout;
	struct efimap_text_options text;
	bool bytes;
	unsigned int width;
};

/** efimap_dump_needs_layout() - does this dump show, sort by or choose by a predicted address? */
bool efimap_dump_needs_layout(const struct efimap_dump_options *options);

/**
 * efimap_dump_write() - a runtime map, torn entries included, with "?" (null) for what could
 * not be read
 * @report:  verify's findings on it, for RULES and the lines below the table
 *
 * Return: 0, the error of @out, -ENOMEM, or -EOVERFLOW with more than 2^32 ranges, before
 * which nothing is written.
 */
int efimap_dump_write(const struct efimap *map, const struct efimap_report *report,
		      const struct efimap_dump_options *options, struct efimap_out *out);

/** report_text_answer() - the sentence that everything else begins with; nothing before
 * efimap_report_conclude() */
void report_text_answer(const struct efimap_report *report,
			const struct efimap_text_options *options, struct efimap_out *out);

/**
 * efimap_report_write_text() - findings and the counts line
 *
 * Two lines a finding: where, how bad and what; what the next kernel will do. Where
 * nothing could be judged, one line with the reason.
 */
int efimap_report_write_text(const struct efimap_report *report,
			     const struct efimap_text_options *options,
			     struct efimap_out *out);

/** report_text_findings() - all of them, and nothing else */
void report_text_findings(const struct efimap_report *report,
			  const struct efimap_text_options *options, struct efimap_out *out);

/** report_text_shows() - is there more to show of a report than its counts? */
bool report_text_shows(const struct efimap_report *report,
		       const struct efimap_text_options *options);

/** report_text_counts() - "0 errors, 1 warning, 2 notes", and what else makes that less */
void report_text_counts(const struct efimap_report *report, struct efimap_out *out);

/** efimap_report_write_json() - an efimap-report document; on one line where @compact */
int efimap_report_write_json(const char *source, const struct efimap_report *report,
			     bool compact, struct efimap_out *out);

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
 */
int efimap_summary_write_text(const struct efimap_summary *summary, bool notes, bool color,
			      struct efimap_out *out);

/** efimap_snapshot_write() - an efimap-snapshot document; of a snapshot the same again */
int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out);

/**
 * efimap_comparison_write_text() - the verdict, entries side by side, findings
 *
 * Entries that differ stand in one row, "FIRST -> SECOND" in the cells that do; the mark
 * is "!" for drift, "-" for one that is lost, "+" for one too many, "~" for a difference
 * that a kernel makes.
 */
int efimap_comparison_write_text(const struct efimap *first, const struct efimap *second,
				 const struct efimap_comparison *comparison,
				 const struct efimap_text_options *options,
				 struct efimap_out *out);

/** efimap_comparison_write_json() - an efimap-comparison document; @second is its "source" */
int efimap_comparison_write_json(const char *first, const char *second,
				 const struct efimap_comparison *comparison, bool compact,
				 struct efimap_out *out);

/** RECEIPT_REMEDY - how a kernel to which EFI has not come gets it back */
#define RECEIPT_REMEDY                                                                   \
	"To get EFI back: boot through the firmware. For the next kexec remove the cause, or " \
	"load with the other loader (kexec -s: kexec_file_load, kexec -c: kexec_load)."

/** efimap_receipt_write_text() - verdict, causes, findings */
int efimap_receipt_write_text(const struct efimap_receipt *receipt,
			      const struct efimap_text_options *options,
			      struct efimap_out *out);

/** efimap_receipt_write_json() - an efimap-handover document */
int efimap_receipt_write_json(const char *source, const struct efimap_receipt *receipt,
			      bool compact, struct efimap_out *out);

/**
 * efimap_rehearsal_write_text() - the answer, what was run, findings, the kernel's words
 *
 * Without headings it is silent on what the run could not have of the machine.
 */
int efimap_rehearsal_write_text(const struct efimap_rehearsal *rehearsal,
				const struct efimap_text_options *options,
				struct efimap_out *out);

/** efimap_rehearsal_write_json() - an efimap-rehearsal document */
int efimap_rehearsal_write_json(const struct efimap_rehearsal *rehearsal,
				struct efimap_out *out);

/** efimap_explain_list() - every rule with its severity, wrapped at @width (0: not) */
int efimap_explain_list(bool color, unsigned int width, struct efimap_out *out);
/** efimap_explain_json() - an efimap-rules document; of all rules where @chosen is NULL */
int efimap_explain_json(const bool *chosen, struct efimap_out *out);
/** efimap_explain_rule() - everything about one rule, wrapped at @width, or 90 (0: 80) */
int efimap_explain_rule(const struct efimap_rule *rule, bool color, unsigned int width,
			struct efimap_out *out);

/** efimap_explain_topic() - an outcome, or a cause of handover, likewise */
int efimap_explain_topic(const struct efimap_topic *topic, bool color, unsigned int width,
			 struct efimap_out *out);

/** struct explain_section - a text of a rule; @key: as <efimap/rule.h> has it */
struct explain_section {
	const char *key;
	const char *heading;
	enum rule_text text;
};
/** explain_sections - all that are said of each rule; the last has no key */
extern const struct explain_section explain_sections[];

/*
 * Metrics: what is known of one machine in the text format of Prometheus (version 0.0.4), for the
 * textfile collector of node_exporter. Names and labels are stable. No label holds what an input
 * controls: there are as many series for a broken map as for a sound one.
 */

/**
 * struct efimap_metrics - what to write
 * @map:        the capture, NULL where it could not be read
 * @report:     verify's report on it, or on why it could not be read
 * @comparison: of another kernel with it, NULL where none was asked for
 * @arch:       of the machine, "x86_64"; "unknown" where the capture does not say
 * @now:        seconds since 1970
 */
struct efimap_metrics {
	const struct efimap *map;
	const struct efimap_report *report;
	const struct efimap_comparison *comparison;
	const char *arch;
	uint64_t now;
};

/**
 * efimap_metrics_write() - write all of them
 *
 * Findings, entries and bytes are left out where the map could not be judged: a zero
 * would say that there are none. Where a family is written, all its series are.
 */
int efimap_metrics_write(const struct efimap_metrics *metrics, struct efimap_out *out);

/* What emulation says */

struct json;

/** efimap_translation_begin() - an efimap-translation document, which json_end() ends */
void efimap_translation_begin(struct json *json, const char *source, struct efimap_out *out);

/** efimap_translation_add() - everything about one address, as a physical and as a virtual one */
void efimap_translation_add(struct json *json, uint64_t address,
			    const struct efimap_answer *to_virt,
			    const struct efimap_answer *to_phys);

/** efimap_translation_write_text() - the same: a line for each entry that covers it, either way;
 * one line when none does */
void efimap_translation_write_text(uint64_t address, const struct efimap_answer *to_virt,
				   const struct efimap_answer *to_phys, struct efimap_out *out);

/** struct efimap_pagetable_view - what pagetable shows */
struct efimap_pagetable_view {
	const struct efimap *map;
	enum efimap_pagetable_mode mode;
	const struct efimap_pagetable *table;
	const struct efimap_pointer *pointers;
	size_t n_pointers;
};

/**
 * efimap_pagetable_write_text() - tables and leaves in a sentence, what was left out, and with
 * EFIMAP_PAGETABLE_IDENTITY the pointers
 */
int efimap_pagetable_write_text(const struct efimap_pagetable_view *view, struct efimap_out *out);

/** efimap_pagetable_write_json() - an efimap-pagetable document */
int efimap_pagetable_write_json(const struct efimap_pagetable_view *view,
				struct efimap_out *out);

/**
 * efimap_out_safe() - append text from a capture
 *
 * Control characters (C0, C1, DEL), those that turn text around, break lines or are not
 * seen, and bytes that are not UTF-8 become \xNN; other characters, a backslash included,
 * stay as they are.
 */
void efimap_out_safe(struct efimap_out *out, const char *text);

#endif
