/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Search a text for messages. tools/rules.py generates the message tables from errors.texts. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/enum_name.h"
#include "base/output_buffer.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "capture/boot_params.h"
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
/* An EFI status that is an error: the number without its last digit, and its length. */
#define STATUS "0x800000000000000"
#define STATUS_LEN (sizeof(STATUS))
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
 * and is kept. The status of a firmware call, such as "0x800000000000000e", is also kept.
 */
static void put_normal(struct out *out, struct text line)
{
	char before = ' ', two_before = ' ';

	while (line.len) {
		char c = line.at[0];
		size_t used = quote_len(line);
		bool is_hex = false, is_status = false;

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
			is_status = used == STATUS_LEN && text_begins(line, STATUS);
			c = is_status ? line.at[used - 1] : '#';
		} else if (c >= 'A' && c <= 'Z') {
			c = (char)(c - 'A' + 'a');
		}
		if (is_status)
			out_puts(out, STATUS);
		else if (is_hex)
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

static bool is_effect(size_t which);

/*
 * Return whether a message is better than the one that was found before. A message with causes is
 * better than one of a rule, unless it is an effect, such as "Kernel panic - not syncing: ...", and
 * the rule states more. Otherwise, the longer message is better.
 */
static bool is_better(const struct message *message, size_t other, size_t other_len)
{
	const bool is_rule = message->which >= n_error_texts;

	if (other == NOT_FOUND)
		return true;
	if (is_rule == (other >= n_error_texts))
		return message->len > other_len;
	return is_rule ? is_effect(other) && message->len > other_len
		       : !is_effect(message->which) || message->len >= other_len;
}

/*
 * Return the message that begins in the first @starts bytes of a line in normal form. Messages with
 * causes precede messages of rules. If the line was joined from two lines, @starts is less than its
 * length, and messages with a gap are ignored.
 */
static size_t find_in_line(struct messages *messages, struct text line, size_t starts)
{
	const bool is_joined = starts < line.len;
	const char *end = line.at + starts;
	size_t longest = 0, which = NOT_FOUND;
	char before = ' ';

	messages->line++;

	for (; line.len >= KEY_LEN && line.at < end; before = line.at[0], text_skip(&line, 1)) {
		if (is_word_char(before))
			continue;
		for (size_t i = messages->first[hash_of(line.at)]; i;
		     i = messages->list[i - 1].next) {
			struct message *message = &messages->list[i - 1];
			bool lacks_part = false;

			if (message->absent_in == messages->line ||
			    (is_joined && strstr(normal_form(messages, i - 1), GAP)))
				continue;
			if (!is_better(message, which, longest))
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

/* Return whether a number follows @between after one of @words, which is a complete word. */
static bool has_number_after(struct text line, const char *const *words, const char *between,
			     int wanted)
{
	uint64_t number;

	for (; *words; words++) {
		struct text rest = line;

		while (text_find(&rest, *words)) {
			const char *word = rest.at - strlen(*words);
			struct text at = rest;

			if (is_word_char(**words) && word > line.at && is_word_char(word[-1]))
				continue;
			text_skip(&at, text_span(at, " :=("));
			if (text_take(&at, between) && text_take_number(&at, INT_MAX, &number) &&
			    number == (uint64_t)wanted && !(at.len && is_word_char(at.at[0])))
				return true;
		}
	}
	return false;
}

/* The exit status of a shell that could not execute a program. It is also the number of ENOKEY. */
#define NOT_EXECUTABLE 126

/*
 * Return whether a line has an errno as a number: "errno 22", "error 22", "= -22", "(-22)",
 * "returned -22". A number without "-" after another word is the exit status of a program or of a
 * unit, and 1 often means only that something failed.
 */
static bool has_number(struct text line, int wanted)
{
	static const char *const errno_words[] = { "errno", NULL };
	static const char *const named_errors[] = { "error", "error code", NULL };
	static const char *const words[] = { "error", "code", "ret", "returned", "rc",
					     "=",     "(",    ":",   NULL };

	return has_number_after(line, errno_words, "", wanted) ||
	       (wanted != 1 && wanted != NOT_EXECUTABLE &&
		has_number_after(line, named_errors, "", wanted)) ||
	       has_number_after(line, errno_words, "-", wanted) ||
	       (wanted != 1 && has_number_after(line, words, "-", wanted));
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
	const char *first =
		which < n_error_texts ? error_words_at(error_texts[which].messages) : "";

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
		which = find_in_line(messages, (struct text){ normal.data, normal.used },
				     normal.used);
		if (which != NOT_FOUND && (found == N_ERRNOS || !lacks_errno(which)))
			ret_found[count++] = which;
	}
}

static void put_lower(struct out *out, struct text line)
{
	for (size_t i = 0; i < line.len; i++)
		out_putc(out, (char)tolower((unsigned char)line.at[i]));
}

/*
 * struct oops - the report of a fault, from its first line to the end of its call trace
 * @header: the first line
 * @which:  the message in the first line, or NOT_FOUND
 * @place:  the message about the function or the memory in which the fault occurred, or NOT_FOUND
 * @n_left: maximum number of further lines; 0 if no oops is open
 */
struct oops {
	struct text header;
	size_t which;
	size_t place;
	unsigned int n_left;
};

/* Maximum number of lines of an oops. An oops with a long call trace has about 100 lines. */
#define MAX_OOPS 160

/*
 * struct search - a search for the messages in a text
 * @found:        the messages that were found, and the number for which memory is allocated
 * @all:          the text
 * @oops:         the oops that the current line belongs to
 * @has_panicked: the kernel has panicked, and no other kernel has started
 */
struct search {
	struct messages messages;
	struct known_messages *found;
	size_t capacity;
	struct text all;
	struct oops oops;
	bool has_panicked;
};

static void search_free(struct search *search)
{
	messages_free(&search->messages);
}

static bool is_of_place(size_t which)
{
	return which < n_error_texts && error_texts[which].place != EFIMAP_PLACE_NONE;
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

static bool is_rule(size_t which)
{
	return which != NOT_FOUND && which >= n_error_texts;
}

static enum in_log in_log_of(size_t which)
{
	return error_texts[which].in_log;
}

/*
 * Return whether the boot went on after a line: the first program of the initrd or of the root file
 * system ran, and no panic followed. @rest is the text after the line.
 */
static bool boot_went_on(struct text rest)
{
	struct text boot = rest, next = rest;

	if (text_find(&next, "Linux version "))
		boot.len = (size_t)(next.at - rest.at);
	return (text_contains(boot, " as init process") || text_contains(boot, "systemd[1]: ")) &&
	       !text_contains(boot, "Kernel panic - not syncing");
}

/* Return whether a message is a symptom in the words of a person. */
static bool is_symptom(size_t which)
{
	return which < n_error_texts &&
	       strncmp(error_words_at(error_texts[which].printed_by), "nobody", 6) == 0;
}

/* Add a message unless an earlier line contains it. */
static void add_found(struct search *search, size_t which, struct text line, bool is_part)
{
	struct known_messages *found = search->found;
	struct known_message added = { .line = line, .is_part = is_part };
	struct text rest = search->all;

	if (is_rule(which)) {
		found->n_rules += !found->rules[which - n_error_texts];
		found->rules[which - n_error_texts] = true;
		return;
	}
	for (size_t i = 0; i < found->n; i++)
		if (found->list[i].text == &error_texts[which])
			return;
	added.text = &error_texts[which];
	added.in_log = added.text->in_log;
	added.means = error_words_at(added.text->means);
	text_skip(&rest, (size_t)(line.at - rest.at) + line.len);
	if (added.text->went_on && boot_went_on(rest)) {
		added.in_log = EFIMAP_IN_LOG_HARMLESS;
		added.means = error_words_at(added.text->went_on);
	}
	array_append(&found->list, &found->n, &search->capacity, &added, sizeof(added));
}

static void close_oops(struct search *search)
{
	const struct oops *oops = &search->oops;
	const size_t which = oops->place != NOT_FOUND ? oops->place : oops->which;

	if (oops->n_left && which != NOT_FOUND)
		add_found(search, which, oops->header, false);
	search->oops.n_left = 0;
}

/* Open and close an oops. Return whether @line is a part of an oops. */
static bool take_oops(struct search *search, struct text line, struct text lower, size_t which)
{
	struct oops *oops = &search->oops;
	const bool is_fault = begins_oops(lower);

	if (oops->n_left && (--oops->n_left == 0 || ends_oops(lower)))
		close_oops(search);
	if (text_contains(lower, LINUX_VERSION))
		search->has_panicked = false;
	if (!oops->n_left && (is_fault || begins_warning(lower))) {
		*oops = (struct oops){
			.header = line,
			.which = is_of_place(which) ? NOT_FOUND : which,
			.place = is_fault && search->has_panicked
					 ? message_of_place(EFIMAP_PLACE_PANIC)
					 : NOT_FOUND,
			.n_left = MAX_OOPS,
		};
		/* A message that states a cause is not replaced. */
		if (which != NOT_FOUND &&
		    (is_rule(which) || in_log_of(which) < EFIMAP_IN_LOG_GENERAL))
			oops->place = NOT_FOUND;
	}
	search->has_panicked |= text_contains(lower, "kernel panic - not syncing");
	if (!oops->n_left)
		return false;
	if (oops->place == NOT_FOUND && (is_of_place(which) || is_rule(which)))
		oops->place = which;
	if (oops->place == NOT_FOUND && is_firmware_rip(lower))
		oops->place = message_of_place(EFIMAP_PLACE_FIRMWARE);
	return true;
}

/* Shorter lines are not wrapped. */
#define LEAST_WRAPPED 50

/*
 * Find a message that a mail program has wrapped: it begins in @line and ends in the next line,
 * which has no prefix. @normal is the normal form of @line. Set @ret_lines to both lines.
 */
static size_t find_wrapped(struct search *search, struct text line, struct out *normal,
			   struct text *ret_lines)
{
	struct text next = search->all;
	const size_t used = normal->used;
	size_t which, skipped;

	text_skip(&next, (size_t)(line.at - next.at) + line.len);
	text_skip(&next, text_span(next, "\r\n"));
	next.len = text_line(next.at, next.len, &skipped);
	if (line.len < LEAST_WRAPPED || !next.len || text_is_one_of(*next.at, "[<"))
		return NOT_FOUND;
	if (normal->data[used - 1] != ' ')
		out_putc(normal, ' ');
	put_normal(normal, next);
	which = find_in_line(&search->messages, (struct text){ normal->data, normal->used }, used);
	/* Two lines of a log may contain the words of a symptom by chance. */
	if (which < n_error_texts && in_log_of(which) == EFIMAP_IN_LOG_GENERAL)
		return NOT_FOUND;
	*ret_lines = (struct text){ line.at, (size_t)(next.at - line.at) + next.len };
	return which;
}

static void search_lines(struct search *search)
{
	auto_out struct out normal = EFIMAP_OUT_MEM, lower = EFIMAP_OUT_MEM;
	const bool is_log = text_contains(search->all, "Linux version ");
	struct text text = search->all, line, lowered;

	for (size_t next; text.len; text_skip(&text, next)) {
		size_t found[2] = { NOT_FOUND, NOT_FOUND }, which;

		line = (struct text){ text.at, text_line(text.at, text.len, &next) };
		normal.used = lower.used = 0;
		put_normal(&normal, line);
		put_lower(&lower, line);
		if (!normal.used)
			continue;
		lowered = (struct text){ lower.data, lower.used };
		which = find_in_line(&search->messages, (struct text){ normal.data, normal.used },
				     normal.used);
		if (which == NOT_FOUND || lacks_errno(which) || is_effect(which))
			find_by_errno(&search->messages, lowered, found);
		if (found[0] == NOT_FOUND)
			found[0] = which;
		/* A message about the place of an oops, or about an oops, is that of its first
		 * line. */
		if (take_oops(search, line, lowered, which) && found[0] != NOT_FOUND &&
		    (is_of_place(found[0]) ||
		     (!is_rule(found[0]) && in_log_of(found[0]) == EFIMAP_IN_LOG_GENERAL)))
			continue;
		/* In a log, the words of a symptom stand there by chance. */
		if (is_log && is_symptom(found[0]))
			continue;
		if (found[0] == NOT_FOUND)
			found[0] = which = find_wrapped(search, line, &normal, &line);
		for (size_t i = 0; i < 2; i++)
			if (found[i] != NOT_FOUND)
				add_found(search, found[i], line, found[i] != which);
	}
	close_oops(search);
}

/*
 * Find the messages for an errno in a short text. Programs may print the name of the system call
 * and the errno on different lines.
 */
static void search_errno(struct search *search)
{
	auto_out struct out lower = EFIMAP_OUT_MEM;
	size_t found[2];

	if (search->all.len > MAX_SIMILAR)
		return;
	put_lower(&lower, search->all);
	find_by_errno(&search->messages, (struct text){ lower.data, lower.used }, found);
	for (size_t i = 0; i < 2; i++)
		if (found[i] != NOT_FOUND)
			add_found(search, found[i], search->all, true);
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
static void search_part(struct search *search)
{
	const struct messages *messages = &search->messages;
	auto_out struct out normal = EFIMAP_OUT_MEM;
	struct text part;

	if (search->all.len > MAX_SIMILAR)
		return;
	put_normal(&normal, search->all);
	part = trim_end((struct text){ normal.data, normal.used });
	if (part.len < MIN_PART)
		return;
	for (size_t i = 0; i < messages->n; i++) {
		const size_t which = messages->list[i].which;
		const char *message = normal_form(messages, i);

		if (find_part((struct text){ message, messages->list[i].len }, part.at, part.len,
			      true) ||
		    (which >= n_error_texts && begins_without_module(part, message)))
			add_found(search, which, search->all, true);
	}
}

static int compare_messages(const void *first, const void *second)
{
	const struct known_message *a = first, *b = second;

	if (a->line.at != b->line.at)
		return a->line.at < b->line.at ? -1 : 1;
	return a->text < b->text ? -1 : a->text > b->text;
}

/* Return whether a message shows the cause of a failure, of which other messages are effects. */
static bool is_cause(const struct known_message *message)
{
	return message->in_log == EFIMAP_IN_LOG_MAIN || message->in_log == EFIMAP_IN_LOG_GENERAL;
}

static bool has_cause(const struct known_messages *found)
{
	for (size_t i = 0; i < found->n; i++)
		if (is_cause(&found->list[i]))
			return true;
	return found->n_rules;
}

/* Find the messages from which effects follow: the nearest cause before, or the first one after. */
static void link_effects(struct known_messages *found)
{
	size_t cause = 0, first = 0;

	while (first < found->n && !is_cause(&found->list[first]))
		first++;
	for (size_t i = 0; i < found->n; i++) {
		if (is_cause(&found->list[i]))
			cause = i + 1;
		else if (found->list[i].in_log == EFIMAP_IN_LOG_FOLLOWS && first < found->n)
			found->list[i].follows = cause ? cause : first + 1;
	}
}

void known_messages_free(struct known_messages *found)
{
	free(found->list);
}

struct known_messages find_messages(const char *text, size_t len, bool is_log)
{
	struct known_messages found = { 0 };
	__attribute__((cleanup(search_free))) struct search search = {
		.messages = { .text = EFIMAP_OUT_MEM },
		.found = &found,
		.all = { text, len },
	};

	add_messages(&search.messages);
	search_lines(&search);
	if (!has_cause(&found) && !is_log)
		search_errno(&search);
	if (!found.n && !found.n_rules && !is_log)
		search_part(&search);
	/* The message of an oops was found after its call trace. */
	sort_items(found.list, found.n, sizeof(*found.list), compare_messages);
	link_effects(&found);
	return found;
}

/*
 * Return whether a log in lower case contains the words that make a cause the most likely one.
 * @release: the release of the kernel that wrote the log; "" if the log does not show it
 */
static bool is_likely(const struct error_cause *cause, struct text log, const char *release)
{
	const struct release parsed = release_parse(release);
	const char *words = error_words_at(cause->first_if);

	if (!*words || (cause->corrected_by != EFIMAP_CHANGE_COUNT &&
			release_has(&parsed, cause->corrected_by, false)))
		return false;
	for (size_t len, next; *words; words += next) {
		len = text_line(words, strlen(words), &next);
		if (!log.len || !memmem(log.at, log.len, words, len))
			return false;
	}
	return true;
}

size_t order_causes(const struct error_text *text, struct text found_in,
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
		for (size_t i = 0; i < text->n_causes; i++) {
			const struct error_cause *cause = &error_causes[text->causes[i]];

			if (is_likely(cause, log, release) == (pass == 0) &&
			    (pass == 0 || !cause->only_if))
				ret_causes[count++] = text->causes[i];
		}
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

/* Return whether a message of a log is explained, although nobody asked for it. */
static bool is_told(const struct known_message *message, bool is_paste)
{
	return is_paste || message->in_log == EFIMAP_IN_LOG_MAIN ||
	       message->in_log == EFIMAP_IN_LOG_FOLLOWS;
}

struct log_cause find_log_cause(const char *log, size_t len, bool is_paste)
{
	/* The messages that show a cause come first, and those of healthy machines last. */
	static const uint8_t order[] = {
		[EFIMAP_IN_LOG_MAIN] = 0,
		[EFIMAP_IN_LOG_FOLLOWS] = 1,
		[EFIMAP_IN_LOG_GENERAL] = 2,
		[EFIMAP_IN_LOG_HARMLESS] = 3,
	};
	__attribute__((cleanup(known_messages_free))) struct known_messages found =
		find_messages(log, len, !is_paste);
	const struct known_message *first = NULL;
	struct log_cause cause = { 0 };

	for (size_t i = 0; i < found.n; i++) {
		const struct known_message *message = &found.list[i];

		if (!is_told(message, is_paste))
			continue;
		cause.count++;
		if (!cause.died_of && message->text->died_of)
			cause.died_of = error_words_at(message->text->died_of);
		if (!first || order[message->in_log] < order[first->in_log])
			first = message;
	}
	if (!first)
		return cause;
	cause.text = first->text;
	cause.means = first->means;
	quote_line(cause.quote, first->line);
	cause.n_causes = order_causes(cause.text, (struct text){ log, len }, cause.causes);
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

/*
 * Return whether this kernel was booted with EFI. Only boot_params proves that it was not, because
 * /sys/firmware is hidden in a container.
 */
static enum known has_efi(const struct efimap *map)
{
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT)
		return EFIMAP_KNOWN_YES;
	return capture_has(map, EFIMAP_SRC_BOOT_PARAMS) && !is_started_by_efi(map) &&
			       find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE
		       ? EFIMAP_KNOWN_NO
		       : EFIMAP_NOT_KNOWN;
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
		return has_efi(map);
	case EFIMAP_EXCLUDED_IF_BOOTED_WITHOUT_EFI:
		return known(has_efi(map) != EFIMAP_NOT_KNOWN, has_efi(map) == EFIMAP_KNOWN_NO);
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
	/* The opposite of these facts is the cause. */
	const bool is_setting = cause->excluded_if == EFIMAP_EXCLUDED_IF_KEXEC_ENABLED ||
				cause->excluded_if == EFIMAP_EXCLUDED_IF_NO_LIMIT ||
				cause->excluded_if == EFIMAP_EXCLUDED_IF_BOOTED_WITH_EFI;
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
