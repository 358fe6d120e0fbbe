/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* List rules and topics, explain a rule, a topic or a message, or write rules as JSON. */
#include <limits.h>
#include <string.h>

#include "answer/words.h"
#include "base/escape_text.h"
#include "document/json_values.h"
#include "show/explain.h"
#include "show/form_output.h"
#include "show/text_style.h"

#define DEFAULT_WIDTH 80
#define INDENT 4
/* Below MIN_WIDTH, most lines would have only one word. Above MAX_WIDTH, lines are hard to read. */
#define MIN_WIDTH 30
#define MAX_WIDTH 90
/* Column of the names in a list, after "  warning  ". */
#define NAME_COLUMN 11

static size_t first_sentence(const char *text)
{
	const char *stop = strstr(text, ". ");
	size_t len;

	/* "..." does not end a sentence. */
	while (stop && stop > text && stop[-1] == '.')
		stop = strstr(stop + 1, ". ");
	len = stop ? (size_t)(stop - text) : strlen(text);
	while (len && text[len - 1] == '.')
		len--;
	return len;
}

/* Write a name and the first sentence of @text, on two lines if the terminal is narrow. */
static void put_tests(const char *name, const char *text, unsigned int name_width,
		      unsigned int width, struct out *out)
{
	unsigned int column = NAME_COLUMN + name_width + 2;

	if (width && width < column + MIN_WIDTH) {
		column = NAME_COLUMN + 2;
		out_printf(out, "%s\n%*s", name, (int)column, "");
	} else {
		out_printf(out, "%-*s  ", (int)name_width, name);
	}
	text_flow(out, text, first_sentence(text), column, column, width ? width : UINT_MAX);
}

static void put_heading(const char *heading, bool color, unsigned int width, struct out *out)
{
	auto_out struct out lines = EFIMAP_OUT_MEM;

	text_flow(&lines, heading, strlen(heading), 0, 2, width ? width : UINT_MAX);
	style_begin(out, color, STYLE_HEADING);
	out_write(out, lines.data, lines.used - 1);
	style_end(out, color);
	out_putc(out, '\n');
}

static const char *topic_heading(const char *kind)
{
	static const char *const headings[][2] = {
		{ "word", "Words of answers" },
		{ "label", "Labels of lines" },
		{ "outcome", "What the next kernel will do" },
		{ "cause", "Why EFI data was not passed (efimapctl received)" },
	};

	for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++)
		if (strcmp(headings[i][0], kind) == 0)
			return headings[i][1];
	return kind;
}

void explain_list(bool color, unsigned int width, struct out *out)
{
	size_t longest = 0;
	const char *kind = "";

	for (const struct topic *topic = topic_table; topic->name; topic++)
		if (strlen(topic->name) > longest)
			longest = strlen(topic->name);
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		if (strlen(rule_table[i].name) > longest)
			longest = strlen(rule_table[i].name);
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		const struct rule *rule = &rule_table[i];
		const struct rule_group *family = &rule_groups[rule->family];

		if (i == 0 || rule[-1].family != rule->family) {
			auto_out struct out title = EFIMAP_OUT_MEM;

			out_puts(out, i ? "\n" : "");
			out_puts(&title, family->title);
			/* The shell completions parse this heading. */
			if (strcmp(family->command, "verify") != 0)
				out_printf(&title, " (%s)", family->command);
			put_heading(out_text(&title), color, width, out);
		}
		out_puts(out, "  ");
		style_severity(out, color, rule->severity);
		out_printf(out, "%*s  ",
			   (int)(strlen("warning") - strlen(severity_name(rule->severity))), "");
		put_tests(rule->name, rule_explains(rule, RULE_TESTS), (unsigned int)longest, width,
			  out);
	}
	for (const struct topic *topic = topic_table; topic->name; topic++) {
		if (strcmp(topic->kind, kind) != 0) {
			out_putc(out, '\n');
			put_heading(topic_heading(topic->kind), color, width, out);
		}
		kind = topic->kind;
		out_printf(out, "  %-7s  ", kind);
		put_tests(topic->name, topic->means, (unsigned int)longest, width, out);
	}
	out_putc(out, '\n');
	put_heading("Messages", color, width, out);
	for (size_t i = 0; i < n_error_texts; i++) {
		const char *wordings = error_words_at(error_texts[i].messages);

		out_puts(out, "  message  ");
		text_flow(out, wordings, strcspn(wordings, "\n"), NAME_COLUMN, NAME_COLUMN + 2,
			  width ? width : UINT_MAX);
	}
}

/* Write a section. Nothing is written if @text is empty. */
static void put_section(const char *heading, const char *text, bool color, unsigned int width,
			struct out *out)
{
	if (!*text)
		return;
	out_putc(out, '\n');
	put_heading(heading, color, width, out);
	text_paragraphs(out, text, INDENT, width);
}

/* The sections of a rule's explanation. @is_source: the section contains sources of the others. */
static const struct explain_section {
	const char *heading;
	enum rule_text text;
	bool is_source;
} explain_sections[] = {
	{ "What it means", RULE_TESTS, false },
	{ "What to do", RULE_FIX, false },
	{ "Why", RULE_BACKGROUND, false },
	{ "What can happen in the next kernel", RULE_BREAKS, false },
	{ "Exceptions", RULE_EXCEPTIONS, false },
	{ "Seen", RULE_EXPERIMENT, true },
	{ "Source", RULE_SOURCE, true },
	{ NULL, RULE_ROWS, true },
};

static unsigned int text_width(unsigned int width)
{
	if (width == 0)
		return DEFAULT_WIDTH;
	if (width < MIN_WIDTH)
		return MIN_WIDTH;
	return width < MAX_WIDTH ? width : MAX_WIDTH;
}

/* What follows from the severity of a word of an answer that counts */
static const char *const severity_texts[] = {
	[EFIMAP_WORD_IS_OK] = "ok. The exit status is 0.",
	[EFIMAP_WORD_IS_WARNING] =
		"warning. The exit status is 0, and check_efimap prints WARNING.",
	[EFIMAP_WORD_IS_ERROR] = "error. The exit status is 1, and check_efimap prints CRITICAL.",
	[EFIMAP_WORD_IS_UNKNOWN] =
		"unknown. The exit status is 4, and check_efimap prints UNKNOWN.",
};

void explain_topic(const struct topic *topic, bool color, unsigned int width, struct out *out)
{
	width = text_width(width);
	style_text(out, color, STYLE_HEADING, topic->name);
	out_putc(out, '\n');
	put_section("What it means", topic->means, color, width, out);
	for (unsigned int word = 0; word < EFIMAP_WORD_COUNT; word++)
		if (strcmp(word_name(word), topic->name) == 0)
			put_section("Severity", severity_texts[word_severity(word)], color, width,
				    out);
	put_section("What to do", topic->fix, color, width, out);
}

static void put_message(const struct known_message *message, const struct text_options *options,
			struct out *out)
{
	const struct error_text *text = message->text;
	struct arena arena = { NULL };
	char quote[EFIMAP_LOG_QUOTE_MAX];
	struct form form = { 0 };

	quote_line(quote, message->line);
	form.head = arena_printf(&arena, "\"%s\"", quote);
	form_say(&form, &arena, EFIMAP_LABEL_MEANS, error_words_at(text->means));
	form_say(&form, &arena, EFIMAP_LABEL_WHEN,
		 arena_printf(&arena, "%s%s %s (x86, Linux since 5.10): %s.",
			      error_words_at(text->when),
			      text->is_harmless ? " Healthy machines may print it, too." : "",
			      text->place == EFIMAP_PLACE_NONE ? "Source" : "Functions",
			      error_words_at(text->printed_by)));
	form_say(&form, &arena, EFIMAP_LABEL_CHECK,
		 arena_printf(&arena, "%s.", error_words_at(text->check)));
	form_write_text(&form, options, out);
	arena_free(&arena);
}

void explain_messages(const struct known_message *messages, size_t count,
		      const struct text_options *options, struct out *out)
{
	struct text_options how = *options;

	how.width = text_width(options->width);
	for (size_t i = 0; i < count; i++)
		put_message(&messages[i], &how, out);
}

void explain_rule(const struct rule *rule, bool verbose, bool color, unsigned int width,
		  struct out *out)
{
	const char *rows = rule_explains(rule, RULE_ROWS);
	auto_out struct out worst = EFIMAP_OUT_MEM;

	width = text_width(width);
	style_text(out, color, STYLE_HEADING, rule->name);
	out_putc(out, '\n');
	for (const struct explain_section *section = explain_sections; section->heading; section++)
		if (verbose || !section->is_source)
			put_section(section->heading, rule_explains(rule, section->text), color,
				    width, out);
	if (!verbose)
		return;
	out_printf(&worst, "%s; outcome: %s", severity_name(rule->severity),
		   outcome_name(rule->outcome));
	put_section("At worst", out_text(&worst), color, width, out);
	put_section("Tested in QEMU: rows of docs/fault-matrix.md in the source tree", rows, color,
		    width, out);
}

static json_t *rule_json(const struct rule *rule)
{
	static const struct {
		const char *key;
		enum rule_text text;
	} sections[] = {
		{ "tests", RULE_TESTS },   { "why", RULE_BACKGROUND },
		{ "breaks", RULE_BREAKS }, { "exceptions", RULE_EXCEPTIONS },
		{ "fix", RULE_FIX },	   { "experiment", RULE_EXPERIMENT },
		{ "origin", RULE_SOURCE },
	};
	json_t *object = json_object(), *needs = json_array();

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		if (rule->needs & EFIMAP_NEEDS(i))
			json_array_append_new(needs, json_text(path_of_source(i)));
	json_put(object, "rule", json_text(rule->name));
	json_put(object, "family", json_text(rule_groups[rule->family].name));
	json_put(object, "command", json_text(rule_groups[rule->family].command));
	json_put(object, "severity", json_text(severity_name(rule->severity)));
	json_put(object, "outcome", json_text(outcome_name(rule->outcome)));
	json_put(object, "needs", needs);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		json_put(object, sections[i].key, json_text(rule_explains(rule, sections[i].text)));
	return object;
}

static json_t *message_json(const struct error_text *text)
{
	json_t *object = json_object();

	json_put(object, "message", json_text(error_words_at(text->messages)));
	json_put(object, "printed_by", json_text(error_words_at(text->printed_by)));
	json_put(object, "means", json_text(error_words_at(text->means)));
	json_put(object, "when", json_text(error_words_at(text->when)));
	json_put(object, "healthy", json_boolean(text->is_harmless));
	json_put(object, "check", json_text(error_words_at(text->check)));
	return object;
}

void explained_write_json(const struct explained *explained, struct out *out)
{
	json_t *document = json_document("efimap-rules", 1, "rules");
	json_t *rules = json_array(), *messages = json_array();

	for (unsigned int i = 0; i < EFIMAP_RULE_COUNT; i++)
		if (!explained->chosen || explained->chosen[i])
			json_array_append_new(rules, rule_json(rule_get((enum rule_id)i)));
	for (size_t i = 0; i < explained->n_messages; i++)
		json_array_append_new(messages, message_json(explained->messages[i].text));
	json_put(document, "rules", rules);
	json_put(document, "messages", messages);
	json_write(document, false, out);
}
