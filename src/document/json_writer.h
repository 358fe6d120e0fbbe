/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write JSON documents member by member. Callers need not check for errors, because the output
 * buffer keeps the first one. Strings are written in printable ASCII. All other characters are
 * escaped, so that a capture cannot send control sequences to a terminal.
 */
#ifndef DOCUMENT_JSON_WRITER_H
#define DOCUMENT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"
#include "document/field_tables.h"

/* Maximum nesting of a document. Field tables determine the nesting, and not the data. */
#define JSON_MAX_DEPTH 12

/* An open object or array. @filled is set after its first member was written. */
struct json_level {
	bool filled;
	bool on_line;
	char closer;
};

/*
 * A document that is being written.
 *
 * @compact: write the document as a single line
 * @members: comma-separated list of the members to write from tables with fields.is_selectable;
 *           NULL to write all members
 * @depth:   number of open objects and arrays, including the document itself
 */
struct json {
	struct out *out;
	bool compact;
	const char *members;
	unsigned int depth;
	struct json_level levels[JSON_MAX_DEPTH];
};

/* Version of all documents except snapshots. */
#define DOCUMENT_VERSION 1

/* Begin a document with the members "document", "version", "tool" and "source". */
void json_begin(struct json *json, const char *document, unsigned int version, const char *source,
		bool compact, struct out *out);
/* Open an object or array. @key is NULL inside an array. @on_line: all members are on one line. */
void json_open(struct json *json, char opener, const char *key, bool on_line);
void json_close(struct json *json);

/*
 * Write the document whose table is @document. @record is the struct that the table describes, and
 * @members selects members as in struct json.
 */
void json_put_document(const struct fields *document, const char *source, bool compact,
		       const char *members, const void *record, struct out *out);

/* The functions json_put_*() write a member, or an element of an array if @key is NULL. */

/* Write a string. Bytes that are not UTF-8 become U+FFFD. NULL is written as null. */
void json_put_text(struct json *json, const char *key, const char *text);
void json_put_hex(struct json *json, const char *key, uint64_t value);
void json_put_count(struct json *json, const char *key, uint64_t value);
void json_put_bool(struct json *json, const char *key, bool value);

/* Close all levels, and end the document with a newline. Return 0 or the error of the output. */
void json_end(struct json *json);

/*
 * Write the value of a member as text, without quotation marks. @name ends at its first comma. If
 * the value is a list, write commas between its elements. Write "?" for a list that is null, and
 * nothing for any other value that is null or omitted. Return whether the table has the member.
 */
bool document_put_text(const struct fields *fields, const char *name, const void *record,
		       struct out *out);

#endif
