/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the result of a rehearsal as text or JSON. */
#include <inttypes.h>

#include "base/escape_text.h"
#include "document/json_writer.h"
#include "show/rehearsal.h"
#include "show/report_output.h"
#include "show/text_style.h"

static const char *outcome_text(enum outcome outcome)
{
	return outcome == EFIMAP_OUTCOME_NONE ? "boots with EFI" : outcome_name(outcome);
}

static void put_place(const struct map_entry *entry, bool has_pages, struct out *out)
{
	out_printf(out, "0x%" PRIx64, entry->virt);
	if (has_pages)
		out_printf(out, " (0x%" PRIx64 " pages)", entry->pages);
}

static void put_lines(const char *what, const char *const *lines, size_t count, struct out *out)
{
	for (size_t i = 0; i < count; i++) {
		out_printf(out, "%s: ", what);
		out_escaped(out, lines[i]);
		out_putc(out, '\n');
	}
}

void rehearsal_write_text(const struct rehearsal *rehearsal, const struct text_options *options,
			  struct out *out)
{
	const struct load_answer *verify = rehearsal->verify;
	const enum outcome observed = rehearsal->report->outcome;
	const char *release = rehearsal->seen->release.text;
	auto_out struct out sentence = EFIMAP_OUT_MEM;
	char name[EFIMAP_TYPE_NAME_SIZE];

	out_escaped(&sentence, rehearsal->report->answer);
	text_sentence(out, &sentence, 0, options->width);
	if (!rehearsal->was_tried)
		return;
	out_puts(out, *release ? "Linux " : "the kernel");
	out_escaped(out, release);
	if (rehearsal->loader)
		out_printf(out, ", booted as if by kexec (%s): ", rehearsal->loader);
	else
		out_puts(out, ", booted as if by the firmware: ");
	if (rehearsal->reached_init) {
		out_printf(out, "reached init, EFI is %s, ", rehearsal->has_efi ? "on" : "off");
		text_plural(out, rehearsal->seen->n_entries, "entry", "entries");
		out_printf(out, "; %zu of %zu match the map\n", rehearsal->n_equal_entries,
			   rehearsal->n_expected_entries);
	} else {
		out_puts(out, "did not reach init\n");
	}
	out_printf(out, "expected in this guest: %s; observed: %s\n",
		   outcome_text(rehearsal->predicted), outcome_text(observed));
	if (verify && observed != EFIMAP_OUTCOME_UNKNOWN && answer_outcome(verify) != observed &&
	    answer_outcome(verify) != rehearsal->predicted) {
		out_puts(&sentence, "verify: ");
		out_escaped(&sentence, verify->form.sentence);
		if (answer_outcome(verify) != EFIMAP_OUTCOME_UNKNOWN)
			out_puts(&sentence, " A rehearsal cannot show this.");
		text_sentence(out, &sentence, 0, options->width);
	}
	for (size_t i = 0; i < rehearsal->n_differences; i++) {
		const struct map_entry *expected = rehearsal->differences[i].expected;
		const struct map_entry *seen = rehearsal->differences[i].observed;
		const bool has_pages = seen && seen->pages != expected->pages;

		out_printf(out, "%s at 0x%" PRIx64 ": expected: ",
			   memory_type_name(expected->type, name), expected->phys);
		put_place(expected, has_pages, out);
		out_puts(out, "; observed: ");
		if (seen)
			put_place(seen, has_pages, out);
		else
			out_puts(out, "no entry");
		out_putc(out, '\n');
	}
	put_lines("kernel messages", rehearsal->kernel_messages, rehearsal->n_kernel_messages, out);
	if (options->headings)
		put_lines("note", rehearsal->remarks, rehearsal->n_remarks, out);
	if (!report_has_text(rehearsal->report, options))
		return;
	out_putc(out, '\n');
	report_write_text(rehearsal->report, options, out);
}

FIELD_GET(get_kernel, struct rehearsal, text, row->seen->release.text, *row->seen->release.text)
FIELD_GET(get_seen_entry, struct rehearsal, record, row->seen->entries + at,
	  row->reached_init &&at < row->seen->n_entries)

#define DIFFERENCE(member) FIELD_AT(struct rehearsal_difference, member)
static const struct field difference_rows[] = {
	{ "expected", FIELD_OBJECT, FIELD_POINTER, DIFFERENCE(expected), .of = &entry_fields,
	  .of_parts = ENTRY_KEPT },
	{ "observed", FIELD_OBJECT, FIELD_POINTER | FIELD_NULL, DIFFERENCE(observed),
	  .of = &entry_fields, .of_parts = ENTRY_KEPT },
};
static const struct fields difference_fields = { FIELDS("difference", difference_rows) };

#define REHEARSAL(member) FIELD_AT(struct rehearsal, member)
static const struct field rehearsal_rows[] = {
	{ "kernel", FIELD_TEXT, FIELD_NULL, .get = get_kernel },
	{ "image", FIELD_TEXT, FIELD_NULL, REHEARSAL(image) },
	{ "as", FIELD_TEXT, REHEARSAL(as) },
	{ "loader", FIELD_TEXT, FIELD_NULL, REHEARSAL(loader) },
	{ "reached_init", FIELD_BOOL, REHEARSAL(reached_init) },
	{ "efi", FIELD_BOOL, REHEARSAL(has_efi) },
	{ "runtime_map", FIELD_OBJECT, FIELD_LIST, .get = get_seen_entry, .of = &entry_fields,
	  .of_parts = ENTRY_KEPT },
	{ "expected_entries", FIELD_NUMBER, REHEARSAL(n_expected_entries) },
	{ "equal_entries", FIELD_NUMBER, REHEARSAL(n_equal_entries) },
	{ "differences", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct rehearsal, differences, n_differences), .of = &difference_fields },
	{ "predicted", FIELD_WORD, REHEARSAL(predicted), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT) },
	{ "verify", FIELD_OBJECT, FIELD_POINTER | FIELD_NULL, REHEARSAL(verify),
	  .of = &load_answer_fields },
	{ FIELD_INLINE_AT(struct rehearsal, report, report_fields),
	  .of_parts = REPORT_OUTCOME | REPORT_ANSWER | REPORT_COUNTS | REPORT_SIDES },
	{ "kernel_messages", FIELD_TEXT, FIELD_LIST,
	  FIELD_LIST_AT(struct rehearsal, kernel_messages, n_kernel_messages) },
	{ "limitations", FIELD_TEXT, FIELD_LIST,
	  FIELD_LIST_AT(struct rehearsal, remarks, n_remarks) },
};
const struct fields document_rehearsal = { FIELDS("efimap-rehearsal", rehearsal_rows) };

void rehearsal_write_json(const struct rehearsal *rehearsal, bool compact, struct out *out)
{
	json_put_document(&document_rehearsal, rehearsal->source, compact, NULL, rehearsal, out);
}
