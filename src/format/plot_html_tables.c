/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The tables of the page, whose rows the picture leads to. */
#include <inttypes.h>
#include <string.h>

#include "plot_html.h"
#include "plot_svg.h"
#include "text.h"
#include "xml.h"

/* Columns of dump that the page shows. */
#define COLUMNS "IDX,TYPE,ATTR,PHYS,END,SIZE,VIRT,MEMMAP,IOMEM,RULES"

/* struct table - one table being written */
struct table {
	struct plot *plot;
	unsigned int side;
	struct efimap_out *out;
	const char *id;
	const char *title;
	size_t n_rows;
};

static void put_side(const struct table *table)
{
	if (table->plot->n_sides == 2)
		efimap_out_puts(table->out, table->side ? " of SECOND" : " of FIRST");
}

/* A section, a region that scrolls by keyboard too, and the heading row. */
static void open_table(const struct table *table, const char *const *headings)
{
	struct efimap_out *out = table->out;

	efimap_out_printf(out,
			  "<section id=\"%s-%u\" aria-labelledby=\"%s-%u-heading\">\n"
			  "<h2 id=\"%s-%u-heading\">%s",
			  table->id, table->side, table->id, table->side, table->id,
			  table->side, table->title);
	put_side(table);
	efimap_out_printf(out,
			  "</h2>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
			  "aria-labelledby=\"%s-%u-heading\">\n<table>\n<caption>",
			  table->id, table->side);
	text_plural(out, table->n_rows, "row", "rows");
	if (table->n_rows > SVG_LINKED_ROWS)
		efimap_out_printf(out, ", the first %d of them here", SVG_LINKED_ROWS);
	efimap_out_puts(out, "</caption>\n<thead><tr>");
	for (; *headings; headings++)
		efimap_out_printf(out, "<th scope=\"col\">%s</th>", *headings);
	efimap_out_puts(out, "</tr></thead>\n<tbody>\n");
}

static void close_table(const struct table *table)
{
	efimap_out_puts(table->out, "</tbody>\n</table>\n</div>\n</section>\n");
}

static void open_row(const struct table *table, const char *id, size_t row)
{
	efimap_out_printf(table->out, "<tr id=\"%s-%u-%zu\">", id, table->side, row);
}

static void put_hex(struct efimap_out *out, uint64_t value)
{
	efimap_out_printf(out, "<td>0x%" PRIx64 "</td>", value);
}

static void put_bytes(struct efimap_out *out, struct efimap_span span)
{
	efimap_out_puts(out, "<td class=\"right\">");
	text_span_size(out, efimap_span_bytes(span));
	efimap_out_puts(out, "</td>");
}

static void put_rules(struct dump_view *view, size_t position, struct efimap_out *out)
{
	const struct efimap_rule *rule;
	const char *between = "";
	size_t from = 0;

	efimap_out_puts(out, "<td class=\"wrap\">");
	while ((rule = dump_view_rule(view, position, &from))) {
		efimap_out_printf(out, "%s<a href=\"#rule-%s\">%s</a>", between,
				  rule->name, rule->name);
		between = ", ";
	}
	efimap_out_puts(out, "</td>");
}

/* A blank behind each comma, where a line may end. */
static void put_list(const char *list, size_t len, struct efimap_out *out)
{
	while (len) {
		const char *comma = memchr(list, ',', len);
		const size_t part = comma ? (size_t)(comma - list) : len;

		xml_lines(out, list, part);
		if (!comma)
			return;
		efimap_out_puts(out, ", ");
		list += part + 1;
		len -= part + 1;
	}
}

static void put_cell(struct dump_view *view, size_t position, size_t column,
		     bool is_first, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out cell = EFIMAP_OUT_MEM;
	const char *class = column_is_right(column)  ? " class=\"right\""
			    : column_is_list(column) ? " class=\"wrap\""
						     : "";

	column_put_cell(column, view, position, &cell);
	efimap_out_printf(out, "<%s%s>", is_first ? "th scope=\"row\"" : "td", class);
	if (cell.error)
		out->error = cell.error;
	else if (column_is_list(column))
		put_list(cell.data, cell.used, out);
	else
		xml_lines(out, cell.data, cell.used);
	efimap_out_puts(out, is_first ? "</th>" : "</td>");
}

static void put_entries(struct plot *plot, unsigned int side, struct efimap_out *out)
{
	static const char *const headings[] = { "Index", "Type",  "Attributes", "Start",
						"End",	 "Size",  "Virtual",	"Memmap",
						"iomem", "Rules", NULL };
	struct dump_view *view = &plot->sides[side].view;
	size_t columns[EFIMAP_MAX_COLUMNS], count = 0;
	struct table table = { plot,	      side,	     out,
			       "runtime-map", "Runtime map", view->map->n_entries };

	if (efimap_dump_columns_parse(COLUMNS, columns, &count, NULL) < 0)
		return;
	open_table(&table, headings);
	for (size_t i = 0; i < view->map->n_entries && i < SVG_LINKED_ROWS; i++) {
		open_row(&table, "entry", i);
		/* The last column is that of the rules, which are links here. */
		for (size_t c = 0; c + 1 < count; c++)
			put_cell(view, i, columns[c], c == 0, out);
		put_rules(view, i, out);
		efimap_out_puts(out, "</tr>\n");
	}
	close_table(&table);
}

static void put_memmap(struct plot *plot, unsigned int side, struct efimap_out *out)
{
	static const char *const headings[] = { "Index", "Start", "End",
						"Size",	 "Type",  NULL };
	const struct efimap *map = plot->sides[side].map;
	struct table table = {
		plot,	      side, out, "memory-map", "Firmware memory map (memmap)",
		map->n_memmap
	};

	if (!map->n_memmap)
		return;
	open_table(&table, headings);
	for (size_t i = 0; i < map->n_memmap && i < SVG_LINKED_ROWS; i++) {
		const struct efimap_range *range = &map->memmap[i];

		open_row(&table, "memmap", i);
		efimap_out_printf(out,
				  "<th scope=\"row\" class=\"right\">%" PRIu32 "</th>",
				  range->index);
		put_hex(out, range->start);
		put_hex(out, range->end);
		if (range->bad)
			efimap_out_puts(out, "<td></td>");
		else
			put_bytes(out, range->span);
		html_put_text(out, "td", "wrap", range->label);
		efimap_out_puts(out, "</tr>\n");
	}
	close_table(&table);
}

/* Depth by blanks that do not collapse: a reader of a table hears the name, not them. */
static void put_iomem(struct plot *plot, unsigned int side, struct efimap_out *out)
{
	static const char *const headings[] = { "Name", "Start", "End",
						"Size", "Level", NULL };
	const struct efimap *map = plot->sides[side].map;
	struct table table = {
		plot, side, out, "io-memory", "/proc/iomem", map->n_iomem
	};

	if (!map->n_iomem || map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED)
		return;
	open_table(&table, headings);
	for (size_t i = 0; i < map->n_iomem && i < SVG_LINKED_ROWS; i++) {
		const struct efimap_resource *line = &map->iomem[i];

		open_row(&table, "iomem", i);
		efimap_out_puts(out, "<th scope=\"row\">");
		for (uint32_t d = 0; d < line->depth && d < 8; d++)
			efimap_out_puts(out, "&#160;&#160;");
		xml_text(out, line->name);
		efimap_out_puts(out, "</th>");
		put_hex(out, line->span.first);
		put_hex(out, line->span.last);
		put_bytes(out, line->span);
		efimap_out_printf(out, "<td class=\"right\">%" PRIu32 "</td></tr>\n",
				  line->depth);
	}
	close_table(&table);
}

static void put_pointer(const struct table *table, const char *source, const char *name,
			uint64_t value)
{
	efimap_out_puts(table->out, "<th scope=\"row\">");
	xml_text(table->out, name);
	efimap_out_puts(table->out, "</th>");
	html_put_text(table->out, "td", "", source);
	put_hex(table->out, value);
	efimap_out_puts(table->out, "</tr>\n");
}

static void put_pointers(struct plot *plot, unsigned int side, struct efimap_out *out)
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
			       out,
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
		efimap_out_puts(out, "<tr>");
		put_pointer(&table, efimap_source_path(files[i].source),
			    efimap_source_name(files[i].source), files[i].value);
	}
	for (size_t i = 0; i < map->n_systab && i < SVG_LINKED_ROWS; i++) {
		efimap_out_puts(out, "<tr>");
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

void html_put_tables(struct plot *plot, unsigned int side, struct efimap_out *out)
{
	put_entries(plot, side, out);
	put_memmap(plot, side, out);
	put_iomem(plot, side, out);
	put_pointers(plot, side, out);
}
