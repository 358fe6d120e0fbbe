/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How the page looks: on a wide or a narrow screen, light or dark, and on paper. */
#include "plot/html.h"

/* clang-format off */
static void put_text_style(struct xml *xml)
{
	xml_put(xml,
		":root{color-scheme:light "
		"dark;--fg:#1f2328;--bg:#fff;--faint:#59636e;--line:#d1d9e0;"
		"--soft:#f6f8fa;--link:#0550ae;--error:#b31d28;--warning:#805500;--note:#59636e}"
		"\n"
		"@media screen and (prefers-color-scheme:dark){:root{--fg:#e6edf3;--bg:#0d1117;"
		"--faint:#9198a1;--line:#3d444d;--soft:#151b23;--link:#79b8ff;--error:#ff7b72;"
		"--warning:#e3b341;--note:#9198a1}}\n"
		"*{box-sizing:border-box}\n"
		"html{scroll-padding-top:1rem}\n"
		"body{margin:0;font:1rem/1.5 system-ui,'DejaVu Sans',sans-serif;color:var(--fg);"
		"background:var(--bg)}\n"
		"header,main,footer,nav{max-width:1500px;margin:0 auto;padding:0 1.25rem}\n"
		"h1{font-size:1.6rem;margin:1.25rem 0 .25rem}\n"
		"h2{font-size:1.25rem;margin:2rem 0 .5rem;padding-bottom:.25rem;"
		"border-bottom:1px solid var(--line)}\n"
		"h3{font-size:1rem;margin:0}h4{font-size:.9rem;margin:.75rem 0 0}\n"
		"p{margin:.25rem 0;max-width:75ch}\n"
		"a{color:var(--link)}a:focus-visible,summary:focus-visible,.scroll:focus-visible{"
		"outline:3px solid var(--link);outline-offset:2px}\n"
		"code,.mono,td,.source{font-family:ui-monospace,'DejaVu Sans "
		"Mono',Menlo,Consolas,"
		"'Liberation Mono',monospace}\n"
		"code,.source{overflow-wrap:anywhere}\n"
		".faint{color:var(--faint)}\n"
		".skip{position:absolute;left:-100vw}.skip:focus{position:static;display:inline-"
		"block;"
		"margin:.5rem 1.25rem;padding:.25rem .5rem;background:var(--soft)}\n"
		"nav ul{display:flex;flex-wrap:wrap;gap:.25rem "
		"1.25rem;list-style:none;margin:.75rem 0;"
		"padding:0}\n");
}

static void put_block_style(struct xml *xml)
{
	xml_put(xml,
		"dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.1rem 1rem;"
		"margin:.5rem 0}dl.facts dt{color:var(--faint)}dl.facts "
		"dd{margin:0;min-width:0}\n"
		".finding{border:1px solid var(--line);border-left:6px solid var(--note);"
		"border-radius:6px;padding:.6rem .9rem;margin:.6rem 0}\n"
		".finding.error{border-left-color:var(--error)}"
		".finding.warning{border-left-color:var(--warning)}\n"
		".severity{font-weight:700}.error .severity{color:var(--error)}"
		".warning .severity{color:var(--warning)}.note .severity{color:var(--note)}\n"
		"details{margin:.35rem 0}summary{cursor:pointer}\n"
		".rule{border:1px solid var(--line);border-radius:6px;padding:.4rem .9rem;"
		"margin:.6rem 0}.rule p{margin:.1rem 0 0}\n"
		".scroll{overflow-x:auto;margin:.5rem 0}\n"
		".scroll svg{display:block;width:100%%;min-width:1000px;height:auto}\n"
		"table{border-collapse:collapse;font-size:.85rem}\n"
		"caption{text-align:left;color:var(--faint);padding:.25rem 0;font-size:.95rem}\n"
		"th,td{border-bottom:1px solid var(--line);padding:.2rem .6rem;text-align:left;"
		"vertical-align:top;white-space:nowrap}\n"
		"th{background:var(--soft)}td.wrap{white-space:normal;overflow-wrap:break-word}\n"
		"th.right,td.right{text-align:right}tbody th{font-weight:600}\n"
		":target{outline:3px solid var(--link);outline-offset:2px}"
		"section:target{outline:none}\n"
		"footer{color:var(--faint);padding-top:1.5rem;padding-bottom:2rem;font-size:."
		"85rem}\n");
}

/* Narrow screens, and paper. */
static void put_media_style(struct xml *xml)
{
	xml_put(xml,
		"@media (max-width:600px){header,main,footer,nav{padding:0 .75rem}"
		"dl.facts{grid-template-columns:1fr}dl.facts dd{margin-bottom:.35rem}"
		"h1{font-size:1.3rem}}\n"
		"@page{size:A4;margin:12mm}\n"
		"@media print{body{font-size:10pt}nav,.skip{display:none}.scroll{overflow:visible}"
		"h1{margin-top:0}h2{margin-top:1.2rem}.scroll svg{min-width:0}"
		".short,.finding,.rule,tr{break-inside:avoid}h2,h3,caption{break-after:avoid}"
		"table{font-size:6.5pt}th,td{padding:.1rem .3rem}td{white-space:normal}"
		"a{color:inherit;text-decoration:none}"
		"details:not([open])::details-content{display:block;"
		"content-visibility:visible}}\n");
}
/* clang-format on */

void html_put_style(struct xml *xml)
{
	put_text_style(xml);
	put_block_style(xml);
	put_media_style(xml);
}
