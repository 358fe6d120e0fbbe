/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Many reports summed up: how many came to which verdict, and which rules spoke in most of
 * them. It knows nothing of where the reports came from.
 */
#include <string.h>

#include "format/style.h"
#include "format/summary.h"
#include "format/text.h"

/* More lines than this are a list to search, not an answer. */
#define MAX_RULES 10

static void count_rules(struct efimap_summary *summary, const struct efimap_report *report)
{
	bool was_seen[EFIMAP_RULE_COUNT] = { false };

	/* Findings are sorted, the worst first. */
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		if (!was_seen[finding->rule->id])
			summary->rules[finding->rule->id][finding->severity]++;
		was_seen[finding->rule->id] = true;
	}
}

void efimap_summary_add(struct efimap_summary *summary, const struct efimap_report *report)
{
	summary->sources++;
	summary->verdicts[report ? efimap_verdict_of(report) : EFIMAP_VERDICT_UNREADABLE]++;
	if (report)
		count_rules(summary, report);
}

static void put_verdicts(const struct efimap_summary *summary, struct efimap_out *out)
{
	const char *before = ": ";

	text_plural(out, summary->sources, "source", "sources");
	for (size_t i = 0; i <= EFIMAP_VERDICT_UNREADABLE; i++) {
		if (!summary->verdicts[i])
			continue;
		efimap_out_printf(out, "%s%zu %s", before, summary->verdicts[i],
				  efimap_verdict_name((enum efimap_verdict)i));
		before = ", ";
	}
	efimap_out_putc(out, '\n');
}

/* A rule as a line: in how many sources it spoke, and how loudly at most. */
struct line {
	size_t sources;
	enum efimap_severity severity;
	const struct efimap_rule *rule;
};

static struct line line_of(const struct efimap_summary *summary, enum efimap_rule_id id,
			   bool notes)
{
	struct line line = { .rule = efimap_rule_get(id) };

	for (int i = notes ? EFIMAP_NOTE : EFIMAP_WARNING; i <= EFIMAP_ERROR; i++) {
		line.sources += summary->rules[id][i];
		if (summary->rules[id][i])
			line.severity = (enum efimap_severity)i;
	}
	return line;
}

/* Keeps the first @count lines in order; equals stay in the order of the catalogue. */
static size_t insert(struct line lines[MAX_RULES], size_t count, const struct line *line)
{
	size_t at = count;

	while (at > 0 && lines[at - 1].sources < line->sources)
		at--;
	if (at == MAX_RULES)
		return count;
	count += count < MAX_RULES;
	memmove(lines + at + 1, lines + at, (count - at - 1) * sizeof(*lines));
	lines[at] = *line;
	return count;
}

static void put_line(const struct line *line, bool color, struct efimap_out *out)
{
	efimap_out_printf(out, "%8zu ", line->sources);
	style_severity(out, color, line->severity);
	efimap_out_printf(out, "%*s %s\n",
			  (int)(sizeof("warning") - 1 -
				strlen(efimap_severity_name(line->severity))),
			  "", line->rule->name);
}

static void put_rules(const struct efimap_summary *summary, bool notes, bool color,
		      struct efimap_out *out)
{
	struct line lines[MAX_RULES];
	size_t count = 0, total = 0;

	for (int i = 0; i < EFIMAP_RULE_COUNT; i++) {
		const struct line line = line_of(summary, (enum efimap_rule_id)i, notes);

		if (line.sources) {
			count = insert(lines, count, &line);
			total++;
		}
	}
	if (total)
		efimap_out_puts(out, "rules that spoke, by number of sources:\n");
	for (size_t i = 0; i < count; i++)
		put_line(&lines[i], color, out);
	if (total > count)
		efimap_out_printf(out, "         and %zu more\n", total - count);
}

int efimap_summary_write_text(const struct efimap_summary *summary, bool notes, bool color,
			      struct efimap_out *out)
{
	put_verdicts(summary, out);
	put_rules(summary, notes, color, out);
	if (summary->sources == 2 && summary->by_kexec == 1)
		efimap_out_puts(out, "each by itself: efimapctl compare FIRST SECOND says whether "
				"the map of one kernel reached the other\n");
	return out->error;
}
