/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A grid on its way out: whichever layout there is, a margin, the heading in its style. */
#include <errno.h>
#include <string.h>

#include "format/grid.h"
#include "format/style.h"

static int lay_out(const struct grid *grid, struct efimap_out *out)
{
#ifdef EFIMAP_HAVE_SMARTCOLS
	int r = grid_layout_smartcols(grid, out);

	if (r != -ENOSYS)
		return r;
#endif
	return grid_layout_plain(grid, out);
}

static void put_line(const char *line, const char *stop, bool heading,
		     struct efimap_out *out)
{
	while (stop > line && stop[-1] == ' ')
		stop--;
	style_begin(out, heading, STYLE_HEADING);
	if (stop > line)
		efimap_out_putc(out, ' ');
	efimap_out_write(out, line, (size_t)(stop - line));
	style_end(out, heading);
	efimap_out_putc(out, '\n');
}

int grid_write(const struct grid *grid, bool heading, struct efimap_out *out)
{
	struct efimap_out laid efimap_auto_out = EFIMAP_OUT_MEM;
	const char *line, *end;
	int ret = lay_out(grid, &laid);

	if (ret)
		return ret;
	end = laid.data + laid.used;
	for (line = laid.data; line < end; heading = false) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		put_line(line, stop ? stop : end, heading, out);
		line = stop ? stop + 1 : end;
	}
	return out->error;
}
