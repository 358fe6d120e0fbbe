/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compute a picture in three steps: gather the spans of each lane, cut the addresses into rows at
 * the edges of all spans, and give each row and lane enough lines and columns for its labels.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/answers.h"
#include "answer/loads.h"
#include "base/cleanup.h"
#include "base/escape_text.h"
#include "base/sort.h"
#include "capture/entry.h"
#include "infer/memory_coverage.h"
#include "show/picture.h"
#include "show/text_style.h"

/* Maximum number of rows of a picture. Real maps need fewer than 200. */
#define MAX_ROWS 1000
#define MAX_LABELS 16
/* Maximum number of columns of a lane. Longer labels are wrapped. */
#define MAX_COLUMNS 34
/* Number of columns between lanes. */
#define GAP 1

/* The lanes of the sources, from left to right. */
enum {
	LANE_RUNTIME,
	LANE_VIRTUAL,
	LANE_MEMMAP,
	LANE_IOMEM,
	LANE_TABLES,
	LANE_FIRST_LOAD
};
/* Ranks of the first load, and of other loads, which are omitted before any source. */
#define RANK_LOAD 1
#define RANK_OTHER_LOADS 6
#define LEAST_LOAD 11

/* Copy a text to the arena of the picture. Return the copy, or NULL if memory is exhausted. */
static const char *keep(struct picture *picture, struct efimap_out *text)
{
	return text->error ? NULL :
			     efimap_arena_strndup(&picture->arena, text->data, text->used);
}

/* The two most frequent names of memmap and iomem are shortened to fit into narrow lanes. */
static int add_span(struct picture *picture, struct picture_lane *lane,
		    struct picture_span span, const char *name, bool has_size)
{
	efimap_auto_out struct efimap_out label = EFIMAP_OUT_MEM;

	if (strcmp(name, "System RAM") == 0)
		name = "RAM";
	else if (strcmp(name, "ACPI Non-volatile Storage") == 0)
		name = "ACPI NVS";
	efimap_out_ascii(&label, name);
	if (has_size) {
		efimap_out_putc(&label, ' ');
		text_span_size(&label, efimap_span_bytes(span.span));
	}
	span.label = keep(picture, &label);
	span.order = lane->n_spans;
	if (!span.label)
		return -ENOMEM;
	return efimap_array_append(&lane->spans, &lane->n_spans, &lane->capacity, &span,
				   sizeof(span));
}

/* Return the kind of an entry. A defined type that kinds[] does not list is RAM, the first kind. */
static enum picture_kind kind_of_entry(const struct efimap_entry *entry)
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

/* The labels of memmap are from arch/x86/kernel/e820.c: e820_type_to_string(). */
static enum picture_kind kind_of_label(const char *label)
{
	static const struct {
		const char *prefix;
		enum picture_kind kind;
	} rows[] = {
		{ "System RAM", PICTURE_RAM },
		{ "Reserved", PICTURE_RESERVED },
		{ "reserved", PICTURE_RESERVED },
		{ "ACPI ", PICTURE_ACPI },
		{ "Persistent Memory", PICTURE_RAM },
		{ "Soft Reserved", PICTURE_RAM },
		{ "Unusable memory", PICTURE_RESERVED },
		{ "Unknown E820 type", PICTURE_OTHER },
		{ "Kernel ", PICTURE_KERNEL },
		{ "Crash kernel", PICTURE_CRASH },
		{ "RAM buffer", PICTURE_OTHER },
		{ "", PICTURE_DEVICE },
	};
	size_t i = 0;

	while (strncmp(label, rows[i].prefix, strlen(rows[i].prefix)) != 0)
		i++;
	return rows[i].kind;
}

static void note_left(struct picture *picture, size_t count, const char *what)
{
	if (count)
		efimap_out_printf(&picture->notes, "Not drawn: %s: %zu.\n", what, count);
}

/* Add the entries, with the highest severity of their findings, and their virtual addresses. */
static int add_entries(struct picture *picture, const struct efimap *map,
		       const struct efimap_report *report)
{
	efimap_auto_free enum efimap_severity *severities =
		efimap_array_new(map->n_entries, sizeof(*severities));
	size_t n_left = 0, n_predicted = 0, n_unknown = 0;
	struct efimap_out *notes = &picture->notes;
	char type[EFIMAP_TYPE_NAME_SIZE];
	int ret = 0;

	if (!severities)
		return -ENOMEM;
	/* An entry without findings keeps the severity EFIMAP_NOTE, which is 0. */
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		for (size_t k = 0; k < finding->n_entries; k++) {
			const struct efimap_entry *entry =
				efimap_find_entry(map, finding->entries[k]);

			if (entry && severities[entry - map->entries] < finding->severity)
				severities[entry - map->entries] = finding->severity;
		}
	}
	for (size_t i = 0; i < map->n_entries && ret == 0; i++) {
		efimap_auto_out struct efimap_out name = EFIMAP_OUT_MEM, virt = EFIMAP_OUT_MEM;
		const struct efimap_entry *entry = &map->entries[i];
		struct picture_span span = { .kind = kind_of_entry(entry) };

		if (efimap_entry_phys(entry, &span.span) < 0) {
			n_left++;
			continue;
		}
		n_predicted += entry->virt_from == EFIMAP_VIRT_PREDICTED;
		n_unknown += entry->virt_from == EFIMAP_VIRT_UNKNOWN;
		span.is_fault = severities[i] > EFIMAP_NOTE;
		if (span.is_fault)
			efimap_out_puts(&name, severities[i] == EFIMAP_ERROR ? "E " : "W ");
		efimap_out_printf(&name, "%u %s", entry->index,
				  efimap_type_name(entry->type, type));
		ret = add_span(picture, &picture->lanes[LANE_RUNTIME], span,
			       efimap_out_text(&name, notes), true);
		if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
			efimap_out_puts(&virt, "?");
		else if (entry->virt == entry->phys)
			efimap_out_puts(&virt, "identity");
		else
			efimap_out_hex(&virt, entry->virt);
		span.is_fault = false;
		if (ret == 0)
			ret = add_span(picture, &picture->lanes[LANE_VIRTUAL], span,
				       efimap_out_text(&virt, notes), false);
	}
	note_left(picture, n_left, "entries with an invalid address or size");
	if (n_predicted)
		efimap_out_puts(notes, "The virtual addresses are computed, because the source has "
				       "none.\n");
	if (n_unknown)
		efimap_out_puts(notes, "The virtual addresses marked with ? are not known.\n");
	return ret;
}

static int add_memmap(struct picture *picture, const struct efimap *map)
{
	size_t n_bad = 0;
	int ret = 0;

	for (size_t i = 0; i < map->n_memmap && ret == 0; i++) {
		const struct efimap_range *range = &map->memmap[i];

		if (range->bad)
			n_bad++;
		else
			ret = add_span(picture, &picture->lanes[LANE_MEMMAP],
				       (struct picture_span){
					       .span = range->span,
					       .kind = kind_of_label(range->label) },
				       range->label, true);
	}
	note_left(picture, n_bad, "invalid ranges of memmap");
	return ret;
}

/* Add iomem. Add a nested line only if it overlaps an entry or is a part of a kernel. */
static int add_iomem(struct picture *picture, const struct efimap *map)
{
	efimap_auto_coverage struct efimap_coverage cover = { 0 };
	efimap_auto_free bool *covers = efimap_array_new(map->n_iomem, sizeof(*covers));
	size_t n_left = 0;
	int ret = covers ? efimap_coverage_iomem(map, &cover) : -ENOMEM;

	if (ret || map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED)
		return ret;
	for (size_t i = 0; i < cover.n_hits; i++)
		covers[cover.hits[i]] = true;
	for (size_t i = 0; i < map->n_iomem && ret == 0; i++) {
		const struct efimap_resource *line = &map->iomem[i];
		const enum picture_kind kind = kind_of_label(line->name);

		if (line->depth && !covers[i] && kind != PICTURE_KERNEL &&
		    kind != PICTURE_CRASH)
			n_left++;
		else
			ret = add_span(
				picture, &picture->lanes[LANE_IOMEM],
				(struct picture_span){ .span = line->span, .kind = kind },
				line->name, true);
	}
	note_left(picture, n_left, "nested lines of iomem that overlap no entry");
	return ret;
}

/* systab and the kernel log list the same tables, so skip addresses that the lane contains. */
static int add_tables(struct picture *picture, const struct efimap_named_address *tables,
		      size_t count)
{
	struct picture_lane *lane = &picture->lanes[LANE_TABLES];
	const size_t before = lane->n_spans;
	int ret = 0;

	for (size_t i = 0; i < count && ret == 0; i++) {
		const uint64_t at = tables[i].value;
		const struct picture_span span = { .span = { at, at }, .kind = PICTURE_OTHER,
						   .is_table = true };
		bool is_new = true;

		for (size_t k = 0; k < before; k++)
			is_new &= lane->spans[k].span.first != at;
		if (is_new)
			ret = add_span(picture, lane, span, tables[i].name, false);
	}
	return ret;
}

/*
 * Mark each table and each runtime region that a segment of @load certainly overwrites, and write a
 * note. For an assumed kernel, whose size is also assumed, the note contains "may", and nothing is
 * marked. The size of a table is unknown, so the table counts as overwritten if its first byte is
 * in a segment. The spans of @drawn are still in the order of the segments.
 */
static void mark_hits(struct picture *picture, const struct efimap_load_case *load,
		      struct picture_lane *drawn, struct picture_lane *lane)
{
	const struct efimap_placement *placement = &load->placement;

	for (size_t i = 0; i < lane->n_spans; i++) {
		struct picture_span *span = &lane->spans[i];
		const bool is_firmware = span->is_table || span->kind == PICTURE_CODE ||
					 span->kind == PICTURE_DATA;

		for (size_t k = 0; is_firmware && k < placement->count; k++) {
			const struct efimap_segment *segment = &placement->segments[k];

			if (!efimap_segment_will_hit(segment, span->span))
				continue;
			drawn->has_loss = true;
			span->is_fault |= !load->is_assumed;
			drawn->spans[k].is_fault |= !load->is_assumed;
			efimap_out_printf(&picture->notes, "%s at 0x%" PRIx64
					  " %s in the segment %s of %s.\n", span->label,
					  span->span.first, load->is_assumed ? "may be" : "is",
					  efimap_segment_kind_name(segment->kind), drawn->heading);
		}
	}
}

static void put_heading(const struct efimap_load_case *load, struct efimap_out *out)
{
	efimap_out_puts(out, load->question == EFIMAP_QUESTION_KDUMP ? "KDUMP" : "KEXEC");
	if (load->loader != EFIMAP_LOADER_ANY)
		efimap_out_printf(out, " %s", efimap_loader_call(load->loader));
	if (*load->release.text) {
		efimap_out_putc(out, ' ');
		efimap_out_ascii(out, load->release.text);
	}
}

static int add_load(struct picture *picture, const struct efimap_load_case *load,
		    bool *ret_is_sure)
{
	const struct efimap_placement *placement = &load->placement;
	struct picture_lane *lane = &picture->lanes[picture->n_lanes];
	efimap_auto_out struct efimap_out heading = EFIMAP_OUT_MEM;
	int ret;

	lane->rank = picture->n_lanes == LANE_FIRST_LOAD
			     ? RANK_LOAD
			     : RANK_OTHER_LOADS + (unsigned int)picture->n_lanes;
	lane->least = LEAST_LOAD;
	put_heading(load, &heading);
	lane->heading = keep(picture, &heading);
	if (!lane->heading)
		return -ENOMEM;
	picture->n_lanes++;
	/* The label of a segment with an uncertain address has a question mark, not a size. */
	for (size_t i = 0; i < placement->count; i++) {
		const struct efimap_segment *segment = &placement->segments[i];
		const struct picture_span span = { .span = { segment->start, segment->end },
						   .kind = PICTURE_SEGMENT };
		const bool is_sure = efimap_placement_is_sure(placement) &&
				     segment->start == segment->start_max &&
				     segment->end_min == segment->end && !segment->is_optional;
		efimap_auto_out struct efimap_out name = EFIMAP_OUT_MEM;

		*ret_is_sure &= is_sure;
		efimap_out_printf(&name, "%s%s", efimap_segment_kind_name(segment->kind),
				  is_sure ? "" : "?");
		ret = add_span(picture, lane, span, efimap_out_text(&name, &picture->notes),
			       is_sure);
		if (ret)
			return ret;
	}
	if (efimap_placement_is_sure(placement)) {
		mark_hits(picture, load, lane, &picture->lanes[LANE_RUNTIME]);
		mark_hits(picture, load, lane, &picture->lanes[LANE_TABLES]);
	}
	if (!load->has_crash)
		return 0;
	return add_span(picture, lane,
			(struct picture_span){ .span = load->crash, .kind = PICTURE_CRASH },
			"reserved", true);
}

/* Place the segments of a load, or of the load that follows if the loader refuses it. */
static int place_admitted(struct machine *machine, struct efimap_load_case *load)
{
	efimap_auto_report struct efimap_report *own = NULL;
	int ret = efimap_report_new(&own);

	place_load(machine, load);
	if (!ret)
		ret = admit_load(machine, load, own);
	if (!ret && falls_back_from(machine, load, own)) {
		*load = fallback_of(machine, load, own);
		place_load(machine, load);
		ret = admit_load(machine, load, own);
	}
	return ret;
}

static int add_loads(struct picture *picture, const struct efimap *map)
{
	efimap_auto_out struct efimap_out unknown = EFIMAP_OUT_MEM;
	efimap_auto_report struct efimap_report *report = NULL;
	auto_loads struct loads loads = { 0 };
	struct machine machine;
	size_t n_left = 0;
	bool is_sure = true;
	int ret;

	ret = machine_open(map, NULL, &machine);
	if (!ret)
		ret = efimap_report_new(&report);
	if (!ret)
		ret = machine_check(&machine, report);
	if (!ret)
		ret = loads_add_all(&machine, &loads);
	for (size_t i = 0; i < loads.count && ret == 0; i++) {
		struct efimap_load_case *load = &loads.cases[i];

		ret = place_admitted(&machine, load);
		if (ret || load->is_refused)
			continue;
		if (load->placement.count == 0) {
			efimap_out_puts(&unknown, unknown.used ? ", " : "");
			put_heading(load, &unknown);
			continue;
		}
		if (picture->n_lanes < PICTURE_LANES)
			ret = add_load(picture, load, &is_sure);
		else
			n_left++;
	}
	machine_close(&machine);
	/* If not all loads fit, prefer the first load that overwrites a table or a region. */
	for (size_t i = LANE_FIRST_LOAD; i < picture->n_lanes; i++) {
		struct picture_lane *first = &picture->lanes[LANE_FIRST_LOAD];
		struct picture_lane *lane = &picture->lanes[i];
		const unsigned int rank = lane->rank;

		if (lane->has_loss) {
			lane->rank = first->rank;
			first->rank = rank;
			break;
		}
	}
	if (!is_sure)
		efimap_out_puts(&picture->notes, "A segment with a question mark is somewhere in "
						 "the RAM within its box.\n");
	if (unknown.used || unknown.error)
		efimap_out_printf(&picture->notes,
				  "Not drawn, because the segments are not known: %s.\n",
				  efimap_out_text(&unknown, &picture->notes));
	note_left(picture, n_left, "segments of further loads");
	return ret;
}

/*
 * Select lanes in the order of their ranks, as far as their minimum widths fit, and share the
 * remaining columns. A virtual address needs one line or two lines, so an intermediate width would
 * be useless. If enough columns remain, the lane of virtual addresses therefore gets all that it
 * needs before the other lanes.
 */
static void place_lanes(struct picture *picture, unsigned int width)
{
	efimap_auto_out struct efimap_out left_out = EFIMAP_OUT_MEM;
	struct picture_lane *virt = &picture->lanes[LANE_VIRTUAL];
	unsigned int left = width - picture->address_width;
	bool grows = true;

	for (unsigned int rank = 0; rank < RANK_OTHER_LOADS + PICTURE_LANES; rank++)
		for (size_t i = 0; i < picture->n_lanes; i++) {
			struct picture_lane *lane = &picture->lanes[i];
			size_t most = strlen(lane->heading);

			if (lane->rank != rank || !lane->n_spans)
				continue;
			for (size_t k = 0; k < lane->n_spans; k++) {
				const size_t len = strlen(lane->spans[k].label);

				most = len > most ? len : most;
			}
			lane->most = most < MAX_COLUMNS ? (unsigned int)most + 1 : MAX_COLUMNS;
			if (lane->least + GAP <= left) {
				lane->width = lane->least;
				left -= lane->least + GAP;
				continue;
			}
			efimap_out_printf(&left_out, "%s%s (%zu ranges)",
					  left_out.used ? ", " : "", lane->heading, lane->n_spans);
		}
	if (left_out.used || left_out.error)
		efimap_out_printf(&picture->notes, "Not drawn in %u columns: %s.\n", width,
				  efimap_out_text(&left_out, &picture->notes));
	if (virt->width && virt->most > virt->width && virt->most - virt->width <= left) {
		left -= virt->most - virt->width;
		virt->width = virt->most;
	}
	while (grows && left) {
		grows = false;
		for (size_t i = 0; i < picture->n_lanes && left; i++)
			if (picture->lanes[i].width &&
			    picture->lanes[i].width < picture->lanes[i].most) {
				picture->lanes[i].width++;
				left--;
				grows = true;
			}
	}
	picture->width = picture->address_width;
	for (size_t i = 0; i < picture->n_lanes; i++)
		if (picture->lanes[i].width) {
			picture->lanes[i].at = picture->width + GAP;
			picture->width += GAP + picture->lanes[i].width;
		}
}

static int order_spans(const void *a, const void *b)
{
	const struct picture_span *one = a, *other = b;

	if (one->span.first != other->span.first)
		return efimap_order(one->span.first, other->span.first);
	if (one->span.last != other->span.last)
		return efimap_order(other->span.last, one->span.last);
	return efimap_order(one->order, other->order);
}

static int make_rows(struct picture *picture)
{
	efimap_auto_free uint64_t *edges = NULL;
	size_t count = 0, n = 0;
	uint64_t last = 0;

	for (size_t i = 0; i < picture->n_lanes; i++)
		count += picture->lanes[i].width ? picture->lanes[i].n_spans : 0;
	edges = efimap_array_new(count, 2 * sizeof(*edges));
	picture->rows = efimap_array_new(count < MAX_ROWS / 2 ? 2 * count : MAX_ROWS,
					 sizeof(*picture->rows));
	if (!edges || !picture->rows)
		return -ENOMEM;
	for (size_t i = 0; i < picture->n_lanes; i++)
		for (size_t k = 0;
		     picture->lanes[i].width && k < picture->lanes[i].n_spans; k++) {
			const struct picture_span *span = &picture->lanes[i].spans[k];

			edges[n++] = span->span.first;
			/* The end of a table is unknown. */
			if (!span->is_table && span->span.last != UINT64_MAX)
				edges[n++] = span->span.last + 1;
			last = span->span.last > last ? span->span.last : last;
		}
	efimap_sort(edges, n, sizeof(*edges), efimap_order_at);
	for (size_t i = 0; i < n && edges[i] <= last; i++) {
		struct picture_row *rows = picture->rows;

		if (i && edges[i] == edges[i - 1])
			continue;
		if (picture->n_rows)
			rows[picture->n_rows - 1].span.last = edges[i] - 1;
		if (picture->n_rows == MAX_ROWS)
			break;
		rows[picture->n_rows++].span = (struct efimap_span){ edges[i], last };
	}
	return 0;
}

/*
 * Join the labels of the spans that begin in a cell. If none begins, the cell continues an outer
 * span below a nested span, so repeat the label of the outer span without the size.
 */
static const char *text_of_cell(struct picture *picture, const struct picture_cell *cell,
				const struct picture_span *begun, size_t count)
{
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM;

	if (!count) {
		const char *label = cell->span->label, *size = strrchr(label, ' ');

		efimap_out_printf(&text, "(%.*s)",
				  (int)(size ? (size_t)(size - label) : strlen(label)), label);
	} else if (cell->is_overlap) {
		efimap_out_puts(&text, "OVERLAP\n");
	}
	for (size_t i = 0; i < count && i < MAX_LABELS; i++)
		efimap_out_printf(&text, "%s%s", i ? "\n" : "", begun[i].label);
	if (count > MAX_LABELS)
		efimap_out_printf(&text, "\nand %zu more", count - MAX_LABELS);
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
static int make_cells(struct picture *picture, struct picture_lane *lane)
{
	efimap_auto_free struct open_span *open =
		efimap_array_new(lane->n_spans, sizeof(*open));
	size_t depth = 0, next = 0;
	int ret = 0;

	if (!open)
		return -ENOMEM;
	efimap_sort(lane->spans, lane->n_spans, sizeof(*lane->spans), order_spans);
	for (size_t row = 0; row < picture->n_rows && ret == 0; row++) {
		const uint64_t first = picture->rows[row].span.first;
		struct picture_cell *before =
			lane->n_cells ? &lane->cells[lane->n_cells - 1] : NULL;
		struct picture_cell cell = { .first_row = row, .last_row = row };
		const size_t begin = next;

		while (depth && open[depth - 1].span->span.last < first)
			depth--;
		for (; next < lane->n_spans && lane->spans[next].span.first <= first;
		     next++) {
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
		cell.is_overlap = lane->marks_overlaps && depth > 1 &&
				  open[depth - 1].last_below >= first;
		if (before && next == begin && before->last_row + 1 == row &&
		    before->span == cell.span && before->is_overlap == cell.is_overlap) {
			before->last_row = row;
			continue;
		}
		cell.is_fault = cell.is_overlap || cell.span->is_fault;
		for (size_t i = begin; i < next; i++)
			cell.is_fault |= lane->spans[i].is_fault;
		cell.text = text_of_cell(picture, &cell, lane->spans + begin, next - begin);
		if (!cell.text)
			return -ENOMEM;
		ret = efimap_array_append(&lane->cells, &lane->n_cells,
					  &lane->cells_capacity, &cell, sizeof(cell));
	}
	if (next < lane->n_spans)
		efimap_out_printf(&picture->notes, "Not drawn: %zu of %zu ranges of %s, because "
				  "the picture ends after %d rows.\n", lane->n_spans - next,
				  lane->n_spans, lane->heading, MAX_ROWS);
	return ret;
}

size_t picture_line(const char *text, size_t width, const char **ret_next)
{
	size_t len = strcspn(text, "\n");

	/* Break a long line at the last blank, or else after the last hyphen or underscore. */
	if (len > width) {
		for (len = width; len > 0 && text[len] != ' ';)
			len--;
		for (size_t at = width; len == 0 && at > 0; at--)
			if (strchr("-_", text[at - 1]))
				len = at;
		if (len == 0)
			len = width;
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
static void place_rows(struct picture *picture, bool grows)
{
	for (size_t i = 0; i < picture->n_rows; i++) {
		struct picture_row *row = &picture->rows[i];
		const uint64_t pages = (row->span.last - row->span.first) / EFIMAP_PAGE_SIZE;

		row->lines = 1;
		/* Add a line for each factor of 64 in the size of the range. */
		if (grows && row->is_covered && pages)
			row->lines += (64 - (unsigned int)__builtin_clzll(pages)) / 6;
	}
	for (size_t i = 0; i < picture->n_lanes; i++) {
		const struct picture_lane *lane = &picture->lanes[i];

		if (!lane->width)
			continue;
		const unsigned int head = count_lines(lane->heading, lane->width - 1);

		picture->head_lines =
			head > picture->head_lines ? head : picture->head_lines;
		for (size_t k = 0; k < lane->n_cells; k++) {
			const struct picture_cell *cell = &lane->cells[k];
			unsigned int missing = count_lines(cell->text, lane->width - 1);

			for (size_t row = cell->first_row;
			     row <= cell->last_row && missing; row++)
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

/* Note the reason why the lane of memmap, of iomem or of the tables is empty. */
static void note_absent(struct picture *picture, const struct efimap *map)
{
	static const char *const words[] = {
		[EFIMAP_STATE_ABSENT] = "missing",
		[EFIMAP_STATE_PRESENT] = "empty",
		[EFIMAP_STATE_DENIED] = "permission denied",
		[EFIMAP_STATE_MASKED] = "the kernel hides its addresses",
		[EFIMAP_STATE_MALFORMED] = "malformed",
	};
	static const struct {
		unsigned int lane;
		enum efimap_source source;
	} rows[] = {
		{ LANE_MEMMAP, EFIMAP_SRC_MEMMAP },
		{ LANE_IOMEM, EFIMAP_SRC_IOMEM },
		{ LANE_TABLES, EFIMAP_SRC_KERNEL_LOG },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const enum efimap_state state = map->states[rows[i].source];

		if (!picture->lanes[rows[i].lane].n_spans)
			efimap_out_printf(&picture->notes, "%s: %s.\n",
					  picture->lanes[rows[i].lane].heading,
					  efimap_is_uncollected(map, rows[i].source) ?
						  "not collected" : words[state]);
	}
}

int picture_make(const struct efimap *map, const struct efimap_report *report,
		 unsigned int width, bool grows, struct picture *picture)
{
	struct efimap_out *notes = &picture->notes;
	uint64_t highest = 0;
	int ret;

	*picture = (struct picture){
		.lanes = {
			[LANE_RUNTIME] = { "RUNTIME MAP", 13, .rank = 0, .marks_overlaps = true },
			[LANE_VIRTUAL] = { "VIRTUAL", 10, .rank = 4 },
			[LANE_MEMMAP] = { "MEMMAP", 9, .rank = 5 },
			[LANE_IOMEM] = { "IOMEM", 9, .rank = 3 },
			[LANE_TABLES] = { "TABLES", 9, .rank = 2 },
		},
		.n_lanes = LANE_FIRST_LOAD,
		.notes = EFIMAP_OUT_MEM,
	};

	for (size_t i = 0; i < report->n_answers; i++) {
		efimap_out_ascii(notes, report->answers[i].answer);
		efimap_out_putc(notes, '\n');
	}
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		if (finding->severity == EFIMAP_NOTE || !finding->n_entries)
			continue;
		efimap_out_printf(notes, "%c: %s: ", finding->severity == EFIMAP_ERROR ? 'E' : 'W',
				  finding->rule->name);
		efimap_out_ascii(notes, finding->message);
		efimap_out_puts(notes, ".\n");
	}
	ret = add_entries(picture, map, report);
	ret = ret ? ret : add_tables(picture, map->tables, map->n_tables);
	ret = ret ? ret : add_tables(picture, map->systab, map->n_systab);
	ret = ret ? ret : add_loads(picture, map);
	ret = ret ? ret : add_memmap(picture, map);
	ret = ret ? ret : add_iomem(picture, map);
	note_absent(picture, map);
	if (ret)
		return ret;

	for (size_t i = 0; i < picture->n_lanes; i++)
		for (size_t k = 0; k < picture->lanes[i].n_spans; k++)
			if (picture->lanes[i].spans[k].span.last > highest)
				highest = picture->lanes[i].spans[k].span.last;
	picture->address_width = strlen("0x0");
	for (; highest > 0xf; highest >>= 4)
		picture->address_width++;
	place_lanes(picture, width);
	ret = make_rows(picture);
	for (size_t i = 0; i < picture->n_lanes && ret == 0; i++)
		if (picture->lanes[i].width)
			ret = make_cells(picture, &picture->lanes[i]);
	if (ret)
		return ret;
	place_rows(picture, grows);
	return notes->error;
}

void picture_free(struct picture *picture)
{
	for (size_t i = 0; i < PICTURE_LANES; i++) {
		free(picture->lanes[i].spans);
		free(picture->lanes[i].cells);
	}
	free(picture->rows);
	efimap_out_free(&picture->notes);
	efimap_arena_free(&picture->arena);
}
