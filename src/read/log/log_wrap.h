/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what programs pack a kernel's log into
 *
 * journalctl's formats for programs, "dmesg --json", UTF-16 of a console on Windows or of the
 * UEFI shell: known by the first bytes of the file, and taken off before anybody looks for
 * time stamps in a line (log_lines.c).
 */
#ifndef READ_LOG_LOG_WRAP_H
#define READ_LOG_LOG_WRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "read/input.h"
#include "read/text.h"

/**
 * enum efimap_log_form - how messages stand in a file
 * @EFIMAP_LOG_TEXT:   a line each
 * @EFIMAP_LOG_JSON:   an object a line: journalctl -o json, json-sse, json-seq
 * @EFIMAP_LOG_PRETTY: a member a line: journalctl -o json-pretty
 * @EFIMAP_LOG_EXPORT: fields a line each, entries with an empty line between: -o export
 * @EFIMAP_LOG_DMESG:  "dmesg --json": members of objects a line each
 */
enum efimap_log_form {
	EFIMAP_LOG_TEXT,
	EFIMAP_LOG_JSON,
	EFIMAP_LOG_PRETTY,
	EFIMAP_LOG_EXPORT,
	EFIMAP_LOG_DMESG,
};

enum efimap_log_form efimap_log_form_of(const struct efimap_input *input);

/**
 * struct efimap_log_wrap - where in the packing the reader is; zeroed for plain text
 * @form:      of the file
 * @is_kernel: of an entry of EXPORT or PRETTY: the kernel wrote it
 * @message:   of that entry, or of the line that was unpacked last
 */
struct efimap_log_wrap {
	enum efimap_log_form form;
	bool is_kernel;
	char message[2048];
	size_t len;
};

/**
 * efimap_log_unwrap() - the message that a line completes
 * @line: of the file, without its newline; then the message
 *
 * Return: false where it completes none, or one that the kernel did not write.
 */
bool efimap_log_unwrap(struct efimap_log_wrap *wrap, struct efimap_text *line);

/**
 * struct efimap_utf16 - a decoder between two pieces of a text; zeroed for any other text
 * @has_byte: a unit has begun, with @byte
 */
struct efimap_utf16 {
	bool is_on;
	bool is_big;
	bool has_byte;
	uint8_t byte;
};

/** efimap_utf16_of() - by the byte order mark with which a text begins */
void efimap_utf16_of(const struct efimap_input *input, struct efimap_utf16 *ret_utf16);
/**
 * efimap_utf16_decode() - the next bytes as ASCII, in place; returns how many are left
 *
 * All that a log is read for is ASCII. Another character is a '?', but for the mark.
 */
size_t efimap_utf16_decode(struct efimap_utf16 *utf16, char *data, size_t len);

#endif
