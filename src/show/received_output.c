/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the result of "efimapctl received" as text or JSON. */
#include <inttypes.h>
#include <string.h>

#include "base/escape_text.h"
#include "document/json_writer.h"
#include "infer/booted_by.h"
#include "show/received_output.h"
#include "show/report_output.h"

static const char *const cause_headings[] = {
	[EFIMAP_CAUSE_CERTAIN] = "Cause",
	[EFIMAP_CAUSE_POSSIBLE] = "Possible cause",
	[EFIMAP_CAUSE_EXCLUDED] = "Excluded",
};

/* Write a sentence below a cause. */
static void put_below(const char *heading, const char *text, const struct text_options *options,
		      struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;

	out_printf(&sentence, "%s: ", heading);
	out_escaped(&sentence, text);
	out_putc(&sentence, '.');
	out_puts(out, "   ");
	text_sentence(out, &sentence, 3, options->width);
}

/* Write the causes that the files do not exclude, the most certain first; with -v, all causes. */
static void put_causes(const struct received *received, const struct text_options *options,
		       struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;
	unsigned int number = 0;

	for (size_t i = 0; i < received->n_causes; i++) {
		const struct cause *cause = &received->causes[i];

		if (cause->certainty == EFIMAP_CAUSE_EXCLUDED && !options->verbose)
			continue;
		if (number++ == 0)
			out_puts(out, "\n");
		/* The answer above may name the first cause. */
		out_printf(&text, "%u. %s: %s. [%s]", number, cause_headings[cause->certainty],
			   strstr(received->report->answer, cause->why) ? "as above" : cause->why,
			   cause->name);
		text_sentence(out, &text, 3, options->width);
		if (cause->certainty == EFIMAP_CAUSE_EXCLUDED)
			continue;
		if (cause->certainty == EFIMAP_CAUSE_POSSIBLE)
			put_below("How to tell", cause->how_to_check, options, out);
		put_below("What to do", cause->fix, options, out);
	}
	if (number)
		out_putc(out, '\n');
}

void received_write_text(const struct received *received, const struct text_options *options,
			 struct out *out)
{
	const struct efi_payload *payload = &received->payload;
	const struct efi_info *info = &received->info;
	auto_out struct out text = EFIMAP_OUT_MEM;

	report_text_verdict(received->report, received->verdict,
			    received->verdict == EFIMAP_VERDICT_NOT_APPLICABLE
				    ? ""
				    : report_loaded_by(received->loaded_by),
			    options, out);
	report_text_notes(received->report, options, out);
	if (received->verdict == EFIMAP_VERDICT_NOT_APPLICABLE)
		return;
	put_causes(received, options, out);
	if (received->verdict == EFIMAP_VERDICT_CANNOT_TELL && received->is_offline) {
		out_puts(&text,
			 "Run efimapctl received on the machine while this kernel is running.");
		text_sentence(out, &text, 0, options->width);
	}
	report_text_advice(received->verdict, received->report->outcome, NULL, options, out);
	if (options->verbose && (received->has_payload || received->has_info))
		out_putc(out, '\n');
	if (options->verbose && received->has_payload) {
		out_printf(&text,
			   "setup_data: fw_vendor 0x%" PRIx64 ", runtime 0x%" PRIx64
			   ", tables 0x%" PRIx64 ", smbios 0x%" PRIx64,
			   payload->fw_vendor, payload->runtime, payload->tables, payload->smbios);
		text_sentence(out, &text, 0, options->width);
	}
	if (options->verbose && received->has_info) {
		out_puts(&text, "efi_info: signature ");
		out_escaped(&text, *info->signature ? info->signature : "none");
		out_printf(&text,
			   ", systab 0x%" PRIx64 ", memmap 0x%" PRIx64 ", size %" PRIu32
			   ", desc_size %" PRIu32 ", desc_version %" PRIu32,
			   info->systab, info->memmap, info->memmap_size, info->desc_size,
			   info->desc_version);
		text_sentence(out, &text, 0, options->width);
	}
	if (!report_has_text(received->report, options))
		return;
	out_putc(out, '\n');
	report_write_text(received->report, options, out);
}

#define CAUSE(member) FIELD_AT(struct cause, member)
static const struct field cause_rows[] = {
	{ "cause", FIELD_TEXT, CAUSE(name) },
	{ "certainty", FIELD_WORD, CAUSE(certainty), WORD(cause_certainty, EFIMAP_CAUSE_EXCLUDED) },
	{ "why", FIELD_TEXT, CAUSE(why) },
	{ "how_to_check", FIELD_TEXT, CAUSE(how_to_check) },
	{ "fix", FIELD_TEXT, CAUSE(fix) },
};
static const struct fields cause_fields = { FIELDS("cause", cause_rows) };

FIELD_GET(get_cause, struct received, record, row->causes + at, at < row->n_causes)
FIELD_GET(get_received_payload, struct received, record, &row->payload, row->has_payload)
FIELD_GET(get_received_info, struct received, record, &row->info, row->has_info)

/* Return the name of a verdict of "efimapctl received", or NULL for any other verdict. */
static const char *received_word(unsigned int verdict)
{
	return verdict == EFIMAP_VERDICT_RECEIVED || verdict == EFIMAP_VERDICT_RECEIVED_UNUSABLE ||
			       verdict == EFIMAP_VERDICT_CANNOT_TELL ||
			       verdict == EFIMAP_VERDICT_NOT_RECEIVED ||
			       verdict == EFIMAP_VERDICT_NOT_APPLICABLE
		       ? verdict_name(verdict)
		       : NULL;
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

FIELD_GET(get_sources, struct received, number, row->report->missed, true)
FIELD_GET(get_not_read, struct received, text, row->report->reason, *row->report->reason)

#define RECEIVED(member) FIELD_AT(struct received, member)
static const struct field received_rows[] = {
	{ FIELD_INLINE_AT(struct received, report, report_fields),
	  .of_parts = REPORT_OUTCOME | REPORT_ANSWER | REPORT_CERTAINTY },
	{ "verdict", FIELD_WORD, RECEIVED(verdict), .word = received_word,
	  .n_words = EFIMAP_VERDICT_CANNOT_TELL + 1 },
	{ "reason", FIELD_TEXT, RECEIVED(reason) },
	{ "sources", FIELD_WORD, .get = get_sources, .word = sources_word,
	  .n_words = EFIMAP_VERDICT_UNREADABLE + 1 },
	{ "not_read", FIELD_TEXT, FIELD_OMIT, .get = get_not_read },
	{ "loader", FIELD_WORD, RECEIVED(loaded_by),
	  WORD(loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD) },
	{ "causes", FIELD_OBJECT, FIELD_LIST, .get = get_cause, .of = &cause_fields },
	{ "payload", FIELD_OBJECT, FIELD_NULL, .get = get_received_payload,
	  .of = &efi_payload_fields },
	{ "efi_info", FIELD_OBJECT, FIELD_NULL, .get = get_received_info, .of = &efi_info_fields },
	{ FIELD_INLINE_AT(struct received, report, report_fields),
	  .of_parts = REPORT_COUNTS | REPORT_FINDINGS },
};
const struct fields document_received = { FIELDS("efimap-received", received_rows) };
