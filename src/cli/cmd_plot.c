/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimapctl plot and efimapctl report */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "answer/verify.h"
#include "base/number.h"
#include "capture/redaction.h"
#include "cli/command_list.h"
#include "cli/exit_status.h"
#include "cli/messages.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "compare/compare.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "input/read_source.h"
#include "rules/received.h"
#include "rules/unread_sources.h"
#include "show/picture/picture.h"
#include "show/picture/svg.h"
#include "show/picture/terminal.h"
#include "show/report_page.h"
#include "show/report_text.h"

/* The last second of the year 9999. A later year would have more than four digits. */
#define LAST_SECOND INT64_C(253402300799)

static bool ends_in(const char *name, const char *end)
{
	const size_t len = strlen(name), end_len = strlen(end);

	return len > end_len && strcasecmp(name + len - end_len, end) == 0;
}

/* Refuse extensions of unsupported formats, because viewers rely on the extension. */
static void check_name(const struct argp_state *state, const char *file, const char *how)
{
	static const char *const others[] = { ".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf" };

	for (size_t i = 0; file && i < sizeof(others) / sizeof(others[0]); i++)
		if (ends_in(file, others[i]))
			usage_error(state,
				    "%s: %s; use another program to convert the output "
				    "to %s",
				    file, how, others[i] + 1);
}

/* SOURCE_DATE_EPOCH replaces the current time, so that the page is reproducible. */
static bool find_time(time_t *ret_time)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	uint64_t seconds;

	*ret_time = time(NULL);
	if (!epoch)
		return true;
	if (efimap_number_parse_dec(epoch, strlen(epoch), LAST_SECOND, &seconds, NULL) !=
	    EFIMAP_NUMBER_OK) {
		put_message("SOURCE_DATE_EPOCH=%s: expected a number of seconds since "
			    "1970", epoch);
		return false;
	}
	*ret_time = (time_t)seconds;
	return true;
}

static enum status write_page(const char *file, const struct efimap_plot_input *input,
			      unsigned int rows)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	efimap_auto_received struct efimap_received *received = NULL;
	struct efimap_plot_input page_input = *input;
	char date[sizeof("9999-12-31T23:59:59Z")] = "";
	struct efimap_plot_options how = { .rows = rows, .date = date };
	struct tm tm;
	time_t when;
	int ret = 0;

	if (!find_time(&when))
		return STATUS_USAGE;
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&when, &tm));
	if (!input->second && efimap_booted_by(input->map) == EFIMAP_BOOTED_BY_KEXEC)
		ret = efimap_check_received(input->map, &received);
	page_input.received = received;
	if (ret == 0)
		ret = efimap_plot_write_html(&page_input, &how, &out);
	if (ret == -EFBIG)
		return report_snapshot_too_long(input->map->name);
	return output_finish(file, 0644, ret, &out);
}

enum medium {
	MEDIUM_AUTO,
	MEDIUM_TEXT,
	MEDIUM_SVG,
	MEDIUM_HTML,
};

struct plot_args {
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
	OPTION_OUTPUT("write to FILE instead of standard output (-): an SVG picture if "
		      "FILE ends in .svg, an HTML page if FILE ends in .html, "
		      "otherwise text"),
	{ "format", 0, "FORMAT", "text, svg or html, regardless of the name of FILE",
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
		check_name(state, plot->common.file,
				"plot writes SVG, HTML or text");
}

static enum medium choose(const struct plot_args *plot)
{
	const char *file = plot->common.file;

	if (plot->medium != MEDIUM_AUTO)
		return plot->medium;
	if (file && ends_in(file, ".svg"))
		return MEDIUM_SVG;
	if (file && (ends_in(file, ".html") || ends_in(file, ".htm")))
		return MEDIUM_HTML;
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

	if (medium == MEDIUM_HTML)
		return write_page(plot->common.file, input, (unsigned int)plot->rows);
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
	struct efimap_redacted_capture efimap_auto_redacted_capture shown = { 0 },
								    shown_second = { 0 };
	const bool is_page = choose(plot) == MEDIUM_HTML;
	efimap_auto_map struct efimap *second = NULL;
	enum status status = source_read(plot->second, &plot->common, &second);
	int ret;

	if (status != STATUS_OK)
		return status;
	if (source_refuse_denied(second) != STATUS_OK)
		return STATUS_DENIED;
	/*
	 * A page may contain the reason why the maps cannot be compared. The reason names a SOURCE,
	 * so compare the redacted captures.
	 */
	ret = is_page ? efimap_redact_capture(map, &shown) : 0;
	if (ret == 0 && is_page)
		ret = efimap_redact_capture(second, &shown_second);
	if (ret == 0)
		ret = efimap_compare(is_page ? &shown.map : map,
				     is_page ? &shown_second.map : second, EFIMAP_ERROR,
				     &comparison);
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
	enum status status = source_open_shown(&plot->common, false, &map);

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
	       "virtual addresses: in the terminal, as an SVG picture, or in an HTML "
	       "report.",
	.size = sizeof(struct plot_args),
	.check = check,
	.run = plot_run,
};

enum report_format {
	REPORT_HTML,
	REPORT_TEXT,
};

struct report_args {
	struct common common;
	enum report_format format;
};

static const char *const report_formats[] = {
	[REPORT_HTML] = "html", [REPORT_TEXT] = "text", NULL,
};

static const struct command_option report_options[] = {
	OPTION_OUTPUT("write to FILE atomically; - is standard output"),
	{ "format", 0, "FORMAT",
	  "html (the default) or text (at most 60 lines of 76 columns, for a mailing list)",
	  CHOICE_AT(report_args, format, report_formats) },
	OPTION_IF_EFI,
	OPTION_BOOT,
	{ 0 },
};

static void check_report(void *args, const struct argp_state *state)
{
	const struct report_args *report = args;
	const struct common *common = &report->common;

	if (report->format == REPORT_TEXT)
		return;
	if (!common->file && isatty(STDOUT_FILENO))
		usage_error(state, "an HTML report is not written to a terminal; use "
				   "efimapctl report -O report.html");
	check_name(state, common->file, "report writes HTML or text");
	if (common->file && ends_in(common->file, ".svg"))
		usage_error(state, "%s: report writes no SVG file; use efimapctl plot",
			    common->file);
}

static enum status write_text(const char *file, const struct efimap *map,
			      const struct efimap_report *report)
{
	efimap_auto_received struct efimap_received *received = NULL;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = 0;

	if (efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC)
		ret = efimap_check_received(map, &received);
	if (ret == 0)
		ret = efimap_report_write_mail(map, report, received, &out);
	return output_finish(file, 0644, ret, &out);
}

/*
 * If the report was written to a file and the exit status is not 0, print a message unless -q is
 * given. Without the message, users might assume that writing failed.
 */
static enum status write_report(const struct report_args *args, const struct efimap *map,
				 enum status before)
{
	const struct common *common = &args->common;
	efimap_auto_report struct efimap_report *report = NULL;
	enum status status;
	int ret = efimap_verify(map, NULL, &report);

	if (ret < 0)
		return report_errno(map->name, ret);
	if (args->format == REPORT_TEXT)
		status = write_text(common->file, map, report);
	else
		status = write_page(common->file,
				    &(struct efimap_plot_input){ .map = map, .report = report },
				    0);
	if (status == STATUS_OK && before != STATUS_OK && !output_is_stdout(common->file) &&
	    !common->quiet)
		put_message(
			"%s: the report was written; the exit status depends only "
			"on the source",
			common->file);
	return combine_status(before, status);
}

static enum status report_run(void *args)
{
	const struct report_args *report = args;
	const struct common *common = &report->common;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_read(common->source, common, &map);
	const char *why;

	if (status != STATUS_OK)
		return status;
	if (source_refuse_denied(map) != STATUS_OK)
		return STATUS_DENIED;
	why = efimap_why_not_applicable(map);
	if (why) {
		if (!common->quiet || !source_is_excused(common, map))
			put_message("%s: %s", map->name, why);
		status = source_excuse(common, map, STATUS_NOT_APPLICABLE);
	}
	if (!source_has_efi_or_kexec(map))
		return source_excuse(common, map, STATUS_NOT_APPLICABLE);
	if (!common->quiet)
		source_report_hidden(map);
	status = combine_status(status, source_report_faults(map, EFIMAP_EFFECT_FINDING));
	return write_report(report, map, status);
}

const struct command cmd_report = {
	.name = "report",
	.summary = "write a report to attach to a bug report",
	.answers = "What can I attach to a bug report?",
	.options = report_options,
	.doc = "Write one self-contained HTML page for a bug report, to FILE or to a "
	       "pipe. The page contains the findings of verify with advice, the result "
	       "of received if kexec started the kernel, the picture of plot, and "
	       "tables with the values behind the findings. It also contains a "
	       "redacted snapshot, so other commands accept the page as SOURCE. The "
	       "page contains addresses, the boot ID and hardware names, but no host "
	       "name, and only those kernel parameters that affect EFI, memory or "
	       "kexec. Findings do not affect the exit status. The status is 4 if the "
	       "kernel has no EFI, and 3 if a source could not be read. With "
	       "--format=text, write plain text for a mailing list: the machine, the "
	       "answers, the findings with advice, and the map. " SOURCE_IS,
	.size = sizeof(struct report_args),
	.check = check_report,
	.run = report_run,
};
