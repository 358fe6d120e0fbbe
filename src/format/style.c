/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How headings and severities look on a terminal. Whether to colour: the caller. */
#include "format/style.h"

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
	static const enum style styles[] = {
		[EFIMAP_NOTE] = STYLE_NOTE,
		[EFIMAP_WARNING] = STYLE_WARNING,
		[EFIMAP_ERROR] = STYLE_ERROR,
	};

	style_text(out, color, styles[severity], efimap_severity_name(severity));
}
