/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compute a picture in three steps: gather the spans of each lane, cut the addresses into rows at
 * the edges of all spans, and give each row and lane enough lines and columns for its labels.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "base/cleanup.h"
#include "base/escape_text.h"
#include "base/sort.h"
#include "base/utf8.h"
#include "capture/entry.h"
#include "infer/memory_coverage.h"
#include "show/picture.h"
#include "show/text_style.h"

/* Maximum number of rows of a picture. Real maps need fewer than 200. */
#define MAX_ROWS 1000
#define MAX_LABELS 16
/* Maximum number of columns of a lane. Longer labels are wrapped. */
#define MAX_COLUMNS 34
/* A smaller range of RAM is drawn only if something else is in it. */
#define SMALL_RANGE (UINT64_C(1) << 20)
/* Number of columns between lanes. */
#define GAP 1

/* The lanes, from left to right. */
enum { LANE_RUNTIME, LANE_MEMORY, LANE_TABLES, LANE_KEXEC, LANE_KDUMP };

static int order_spans(const void *a, const void *b)
{
	const struct picture_span *one = a, *other = b;

	if (one->span.first != other->span.first)
		return order_u64(one->span.first, other->span.first);
	if (one->span.last != other->span.last)
		return order_u64(other->span.last, one->span.last);
	return order_u64(one->order, other->order);
}

/* Copy a text to the arena of the picture. */
static const char *keep(struct picture *picture, struct out *text)
{
	return arena_strndup(&picture->arena, text->data, text->used);
}

/* Begin a further item of a list. */
static struct out *next_item(struct out *list, const char *separator)
{
	if (list->used)
		out_puts(list, separator);
	return list;
}

/* Add a span, whose label is the name and, if @has_size is set, the size. */
static void add_span(struct picture *picture, struct picture_lane *lane, struct picture_span span,
		     const char *name, bool has_size)
{
	auto_out struct out label = EFIMAP_OUT_MEM;

	out_ascii(&label, name);
	if (has_size) {
		out_putc(&label, ' ');
		text_span_size(&label, span_bytes(span.span));
	}
	span.label = keep(picture, &label);
	span.order = lane->n_spans;
	array_append(&lane->spans, &lane->n_spans, &lane->capacity, &span, sizeof(span));
}

/* Return the kind of an entry. A defined type that kinds[] does not list is RAM, the first kind. */
static enum picture_kind kind_of_entry(const struct map_entry *entry)
{
	static const enum picture_kind kinds[] = {
		[EFIMAP_TYPE_RESERVED] = PICTURE_RESERVED,
		[EFIMAP_TYPE_BOOT_CODE] = PICTURE_BOOT,
		[EFIMAP_TYPE_BOOT_DATA] = PICTURE_BOOT,
		[EFIMAP_TYPE_RUNTIME_CODE] = PICTURE_CODE,
		[EFIMAP_TYPE_RUNTIME_DATA] = PICTURE_DATA,
		[EFIMAP_TYPE_UNUSABLE] = PICTURE_RESERVED,
		[EFIMAP_TYPE_ACPI_RECLAIM] = PICTURE_ACPI,
		[EFIMAP_TYPE_ACPI_NVS] = PICTURE_ACPI,
		[EFIMAP_TYPE_MMIO] = PICTURE_MMIO,
		[EFIMAP_TYPE_MMIO_PORT] = PICTURE_MMIO,
		[EFIMAP_TYPE_PAL_CODE] = PICTURE_CODE,
		[EFIMAP_TYPE_UNACCEPTED] = PICTURE_RAM,
	};

	return entry->type < sizeof(kinds) / sizeof(kinds[0]) ? kinds[entry->type] : PICTURE_OTHER;
}

/*
 * Return the kind of a range of memmap or iomem, and shorten the most frequent names, so that they
 * fit into narrow lanes. The names are from arch/x86/kernel/e820.c: e820_type_to_string().
 */
static enum picture_kind kind_of_name(const char **name)
{
	static const struct {
		const char *prefix;
		enum picture_kind kind;
		const char *label;
	} rows[] = {
		{ "System RAM", PICTURE_RAM, "RAM" },
		{ "Reserved", PICTURE_RESERVED, NULL },
		{ "reserved", PICTURE_RESERVED, NULL },
		{ "device reserved", PICTURE_RESERVED, "Reserved" },
		{ "ACPI Non-volatile Storage", PICTURE_ACPI, "ACPI NVS" },
		{ "ACPI ", PICTURE_ACPI, NULL },
		{ "Persistent Memory", PICTURE_RAM, NULL },
		{ "Soft Reserved", PICTURE_RAM, NULL },
		{ "Unusable memory", PICTURE_RESERVED, NULL },
		{ "Kernel ", PICTURE_KERNEL, NULL },
		{ "Crash kernel", PICTURE_CRASH, NULL },
		{ "", PICTURE_OTHER, NULL },
	};
	size_t i = 0;

	while (strncmp(*name, rows[i].prefix, strlen(rows[i].prefix)) != 0)
		i++;
	if (rows[i].label && strcmp(*name, rows[i].prefix) == 0)
		*name = rows[i].label;
	return rows[i].kind;
}

/* Add to the list of what is not drawn. */
static void note_left(struct picture *picture, size_t count, const char *what)
{
	if (count)
		out_printf(next_item(&picture->left, "; "), "%s: %zu", what, count);
}

/* Return whether a finding is an error of a drawn answer. */
static bool is_error(const struct picture *picture, const struct finding *finding)
{
	return finding->severity == EFIMAP_ERROR && finding->answers & picture->answers;
}

/*
 * Return whether a finding has evidence whose source begins with @source, and whose value is
 * @value, unless @value is NULL.
 */
static bool has_evidence(const struct finding *finding, const char *source, const char *value)
{
	for (size_t i = 0; i < finding->n_evidence; i++)
		if (strncmp(finding->evidence[i].source, source, strlen(source)) == 0 &&
		    (!value || strcmp(finding->evidence[i].value, value) == 0))
			return true;
	return false;
}

/* Return whether an error of a drawn answer has this evidence. */
static bool is_fault(const struct picture *picture, const char *source, const char *value)
{
	const struct report *report = picture->report;

	for (size_t i = 0; i < report->n_findings; i++)
		if (is_error(picture, &report->findings[i]) &&
		    has_evidence(&report->findings[i], source, value))
			return true;
	return false;
}

/* Return whether an answer about a question has segments that can be drawn. */
static bool is_drawable(const struct answer *answer, enum load_question question)
{
	return answer->load.question == question && answer->load.placement.count &&
	       !answer->load.is_refused;
}

/*
 * Return the answer about a question whose segments are drawn, or NULL: the first with an error
 * that names a segment, or else the first. Errors of the other answers with segments are not drawn.
 */
static const struct answer *select_answer(struct picture *picture, enum load_question question)
{
	const struct answer *answers = picture->report->answers, *drawn = NULL;
	const size_t count = picture->report->n_answers;
	const uint64_t all = picture->answers;
	bool is_drawn_bad = false;

	for (size_t i = 0; i < count; i++) {
		bool is_bad;

		if (!is_drawable(&answers[i], question))
			continue;
		picture->answers = UINT64_C(1) << i;
		is_bad = is_fault(picture, "segment[", NULL);
		if (!drawn || (is_bad && !is_drawn_bad)) {
			drawn = &answers[i];
			is_drawn_bad = is_bad;
		}
	}
	picture->answers = all;
	for (size_t i = 0; i < count; i++)
		if (is_drawable(&answers[i], question) && drawn != &answers[i])
			picture->answers &= ~(UINT64_C(1) << i);
	return drawn;
}

/* Add the entries. Those that an error names are faults. */
static void add_entries(struct picture *picture, const struct efimap *map)
{
	const struct report *report = picture->report;
	auto_free bool *is_bad = array_new(map->n_entries, sizeof(*is_bad));
	size_t n_left = 0;
	char type[EFIMAP_TYPE_NAME_SIZE];

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		for (size_t k = 0; is_error(picture, finding) && k < finding->n_entries; k++) {
			const struct map_entry *entry = find_entry(map, finding->entries[k]);

			if (entry)
				is_bad[entry - map->entries] = true;
		}
	}
	for (size_t i = 0; i < map->n_entries; i++) {
		auto_out struct out name = EFIMAP_OUT_MEM;
		const struct map_entry *entry = &map->entries[i];
		struct picture_span span = { .kind = kind_of_entry(entry), .is_fault = is_bad[i] };

		if (entry_phys(entry, &span.span) < 0) {
			n_left++;
			continue;
		}
		out_printf(&name, "%u %s", entry->index, memory_type_name(entry->type, type));
		add_span(picture, &picture->lanes[LANE_RUNTIME], span, out_text(&name), true);
	}
	note_left(picture, n_left, "entries with an invalid address or size");
}

/* Return whether a span of another lane than that of memory begins in a range. */
static bool has_start(const struct picture *picture, struct span range)
{
	for (size_t i = 0; i < PICTURE_LANES; i++)
		for (size_t k = 0; i != LANE_MEMORY && k < picture->lanes[i].n_spans; k++)
			if (span_has(range, picture->lanes[i].spans[k].span.first))
				return true;
	return false;
}

/*
 * Add the ranges of memmap, or the top-level lines of iomem if there is no memmap: RAM, and ranges
 * in which something else is.
 */
static void add_ranges(struct picture *picture, const struct efimap *map)
{
	const bool is_memmap = map->n_memmap > 0;
	const size_t count = is_memmap ? map->n_memmap : map->n_iomem;
	auto_coverage struct coverage cover =
		is_memmap ? coverage_memmap(map) : coverage_iomem(map);
	auto_free bool *covers = array_new(count, sizeof(*covers));
	size_t n_bad = 0;

	for (size_t i = 0; i < cover.n_hits; i++)
		covers[cover.hits[i]] = true;
	for (size_t i = 0; i < count; i++) {
		const char *name = is_memmap ? map->memmap[i].label : map->iomem[i].name;
		const enum picture_kind kind = kind_of_name(&name);
		const struct span span = is_memmap ? map->memmap[i].span : map->iomem[i].span;

		if (is_memmap ? map->memmap[i].bad : map->iomem[i].depth || kind == PICTURE_OTHER)
			n_bad += is_memmap;
		else if ((kind == PICTURE_RAM && span.last - span.first >= SMALL_RANGE - 1) ||
			 covers[i] || has_start(picture, span))
			add_span(picture, &picture->lanes[LANE_MEMORY],
				 (struct picture_span){ .span = span, .kind = kind }, name, true);
	}
	note_left(picture, n_bad, "invalid ranges of memmap");
}

/* Add the running kernel, whose parts are joined, and the memory reserved for a crash kernel. */
static void add_memory(struct picture *picture, const struct efimap *map)
{
	struct picture_lane *lane = &picture->lanes[LANE_MEMORY];
	struct picture_span kernel = { .span = { UINT64_MAX, 0 }, .kind = PICTURE_KERNEL };
	const struct kexec_state *state = kexec_of(map);
	struct picture_span crash = { .kind = PICTURE_CRASH };

	add_ranges(picture, map);
	for (size_t i = 0; i < map->n_iomem; i++) {
		const struct resource *line = &map->iomem[i];
		const char *name = line->name;
		const enum picture_kind kind = kind_of_name(&name);

		crash.span = line->span;
		if (kind == PICTURE_CRASH)
			add_span(picture, lane, crash, name, true);
		if (kind == PICTURE_KERNEL && line->span.first < kernel.span.first)
			kernel.span.first = line->span.first;
		if (kind == PICTURE_KERNEL && line->span.last > kernel.span.last)
			kernel.span.last = line->span.last;
	}
	for (size_t i = 0; i < state->n_log_crash; i++) {
		crash.span = state->log_crash[i];
		add_span(picture, lane, crash, "Crash kernel", true);
	}
	if (kernel.span.first <= kernel.span.last)
		add_span(picture, lane, kernel, "Kernel", true);
}

/* systab and the kernel log list the same tables, so skip addresses that the lane contains. */
static void add_tables(struct picture *picture, const struct named_address *tables, size_t count)
{
	struct picture_lane *lane = &picture->lanes[LANE_TABLES];
	const size_t before = lane->n_spans;

	for (size_t i = 0; i < count; i++) {
		auto_out struct out value = EFIMAP_OUT_MEM;
		const uint64_t at = tables[i].value;
		struct picture_span span = { .span = { at, at },
					     .kind = PICTURE_OTHER,
					     .is_table = true };
		bool is_new = true;

		for (size_t k = 0; k < before; k++)
			is_new &= lane->spans[k].span.first != at;
		if (!is_new)
			continue;
		out_printf(&value, "%s=0x%" PRIx64, tables[i].name, at);
		span.is_fault = is_fault(picture, "", out_text(&value));
		add_span(picture, lane, span, tables[i].name, false);
	}
}

/*
 * Add a segment. Its label has a size or, if the address is uncertain, a question mark. Segments
 * other than the kernel and the initrd are small, so those that touch are joined.
 */
static void add_segment(struct picture *picture, struct picture_lane *lane,
			const struct load_segment *segment, bool is_bad)
{
	const bool is_sure = segment->start == segment->start_max &&
			     segment->end_min == segment->end && !segment->is_optional;
	const bool is_other = segment->kind != EFIMAP_SEGMENT_KERNEL &&
			      segment->kind != EFIMAP_SEGMENT_INITRD &&
			      segment->kind != EFIMAP_SEGMENT_UNKNOWN;
	const struct picture_span new = { .span = { segment->start, segment->end },
					  .kind = PICTURE_SEGMENT,
					  .is_fault = is_bad };
	auto_out struct out name = EFIMAP_OUT_MEM;
	struct picture_span *span = lane->spans;
	size_t i = 0;

	picture->has_ranges |= !is_sure;
	while (i < lane->n_spans &&
	       (!is_other || strncmp(span[i].label, "other", 5) != 0 ||
		new.span.first > span[i].span.last + 1 || span[i].span.first > new.span.last + 1))
		i++;
	if (i == lane->n_spans) {
		out_printf(&name, "%s%s", is_other ? "other" : segment_kind_name(segment->kind),
			   is_sure ? "" : "?");
		add_span(picture, lane, new, out_text(&name), is_sure && !is_other);
		return;
	}
	if (new.span.first < span[i].span.first)
		span[i].span.first = new.span.first;
	if (new.span.last > span[i].span.last)
		span[i].span.last = new.span.last;
	span[i].is_fault |= is_bad;
	if (!is_sure)
		span[i].label = "other?";
}

/* Add the segments of the answer about a question, or note that they are unknown. */
static void add_segments(struct picture *picture, enum load_question question,
			 const struct answer *answer)
{
	static const char *const headings[][EFIMAP_LOADER_ANY + 1] = {
		[EFIMAP_QUESTION_KEXEC] = { "KEXEC -c", "KEXEC -s", "KEXEC" },
		[EFIMAP_QUESTION_KDUMP] = { "KDUMP -c", "KDUMP -s", "KDUMP" },
	};
	const struct report *report = picture->report;
	struct picture_lane *lane =
		&picture->lanes[question == EFIMAP_QUESTION_KEXEC ? LANE_KEXEC : LANE_KDUMP];
	bool is_unknown = false;

	for (size_t i = 0; !answer && i < report->n_answers; i++)
		is_unknown |= report->answers[i].load.question == question &&
			      report->answers[i].is_judged && !report->answers[i].load.is_refused;
	lane->heading = headings[question][answer ? answer->load.loader : EFIMAP_LOADER_ANY];
	if (is_unknown)
		out_printf(next_item(&picture->left, "; "), "%s (segments unknown)", lane->heading);
	for (size_t i = 0; answer && i < answer->load.placement.count; i++) {
		char source[32];

		snprintf(source, sizeof(source), "segment[%zu]", i);
		add_segment(picture, lane, &answer->load.placement.segments[i],
			    is_fault(picture, source, NULL));
	}
}

/* Write the errors that name an entry or a segment. */
static void put_errors(struct picture *picture)
{
	for (size_t i = 0; i < picture->report->n_findings; i++) {
		const struct finding *finding = &picture->report->findings[i];

		if (!is_error(picture, finding) ||
		    (!finding->n_entries && !has_evidence(finding, "segment[", NULL)))
			continue;
		out_puts(&picture->head, "! ");
		out_escaped(&picture->head, finding_why(finding));
		out_printf(&picture->head, ". [%s]\n", finding->rule->name);
	}
}

static bool has_fault(const struct picture_lane *lane)
{
	for (size_t i = 0; i < lane->n_spans; i++)
		if (lane->spans[i].is_fault)
			return true;
	return false;
}

/* Give a lane @columns. Add it to the list of lanes that are not drawn if fewer are left. */
static void place_lane(struct picture_lane *lane, unsigned int columns, unsigned int *left,
		       struct out *left_out)
{
	if (!lane->n_spans)
		return;
	if (columns + GAP <= *left) {
		lane->width = columns;
		*left -= columns + GAP;
	} else {
		out_puts(next_item(left_out, ", "), lane->heading);
	}
}

/*
 * Select lanes in the order of their importance, as far as their minimum widths fit, and share the
 * remaining columns. The segments of the other question are drawn only if the labels of all other
 * lanes fit.
 */
static void place_lanes(struct picture *picture, unsigned int width)
{
	const bool is_kdump_first =
		has_fault(&picture->lanes[LANE_KDUMP]) > has_fault(&picture->lanes[LANE_KEXEC]) ||
		!picture->lanes[LANE_KEXEC].n_spans;
	const size_t order[] = { LANE_RUNTIME, is_kdump_first ? LANE_KDUMP : LANE_KEXEC,
				 LANE_TABLES, LANE_MEMORY };
	struct picture_lane *last = &picture->lanes[is_kdump_first ? LANE_KEXEC : LANE_KDUMP];
	auto_out struct out left_out = EFIMAP_OUT_MEM;
	unsigned int left = width - picture->address_width;

	for (size_t i = 0; i < PICTURE_LANES; i++) {
		struct picture_lane *lane = &picture->lanes[i];
		size_t most = strlen(lane->heading);

		for (size_t k = 0; k < lane->n_spans; k++) {
			const size_t len = strlen(lane->spans[k].label);

			most = len > most ? len : most;
		}
		lane->most = most < MAX_COLUMNS ? (unsigned int)most + 1 : MAX_COLUMNS;
	}
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		place_lane(&picture->lanes[order[i]], picture->lanes[order[i]].least, &left,
			   &left_out);
	for (size_t i = 0; i < PICTURE_LANES; i++) {
		struct picture_lane *lane = &picture->lanes[i];

		if (lane->width && lane->width < lane->most) {
			const unsigned int more = lane->most - lane->width;

			lane->width += more < left ? more : left;
			left -= more < left ? more : left;
		}
	}
	place_lane(last, last->most, &left, &left_out);
	if (left_out.used)
		out_printf(next_item(&picture->left, "; "), "%s (%u columns are too few)",
			   out_text(&left_out), width);
	picture->width = picture->address_width;
	for (size_t i = 0; i < PICTURE_LANES; i++)
		if (picture->lanes[i].width) {
			picture->lanes[i].at = picture->width + GAP;
			picture->width += GAP + picture->lanes[i].width;
		}
}

/*
 * Begin a row at each address at which a span begins and, in a picture to scale, at which a span
 * ends. In other pictures, labels contain the size, and a box ends in the last row that it reaches.
 */
static void make_rows(struct picture *picture, bool to_scale)
{
	auto_free uint64_t *edges = NULL;
	size_t count = 0, n = 0;
	uint64_t last = 0;

	for (size_t i = 0; i < PICTURE_LANES; i++)
		count += picture->lanes[i].width ? picture->lanes[i].n_spans : 0;
	edges = array_new(count, 2 * sizeof(*edges));
	picture->rows =
		array_new(count < MAX_ROWS / 2 ? 2 * count : MAX_ROWS, sizeof(*picture->rows));
	for (size_t i = 0; i < PICTURE_LANES; i++)
		for (size_t k = 0; picture->lanes[i].width && k < picture->lanes[i].n_spans; k++) {
			const struct picture_span *span = &picture->lanes[i].spans[k];

			edges[n++] = span->span.first;
			/* The end of a table is unknown. */
			if (to_scale && !span->is_table && span->span.last != UINT64_MAX)
				edges[n++] = span->span.last + 1;
			last = span->span.last > last ? span->span.last : last;
		}
	sort_items(edges, n, sizeof(*edges), order_at);
	for (size_t i = 0; i < n && edges[i] <= last; i++) {
		struct picture_row *rows = picture->rows;

		if (i && edges[i] == edges[i - 1])
			continue;
		if (picture->n_rows)
			rows[picture->n_rows - 1].span.last = edges[i] - 1;
		if (picture->n_rows == MAX_ROWS)
			break;
		rows[picture->n_rows++].span = (struct span){ edges[i], last };
	}
}

/*
 * Join the labels of the spans that begin in a cell. If none begins, the cell continues an outer
 * span below a nested span, so repeat the label of the outer span without size and question mark.
 */
static const char *text_of_cell(struct picture *picture, const struct picture_cell *cell,
				const struct picture_span *begun, size_t count)
{
	auto_out struct out text = EFIMAP_OUT_MEM;

	if (!count) {
		const char *label = cell->span->label, *size = strrchr(label, ' ');
		const size_t len = size ? (size_t)(size - label) : strcspn(label, "?");

		out_printf(&text, "(%.*s)", (int)len, label);
	} else if (cell->is_overlap) {
		out_puts(&text, "OVERLAP\n");
	}
	for (size_t i = 0; i < count && i < MAX_LABELS; i++)
		out_printf(&text, "%s%s", i ? "\n" : "", begun[i].label);
	if (count > MAX_LABELS)
		out_printf(&text, "\nand %zu more", count - MAX_LABELS);
	return keep(picture, &text);
}

/*
 * struct open_span - a span that covers the current row
 * @last_below: the highest last address of the open spans that began earlier, or 0
 */
struct open_span {
	const struct picture_span *span;
	uint64_t last_below;
};

/*
 * Show in each row the covering span that begins last. A span that ends later than a nested span
 * continues below the nested span.
 */
static void make_cells(struct picture *picture, struct picture_lane *lane)
{
	auto_free struct open_span *open = array_new(lane->n_spans, sizeof(*open));
	size_t depth = 0, next = 0;

	sort_items(lane->spans, lane->n_spans, sizeof(*lane->spans), order_spans);
	for (size_t row = 0; row < picture->n_rows; row++) {
		const uint64_t first = picture->rows[row].span.first;
		struct picture_cell *before =
			lane->n_cells ? &lane->cells[lane->n_cells - 1] : NULL;
		struct picture_cell cell = { .first_row = row, .last_row = row };
		const size_t begin = next;

		while (depth && open[depth - 1].span->span.last < first)
			depth--;
		for (; next < lane->n_spans && lane->spans[next].span.first <= first; next++) {
			const struct open_span *top = depth ? &open[depth - 1] : NULL;
			uint64_t below = top ? top->last_below : 0;

			if (top && top->span->span.last > below)
				below = top->span->span.last;
			open[depth++] = (struct open_span){ &lane->spans[next], below };
		}
		if (!depth)
			continue;
		picture->rows[row].is_covered = true;
		cell.span = open[depth - 1].span;
		cell.is_overlap =
			lane->marks_overlaps && depth > 1 && open[depth - 1].last_below >= first;
		if (before && next == begin && before->last_row + 1 == row &&
		    before->span == cell.span && before->is_overlap == cell.is_overlap) {
			before->last_row = row;
			continue;
		}
		cell.is_fault = cell.span->is_fault;
		for (size_t i = begin; i < next; i++)
			cell.is_fault |= lane->spans[i].is_fault;
		cell.text = text_of_cell(picture, &cell, lane->spans + begin, next - begin);
		array_append(&lane->cells, &lane->n_cells, &lane->cells_capacity, &cell,
			     sizeof(cell));
	}
	if (next < lane->n_spans)
		out_printf(next_item(&picture->left, "; "),
			   "%zu of %zu ranges of %s (after row %d)", lane->n_spans - next,
			   lane->n_spans, lane->heading, MAX_ROWS);
}

size_t picture_line(const char *text, size_t width, const char **ret_next)
{
	const size_t most = utf8_prefix(text, width);
	size_t len = strcspn(text, "\n");

	/* Break a long line at the last blank, or else after the last hyphen or underscore. */
	if (len > most) {
		for (len = most; len > 0 && text[len] != ' ';)
			len--;
		for (size_t at = most; len == 0 && at > 0; at--)
			if (strchr("-_", text[at - 1]))
				len = at;
		if (len == 0)
			len = most;
	}
	*ret_next = text + len + (text[len] == ' ' || text[len] == '\n');
	if (!text[len])
		*ret_next = NULL;
	return len;
}

static unsigned int count_lines(const char *text, unsigned int width)
{
	unsigned int lines = 0;

	for (; text; lines++)
		picture_line(text, width, &text);
	return lines;
}

/* Give each row a line, and each cell the lines of its text. */
static void place_rows(struct picture *picture, bool to_scale)
{
	for (size_t i = 0; i < picture->n_rows; i++) {
		struct picture_row *row = &picture->rows[i];
		const uint64_t pages = (row->span.last - row->span.first) / EFIMAP_PAGE_SIZE;

		row->lines = 1;
		/* Add a line for each factor of 64 in the size of the range. */
		if (to_scale && row->is_covered && pages)
			row->lines += (64 - (unsigned int)__builtin_clzll(pages)) / 6;
	}
	for (size_t i = 0; i < PICTURE_LANES; i++) {
		const struct picture_lane *lane = &picture->lanes[i];

		if (!lane->width)
			continue;
		for (size_t k = 0; k < lane->n_cells; k++) {
			const struct picture_cell *cell = &lane->cells[k];
			unsigned int missing = count_lines(cell->text, lane->width - 1);

			for (size_t row = cell->first_row; row <= cell->last_row && missing; row++)
				missing -= picture->rows[row].lines < missing
						   ? picture->rows[row].lines
						   : missing;
			picture->rows[cell->last_row].lines += missing;
		}
	}
	for (size_t i = 0; i < picture->n_rows; i++) {
		picture->rows[i].at = picture->lines;
		picture->lines += picture->rows[i].lines;
	}
}

/* Write the text below the picture. */
static void put_notes(struct picture *picture, const struct efimap *map)
{
	const struct {
		const char *name;
		bool is_empty;
	} rows[] = {
		{ "runtime map", !map->n_entries },
		{ "memmap", !map->n_memmap },
		{ "iomem", !map->n_iomem },
		{ "tables", !picture->lanes[LANE_TABLES].n_spans },
	};
	auto_out struct out empty = EFIMAP_OUT_MEM;

	if (picture->has_ranges)
		out_puts(&picture->notes, "A segment with ? is somewhere in the RAM of its box.\n");
	if (picture->left.used)
		out_printf(&picture->notes, "Not drawn: %s.\n", out_text(&picture->left));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].is_empty)
			out_puts(next_item(&empty, ", "), rows[i].name);
	if (empty.used)
		out_printf(&picture->notes, "No data: %s.\n", out_text(&empty));
}

void picture_make(const struct efimap *map, const struct report *report, unsigned int width,
		  bool to_scale, struct picture *picture)
{
	const struct answer *kexec, *kdump;
	uint64_t highest = 0;

	*picture = (struct picture){
		.lanes = {
			[LANE_RUNTIME] = { "RUNTIME MAP", 13, .marks_overlaps = true },
			[LANE_MEMORY] = { "MEMORY", 9 },
			[LANE_TABLES] = { "TABLES", 9 },
			[LANE_KEXEC] = { .least = 9 },
			[LANE_KDUMP] = { .least = 9 },
		},
		.report = report,
		.answers = UINT64_MAX,
		.head = EFIMAP_OUT_MEM,
		.left = EFIMAP_OUT_MEM,
		.notes = EFIMAP_OUT_MEM,
	};

	kexec = select_answer(picture, EFIMAP_QUESTION_KEXEC);
	kdump = select_answer(picture, EFIMAP_QUESTION_KDUMP);
	add_entries(picture, map);
	add_tables(picture, map->tables, map->n_tables);
	add_tables(picture, map->systab, map->n_systab);
	add_segments(picture, EFIMAP_QUESTION_KEXEC, kexec);
	add_segments(picture, EFIMAP_QUESTION_KDUMP, kdump);
	add_memory(picture, map);
	put_errors(picture);
	for (size_t i = 0; i < PICTURE_LANES; i++)
		for (size_t k = 0; k < picture->lanes[i].n_spans; k++)
			if (picture->lanes[i].spans[k].span.last > highest)
				highest = picture->lanes[i].spans[k].span.last;
	picture->address_width = strlen("0x0");
	for (; highest > 0xf; highest >>= 4)
		picture->address_width++;
	place_lanes(picture, width);
	make_rows(picture, to_scale);
	for (size_t i = 0; i < PICTURE_LANES; i++)
		if (picture->lanes[i].width)
			make_cells(picture, &picture->lanes[i]);
	place_rows(picture, to_scale);
	put_notes(picture, map);
}

void picture_free(struct picture *picture)
{
	for (size_t i = 0; i < PICTURE_LANES; i++) {
		free(picture->lanes[i].spans);
		free(picture->lanes[i].cells);
	}
	free(picture->rows);
	out_free(&picture->head);
	out_free(&picture->left);
	out_free(&picture->notes);
	arena_free(&picture->arena);
}
