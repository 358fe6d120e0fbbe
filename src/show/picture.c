/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compute a picture in three steps: gather the spans of each lane, cut the addresses into rows at
 * the edges of all spans, and give each row and lane enough lines and columns for its labels.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "answer/answer.h"
#include "answer/answers.h"
#include "answer/loads.h"
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
/* Neighbouring ranges of memory that are smaller than this are joined if nothing else is there. */
#define SMALL_RANGE (UINT64_C(1) << 20)
/* Minimum number of ranges that are joined. Two lines are easier to read than a joined label. */
#define LEAST_JOINED 3
/* Number of columns between lanes. */
#define GAP 1

/* The lanes of the sources, from left to right. */
enum { LANE_RUNTIME, LANE_VIRTUAL, LANE_MEMORY, LANE_TABLES, LANE_FIRST_LOAD };

/*
 * Lanes of higher ranks are omitted first. The two loaders of a kernel are more important than
 * memory, because the map and the tables show what a load overwrites. The lane of virtual addresses
 * is drawn only if all other lanes have all columns that they need.
 */
enum { RANK_RUNTIME, RANK_LOAD, RANK_TABLES, RANK_MEMORY, RANK_OTHER_LOAD, RANK_VIRTUAL };
#define LEAST_LOAD 9
#define DRAWN_LOADS 2

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

/*
 * Add a sign of labels, with its meaning, to the list of signs, unless the list contains it. The
 * text above the picture explains the other signs: '!', '?', 'E' and 'W'.
 */
static void add_sign(struct picture *picture, const char *sign)
{
	struct out *signs = &picture->signs;

	if (!signs->used || !memmem(signs->data, signs->used, sign, strlen(sign)))
		out_puts(next_item(signs, "; "), sign);
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

/* Add the entries, with the highest severity of their findings, and their virtual addresses. */
static void add_entries(struct picture *picture, const struct efimap *map,
			const struct report *report)
{
	auto_free enum severity *severities = array_new(map->n_entries, sizeof(*severities));
	size_t n_left = 0;
	char type[EFIMAP_TYPE_NAME_SIZE];

	/* An entry without findings keeps the severity EFIMAP_NOTE, which is 0. */
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		for (size_t k = 0; k < finding->n_entries; k++) {
			const struct map_entry *entry = find_entry(map, finding->entries[k]);

			if (entry && severities[entry - map->entries] < finding->severity)
				severities[entry - map->entries] = finding->severity;
		}
	}
	for (size_t i = 0; i < map->n_entries; i++) {
		auto_out struct out name = EFIMAP_OUT_MEM, virt = EFIMAP_OUT_MEM;
		const struct map_entry *entry = &map->entries[i];
		struct picture_span span = { .kind = kind_of_entry(entry) };

		if (entry_phys(entry, &span.span) < 0) {
			n_left++;
			continue;
		}
		picture->has_predicted |= entry->virt_from == EFIMAP_VIRT_PREDICTED;
		span.is_fault = severities[i] > EFIMAP_NOTE;
		if (span.is_fault)
			out_puts(&name, severities[i] == EFIMAP_ERROR ? "E " : "W ");
		out_printf(&name, "%u %s", entry->index, memory_type_name(entry->type, type));
		add_span(picture, &picture->lanes[LANE_RUNTIME], span, out_text(&name), true);
		if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
			continue;
		if (entry->virt == entry->phys)
			out_puts(&virt, "identity");
		else
			out_hex(&virt, entry->virt);
		span.is_fault = false;
		add_span(picture, &picture->lanes[LANE_VIRTUAL], span, out_text(&virt), false);
	}
	note_left(picture, n_left, "entries with an invalid address or size");
}

/* Return the sorted first addresses of all spans outside of the lane of memory. */
static uint64_t *list_starts(const struct picture *picture, size_t *ret_count)
{
	uint64_t *starts;
	size_t count = 0;

	for (size_t i = 0; i < picture->n_lanes; i++)
		count += picture->lanes[i].n_spans;
	starts = array_new(count, sizeof(*starts));
	*ret_count = 0;
	for (size_t i = 0; i < picture->n_lanes; i++)
		for (size_t k = 0; i != LANE_MEMORY && k < picture->lanes[i].n_spans; k++)
			starts[(*ret_count)++] = picture->lanes[i].spans[k].span.first;
	sort_items(starts, *ret_count, sizeof(*starts), order_at);
	return starts;
}

/* Return the number of ranges at the start of @ranges that touch and can be joined. */
static size_t count_joinable(const struct picture_span *ranges, const bool *is_minor, size_t count)
{
	size_t n = 0;

	while (n < count && n < MAX_LABELS && is_minor[n] &&
	       (!n || ranges[n].span.first - 1 == ranges[n - 1].span.last))
		n++;
	return n;
}

/* Add one span for several ranges, whose label contains each of their names once. */
static void add_joined(struct picture *picture, const struct picture_span *ranges, size_t count)
{
	struct picture_span joined = ranges[0];
	auto_out struct out name = EFIMAP_OUT_MEM;

	joined.span.last = ranges[count - 1].span.last;
	joined.kind = PICTURE_OTHER;
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (strcmp(ranges[k].label, ranges[i].label) != 0)
			k++;
		if (k == i)
			out_puts(next_item(&name, ", "), ranges[i].label);
	}
	add_span(picture, &picture->lanes[LANE_MEMORY], joined, out_text(&name), true);
}

/*
 * Add the ranges of memmap, or the top-level lines of iomem if there is no memmap. A contiguous
 * group of ranges without RAM is outside of RAM. Of such a group, add only ranges that overlap an
 * entry. Join small ranges, unless they overlap an entry or something else begins in them.
 */
static void add_ranges(struct picture *picture, const struct efimap *map)
{
	const bool is_memmap = map->n_memmap > 0;
	const size_t count = is_memmap ? map->n_memmap : map->n_iomem;
	auto_coverage struct coverage cover =
		is_memmap ? coverage_memmap(map) : coverage_iomem(map);
	auto_free bool *covers = array_new(count, sizeof(*covers));
	auto_free bool *is_minor = array_new(count, sizeof(*is_minor));
	auto_free struct picture_span *ranges = array_new(count, sizeof(*ranges));
	size_t n = 0, n_bad = 0, n_starts, at = 0;
	auto_free uint64_t *starts = list_starts(picture, &n_starts);

	for (size_t i = 0; i < cover.n_hits; i++)
		covers[cover.hits[i]] = true;
	for (size_t i = 0; i < count; i++) {
		const char *name = is_memmap ? map->memmap[i].label : map->iomem[i].name;
		const enum picture_kind kind = kind_of_name(&name);

		if (is_memmap ? map->memmap[i].bad : map->iomem[i].depth || kind == PICTURE_OTHER)
			n_bad += is_memmap;
		else
			ranges[n++] = (struct picture_span){ .span = is_memmap ? map->memmap[i].span
									       : map->iomem[i].span,
							     .order = i,
							     .kind = kind,
							     .label = name };
	}
	sort_items(ranges, n, sizeof(*ranges), order_spans);
	for (size_t i = 0; i < n; i++) {
		while (at < n_starts && starts[at] < ranges[i].span.first)
			at++;
		is_minor[i] = ranges[i].span.last - ranges[i].span.first < SMALL_RANGE &&
			      !covers[ranges[i].order] &&
			      (at == n_starts || starts[at] > ranges[i].span.last);
	}
	for (size_t i = 0, end; i < n; i = end) {
		uint64_t last = ranges[i].span.last;
		bool has_ram = false;

		for (end = i; end < n && (ranges[end].span.first <= last ||
					  ranges[end].span.first - 1 == last);
		     end++) {
			has_ram |= ranges[end].kind == PICTURE_RAM;
			if (ranges[end].span.last > last)
				last = ranges[end].span.last;
		}
		for (size_t k = i, joinable; k < end; k++) {
			joinable = count_joinable(ranges + k, is_minor + k, end - k);
			if (has_ram && joinable >= LEAST_JOINED) {
				add_joined(picture, ranges + k, joinable);
				k += joinable - 1;
			} else if (has_ram || covers[ranges[k].order]) {
				add_span(picture, &picture->lanes[LANE_MEMORY], ranges[k],
					 ranges[k].label, true);
			}
		}
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

	if (map->states[EFIMAP_SRC_IOMEM] != EFIMAP_STATE_MASKED || map->n_memmap)
		add_ranges(picture, map);
	for (size_t i = 0; i < map->n_iomem; i++) {
		const struct resource *line = &map->iomem[i];
		const char *name = line->name;
		const enum picture_kind kind = kind_of_name(&name);

		if (map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED)
			break;
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
		const uint64_t at = tables[i].value;
		const struct picture_span span = { .span = { at, at },
						   .kind = PICTURE_OTHER,
						   .is_table = true };
		bool is_new = true;

		for (size_t k = 0; k < before; k++)
			is_new &= lane->spans[k].span.first != at;
		if (is_new)
			add_span(picture, lane, span, tables[i].name, false);
	}
}

/* Return whether all answers about the question and the loader of a load are plainly ok. */
static bool is_answered_ok(const struct report *report, const struct load_case *load)
{
	bool is_ok = false;

	for (size_t i = 0; i < report->n_answers; i++) {
		const struct load_answer *answer = &report->answers[i];

		if (answer->question != load->question ||
		    (answer->loader != load->loader && answer->loader != EFIMAP_LOADER_ANY &&
		     load->loader != EFIMAP_LOADER_ANY))
			continue;
		is_ok = answer->has_range && answer->range.known == EFIMAP_OUTCOME_NONE &&
			answer->range.unknown == EFIMAP_OUTCOME_NONE;
		if (!is_ok)
			return false;
	}
	return is_ok;
}

/*
 * Mark each table and each runtime region that a segment of @load certainly overwrites, and name
 * them in the text above the picture. For an assumed kernel, whose size is also assumed, the mark
 * is a question mark. The size of a table is unknown, so the table counts as overwritten if its
 * first byte is in the segment.
 *
 * @drawn: the box of the segment in @lane
 */
static void mark_hits(struct picture *picture, const struct load_case *load,
		      const struct load_segment *segment, struct picture_lane *lane,
		      struct picture_span *drawn)
{
	const char mark = load->is_assumed ? '?' : '!';
	auto_out struct out hits = EFIMAP_OUT_MEM;
	const char *text;
	size_t count = 0;

	for (size_t at = 0; at < LANE_FIRST_LOAD; at++)
		for (size_t i = 0; i < picture->lanes[at].n_spans; i++) {
			struct picture_span *span = &picture->lanes[at].spans[i];
			const bool is_region = at == LANE_RUNTIME && (span->kind == PICTURE_CODE ||
								      span->kind == PICTURE_DATA);

			if ((!span->is_table && !is_region) ||
			    !segment_will_hit(segment, span->span))
				continue;
			if (!count)
				out_printf(&hits, ": the %s %s", segment_kind_name(segment->kind),
					   load->is_assumed ? "may overwrite" : "overwrites");
			if (count++ < MAX_LABELS)
				out_printf(&hits, "%s %s at 0x%" PRIx64, count > 1 ? "," : "",
					   span->label, span->span.first);
			if (span->mark != '!')
				span->mark = mark;
			span->is_fault |= !load->is_assumed;
			drawn->is_fault |= !load->is_assumed;
		}
	if (!count)
		return;
	if (count > MAX_LABELS)
		out_printf(&hits, " and %zu more", count - MAX_LABELS);
	if (is_answered_ok(picture->report, load))
		out_puts(&hits, "; no effect on this kernel is known");
	out_puts(&hits, ".\n");
	text = keep(picture, &hits);
	/* If the previous loader overwrites the same memory, add this loader to its sentence. */
	if (picture->hits && strcmp(picture->hits, text) == 0) {
		picture->head.used -= strlen(text);
		out_puts(&picture->head, ", ");
	} else {
		out_printf(&picture->head, "%c ", mark);
	}
	out_printf(&picture->head, "%s%s", lane->heading, text);
	picture->hits = text;
	lane->has_loss = true;
}

static void put_heading(const struct load_case *load, bool has_release, struct out *out)
{
	out_puts(out, load->question == EFIMAP_QUESTION_KDUMP ? "KDUMP" : "KEXEC");
	if (load->loader != EFIMAP_LOADER_ANY)
		out_puts(out, load->loader == EFIMAP_LOADER_KERNEL ? " -s" : " -c");
	if (*load->release.text && has_release) {
		out_putc(out, ' ');
		out_ascii(out, load->release.text);
	}
}

/*
 * Draw a segment, and return its box. Its label has a size or, if the address is uncertain, a
 * question mark. Segments other than the kernel and the initrd are small, so those that touch are
 * joined.
 */
static struct picture_span *add_segment(struct picture *picture, struct picture_lane *lane,
					const struct load_segment *segment, bool is_sure)
{
	const bool is_other = segment->kind != EFIMAP_SEGMENT_KERNEL &&
			      segment->kind != EFIMAP_SEGMENT_INITRD &&
			      segment->kind != EFIMAP_SEGMENT_UNKNOWN;
	const struct picture_span new = { .span = { segment->start, segment->end },
					  .kind = PICTURE_SEGMENT };
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
		return lane->spans + i;
	}
	if (new.span.first < span[i].span.first)
		span[i].span.first = new.span.first;
	if (new.span.last > span[i].span.last)
		span[i].span.last = new.span.last;
	if (!is_sure)
		span[i].label = "other?";
	return span + i;
}

static void add_load(struct picture *picture, const struct load_case *load, const char *heading)
{
	const struct placement *placement = &load->placement;
	struct picture_lane *lane = &picture->lanes[picture->n_lanes++];
	const bool is_placed = placement_is_sure(placement);

	lane->rank = RANK_OTHER_LOAD;
	lane->least = LEAST_LOAD;
	lane->heading = heading;
	if (load->loader != EFIMAP_LOADER_ANY)
		add_sign(picture, load->loader == EFIMAP_LOADER_KERNEL ? "-s is kexec_file_load"
								       : "-c is kexec_load");
	for (size_t i = 0; i < placement->count; i++) {
		const struct load_segment *segment = &placement->segments[i];
		struct picture_span *drawn = add_segment(
			picture, lane, segment,
			is_placed && segment->start == segment->start_max &&
				segment->end_min == segment->end && !segment->is_optional);

		if (is_placed)
			mark_hits(picture, load, segment, lane, drawn);
	}
	if (load->has_crash)
		add_span(picture, lane,
			 (struct picture_span){ .span = load->crash, .kind = PICTURE_CRASH },
			 "reserved", true);
}

/* Place the segments of a load, or of the load that follows if the loader refuses it. */
static void place_admitted(struct machine *machine, struct load_case *load)
{
	auto_report struct report *own = report_new(), *second = report_new();

	place_load(machine, load);
	admit_load(machine, load, own);
	if (!falls_back_from(machine, load, own))
		return;
	/* The refusal of the first loader is in @own. */
	*load = fallback_of(machine, load, own);
	place_load(machine, load);
	admit_load(machine, load, second);
}

static void add_loads(struct picture *picture, const struct efimap *map)
{
	auto_out struct out unknown = EFIMAP_OUT_MEM;
	auto_report struct report *report = report_new();
	auto_loads struct loads loads = { 0 };
	bool has_releases = false;
	struct machine machine;
	size_t n_left = 0;

	machine_open(map, NULL, &machine);
	machine_check(&machine, report);
	loads_add_all(&machine, &loads);
	for (size_t i = 1; i < loads.count; i++)
		has_releases |=
			strcmp(loads.cases[i].release.text, loads.cases[i - 1].release.text) != 0;
	for (size_t i = 0; i < loads.count; i++) {
		auto_out struct out heading = EFIMAP_OUT_MEM;
		struct load_case *load = &loads.cases[i];
		const char *text;

		place_admitted(&machine, load);
		if (load->is_refused)
			continue;
		put_heading(load, has_releases, &heading);
		text = keep(picture, &heading);
		if (load->placement.count == 0)
			out_puts(next_item(&unknown, ", "), text);
		else if (picture->n_lanes < PICTURE_LANES)
			add_load(picture, load, text);
		else
			n_left++;
	}
	machine_close(&machine);
	/* Prefer loads that overwrite a table or a region. */
	for (size_t n = 0, pass = 0; pass < 2; pass++)
		for (size_t i = LANE_FIRST_LOAD; i < picture->n_lanes && n < DRAWN_LOADS; i++)
			if (picture->lanes[i].has_loss == (pass == 0)) {
				picture->lanes[i].rank = RANK_LOAD;
				n++;
			}
	if (unknown.used)
		out_printf(next_item(&picture->left, "; "), "%s (segments unknown)",
			   out_text(&unknown));
	note_left(picture, n_left, "segments of further loads");
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
 * Select lanes in the order of their ranks, as far as their minimum widths fit, and share the
 * remaining columns. Further loads and the virtual addresses are drawn only if the labels of all
 * drawn lanes fit.
 */
static void place_lanes(struct picture *picture, unsigned int width)
{
	auto_out struct out left_out = EFIMAP_OUT_MEM;
	unsigned int left = width - picture->address_width;

	for (size_t i = 0; i < picture->n_lanes; i++) {
		struct picture_lane *lane = &picture->lanes[i];
		size_t most = strlen(lane->heading);

		for (size_t k = 0; k < lane->n_spans; k++) {
			const size_t len = strlen(lane->spans[k].label);

			most = len > most ? len : most;
		}
		lane->most = most < MAX_COLUMNS ? (unsigned int)most + 1 : MAX_COLUMNS;
	}
	for (unsigned int rank = 0; rank < RANK_OTHER_LOAD; rank++)
		for (size_t i = 0; i < picture->n_lanes; i++)
			if (picture->lanes[i].rank == rank)
				place_lane(&picture->lanes[i], picture->lanes[i].least, &left,
					   &left_out);
	for (size_t i = 0; i < picture->n_lanes; i++) {
		struct picture_lane *lane = &picture->lanes[i];

		if (lane->width && lane->width < lane->most) {
			const unsigned int more = lane->most - lane->width;

			lane->width += more < left ? more : left;
			left -= more < left ? more : left;
		}
	}
	for (unsigned int rank = RANK_OTHER_LOAD; rank <= RANK_VIRTUAL; rank++)
		for (size_t i = 0; i < picture->n_lanes; i++)
			if (picture->lanes[i].rank == rank)
				place_lane(&picture->lanes[i], picture->lanes[i].most, &left,
					   &left_out);
	if (left_out.used)
		out_printf(next_item(&picture->left, "; "), "%s (%u columns are too few)",
			   out_text(&left_out), width);
	picture->width = picture->address_width;
	for (size_t i = 0; i < picture->n_lanes; i++)
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

	for (size_t i = 0; i < picture->n_lanes; i++)
		count += picture->lanes[i].width ? picture->lanes[i].n_spans : 0;
	edges = array_new(count, 2 * sizeof(*edges));
	picture->rows =
		array_new(count < MAX_ROWS / 2 ? 2 * count : MAX_ROWS, sizeof(*picture->rows));
	for (size_t i = 0; i < picture->n_lanes; i++)
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
		add_sign(picture, "a name in parentheses continues from above");
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
		cell.is_fault = cell.is_overlap || cell.span->is_fault;
		for (size_t i = begin; i < next; i++) {
			cell.is_fault |= lane->spans[i].is_fault;
			if (cell.mark != '!' && lane->spans[i].mark)
				cell.mark = lane->spans[i].mark;
		}
		if (cell.mark && picture->rows[row].mark != '!')
			picture->rows[row].mark = cell.mark;
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
	for (size_t i = 0; i < picture->n_lanes; i++) {
		const struct picture_lane *lane = &picture->lanes[i];

		if (!lane->width)
			continue;
		const unsigned int head = count_lines(lane->heading, lane->width - 1);

		picture->head_lines = head > picture->head_lines ? head : picture->head_lines;
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

/* Note which sources have no data, and why. */
static void note_absent(struct picture *picture, const struct efimap *map)
{
	static const char *const words[] = {
		[EFIMAP_STATE_ABSENT] = "missing",
		[EFIMAP_STATE_PRESENT] = "empty",
		[EFIMAP_STATE_DENIED] = "permission denied",
		[EFIMAP_STATE_MASKED] = "the kernel hides its addresses",
		[EFIMAP_STATE_MALFORMED] = "malformed",
	};
	const struct {
		const char *name;
		enum source source;
		bool is_empty;
	} rows[] = {
		{ "runtime map", EFIMAP_SRC_RUNTIME_MAP, !map->n_entries },
		{ "memmap", EFIMAP_SRC_MEMMAP, !map->n_memmap },
		{ "iomem", EFIMAP_SRC_IOMEM,
		  !map->n_iomem || map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED },
		{ "tables", EFIMAP_SRC_KERNEL_LOG, !picture->lanes[LANE_TABLES].n_spans },
	};
	auto_out struct out empty = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const enum source source = rows[i].source;

		if (rows[i].is_empty)
			out_printf(next_item(&empty, ", "), "%s (%s)", rows[i].name,
				   capture_lacks(map, source) ? "not collected"
							      : words[map->states[source]]);
	}
	if (empty.used)
		out_printf(&picture->notes, "No data: %s.\n", out_text(&empty));
}

/* Write the text below the picture. */
static void put_notes(struct picture *picture, const struct efimap *map)
{
	if (picture->has_ranges)
		add_sign(picture, "a name with ? is somewhere in the RAM of its box");
	if (picture->signs.used)
		out_printf(&picture->notes, "Signs: %s.\n", out_text(&picture->signs));
	if (picture->lanes[LANE_VIRTUAL].width && picture->has_predicted)
		out_puts(&picture->notes, "The virtual addresses are computed, because the "
					  "source has none.\n");
	if (picture->left.used)
		out_printf(&picture->notes, "Not drawn: %s.\n", out_text(&picture->left));
	note_absent(picture, map);
}

void picture_make(const struct efimap *map, const struct report *report, unsigned int width,
		  bool to_scale, struct picture *picture)
{
	uint64_t highest = 0;

	*picture = (struct picture){
		.lanes = {
			[LANE_RUNTIME] = { "RUNTIME MAP", 13, .rank = RANK_RUNTIME,
					   .marks_overlaps = true },
			[LANE_VIRTUAL] = { "VIRTUAL", .rank = RANK_VIRTUAL },
			[LANE_MEMORY] = { "MEMORY", 9, .rank = RANK_MEMORY },
			[LANE_TABLES] = { "TABLES", 9, .rank = RANK_TABLES },
		},
		.n_lanes = LANE_FIRST_LOAD,
		.report = report,
		.head = EFIMAP_OUT_MEM,
		.signs = EFIMAP_OUT_MEM,
		.left = EFIMAP_OUT_MEM,
		.notes = EFIMAP_OUT_MEM,
	};

	add_entries(picture, map, report);
	add_tables(picture, map->tables, map->n_tables);
	add_tables(picture, map->systab, map->n_systab);
	add_loads(picture, map);
	add_memory(picture, map);
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding->severity == EFIMAP_NOTE || !finding->n_entries)
			continue;
		out_printf(&picture->head,
			   "%c: %s: ", finding->severity == EFIMAP_ERROR ? 'E' : 'W',
			   finding->rule->name);
		out_escaped(&picture->head, finding->message);
		out_puts(&picture->head, ".\n");
	}

	for (size_t i = 0; i < picture->n_lanes; i++)
		for (size_t k = 0; k < picture->lanes[i].n_spans; k++)
			if (picture->lanes[i].spans[k].span.last > highest)
				highest = picture->lanes[i].spans[k].span.last;
	picture->address_width = strlen("0x0");
	for (; highest > 0xf; highest >>= 4)
		picture->address_width++;
	place_lanes(picture, width);
	make_rows(picture, to_scale);
	for (size_t i = 0; i < picture->n_lanes; i++)
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
	out_free(&picture->signs);
	out_free(&picture->left);
	out_free(&picture->notes);
	arena_free(&picture->arena);
}
