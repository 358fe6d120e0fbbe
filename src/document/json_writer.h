/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A streaming JSON writer: a document is written member by member, so that memory does
 * not grow with it. What its members are says the table of its fields (document/field_tables.h):
 *
 *	return json_put_document(&document_dump, source, compact, &dump, out);
 *
 * Nothing here needs a check: errors stick to the out.
 *
 * What is written is printable ASCII: everything else is escaped (\u00NN, \uNNNN), so a
 * capture cannot send control sequences to a terminal, and every locale is fine.
 */
#ifndef DOCUMENT_JSON_WRITER_H
#define DOCUMENT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/output_buffer.h"
#include "document/field_tables.h"

/** JSON_MAX_DEPTH - objects and arrays that can be open at once; more is -EOVERFLOW */
#define JSON_MAX_DEPTH 12

/** struct json_level - an open object or array; @filled: does it have a member yet? */
struct json_level {
	bool filled;
	bool on_line;
	char closer;
};

/** struct json - a document being written; @depth counts it too, @compact has it on one line */
struct json {
	struct efimap_out *out;
	bool compact;
	unsigned int depth;
	struct json_level levels[JSON_MAX_DEPTH];
};

/**
 * struct document - a kind of document
 * @name:   its member "document"
 * @about:  what it holds: ABOUT()
 * @source: what its member "source" is: ABOUT(); NULL: SOURCE as it was named
 * @fields: its other members
 */
struct document {
	const char *name;
	const char *about;
	const struct fields *fields;
	const char *source;
};

/** json_begin() - open a document with "document", "version", "tool" and "source" */
void json_begin(struct json *json, const char *document, const char *source, bool compact,
		struct efimap_out *out);
/** json_open() - open a '{' or a '['; @key is NULL within an array; all of it on one line? */
void json_open(struct json *json, char opener, const char *key, bool on_line);
void json_close(struct json *json);

/** json_put_record() - the members that the table of a struct says, or @parts of it, 0 for all */
void json_put_record(struct json *json, const char *key, const struct fields *fields,
		     unsigned int parts, const void *record);
/** json_put_document() - a whole document of the struct that its table is of; the error of @out */
int json_put_document(const struct document *document, const char *source, bool compact,
		      const void *record, struct efimap_out *out);

/* Members, in an array with @key NULL; each on a line of its own but in a line object. */

/** json_put_text() - a string; bytes that are not UTF-8 become U+FFFD, NULL becomes null */
void json_put_text(struct json *json, const char *key, const char *text);
/** json_put_hex() - "0x1f000": every address, size, mask and page count */
void json_put_hex(struct json *json, const char *key, uint64_t value);
/** json_put_count() - a number: indices and counts */
void json_put_count(struct json *json, const char *key, uint64_t value);
/** json_put_bool() - true or false */
void json_put_bool(struct json *json, const char *key, bool value);

/** json_end() - close all that is open, and the document with a newline; 0 or the out's error */
int json_end(struct json *json);

/* The kinds of documents, and what their writers share */

/**
 * document_set_record() - a record of a list that lies nowhere as such
 *
 * It lives until the next one is asked for.
 */
void document_set_record(struct field_value *ret_value, const void *record, size_t size);

#endif
