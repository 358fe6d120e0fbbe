/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of the page, whose rows the picture leads to. */
#include <inttypes.h>
#include <string.h>

#include "format/text.h"
#include "plot/html.h"
#include "plot/svg.h"

/* Columns of dump that the page shows behind the number of an entry. */
#define COLUMNS "TYPE,ATTR,PHYS,END,SIZE,VIRT,MEMMAP,IOMEM,RULES"

/* struct table - one table being written */
struct table {
	struct plot *plot;
	unsigned int side;
	struct xml *xml;
	const char *id;
	const char *title;
	size_t n_rows;
};

static const char *side_of(const struct table *table)
{
	static const char *const sides[] = { " of FIRST", " of SECOND" };

	return table->plot->n_sides == 2 ? sides[table->side] : "";
}

/* A section, a region that scrolls by keyboard too, and the heading row. */
static void open_table(const struct table *table, const char *const *headings)
{
	struct xml *xml = table->xml;

	xml_put(xml,
		"<section id=\"%s-%u\" aria-labelledby=\"%s-%u-heading\">\n"
		"<h2 id=\"%s-%u-heading\">%s%s",
		table->id, table->side, table->id, table->side, table->id, table->side,
		table->title, side_of(table));
	xml_put(xml,
		"</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
		"aria-labelledby=\"%s-%u-heading\">\n<table>\n<caption>%zu %s",
		table->id, table->side, table->n_rows,
		table->n_rows == 1 ? "row" : "rows");
	if (table->n_rows > SVG_LINKED_ROWS)
		xml_put(xml, ", the first %d of them here", SVG_LINKED_ROWS);
	xml_put(xml, "</caption>\n<thead><tr>");
	for (; *headings; headings++)
		xml_put(xml, "<th scope=\"col\">%s</th>", *headings);
	xml_put(xml, "</tr></thead>\n<tbody>\n");
}

static void close_table(const struct table *table)
{
	xml_put(table->xml, "</tbody>\n</table>\n</div>\n</section>\n");
}

static void open_row(const struct table *table, const char *id, size_t row)
{
	xml_put(table->xml, "<tr id=\"%s-%u-%zu\">", id, table->side, row);
}

static void put_number(struct xml *xml, uint32_t index)
{
	xml_put(xml, "<th scope=\"row\" class=\"right\">%" PRIu32 "</th>", index);
}

static void put_hex(struct xml *xml, uint64_t value)
{
	xml_put(xml, "<td>0x%" PRIx64 "</td>", value);
}

static void put_bytes(struct xml *xml, struct efimap_span span)
{
	efimap_auto_out struct efimap_out size = EFIMAP_OUT_MEM;

	text_span_size(&size, efimap_span_bytes(span));
	xml_put(xml, "<td class=\"right\">%s</td>", xml_gathered(xml, &size));
}

static void put_rules(struct dump_view *view, size_t position, struct xml *xml)
{
	const struct efimap_rule *rule;
	const char *between = "";
	size_t from = 0;

	xml_put(xml, "<td class=\"wrap\">");
	while ((rule = dump_view_rule(view, position, &from))) {
		xml_put(xml, "%s<a href=\"#rule-%s\">%s</a>", between, rule->name,
			rule->name);
		between = ", ";
	}
	xml_put(xml, "</td>");
}

/* A blank behind each comma, where a line may end. */
static void put_list(struct xml *xml, const char *list)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	for (; *list; list++) {
		efimap_out_putc(&text, *list);
		if (*list == ',')
			efimap_out_putc(&text, ' ');
	}
	xml_put(xml, "<td class=\"wrap\">%s</td>", xml_gathered(xml, &text));
}

static void put_cell(struct dump_view *view, size_t position, size_t column,
		     struct xml *xml)
{
	efimap_auto_out struct efimap_out cell = EFIMAP_OUT_MEM;
	const char *text;

	column_put_cell(column, view, position, &cell);
	text = xml_gathered(xml, &cell);
	if (column_is_list(column))
		put_list(xml, text);
	else if (column_is_right(column))
		xml_put(xml, "<td class=\"right\">%s</td>", text);
	else
		xml_put(xml, "<td>%s</td>", text);
}

static void put_entries(struct plot *plot, unsigned int side, struct xml *xml)
{
	static const char *const headings[] = { "Index", "Type",  "Attributes", "Start",
						"End",	 "Size",  "Virtual",	"Memmap",
						"iomem", "Rules", NULL };
	struct dump_view *view = &plot->sides[side].view;
	size_t columns[EFIMAP_MAX_COLUMNS], count = 0;
	struct table table = { plot,	      side,	     xml,
			       "runtime-map", "Runtime map", view->map->n_entries };

	if (efimap_dump_columns_parse(COLUMNS, columns, &count, NULL) < 0)
		return;
	open_table(&table, headings);
	for (size_t i = 0; i < view->map->n_entries && i < SVG_LINKED_ROWS; i++) {
		open_row(&table, "entry", i);
		/* The last column is that of the rules, which are links here. */
		put_number(xml, view->map->entries[i].index);
		for (size_t c = 0; c + 1 < count; c++)
			put_cell(view, i, columns[c], xml);
		put_rules(view, i, xml);
		xml_put(xml, "</tr>\n");
	}
	close_table(&table);
}

static void put_memmap(struct plot *plot, unsigned int side, struct xml *xml)
{
	static const char *const headings[] = { "Index", "Start", "End",
						"Size",	 "Type",  NULL };
	const struct efimap *map = plot->sides[side].map;
	struct table table = {
		plot,	      side, xml, "memory-map", "Firmware memory map (memmap)",
		map->n_memmap
	};

	if (!map->n_memmap)
		return;
	open_table(&table, headings);
	for (size_t i = 0; i < map->n_memmap && i < SVG_LINKED_ROWS; i++) {
		const struct efimap_range *range = &map->memmap[i];

		open_row(&table, "memmap", i);
		put_number(xml, range->index);
		put_hex(xml, range->start);
		put_hex(xml, range->end);
		if (range->bad)
			xml_put(xml, "<td></td>");
		else
			put_bytes(xml, range->span);
		xml_put(xml, "<td class=\"wrap\">%s</td></tr>\n", range->label);
	}
	close_table(&table);
}

/* Depth by blanks that do not collapse: a reader of a table hears the name, not them. */
static void put_iomem(struct plot *plot, unsigned int side, struct xml *xml)
{
	static const char *const headings[] = { "Name", "Start", "End",
						"Size", "Level", NULL };
	const struct efimap *map = plot->sides[side].map;
	struct table table = {
		plot, side, xml, "io-memory", "/proc/iomem", map->n_iomem
	};

	if (!map->n_iomem || map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED)
		return;
	open_table(&table, headings);
	for (size_t i = 0; i < map->n_iomem && i < SVG_LINKED_ROWS; i++) {
		const struct efimap_resource *line = &map->iomem[i];

		open_row(&table, "iomem", i);
		xml_put(xml, "<th scope=\"row\">");
		for (uint32_t d = 0; d < line->depth && d < 8; d++)
			xml_put(xml, "&#160;&#160;");
		xml_put(xml, "%s</th>", line->name);
		put_hex(xml, line->span.first);
		put_hex(xml, line->span.last);
		put_bytes(xml, line->span);
		xml_put(xml, "<td class=\"right\">%" PRIu32 "</td></tr>\n", line->depth);
	}
	close_table(&table);
}

static void put_pointer(const struct table *table, const char *source, const char *name,
			uint64_t value)
{
	xml_put(table->xml, "<th scope=\"row\">%s</th><td>%s</td>", name, source);
	put_hex(table->xml, value);
	xml_put(table->xml, "</tr>\n");
}

static void put_pointers(struct plot *plot, unsigned int side, struct xml *xml)
{
	static const char *const headings[] = { "Name", "Source", "Address", NULL };
	const struct efimap *map = plot->sides[side].map;
	const struct {
		enum efimap_source source;
		uint64_t value;
	} files[] = {
		{ EFIMAP_SRC_FW_VENDOR, map->fw_vendor },
		{ EFIMAP_SRC_RUNTIME, map->runtime },
		{ EFIMAP_SRC_CONFIG_TABLE, map->config_table },
	};
	struct table table = { plot,
			       side,
			       xml,
			       "pointers",
			       "EFI pointers and tables",
			       map->n_systab + map->n_tables };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		table.n_rows += efimap_has(map, files[i].source);
	if (!table.n_rows)
		return;
	open_table(&table, headings);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (!efimap_has(map, files[i].source))
			continue;
		xml_put(xml, "<tr>");
		put_pointer(&table, efimap_source_path(files[i].source),
			    efimap_source_name(files[i].source), files[i].value);
	}
	for (size_t i = 0; i < map->n_systab && i < SVG_LINKED_ROWS; i++) {
		xml_put(xml, "<tr>");
		put_pointer(&table, "sys/firmware/efi/systab", map->systab[i].name,
			    map->systab[i].value);
	}
	for (size_t i = 0; i < map->n_tables && i < SVG_LINKED_ROWS; i++) {
		open_row(&table, "table", i);
		put_pointer(&table, "the kernel log", map->tables[i].name,
			    map->tables[i].value);
	}
	close_table(&table);
}

void html_put_tables(struct plot *plot, unsigned int side, struct xml *xml)
{
	put_entries(plot, side, xml);
	put_memmap(plot, side, xml);
	put_iomem(plot, side, xml);
	put_pointers(plot, side, xml);
}
