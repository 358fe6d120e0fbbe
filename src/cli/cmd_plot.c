/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl plot */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer/verify.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "compare/compare.h"
#include "input/read_source.h"
#include "show/picture/picture.h"
#include "show/picture/svg.h"
#include "show/picture/terminal.h"

static bool ends_in(const char *name, const char *end)
{
	const size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

/* Refuse extensions of unsupported formats, because viewers rely on the extension. */
static void check_name(const struct argp_state *state, const char *file)
{
	static const char *const others[] = {
		".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".html", ".htm",
	};

	for (size_t i = 0; file && i < sizeof(others) / sizeof(others[0]); i++)
		if (ends_in(file, others[i]))
			usage_error(state,
				    "%s: plot writes SVG or text; use another program to "
				    "convert the output to %s",
				    file, others[i] + 1);
}

enum medium {
	MEDIUM_AUTO,
	MEDIUM_TEXT,
	MEDIUM_SVG,
};

struct plot_args {
	struct common common;
	const char *second;
	enum medium medium;
	uint64_t rows;
	bool ascii;
};

static const char *const media[] = {
	[MEDIUM_AUTO] = "", [MEDIUM_TEXT] = "text", [MEDIUM_SVG] = "svg", NULL,
};
static const struct range rows_range = { EFIMAP_PLOT_MIN_ROWS, EFIMAP_PLOT_MAX_ROWS };

static const struct command_option options[] = {
	OPTION_OUTPUT("write to FILE instead of standard output (-): an SVG picture if "
		      "FILE ends in .svg, otherwise text"),
	{ "format", 0, "FORMAT", "text or svg, regardless of the name of FILE",
	  CHOICE_AT(plot_args, medium, media) },
	{ "second", 0, "SECOND",
	  "draw the runtime map of SECOND, a capture of the second kernel, next to that "
	  "of SOURCE",
	  NAME_AT(plot_args, second, "SECOND") },
	{ "max-rows", 0, "N",
	  "draw at most N rows of addresses; neighbouring regions are grouped if more "
	  "rows would be needed",
	  NUMBER_AT(plot_args, rows, &rows_range) },
	{ "ascii", 0, NULL, "draw with ASCII characters only",
	  FLAG_AT(plot_args, ascii) },
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

static void check(void *args, const struct argp_state *state)
{
	const struct plot_args *plot = args;

	if (plot->medium == MEDIUM_AUTO)
		check_name(state, plot->common.file);
}

static enum medium choose(const struct plot_args *plot)
{
	const char *file = plot->common.file;

	if (plot->medium != MEDIUM_AUTO)
		return plot->medium;
	if (file && ends_in(file, ".svg"))
		return MEDIUM_SVG;
	return MEDIUM_TEXT;
}

/* Read the environment instead of calling setlocale(), because nothing else needs a locale. */
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

/* Draw the picture in memory first, so that a file is written atomically. */
static enum status draw_picture(const struct plot_args *plot, const struct efimap_plot_input *input)
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

	ret = medium == MEDIUM_SVG ? efimap_plot_write_svg(input, &how, &out)
				   : efimap_plot_write_text(input, &how, &out);
	return output_finish(plot->common.file, 0644, ret, &out);
}

/* A picture cannot show the faults of a capture, so they are reported on standard error. */
static enum status draw_one(const struct plot_args *plot, const struct efimap *map)
{
	efimap_auto_report struct efimap_report *report = NULL;
	int ret = efimap_verify(map, NULL, &report);

	if (ret < 0)
		return report_errno(map->name, ret);
	return combine_status(draw_picture(plot, &(struct efimap_plot_input){ .map = map,
								    .report = report }),
			      source_report_faults(map, EFIMAP_EFFECT_FINDING));
}

/* If SECOND has no runtime map, the picture shows all entries as lost. */
static enum status draw_two(const struct plot_args *plot, const struct efimap *map)
{
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;
	efimap_auto_map struct efimap *second = NULL;
	enum status status = source_read(plot->second, &plot->common, &second);
	int ret;

	if (status != STATUS_OK)
		return status;
	if (source_refuse_denied(second) != STATUS_OK)
		return STATUS_DENIED;
	ret = efimap_compare(map, second, EFIMAP_ERROR, &comparison);
	if (ret < 0)
		return report_errno(second->name, ret);
	if (!plot->common.quiet)
		source_report_hidden(second);
	status = draw_picture(plot, &(struct efimap_plot_input){ .map = map,
							 .second = second,
							 .comparison = comparison });
	status = combine_status(status, source_report_faults(map, EFIMAP_EFFECT_FINDING));
	return combine_status(status,
			      source_report_faults(second, EFIMAP_EFFECT_FINDING));
}

static enum status plot_run(void *args)
{
	const struct plot_args *plot = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_open_shown(&plot->common, &map);

	if (status != STATUS_OK)
		return source_excuse(&plot->common, map, status);
	return plot->second ? draw_two(plot, map) : draw_one(plot, map);
}

const struct command cmd_plot = {
	.name = "plot",
	.summary = "draw the map next to memmap and iomem",
	.options = options,
	.second = "use --second=SECOND to draw a second map",
	.doc = "Draw a runtime map next to the firmware memory map, /proc/iomem and the "
	       "virtual addresses: in the terminal, or as an SVG picture.",
	.size = sizeof(struct plot_args),
	.check = check,
	.run = plot_run,
};
