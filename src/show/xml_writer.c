/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Escape text for element content and attribute values in XML and HTML. */
#include <errno.h>
#include <sys/types.h>

#include <sha2.h>

#include "base/escape_text.h"
#include "show/text_style.h"
#include "show/xml_writer.h"

struct xml *xml_of(struct efimap_out *out)
{
	return (void *)out;
}

static struct efimap_out *out_of(struct xml *xml)
{
	return (void *)xml;
}

static void take_error(struct efimap_out *out, int error)
{
	out->error = out->error ? out->error : error;
}

static const char *reference(char c)
{
	static const char *const references['>' + 1] = {
		['"'] = "&quot;", ['&'] = "&amp;", ['\''] = "&#39;",
		['<'] = "&lt;",	  ['>'] = "&gt;",
	};

	return (unsigned char)c <= '>' ? references[(unsigned char)c] : NULL;
}

static void xml_escape(struct efimap_out *out, const char *text, bool keeps_lines)
{
	while (*text) {
		const char *instead = reference(*text);

		if (*text == '\n' && keeps_lines)
			instead = "\n";
		if (instead) {
			efimap_out_puts(out, instead);
			text++;
		} else {
			text += efimap_out_escape_character(out, text);
		}
	}
}

/*
 * Write the value of a conversion. @at points to the character after the '%'. Return the position
 * after the conversion.
 */
static const char *put_conversion(struct efimap_out *out, const char *at, va_list *args)
{
	if (*at == 's')
		xml_escape(out, va_arg(*args, const char *), false);
	else if (*at == 'u')
		efimap_out_printf(out, "%u", va_arg(*args, unsigned int));
	else if (*at == 'z' && *++at == 'u')
		efimap_out_printf(out, "%zu", va_arg(*args, size_t));
	else if (*at == 'j' && *++at == 'x')
		efimap_out_printf(out, "%jx", va_arg(*args, uintmax_t));
	else if (*at == '%')
		efimap_out_putc(out, '%');
	else
		take_error(out, -EINVAL);
	return *at ? at + 1 : at;
}

void xml_put_literal(struct xml *xml, const char *markup, ...)
{
	struct efimap_out *out = out_of(xml);
	va_list args;

	va_start(args, markup);
	while (*markup) {
		const size_t len = strcspn(markup, "%");

		efimap_out_write(out, markup, len);
		markup += len;
		if (*markup)
			markup = put_conversion(out, markup + 1, &args);
	}
	va_end(args);
}

const char *xml_gathered(struct xml *xml, struct efimap_out *text)
{
	return efimap_out_text(text, out_of(xml));
}

void xml_lines(struct xml *xml, struct efimap_out *text)
{
	xml_escape(out_of(xml), xml_gathered(xml, text), true);
}

/* In JSON, "<" and "&" occur only in strings, where they can be written as escape sequences. */
void xml_data(struct xml *xml, const char *id, const struct efimap_out *json)
{
	efimap_auto_out struct efimap_out safe = EFIMAP_OUT_MEM;
	char digest[SHA256_DIGEST_STRING_LENGTH];

	for (size_t i = 0; i < json->used; i++)
		if (json->data[i] == '<' || json->data[i] == '&')
			efimap_out_printf(&safe, "\\u%04x", (unsigned int)json->data[i]);
		else
			efimap_out_putc(&safe, json->data[i]);
	take_error(out_of(xml), json->error ? json->error : safe.error);
	SHA256Data((const uint8_t *)safe.data, safe.used, digest);
	xml_put(xml, "<script type=\"application/json\" id=\"%s\" data-sha256=\"%s\">\n", id,
		digest);
	efimap_out_write(out_of(xml), safe.data, safe.used);
	xml_put(xml, "</script>\n");
}

void xml_append(struct xml *xml, struct xml *part)
{
	const struct efimap_out *gathered = out_of(part);

	take_error(out_of(xml), gathered->error);
	efimap_out_write(out_of(xml), gathered->data, gathered->used);
}
