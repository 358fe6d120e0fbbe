/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the one way into XML and HTML
 *
 * What is markup is a literal of the source, which the compiler sees to; all else is
 * text, and is escaped. The output behind a writer is in xml_writer.c alone, so nothing gets
 * around that: code that a terminal shares gathers plain text first, xml_gathered().
 */
#ifndef SHOW_XML_WRITER_H
#define SHOW_XML_WRITER_H

#include "base/output_buffer.h"

/** struct xml - an output as a document, or a part of one, being written; errors stick */
struct xml;

/** xml_of() - for who makes it; whoever writes markup does not know the output */
struct xml *xml_of(struct efimap_out *out);

/**
 * xml_put() - write markup, a literal, and what stands for its conversions
 *
 * Conversions are %s, %u, %zu, %jx and %%. What %s stands for is text, content or the value of
 * an attribute in quotes: what markup is made of becomes references. What XML 1.0 forbids
 * or a reader cannot see becomes \xNN: control characters, newlines too, bytes that are
 * not UTF-8, U+FFFE and U+FFFF, and characters that turn the direction of text around.
 */
#define xml_put(xml, ...) xml_put_literal((xml), "" __VA_ARGS__)
/** xml_put_literal() - for xml_put() alone, which lets nothing but literals through */
void xml_put_literal(struct xml *xml, const char *markup, ...)
	__attribute__((format(printf, 2, 3)));

/** xml_gathered() - plain text gathered in @text for a %s; "" if that has an error */
const char *xml_gathered(struct xml *xml, struct efimap_out *text);
/** xml_lines() - write plain text gathered in @text, which can have several lines */
void xml_lines(struct xml *xml, struct efimap_out *text);
/**
 * xml_data() - write an element that a browser neither shows nor runs, and programs read
 * @id:   of the element
 * @json: gathered; where it stands no text can end the element, and it stays JSON
 *
 * The element has a digest of what is in it.
 */
void xml_data(struct xml *xml, const char *id, const struct efimap_out *json);
/** xml_append() - write a part that was gathered in memory */
void xml_append(struct xml *xml, struct xml *part);

#endif
