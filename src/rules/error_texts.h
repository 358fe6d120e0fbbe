/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_ERROR_TEXTS_H
#define RULES_ERROR_TEXTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text_scan.h"

/*
 * The texts of messages. struct error_text contains positions instead of pointers, because each
 * pointer would need a relocation at program start.
 */
extern const char error_words[];

/** error_words_at() - return the text at a position */
static inline const char *error_words_at(uint32_t position)
{
	return error_words + position;
}

/**
 * enum place - what a message about the place of a fault is found by, in an oops
 * @EFIMAP_PLACE_NONE:     the message is not about an oops
 * @EFIMAP_PLACE_FUNCTION: the names of functions
 * @EFIMAP_PLACE_FIRMWARE: also the address of an instruction of the firmware
 */
enum place {
	EFIMAP_PLACE_NONE,
	EFIMAP_PLACE_FUNCTION,
	EFIMAP_PLACE_FIRMWARE,
};

/**
 * struct error_text - a message of the kernel, kexec-tools or another program
 * @messages: all wordings of the message, one on each line; "..." stands for any text
 * @when:     the conditions under which the source of the program prints the message
 * @check:    the command, file or rule that decides on a machine
 * @is_harmless: healthy machines print the message, too
 */
struct error_text {
	uint32_t messages;
	uint32_t printed_by;
	uint32_t means;
	uint32_t when;
	uint32_t check;
	bool is_harmless;
	enum place place;
};

extern const struct error_text error_texts[];
extern const size_t n_error_texts;

/**
 * struct known_message - a known message in a text
 * @line: the first line that contains it, or both lines of a message that was wrapped; for an
 *        oops, its first line
 */
struct known_message {
	const struct error_text *text;
	struct text line;
};

/**
 * struct known_messages - the known messages that a text contains
 * @list:  the messages in the order of the text
 */
struct known_messages {
	struct known_message *list;
	size_t n;
};

/**
 * find_messages() - search a text for known messages
 * @text: lines of a console or a log; may contain any bytes
 *
 * In each line, the longest message is found. Prefixes such as time stamps are ignored, and a
 * number in a message matches any number, but "0x" must be equal, and so must a number after "(-",
 * which is an errno. All quotation marks are equal. A message may continue on the next line. The
 * functions and the instruction in the call trace of an oops show its place.
 *
 * Return: the messages. Free them with known_messages_free().
 */
struct known_messages find_messages(const char *text, size_t len);
void known_messages_free(struct known_messages *found);

/** count_faults() - return the number of messages that healthy machines do not print */
size_t count_faults(const struct known_messages *found);

/* Maximum size of a quoted line of a log in bytes, with the '\0' */
#define EFIMAP_LOG_QUOTE_MAX 124U

/**
 * quote_line() - copy a line of a log without time stamp and control characters
 * @quote: ends with "..." if the line is too long
 */
void quote_line(char quote[EFIMAP_LOG_QUOTE_MAX], struct text line);

#endif
