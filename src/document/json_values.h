/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Values of jansson that can be made from any text and any number. Exhausted memory ends the
 * program, so no function returns NULL, and callers of jansson need not check for it.
 */
#ifndef DOCUMENT_JSON_VALUES_H
#define DOCUMENT_JSON_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "base/address_span.h"
#include "base/output_buffer.h"

/*
 * Let jansson allocate memory with base/alloc.h. Call this before any other function of jansson,
 * which ignores some failed allocations: it would read an integer with fewer digits, or abort in
 * lex_unget_unsave().
 */
void json_use_memory(void);

/* Return a string, in which U+FFFD replaces bytes that are not UTF-8, or null if @text is NULL. */
json_t *json_text(const char *text);
/* Return a string, or null if @text is NULL or empty. */
json_t *json_text_or_null(const char *text);
/* Return a string such as "0x1f000". */
json_t *json_hex(uint64_t value);
/* Return a number. Above 2^63 - 1, which is the largest integer of jansson, it is rounded. */
json_t *json_count(uint64_t value);

/* Return an object with the members "start" and "end". */
json_t *span_json(struct span span);

/* Add a member, and take over the reference to @value. In @key, U+FFFD replaces bytes as above. */
void json_put(json_t *object, const char *key, json_t *value);

/* Return a document with the members "document", "version", "tool" and "source". */
json_t *json_document(const char *name, unsigned int version, const char *source);
/*
 * Write a document in ASCII, on one line if @compact, and free it. Control characters are escaped,
 * except DEL, so that a capture cannot send control sequences to a terminal.
 */
void json_write(json_t *document, bool compact, struct out *out);

#endif
