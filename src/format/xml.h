/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Text within XML and HTML. */
#ifndef FORMAT_XML_H
#define FORMAT_XML_H

#include <efimap/out.h>

/**
 * xml_text() - append text as content or as the value of an attribute
 *
 * What markup is made of becomes references. What XML 1.0 forbids or a reader cannot see
 * becomes \xNN: control characters but newline, bytes that are not UTF-8, U+FFFE and
 * U+FFFF, and characters that turn the direction of text around.
 */
void xml_text(struct efimap_out *out, const char *text);

/** xml_textn() - the same for @len bytes without a zero among them */
void xml_textn(struct efimap_out *out, const char *text, size_t len);

#endif
