/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: JSON as a stream of tokens
 *
 * A document is never in memory as a whole: of a window over the input one token is taken
 * after the other. What is plain (a string of ASCII without escapes, a whole number) is
 * read in place; whatever else a scalar can be is jansson's to decode. Measured on a
 * snapshot of 10,000 entries, jansson takes seven times what a bare streaming parser
 * takes when it is given each record, and thirteen times with the whole text.
 */
#ifndef READ_SNAPSHOT_JSON_H
#define READ_SNAPSHOT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/out.h"
#include "read/input.h"

/** enum efimap_json_type - what a value is */
enum efimap_json_type {
	EFIMAP_JSON_OBJECT,
	EFIMAP_JSON_ARRAY,
	EFIMAP_JSON_STRING,
	EFIMAP_JSON_INTEGER,
	EFIMAP_JSON_FRACTION,
	EFIMAP_JSON_TRUE,
	EFIMAP_JSON_FALSE,
	EFIMAP_JSON_NULL,
};

/**
 * struct efimap_json - a position in a document
 * @input:  where the text comes from
 * @limit:  bytes; a longer document is refused
 * @err:    where complaints go
 * @ret:    0, or what stopped reading; sticks
 * @at:     the next byte of the window
 * @end:    of the window
 * @taken:  bytes of the input up to @end
 * @line:   counted from 1
 * @begins: bytes of the input before that line
 * @token:  bytes of the input before the token that was taken last
 * @window: owned; NULL while the head of the input is looked at
 * @text:   the last string
 */
struct efimap_json {
	struct efimap_input *input;
	size_t limit;
	struct efimap_err *err;
	int ret;
	const char *at;
	const char *end;
	size_t taken;
	uint64_t line;
	size_t begins;
	size_t token;
	char *window;
	struct efimap_out text;
};

/**
 * struct efimap_scalar - a value that holds no others
 * @type:   one of the scalar types
 * @text:   a string, terminated; valid until the next token is taken
 * @len:    its bytes
 * @number: EFIMAP_JSON_INTEGER
 */
struct efimap_scalar {
	enum efimap_json_type type;
	const char *text;
	size_t len;
	int64_t number;
};

/** efimap_json_open() - begin at the first byte of @input, of which the head was read */
void efimap_json_open(struct efimap_json *json, struct efimap_input *input, size_t limit,
		      struct efimap_err *err);
/** efimap_json_close() - free what reading took; @input stays open */
void efimap_json_close(struct efimap_json *json);
#define efimap_auto_json __attribute__((cleanup(efimap_json_close)))

/**
 * efimap_json_peek() - the byte that begins the next token
 *
 * Return: 0 at the end of the text, and when reading failed.
 */
char efimap_json_peek(struct efimap_json *json);
/** efimap_json_take() - take the token @mark, one of {}[],: if it is the next */
bool efimap_json_take(struct efimap_json *json, char mark);
/** efimap_json_end() - is nothing left? 0, -EBADMSG, or what reading returned */
int efimap_json_end(struct efimap_json *json);
/** efimap_json_scalar() - take a scalar; returns 0, -EBADMSG or what reading returned */
int efimap_json_scalar(struct efimap_json *json, struct efimap_scalar *ret_scalar);
/**
 * efimap_json_pass() - take a scalar that nobody asked for
 *
 * A string is neither kept nor decoded, however long it is.
 */
int efimap_json_pass(struct efimap_json *json);
/**
 * efimap_json_fail() - say what is wrong with the token that was taken last, with its place
 *
 * Return: -EBADMSG; or why the text could not be read, when that is what is wrong.
 */
int efimap_json_fail(struct efimap_json *json, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** efimap_json_no_memory() - say that there is none; always -ENOMEM */
int efimap_json_no_memory(struct efimap_json *json);
/** efimap_json_unexpected() - the same of the next token, which is not what was @expected */
int efimap_json_unexpected(struct efimap_json *json, const char *expected);

#endif
