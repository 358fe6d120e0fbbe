/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Colours of the picture, for light and dark viewers and for paper. Plain properties of
 * classes, no variables: programs that are no browsers understand nothing else.
 */
#include "plot_svg.h"

/* struct paint - what a class looks like */
struct paint {
	const char *selector;
	const char *light;
	const char *dark;
};

static const struct paint paints[] = {
	{ ".bg", "fill:#fff", "fill:#0d1117" },
	{ "text", "fill:#1f2328", "fill:#e6edf3" },
	{ ".faint", "fill:#59636e", "fill:#9198a1" },
	{ ".edge", "stroke:#e4e8ec", "stroke:#21262d" },
	{ ".fold", "stroke:#afb8c1", "stroke:#484f58" },
	{ ".lane", "fill:#57606a", "fill:#c9d1d9" },
	{ ".cell rect", "stroke:#59636e", "stroke:#9198a1" },
	{ ".code", "fill:#f7b8ab", "fill:#7d2f22" },
	{ ".data", "fill:#aed0f7", "fill:#1d4a80" },
	{ ".mmio", "fill:#9fe0da", "fill:#125e59" },
	{ ".boot", "fill:#f9dc94", "fill:#6a5109" },
	{ ".ram", "fill:#d3efcd", "fill:#1f4a22" },
	{ ".acpi", "fill:#dcc8f4", "fill:#4d3577" },
	{ ".reserved", "fill:#d5dae0", "fill:#3d444d" },
	{ ".device", "fill:#d0e4ee", "fill:#24424f" },
	{ ".kernel", "fill:#a9bdfb", "fill:#2b4499" },
	{ ".crash", "fill:#ffb88c", "fill:#8b3f0e" },
	{ ".other", "fill:#eceff2", "fill:#2d333b" },
	{ ".mixed", "fill:#e6dccb", "fill:#50483a" },
	{ ".error", "fill:#cf222e", "fill:#ff7b72" },
	{ ".warning", "fill:#9a6700", "fill:#e3b341" },
	{ ".note", "fill:#59636e", "fill:#9198a1" },
	{ ".cell.is-error rect", "stroke:#cf222e", "stroke:#ff7b72" },
	{ ".cell.is-warning rect", "stroke:#9a6700", "stroke:#e3b341" },
	{ ".badge", "fill:#fff", "fill:#0d1117" },
	{ "a:focus-visible rect", "stroke:#0550ae", "stroke:#79b8ff" },
	{ ".link.changed", "fill:#cf222e", "fill:#ff7b72" },
};

static const char fixed[] =
	"text{font:12px ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,'Liberation Mono',"
	"monospace;white-space:pre}"
	".title{font:600 20px system-ui,'DejaVu Sans',sans-serif}"
	".head{font:600 12px system-ui,'DejaVu Sans',sans-serif;letter-spacing:.04em}"
	".small{font-size:10.5px}.end{text-anchor:end}.mid{text-anchor:middle}"
	".strong{font-weight:600}"
	".edge,.fold{fill:none;stroke-width:1}"
	".cell rect{stroke-width:.6;stroke-opacity:.7}"
	".cell.is-error rect,.cell.is-warning rect{stroke-width:2;stroke-opacity:1}"
	".cell.lost rect{stroke-dasharray:4 3;fill-opacity:.35}"
	".cell.predicted rect{stroke-dasharray:2 3;stroke-width:1.5}"
	".link{fill-opacity:.3}.link.changed{fill-opacity:.55}"
	".wash{fill-opacity:.16}.lane{fill-opacity:.05}"
	"a{cursor:pointer;text-decoration:none}"
	"a:focus{outline:none}"
	".cell:hover rect{stroke-width:2;stroke-opacity:1}"
	"a:focus-visible rect{stroke-width:4;stroke-opacity:1}"
	".mark a:focus-visible text{text-decoration:underline}"
	".link:hover{fill-opacity:.7}";

static void put_paints(struct efimap_out *out, bool dark)
{
	for (size_t i = 0; i < sizeof(paints) / sizeof(paints[0]); i++)
		efimap_out_printf(out, ".efimap-plot %s{%s}", paints[i].selector,
				  dark ? paints[i].dark : paints[i].light);
}

/* Every rule of @fixed below the picture's own class: a page has other text too. */
static void put_fixed(struct efimap_out *out)
{
	bool in_body = false, begins = true;

	for (const char *c = fixed; *c; c++) {
		if (begins)
			efimap_out_puts(out, ".efimap-plot ");
		efimap_out_putc(out, *c);
		in_body = *c == '{' || (in_body && *c != '}');
		begins = !in_body && (*c == '}' || *c == ',') && c[1];
	}
}

/* In a window, or on a page, that is narrower than the picture, all of it is shown. */
static const char fits[] = ".efimap-plot{max-width:100%;height:auto}";

/* On paper, light: the dark rules are for screens only. */
void svg_put_style(struct efimap_out *out)
{
	efimap_out_puts(out, fits);
	put_fixed(out);
	put_paints(out, false);
	efimap_out_puts(out, "@media screen and (prefers-color-scheme:dark){");
	put_paints(out, true);
	efimap_out_putc(out, '}');
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
