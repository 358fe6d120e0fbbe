/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Build the data of a picture from captures: marks, lanes of cells, and links between cells. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/sort.h"
#include "show/dump_view.h"
#include "show/picture/axis.h"
#include "show/picture/lanes.h"
#include "show/picture/legend.h"
#include "show/picture/plot.h"

/* Maximum number of configuration tables searched for each finding. Linux supports fewer. */
#define MAX_TABLES 64
/* Maximum number of links. A reader could not distinguish more. */
#define MAX_LINKS 2000

static const uint8_t *find_severity(const struct plot_mark *mark, const uint8_t *from,
				    enum efimap_severity severity)
{
	return memchr(from, (int)severity + 1,
		      (size_t)(mark->severities + EFIMAP_RULE_COUNT - from));
}

bool mark_find_rule(const struct plot_mark *mark, size_t at, struct mark_rule *ret_rule)
{
	for (int severity = EFIMAP_ERROR; severity >= EFIMAP_NOTE; severity--) {
		const uint8_t *found = mark->severities;

		ret_rule->severity = (enum efimap_severity)severity;
		while ((found = find_severity(mark, found, ret_rule->severity))) {
			ret_rule->rule = efimap_rule_get(
				(enum efimap_rule_id)(found - mark->severities));
			if (at-- == 0)
				return true;
			found++;
		}
	}
	return false;
}

bool plot_mark_is_bad(const struct plot_mark *mark)
{
	return find_severity(mark, mark->severities, EFIMAP_WARNING) ||
	       find_severity(mark, mark->severities, EFIMAP_ERROR);
}

static void mark_add(struct plot_mark *mark, const struct plot_mark *other)
{
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		if (mark->severities[i] < other->severities[i])
			mark->severities[i] = other->severities[i];
}

static void mark_by_entries(struct plot_side *side, const struct efimap_finding *finding,
			    const struct plot_mark *mark)
{
	struct plot_mark *marks = side->marks[PLOT_LANE_RUNTIME];

	for (size_t i = 0; i < finding->n_entries; i++) {
		const struct efimap_entry *entry =
			efimap_find_entry(&side->map, finding->entries[i]);

		if (entry)
			mark_add(&marks[entry - side->map.entries], mark);
	}
}

static void mark_range(struct plot_side *side, uint32_t index,
		       const struct plot_mark *mark)
{
	const struct efimap_range *ranges = side->map.memmap;
	const struct efimap_range *range = bsearch(&index, ranges, side->map.n_memmap,
						   sizeof(*ranges), efimap_order_at_32);

	if (range)
		mark_add(&side->marks[PLOT_LANE_MEMMAP][range - ranges], mark);
}

/* Mark the table that @value names, as in "ESRT=0x…". Return whether the table was found. */
static bool mark_table(struct plot_side *side, const char *value,
		       const struct plot_mark *mark)
{
	const size_t len = strcspn(value, "=");

	for (size_t i = 0; i < side->map.n_tables && i < MAX_TABLES; i++) {
		const char *name = side->map.tables[i].name;

		if (strlen(name) == len && strncmp(name, value, len) == 0) {
			mark_add(&side->marks[PLOT_LANE_TABLES][i], mark);
			return true;
		}
	}
	return false;
}

static bool mark_tables(struct plot_side *side, const struct efimap_finding *finding,
			const struct plot_mark *mark)
{
	bool any = false;

	for (size_t i = 0; i < finding->n_evidence; i++)
		if (strcmp(finding->evidence[i].source, "kernel log") == 0)
			any |= mark_table(side, finding->evidence[i].value, mark);
	return any;
}

/* Mark the ranges of memmap that are named in sources of evidence, as in "memmap/9/start". */
static void mark_ranges(struct plot_side *side, const struct efimap_finding *finding,
			const struct plot_mark *mark)
{
	static const char prefix[] = "memmap/";

	for (size_t i = 0; i < finding->n_evidence; i++) {
		const char *number = finding->evidence[i].source + strlen(prefix);
		uint64_t index;

		if (strncmp(finding->evidence[i].source, prefix, strlen(prefix)) == 0 &&
		    efimap_number_parse_dec(number, strcspn(number, "/"), UINT32_MAX,
					    &index, NULL) == EFIMAP_NUMBER_OK)
			mark_range(side, (uint32_t)index, mark);
	}
}

static void mark_all(struct plot_side *side)
{
	for (size_t i = 0; i < side->report.n_findings; i++) {
		const struct efimap_finding *finding = &side->report.findings[i];
		struct plot_mark mark = { 0 };

		mark.severities[finding->rule->id] = (uint8_t)(finding->severity + 1);
		mark_by_entries(side, finding, &mark);
		if (!mark_tables(side, finding, &mark) && !finding->n_entries)
			mark_ranges(side, finding, &mark);
	}
}

size_t plot_lane_length(const struct efimap *map, enum plot_lane_kind kind)
{
	const bool is_hidden = map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED;
	const size_t counts[] = {
		[PLOT_LANE_RUNTIME] = map->n_entries, [PLOT_LANE_MEMMAP] = map->n_memmap,
		[PLOT_LANE_IOMEM] = is_hidden ? 0 : map->n_iomem,
		[PLOT_LANE_TABLES] = map->n_tables,
		[PLOT_LANE_VIRT] = map->n_entries,
	};

	return counts[kind];
}

/*
 * Copy the findings about one side. In a comparison, the findings of drift-extra refer to entries
 * of SECOND, and all other findings refer to entries of FIRST (comparison.h).
 */
static int copy_report(const struct efimap_report *report, unsigned int side,
		       bool compared, struct efimap_report *ret_report)
{
	struct efimap_finding *kept = efimap_array_new(report->n_findings, sizeof(*kept));
	size_t n = 0;

	if (!kept)
		return -ENOMEM;
	for (size_t i = 0; i < report->n_findings; i++) {
		const bool is_extra = report->findings[i].rule->id == EFIMAP_RULE_DRIFT_EXTRA;

		if (!compared || is_extra == (side == 1))
			kept[n++] = report->findings[i];
	}
	*ret_report = *report;
	ret_report->findings = kept;
	ret_report->n_findings = n;
	return 0;
}

static void note_changes(const struct efimap_comparison *comparison, unsigned int number,
			 struct plot_side *side)
{
	for (size_t i = 0; comparison && i < comparison->n_matches; i++) {
		const struct efimap_match *match = &comparison->matches[i];
		const size_t position = number ? match->second : match->first;

		if (position < side->map.n_entries &&
		    match->mark > side->changes[position])
			side->changes[position] = match->mark;
	}
}

static int open_side(const struct efimap_plot_input *input, unsigned int number,
		     struct plot_side *side)
{
	const struct efimap *map = &side->map;
	int ret = dump_join_incomplete(number ? input->second : input->map, &side->map);

	if (ret < 0)
		return ret;
	side->changes = efimap_array_new(map->n_entries, sizeof(*side->changes));
	side->covers = efimap_array_new(map->n_iomem, sizeof(*side->covers));
	if (!side->changes || !side->covers)
		return -ENOMEM;
	for (enum plot_lane_kind kind = 0; kind <= PLOT_LANE_TABLES; kind++) {
		side->marks[kind] = efimap_array_new(plot_lane_length(map, kind),
						     sizeof(*side->marks[kind]));
		if (!side->marks[kind])
			return -ENOMEM;
	}
	ret = copy_report(plot_report(input), number, input->comparison, &side->report);
	if (ret < 0)
		return ret;
	ret = dump_view_open(map, false, &side->view);
	if (ret < 0)
		return ret;
	for (size_t i = 0; i < side->view.iomem.cover.n_hits; i++)
		side->covers[side->view.iomem.cover.hits[i]] = true;
	mark_all(side);
	note_changes(input->comparison, number, side);
	return 0;
}

static void close_side(struct plot_side *side)
{
	dump_view_close(&side->view);
	free(side->map.entries);
	free(side->report.findings);
	for (size_t i = 0; i < sizeof(side->marks) / sizeof(side->marks[0]); i++)
		free(side->marks[i]);
	free(side->changes);
	free(side->covers);
}

static void add_item(struct plot_lane *lane, const struct plot_side *side, size_t source,
		     struct plot_item item)
{
	const enum plot_lane_kind kind =
		lane->kind == PLOT_LANE_VIRT ? PLOT_LANE_RUNTIME : lane->kind;

	item.source = source;
	item.mark = &side->marks[kind][source];
	lane->items[lane->n_items++] = item;
}

static unsigned int rank_of_entry(const struct plot_side *side, size_t position)
{
	const struct efimap_entry *entry = &side->map.entries[position];

	if (plot_mark_is_bad(&side->marks[PLOT_LANE_RUNTIME][position]) ||
	    side->changes[position] >= EFIMAP_MARK_DRIFT)
		return PLOT_RANK_MARKED;
	return efimap_entry_is_runtime(entry) && !efimap_entry_is_boot_services(entry)
		       ? PLOT_RANK_RUNTIME
		       : PLOT_RANK_PLAIN_ENTRY;
}

static void gather_entries(const struct plot_side *side, struct plot_lane *lane)
{
	const bool is_virt = lane->axis == PLOT_VIRT;

	for (size_t i = 0; i < side->map.n_entries; i++) {
		const struct efimap_entry *entry = &side->map.entries[i];
		struct plot_item item = { .entry = entry,
					  .rank = rank_of_entry(side, i),
					  .tone = plot_tone_of_entry(entry),
					  .change = side->changes[i] };

		if ((is_virt ? efimap_entry_virt : efimap_entry_phys)(entry, &item.span) < 0) {
			lane->n_left_out += plot_is_known(entry, lane->axis);
			lane->n_unknown += !plot_is_known(entry, lane->axis);
			continue;
		}
		add_item(lane, side, i, item);
		lane->n_predicted += is_virt && entry->virt_from == EFIMAP_VIRT_PREDICTED;
	}
}

static void gather_memmap(const struct plot_side *side, struct plot_lane *lane)
{
	for (size_t i = 0; i < side->map.n_memmap; i++) {
		const struct efimap_range *range = &side->map.memmap[i];

		if (range->bad)
			lane->n_left_out++;
		else
			add_item(lane, side, i,
				 (struct plot_item){
					 .span = range->span,
					 .name = range->label,
					 .rank = PLOT_RANK_MEMMAP,
					 .tone = plot_tone_of_label(range->label) });
	}
}

/* Nested lines of iomem are added only if they overlap an entry or belong to a kernel. */
static void gather_iomem(const struct plot_side *side, struct plot_lane *lane)
{
	for (size_t i = 0; i < plot_lane_length(&side->map, PLOT_LANE_IOMEM); i++) {
		const struct efimap_resource *line = &side->map.iomem[i];
		const enum plot_tone tone = plot_tone_of_label(line->name);

		if (line->depth == 0 || side->covers[i] || tone == PLOT_TONE_KERNEL ||
		    tone == PLOT_TONE_CRASH)
			add_item(lane, side, i,
				 (struct plot_item){ .span = line->span,
						     .name = line->name,
						     .rank = line->depth ? PLOT_RANK_INSIDE
									 : PLOT_RANK_IOMEM,
						     .track = line->depth > 0,
						     .tone = tone });
	}
}

/* A configuration table is drawn as one page, because its size is unknown. */
static void gather_tables(const struct plot_side *side, struct plot_lane *lane)
{
	for (size_t i = 0; i < side->map.n_tables; i++) {
		const uint64_t at = efimap_page_start(side->map.tables[i].value);
		const bool is_bad = plot_mark_is_bad(&side->marks[PLOT_LANE_TABLES][i]);

		add_item(lane, side, i,
			 (struct plot_item){ .span = { at, at + EFIMAP_PAGE_SIZE - 1 },
					     .name = side->map.tables[i].name,
					     .rank = is_bad ? PLOT_RANK_MARKED : PLOT_RANK_INSIDE,
					     .tone = PLOT_TONE_OTHER });
	}
}

static const char *absence(const struct efimap *map, const struct plot_lane *lane)
{
	static const char *const words[] = {
		[EFIMAP_STATE_ABSENT] = "missing",
		[EFIMAP_STATE_PRESENT] = "empty",
		[EFIMAP_STATE_DENIED] = "permission denied",
		[EFIMAP_STATE_MASKED] = "hidden by the kernel",
		[EFIMAP_STATE_BROKEN] = "malformed",
	};
	const enum efimap_state state = map->states[plot_lane_names[lane->kind].source];

	if (lane->n_unknown)
		return "unknown";
	if (state == EFIMAP_STATE_ABSENT && efimap_is_offline(map))
		return "not collected";
	return words[state];
}

static int gather_items(const struct plot_side *side, struct plot_lane *lane)
{
	static void (*const gather[])(const struct plot_side *side, struct plot_lane *lane) = {
		[PLOT_LANE_RUNTIME] = gather_entries,
		[PLOT_LANE_MEMMAP] = gather_memmap,
		[PLOT_LANE_IOMEM] = gather_iomem,
		[PLOT_LANE_TABLES] = gather_tables,
		[PLOT_LANE_VIRT] = gather_entries,
	};

	lane->items = efimap_array_new(plot_lane_length(&side->map, lane->kind),
				       sizeof(*lane->items));
	if (!lane->items)
		return -ENOMEM;
	gather[lane->kind](side, lane);
	if (lane->n_items == 0)
		lane->absent = absence(&side->map, lane);
	return 0;
}

static int order_items(const void *a, const void *b)
{
	const struct plot_item *one = a, *other = b;

	if (one->track != other->track)
		return efimap_order(one->track, other->track);
	if (one->span.first != other->span.first)
		return efimap_order(one->span.first, other->span.first);
	return efimap_order(one->source, other->source);
}

/*
 * Put overlapping items on different tracks. If there are too few tracks, items share the last
 * track, which nested lines of iomem always use. All configuration tables are on the first track.
 */
void plot_lane_settle(struct plot_lane *lane)
{
	bool used = false;
	uint64_t last = 0;

	efimap_sort(lane->items, lane->n_items, sizeof(*lane->items), order_items);
	for (size_t i = 0; i < lane->n_items; i++) {
		struct plot_item *item = &lane->items[i];

		if (item->track == 0 && used && item->span.first <= last &&
		    lane->kind != PLOT_LANE_TABLES)
			item->track = 1;
		if (item->track == 0 && (!used || item->span.last > last))
			last = item->span.last;
		used |= item->track == 0;
	}
	efimap_sort(lane->items, lane->n_items, sizeof(*lane->items), order_items);
}

static void take_in(const struct plot_item *item, struct plot_cell *cell)
{
	cell->tone = cell->count == 0 || cell->tone == item->tone ? item->tone
								  : PLOT_TONE_MIXED;
	cell->count++;
	cell->predicted |= cell->lane->axis == PLOT_VIRT &&
			   item->entry->virt_from == EFIMAP_VIRT_PREDICTED;
	mark_add(&cell->mark, item->mark);
	if (item->change > cell->change)
		cell->change = item->change;
}

/*
 * Put an item into the previous cell of its track if that cell covers all bands of the item.
 * Otherwise put the item into a new cell. The new cell starts after the previous cell of the track.
 */
static void place_item(const struct plot_axis *axis, const struct plot_item *item,
		       struct plot_lane *lane)
{
	struct plot_cell *cell = lane->n_cells ? &lane->cells[lane->n_cells - 1] : NULL;
	size_t band = plot_axis_band(axis, item->span.first);
	const size_t last_band = plot_axis_band(axis, item->span.last);

	if (cell && cell->track == item->track && band <= cell->last_band)
		band = cell->last_band + 1;
	if (!cell || band <= last_band) {
		cell = &lane->cells[lane->n_cells++];
		*cell = (struct plot_cell){ .lane = lane,
					    .items = item,
					    .band = band,
					    .last_band = last_band,
					    .track = item->track };
	}
	take_in(item, cell);
}

int plot_lane_fill(const struct plot_axis *axis, struct plot_lane *lane)
{
	lane->cells = efimap_array_new(lane->n_items, sizeof(*lane->cells));
	if (!lane->cells)
		return -ENOMEM;
	for (size_t i = 0; axis->n_bands && i < lane->n_items; i++)
		place_item(axis, &lane->items[i], lane);
	return 0;
}

const struct plot_cell *plot_cell_at(const struct plot_lane *lane, unsigned int track,
				     size_t band)
{
	size_t low = 0, high = lane->n_cells;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct plot_cell *cell = &lane->cells[middle];

		if (cell->track < track ||
		    (cell->track == track && cell->last_band < band))
			low = middle + 1;
		else
			high = middle;
	}
	if (low == lane->n_cells || lane->cells[low].track != track ||
	    lane->cells[low].band > band)
		return NULL;
	return &lane->cells[low];
}

const struct plot_cell *plot_cell_from(const struct plot_lane *lane, unsigned int track,
				       size_t band)
{
	const struct plot_cell *cell = plot_cell_at(lane, track, band);

	return cell && cell->band == band ? cell : NULL;
}

struct plot_mark plot_band_mark(const struct plot *plot, size_t band)
{
	struct plot_mark mark = { 0 };

	for (size_t i = 0; i < plot->n_lanes; i++)
		for (unsigned int track = 0; track < PLOT_TRACKS; track++) {
			const struct plot_lane *lane = &plot->lanes[i];
			const struct plot_cell *cell =
				lane->axis == PLOT_PHYS ? plot_cell_from(lane, track, band) : NULL;

			if (cell)
				mark_add(&mark, &cell->mark);
		}
	return mark;
}

/*
 * Return an array with the cell of each entry, or NULL if memory is exhausted. The caller frees the
 * array. The element of an entry without a cell is NULL.
 */
static const struct plot_cell **cells_of_entries(const struct plot_lane *lane, size_t n_entries)
{
	const struct plot_cell **cells = efimap_array_new(n_entries, sizeof(const void *));

	for (size_t c = 0; cells && c < lane->n_cells; c++)
		for (size_t i = 0; i < lane->cells[c].count; i++)
			cells[lane->cells[c].items[i].source] = &lane->cells[c];
	return cells;
}

static int order_links(const void *a, const void *b)
{
	const struct plot_link *one = a, *other = b;

	return one->from == other->from ? efimap_order((uintptr_t)one->to, (uintptr_t)other->to) :
					  efimap_order((uintptr_t)one->from,
						       (uintptr_t)other->from);
}

/* Merge links between the same two cells; the worst change wins. Keep at most MAX_LINKS links. */
static void merge_links(struct plot *plot)
{
	const size_t count = plot->n_links;
	size_t n = 0;

	efimap_sort(plot->links, count, sizeof(*plot->links), order_links);
	for (size_t i = 0; i < count; i++) {
		const struct plot_link link = plot->links[i];

		if (n == 0 || order_links(&plot->links[n - 1], &link) != 0)
			plot->links[n++] = link;
		else if (link.change > plot->links[n - 1].change)
			plot->links[n - 1].change = link.change;
	}
	plot->n_links = n < MAX_LINKS ? n : MAX_LINKS;
}

/*
 * For one capture, link the cell of each entry in the runtime map lane to its cell in the virtual
 * lane. For two captures, link the cells of matched entries in the two virtual lanes.
 */
static int link_cells(struct plot *plot)
{
	const struct efimap_comparison *comparison = plot->input->comparison;
	const struct plot_side *second = &plot->sides[plot->n_sides - 1];
	const enum plot_lane_kind left = comparison ? PLOT_LANE_VIRT : PLOT_LANE_RUNTIME;
	const size_t count = comparison ? comparison->n_matches : second->map.n_entries;
	efimap_auto_free const struct plot_cell **from =
		cells_of_entries(plot_find_lane(plot, left, 0), plot->sides[0].map.n_entries);
	efimap_auto_free const struct plot_cell **to =
		cells_of_entries(plot_find_lane(plot, PLOT_LANE_VIRT, plot->n_sides - 1),
				 second->map.n_entries);

	plot->links = efimap_array_new(count, sizeof(*plot->links));
	if (!from || !to || !plot->links)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		const struct efimap_match match = comparison
							  ? comparison->matches[i]
							  : (struct efimap_match){ i, i };

		if (match.first != EFIMAP_NO_ENTRY && match.second != EFIMAP_NO_ENTRY &&
		    from[match.first] && to[match.second])
			plot->links[plot->n_links++] =
				(struct plot_link){ from[match.first], to[match.second],
						    match.mark };
	}
	merge_links(plot);
	return 0;
}

static int add_lane(struct plot *plot, enum plot_lane_kind kind, unsigned int side)
{
	struct plot_lane *lane = &plot->lanes[plot->n_lanes++];
	int ret;

	lane->kind = kind;
	lane->side = side;
	lane->axis = kind == PLOT_LANE_VIRT ? PLOT_VIRT : PLOT_PHYS;
	ret = gather_items(&plot->sides[side], lane);
	if (ret == 0)
		plot_lane_settle(lane);
	return ret;
}

struct lane_place {
	enum plot_lane_kind kind;
	unsigned int side;
};

static int add_lanes(struct plot *plot, bool tables)
{
	static const struct lane_place alone[] = {
		{ PLOT_LANE_IOMEM, 0 },	  { PLOT_LANE_MEMMAP, 0 }, { PLOT_LANE_TABLES, 0 },
		{ PLOT_LANE_RUNTIME, 0 }, { PLOT_LANE_VIRT, 0 },
	};
	static const struct lane_place pair[] = {
		{ PLOT_LANE_MEMMAP, 0 }, { PLOT_LANE_RUNTIME, 0 }, { PLOT_LANE_RUNTIME, 1 },
		{ PLOT_LANE_MEMMAP, 1 }, { PLOT_LANE_VIRT, 0 },	   { PLOT_LANE_VIRT, 1 },
	};
	const bool is_alone = plot->n_sides == 1;
	const struct lane_place *places = is_alone ? alone : pair;
	const size_t count = is_alone ? sizeof(alone) / sizeof(alone[0]) :
					sizeof(pair) / sizeof(pair[0]);

	for (size_t i = 0; i < count; i++) {
		int ret;

		if (places[i].kind == PLOT_LANE_TABLES && !tables)
			continue;
		ret = add_lane(plot, places[i].kind, places[i].side);
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * Lay out the axes, with a line of text for each rule next to a band. Stretch the shorter axis
 * towards the height of the other axis.
 */
static void lay_axes(struct plot *plot, const struct plot_medium *medium)
{
	const struct plot_scale *scale = &medium->scale;
	unsigned int height = 0;

	for (size_t i = 0; i < plot->axes[PLOT_PHYS].n_bands; i++) {
		const struct plot_mark mark = plot_band_mark(plot, i);
		unsigned int *lines = &plot->axes[PLOT_PHYS].bands[i].lines;
		struct mark_rule matched;

		while (mark_find_rule(&mark, *lines, &matched) &&
		       matched.severity >= medium->least)
			++*lines;
	}
	for (unsigned int i = 0; i < PLOT_AXES; i++) {
		plot_axis_lay(&plot->axes[i], scale);
		if (plot->axes[i].height > height)
			height = plot->axes[i].height;
	}
	for (unsigned int i = 0; i < PLOT_AXES; i++)
		plot_axis_stretch(&plot->axes[i], scale, height);
}

int plot_open(const struct efimap_plot_input *input, const struct plot_medium *medium,
	      struct plot *plot)
{
	int ret = 0;

	*plot = (struct plot){ .input = input,
			       .names_rules = medium->scale.line > 0,
			       .n_sides = input->comparison ? 2 : 1 };
	for (unsigned int i = 0; i < plot->n_sides && ret == 0; i++)
		ret = open_side(input, i, &plot->sides[i]);
	if (ret == 0)
		ret = add_lanes(plot, medium->tables);
	for (unsigned int i = 0; i < PLOT_AXES && ret == 0; i++)
		ret = plot_axis_make(plot->lanes, plot->n_lanes, i, medium->max_bands,
				     &plot->axes[i]);
	for (size_t i = 0; i < plot->n_lanes && ret == 0; i++)
		ret = plot_lane_fill(&plot->axes[plot->lanes[i].axis], &plot->lanes[i]);
	if (ret < 0)
		return ret;
	lay_axes(plot, medium);
	return link_cells(plot);
}

void plot_close(struct plot *plot)
{
	for (unsigned int i = 0; i < plot->n_sides; i++)
		close_side(&plot->sides[i]);
	for (size_t i = 0; i < plot->n_lanes; i++) {
		free(plot->lanes[i].items);
		free(plot->lanes[i].cells);
	}
	for (unsigned int i = 0; i < PLOT_AXES; i++)
		plot_axis_free(&plot->axes[i]);
	free(plot->links);
}

const struct plot_lane *plot_find_lane(const struct plot *plot, enum plot_lane_kind kind,
				       unsigned int side)
{
	for (size_t i = 0; i < plot->n_lanes; i++)
		if (plot->lanes[i].kind == kind && plot->lanes[i].side == side)
			return &plot->lanes[i];
	return NULL;
}

/* Space that a slot cannot use because of its maximum width is not given to other slots. */
struct plot_slots plot_share_out(const struct plot *plot, const struct plot_plan *plan,
				 const unsigned int *addresses, unsigned int room,
				 unsigned int gap)
{
	struct plot_slots slots = { .count = 0 };
	unsigned int shares = 0, least = 0;

	for (; plan->kind != PLOT_SLOT_NONE; plan++) {
		struct plot_slot *slot = &slots.list[slots.count];

		slot->plan = plan;
		slot->lane = plot_find_lane(plot, plan->lane, plan->side);
		/* Of the empty lanes, omit only that of tables. The others show a reason. */
		if (!slot->lane || (slot->lane->kind == PLOT_LANE_TABLES && slot->lane->absent) ||
		    (plan->kind == PLOT_SLOT_RULES && !plot->names_rules))
			continue;
		slot->width = plan->kind == PLOT_SLOT_ADDRESS ? addresses[slot->lane->axis] :
								plan->least;
		shares += plan->share;
		least += slot->width + gap;
		slots.count++;
	}
	room = room > least ? room - least : 0;
	for (size_t i = 0; i < slots.count; i++) {
		struct plot_slot *slot = &slots.list[i];

		if (slot->plan->share)
			slot->width += room * slot->plan->share / shares;
		if (slot->plan->most && slot->width > slot->plan->most)
			slot->width = slot->plan->most;
		slot->at = slots.width + gap;
		slots.width += gap + slot->width;
	}
	return slots;
}
