/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A receipt. For people: the verdict, the causes that fit, what was passed, findings. */
#include <string.h>

#include "format/documents.h"
#include "format/format.h"
#include "format/style.h"
#include "format/text.h"

static void put_verdict(const struct efimap_receipt *receipt,
			const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out rest = EFIMAP_OUT_MEM;
	const char *name = efimap_received_name(receipt->received);
	const char *call = document_call(receipt->loaded_by);

	style_text(out, options->color,
		   receipt->received == EFIMAP_RECEIVED_NO ? STYLE_ERROR : STYLE_HEADING, name);
	efimap_out_puts(out, ": ");
	efimap_out_printf(&rest, "%s%s%s", receipt->reason, call ? "; loaded by " : "",
			  call ? call : "");
	text_sentence(out, &rest, strlen(name) + 2, options->width);
}

static void put_causes(const struct efimap_receipt *receipt,
		       const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	bool any = false;

	for (size_t i = 0; i < receipt->n_causes; i++) {
		const struct efimap_cause *cause = &receipt->causes[i];

		if (cause->fit == EFIMAP_FIT_EXCLUDED && !options->verbose)
			continue;
		if (!any)
			efimap_out_putc(out, '\n');
		any = true;
		text.used = 0;
		efimap_out_printf(&text, "cause %s: %s [%s]", efimap_fit_name(cause->fit),
				  cause->why, cause->name);
		text_sentence(out, &text, 0, options->width);
		if (cause->fit == EFIMAP_FIT_EXCLUDED)
			continue;
		text.used = 0;
		efimap_out_puts(&text, cause->check);
		efimap_out_puts(out, "    how to tell: ");
		text_sentence(out, &text, strlen("    how to tell: "), options->width);
	}
	if (receipt->received != EFIMAP_RECEIVED_NO)
		return;
	if (any)
		efimap_out_putc(out, '\n');
	text.used = 0;
	efimap_out_puts(&text, RECEIPT_REMEDY);
	text_sentence(out, &text, 0, options->width);
}

static void put_address(struct efimap_out *out, const char *name, uint64_t value)
{
	efimap_out_printf(out, " %s ", name);
	efimap_out_hex(out, value);
}

static void put_facts(const struct efimap_receipt *receipt, struct efimap_out *out)
{
	efimap_out_putc(out, '\n');
	if (receipt->has_payload) {
		efimap_out_puts(out, "setup_data:");
		put_address(out, "fw_vendor", receipt->payload.fw_vendor);
		put_address(out, "runtime", receipt->payload.runtime);
		put_address(out, "tables", receipt->payload.tables);
		put_address(out, "smbios", receipt->payload.smbios);
		efimap_out_putc(out, '\n');
	}
	if (!receipt->has_info)
		return;
	efimap_out_puts(out, "efi_info: signature ");
	efimap_out_safe(out, *receipt->info.signature ? receipt->info.signature : "none");
	put_address(out, "systab", receipt->info.systab);
	put_address(out, "memmap", receipt->info.memmap);
	efimap_out_printf(out, " size %lu desc_size %lu desc_version %lu\n",
			  (unsigned long)receipt->info.memmap_size,
			  (unsigned long)receipt->info.desc_size,
			  (unsigned long)receipt->info.desc_version);
}

int efimap_receipt_write_text(const struct efimap_receipt *receipt,
			      const struct efimap_text_options *options,
			      struct efimap_out *out)
{
	report_text_answer(receipt->report, options, out);
	if (receipt->received == EFIMAP_RECEIVED_NOT_APPLICABLE)
		return out->error;
	put_verdict(receipt, options, out);
	put_causes(receipt, options, out);
	if (options->verbose && (receipt->has_payload || receipt->has_info))
		put_facts(receipt, out);
	if (receipt->report->n_findings == 0)
		return out->error;
	efimap_out_putc(out, '\n');
	return efimap_report_write_text(receipt->report, options, out);
}

/* --- the document --- */

FIELD_WORDS(fit)
FIELD_WORDS(loaded_by)
FIELD_WORDS(received)

#define CAUSE(member) FIELD_AT(struct efimap_cause, member)
static const struct field cause_rows[] = {
	{ "cause", ABOUT("stable name"), FIELD_TEXT, CAUSE(name) },
	{ "fits", ABOUT("whether it can be it"), FIELD_WORD, CAUSE(fit),
	  WORD(fit, EFIMAP_FIT_EXCLUDED) },
	{ "why", ABOUT("what happens then, or what proves or excludes it"), FIELD_TEXT,
	  CAUSE(why) },
	{ "check", ABOUT("how to tell"), FIELD_TEXT, CAUSE(check) },
};
static const struct fields cause_fields = { FIELDS("cause", cause_rows) };

FIELD_GET(get_cause, struct efimap_receipt, record, row->causes + at,
	  at < row->n_causes)
FIELD_GET(get_receipt_payload, struct efimap_receipt, record, &row->payload,
	  row->has_payload)
FIELD_GET(get_receipt_info, struct efimap_receipt, record, &row->info, row->has_info)

/* The status 0, 5 or 3, whatever the verdict makes of it */
enum seen { SEEN_WHOLE, SEEN_DENIED, SEEN_UNREADABLE, SEEN_COUNT };

static const char *seen_word(unsigned int seen)
{
	static const char *const words[] = { "whole", "denied", "unreadable" };

	return words[seen];
}

static enum seen seen_of(const struct efimap_report *report)
{
	if (report->missed == EFIMAP_MISSED_DENIED)
		return SEEN_DENIED;
	return report->missed == EFIMAP_MISSED_UNREADABLE ? SEEN_UNREADABLE : SEEN_WHOLE;
}

FIELD_GET(get_seen, struct efimap_receipt, number, seen_of(row->report), true)
FIELD_GET(get_unseen, struct efimap_receipt, text, row->report->reason, *row->report->reason)

#define RECEIPT(member) FIELD_AT(struct efimap_receipt, member)
static const struct field receipt_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, RECEIPT(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_ANSWER },
	{ "verdict", ABOUT("not-applicable: the firmware started this kernel, or nothing says "
	  "who"), FIELD_WORD, RECEIPT(received),
	  WORD(received, EFIMAP_RECEIVED_NOT_APPLICABLE) },
	{ "reason", ABOUT("one sentence"), FIELD_TEXT, RECEIPT(reason) },
	{ "seen", ABOUT("whether anything that this rests on was there and may not be, or could "
	  "not be read; what was not collected does not count"), FIELD_WORD,
	  .get = get_seen, .word = seen_word, .n_words = SEEN_COUNT },
	{ "unseen", ABOUT("what may not be, or could not be read; only there when something"),
	  FIELD_TEXT, FIELD_OMIT, .get = get_unseen },
	{ "loader", ABOUT(LOADER_ABOUT), FIELD_WORD, RECEIPT(loaded_by),
	  WORD(loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD) },
	{ "causes", ABOUT("why nothing, or not all, has reached this kernel; certain ones "
	  "first"), FIELD_OBJECT, FIELD_LIST, .get = get_cause, .of = &cause_fields },
	{ "payload", ABOUT("the setup_data node of type 4; null without one"), FIELD_OBJECT,
	  FIELD_NULL, .get = get_receipt_payload, .of = &efimap_efi_payload_fields },
	{ "efi_info", ABOUT("of boot_params; null when they were not read"), FIELD_OBJECT,
	  FIELD_NULL, .get = get_receipt_info, .of = &efimap_efi_info_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, RECEIPT(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_COUNTS | REPORT_FINDINGS },
};
static const struct fields receipt_fields = { FIELDS("receipt", receipt_rows) };
const struct document document_handover = {
	"efimap-handover",
	ABOUT("Whether EFI reached a kernel that was kexec'ed, as efimapctl "
	      "handover --json writes it."),
	ABOUT(SOURCE_NAMED),
	&receipt_fields,
};

int efimap_receipt_write_json(const char *source, const struct efimap_receipt *receipt,
			      bool compact, struct efimap_out *out)
{
	return json_put_document(&document_handover, source, compact, receipt, out);
}
