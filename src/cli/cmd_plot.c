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

enum {
	KEY_COMPARE = 0x100,
	KEY_ASCII,
	KEY_ROWS,
};

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
	unsigned int rows;
	bool ascii;
};

static const struct argp_option options[] = {
	OPTION_OUTPUT("write FILE instead of standard output (-): a picture if its name ends in "
		      ".svg, a page if it ends in .html, else text"),
	{ "format", KEY_FORMAT, "FORMAT", 0, "text, svg or html, whatever FILE is called", 0 },
	{ "compare", KEY_COMPARE, "SECOND", 0,
	  "draw the runtime map of SECOND, the kernel that received, beside SOURCE's",
	  0 },
	{ "rows", KEY_ROWS, "N", 0,
	  "tell at most N stretches of addresses apart; what shares one is grouped", 0 },
	{ "ascii", KEY_ASCII, NULL, 0, "draw with ASCII characters only", 0 },
	{ 0 },
};

/* MEDIUM_AUTO is what no word names. */
static enum medium parse_format(const struct argp_state *state, const char *arg)
{
	static const char *const names[] = { "text", "svg", "html" };

	return (enum medium)(MEDIUM_TEXT + common_choice(state, "format", arg, names, 3));
}

static error_t plot_option(int key, char *arg, struct argp_state *state)
{
	struct plot *plot = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (state->arg_num > 0 && access(arg, F_OK) == 0)
			usage_error(state,
				    "too many sources: '%s'; a second one is drawn by "
				    "--compare=SECOND",
				    arg);
		return common_option(key, arg, state);
	case KEY_COMPARE:
		plot->second = common_file(state, "SECOND", arg);
		return 0;
	case KEY_FORMAT:
		plot->medium = parse_format(state, arg);
		return 0;
	case KEY_ROWS:
		plot->rows = (unsigned int)common_number(
			state, "rows", arg, EFIMAP_PLOT_MIN_ROWS, EFIMAP_PLOT_MAX_ROWS);
		return 0;
	case KEY_ASCII:
		plot->ascii = true;
		return 0;
	case ARGP_KEY_END:
		if (plot->medium == MEDIUM_AUTO)
			page_check_name(state, plot->common.file,
					"a picture is written as .svg or .html");
		return 0;
	default:
		return common_option(key, arg, state);
	}
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
		.rows = plot->rows,
		.color = to_stdout ? common_color(&plot->common)
				   : plot->common.color == WHEN_ALWAYS,
		.unicode = !plot->ascii && is_utf8(),
		.notes = plot->common.verbose,
	};
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const enum medium medium = choose(plot);
	int ret;

	if (medium == MEDIUM_HTML)
		return page_write(plot->common.file, input, plot->rows);
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
	.parser = plot_option,
	.doc = "Draw a runtime map beside the firmware's memory map, /proc/iomem and the "
	       "virtual addresses: on the terminal, as an SVG picture, or in the page that report "
	       "writes.",
	.size = sizeof(struct plot),
	.run = plot_run,
};
