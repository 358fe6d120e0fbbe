/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Text from captures made harmless, and sizes for people. A capture is untrusted:
 * its labels may hold terminal escapes. Knows nothing of entries or findings.
 */
#include <string.h>

#include "base/utf8.h"
#include "show/text_style.h"

/* Of a sentence on a terminal, from its second line on */
#define SENTENCE_INDENT 4

/*
 * Would a terminal obey it, or does it make text look like another one? Controls, those beyond
 * ASCII too, and what Unicode calls Default_Ignorable_Code_Point (DerivedCoreProperties.txt):
 * marks of direction, joiners, fillers, variations, tags; and a few that are none of these.
 */
static bool text_is_treacherous(const char *text, size_t length)
{
	static const struct {
		uint32_t first;
		uint32_t last;
	} rows[] = {
		{ 0, 0x1f },	      { 0x7f, 0x9f },
		{ 0xad, 0xad },	      { 0x34f, 0x34f },	    { 0x61c, 0x61c },
		{ 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
		{ 0x200b, 0x200f },
		{ 0x2028, 0x202e }, /* with the separators of lines and paragraphs */
		{ 0x2060, 0x206f },   { 0x3164, 0x3164 },   { 0xfe00, 0xfe0f },
		{ 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },
		{ 0xfff0, 0xfffb }, /* with interlinear text */
		{ 0xfffe, 0xffff }, /* no characters */
		{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
	};
	const uint32_t code = efimap_utf8_decode(text, length);

	/* As most text is, ASCII first of all. */
	if (code >= ' ' && code <= '~')
		return false;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (code >= rows[i].first && code <= rows[i].last)
			return true;
	return false;
}

void text_escape_byte(struct efimap_out *out, char byte)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char c = (unsigned char)byte;
	char text[4] = { '\\', 'x', digits[c >> 4], digits[c & 15] };

	efimap_out_write(out, text, sizeof(text));
}

size_t text_safe_character(struct efimap_out *out, const char *text)
{
	const size_t found = efimap_utf8_length(text, EFIMAP_UTF8_MAX);
	const size_t length = found ? found : 1;

	if (found && !text_is_treacherous(text, length))
		efimap_out_write(out, text, length);
	else
		for (size_t i = 0; i < length; i++)
			text_escape_byte(out, text[i]);
	return length;
}

void efimap_out_safe(struct efimap_out *out, const char *text)
{
	while (*text)
		text += text_safe_character(out, text);
}

void text_ascii(struct efimap_out *out, const char *text)
{
	for (; *text; text++) {
		if (*text >= ' ' && *text <= '~')
			efimap_out_putc(out, *text);
		else
			text_escape_byte(out, *text);
	}
}

/* Rounded down, so that it never claims more than there is. */
void text_size(struct efimap_out *out, uint64_t bytes)
{
	static const char units[] = "BKMGTPE";
	unsigned int unit = 0, tenths = 0;

	while (unit < 6 && bytes >> (10 * (unit + 1)))
		unit++;
	/* The ten bits below the unit are enough for one decimal. */
	if (unit)
		tenths = (unsigned int)(bytes >> (10 * (unit - 1)) & 1023) * 10 / 1024;
	efimap_out_printf(out, "%llu", (unsigned long long)(bytes >> (10 * unit)));
	if (tenths)
		efimap_out_printf(out, ".%u", tenths);
	efimap_out_putc(out, units[unit]);
}

void text_span_size(struct efimap_out *out, uint64_t bytes)
{
	if (bytes)
		text_size(out, bytes);
	else
		efimap_out_puts(out, "16E");
}

void text_blanks(struct efimap_out *out, size_t count)
{
	while (count--)
		efimap_out_putc(out, ' ');
}

void text_plural(struct efimap_out *out, size_t count, const char *one, const char *many)
{
	efimap_out_printf(out, "%zu %s", count, count == 1 ? one : many);
}

/* Columns of the first @len bytes, where every character has one. */
static size_t columns_of(const char *text, size_t len)
{
	size_t columns = 0;

	/* Every byte but those that continue a character. */
	for (size_t i = 0; i < len; i++)
		columns += (text[i] & 0xc0) != 0x80;
	return columns;
}

void text_flow(struct efimap_out *out, const char *text, size_t len, size_t column,
	       unsigned int indent, unsigned int width)
{
	const char *end = text + len;
	bool at_start = true;

	text += strspn(text, " \n");
	while (text < end) {
		const size_t left = (size_t)(end - text), whole = strcspn(text, " \n");
		const size_t word = whole < left ? whole : left;
		const size_t columns = columns_of(text, word);

		if (!at_start && column + 1 + columns > width) {
			efimap_out_putc(out, '\n');
			text_blanks(out, indent);
			column = indent;
			at_start = true;
		}
		if (!at_start)
			efimap_out_putc(out, ' ');
		column += !at_start + columns;
		at_start = false;
		efimap_out_write(out, text, word);
		text += word;
		text += strspn(text, " \n");
	}
	efimap_out_putc(out, '\n');
}

void text_sentence(struct efimap_out *out, struct efimap_out *sentence, size_t column,
		   unsigned int width)
{
	const char *text = efimap_out_text(sentence, out);

	if (width) {
		text_flow(out, text, strlen(text), column, SENTENCE_INDENT, width);
		return;
	}
	efimap_out_puts(out, text);
	efimap_out_putc(out, '\n');
}

/* --- colours --- */

#define ESCAPE_START "\033["
#define ESCAPE_END "\033[0m"

void style_begin(struct efimap_out *out, bool color, enum style style)
{
	static const char *const codes[] = {
		[STYLE_HEADING] = ESCAPE_START "1m",
		[STYLE_ERROR] = ESCAPE_START "1;31m",
		[STYLE_WARNING] = ESCAPE_START "33m",
		[STYLE_NOTE] = ESCAPE_START "36m",
		[STYLE_FAINT] = ESCAPE_START "2m",
	};

	if (color)
		efimap_out_puts(out, codes[style]);
}

void style_end(struct efimap_out *out, bool color)
{
	if (color)
		efimap_out_puts(out, ESCAPE_END);
}

void style_text(struct efimap_out *out, bool color, enum style style, const char *text)
{
	style_begin(out, color, style);
	efimap_out_puts(out, text);
	style_end(out, color);
}

void style_severity(struct efimap_out *out, bool color, enum efimap_severity severity)
{
	style_text(out, color, (enum style)severity, efimap_severity_name(severity));
}
