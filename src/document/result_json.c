/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "answer/answer.h"
#include "document/json_values.h"
#include "document/result_json.h"
#include "infer/booted_by.h"

/* The documents whose findings have other members */
enum findings_of {
	OF_VERIFY,
	OF_COMPARE,
	OF_RECEIVED,
};

static json_t *numbers_json(const struct finding *finding)
{
	json_t *numbers = json_array();

	for (unsigned int i = 0; i < 64; i++)
		if (finding->answers >> i & 1)
			json_array_append_new(numbers, json_count(i));
	return numbers;
}

static json_t *evidence_json(const struct finding *finding)
{
	json_t *list = json_array();

	for (size_t i = 0; i < finding->n_evidence; i++) {
		json_t *item = json_object();

		json_put(item, "source", json_text(finding->evidence[i].source));
		json_put(item, "value", json_text(finding->evidence[i].value));
		json_array_append_new(list, item);
	}
	return list;
}

static json_t *finding_json(const struct finding *finding, enum findings_of command)
{
	json_t *object = json_object(), *entries = json_array();

	for (size_t i = 0; i < finding->n_entries; i++)
		json_array_append_new(entries, json_count(finding->entries[i]));
	json_put(object, "rule", json_text(finding->rule->name));
	json_put(object, "severity", json_text(severity_name(finding->severity)));
	json_put(object, "outcome", json_text(outcome_name(finding->outcome)));
	json_put(object, "certainty", json_text(certainty_name(finding->certainty)));
	if (command == OF_VERIFY)
		json_put(object, "answers", numbers_json(finding));
	json_put(object, "entries", entries);
	json_put(object, "message", json_text(finding->message));
	if (command == OF_COMPARE) {
		json_put(object, "first", json_text_or_null(finding->first));
		json_put(object, "second", json_text_or_null(finding->second));
	}
	json_put(object, "evidence", evidence_json(finding));
	return object;
}

static json_t *findings_json(const struct report *report, enum findings_of command)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->n_findings; i++)
		json_array_append_new(list, finding_json(&report->findings[i], command));
	return list;
}

static json_t *counts_json(const struct report *report)
{
	json_t *object = json_object();

	json_put(object, "error", json_count(report->counts[EFIMAP_ERROR]));
	json_put(object, "warning", json_count(report->counts[EFIMAP_WARNING]));
	json_put(object, "note", json_count(report->counts[EFIMAP_NOTE]));
	return object;
}

/* Add the answer of compare or received, and its outcome. */
static void put_answer(json_t *object, const struct report *report)
{
	json_t *unseen = json_array();

	if (*report->unchecked)
		json_array_append_new(unseen, json_text(report->unchecked));
	json_put(object, "outcome", json_text(outcome_name(report->outcome)));
	json_put(object, "certainty", json_text(certainty_name(report->certainty)));
	json_put(object, "answer", json_text(report->answer));
	json_put(object, "unseen", unseen);
}

static json_t *kernel_of_answer(const struct answer *answer)
{
	static const char *const names[] = { "running", "newest", "configured", "given",
					     "assumed" };
	json_t *object = json_object(), *roles = json_array();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (answer->load.roles >> i & 1)
			json_array_append_new(roles, json_text(names[i]));
	json_put(object, "release", json_text_or_null(answer->kernel.release));
	json_put(object, "image", json_text_or_null(answer->kernel.image));
	json_put(object, "roles", roles);
	return object;
}

static json_t *line_json(const struct form_line *line)
{
	json_t *object = json_object();

	json_put(object, "label", json_text(form_label_name(line->label)));
	json_put(object, "text", json_text(line->text));
	if (line->rule && *line->rule)
		json_put(object, "rule", json_text(line->rule));
	if (line->n_more)
		json_put(object, "more", json_count(line->n_more));
	json_put(object, "command", json_boolean(line->is_command));
	return object;
}

static json_t *lacking_json(const struct lacking *lacking)
{
	json_t *object = json_object();

	json_put(object, "source", json_text(lacking->source));
	json_put(object, "reason", json_text(lacking_reason_name(lacking->reason)));
	return object;
}

static json_t *advice_json(const struct advice *advice)
{
	json_t *object;

	if (!has_advice(*advice))
		return json_null();
	object = json_object();
	json_put(object, "command", json_text_or_null(advice->command));
	json_put(object, "text",
		 json_text(advice->text ? advice->text : "Run efimapctl verify on the machine"));
	json_put(object, "then", json_text_or_null(advice->then));
	return object;
}

static json_t *segment_json(const struct load_segment *segment)
{
	json_t *object = json_object();

	json_put(object, "what", json_text(segment_kind_name(segment->kind)));
	json_put(object, "start", json_hex(segment->start));
	if (segment->start_max != segment->start)
		json_put(object, "start_max", json_hex(segment->start_max));
	json_put(object, "end", json_hex(segment->end));
	return object;
}

static json_t *reason_json(const struct finding *reason)
{
	json_t *object = json_object();

	json_put(object, "rule", json_text(reason->rule->name));
	json_put(object, "outcome", json_text(outcome_name(reason->outcome)));
	json_put(object, "certainty", json_text(certainty_name(reason->certainty)));
	json_put(object, "text", json_text(finding_why(reason)));
	return object;
}

/* Return the certainty of an answer, or NULL if the answer certainly has no effect. */
static const char *certainty_of_answer(const struct answer *answer)
{
	const enum certainty certainty = effects_certainty(answer->range);

	if (!answer->is_judged)
		return certainty_name(EFIMAP_UNKNOWN);
	return certainty == EFIMAP_CERTAIN && effects_outcome(answer->range) == EFIMAP_OUTCOME_NONE
		       ? NULL
		       : certainty_name(certainty);
}

static json_t *answer_json(const struct answer *answer)
{
	json_t *object = json_object(), *lines = json_array(), *lacking = json_array();
	json_t *segments = json_array(), *reasons = json_array();

	for (size_t i = 0; i < answer->form.n_lines; i++)
		json_array_append_new(lines, line_json(&answer->form.lines[i]));
	for (size_t i = 0; i < answer->n_lacking; i++)
		json_array_append_new(lacking, lacking_json(&answer->lacking[i]));
	for (size_t i = 0; i < answer->load.placement.count; i++)
		json_array_append_new(segments, segment_json(&answer->load.placement.segments[i]));
	for (size_t i = 0; i < answer->n_reasons; i++)
		json_array_append_new(reasons, reason_json(&answer->reasons[i]));
	json_put(object, "question", json_text(question_name(answer->load.question)));
	json_put(object, "word", json_text(word_name(answer->word)));
	json_put(object, "severity", json_text(word_severity_name(word_severity(answer->word))));
	json_put(object, "counts", json_boolean(answer->counts));
	json_put(object, "sentence", json_text(answer->form.sentence));
	if (answer->load.question == EFIMAP_QUESTION_KDUMP)
		json_put(object, "state", json_text(kdump_state_name(answer->state)));
	json_put(object, "kernel", kernel_of_answer(answer));
	json_put(object, "loader", json_text(loader_option_name(answer->load.loader)));
	json_put(object, "lines", lines);
	json_put(object, "lacking", lacking);
	json_put(object, "advice", advice_json(&answer->advice));
	json_put(object, "segments", segments);
	json_put(
		object, "outcome",
		json_text(answer->is_judged ? outcome_name(effects_outcome(answer->range)) : NULL));
	json_put(object, "certainty", json_text(certainty_of_answer(answer)));
	json_put(object, "reasons", reasons);
	return object;
}

static json_t *machine_json(const struct report_machine *machine)
{
	json_t *object = json_object();

	json_put(object, "firmware", json_text(machine->firmware));
	json_put(object, "secure_boot", json_text(machine->secure_boot));
	json_put(object, "lockdown", json_text(machine->lockdown));
	json_put(object, "booted_by", json_text(machine->booted_by));
	json_put(object, "kernel", json_text_or_null(machine->kernel));
	return object;
}

/* Return the worst word of each question. */
static json_t *words_json(const struct report *report)
{
	json_t *object = json_object();

	for (unsigned int i = EFIMAP_QUESTION_KEXEC; i <= EFIMAP_QUESTION_KDUMP; i++)
		if (report->words[i] < EFIMAP_WORD_COUNT)
			json_put(object, question_name(i), json_text(word_name(report->words[i])));
	return object;
}

void report_write_json(const struct report *report, const char *source, bool compact,
		       struct out *out)
{
	const char *reason = reason_of_report(report);
	json_t *document = json_document("efimap-report", 2, source), *answers = json_array();

	for (size_t i = 0; i < report->n_answers; i++)
		json_array_append_new(answers, answer_json(&report->answers[i]));
	json_put(document, "verdict", json_text(verdict_name(report_verdict(report))));
	if (*reason)
		json_put(document, "reason", json_text(reason));
	json_put(document, "machine", machine_json(&report->machine));
	json_put(document, "words", words_json(report));
	json_put(document, "answers", answers);
	json_put(document, "counts", counts_json(report));
	json_put(document, "findings", findings_json(report, OF_VERIFY));
	json_write(document, compact, out);
}

/* Return the number of entries of both maps for each mark. */
static json_t *marks_json(const struct comparison *comparison)
{
	static const char *const names[] = {
		[EFIMAP_MARK_SAME] = "same",   [EFIMAP_MARK_EXPECTED] = "expected",
		[EFIMAP_MARK_DRIFT] = "drift", [EFIMAP_MARK_LOST] = "lost",
		[EFIMAP_MARK_EXTRA] = "extra",
	};
	uint64_t counts[EFIMAP_MARK_EXTRA + 1] = { 0 };
	json_t *object = json_object();

	for (size_t i = 0; i < comparison->n_matches; i++)
		counts[comparison->matches[i].mark]++;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		json_put(object, names[i], json_count(counts[i]));
	return object;
}

void comparison_write_json(const char *first, const char *second,
			   const struct comparison *comparison, bool compact, struct out *out)
{
	const struct report *report = comparison->report;
	const char *reason = reason_of_report(report);
	json_t *document = json_document("efimap-comparison", 1, second);

	put_answer(document, report);
	json_put(document, "first", json_text(first));
	json_put(document, "second", json_text(second));
	json_put(document, "verdict", json_text(verdict_name(comparison->verdict)));
	if (*reason)
		json_put(document, "reason", json_text(reason));
	json_put(document, "loader", json_text(loaded_by_name(comparison->loaded_by)));
	json_put(document, "relation", json_text(relation_name(comparison->relation)));
	json_put(document, "counts", counts_json(report));
	json_put(document, "entries", marks_json(comparison));
	json_put(document, "findings", findings_json(report, OF_COMPARE));
	json_write(document, compact, out);
}

static json_t *cause_json(const struct cause *cause)
{
	json_t *object = json_object();

	json_put(object, "cause", json_text(cause->name));
	json_put(object, "certainty", json_text(cause_certainty_name(cause->certainty)));
	json_put(object, "why", json_text(cause->why));
	json_put(object, "how_to_check", json_text(cause->how_to_check));
	json_put(object, "fix", json_text(cause->fix));
	return object;
}

static json_t *payload_json(const struct efi_payload *payload)
{
	json_t *object = json_object();

	json_put(object, "fw_vendor", json_hex(payload->fw_vendor));
	json_put(object, "runtime", json_hex(payload->runtime));
	json_put(object, "tables", json_hex(payload->tables));
	json_put(object, "smbios", json_hex(payload->smbios));
	return object;
}

static json_t *info_json(const struct efi_info *info)
{
	json_t *object = json_object();

	json_put(object, "signature", json_text(info->signature));
	json_put(object, "systab", json_hex(info->systab));
	json_put(object, "desc_size", json_hex(info->desc_size));
	json_put(object, "desc_version", json_count(info->desc_version));
	json_put(object, "memmap", json_hex(info->memmap));
	json_put(object, "memmap_size", json_hex(info->memmap_size));
	return object;
}

void received_write_json(const struct received *received, const char *source, struct out *out)
{
	const struct report *report = received->report;
	json_t *document = json_document("efimap-received", 1, source);
	json_t *causes = json_array();

	for (size_t i = 0; i < received->n_causes; i++)
		json_array_append_new(causes, cause_json(&received->causes[i]));
	put_answer(document, report);
	json_put(document, "verdict", json_text(verdict_name(received->verdict)));
	json_put(document, "reason", json_text(received->reason));
	json_put(document, "sources",
		 json_text(report->missed == EFIMAP_VERDICT_PASS ? "complete"
								 : verdict_name(report->missed)));
	if (*report->reason)
		json_put(document, "not_read", json_text(report->reason));
	json_put(document, "loader", json_text(loaded_by_name(received->loaded_by)));
	json_put(document, "causes", causes);
	json_put(document, "payload",
		 received->has_payload ? payload_json(&received->payload) : json_null());
	json_put(document, "efi_info",
		 received->has_info ? info_json(&received->info) : json_null());
	json_put(document, "counts", counts_json(report));
	json_put(document, "findings", findings_json(report, OF_RECEIVED));
	json_write(document, false, out);
}
