/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text made harmless for XML and HTML, content and attributes alike. It knows nothing of
 * elements: those are written by whoever knows what they are.
 */
#include <errno.h>
#include <stdint.h>
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

/* Of a sequence of three bytes: the only ones that matter here lie in U+2000 to U+FFFF.
 */
static bool is_treacherous(const char *text, size_t length)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} rows[] = {
		{ 0x200b, 0x200f }, /* no width, left-to-right mark, right-to-left mark */
		{ 0x2028,
		  0x202e }, /* line and paragraph separator, embedding, override */
		{ 0x2060, 0x206f }, /* no width, isolates */
		{ 0xfeff, 0xfeff }, /* no width */
		{ 0xfffe, 0xffff }, /* no characters */
	};
	const unsigned char *s = (const unsigned char *)text;
	uint32_t code;

	if (length != 3)
		return false;
	code = (uint32_t)(s[0] & 0xf) << 12 | (uint32_t)(s[1] & 0x3f) << 6 |
	       (s[2] & 0x3f);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (code >= rows[i].first && code <= rows[i].last)
			return true;
	return false;
}

void xml_text(struct efimap_out *out, const char *text)
{
	while (*text) {
		size_t length = text_utf8_length(text);
		const bool harmless = length && !is_treacherous(text, length) &&
				      (*text == '\n' || !text_is_control(text, length));
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

void xml_textn(struct efimap_out *out, const char *text, size_t len)
{
	efimap_auto_free char *copy = len ? strndup(text, len) : NULL;

	if (len == 0)
		return;
	if (copy)
		xml_text(out, copy);
	else if (!out->error)
		out->error = -ENOMEM;
}
