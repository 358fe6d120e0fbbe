/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the only way to write XML and HTML
 *
 * The compiler enforces that markup is a string literal. Everything else is text and is escaped.
 * Code that has only a &struct xml cannot bypass escaping. Functions shared with terminal output
 * write plain text, which is collected first (see xml_gathered()).
 */
#ifndef SHOW_XML_WRITER_H
#define SHOW_XML_WRITER_H

#include "base/output_buffer.h"

struct xml;

/** xml_of() - return a writer for @out */
struct xml *xml_of(struct efimap_out *out);

/**
 * xml_put() - write markup, which must be a literal, and the values of its conversions
 *
 * Conversions are %s, %u, %zu, %jx and %%. The value of %s is text for content or for a quoted
 * attribute value. Characters that have a meaning in markup are written as character references.
 * Control characters (including newlines), invisible characters, and bytes that are not valid UTF-8
 * are written as \xNN.
 */
#define xml_put(xml, ...) xml_put_literal((xml), "" __VA_ARGS__)
/** xml_put_literal() - implement xml_put(); do not call it directly */
void xml_put_literal(struct xml *xml, const char *markup, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * xml_gathered() - return the plain text collected in @text, for a %s conversion
 *
 * Return: the text. If @text has an error, @xml gets this error, and "" is returned.
 */
const char *xml_gathered(struct xml *xml, struct efimap_out *text);
/** xml_lines() - write the plain text collected in @text, and keep its newlines */
void xml_lines(struct xml *xml, struct efimap_out *text);
/**
 * xml_data() - write an element with data that a browser neither shows nor runs
 * @id:   id of the element
 * @json: the content; escaped so that no text can end the element, but still valid JSON
 *
 * An attribute contains the SHA-256 digest of the content.
 */
void xml_data(struct xml *xml, const char *id, const struct efimap_out *json);
void xml_append(struct xml *xml, struct xml *part);

#endif
