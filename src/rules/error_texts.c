/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search a text for messages. tools/rules.py generates the message tables from errors.texts. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/enum_name.h"
#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "infer/booted_by.h"
#include "infer/linux_changes.h"
#include "rules/error_texts.h"

/* Minimum length of a text that is searched for. Shorter texts match too many messages. */
#define MIN_PART 8
/* Shorter words, such as "of" and "the", do not show that two texts are similar. */
#define MIN_WORD 4
/* Longer texts are logs or the output of a program. They resemble no message. */
#define MAX_SIMILAR 400
/* Shorter kernel messages without a module, such as "Could not allocate", are ambiguous. */
#define MIN_WITHOUT_MODULE 20
#define GAP "..."
/* The beginning of the first line of a kernel log, in lower case; the release follows. */
#define LINUX_VERSION "linux version "

/* Number of characters at the start of a message that determine its list; a power of 2 of lists. */
#define KEY_LEN 3
#define N_LISTS 1024U

/*
 * struct message - a message in normal form
 * @at:    offset in the text of all messages
 * @which: index in error_texts, or n_error_texts plus the rule
 * @next:  the next message whose start has the same hash, as an index plus 1; 0 if there is none
 * @absent_in: number of the last line in which the parts after the first gap were not found. The
 *         message then begins nowhere in the rest of the line.
 */
struct message {
	size_t at;
	size_t len;
	size_t which;
	size_t next;
	size_t absent_in;
};

/*
 * struct messages - all messages in normal form
 * @text:  the messages, each terminated by a NUL
 * @list:  the messages. Those of error_texts precede those of rules.
 * @first: for each hash of a start, the first message, as an index plus 1, or 0
 * @line:  number of the line that is being searched
 */
struct messages {
	struct out text;
	struct message *list;
	size_t n;
	size_t capacity;
	size_t first[N_LISTS];
	size_t line;
};

#define NOT_FOUND SIZE_MAX

static void messages_free(struct messages *messages)
{
	out_free(&messages->text);
	free(messages->list);
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* Return the length of a number, such as "1024", "0x1f000" or "7f3c". */
static size_t number_len(struct text text)
{
	size_t len = 0;

	while (len < text.len && ((text.at[len] >= '0' && text.at[len] <= '9') ||
				  ((text.at[len] | 0x20) >= 'a' && (text.at[len] | 0x20) <= 'f') ||
				  (text.at[len] | 0x20) == 'x'))
		len++;
	return len;
}

/*
 * Return the length of a quotation mark at the start of @text, or 0. Programs print the quotation
 * marks of the language of the user, and mail programs replace them.
 */
static size_t quote_len(struct text text)
{
	static const char *const quotes[] = { "'",	"\"",	  "`",	    "\u2018", "\u2019",
					      "\u201a", "\u201c", "\u201d", "\u201e", "\u00ab",
					      "\u00bb", "\u2039", "\u203a" };

	for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++)
		if (text_begins(text, quotes[i]))
			return strlen(quotes[i]);
	return 0;
}

/*
 * Append a line in lower case, with "'" for each quotation mark, "#" for each number, "0x#" for
 * each number that begins with "0x", and one blank for each sequence of blanks and control
 * characters. All copies of a message have the same normal form. The number after "(-" is an errno,
 * and is kept.
 */
static void put_normal(struct out *out, struct text line)
{
	char before = ' ', two_before = ' ';

	while (line.len) {
		char c = line.at[0];
		size_t used = quote_len(line);
		bool is_hex = false;

		if (used)
			c = '\'';
		else
			used = 1;
		if ((unsigned char)c <= ' ' || c == '\x7f') {
			c = ' ';
		} else if (c >= '0' && c <= '9' && !is_word_char(before) &&
			   !(before == '-' && two_before == '(')) {
			used = number_len(line);
			is_hex = used > 1 && c == '0' && (line.at[1] | 0x20) == 'x';
			c = '#';
		} else if (c >= 'A' && c <= 'Z') {
			c = (char)(c - 'A' + 'a');
		}
		if (is_hex)
			out_puts(out, "0x");
		if (c != ' ' || before != ' ')
			out_putc(out, c);
		two_before = before;
		before = c;
		text_skip(&line, used);
	}
}

/* Remove blanks, full stops and a gap from the end of a message, because logs may lack them. */
static struct text trim_end(struct text text)
{
	while (text.len && text_is_one_of(text.at[text.len - 1], " ."))
		text.len--;
	return text;
}

static size_t hash_of(const char *start)
{
	const unsigned char *at = (const unsigned char *)start;

	return (at[0] + at[1] * 31U + at[2] * 961U) % N_LISTS;
}

static void add_message(struct messages *messages, struct text message, size_t which)
{
	struct message added = { .at = messages->text.used, .which = which };

	put_normal(&messages->text, trim_end(message));
	added.len = messages->text.used - added.at;
	out_putc(&messages->text, '\0');
	array_append(&messages->list, &messages->n, &messages->capacity, &added, sizeof(added));
}

static const char *normal_form(const struct messages *messages, size_t index)
{
	return messages->text.data + messages->list[index].at;
}

static void add_messages(struct messages *messages)
{
	for (size_t i = 0; i < n_error_texts; i++) {
		const char *at = error_texts[i].messages;

		for (size_t next; *at; at += next)
			add_message(messages, (struct text){ at, text_line(at, strlen(at), &next) },
				    i);
	}
	for (size_t i = 0; i < n_message_prefixes; i++) {
		const char *words = message_prefix[i].words;

		add_message(messages, (struct text){ words, strlen(words) },
			    n_error_texts + message_prefix[i].rule);
	}
	for (size_t i = messages->n; i-- > 0;) {
		size_t *first = &messages->first[hash_of(normal_form(messages, i))];

		messages->list[i].next = *first;
		*first = i + 1;
	}
}

/* Return the position of @part, or NULL. The first part of a message must begin a word. */
static const char *find_part(struct text line, const char *part, size_t len, bool is_first)
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

/*
 * Return whether a line begins with the first part of a message, and its other parts follow. Set
 * @ret_lacks_part if another part does not follow.
 */
static bool begins_with_message(struct text line, const char *message, bool *ret_lacks_part)
{
	for (bool is_first = true; *message; is_first = false) {
		const char *gap = strstr(message, GAP);
		const size_t len = gap ? (size_t)(gap - message) : strlen(message);
		const char *found;

		if (is_first)
			found = len <= line.len && memcmp(line.at, message, len) == 0 ? line.at
										      : NULL;
		else
			found = find_part(line, message, len, false);
		if (!found) {
			*ret_lacks_part = !is_first;
			return false;
		}
		text_skip(&line, (size_t)(found - line.at) + len);
		message += gap ? len + strlen(GAP) : len;
	}
	return true;
}

/* Return the message in a line in normal form. Messages with causes precede messages of rules. */
static size_t find_in_line(struct messages *messages, struct text line)
{
	size_t longest = 0, which = NOT_FOUND;
	char before = ' ';

	messages->line++;

	for (; line.len >= KEY_LEN; before = line.at[0], text_skip(&line, 1)) {
		if (is_word_char(before))
			continue;
		for (size_t i = messages->first[hash_of(line.at)]; i;
		     i = messages->list[i - 1].next) {
			struct message *message = &messages->list[i - 1];
			const bool is_rule = message->which >= n_error_texts;
			const bool has_rule = which >= n_error_texts;
			bool lacks_part = false;

			if (message->absent_in == messages->line)
				continue;
			if (which != NOT_FOUND && is_rule != has_rule ? is_rule
								      : message->len <= longest)
				continue;
			if (!begins_with_message(line, normal_form(messages, i - 1), &lacks_part)) {
				if (lacks_part)
					message->absent_in = messages->line;
				continue;
			}
			longest = message->len;
			which = message->which;
		}
	}
	return which;
}

/* The errnos of kexec_load and kexec_file_load, with the texts of glibc and, if different, musl. */
static const struct {
	int number;
	const char *name;
	const char *text;
	const char *musl;
} errnos[] = {
	{ EPERM, "EPERM", "Operation not permitted" },
	{ ENOENT, "ENOENT", "No such file or directory" },
	{ ENOEXEC, "ENOEXEC", "Exec format error" },
	{ ENOMEM, "ENOMEM", "Cannot allocate memory", "Out of memory" },
	{ EACCES, "EACCES", "Permission denied" },
	{ EBUSY, "EBUSY", "Device or resource busy", "Resource busy" },
	{ EINVAL, "EINVAL", "Invalid argument" },
	{ ENOSYS, "ENOSYS", "Function not implemented" },
	{ ENODATA, "ENODATA", "No data available" },
	{ ENOPKG, "ENOPKG", "Package not installed" },
	{ EBADMSG, "EBADMSG", "Bad message" },
	{ ELIBBAD, "ELIBBAD", "Accessing a corrupted shared library" },
	{ EOPNOTSUPP, "EOPNOTSUPP", "Operation not supported", "Not supported" },
	{ EADDRNOTAVAIL, "EADDRNOTAVAIL", "Cannot assign requested address",
	  "Address not available" },
	{ ENOKEY, "ENOKEY", "Required key not available" },
	{ EKEYREJECTED, "EKEYREJECTED", "Key was rejected by service" },
};
#define N_ERRNOS (sizeof(errnos) / sizeof(errnos[0]))

/* Return whether a line has an errno as a number: "errno 22", "= -22", "(-22)", "returned -22". */
static bool has_number(struct text line, int wanted)
{
	static const char *const words[] = { "errno", "error", "code", "ret", "returned",
					     "rc",    "= -",   "(-",   ": -" };
	uint64_t number;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct text rest = line;

		while (text_find(&rest, words[i])) {
			struct text at = rest;

			text_skip(&at, text_span(at, " :=(-"));
			/* -1 often means only that something failed. */
			if (wanted == 1 && i > 0)
				continue;
			if (text_take_number(&at, INT_MAX, &number) && number == (uint64_t)wanted &&
			    !(at.len && is_word_char(at.at[0])))
				return true;
		}
	}
	return false;
}

/* Return the index in errnos[] of the errno in a line in lower case, or N_ERRNOS. */
static size_t find_errno(struct text line)
{
	char word[64];

	for (size_t i = 0; i < N_ERRNOS; i++) {
		const char *const texts[] = { errnos[i].text, errnos[i].name, errnos[i].musl };

		for (size_t j = 0; j < 3 && texts[j]; j++) {
			size_t len = 0;

			for (; texts[j][len] && len + 1 < sizeof(word); len++)
				word[len] = (char)tolower((unsigned char)texts[j][len]);
			if (find_part(line, word, len, true))
				return i;
		}
	}
	/* A number counts only without a text: strace prints "= -1" for every error. */
	for (size_t i = 0; i < N_ERRNOS; i++)
		if (has_number(line, errnos[i].number))
			return i;
	return N_ERRNOS;
}

/* Return whether a message states a failed system call, but no errno. */
static bool lacks_errno(size_t which)
{
	const char *first = which < n_error_texts ? error_texts[which].messages : "";

	return strncmp(first, "kexec_load failed: " GAP, strlen("kexec_load failed: " GAP)) == 0 ||
	       strncmp(first, "kexec_file_load failed: " GAP,
		       strlen("kexec_file_load failed: " GAP)) == 0;
}

/* Return whether a message is a symptom or an effect. An errno in the same line shows more. */
static bool is_effect(size_t which)
{
	return which < n_error_texts && (error_texts[which].in_log == EFIMAP_IN_LOG_GENERAL ||
					 error_texts[which].in_log == EFIMAP_IN_LOG_FOLLOWS);
}

/*
 * Find the messages about kexec_load or kexec_file_load with the errno in a line that has no other
 * message. If the line does not name the system call, find both messages. If it names the system
 * call and a failure, but no errno, find the message about an unknown errno. @lower is the line in
 * lower case.
 */
static void find_by_errno(struct messages *messages, struct text lower, size_t ret_found[2])
{
	static const char *const calls[] = { "kexec_file_load failed: ", "kexec_load failed: " };
	const bool has_failed = text_contains(lower, "fail") || text_contains(lower, "error");
	const bool is_file =
		text_contains(lower, "kexec_file") || text_contains(lower, "kexec-file");
	const bool is_load =
		text_contains(lower, "kexec_load") || text_contains(lower, "kexec-syscall");
	size_t count = 0, found;

	ret_found[0] = ret_found[1] = NOT_FOUND;
	if (!text_contains(lower, "kexec"))
		return;
	found = find_errno(lower);
	/* Without a system call, the missing file may be the program kexec. */
	if (found < N_ERRNOS && errnos[found].number == ENOENT && is_file == is_load)
		return;
	for (size_t i = 0; i < 2 && (found < N_ERRNOS || (has_failed && is_file != is_load)); i++) {
		auto_out struct out line = EFIMAP_OUT_MEM, normal = EFIMAP_OUT_MEM;
		size_t which;

		if (is_file != is_load && is_file != (i == 0))
			continue;
		out_printf(&line, "%s%s", calls[i], found < N_ERRNOS ? errnos[found].text : "x");
		put_normal(&normal, (struct text){ line.data, line.used });
		which = find_in_line(messages, (struct text){ normal.data, normal.used });
		if (which != NOT_FOUND && (found == N_ERRNOS || !lacks_errno(which)))
			ret_found[count++] = which;
	}
}

static void put_lower(struct out *out, struct text line)
{
	for (size_t i = 0; i < line.len; i++)
		out_putc(out, (char)tolower((unsigned char)line.at[i]));
}

/* Call @take for each message in a text, with the line that contains the message. */
typedef void found_fn(void *context, size_t which, struct text line);

static void search_lines(struct messages *messages, struct text text, found_fn *take, void *context)
{
	auto_out struct out normal = EFIMAP_OUT_MEM, lower = EFIMAP_OUT_MEM;

	for (size_t next; text.len; text_skip(&text, next)) {
		const struct text line = { text.at, text_line(text.at, text.len, &next) };
		size_t found[2] = { NOT_FOUND, NOT_FOUND }, which;

		normal.used = 0;
		put_normal(&normal, line);
		which = find_in_line(messages, (struct text){ normal.data, normal.used });
		if (which == NOT_FOUND || lacks_errno(which) || is_effect(which)) {
			lower.used = 0;
			if (normal.used &&
			    memmem(normal.data, normal.used, "kexec", strlen("kexec")))
				put_lower(&lower, line);
			find_by_errno(messages, (struct text){ lower.data, lower.used }, found);
		}
		if (found[0] == NOT_FOUND)
			found[0] = which;
		for (size_t i = 0; i < 2; i++)
			if (found[i] != NOT_FOUND)
				take(context, found[i], line);
	}
}

static void add_found(void *context, size_t which, struct text line)
{
	struct known_messages *found = context;
	bool *is_found =
		which < n_error_texts ? &found->texts[which] : &found->rules[which - n_error_texts];

	found->count += !*is_found;
	if (!*is_found && which < n_error_texts)
		found->lines[which] = line;
	*is_found = true;
}

/*
 * Find the messages for an errno in a short text. Programs may print the name of the system call
 * and the errno on different lines.
 */
static void search_errno(struct messages *messages, struct text text,
			 struct known_messages *ret_found)
{
	auto_out struct out lower = EFIMAP_OUT_MEM;
	size_t found[2];

	if (text.len > MAX_SIMILAR)
		return;
	put_lower(&lower, text);
	find_by_errno(messages, (struct text){ lower.data, lower.used }, found);
	for (size_t i = 0; i < 2; i++)
		if (found[i] != NOT_FOUND)
			add_found(ret_found, found[i], text);
}

/* Return whether a text begins with the part of a message after its module, such as "efi: ". */
static bool begins_without_module(struct text text, const char *message)
{
	const size_t module = strcspn(message, ": ");

	if (strncmp(message + module, ": ", 2) != 0)
		return false;
	message += module + 2;
	return strlen(message) >= MIN_WITHOUT_MODULE && text_begins(text, message);
}

/* Find both kinds of messages that find_messages() describes for a part of a message. */
static void search_part(const struct messages *messages, struct text text,
			struct known_messages *found)
{
	auto_out struct out normal = EFIMAP_OUT_MEM;
	struct text part;

	if (text.len > MAX_SIMILAR)
		return;
	put_normal(&normal, text);
	part = trim_end((struct text){ normal.data, normal.used });
	if (part.len < MIN_PART)
		return;
	for (size_t i = 0; i < messages->n; i++) {
		const size_t which = messages->list[i].which;
		const char *message = normal_form(messages, i);

		if (find_part((struct text){ message, messages->list[i].len }, part.at, part.len,
			      true) ||
		    (which >= n_error_texts && begins_without_module(part, message)))
			add_found(found, which, text);
	}
}

void known_messages_free(struct known_messages *found)
{
	free(found->texts);
	free(found->lines);
}

struct known_messages find_messages(const char *text, size_t len)
{
	__attribute__((
		cleanup(messages_free))) struct messages messages = { .text = EFIMAP_OUT_MEM };
	const struct text all = { text, len };
	struct known_messages found = {
		.texts = array_new(n_error_texts, sizeof(*found.texts)),
		.lines = array_new(n_error_texts, sizeof(*found.lines)),
	};

	add_messages(&messages);
	search_lines(&messages, all, add_found, &found);
	if (found.count == 0)
		search_errno(&messages, all, &found);
	if (found.count == 0)
		search_part(&messages, all, &found);
	return found;
}

/*
 * Return whether a log in lower case contains the words that make a cause the most likely one.
 * @release: the release of the kernel that wrote the log; "" if the log does not show it
 */
static bool is_likely(const struct error_cause *cause, struct text log, const char *release)
{
	const struct release parsed = release_of(release);
	const char *words = cause->first_if;

	if (!words || (cause->corrected_by != EFIMAP_CHANGE_COUNT &&
		       release_has(&parsed, cause->corrected_by, false)))
		return false;
	for (size_t len, next; *words; words += next) {
		len = text_line(words, strlen(words), &next);
		if (!log.len || !memmem(log.at, log.len, words, len))
			return false;
	}
	return true;
}

void order_causes(const struct error_text *text, struct text found_in,
		  uint8_t ret_causes[EFIMAP_MAX_ERROR_CAUSES])
{
	auto_out struct out lower = EFIMAP_OUT_MEM;
	struct text log, at;
	const char *release = "";
	size_t count = 0;

	put_lower(&lower, found_in);
	out_putc(&lower, '\0');
	log = at = (struct text){ lower.data, lower.used };
	if (text_find(&at, LINUX_VERSION))
		release = at.at;
	for (unsigned int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < text->n_causes; i++)
			if (is_likely(&error_causes[text->causes[i]], log, release) == (pass == 0))
				ret_causes[count++] = text->causes[i];
}

/*
 * struct cause_search - the messages that find_log_cause() has found
 * @is_seen: for each element of error_texts, whether the message was found
 */
struct cause_search {
	struct log_cause *cause;
	bool *is_seen;
	bool is_paste;
};

/* Skip a priority and time stamps in brackets, such as "<4>[   42.000000] [   T1]". */
static void skip_brackets(struct text *line)
{
	for (text_skip_blanks(line); line->len && (line->at[0] == '<' || line->at[0] == '[');
	     text_skip_blanks(line)) {
		const char *end = memchr(line->at, line->at[0] == '<' ? '>' : ']', line->len);

		/* "[Firmware Bug]: " is a part of the message. */
		if (!end || (end + 1 < line->at + line->len && end[1] == ':'))
			return;
		text_skip(line, (size_t)(end - line->at) + 1);
	}
}

void quote_line(char quote[EFIMAP_LOG_QUOTE_MAX], struct text line)
{
	bool is_cut;

	skip_brackets(&line);
	text_trim(&line);
	is_cut = line.len >= EFIMAP_LOG_QUOTE_MAX - strlen(GAP);
	if (is_cut)
		line.len = EFIMAP_LOG_QUOTE_MAX - strlen(GAP) - 1;
	memcpy(quote, line.at, line.len);
	text_clean(quote, line.len);
	memcpy(quote + line.len, is_cut ? GAP : "", is_cut ? sizeof(GAP) : 1);
}

static void take_cause(void *context, size_t which, struct text line)
{
	struct cause_search *search = context;
	struct log_cause *cause = search->cause;
	const struct error_text *text = &error_texts[which];

	if (which >= n_error_texts || text->in_log == EFIMAP_IN_LOG_GENERAL ||
	    (text->in_log == EFIMAP_IN_LOG_HARMLESS && !search->is_paste))
		return;
	cause->count += !search->is_seen[which];
	search->is_seen[which] = true;
	if (!cause->died_of)
		cause->died_of = text->died_of;
	/* A message that shows a cause replaces only a message about an effect. */
	if (cause->text && cause->text->in_log <= text->in_log)
		return;
	cause->text = text;
	quote_line(cause->quote, line);
}

struct log_cause find_log_cause(const char *log, size_t len, bool is_paste)
{
	__attribute__((
		cleanup(messages_free))) struct messages messages = { .text = EFIMAP_OUT_MEM };
	auto_free bool *is_seen = array_new(n_error_texts, sizeof(*is_seen));
	struct log_cause cause = { 0 };
	struct cause_search search = { &cause, is_seen, is_paste };
	const struct text all = { log, len };
	uint8_t causes[EFIMAP_MAX_ERROR_CAUSES] = { 0 };

	add_messages(&messages);
	search_lines(&messages, all, take_cause, &search);
	if (!cause.text)
		return cause;
	order_causes(cause.text, all, causes);
	cause.first_cause = &error_causes[causes[0]];
	return cause;
}

/*
 * Return the length of the text of an errno at the start of a text in lower case, or 0. Messages of
 * unrelated programs have these words in common.
 */
static size_t errno_len(struct text text)
{
	for (size_t i = 0; i < N_ERRNOS; i++) {
		const size_t len = strlen(errnos[i].text);

		if (text.len >= len && strncasecmp(text.at, errnos[i].text, len) == 0)
			return len;
	}
	return 0;
}

/* Overwrite the texts of errnos with blanks. */
static void blank_errnos(char *text, size_t len)
{
	for (size_t i = 0, skipped; i < len; i += skipped ? skipped : 1) {
		skipped = errno_len((struct text){ text + i, len - i });
		memset(text + i, ' ', skipped);
	}
}

/* Return the number of characters in the words of a text, without short words and errnos. */
static size_t count_words(struct text text)
{
	size_t count = 0;

	while (text.len) {
		const size_t len = text_span(text, EFIMAP_LETTERS EFIMAP_DIGITS "_");
		const size_t skipped = errno_len(text);

		count += len >= MIN_WORD && !skipped ? len : 0;
		text_skip(&text, skipped ? skipped : len ? len : 1);
	}
	return count;
}

/* Return the number of characters in the words that a message and a text have in common. */
static size_t count_shared(const char *message, struct text text)
{
	size_t shared = 0;

	while (*message) {
		const size_t len = strspn(message, EFIMAP_LETTERS EFIMAP_DIGITS "_");
		const size_t skipped = errno_len((struct text){ message, strlen(message) });
		const char *found =
			len < MIN_WORD || skipped ? NULL : find_part(text, message, len, true);

		if (found && (found + len == text.at + text.len || !is_word_char(found[len])))
			shared += len;
		message += skipped ? skipped : len ? len : 1;
	}
	return shared;
}

const struct error_text *closest_message(const char *text, size_t len)
{
	__attribute__((
		cleanup(messages_free))) struct messages messages = { .text = EFIMAP_OUT_MEM };
	auto_out struct out normal = EFIMAP_OUT_MEM;
	const struct error_text *closest = NULL;
	size_t most = 0, in_text;

	if (len > MAX_SIMILAR)
		return NULL;
	add_messages(&messages);
	put_normal(&normal, (struct text){ text, len });
	blank_errnos(normal.data, normal.used);
	in_text = count_words((struct text){ normal.data, normal.used });
	for (size_t i = 0; i < messages.n; i++) {
		const char *message = normal_form(&messages, i);
		const struct text words = { message, messages.list[i].len };
		const size_t shared =
			count_shared(message, (struct text){ normal.data, normal.used });

		if (shared <= most || messages.list[i].which >= n_error_texts ||
		    3 * shared <= 2 * in_text || 3 * shared <= 2 * count_words(words))
			continue;
		most = shared;
		closest = &error_texts[messages.list[i].which];
	}
	return closest;
}

const struct finding *error_cause_finding(const struct error_cause *cause,
					  const struct report *report)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding->not_checked || finding->certainty > EFIMAP_CHANCE)
			continue;
		for (size_t j = 0; j < cause->n_rules; j++)
			if (finding->rule->id == cause->rules[j].rule &&
			    (cause->rules[j].variant < 0 ||
			     cause->rules[j].variant == finding->variant))
				return finding;
	}
	return NULL;
}

static enum known known(bool is_known, bool is_true)
{
	return !is_known ? EFIMAP_NOT_KNOWN : is_true ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
}

/*
 * A running kernel before 6.3 has no files for the limits. If kexec_load_disabled is known, proc is
 * mounted, so a missing file means that there is no limit.
 */
static enum known has_no_limit(const struct efimap *map)
{
	static const enum value_id limits[] = { EFIMAP_VALUE_REBOOT_LIMIT,
						EFIMAP_VALUE_PANIC_LIMIT };
	const struct kexec_state *state = kexec_of(map);
	const bool has_proc = !capture_is_offline(map) && knows(state, EFIMAP_VALUE_LOAD_DISABLED);
	enum known found = EFIMAP_KNOWN_YES;

	for (size_t i = 0; i < 2; i++) {
		const struct value *value = &state->values[limits[i]];

		if (value->is_known && value->number == 0)
			return EFIMAP_KNOWN_NO;
		if (!value->is_known && !(has_proc && value->why == EFIMAP_ABSENT))
			found = EFIMAP_NOT_KNOWN;
	}
	return found;
}

/* Return whether a fact excludes a cause for every kernel. */
static enum known is_excluded(enum excluded_if fact, const struct efimap *map)
{
	const struct kexec_state *state = kexec_of(map);

	switch (fact) {
	case EFIMAP_EXCLUDED_IF_KEXEC_ENABLED:
		return known(knows(state, EFIMAP_VALUE_LOAD_DISABLED),
			     is_clear(state, EFIMAP_VALUE_LOAD_DISABLED));
	case EFIMAP_EXCLUDED_IF_NO_LIMIT:
		return has_no_limit(map);
	case EFIMAP_EXCLUDED_IF_NOT_LOCKED_DOWN:
		return known(state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN,
			     state->lockdown == EFIMAP_LOCKDOWN_NONE);
	case EFIMAP_EXCLUDED_IF_MEMORY_RESERVED:
		return known(knows(state, EFIMAP_VALUE_CRASH_SIZE),
			     value_is_set(state, EFIMAP_VALUE_CRASH_SIZE));
	case EFIMAP_EXCLUDED_IF_BOTH_CALLS:
		return option_is_on(&state->config, EFIMAP_CONFIG_KEXEC) &&
				       option_is_on(&state->config, EFIMAP_CONFIG_KEXEC_FILE)
			       ? EFIMAP_KNOWN_YES
			       : EFIMAP_NOT_KNOWN;
	case EFIMAP_EXCLUDED_IF_BOOTED_WITH_EFI:
		return known(map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT, true);
	case EFIMAP_EXCLUDED_IF_STARTED_BY_FIRMWARE:
		return known(find_booted_by(map) != EFIMAP_BOOTED_BY_UNKNOWN,
			     find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE);
	default:
		return EFIMAP_NOT_KNOWN;
	}
}

enum cause_here find_cause_here(const struct error_cause *cause, const struct efimap *map,
				const struct report *report)
{
	const bool is_setting = cause->excluded_if == EFIMAP_EXCLUDED_IF_KEXEC_ENABLED ||
				cause->excluded_if == EFIMAP_EXCLUDED_IF_NO_LIMIT;
	const enum known excluded = map ? is_excluded(cause->excluded_if, map) : EFIMAP_NOT_KNOWN;

	if (excluded == EFIMAP_KNOWN_YES)
		return EFIMAP_HERE_EXCLUDED;
	if ((report && error_cause_finding(cause, report)) ||
	    (is_setting && excluded == EFIMAP_KNOWN_NO))
		return EFIMAP_HERE_APPLIES;
	if (!map || !cause->depends_on_image ||
	    (cause->excluded_if != EFIMAP_EXCLUDED_IF_NOTHING && excluded == EFIMAP_NOT_KNOWN))
		return EFIMAP_HERE_NOT_CHECKED;
	return EFIMAP_HERE_DEPENDS;
}

static const char *const cause_here_names[] = {
	[EFIMAP_HERE_NOT_CHECKED] = "not-checked",
	[EFIMAP_HERE_APPLIES] = "applies",
	[EFIMAP_HERE_EXCLUDED] = "excluded",
	[EFIMAP_HERE_DEPENDS] = "depends-on-kernel",
};
EFIMAP_NAME_OF(cause_here)
