/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A report as the output of a monitoring plugin. A "|" would begin performance data and a
 * newline another line, so neither comes from a capture, and lines are cut, not wrapped.
 */
#include <inttypes.h>
#include <string.h>

#include "format/format.h"
#include "format/nagios.h"
#include "format/text.h"

#define MAX_LINE 400

static bool is_judged(const struct efimap_nagios *nagios)
{
	return nagios->map && nagios->report && efimap_report_is_judged(nagios->report);
}

/* What was gathered in @line, without "|" and not too long, never within a character. */
static void put_cut(struct efimap_out *out, struct efimap_out *line)
{
	const size_t start = out->used, longest = sizeof("\\x7c") - 1;
	size_t len = 0;

	efimap_out_putc(line, '\0');
	if (line->error)
		out->error = out->error ? out->error : line->error;
	while (!out->error && line->data[len]) {
		const size_t size = text_utf8_length(line->data + len);

		if (out->used - start + longest > MAX_LINE) {
			efimap_out_puts(out, "...");
			break;
		}
		if (line->data[len] == '|')
			text_escape_byte(out, '|');
		else
			efimap_out_write(out, line->data + len, size ? size : 1);
		len += size ? size : 1;
	}
	line->used = 0;
}

static void gather_finding(const struct efimap_finding *finding, struct efimap_out *line)
{
	efimap_out_printf(line, "%s: ", efimap_severity_name(finding->severity));
	efimap_out_safe(line, finding->message);
	efimap_out_printf(line, " [%s]", finding->rule->name);
}

/* The first of the lines that were said, without the name of the program before it. */
static void gather_said(const char *said, struct efimap_out *line)
{
	static const char name[] = "efimapctl: ";
	const char *end = strchrnul(said, '\n');

	if (strncmp(said, name, sizeof(name) - 1) == 0)
		said += sizeof(name) - 1;
	for (; said < end; said++)
		if (*said >= ' ')
			efimap_out_putc(line, *said);
}

/* Instead of counts: beside an error, what else was not seen is a line of its own. */
static bool has_reason(const struct efimap_nagios *nagios)
{
	return nagios->report && *nagios->report->reason &&
	       (!is_judged(nagios) || nagios->level == EFIMAP_LEVEL_UNKNOWN);
}

static const char *next_line(const char *text)
{
	text = strchrnul(text, '\n');
	return *text ? text + 1 : text;
}

static void gather_reason(const struct efimap_nagios *nagios, struct efimap_out *line)
{
	const struct efimap_report *report = nagios->report;

	if (has_reason(nagios)) {
		efimap_out_safe(line, report->reason);
		return;
	}
	if (nagios->level == EFIMAP_LEVEL_UNKNOWN) {
		gather_said(nagios->said && *nagios->said ? nagios->said : "no answer", line);
		return;
	}
	text_plural(line, nagios->map->n_entries, "entry, ", "entries, ");
	text_plural(line, report->counts[EFIMAP_ERROR], "error, ", "errors, ");
	text_plural(line, report->counts[EFIMAP_WARNING], "warning", "warnings");
	if (efimap_report_may_miss_errors(report)) {
		efimap_out_puts(line, ", ");
		text_plural(line, report->n_skipped, "rule not tried", "rules not tried");
	}
	/* They are sorted: the first is the worst. */
	if (nagios->level != EFIMAP_LEVEL_OK && report->n_findings) {
		efimap_out_puts(line, "; ");
		gather_finding(&report->findings[0], line);
	}
}

static uint64_t total_bytes(const struct efimap *map)
{
	uint64_t sum = 0, size;

	for (size_t i = 0; i < map->n_entries; i++)
		if (__builtin_mul_overflow(map->entries[i].pages, EFIMAP_PAGE_SIZE, &size) ||
		    __builtin_add_overflow(sum, size, &sum))
			return UINT64_MAX;
	return sum;
}

/* 'label'=value[unit];warn;crit;min: what is critical above 0, and what only warns */
static void put_count(struct efimap_out *out, const struct efimap_nagios *nagios,
		      const char *label, enum efimap_severity severity)
{
	const char *limits = ";;";

	if (severity >= nagios->fail_on)
		limits = ";;0";
	else if (severity >= EFIMAP_WARNING)
		limits = ";0;";
	efimap_out_printf(out, " %s=%zu%s;0", label, nagios->report->counts[severity],
			  limits);
}

static void put_performance(struct efimap_out *out, const struct efimap_nagios *nagios)
{
	/* Of a part, a zero would say that there are none. */
	if (!is_judged(nagios) || nagios->report->shortfall != EFIMAP_VERDICT_PASS)
		return;
	efimap_out_printf(out, " | entries=%zu;;;0", nagios->map->n_entries);
	put_count(out, nagios, "errors", EFIMAP_ERROR);
	put_count(out, nagios, "warnings", EFIMAP_WARNING);
	put_count(out, nagios, "notes", EFIMAP_NOTE);
	efimap_out_printf(out, " bytes=%" PRIu64 "B;;;0", total_bytes(nagios->map));
}

static bool has_room(const struct efimap_out *text)
{
	/* A line, and the one that says how many more there are. */
	return text->used + MAX_LINE + sizeof("...\nand 18446744073709551615 more\n") <
	       EFIMAP_NAGIOS_MAX;
}

static void put_findings(const struct efimap_nagios *nagios, struct efimap_out *text,
			 struct efimap_out *line)
{
	size_t rest = 0;

	if (!is_judged(nagios))
		return;
	for (size_t i = 0; i < nagios->report->n_findings; i++) {
		const struct efimap_finding *finding = &nagios->report->findings[i];

		if (finding->severity == EFIMAP_NOTE && !nagios->notes)
			continue;
		if (!has_room(text)) {
			rest++;
			continue;
		}
		gather_finding(finding, line);
		put_cut(text, line);
		efimap_out_putc(text, '\n');
	}
	if (rest)
		efimap_out_printf(text, "and %zu more\n", rest);
}

static void put_shortfall(const struct efimap_nagios *nagios, struct efimap_out *text,
			  struct efimap_out *line)
{
	if (!is_judged(nagios) || !*nagios->report->reason || has_reason(nagios))
		return;
	efimap_out_safe(line, nagios->report->reason);
	put_cut(text, line);
	efimap_out_putc(text, '\n');
}

static void put_said(const struct efimap_nagios *nagios, struct efimap_out *text,
		     struct efimap_out *line)
{
	const char *said = nagios->said ? nagios->said : "";

	/* Then it is the reason that the status line gives. */
	if (nagios->level == EFIMAP_LEVEL_UNKNOWN && !has_reason(nagios))
		said = next_line(said);
	while (*said && has_room(text)) {
		gather_said(said, line);
		put_cut(text, line);
		efimap_out_putc(text, '\n');
		said = next_line(said);
	}
}

int efimap_nagios_write(const struct efimap_nagios *nagios, struct efimap_out *out)
{
	static const char *const names[] = {
		[EFIMAP_LEVEL_OK] = "OK",
		[EFIMAP_LEVEL_WARNING] = "WARNING",
		[EFIMAP_LEVEL_CRITICAL] = "CRITICAL",
		[EFIMAP_LEVEL_UNKNOWN] = "UNKNOWN",
	};
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;
	efimap_auto_out struct efimap_out line = EFIMAP_OUT_MEM;

	efimap_out_printf(&text, "EFIMAP %s - ", names[nagios->level]);
	gather_reason(nagios, &line);
	put_cut(&text, &line);
	put_performance(&text, nagios);
	efimap_out_putc(&text, '\n');
	put_shortfall(nagios, &text, &line);
	put_findings(nagios, &text, &line);
	put_said(nagios, &text, &line);
	if (text.error || line.error)
		return text.error ? text.error : line.error;
	efimap_out_write(out, text.data, text.used);
	return out->error;
}
