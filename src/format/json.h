/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A streaming JSON writer. The envelope of a document is written member by member; what
 * is small can be one jansson value, written and freed at once, so that memory does not
 * grow with the document:
 *
 *	struct json json;
 *
 *	json_begin(&json, "efimap-dump", source, compact, out);
 *	json_put_text(&json, "mapping", name);
 *	json_open_array(&json, "entries");
 *	for (...)
 *		json_put(&json, NULL, entry_value(...));
 *	json_close(&json);
 *	return json_end(&json);
 *
 * Nothing here needs a check: a value that could not be built is NULL, and whoever is
 * given a NULL value makes it the out's sticky -ENOMEM.
 *
 * What is written is printable ASCII: everything else is escaped (\u00NN, \uNNNN), so a
 * capture cannot send control sequences to a terminal, and every locale is fine.
 */
#ifndef FORMAT_JSON_H
#define FORMAT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <efimap/out.h>

/** JSON_MAX_DEPTH - objects and arrays that can be open at once; more is -EOVERFLOW */
#define JSON_MAX_DEPTH 8

/**
 * struct json_level - an open object or array
 * @filled:  does it have a member yet?
 * @on_line: its members stand on one line
 * @closer:  '}' or ']'
 */
struct json_level {
	bool filled;
	bool on_line;
	char closer;
};

/**
 * struct json - a document being written
 * @out:     where
 * @compact: one line without blanks
 * @depth:   open objects and arrays, the document included
 * @levels:  what is open
 */
struct json {
	struct efimap_out *out;
	bool compact;
	unsigned int depth;
	struct json_level levels[JSON_MAX_DEPTH];
};

/**
 * json_begin() - open a document with "document", "version", "tool" and "source"
 * @document: "efimap-dump"
 * @source:   SOURCE as the user named it
 * @compact:  one line without blanks, for ndjson and several sources
 * @out:      where
 */
void json_begin(struct json *json, const char *document, const char *source, bool compact,
		struct efimap_out *out);
/** json_open_object() - open an object; @key is NULL within an array */
void json_open_object(struct json *json, const char *key);
/** json_open_array() - open an array; @key is NULL within an array */
void json_open_array(struct json *json, const char *key);
/** json_open_line_object() - as json_open_object(), all of it on one line */
void json_open_line_object(struct json *json, const char *key);
/** json_open_line_array() - as json_open_array(), all of it on one line */
void json_open_line_array(struct json *json, const char *key);
/** json_close() - close what was opened last */
void json_close(struct json *json);
/**
 * json_put() - write a value on one line and free it
 * @key:   NULL within an array
 * @value: taken over; NULL (no memory) becomes -ENOMEM
 */
void json_put(struct json *json, const char *key, json_t *value);

/*
 * The same bytes as json_put() of the same value, without building one: for what a
 * document has thousands of.
 */

/** json_put_text() - a string, as json_text() has it */
void json_put_text(struct json *json, const char *key, const char *text);
/** json_put_hex() - "0x1f000" */
void json_put_hex(struct json *json, const char *key, uint64_t value);
/** json_put_count() - a number */
void json_put_count(struct json *json, const char *key, size_t value);

/** json_end() - close the document with a newline; 0 or the out's error */
int json_end(struct json *json);

/* Values. All return a new reference, or NULL without memory. */

/** json_text() - a string; bytes that are not UTF-8 become U+FFFD, NULL becomes null */
json_t *json_text(const char *text);
/** json_hex() - "0x1f000": every address, size, mask and page count */
json_t *json_hex(uint64_t value);
/** json_count() - a number: indices and counts */
json_t *json_count(size_t value);

/*
 * Building blocks for objects and arrays. They take @value over, and a failure frees the
 * whole of *@object and leaves NULL there, which the next call passes on: build freely,
 * and hand what is left to json_put().
 */

/** json_member() - add a member to *@object */
void json_member(json_t **object, const char *key, json_t *value);
/** json_element() - append an element to *@array */
void json_element(json_t **array, json_t *value);

#endif
