/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files that write the page share. */
#ifndef PLOT_HTML_H
#define PLOT_HTML_H

#include "plot/draw.h"
#include "plot/xml.h"

/** html_write() - the page; 0 or a negative errno */
int html_write(struct plot *plot, struct xml *xml);
/** html_open_section() - a section with its heading */
void html_open_section(struct xml *xml, const char *id, const char *heading);

/** html_put_findings() - counts, and each finding with its evidence */
void html_put_findings(const struct plot *plot, struct xml *xml);
/** html_put_rules() - what explain says of the rules that spoke */
void html_put_rules(const struct efimap_report *report, struct xml *xml);
/** html_put_skipped() - rules that could not be tried */
void html_put_skipped(const struct efimap_report *report, struct xml *xml);
/** html_put_tables() - runtime map, memmap, iomem and pointers of one capture */
void html_put_tables(struct plot *plot, unsigned int side, struct xml *xml);

#endif
