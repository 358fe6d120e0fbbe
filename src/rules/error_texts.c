/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search a text for messages. tools/rules.py generates the message tables from errors.texts. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/output_buffer.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "rules/error_texts.h"

#define GAP "..."
/* The beginning of the first line of a kernel log, in lower case; the release follows. */
#define LINUX_VERSION "linux version "

/* Number of characters at the start of a message that determine its list; a power of 2 of lists. */
#define KEY_LEN 3
#define N_LISTS 1024U

/*
 * struct message - a message in normal form
 * @at:    offset in the text of all messages
 * @which: index in error_texts
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
 * @list:  the messages, in the order of error_texts
 * @first: for each hash of a start, the first message, as an index plus 1, or 0
 * @line:  number of the line that is being searched
 * @longest: length of the message that was found last
 */
struct messages {
	struct out text;
	struct message *list;
	size_t n;
	size_t capacity;
	size_t first[N_LISTS];
	size_t line;
	size_t longest;
};

#define NOT_FOUND SIZE_MAX

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
		const char *at = error_words_at(error_texts[i].messages);

		for (size_t next; *at; at += next)
			add_message(messages, (struct text){ at, text_line(at, strlen(at), &next) },
				    i);
	}
	for (size_t i = messages->n; i-- > 0;) {
		size_t *first = &messages->first[hash_of(normal_form(messages, i))];

		messages->list[i].next = *first;
		*first = i + 1;
	}
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
			found = memmem(line.at, line.len, message, len);
		if (!found) {
			*ret_lacks_part = !is_first;
			return false;
		}
		text_skip(&line, (size_t)(found - line.at) + len);
		message += gap ? len + strlen(GAP) : len;
	}
	return true;
}

/*
 * Return the message that begins in the first @starts bytes of a line in normal form. If the line
 * was joined from two lines, @starts is less than its length, and messages with a gap are ignored.
 */
static size_t find_in_line(struct messages *messages, struct text line, size_t starts)
{
	const bool is_joined = starts < line.len;
	const char *end = line.at + starts;
	size_t which = NOT_FOUND;
	char before = ' ';

	messages->line++;
	messages->longest = 0;
	for (; line.len >= KEY_LEN && line.at < end; before = line.at[0], text_skip(&line, 1)) {
		if (is_word_char(before))
			continue;
		for (size_t i = messages->first[hash_of(line.at)]; i;
		     i = messages->list[i - 1].next) {
			struct message *message = &messages->list[i - 1];
			bool lacks_part = false;

			/* NOLINTNEXTLINE(clang-analyzer-core.NullDereference) */
			if (message->absent_in == messages->line ||
			    (is_joined && strstr(normal_form(messages, i - 1), GAP)))
				continue;
			if (message->len <= messages->longest)
				continue;
			if (!begins_with_message(line, normal_form(messages, i - 1), &lacks_part)) {
				if (lacks_part)
					message->absent_in = messages->line;
				continue;
			}
			messages->longest = message->len;
			which = message->which;
		}
	}
	return which;
}

static void put_lower(struct out *out, struct text line)
{
	for (size_t i = 0; i < line.len; i++)
		out_putc(out, (char)tolower((unsigned char)line.at[i]));
}

/*
 * struct oops - the report of a fault, from its first line to the end of its call trace
 * @header: the first line
 * @place:  the message about the function or the memory in which the fault occurred, or NOT_FOUND
 * @n_left: maximum number of further lines; 0 if no oops is open
 */
struct oops {
	struct text header;
	size_t place;
	unsigned int n_left;
};

/* Maximum number of lines of an oops. An oops with a long call trace has about 100 lines. */
#define MAX_OOPS 160

/*
 * struct search - a search for the messages in a text
 * @found: the messages that were found
 * @capacity: the number of messages for which memory is allocated
 * @all:   the text
 * @oops:  the oops that the current line belongs to
 */
struct search {
	struct messages messages;
	struct known_messages *found;
	size_t capacity;
	struct text all;
	struct oops oops;
};

static bool is_of_place(size_t which)
{
	return which != NOT_FOUND && error_texts[which].place != EFIMAP_PLACE_NONE;
}

static size_t message_of_place(enum place place)
{
	size_t which = 0;

	while (error_texts[which].place != place)
		which++;
	return which;
}

static bool has_one_of(struct text line, const char *const *words)
{
	for (; *words; words++)
		if (text_contains(line, *words))
			return true;
	return false;
}

/* Return whether a line in lower case is the first line of an oops. */
static bool begins_oops(struct text lower)
{
	static const char *const faults[] = { "bug: unable to handle",
					      "bug: kernel null pointer",
					      "unable to handle kernel",
					      "general protection fault",
					      "kernel bug at",
					      "oops: ",
					      NULL };

	return has_one_of(lower, faults);
}

static bool begins_warning(struct text lower)
{
	static const char *const warnings[] = { "warning: cpu: ",    "warning: arch/",
						"warning: drivers/", "warning: kernel/",
						"warning: mm/",	     NULL };

	return has_one_of(lower, warnings);
}

static bool ends_oops(struct text lower)
{
	static const char *const ends[] = { "---[ end trace", "kernel panic - not syncing",
					    LINUX_VERSION, "starting new kernel", NULL };

	return has_one_of(lower, ends);
}

/* The addresses of x86-64 at which Linux maps EFI runtime services, and the end of user space. */
#define EFI_VIRTUAL_FIRST UINT64_C(0xffffffef00000000)
#define EFI_VIRTUAL_END UINT64_C(0xffffffff00000000)
#define USER_END UINT64_C(0x0000800000000000)
/* The firmware lies above. A lower address is that of a call through an invalid pointer. */
#define FIRMWARE_FIRST UINT64_C(0x100000)

/*
 * Return whether the kernel executed firmware: "RIP: 0010:0x5bc02900" (the address belongs to no
 * function of the kernel), or "RIP: 0008:0x…" (the 32-bit code segment, which a 64-bit kernel uses
 * only to call 32-bit firmware). The segment 0033 is that of a program. Older kernels print
 * "IP: [<fffffffeffbd03f9>] 0xfffffffeffbd03f9".
 */
static bool is_firmware_rip(struct text lower)
{
	uint64_t address;

	if (!text_find(&lower, "ip: "))
		return false;
	if (text_begins(lower, "0008:"))
		return true;
	text_take(&lower, "0010:");
	if (text_begins(lower, "[<") && !text_find(&lower, ">] 0x"))
		return false;
	text_take(&lower, "0x");
	return text_take_hex(&lower, 1, &address) &&
	       ((address >= FIRMWARE_FIRST && address < USER_END) ||
		(address >= EFI_VIRTUAL_FIRST && address < EFI_VIRTUAL_END));
}

/* Add a message unless an earlier line contains it. */
static void add_found(struct search *search, size_t which, struct text line)
{
	struct known_messages *found = search->found;
	const struct known_message added = { &error_texts[which], line };

	for (size_t i = 0; i < found->n; i++)
		if (found->list[i].text == added.text)
			return;
	array_append(&found->list, &found->n, &search->capacity, &added, sizeof(added));
}

static void close_oops(struct search *search)
{
	if (search->oops.n_left && search->oops.place != NOT_FOUND)
		add_found(search, search->oops.place, search->oops.header);
	search->oops.n_left = 0;
}

/* Open and close an oops. Return whether @line is a part of an oops. */
static bool take_oops(struct search *search, struct text line, struct text lower, size_t which)
{
	struct oops *oops = &search->oops;

	if (oops->n_left && (--oops->n_left == 0 || ends_oops(lower)))
		close_oops(search);
	if (!oops->n_left && (begins_oops(lower) || begins_warning(lower)))
		*oops = (struct oops){ .header = line, .place = NOT_FOUND, .n_left = MAX_OOPS };
	if (!oops->n_left)
		return false;
	if (oops->place == NOT_FOUND && is_of_place(which))
		oops->place = which;
	if (oops->place == NOT_FOUND && is_firmware_rip(lower))
		oops->place = message_of_place(EFIMAP_PLACE_FIRMWARE);
	return true;
}

/* Shorter lines are not wrapped. */
#define LEAST_WRAPPED 50

/*
 * Find a message that a mail program has wrapped: it begins in @line and ends in the next line,
 * which has no prefix. @normal is the normal form of @line, and @which the message in it. Set @line
 * to both lines if they contain a longer message.
 */
static size_t find_wrapped(struct search *search, size_t which, struct out *normal,
			   struct text *line)
{
	struct text next = search->all;
	const size_t used = normal->used, longest = search->messages.longest;
	size_t wrapped, skipped;

	text_skip(&next, (size_t)(line->at - next.at) + line->len);
	text_skip(&next, text_span(next, "\r\n"));
	next.len = text_line(next.at, next.len, &skipped);
	if (line->len < LEAST_WRAPPED || !next.len || text_is_one_of(*next.at, "[<"))
		return which;
	if (normal->data[used - 1] != ' ')
		out_putc(normal, ' ');
	put_normal(normal, next);
	wrapped =
		find_in_line(&search->messages, (struct text){ normal->data, normal->used }, used);
	if (search->messages.longest <= longest)
		return which;
	line->len = (size_t)(next.at - line->at) + next.len;
	return wrapped;
}

static void search_lines(struct search *search)
{
	auto_out struct out normal = EFIMAP_OUT_MEM, lower = EFIMAP_OUT_MEM;
	struct text text = search->all, line;

	for (size_t next, which; text.len; text_skip(&text, next)) {
		line = (struct text){ text.at, text_line(text.at, text.len, &next) };
		normal.used = lower.used = 0;
		put_normal(&normal, line);
		put_lower(&lower, line);
		if (!normal.used)
			continue;
		which = find_in_line(&search->messages, (struct text){ normal.data, normal.used },
				     normal.used);
		/* A message about the place of an oops is that of its first line. */
		if (take_oops(search, line, (struct text){ lower.data, lower.used }, which) &&
		    is_of_place(which))
			continue;
		which = find_wrapped(search, which, &normal, &line);
		if (which != NOT_FOUND)
			add_found(search, which, line);
	}
	close_oops(search);
}

static int compare_messages(const void *first, const void *second)
{
	const struct known_message *a = first, *b = second;

	if (a->line.at != b->line.at)
		return a->line.at < b->line.at ? -1 : 1;
	return a->text < b->text ? -1 : a->text > b->text;
}

void known_messages_free(struct known_messages *found)
{
	free(found->list);
}

struct known_messages find_messages(const char *text, size_t len)
{
	struct known_messages found = { 0 };
	struct search search = {
		.messages = { .text = EFIMAP_OUT_MEM },
		.found = &found,
		.all = { text, len },
	};

	add_messages(&search.messages);
	search_lines(&search);
	out_free(&search.messages.text);
	free(search.messages.list);
	/* The message of an oops was found after its call trace. */
	sort_items(found.list, found.n, sizeof(*found.list), compare_messages);
	return found;
}

size_t count_faults(const struct known_messages *found)
{
	size_t count = 0;

	for (size_t i = 0; i < found->n; i++)
		count += !found->list[i].text->is_harmless;
	return count;
}

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
	/* A message that was wrapped is quoted as one line. */
	for (size_t i = 0; i < line.len; i++)
		if (quote[i] == '\n' || quote[i] == '\r')
			quote[i] = ' ';
	text_clean(quote, line.len);
	memcpy(quote + line.len, is_cut ? GAP : "", is_cut ? sizeof(GAP) : 1);
}
