/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl plot: a picture of a runtime map, or of two. What is in it is the format
 * room's business; here it is chosen where it goes and what kind of file it is.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "check/compare.h"
#include "check/verify.h"
#include "cli/cli.h"
#include "cli/page.h"
#include "read/read.h"

/* enum medium - what kind of picture */
enum medium {
	MEDIUM_AUTO,
	MEDIUM_TEXT,
	MEDIUM_SVG,
	MEDIUM_HTML,
};

struct plot {
	struct common common;
	const char *second;
	enum medium medium;
	uint64_t rows;
	bool ascii;
};

static const char *const media[] = {
	[MEDIUM_AUTO] = "", [MEDIUM_TEXT] = "text", [MEDIUM_SVG] = "svg", [MEDIUM_HTML] = "html",
	NULL,
};
static const struct range rows_range = { EFIMAP_PLOT_MIN_ROWS, EFIMAP_PLOT_MAX_ROWS };

static const struct command_option options[] = {
	OPTION_OUTPUT("write FILE instead of standard output (-): a picture if its name ends in "
		      ".svg, a page if it ends in .html, else text"),
	{ "format", 0, "FORMAT", "text, svg or html, whatever FILE is called",
	  CHOICE_AT(plot, medium, media) },
	{ "compare", 0, "SECOND",
	  "draw the runtime map of SECOND, the kernel that received, beside SOURCE's",
	  NAME_AT(plot, second, "SECOND") },
	{ "rows", 0, "N",
	  "tell at most N stretches of addresses apart; what shares one is grouped",
	  NUMBER_AT(plot, rows, &rows_range) },
	{ "ascii", 0, NULL, "draw with ASCII characters only", FLAG_AT(plot, ascii) },
	{ 0 },
};

static void check(void *args, const struct argp_state *state)
{
	const struct plot *plot = args;

	if (plot->medium == MEDIUM_AUTO)
		page_check_name(state, plot->common.file,
				"a picture is written as .svg or .html");
}

static enum medium choose(const struct plot *plot)
{
	const char *file = plot->common.file;

	if (plot->medium != MEDIUM_AUTO)
		return plot->medium;
	if (file && page_ends_in(file, ".svg"))
		return MEDIUM_SVG;
	if (file && (page_ends_in(file, ".html") || page_ends_in(file, ".htm")))
		return MEDIUM_HTML;
	return MEDIUM_TEXT;
}

/* The locale's encoding by its name alone: nothing else here depends on a locale. */
static bool is_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return strcasestr(value, "UTF-8") || strcasestr(value, "UTF8");
	}
	return false;
}

/* In memory first, so that a file is written whole or not at all. */
static enum status draw_picture(const struct plot *plot, const struct efimap_plot_input *input)
{
	const bool to_stdout = output_is_stdout(plot->common.file);
	const struct efimap_plot_options how = {
		.width = to_stdout ? common_width() : 0,
		.rows = (unsigned int)plot->rows,
		.color = to_stdout ? common_color(&plot->common)
				   : plot->common.color == WHEN_ALWAYS,
		.unicode = !plot->ascii && is_utf8(),
		.notes = plot->common.verbose,
	};
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const enum medium medium = choose(plot);
	int ret;

	if (medium == MEDIUM_HTML)
		return page_write(plot->common.file, input, (unsigned int)plot->rows);
	ret = medium == MEDIUM_SVG ? efimap_plot_write_svg(input, &how, &out)
				   : efimap_plot_write_text(input, &how, &out);
	return output_finish(plot->common.file, READ_BY_UMASK, ret, &out);
}

/* What could not be read is missing in the picture, and a picture does not show that. */
static enum status draw_one(const struct plot *plot, const struct efimap *map)
{
	efimap_auto_report struct efimap_report *report = NULL;
	int ret = efimap_verify(map, NULL, &report);

	if (ret < 0)
		return say_errno(map->name, ret);
	return status_worse(draw_picture(plot, &(struct efimap_plot_input){ .map = map,
								    .report = report }),
			    source_say_faults(map, EFIMAP_UNREAD_JUDGED));
}

/* SECOND may have no runtime map: that everything was lost is then the picture. */
static enum status draw_two(const struct plot *plot, const struct efimap *map)
{
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;
	efimap_auto_map struct efimap *second = NULL;
	enum status status = source_read(plot->second, &second);
	int ret;

	if (status != STATUS_OK)
		return status;
	if (source_map_is_denied(second))
		return source_say_denied(second);
	ret = efimap_compare(map, second, EFIMAP_ERROR, &comparison);
	if (ret < 0)
		return say_errno(second->name, ret);
	if (!plot->common.quiet)
		source_say_hidden(second);
	status = draw_picture(plot, &(struct efimap_plot_input){ .map = map,
							 .second = second,
							 .comparison = comparison });
	status = status_worse(status, source_say_faults(map, EFIMAP_UNREAD_JUDGED));
	return status_worse(status, source_say_faults(second, EFIMAP_UNREAD_JUDGED));
}

static enum status plot_run(void *args)
{
	const struct plot *plot = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_open_shown(plot->common.source, &map);

	if (status != STATUS_OK)
		return status;
	if (!plot->common.quiet)
		source_say_hidden(map);
	return plot->second ? draw_two(plot, map) : draw_one(plot, map);
}

const struct command cmd_plot = {
	.name = "plot",
	.summary = "draw the map beside memmap and iomem",
	.options = options,
	.second = "a second one is drawn by --compare=SECOND",
	.doc = "Draw a runtime map beside the firmware's memory map, /proc/iomem and the "
	       "virtual addresses: on the terminal, as an SVG picture, or in the page that report "
	       "writes.",
	.size = sizeof(struct plot),
	.check = check,
	.run = plot_run,
};
