/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Colours, used modestly: headings and severities. */
#ifndef FORMAT_STYLE_H
#define FORMAT_STYLE_H

#include <stdbool.h>

#include "base/out.h"
#include "model/rule.h"

/** enum style - what a text is; how that looks is decided in one table */
enum style {
	STYLE_HEADING,
	STYLE_ERROR,
	STYLE_WARNING,
	STYLE_NOTE,
	STYLE_FAINT,
};

/** style_begin() - start a style, when @color */
void style_begin(struct efimap_out *out, bool color, enum style style);
/** style_end() - back to normal, when @color */
void style_end(struct efimap_out *out, bool color);
/** style_text() - @text in a style, when @color */
void style_text(struct efimap_out *out, bool color, enum style style, const char *text);
/** style_severity() - "warning" in its style */
void style_severity(struct efimap_out *out, bool color, enum efimap_severity severity);

#endif
