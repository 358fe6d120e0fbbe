/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Colours of the picture, for light and dark viewers and for paper. Plain properties of
 * classes, no variables: programs that are no browsers understand nothing else.
 */
#include "plot/svg.h"

/* Rules begin so: a page has other text too. */
#define OF_PICTURE ".efimap-plot "

/* What a class looks like: X(selector, light, dark). Markup has to be one literal. */
/* clang-format off */
#define PAINTS(X) \
	X(".bg", "fill:#fff", "fill:#0d1117") \
	X("text", "fill:#1f2328", "fill:#e6edf3") \
	X(".faint", "fill:#59636e", "fill:#9198a1") \
	X(".edge", "stroke:#e4e8ec", "stroke:#21262d") \
	X(".fold", "stroke:#afb8c1", "stroke:#484f58") \
	X(".lane", "fill:#57606a", "fill:#c9d1d9") \
	X(".cell rect", "stroke:#59636e", "stroke:#9198a1") \
	X(".code", "fill:#f7b8ab", "fill:#7d2f22") \
	X(".data", "fill:#aed0f7", "fill:#1d4a80") \
	X(".mmio", "fill:#9fe0da", "fill:#125e59") \
	X(".boot", "fill:#f9dc94", "fill:#6a5109") \
	X(".ram", "fill:#d3efcd", "fill:#1f4a22") \
	X(".acpi", "fill:#dcc8f4", "fill:#4d3577") \
	X(".reserved", "fill:#d5dae0", "fill:#3d444d") \
	X(".device", "fill:#d0e4ee", "fill:#24424f") \
	X(".kernel", "fill:#a9bdfb", "fill:#2b4499") \
	X(".crash", "fill:#ffb88c", "fill:#8b3f0e") \
	X(".other", "fill:#eceff2", "fill:#2d333b") \
	X(".mixed", "fill:#e6dccb", "fill:#50483a") \
	X(".error", "fill:#cf222e", "fill:#ff7b72") \
	X(".warning", "fill:#9a6700", "fill:#e3b341") \
	X(".note", "fill:#59636e", "fill:#9198a1") \
	X(".cell.is-error rect", "stroke:#cf222e", "stroke:#ff7b72") \
	X(".cell.is-warning rect", "stroke:#9a6700", "stroke:#e3b341") \
	X(".badge", "fill:#fff", "fill:#0d1117") \
	X("a:focus-visible rect", "stroke:#0550ae", "stroke:#79b8ff") \
	X(".link.changed", "fill:#cf222e", "fill:#ff7b72")
/* clang-format on */
#define LIGHT(selector, light, dark) OF_PICTURE selector "{" light "}"
#define DARK(selector, light, dark) OF_PICTURE selector "{" dark "}"

/* clang-format off */
static void put_shapes(struct xml *xml)
{
	xml_put(xml,
		OF_PICTURE "text{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,"
		"'Liberation Mono',monospace;white-space:pre}"
		OF_PICTURE ".title{font:600 20px system-ui,'DejaVu Sans',sans-serif}"
		OF_PICTURE ".head{font:600 12px system-ui,'DejaVu Sans',sans-serif;"
		"letter-spacing:.04em}"
		OF_PICTURE ".small{font-size:10.5px}"
		OF_PICTURE ".end{text-anchor:end}"
		OF_PICTURE ".mid{text-anchor:middle}"
		OF_PICTURE ".strong{font-weight:600}"
		OF_PICTURE ".edge,"
		OF_PICTURE ".fold{fill:none;stroke-width:1}"
		OF_PICTURE ".cell rect{stroke-width:.6;stroke-opacity:.7}"
		OF_PICTURE ".cell.is-error rect,"
		OF_PICTURE ".cell.is-warning rect{stroke-width:2;stroke-opacity:1}"
		OF_PICTURE ".cell.lost rect{stroke-dasharray:4 3;fill-opacity:.35}"
		OF_PICTURE ".cell.predicted rect{stroke-dasharray:2 3;stroke-width:1.5}"
		OF_PICTURE ".link{fill-opacity:.3}"
		OF_PICTURE ".link.changed{fill-opacity:.55}"
		OF_PICTURE ".wash{fill-opacity:.16}"
		OF_PICTURE ".lane{fill-opacity:.05}"
		OF_PICTURE "a{cursor:pointer;text-decoration:none}"
		OF_PICTURE "a:focus{outline:none}"
		OF_PICTURE ".cell:hover rect{stroke-width:2;stroke-opacity:1}"
		OF_PICTURE "a:focus-visible rect{stroke-width:4;stroke-opacity:1}"
		OF_PICTURE ".mark a:focus-visible text{text-decoration:underline}"
		OF_PICTURE ".link:hover{fill-opacity:.7}");
}
/* clang-format on */

/*
 * In a window, or on a page, that is narrower than the picture, all of it is shown. On
 * paper, light: the dark rules are for screens only.
 */
void svg_put_style(struct xml *xml)
{
	xml_put(xml, ".efimap-plot{max-width:100%%;height:auto}");
	put_shapes(xml);
	xml_put(xml, PAINTS(LIGHT));
	xml_put(xml, "@media screen and (prefers-color-scheme:dark){" PAINTS(DARK) "}");
}

const char *svg_tone_class(enum plot_tone tone)
{
	static const char *const classes[] = {
		[PLOT_TONE_CODE] = "code",	   [PLOT_TONE_DATA] = "data",
		[PLOT_TONE_MMIO] = "mmio",	   [PLOT_TONE_BOOT] = "boot",
		[PLOT_TONE_RAM] = "ram",	   [PLOT_TONE_ACPI] = "acpi",
		[PLOT_TONE_RESERVED] = "reserved", [PLOT_TONE_DEVICE] = "device",
		[PLOT_TONE_KERNEL] = "kernel",	   [PLOT_TONE_CRASH] = "crash",
		[PLOT_TONE_OTHER] = "other",	   [PLOT_TONE_MIXED] = "mixed",
	};

	return classes[tone];
}

const char *svg_severity_class(enum efimap_severity severity)
{
	return efimap_severity_name(severity);
}
