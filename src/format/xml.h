/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text within XML and HTML. */
#ifndef FORMAT_XML_H
#define FORMAT_XML_H

#include <efimap/out.h>

/**
 * xml_text() - append text as content or as the value of an attribute
 *
 * What markup is made of becomes references. What XML 1.0 forbids or a reader cannot see
 * becomes \xNN: control characters, bytes that are not UTF-8, U+FFFE and
 * U+FFFF, and characters that turn the direction of text around.
 */
void xml_text(struct efimap_out *out, const char *text);

/** xml_lines() - the same for @len bytes of text of our own, which can have several lines */
void xml_lines(struct efimap_out *out, const char *text, size_t len);

#endif
