/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl plot" draws a picture of the memory. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "answer/verify.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "infer/why_no_map.h"
#include "show/picture_output.h"

static bool ends_in(const char *name, const char *end)
{
	const size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

enum medium {
	MEDIUM_AUTO,
	MEDIUM_TEXT,
	MEDIUM_SVG,
};

struct plot_args {
	struct common common;
	enum medium medium;
};

static const char *const media[] = {
	[MEDIUM_AUTO] = "",
	[MEDIUM_TEXT] = "text",
	[MEDIUM_SVG] = "svg",
	NULL,
};

static const struct command_option options[] = {
	OPTION_OUTPUT("write atomically to FILE, or to standard output (-); SVG if FILE "
		      "ends in .svg"),
	{ "format", 0, "FORMAT", "text or svg, regardless of the name of FILE",
	  CHOICE_AT(plot_args, medium, media), .group = GROUP_OUTPUT },
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

/* Refuse extensions of unsupported formats, because viewers rely on the extension. */
static void check(void *args, const struct argp_state *state)
{
	static const char *const others[] = {
		".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".html", ".htm",
	};
	const struct plot_args *plot = args;
	const char *file = plot->medium == MEDIUM_AUTO ? plot->common.file : NULL;

	for (size_t i = 0; file && i < sizeof(others) / sizeof(others[0]); i++)
		if (ends_in(file, others[i]))
			usage_error(state,
				    "%s: plot writes SVG or text; use another program to "
				    "convert the output to %s",
				    file, others[i] + 1);
}

/*
 * Return whether the environment selects a UTF-8 locale. setlocale() is not called, because nothing
 * else needs a locale.
 */
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

/*
 * Read SOURCE. If the map was not collected, memory, tables and crash memory are drawn without it:
 * a kernel log, for example, has a map only with efi=debug.
 */
static enum status open_source(const struct common *common, struct efimap **ret_map)
{
	enum status status = source_record(common->source, common, NULL, ret_map);
	const struct efimap *map = *ret_map;

	if (status != STATUS_OK)
		return status;
	if (find_no_map(map).kind != EFIMAP_MAP_UNCOLLECTED ||
	    (!map->n_memmap && !map->n_tables && !map->n_iomem))
		status = source_check_map(common, map, false);
	if (status == STATUS_OK && !common->quiet)
		source_report_hidden(map);
	return status;
}

/* Draw the picture. It cannot show the faults of a capture, so report them on standard error. */
static enum status plot_run(void *args)
{
	const struct plot_args *plot = args;
	const char *file = plot->common.file;
	const bool to_stdout = output_is_stdout(file);
	const struct picture_options how = {
		.width = to_stdout ? common_width() : 0,
		.color =
			to_stdout ? common_color(&plot->common) : plot->common.color == WHEN_ALWAYS,
		.ascii = !is_utf8(),
	};
	const bool is_svg = plot->medium == MEDIUM_SVG ||
			    (plot->medium == MEDIUM_AUTO && file && ends_in(file, ".svg"));
	auto_report struct report *report = NULL;
	auto_map struct efimap *map = NULL;
	/* The picture is drawn in memory first, so that a file is written atomically. */
	auto_out struct out out = EFIMAP_OUT_MEM;
	enum status status = open_source(&plot->common, &map);

	if (status != STATUS_OK)
		return source_excuse(&plot->common, map, status);
	report = verify_capture(map, NULL);
	if (is_svg)
		picture_write_svg(map, report, &out);
	else
		picture_write_text(map, report, &how, &out);
	status = output_finish(file, 0644, &out);
	return combine_status(status, source_report_faults(map, LISTED_SOURCES));
}

const struct command cmd_plot = {
	.name = "plot",
	.summary = "draw the map, the tables and the segments that kexec loads",
	.quiet = "print no informational messages",
	.options = options,
	.doc = "Draw the runtime map, memory, the configuration tables, and the segments of the "
	       "next kernel: in the terminal, or as an SVG picture. Overwritten ranges are marked.",
	.size = sizeof(struct plot_args),
	.check = check,
	.run = plot_run,
};
