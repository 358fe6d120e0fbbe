/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the results of "efimapctl compare" and "efimapctl received" as text or JSON. */
#include <inttypes.h>
#include <string.h>

#include "base/escape_text.h"
#include "document/json_writer.h"
#include "infer/booted_by.h"
#include "show/comparison.h"
#include "show/dump_columns.h"
#include "show/dump_view.h"
#include "show/report.h"
#include "show/text_style.h"
#include "show/text_table.h"

/* System call that loaded the kernel; NULL if kexec was not used or the call is unknown. */
static const char *const calls[] = {
	[EFIMAP_LOADED_BY_NONE] = NULL,
	[EFIMAP_LOADED_BY_UNKNOWN] = NULL,
	[EFIMAP_LOADED_BY_KEXEC_LOAD] = "kexec_load",
	[EFIMAP_LOADED_BY_KEXEC_FILE_LOAD] = "kexec_file_load",
};

static void count_marks(const struct efimap_comparison *comparison,
			uint64_t counts[EFIMAP_MARK_EXTRA + 1])
{
	for (size_t i = 0; i < comparison->n_matches; i++)
		counts[comparison->matches[i].mark]++;
}

static void put_tally(const struct efimap *first, const struct efimap *second,
		      const struct efimap_comparison *comparison, struct efimap_out *out)
{
	const bool is_known = efimap_verdict_of_comparison(comparison) != EFIMAP_VERDICT_NOT_SHOWN;
	uint64_t counts[EFIMAP_MARK_EXTRA + 1] = { 0 };

	count_marks(comparison, counts);
	if (first->n_entries + second->n_entries == 0) {
		efimap_out_puts(out, is_known ? "neither FIRST nor SECOND has a runtime map" :
						"there is no runtime map to compare");
		return;
	}
	text_plural(out, first->n_entries, "entry", "entries");
	efimap_out_printf(out, " in FIRST, %zu in SECOND", second->n_entries);
	if (counts[EFIMAP_MARK_DRIFT])
		efimap_out_printf(out, ", %" PRIu64 " changed", counts[EFIMAP_MARK_DRIFT]);
	if (counts[EFIMAP_MARK_LOST])
		efimap_out_printf(out, ", %" PRIu64 " lost", counts[EFIMAP_MARK_LOST]);
	if (counts[EFIMAP_MARK_EXTRA])
		efimap_out_printf(out, ", %" PRIu64 " added", counts[EFIMAP_MARK_EXTRA]);
	if (!efimap_has_read_virt(first) || !efimap_has_read_virt(second))
		efimap_out_puts(out, "; virtual addresses not compared");
}

static const char *relation_text(const struct efimap *first, const struct efimap *second,
				 const struct efimap_comparison *comparison)
{
	const enum efimap_relation relation = comparison->relation;
	const bool is_other_boot = relation == EFIMAP_RELATION_OTHER_BOOT ||
				   relation == EFIMAP_RELATION_SWAPPED;

	if (relation == EFIMAP_RELATION_SELF)
		return *first->boot_id && strcmp(first->boot_id, second->boot_id) == 0 ?
			       "; FIRST and SECOND are from the same boot" :
			       "; SECOND cannot be distinguished from FIRST";
	if (is_other_boot && efimap_booted_by(second) == EFIMAP_BOOTED_BY_FIRMWARE)
		return "; the firmware started SECOND";
	if (is_other_boot || relation == EFIMAP_RELATION_OTHER_MACHINE)
		return "; FIRST did not start SECOND";
	if (!calls[comparison->loaded_by])
		return "";
	return second->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT ? "; loaded by " :
								       "; passed by ";
}

static void put_headline(const char *name, bool is_bad, struct efimap_out *rest,
			 const struct efimap_text_options *options, struct efimap_out *out)
{
	style_text(out, options->color, is_bad ? STYLE_ERROR : STYLE_HEADING, name);
	efimap_out_puts(out, ": ");
	text_sentence(out, rest, strlen(name) + 2, options->width);
}

static void put_verdict(const struct efimap *first, const struct efimap *second,
			const struct efimap_comparison *comparison,
			const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out rest = EFIMAP_OUT_MEM;
	const enum efimap_verdict compared = efimap_verdict_of_comparison(comparison);
	const char *call = calls[comparison->loaded_by];

	put_tally(first, second, comparison, &rest);
	efimap_out_puts(&rest, relation_text(first, second, comparison));
	efimap_out_puts(&rest, call ? call : "");
	put_headline(efimap_verdict_name(compared),
		     compared == EFIMAP_VERDICT_DRIFT ||
			     compared == EFIMAP_VERDICT_NOT_RECEIVED, &rest, options, out);
}

/* TABLE_BOTH requires @both to be the first member. */
struct couple {
	const struct efimap_entry *both[2];
	enum efimap_mark mark;
};

static void cell_mark(const void *row, struct efimap_out *out)
{
	const struct couple *couple = row;
	static const char marks[] = {
		[EFIMAP_MARK_SAME] = ' ', [EFIMAP_MARK_EXPECTED] = '~',
		[EFIMAP_MARK_DRIFT] = '!', [EFIMAP_MARK_LOST] = '-',
		[EFIMAP_MARK_EXTRA] = '+',
	};

	efimap_out_putc(out, marks[couple->mark]);
}

static void put_index(const struct efimap_entry *entry, struct efimap_out *out)
{
	if (entry)
		efimap_out_printf(out, "%" PRIu32, entry->index);
	else
		efimap_out_putc(out, '-');
}

static void cell_first(const void *row, struct efimap_out *out)
{
	const struct couple *couple = row;

	put_index(couple->both[0], out);
}

static void cell_second(const void *row, struct efimap_out *out)
{
	const struct couple *couple = row;

	put_index(couple->both[1], out);
}

static void cell_pages(const void *record, struct efimap_out *out)
{
	efimap_out_hex(out, text_table_entry_of(record)->pages);
}

static void cell_virt(const void *record, struct efimap_out *out)
{
	const struct efimap_entry *entry = text_table_entry_of(record);

	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		efimap_out_putc(out, '-');
	else
		efimap_out_hex(out, entry->virt);
}

static const struct text_table_column columns[] = {
	{ "", 0, cell_mark },
	{ "FIRST", TABLE_RIGHT, cell_first },
	{ "SECOND", TABLE_RIGHT, cell_second },
	{ "TYPE", TABLE_BOTH, dump_cell_type },
	{ "PHYS", TABLE_BOTH, dump_cell_phys },
	{ "PAGES", TABLE_BOTH, cell_pages },
	{ "VIRT", TABLE_BOTH, cell_virt },
	{ "ATTR", TABLE_BOTH, dump_cell_attr_hex },
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

static bool is_shown(enum efimap_mark mark, bool all)
{
	return all || (mark != EFIMAP_MARK_SAME && mark != EFIMAP_MARK_EXPECTED);
}

static int write_couples(const struct efimap *first, const struct efimap *second,
			 const struct efimap_comparison *comparison,
			 const struct efimap_text_options *options, struct efimap_out *out)
{
	struct text_table table auto_table = { .columns = columns, .n_columns = N_COLUMNS };
	int ret = text_table_add_headings(&table);

	for (size_t i = 0; i < comparison->n_matches && !ret; i++) {
		const struct efimap_match *match = &comparison->matches[i];
		const struct couple couple = {
			{ match->first == EFIMAP_NO_ENTRY ? NULL : &first->entries[match->first],
			  match->second == EFIMAP_NO_ENTRY ? NULL :
							     &second->entries[match->second] },
			match->mark,
		};

		if (is_shown(match->mark, options->verbose))
			ret = text_table_add_row(&table, &couple);
	}
	if (ret || table.n_cells == N_COLUMNS)
		return ret;
	efimap_out_putc(out, '\n');
	return text_table_write(&table, options->width, options->color, out);
}

int efimap_comparison_write_text(const struct efimap *first, const struct efimap *second,
				 const struct efimap_comparison *comparison,
				 const struct efimap_text_options *options,
				 struct efimap_out *out)
{
	int ret;

	report_text_answer(comparison->report, options, out);
	if (!efimap_report_is_checked(comparison->report))
		return out->error;
	put_verdict(first, second, comparison, options, out);
	ret = write_couples(first, second, comparison, options, out);
	if (ret)
		return ret;
	if (report_has_text(comparison->report, options))
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(comparison->report, options, out);
}

struct comparison_document {
	const char *first;
	const char *second;
	enum efimap_verdict verdict;
	const struct efimap_comparison *comparison;
	const struct efimap_report *report;
	uint64_t counts[EFIMAP_MARK_EXTRA + 1];
};

FIELD_GET(get_comparison_reason, struct comparison_document, text,
	  efimap_reason_of(row->report), *efimap_reason_of(row->report))

#define MARK(name, about, mark)                                                            \
	{ name, ABOUT(about), FIELD_NUMBER,                                                       \
	  FIELD_AT(struct comparison_document, counts[EFIMAP_MARK_##mark]) }
static const struct field marks_rows[] = {
	MARK("same", "number of unchanged entries", SAME),
	MARK("expected", "number of entries with an expected difference", EXPECTED),
	MARK("drift", "number of entries that differ in a way that no kernel causes", DRIFT),
	MARK("lost", "number of entries that are unexpectedly missing from SECOND", LOST),
	MARK("extra", "number of entries that are unexpectedly missing from FIRST", EXTRA),
};
static const struct fields marks_fields = { FIELDS("marks", marks_rows) };

static const struct field compared_rows[] = {
	{ "loader", ABOUT("system call that loaded SECOND; none: FIRST did not start SECOND"),
	  FIELD_WORD,
	  FIELD_AT(struct efimap_comparison, loaded_by),
	  WORD(loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD) },
	{ "relation", ABOUT("relation of SECOND to FIRST; unknown: SECOND does not show "
			    "what started its kernel"),
	  FIELD_WORD, FIELD_AT(struct efimap_comparison, relation),
	  WORD(relation, EFIMAP_RELATION_OTHER_MACHINE) },
};
static const struct fields compared_fields = { FIELDS("compared", compared_rows) };

#define COMPARISON(member) FIELD_AT(struct comparison_document, member)
static const struct field comparison_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, COMPARISON(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_ANSWER | REPORT_CERTAINTY },
	{ "first", ABOUT("FIRST as given on the command line: capture of the first kernel"),
	  FIELD_TEXT, COMPARISON(first) },
	{ "second", ABOUT("SECOND as given on the command line: capture of the second "
			  "kernel"), FIELD_TEXT,
	  COMPARISON(second) },
	{ "verdict", ABOUT("drift: a finding at or above the --fail-on threshold; "
	  "not-received: the second kernel received no EFI data or no map; not-shown: "
	  "a kernel log does not show the map, or SECOND exports no map (because of its kernel "
	  "parameters or word size); not-comparable: FIRST did not start SECOND, or "
	  "there was nothing to compare; denied, unreadable: a source could not be read, so "
	  "findings may be missing"),
	  FIELD_WORD, COMPARISON(verdict),
	  WORD(verdict, EFIMAP_VERDICT_NOT_RECEIVED), .min = EFIMAP_VERDICT_DENIED },
	{ "reason", ABOUT("why the comparison is missing or incomplete; absent otherwise"),
	  FIELD_TEXT,
	  FIELD_OMIT, .get = get_comparison_reason },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, COMPARISON(comparison),
	  .of = &compared_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, COMPARISON(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_COUNTS },
	{ "entries", ABOUT("number of entries, by result; a matched pair counts once"),
	  FIELD_OBJECT, .of = &marks_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, COMPARISON(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_SIDES | REPORT_SKIPPED },
};
const struct document document_comparison = {
	"efimap-comparison",
	ABOUT("Differences between the runtime maps of a first and a second kernel, as "
	      "written by efimapctl compare --json."),
	&(const struct fields){ FIELDS("comparison", comparison_rows) },
	ABOUT("SECOND as given on the command line; / is the running system"),
};

int efimap_comparison_write_json(const char *first, const char *second,
				 const struct efimap_comparison *comparison, bool compact,
				 struct efimap_out *out)
{
	struct comparison_document document = {
		.first = first,
		.second = second,
		.verdict = efimap_verdict_of_comparison(comparison),
		.comparison = comparison,
		.report = comparison->report,
	};

	count_marks(comparison, document.counts);
	return json_put_document(&document_comparison, second, compact, &document, out);
}

static void put_received(const struct efimap_received *received,
			const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out rest = EFIMAP_OUT_MEM;
	const char *call = calls[received->loaded_by];

	efimap_out_printf(&rest, "%s%s%s", received->reason, call ? "; loaded by " : "",
			  call ? call : "");
	put_headline(efimap_verdict_name(received->verdict),
		     received->verdict != EFIMAP_VERDICT_RECEIVED, &rest, options, out);
}

static void put_causes(const struct efimap_received *received,
		       const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	bool any = false;

	for (size_t i = 0; i < received->n_causes; i++) {
		const struct efimap_cause *cause = &received->causes[i];

		if (cause->certainty == EFIMAP_CAUSE_EXCLUDED && !options->verbose)
			continue;
		if (!any)
			efimap_out_putc(out, '\n');
		any = true;
		text.used = 0;
		efimap_out_printf(&text, "cause %s: %s [%s]",
				  efimap_cause_certainty_name(cause->certainty),
				  cause->why, cause->name);
		text_sentence(out, &text, 0, options->width);
		if (cause->certainty == EFIMAP_CAUSE_EXCLUDED)
			continue;
		text.used = 0;
		efimap_out_puts(&text, cause->how_to_check);
		efimap_out_puts(out, "    how to tell: ");
		text_sentence(out, &text, strlen("    how to tell: "), options->width);
	}
	if (received->verdict != EFIMAP_VERDICT_NOT_RECEIVED)
		return;
	if (any)
		efimap_out_putc(out, '\n');
	text.used = 0;
	efimap_out_puts(&text, RECEIVED_REMEDY);
	text_sentence(out, &text, 0, options->width);
}

static void put_facts(const struct efimap_received *received, struct efimap_out *out)
{
	const struct efimap_efi_payload *payload = &received->payload;
	const struct efimap_efi_info *info = &received->info;

	efimap_out_putc(out, '\n');
	if (received->has_payload)
		efimap_out_printf(out, "setup_data: fw_vendor 0x%" PRIx64 " runtime 0x%" PRIx64
				  " tables 0x%" PRIx64 " smbios 0x%" PRIx64 "\n",
				  payload->fw_vendor, payload->runtime, payload->tables,
				  payload->smbios);
	if (!received->has_info)
		return;
	efimap_out_puts(out, "efi_info: signature ");
	efimap_out_escaped(out, *info->signature ? info->signature : "none");
	efimap_out_printf(out, " systab 0x%" PRIx64 " memmap 0x%" PRIx64 " size %" PRIu32
			  " desc_size %" PRIu32 " desc_version %" PRIu32 "\n",
			  info->systab, info->memmap, info->memmap_size, info->desc_size,
			  info->desc_version);
}

int efimap_received_write_text(const struct efimap_received *received,
			       const struct efimap_text_options *options,
			       struct efimap_out *out)
{
	report_text_answer(received->report, options, out);
	if (received->verdict == EFIMAP_VERDICT_NOT_APPLICABLE)
		return out->error;
	put_received(received, options, out);
	put_causes(received, options, out);
	if (options->verbose && (received->has_payload || received->has_info))
		put_facts(received, out);
	if (received->report->n_findings == 0)
		return out->error;
	efimap_out_putc(out, '\n');
	return efimap_report_write_text(received->report, options, out);
}

#define CAUSE(member) FIELD_AT(struct efimap_cause, member)
static const struct field cause_rows[] = {
	{ "cause", ABOUT("stable name of the cause"), FIELD_TEXT, CAUSE(name) },
	{ "certainty", ABOUT("whether the cause is certain, possible or excluded"),
	  FIELD_WORD, CAUSE(certainty), WORD(cause_certainty, EFIMAP_CAUSE_EXCLUDED) },
	{ "why", ABOUT("effect of the cause, or the evidence that proves or excludes it"),
	  FIELD_TEXT, CAUSE(why) },
	{ "how_to_check", ABOUT("how to check for the cause"),
	  FIELD_TEXT, CAUSE(how_to_check) },
};
static const struct fields cause_fields = { FIELDS("cause", cause_rows) };

FIELD_GET(get_cause, struct efimap_received, record, row->causes + at,
	  at < row->n_causes)
FIELD_GET(get_received_payload, struct efimap_received, record, &row->payload,
	  row->has_payload)
FIELD_GET(get_received_info, struct efimap_received, record, &row->info, row->has_info)

/* Return the name of a verdict of "efimapctl received", or NULL for any other verdict. */
static const char *received_word(unsigned int verdict)
{
	return verdict == EFIMAP_VERDICT_RECEIVED ||
			       verdict == EFIMAP_VERDICT_RECEIVED_UNUSABLE ||
			       verdict == EFIMAP_VERDICT_NOT_RECEIVED ||
			       verdict == EFIMAP_VERDICT_NOT_APPLICABLE ?
		       efimap_verdict_name(verdict) :
		       NULL;
}

/* Return the value of the member "sources" for a verdict, or NULL if there is none. */
static const char *sources_word(unsigned int missed)
{
	static const char *const words[] = {
		[EFIMAP_VERDICT_PASS] = "complete",
		[EFIMAP_VERDICT_DENIED] = "denied",
		[EFIMAP_VERDICT_UNREADABLE] = "unreadable",
	};

	return words[missed];
}

FIELD_GET(get_sources, struct efimap_received, number, row->report->missed, true)
FIELD_GET(get_not_read, struct efimap_received, text, row->report->reason, *row->report->reason)

#define RECEIVED(member) FIELD_AT(struct efimap_received, member)
static const struct field received_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, RECEIVED(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_ANSWER | REPORT_CERTAINTY },
	{ "verdict", ABOUT("received-unusable: the kernel received EFI data but cannot "
	  "use EFI runtime services; not-applicable: the firmware started this kernel, "
	  "or no verdict is possible"), FIELD_WORD, RECEIVED(verdict),
	  .word = received_word, .n_words = EFIMAP_VERDICT_RECEIVED_UNUSABLE + 1 },
	{ "reason", ABOUT("reason for the verdict"),
	  FIELD_TEXT, RECEIVED(reason) },
	{ "sources", ABOUT("whether all collected sources could be read; denied: "
	  "permission to read a source was denied; unreadable: a source is malformed"),
	  FIELD_WORD, .get = get_sources, .word = sources_word,
	  .n_words = EFIMAP_VERDICT_UNREADABLE + 1 },
	{ "not_read", ABOUT("sources that could not be read, and why; absent if all could be "
			    "read"),
	  FIELD_TEXT, FIELD_OMIT, .get = get_not_read },
	{ "loader", ABOUT("system call that loaded this kernel; none: kexec was not used"),
	  FIELD_WORD, RECEIVED(loaded_by),
	  WORD(loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD) },
	{ "causes", ABOUT("certain, possible and excluded causes of the verdict, certain "
	  "causes first"),
	  FIELD_OBJECT, FIELD_LIST, .get = get_cause, .of = &cause_fields },
	{ "payload", ABOUT("payload of the SETUP_EFI node in setup_data; null if there "
			   "is no complete payload"), FIELD_OBJECT,
	  FIELD_NULL, .get = get_received_payload, .of = &efimap_efi_payload_fields },
	{ "efi_info", ABOUT("efi_info in boot_params; null if boot_params was not read"),
	  FIELD_OBJECT,
	  FIELD_NULL, .get = get_received_info, .of = &efimap_efi_info_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, RECEIVED(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_COUNTS | REPORT_FINDINGS },
};
const struct document document_received = {
	"efimap-received",
	ABOUT("EFI data that a kexec'd kernel received, as written by efimapctl received "
	      "--json."),
	&(const struct fields){ FIELDS("receipt", received_rows) },
};

int efimap_received_write_json(const char *source, const struct efimap_received *received,
			       struct efimap_out *out)
{
	return json_put_document(&document_received, source, false, received, out);
}
