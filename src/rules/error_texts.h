/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_ERROR_TEXTS_H
#define RULES_ERROR_TEXTS_H

#include <stdint.h>

#include "base/text_scan.h"
#include "infer/change_ids.h"
#include "linux/encode_setup_data.h"
#include "rules/report.h"

#define EFIMAP_MAX_ERROR_CAUSES 6
#define EFIMAP_MAX_CAUSE_RULES 16

/** enum excluded_if - a fact about a system that excludes a cause for every kernel */
enum excluded_if {
	EFIMAP_EXCLUDED_IF_NOTHING,
	EFIMAP_EXCLUDED_IF_KEXEC_ENABLED,
	EFIMAP_EXCLUDED_IF_NO_LIMIT,
	EFIMAP_EXCLUDED_IF_NOT_LOCKED_DOWN,
	EFIMAP_EXCLUDED_IF_MEMORY_RESERVED,
	EFIMAP_EXCLUDED_IF_BOTH_CALLS,
	EFIMAP_EXCLUDED_IF_BOOTED_WITH_EFI,
	EFIMAP_EXCLUDED_IF_BOOTED_WITHOUT_EFI,
	EFIMAP_EXCLUDED_IF_STARTED_BY_FIRMWARE,
};

/*
 * The texts of causes and messages. The structs contain positions instead of pointers, because each
 * pointer would need a relocation at program start.
 */
extern const char error_words[];

/** error_words_at() - return the text at a position; "" for 0, which stands for a missing text */
static inline const char *error_words_at(uint32_t position)
{
	return error_words + position;
}

/**
 * struct error_cause - a cause of one or more messages
 * @decides: the file or command that shows whether the cause applies
 * @fix:     how to remove the cause; lines as in rule_explains()
 * @first_if: words in lower case, one wording on each line; if a text contains all of them, this
 *            cause comes first; or missing
 * @only_if: if a text does not contain the words of @first_if, this is no cause of its messages
 * @corrected_by: the change (enum change) that removes this cause, or EFIMAP_CHANGE_COUNT;
 *                used only with @first_if
 * @depends_on_image: the image or the initrd that was loaded decides whether the cause applies
 * @rules:   the rules (enum rule_id), or variants (enum rule_variant_id) of rules, that
 *           report this cause; the variant -1 stands for all variants of the rule
 */
struct error_cause {
	uint32_t says;
	uint32_t decides;
	uint32_t fix;
	uint32_t first_if;
	bool only_if;
	enum change corrected_by;
	enum excluded_if excluded_if;
	bool depends_on_image;
	uint8_t n_rules;
	struct {
		uint16_t rule;
		int16_t variant;
	} rules[EFIMAP_MAX_CAUSE_RULES];
};

/**
 * enum in_log - importance of a message in a log
 * @EFIMAP_IN_LOG_MAIN:     the message shows a cause
 * @EFIMAP_IN_LOG_FOLLOWS:  the message reports a failure whose cause an earlier message shows
 * @EFIMAP_IN_LOG_HARMLESS: healthy machines print the message, too
 * @EFIMAP_IN_LOG_GENERAL:  the message usually has nothing to do with kexec, so it is explained
 *                          only to somebody who asks for it
 */
enum in_log {
	EFIMAP_IN_LOG_MAIN,
	EFIMAP_IN_LOG_FOLLOWS,
	EFIMAP_IN_LOG_HARMLESS,
	EFIMAP_IN_LOG_GENERAL,
};

/**
 * enum place - what a message about the place of a fault is found by, in an oops
 * @EFIMAP_PLACE_NONE:     the message is not about an oops
 * @EFIMAP_PLACE_FUNCTION: the names of functions
 * @EFIMAP_PLACE_FIRMWARE: also the address of an instruction of the firmware
 * @EFIMAP_PLACE_PANIC:    also a panic before the oops
 */
enum place {
	EFIMAP_PLACE_NONE,
	EFIMAP_PLACE_FUNCTION,
	EFIMAP_PLACE_FIRMWARE,
	EFIMAP_PLACE_PANIC,
};

/**
 * struct error_text - a message of a program or the kernel
 * @messages: all wordings of the message, one on each line; "..." stands for any text
 * @went_on:  what the message means if the boot went on, so that it is no fault; or missing
 * @loader:   the system call that failed, or EFIMAP_LOADER_COUNT if the message does not show it
 * @died_of:  if the kernel that prints the message then stops: the reason; else missing
 * @causes:   indices in error_causes, the most frequent cause first
 */
struct error_text {
	uint32_t messages;
	uint32_t printed_by;
	uint32_t means;
	uint32_t went_on;
	uint32_t died_of;
	enum kexec_loader loader;
	enum in_log in_log;
	enum place place;
	uint8_t n_causes;
	uint8_t causes[EFIMAP_MAX_ERROR_CAUSES];
};

extern const struct error_cause error_causes[];
extern const struct error_text error_texts[];
extern const size_t n_error_texts;

/**
 * order_causes() - list the causes of a message, the most likely one in a text first
 * @found_in:   the text that contains the message; may contain any bytes
 * @ret_causes: receives indices in error_causes. Causes whose "first_if" the text contains come
 *              first, unless the text is the log of a kernel that has the change "corrected_by".
 *              Otherwise, a cause with "only_if" is left out. The order of the others is that of
 *              @text->causes.
 *
 * Return: the number of causes.
 */
size_t order_causes(const struct error_text *text, struct text found_in,
		    uint8_t ret_causes[EFIMAP_MAX_ERROR_CAUSES]);

/**
 * error_cause_finding() - return the first finding in @report that shows @cause, or NULL
 *
 * A finding about data that was not read, or about a condition that no file shows, is ignored.
 */
const struct finding *error_cause_finding(const struct error_cause *cause,
					  const struct report *report);

/**
 * enum cause_here - whether a cause of a message holds on a system
 * @EFIMAP_HERE_NOT_CHECKED: nothing that was read decides
 * @EFIMAP_HERE_APPLIES:     a finding of verify, or a setting, shows the cause
 * @EFIMAP_HERE_EXCLUDED:    a setting of the system excludes the cause for every kernel
 * @EFIMAP_HERE_DEPENDS:     the cause depends on the kernel that was loaded
 */
enum cause_here {
	EFIMAP_HERE_NOT_CHECKED,
	EFIMAP_HERE_APPLIES,
	EFIMAP_HERE_EXCLUDED,
	EFIMAP_HERE_DEPENDS,
};

const char *cause_here_name(unsigned int here);

/**
 * find_cause_here() - find out whether @cause holds on the system of @map
 * @map:    a capture, or NULL
 * @report: a report of verify on @map, or NULL if verify checked no load
 *
 * A cause that depends on the image or the initrd is never excluded, because other files may have
 * been loaded. Data that was not read excludes nothing.
 */
enum cause_here find_cause_here(const struct error_cause *cause, const struct efimap *map,
				const struct report *report);

/**
 * struct known_message - a known message in a text
 * @line:    the first line that contains it, or both lines of a message that was wrapped; for an
 *           oops, its first line
 * @is_part: the line does not contain the message, but a part of it, or its errno
 * @in_log:  its importance in this text
 * @means:   what it means in this text
 * @follows: number of the message, counted from 1, whose effect this message is; or 0
 */
struct known_message {
	const struct error_text *text;
	struct text line;
	bool is_part;
	enum in_log in_log;
	const char *means;
	size_t follows;
};

/**
 * struct known_messages - the known messages that a text contains
 * @list:  the messages in the order of the text
 * @rules: for each rule, whether the text contains a kernel message that the rule reports
 */
struct known_messages {
	struct known_message *list;
	size_t n;
	bool rules[EFIMAP_RULE_COUNT];
	size_t n_rules;
};

/**
 * find_messages() - search a text for known messages
 * @text:   lines of a console or a log, or words that a user remembers; may contain any bytes
 * @is_log: the text consists of complete messages
 *
 * In each line, the longest message of error_texts is found or, if the line contains none,
 * the longest message of the rules. Prefixes such as time stamps are ignored, and a number in a
 * message matches any number, except that "0x" must be equal, a number after "(-", which is an
 * errno, and the status of a firmware call. All quotation marks are equal. A message may continue
 * on the next line. An oops is one message, which depends on the functions in its call trace. If a
 * line contains "kexec" and the text, the name or the number of an errno, but no other message, the
 * messages about system calls that failed with this errno are found, in a short text also if
 * "kexec" and the errno are on different lines. If no line contains a message, and @text is no log
 * and has at least eight characters, two kinds of messages are found: messages that contain @text,
 * and kernel messages whose text after the module, such as "efi: ", is at the start of @text.
 *
 * Return: the messages. Free them with known_messages_free().
 */
struct known_messages find_messages(const char *text, size_t len, bool is_log);
void known_messages_free(struct known_messages *found);

/* Maximum size of a quoted line of a log in bytes, with the '\0' */
#define EFIMAP_LOG_QUOTE_MAX 124U

/**
 * quote_line() - copy a line of a log without time stamp and control characters
 * @quote: ends with "..." if the line is too long
 */
void quote_line(char quote[EFIMAP_LOG_QUOTE_MAX], struct text line);

/**
 * struct log_cause - what the messages in a log show
 * @text:    the message that shows the cause, or NULL if no message of error_texts is known
 * @means:   what the message means in this log
 * @causes:  the causes of the message, as order_causes() lists them, and their number
 * @quote:   the line with the message, without control characters; longer lines are truncated
 * @died_of: the reason why the kernel stopped, or NULL if no message shows that it did
 * @count:   number of different known messages, without harmless ones
 */
struct log_cause {
	const struct error_text *text;
	const char *means;
	uint8_t causes[EFIMAP_MAX_ERROR_CAUSES];
	size_t n_causes;
	char quote[EFIMAP_LOG_QUOTE_MAX];
	const char *died_of;
	size_t count;
};

/**
 * find_log_cause() - search the messages of one boot for the cause of a failure
 * @log:      lines of a log, or a text that somebody pasted
 * @is_paste: the text shows no kernel, so somebody pasted it because of its message
 *
 * The first message that shows a cause is returned or, without such a message, the first message
 * about a failure whose cause an earlier message would show. In a text that was pasted, general
 * messages and messages that healthy machines print come last. In a log, they are ignored.
 */
struct log_cause find_log_cause(const char *log, size_t len, bool is_paste);

/**
 * closest_message() - find the message in error_texts that is most similar to a text
 *
 * The message with the most characters in shared words is the most similar. Words with fewer than
 * four characters and the texts of errnos are ignored. Of the characters in the words of the
 * message, and of those in the words of the text, more than two thirds must be in shared words.
 *
 * Return: the message, or NULL if no message shares most of its words with the text.
 */
const struct error_text *closest_message(const char *text, size_t len);

#endif
