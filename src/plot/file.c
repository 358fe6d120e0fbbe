/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The picture as a file: where an output for any bytes becomes one for markup. Those who
 * draw it see the latter only.
 */
#include <errno.h>

#include "plot/html.h"
#include "plot/svg.h"

typedef int draw_fn(struct plot *plot, struct xml *xml);

static int write_file(const struct efimap_plot_input *input,
		      const struct efimap_plot_options *options, draw_fn *draw,
		      struct efimap_out *out)
{
	xml_auto struct xml *xml = xml_new(out);
	struct plot plot;
	int ret;

	if (!xml)
		return -ENOMEM;
	ret = plot_open(input, options->rows ? options->rows : SVG_ROWS, &plot);
	if (ret == 0)
		ret = draw(&plot, xml);
	plot_close(&plot);
	return ret;
}

int efimap_plot_write_svg(const struct efimap_plot_input *input,
			  const struct efimap_plot_options *options,
			  struct efimap_out *out)
{
	return write_file(input, options, svg_write_document, out);
}

int efimap_plot_write_html(const struct efimap_plot_input *input,
			   const struct efimap_plot_options *options,
			   struct efimap_out *out)
{
	return write_file(input, options, html_write, out);
}
