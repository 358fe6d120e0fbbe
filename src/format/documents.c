/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The JSON documents: which members each has. Those that lie in a struct of the model are
 * rows of its table (model/fields.c); here is what only a document shows. Nothing here
 * judges.
 */
#include <string.h>

#include "format/documents.h"
#include "format/dump.h"
#include "model/baseline.h"
#include "model/traits.h"

/* The names of enums, by number */
FIELD_WORDS(fit)
FIELD_WORDS(loaded_by)
FIELD_WORDS(mapping)
FIELD_WORDS(received)
FIELD_WORDS(relation)
#define WORD(what, last) .word = what##_word, .n_words = (last) + 1

void document_set_record(struct field_value *ret_value, const void *record, size_t size)
{
	memcpy(&ret_value->room, record, size);
	ret_value->record = &ret_value->room;
}

/* --- dump --- */

FIELD_GET(get_dump_entry, struct dump_row, record,
	  &row->view->map->entries[row->position],
	  true)

static bool next_label(const struct labels *labels, size_t position,
		       struct field_value *ret_value)
{
	size_t at = (size_t)ret_value->place[0];

	ret_value->text = labels_next(labels, position, &at);
	ret_value->place[0] = at;
	return ret_value->text;
}

static bool get_dump_memmap(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;

	return next_label(&row->view->memmap, row->position, ret_value);
}

static bool get_dump_iomem(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;

	return next_label(&row->view->iomem, row->position, ret_value);
}

static bool get_dump_rule(const void *record, size_t at, struct field_value *ret_value)
{
	const struct dump_row *row = record;
	size_t from = (size_t)ret_value->place[0];
	const struct efimap_rule *rule = dump_view_rule(row->view, row->position, &from);

	ret_value->place[0] = from;
	ret_value->text = rule ? rule->name : NULL;
	return rule;
}

static const struct field dump_entry_rows[] = {
	{ .kind = FIELD_INLINE, .get = get_dump_entry, .of = &efimap_entry_fields,
	  .of_parts = ENTRY_SHOWN },
	{ "memmap", "what /sys/firmware/memmap calls its bytes, ascending; \"...\" at the end "
	  "stands for labels that were left out", FIELD_TEXT, FIELD_LIST,
	  .get = get_dump_memmap },
	{ "iomem", "what /proc/iomem calls its bytes, outer lines first; \"...\" at the end "
	  "stands for labels that were left out", FIELD_TEXT, FIELD_LIST,
	  .get = get_dump_iomem },
	{ "rules", "rules with a finding on it, in the order of efimapctl explain", FIELD_TEXT,
	  FIELD_LIST, .get = get_dump_rule },
};
const struct fields dump_entry_fields = { FIELDS("dump_entry", dump_entry_rows) };

bool dump_get_entry(const struct dump_view *view, size_t at, struct field_value *ret_value)
{
	const struct dump_row row = { view, at };

	document_set_record(ret_value, &row, sizeof(row));
	return at < view->map->n_entries;
}

static bool get_dump_row(const void *record, size_t at, struct field_value *ret_value)
{
	return dump_get_entry(record, at, ret_value);
}

FIELD_GET(get_mapping, struct dump_view, number, efimap_mapping(row->map), true)

static const struct field dump_rows[] = {
	{ "mapping", "how the entries are mapped", FIELD_WORD, .get = get_mapping,
	  WORD(mapping, EFIMAP_MAPPING_MIXED) },
	{ "kernel", "the kernel that exported the map", FIELD_OBJECT, FIELD_POINTER,
	  FIELD_AT(struct dump_view, map), .of = &efimap_kernel_fields },
	{ "entries", "the runtime map, ascending by index", FIELD_OBJECT, FIELD_LIST,
	  .get = get_dump_row, .of = &dump_entry_fields },
};
static const struct fields dump_fields = { FIELDS("dump", dump_rows) };
static const struct document document_dump = {
	"efimap-dump", "One runtime map, as efimapctl dump --json writes it.", SOURCE_NAMED,
	&dump_fields,
};

int dump_write_json(const struct dump_view *view, bool compact, struct efimap_out *out)
{
	return json_put_document(&document_dump, view->map->name, compact, view, out);
}

/* --- verify --- */

static const struct field report_rows[] = {
	{ .kind = FIELD_INLINE, .of = &efimap_report_fields,
	  .of_parts = REPORT_VERDICT | REPORT_COUNTS | REPORT_FINDINGS | REPORT_SKIPPED |
		      REPORT_ACCEPTED },
};
static const struct fields report_fields = { FIELDS("report_document", report_rows) };
static const struct document document_report = {
	"efimap-report", "What verify found in one capture, as efimapctl verify --json writes it.",
	SOURCE_NAMED, &report_fields,
};

int efimap_report_write_json(const char *source, const struct efimap_report *report,
			     bool compact, struct efimap_out *out)
{
	return json_put_document(&document_report, source, compact, report, out);
}

/* --- compare --- */

/* @verdict: a name; @counts: entries side by side, by enum efimap_mark */
struct comparison_document {
	const char *first;
	const char *second;
	const char *verdict;
	const struct efimap_comparison *comparison;
	const struct efimap_report *report;
	uint64_t counts[EFIMAP_MARK_EXTRA + 1];
};

FIELD_GET(get_comparison_reason, struct comparison_document, text, row->report->reason,
	  !efimap_report_is_judged(row->report))

#define MARK(name, about, mark)                                                            \
	{ name, about, FIELD_NUMBER,                                                       \
	  FIELD_AT(struct comparison_document, counts[EFIMAP_MARK_##mark]) }
static const struct field marks_rows[] = {
	MARK("same", "as they were", SAME),
	MARK("expected", "changed as a kernel changes them", EXPECTED),
	MARK("drift", "changed", DRIFT),
	MARK("lost", "in FIRST only", LOST),
	MARK("extra", "in SECOND only", EXTRA),
};
static const struct fields marks_fields = { FIELDS("marks", marks_rows) };

#define LOADER "who handed over, as far as the marks of the loaders tell; none: nobody"
static const struct field compared_rows[] = {
	{ "loader", LOADER, FIELD_WORD, FIELD_AT(struct efimap_comparison, loaded_by),
	  WORD(loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD) },
	{ "relation", "what SECOND is to FIRST; unknown: it does not say who started it",
	  FIELD_WORD, FIELD_AT(struct efimap_comparison, relation),
	  WORD(relation, EFIMAP_RELATION_SWAPPED) },
};
static const struct fields compared_fields = { FIELDS("compared", compared_rows) };

#define COMPARISON(member) FIELD_AT(struct comparison_document, member)
static const struct field comparison_rows[] = {
	{ "first", "FIRST as it was named: the kernel that handed over", FIELD_TEXT,
	  COMPARISON(first) },
	{ "second", "SECOND as it was named: the kernel that received", FIELD_TEXT,
	  COMPARISON(second) },
	{ "verdict", "drift: findings at or above the threshold; the last three: nothing was "
	  "compared", FIELD_TEXT, COMPARISON(verdict) },
	{ "reason", "why nothing was compared; only there when that is so", FIELD_TEXT,
	  FIELD_OMIT, .get = get_comparison_reason },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, COMPARISON(comparison),
	  .of = &compared_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, COMPARISON(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_COUNTS },
	{ "entries", "entries side by side, by what became of them; expected: a difference that "
	  "a kernel makes", FIELD_OBJECT, .of = &marks_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, COMPARISON(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_SIDES | REPORT_SKIPPED },
};
static const struct fields comparison_fields = { FIELDS("comparison", comparison_rows) };
static const struct document document_comparison = {
	"efimap-comparison", "How the runtime map of a kernel differs from that of the kernel "
	"that handed over to it, as efimapctl compare --json writes it.",
	"SECOND as it was named; / is the running system", &comparison_fields,
};

int efimap_comparison_write_json(const char *first, const char *second,
				 const struct efimap_comparison *comparison, bool compact,
				 struct efimap_out *out)
{
	struct comparison_document document = {
		.first = first,
		.second = second,
		.verdict = efimap_comparison_verdict(comparison),
		.comparison = comparison,
		.report = comparison->report,
	};

	for (size_t i = 0; i < comparison->n_matches; i++)
		document.counts[comparison->matches[i].mark]++;
	return json_put_document(&document_comparison, second, compact, &document, out);
}

/* --- handover --- */

#define CAUSE(member) FIELD_AT(struct efimap_cause, member)
static const struct field cause_rows[] = {
	{ "cause", "stable name", FIELD_TEXT, CAUSE(name) },
	{ "fits", "whether it can be it", FIELD_WORD, CAUSE(fit),
	  WORD(fit, EFIMAP_FIT_EXCLUDED) },
	{ "why", "what happens then, or what proves or excludes it", FIELD_TEXT, CAUSE(why) },
	{ "check", "how to tell", FIELD_TEXT, CAUSE(check) },
};
static const struct fields cause_fields = { FIELDS("cause", cause_rows) };

FIELD_GET(get_cause, struct efimap_receipt, record, row->causes + at,
	  at < row->n_causes)
FIELD_GET(get_receipt_payload, struct efimap_receipt, record, &row->payload,
	  row->has_payload)
FIELD_GET(get_receipt_info, struct efimap_receipt, record, &row->info, row->has_info)

#define RECEIPT(member) FIELD_AT(struct efimap_receipt, member)
static const struct field receipt_rows[] = {
	{ "verdict", "not-applicable: the firmware started this kernel, or nothing says who",
	  FIELD_WORD, RECEIPT(received), WORD(received, EFIMAP_RECEIVED_NOT_APPLICABLE) },
	{ "reason", "one sentence", FIELD_TEXT, RECEIPT(reason) },
	{ "loader", LOADER, FIELD_WORD, RECEIPT(loaded_by),
	  WORD(loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD) },
	{ "causes", "why nothing, or not all, has reached this kernel; certain ones first",
	  FIELD_OBJECT, FIELD_LIST, .get = get_cause, .of = &cause_fields },
	{ "payload", "the setup_data node of type 4; null without one", FIELD_OBJECT, FIELD_NULL,
	  .get = get_receipt_payload, .of = &efimap_efi_payload_fields },
	{ "efi_info", "of boot_params; null when they were not read", FIELD_OBJECT, FIELD_NULL,
	  .get = get_receipt_info, .of = &efimap_efi_info_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, RECEIPT(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_COUNTS | REPORT_FINDINGS },
};
static const struct fields receipt_fields = { FIELDS("receipt", receipt_rows) };
static const struct document document_handover = {
	"efimap-handover", "Whether EFI reached a kernel that was kexec'ed, as efimapctl "
	"handover --json writes it.", SOURCE_NAMED, &receipt_fields,
};

int efimap_receipt_write_json(const char *source, const struct efimap_receipt *receipt,
			      bool compact, struct efimap_out *out)
{
	return json_put_document(&document_handover, source, compact, receipt, out);
}

/* --- baseline --- */

static const struct document document_baseline = {
	EFIMAP_BASELINE_DOCUMENT, "Findings that are known and accepted, as efimapctl verify "
	"--write-baseline writes them and --baseline reads them. Meant to be edited.",
	"the first SOURCE that it was recorded from", &efimap_baseline_fields,
};

int efimap_baseline_write(const struct efimap_baseline *baseline, const char *source,
			  struct efimap_out *out)
{
	return json_put_document(&document_baseline, source, false, baseline, out);
}

const struct document *const documents[] = {
	&document_dump,	    &document_report,	   &document_comparison, &document_handover,
	&document_decoded,  &document_translation, &document_prediction, &document_pagetable,
	&document_snapshot, &document_baseline,	   NULL,
};
