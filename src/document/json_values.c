/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "document/json_values.h"

#define REPLACEMENT_CHARACTER "\357\277\275"

/* Copy a text to @mended, in which U+FFFD replaces bytes that are not UTF-8, and return the copy.
 */
static const char *mend_text(const char *text, struct out *mended)
{
	while (*text) {
		const size_t length = utf8_length(text, EFIMAP_UTF8_MAX);

		if (length)
			out_write(mended, text, length);
		else
			out_puts(mended, REPLACEMENT_CHARACTER);
		text += length ? length : 1;
	}
	return out_text(mended);
}

void json_use_memory(void)
{
	json_set_alloc_funcs(memory_new, free);
}

json_t *json_text(const char *text)
{
	auto_out struct out mended = EFIMAP_OUT_MEM;
	json_t *value = text ? json_string(text) : json_null();

	return value || !text ? value : json_string(mend_text(text, &mended));
}

json_t *json_text_or_null(const char *text)
{
	return text && *text ? json_text(text) : json_null();
}

json_t *json_hex(uint64_t value)
{
	char text[sizeof("0x") + 16];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_string(text);
}

json_t *json_count(uint64_t value)
{
	return value > INT64_MAX ? json_real((double)value) : json_integer((json_int_t)value);
}

json_t *span_json(struct span span)
{
	json_t *object = json_object();

	json_put(object, "start", json_hex(span.first));
	json_put(object, "end", json_hex(span.last));
	return object;
}

void json_put(json_t *object, const char *key, json_t *value)
{
	auto_out struct out mended = EFIMAP_OUT_MEM;

	if (json_object_set(object, key, value))
		json_object_set(object, mend_text(key, &mended), value);
	json_decref(value);
}

json_t *json_document(const char *name, unsigned int version, const char *source)
{
	json_t *document;

	json_use_memory();
	document = json_object();
	json_put(document, "document", json_text(name));
	json_put(document, "version", json_count(version));
	json_put(document, "tool", json_text(EFIMAP_TOOL));
	json_put(document, "source", json_text(source));
	return document;
}

static int write_piece(const char *text, size_t size, void *out)
{
	out_write(out, text, size);
	return ((struct out *)out)->error;
}

void json_write(json_t *document, bool compact, struct out *out)
{
	const size_t flags = JSON_ENSURE_ASCII | (compact ? JSON_COMPACT : JSON_INDENT(2));

	json_dump_callback(document, write_piece, out, flags);
	out_putc(out, '\n');
	json_decref(document);
}
