/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The picture for a terminal: the physical section, the virtual one below it or, where
 * there is room, beside it, then a legend, what was left out, and the findings.
 */
#include <inttypes.h>
#include <string.h>

#include "format/format.h"
#include "format/text.h"
#include "plot/text.h"

#define DEFAULT_WIDTH 80
/* As many bands as a reader scrolls through. */
#define DEFAULT_ROWS 64
/* From this on, the two sections stand beside each other. */
#define BESIDE_WIDTH 150
/* What the virtual section then takes, and the blanks between them. */
#define VIRT_SHARE(width) ((width)*2 / 5)
#define VIRT_MOST 80
#define BETWEEN 4

static void put_trimmed(struct efimap_out *out, const char *line, size_t len)
{
	while (len && line[len - 1] == ' ')
		len--;
	efimap_out_write(out, line, len);
}

/* The next line of what is left of a text; at its end nothing, again and again. */
static size_t next_line(const char **at, size_t *left, const char **ret_line)
{
	const char *newline = *left ? memchr(*at, '\n', *left) : NULL;
	const size_t len = newline ? (size_t)(newline - *at) : *left;

	*ret_line = *at;
	if (newline) {
		*at += len + 1;
		*left -= len + 1;
	} else {
		*left = 0;
	}
	return len;
}

static void put_lines(const struct efimap_out *lines, struct efimap_out *out)
{
	const char *at = lines->data, *line;
	size_t left = lines->used;

	while (left) {
		const size_t len = next_line(&at, &left, &line);

		put_trimmed(out, line, len);
		efimap_out_putc(out, '\n');
	}
}

/* Lines of @left, which are @width columns wide, and those of @right behind them. */
static void put_beside(const struct efimap_out *left, unsigned int width,
		       const struct efimap_out *right, struct efimap_out *out)
{
	const char *l = left->data, *r = right->data, *l_line, *r_line;
	size_t l_left = left->used, r_left = right->used;

	while (l_left || r_left) {
		const bool had_left = l_left > 0;
		const size_t l_len = next_line(&l, &l_left, &l_line);
		const size_t r_len = next_line(&r, &r_left, &r_line);

		if (r_len) {
			efimap_out_write(out, l_line, l_len);
			efimap_out_printf(out, "%*s",
					  (int)(had_left ? BETWEEN : width + BETWEEN),
					  "");
			put_trimmed(out, r_line, r_len);
		} else {
			put_trimmed(out, l_line, l_len);
		}
		efimap_out_putc(out, '\n');
	}
}

static void draw_section(struct plot *plot, const struct efimap_plot_options *options,
			 unsigned int number, unsigned int width,
			 struct text_section *ret_section, struct efimap_out *lines)
{
	text_section_plan(plot, options, number, width, ret_section);
	text_section_draw(ret_section, lines);
}

static void put_sections(struct plot *plot, const struct efimap_plot_options *options,
			 unsigned int width, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out phys = EFIMAP_OUT_MEM, virt = EFIMAP_OUT_MEM;
	const bool beside = width >= BESIDE_WIDTH;
	const unsigned int share =
		VIRT_SHARE(width) < VIRT_MOST ? VIRT_SHARE(width) : VIRT_MOST;
	const unsigned int right = beside ? share : width;
	const unsigned int left = beside ? width - right - BETWEEN : width;
	struct text_section section;

	draw_section(plot, options, PLOT_VIRT, right, &section, &virt);
	draw_section(plot, options, PLOT_PHYS, left, &section, &phys);
	if (phys.error || virt.error) {
		out->error = phys.error ? phys.error : virt.error;
		return;
	}
	if (beside) {
		put_beside(&phys, section.width, &virt, out);
		return;
	}
	put_lines(&phys, out);
	efimap_out_putc(out, '\n');
	put_lines(&virt, out);
}

static void put_legend(const struct plot *plot, const struct efimap_plot_options *options,
		       unsigned int width, struct efimap_out *out)
{
	bool used[PLOT_TONE_COUNT] = { false };
	size_t column = 0;

	for (size_t i = 0; i < plot->n_lanes; i++)
		for (size_t c = 0; c < plot->lanes[i].n_cells; c++)
			used[plot->lanes[i].cells[c].tone] |=
				plot->lanes[i].kind != PLOT_LANE_TABLES;
	for (enum plot_tone tone = 0; tone < PLOT_TONE_COUNT; tone++) {
		const size_t len = 5 + strlen(plot_tone_words(tone));

		if (!used[tone])
			continue;
		if (column && column + len > width) {
			efimap_out_putc(out, '\n');
			column = 0;
		}
		if (column)
			efimap_out_puts(out, "  ");
		text_bar(options, tone, 2, out);
		efimap_out_printf(out, " %s", plot_tone_words(tone));
		column += len;
	}
	if (column)
		efimap_out_putc(out, '\n');
}

static void put_marks_legend(const struct plot *plot,
			     const struct efimap_plot_options *options,
			     struct efimap_out *out)
{
	const char *notes = options->notes ? "  N note" : "";

	if (plot->n_sides == 2)
		efimap_out_puts(out,
				"!  changed  -  lost  +  only in SECOND  ~  differs as a "
				"kernel makes it\n");
	else
		efimap_out_printf(out, "E  error  W  warning%s\n", notes);
}

/* Nothing is left out without a word. */
static void put_left_out(const struct plot *plot, struct efimap_out *out)
{
	for (size_t i = 0; i < plot->n_lanes; i++) {
		const struct plot_lane *lane = &plot->lanes[i];

		if (lane->n_unknown && lane->n_items)
			efimap_out_printf(
				out,
				"not drawn in VIRTUAL: %zu whose address is not "
				"known\n",
				lane->n_unknown);
		if (!lane->n_left_out)
			continue;
		efimap_out_puts(out, "not drawn in ");
		plot_put_heading(plot, lane, out);
		efimap_out_puts(out, ": ");
		text_plural(out, lane->n_left_out, "region", "regions");
		efimap_out_puts(out, " without a valid range\n");
	}
	if (plot->axes[PLOT_PHYS].n_lost || plot->axes[PLOT_VIRT].n_lost)
		efimap_out_puts(out,
				"regions that share a row are grouped: --rows=N with a "
				"larger N tells them apart\n");
}

static int put_words(const struct efimap_plot_input *input, const struct plot *plot,
		     const struct efimap_plot_options *options, struct efimap_out *out)
{
	const struct efimap_dump_options dump = { .color = options->color,
						  .notes = options->notes };
	const struct efimap_comparison_options comparison = { .color = options->color,
							      .notes = options->notes };

	if (input->comparison)
		return efimap_comparison_write_text(input->map, input->second,
						    input->comparison, &comparison, out);
	return dump_write_summary(&plot->sides[0].view, &dump, out);
}

int efimap_plot_write_text(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out)
{
	static const struct plot_scale scale = { .band = 1, .grow = 1, .fold = 1 };
	const unsigned int width =
		options->width > DEFAULT_WIDTH ? options->width : DEFAULT_WIDTH;
	struct plot plot;
	int ret = plot_open(input, options->rows ? options->rows : DEFAULT_ROWS, &plot);

	if (ret == 0) {
		for (unsigned int i = 0; i < PLOT_AXES; i++)
			plot_axis_lay(&plot.axes[i], &scale);
		put_sections(&plot, options, width, out);
		efimap_out_putc(out, '\n');
		put_legend(&plot, options, width, out);
		put_marks_legend(&plot, options, out);
		put_left_out(&plot, out);
		efimap_out_putc(out, '\n');
		ret = put_words(input, &plot, options, out);
	}
	plot_close(&plot);
	return ret < 0 ? ret : out->error;
}
