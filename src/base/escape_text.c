/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Escape text from captures, which is untrusted and may contain terminal control sequences. */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/utf8.h"

/*
 * Return whether a character may affect the terminal or hide text. The table lists control
 * characters (C0, DEL, C1), characters with the property Default_Ignorable_Code_Point in Unicode's
 * DerivedCoreProperties.txt, such as joiners, fillers and tags, and also line separators,
 * interlinear annotations, U+FFFE and U+FFFF.
 */
static bool is_invisible_or_control(const char *text, size_t length)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} rows[] = {
		{ 0, 0x1f },	      { 0x7f, 0x9f },	    { 0xad, 0xad },
		{ 0x34f, 0x34f },     { 0x61c, 0x61c },	    { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f },   { 0x200b, 0x200f },
		{ 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
		{ 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb },   { 0xfffe, 0xffff },   { 0x1bca0, 0x1bca3 },
		{ 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};
	const uint32_t code = utf8_decode(text, length);

	if (code >= ' ' && code <= '~')
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (code >= rows[i].first && code <= rows[i].last)
			return true;
	return false;
}

void out_escape_byte(struct out *out, char byte)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char c = (unsigned char)byte;
	char text[4] = { '\\', 'x', digits[c >> 4], digits[c & 15] };

	out_write(out, text, sizeof(text));
}

void out_escaped(struct out *out, const char *text)
{
	while (*text) {
		const size_t found = utf8_length(text, EFIMAP_UTF8_MAX);
		const size_t length = found ? found : 1;

		if (found && !is_invisible_or_control(text, length))
			out_write(out, text, length);
		else
			for (size_t i = 0; i < length; i++)
				out_escape_byte(out, text[i]);
		text += length;
	}
}

void out_ascii(struct out *out, const char *text)
{
	for (; *text; text++) {
		if (*text >= ' ' && *text <= '~')
			out_putc(out, *text);
		else
			out_escape_byte(out, *text);
	}
}

void out_xml(struct out *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '<')
			out_puts(out, "&lt;");
		else if (text[i] == '>')
			out_puts(out, "&gt;");
		else if (text[i] == '&')
			out_puts(out, "&amp;");
		else
			out_putc(out, text[i]);
	}
}

void out_shell_word(struct out *out, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				    "_@%+=:,./-";
	auto_out struct out shown = EFIMAP_OUT_MEM;
	bool is_octal;

	/* Quote a word that begins with "=", because zsh would expand it. */
	if (*text && *text != '=' && strspn(text, plain) == strlen(text)) {
		out_puts(out, text);
		return;
	}
	/*
	 * A text that out_escaped() would change is written as a $'…' string, which bash and
	 * zsh accept and POSIX.1-2024 specifies.
	 */
	out_escaped(&shown, text);
	is_octal = shown.used != strlen(text);
	out_puts(out, is_octal ? "$'" : "'");
	for (; *text; text++) {
		if (!is_octal && *text == '\'')
			out_puts(out, "'\\''");
		else if (is_octal && (*text < ' ' || *text > '~' || *text == '\'' || *text == '\\'))
			out_printf(out, "\\%03o", (unsigned int)(unsigned char)*text);
		else
			out_putc(out, *text);
	}
	out_putc(out, '\'');
}
