/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text made harmless for XML and HTML, content and attributes alike. It knows nothing of
 * elements: those are written by whoever knows what they are.
 */
#include <errno.h>
#include <string.h>

#include <efimap/cleanup.h>

#include "text.h"
#include "xml.h"

static const char *reference(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

static void put(struct efimap_out *out, const char *text, bool keeps_lines)
{
	while (*text) {
		size_t length = text_utf8_length(text);
		const bool harmless = length && !text_is_treacherous(text, length) &&
				      ((*text == '\n' && keeps_lines) ||
				       !text_is_control(text, length));
		const char *instead = reference(*text);

		length = length ? length : 1;
		if (instead)
			efimap_out_puts(out, instead);
		else if (harmless)
			efimap_out_write(out, text, length);
		else
			for (size_t i = 0; i < length; i++)
				text_escape_byte(out, text[i]);
		text += length;
	}
}

void xml_text(struct efimap_out *out, const char *text)
{
	put(out, text, false);
}

void xml_lines(struct efimap_out *out, const char *text, size_t len)
{
	efimap_auto_free char *copy = len ? strndup(text, len) : NULL;

	if (len == 0)
		return;
	if (copy)
		put(out, copy, true);
	else if (!out->error)
		out->error = -ENOMEM;
}
