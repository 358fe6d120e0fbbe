/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search a text for messages. tools/rules.py generates the message tables from errors.texts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "rules/error_texts.h"

/* Minimum length of a text that is searched for. Shorter texts match too many messages. */
#define MIN_PART 8
/* Shorter words, such as "of" and "the", do not show that two texts are similar. */
#define MIN_WORD 4
/* Shorter kernel messages without a module, such as "Could not allocate", are ambiguous. */
#define MIN_WITHOUT_MODULE 20
#define GAP "..."

/*
 * struct messages - all messages in normal form
 * @text:  the messages, each terminated by a NUL
 * @n:     number of messages. The messages of efimap_error_texts precede the messages of rules.
 * @which: for each message, its index in efimap_error_texts, or efimap_n_error_texts plus its rule
 * @shortest: length of the shortest message
 */
struct messages {
	struct efimap_out text;
	size_t *which;
	size_t n;
	size_t capacity;
	size_t shortest;
};

static void messages_free(struct messages *messages)
{
	efimap_out_free(&messages->text);
	free(messages->which);
}

static bool is_word_char(char c)
{
	return efimap_text_is_one_of(c, EFIMAP_LETTERS EFIMAP_DIGITS "_");
}

/*
 * Append a line in lower case, with "#" for each number, and with one blank for each sequence of
 * blanks and control characters. All copies of a message have the same normal form.
 */
static void put_normal(struct efimap_out *out, struct efimap_text line)
{
	char before = ' ';

	while (line.len) {
		char c = line.at[0];
		size_t used = 1;

		if ((unsigned char)c <= ' ' || c == '\x7f') {
			c = ' ';
		} else if (c >= '0' && c <= '9' && !is_word_char(before)) {
			used = efimap_text_span(line, EFIMAP_HEX_DIGITS "xX");
			c = '#';
		} else if (c >= 'A' && c <= 'Z') {
			c = (char)(c - 'A' + 'a');
		}
		if (c != ' ' || before != ' ')
			efimap_out_putc(out, c);
		before = c;
		efimap_text_skip(&line, used);
	}
}

/* Remove blanks, full stops and a gap from the end of a message, because logs may lack them. */
static struct efimap_text trim_end(struct efimap_text text)
{
	while (text.len && efimap_text_is_one_of(text.at[text.len - 1], " ."))
		text.len--;
	return text;
}

static int add_message(struct messages *messages, struct efimap_text message, size_t which)
{
	const size_t before = messages->text.used;
	size_t len;

	put_normal(&messages->text, trim_end(message));
	len = messages->text.used - before;
	if (!messages->n || len < messages->shortest)
		messages->shortest = len;
	efimap_out_putc(&messages->text, '\0');
	return efimap_array_append(&messages->which, &messages->n, &messages->capacity, &which,
				   sizeof(which));
}

static int add_messages(struct messages *messages)
{
	int ret = 0;

	for (size_t i = 0; i < efimap_n_error_texts; i++) {
		const char *at = efimap_error_texts[i].messages;

		for (size_t next; *at && !ret; at += next)
			ret = add_message(messages,
					  (struct efimap_text){
						  at, efimap_text_line(at, strlen(at), &next) },
					  i);
	}
	for (size_t i = 0; i < efimap_n_message_prefixes && !ret; i++) {
		const char *words = efimap_message_prefix[i].words;

		ret = add_message(messages, (struct efimap_text){ words, strlen(words) },
				  efimap_n_error_texts + efimap_message_prefix[i].rule);
	}
	return ret ? ret : messages->text.error;
}

/* Return the position of @part, or NULL. The first part of a message must begin a word. */
static const char *find_part(struct efimap_text line, const char *part, size_t len, bool is_first)
{
	const char *from = line.at, *end;

	/* If the line is empty, line.at may be NULL, and must not be used in a computation. */
	if (line.len < len)
		return NULL;
	end = line.at + line.len;
	while ((from = memmem(from, (size_t)(end - from), part, len))) {
		if (!is_first || from == line.at || !is_word_char(from[-1]))
			return from;
		from++;
	}
	return NULL;
}

static bool contains_message(struct efimap_text line, const char *message)
{
	for (bool is_first = true; *message; is_first = false) {
		const char *gap = strstr(message, GAP);
		const size_t len = gap ? (size_t)(gap - message) : strlen(message);
		const char *found = find_part(line, message, len, is_first);

		if (!found)
			return false;
		efimap_text_skip(&line, (size_t)(found - line.at) + len);
		message += gap ? len + strlen(GAP) : len;
	}
	return true;
}

static void add_found(struct efimap_known_messages *found, size_t which)
{
	bool *is_found = which < efimap_n_error_texts ?
				 &found->texts[which] :
				 &found->rules[which - efimap_n_error_texts];

	found->count += !*is_found;
	*is_found = true;
}

static int search_lines(const struct messages *messages, struct efimap_text text,
			struct efimap_known_messages *found)
{
	efimap_auto_out struct efimap_out normal = EFIMAP_OUT_MEM;

	for (size_t next; text.len && !normal.error; efimap_text_skip(&text, next)) {
		const size_t line_len = efimap_text_line(text.at, text.len, &next);
		const char *message = messages->text.data;
		size_t longest = 0, which = 0;

		normal.used = 0;
		put_normal(&normal, (struct efimap_text){ text.at, line_len });
		if (normal.used < messages->shortest)
			continue;
		for (size_t i = 0; i < messages->n; i++, message += strlen(message) + 1) {
			const struct efimap_text line = { normal.data, normal.used };
			const size_t len = strlen(message);

			/* Messages with causes come first and take precedence. */
			if (longest && messages->which[i] >= efimap_n_error_texts &&
			    which < efimap_n_error_texts)
				break;
			if (len <= longest || !contains_message(line, message))
				continue;
			longest = len;
			which = messages->which[i];
		}
		if (longest)
			add_found(found, which);
	}
	return normal.error;
}

/* Return whether a text begins with the part of a message after its module, such as "efi: ". */
static bool begins_without_module(struct efimap_text text, const char *message)
{
	const size_t module = strcspn(message, ": ");

	if (strncmp(message + module, ": ", 2) != 0)
		return false;
	message += module + 2;
	return strlen(message) >= MIN_WITHOUT_MODULE && efimap_text_begins(text, message);
}

/* Find both kinds of messages that efimap_find_messages() describes for a part of a message. */
static int search_part(const struct messages *messages, struct efimap_text text,
		       struct efimap_known_messages *found)
{
	efimap_auto_out struct efimap_out normal = EFIMAP_OUT_MEM;
	const char *message = messages->text.data;
	struct efimap_text part;

	put_normal(&normal, text);
	part = trim_end((struct efimap_text){ normal.data, normal.used });
	if (normal.error || part.len < MIN_PART)
		return normal.error;
	for (size_t i = 0; i < messages->n; i++, message += strlen(message) + 1)
		if (find_part((struct efimap_text){ message, strlen(message) }, part.at, part.len,
			      true) ||
		    (messages->which[i] >= efimap_n_error_texts &&
		     begins_without_module(part, message)))
			add_found(found, messages->which[i]);
	return 0;
}

int efimap_find_messages(const char *text, size_t len, struct efimap_known_messages *ret_found)
{
	__attribute__((cleanup(messages_free))) struct messages messages = {
		.text = EFIMAP_OUT_MEM
	};
	const struct efimap_text all = { text, len };
	int ret = add_messages(&messages);

	*ret_found = (struct efimap_known_messages){ 0 };
	if (ret)
		return ret;
	ret_found->texts = efimap_array_new(efimap_n_error_texts, sizeof(*ret_found->texts));
	if (!ret_found->texts)
		return -ENOMEM;
	ret = search_lines(&messages, all, ret_found);
	if (!ret && ret_found->count == 0)
		ret = search_part(&messages, all, ret_found);
	return ret;
}

/* Return the number of characters in the words that a message and a text have in common. */
static size_t count_shared(const char *message, struct efimap_text text)
{
	size_t shared = 0;

	while (*message) {
		const size_t len = strspn(message, EFIMAP_LETTERS EFIMAP_DIGITS "_");
		const char *found = len < MIN_WORD ? NULL : find_part(text, message, len, true);

		if (found && (found + len == text.at + text.len || !is_word_char(found[len])))
			shared += len;
		message += len ? len : 1;
	}
	return shared;
}

int efimap_closest_message(const char *text, size_t len, const struct efimap_error_text **ret_text)
{
	__attribute__((cleanup(messages_free))) struct messages messages = {
		.text = EFIMAP_OUT_MEM
	};
	efimap_auto_out struct efimap_out normal = EFIMAP_OUT_MEM;
	size_t most = 0;
	const char *message;
	int ret = add_messages(&messages);

	*ret_text = NULL;
	put_normal(&normal, (struct efimap_text){ text, len });
	if (ret || normal.error)
		return ret ? ret : normal.error;
	message = messages.text.data;
	for (size_t i = 0; i < messages.n; i++, message += strlen(message) + 1) {
		const size_t shared =
			count_shared(message, (struct efimap_text){ normal.data, normal.used });

		if (shared <= most || messages.which[i] >= efimap_n_error_texts)
			continue;
		most = shared;
		*ret_text = &efimap_error_texts[messages.which[i]];
	}
	return 0;
}

const struct efimap_finding *
efimap_error_cause_finding(const struct efimap_error_cause *cause,
			   const struct efimap_report *report)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		for (size_t j = 0; j < cause->n_rules; j++)
			if (finding->rule->id == cause->rules[j].rule &&
			    (cause->rules[j].variant < 0 ||
			     cause->rules[j].variant == finding->variant))
				return finding;
	}
	return NULL;
}
