/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write facts for a bug report. Each section is collected in memory first, because sections are
 * shortened only if the report is too long.
 */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "answer/answer.h"
#include "base/escape_text.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "base/utf8.h"
#include "show/dump.h"
#include "show/dump_columns.h"
#include "show/form_output.h"
#include "show/machine_line.h"
#include "show/report_output.h"
#include "show/report_text.h"

#define INDENT 2
/* Columns of dump that fit into REPORT_TEXT_COLUMNS. */
#define COLUMNS "IDX,TYPE,ATTR,PHYS,SIZE,VIRT"

enum { HEAD, ANSWERS, TABLES, SEGMENTS, MESSAGES, MAP, MEMORY, N_SECTIONS };

/*
 * Minimum numbers of lines of shortened sections. With an empty line before each section, they
 * fit into REPORT_TEXT_LINES.
 */
static const size_t least_lines[N_SECTIONS] = { 9, 14, 8, 20, 26, 20, 16 };
_Static_assert(N_SECTIONS + 9 + 14 + 8 + 20 + 26 + 20 + 16 <= REPORT_TEXT_LINES,
	       "the shortened report is too long");

/* Write the kernel parameters without those whose value was redacted. */
static void put_parameters(const struct efimap *map, const struct text_options *options,
			   struct out *out)
{
	auto_out struct out text = EFIMAP_OUT_MEM;
	size_t n_omitted = map->n_redacted;

	for (const char *word = map->cmdline; *word; word += strspn(word, " ")) {
		const size_t len = strcspn(word, " ");
		const char *value = memchr(word, '=', len);
		const char *first = value ? value + 1 : word;
		const bool is_redacted =
			first + strspn(first, "x") == word + len && first < word + len;

		if (is_redacted)
			n_omitted += value != NULL;
		else if (strncmp(word, "BOOT_IMAGE=", strlen("BOOT_IMAGE=")) != 0)
			out_printf(&text, "%s%.*s", text.used ? " " : "", (int)len, word);
		word += len;
	}
	if (n_omitted)
		out_printf(&text, "%s(%zu omitted)", text.used ? " " : "", n_omitted);
	if (text.used)
		form_write_fact("parameters", out_text(&text), options, out);
}

/* Write the headline of an answer, and the rules that its lines name. */
static void put_headline(const struct form *form, const struct text_options *options,
			 struct out *out)
{
	auto_out struct out sentence = EFIMAP_OUT_MEM;
	struct form headline = *form;

	out_puts(&sentence, form->sentence);
	for (size_t i = 0; i < form->n_lines; i++) {
		const char *rule = form->lines[i].rule;
		bool is_named = !rule;

		for (size_t k = 0; k < i; k++)
			is_named |= order_texts(form->lines[k].rule, rule) == 0;
		if (!is_named)
			out_printf(&sentence, " [%s]", rule);
	}
	headline.sentence = out_text(&sentence);
	form_write_headline(&headline, options, out);
}

static void put_answers(const struct report *report, const struct received *received,
			const struct text_options *options, struct out *out)
{
	auto_out struct out findings = EFIMAP_OUT_MEM;
	bool is_named[EFIMAP_RULE_COUNT] = { false };
	struct arena arena = { NULL };
	struct form form;

	if (received) {
		form = report_form(received->report, received->verdict, "received", &arena);
		put_headline(&form, options, out);
	}
	for (size_t i = 0; i < report->n_forms; i++)
		put_headline(&report->forms[i], options, out);
	form = report_map_form(report, &arena);
	if (form.sentence)
		put_headline(&form, options, out);
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (is_named[finding->rule->id])
			continue;
		is_named[finding->rule->id] = true;
		out_printf(&findings, "%s%s", i ? ", " : "", finding->rule->name);
		if (finding->severity != EFIMAP_NOTE)
			out_printf(&findings, " (%s)", severity_name(finding->severity));
	}
	if (findings.used)
		form_write_fact("rules", out_text(&findings), options, out);
	arena_free(&arena);
}

static void put_addresses(const struct named_address *list, size_t count, struct out *out)
{
	for (size_t i = 0; i < count; i++)
		out_printf(out, "%s%s=0x%" PRIx64, out->used ? " " : "", list[i].name,
			   list[i].value);
}

/* Write the addresses of tables: those in the system table of EFI, and those in the log. */
static void put_tables(const struct efimap *map, const struct text_options *options,
		       struct out *out)
{
	auto_out struct out systab = EFIMAP_OUT_MEM, tables = EFIMAP_OUT_MEM;

	put_addresses(map->systab, map->n_systab, &systab);
	put_addresses(map->tables, map->n_tables, &tables);
	if (systab.used)
		form_write_fact("systab", out_text(&systab), options, out);
	if (tables.used)
		form_write_fact("EFI tables", out_text(&tables), options, out);
}

static void put_range(struct out *out, uint64_t start, uint64_t end, const char *what)
{
	text_blanks(out, INDENT);
	out_printf(out, "0x%012" PRIx64 "-0x%012" PRIx64 " ", start, end);
	out_escaped(out, what);
}

static void put_segments(const struct report *report, struct out *out)
{
	for (size_t i = 0; i < report->n_answers; i++) {
		const struct answer *answer = &report->answers[i];

		if (!answer->load.placement.count)
			continue;
		out_printf(out, "segments of %s with %s:\n", answer->form.head,
			   answer->load.loader == EFIMAP_LOADER_ANY
				   ? "kexec"
				   : loader_option_name(answer->load.loader));
		for (size_t k = 0; k < answer->load.placement.count; k++) {
			const struct load_segment *segment = &answer->load.placement.segments[k];

			put_range(out, segment->start, segment->end,
				  segment_kind_name(segment->kind));
			out_printf(out, "%s%s\n",
				   segment->start != segment->start_max ? ", somewhere in it" : "",
				   segment->is_optional ? ", if there is one" : "");
		}
	}
}

/* Return whether a message is about EFI, kexec or a crash. */
static bool is_shown(const char *line)
{
	/* These lines are facts of other sections. */
	static const char *const others[] = { "BIOS-e820", "Command line:", "Kernel command line:",
					      "Linux version" };
	static const char *const words[] = { "efi",   "ESRT",	"kexec",       "crash",
					     "kdump", "RSDP",	"Secure boot", "lockdown",
					     "panic", "BUG",	"RIP:",	       "[#",
					     "Code:", "Call T", "+0x",	       "---[" };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strncmp(line, others[i], strlen(others[i])) == 0)
			return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(line, words[i]))
			return true;
	return false;
}

static void put_messages(const struct efimap *map, struct out *out)
{
	struct text left = { map->log, map->log_len };
	size_t next;

	for (; left.len; text_skip(&left, next)) {
		auto_out struct out message = EFIMAP_OUT_MEM;

		out_write(&message, left.at, text_line(left.at, left.len, &next));
		if (!is_shown(out_text(&message)))
			continue;
		if (!out->used)
			out_puts(out, "kernel messages about EFI, kexec and crashes:\n");
		text_blanks(out, INDENT);
		out_escaped(out, out_text(&message));
		out_putc(out, '\n');
	}
}

static void put_memory(const struct efimap *map, struct out *out)
{
	if (map->n_memmap)
		out_puts(out,
			 find_first_origin(map) == EFIMAP_ORIGIN_LOG ? "e820:\n" : "memmap:\n");
	for (size_t i = 0; i < map->n_memmap; i++) {
		put_range(out, map->memmap[i].start, map->memmap[i].end, map->memmap[i].label);
		out_putc(out, '\n');
	}
}

/* struct section - a part of the report, of which @shown of @lines lines are shown */
struct section {
	struct out text;
	size_t lines;
	size_t shown;
};

/*
 * Wrap the lines of a section that are too wide. A word that is too wide gets a line of its own; if
 * it has one, it is cut.
 */
static void wrap_lines(struct out *section, unsigned int width)
{
	struct out wrapped = EFIMAP_OUT_MEM;
	const char *end;

	for (const char *at = out_text(section); (end = strchr(at, '\n')); at = end + 1) {
		const size_t len = (size_t)(end - at), blanks = strspn(at, " ");

		if (utf8_columns(at, len) <= width) {
			out_write(&wrapped, at, len + 1);
		} else if (memchr(at + blanks, ' ', len - blanks)) {
			text_blanks(&wrapped, blanks);
			text_flow(&wrapped, at, len, blanks, 2 * INDENT, width);
		} else {
			end = at + utf8_prefix(at, width) - 1;
			out_write(&wrapped, at, (size_t)(end + 1 - at));
			out_putc(&wrapped, '\n');
		}
	}
	out_free(section);
	*section = wrapped;
}

/* Shorten sections, beginning with the last one, to at most REPORT_TEXT_LINES lines in total. */
static void shorten(struct section *sections)
{
	size_t lines = 0;

	for (size_t i = 0; i < N_SECTIONS; i++) {
		for (const char *text = out_text(&sections[i].text); *text; text++)
			sections[i].lines += *text == '\n';
		sections[i].shown = sections[i].lines;
		lines += sections[i].lines + (sections[i].lines > 0);
	}
	for (size_t i = N_SECTIONS; i-- > 0 && lines > REPORT_TEXT_LINES;) {
		const size_t excess = lines - REPORT_TEXT_LINES;
		const size_t spare =
			sections[i].lines > least_lines[i] ? sections[i].lines - least_lines[i] : 0;

		sections[i].shown -= excess < spare ? excess : spare;
		lines -= excess < spare ? excess : spare;
	}
}

/* Write the shown lines of a section, and the number of omitted lines. */
static void put_section(struct section *section, struct out *out)
{
	const char *text = out_text(&section->text), *end = text;
	const size_t whole = section->shown < section->lines ? section->shown - 1 : section->lines;

	for (size_t i = 0; i < whole; i++)
		end = strchr(end, '\n') + 1;
	out_write(out, text, (size_t)(end - text));
	if (whole < section->lines)
		out_printf(out, "%*s(%zu more lines)\n", INDENT, "", section->lines - whole);
}

void report_write_mail(const struct efimap *map, const struct report *report,
		       const struct received *received, unsigned int width, struct out *out)
{
	const struct text_options options = {
		.headings = true,
		.width = width && width < REPORT_TEXT_COLUMNS ? width : REPORT_TEXT_COLUMNS,
	};
	struct section sections[N_SECTIONS];
	size_t columns[TABLE_MAX_COLUMNS];
	struct dump_options how = {
		.format = EFIMAP_DUMP_TABLE,
		.columns = columns,
		.text = options,
	};

	assert(map->redacted);
	for (size_t i = 0; i < N_SECTIONS; i++)
		sections[i] = (struct section){ .text = EFIMAP_OUT_MEM };
	out_puts(&sections[HEAD].text, EFIMAP_TOOL ": report on EFI, kexec and kdump\n\n");
	machine_line_write(map, report, NULL, &options, &sections[HEAD].text);
	put_parameters(map, &options, &sections[HEAD].text);
	put_answers(report, received, &options, &sections[ANSWERS].text);
	put_tables(map, &options, &sections[TABLES].text);
	put_segments(report, &sections[SEGMENTS].text);
	put_messages(map, &sections[MESSAGES].text);
	dump_columns_parse(COLUMNS, false, columns, &how.n_columns, NULL);
	if (map->n_entries)
		dump_write(map, &how, &sections[MAP].text);
	put_memory(map, &sections[MEMORY].text);
	for (size_t i = 0; i < N_SECTIONS; i++) {
		wrap_lines(&sections[i].text, options.width);
		wrap_lines(&sections[i].text, options.width);
	}
	shorten(sections);
	for (size_t i = 0; i < N_SECTIONS; i++) {
		if (i && sections[i].lines)
			out_putc(out, '\n');
		put_section(&sections[i], out);
		out_free(&sections[i].text);
	}
}
