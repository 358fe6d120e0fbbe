/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which columns a terminal has room for, and how wide each is. */
#include "plot/text.h"

/* Narrower than this, labels are letters; a narrower terminal wraps lines. */
#define MIN_WIDTH 40

/* Rows that are left out of narrow terminals: @from is the least width of the section. */
struct plan {
	enum text_column_kind kind;
	enum plot_lane_kind lane;
	unsigned int side;
	unsigned int from;
	unsigned int least;
	unsigned int most;
	unsigned int share;
};

static const struct plan one_phys[] = {
	{ TEXT_COLUMN_MARK, PLOT_LANE_RUNTIME, 0, 0, 1, 1, 0 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_RUNTIME, 0, 0, 9, 36, 4 },
	{ TEXT_COLUMN_RULE, PLOT_LANE_RUNTIME, 0, 110, 20, 28, 1 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_MEMMAP, 0, 0, 8, 36, 3 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_IOMEM, 0, 0, 8, 44, 4 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_TABLES, 0, 96, 9, 24, 2 },
};
static const struct plan one_virt[] = {
	{ TEXT_COLUMN_MARK, PLOT_LANE_VIRT, 0, 0, 1, 1, 0 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_VIRT, 0, 0, 10, 36, 4 },
	{ TEXT_COLUMN_PHYS, PLOT_LANE_VIRT, 0, 0, 8, 18, 2 },
};
static const struct plan two_phys[] = {
	{ TEXT_COLUMN_LANE, PLOT_LANE_RUNTIME, 0, 0, 11, 36, 6 },
	{ TEXT_COLUMN_MARK, PLOT_LANE_RUNTIME, 0, 0, 1, 1, 0 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_RUNTIME, 1, 0, 11, 36, 6 },
	{ TEXT_COLUMN_RULE, PLOT_LANE_RUNTIME, 0, 110, 20, 28, 1 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_MEMMAP, 0, 0, 9, 36, 4 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_MEMMAP, 1, 0, 9, 36, 4 },
};
static const struct plan two_virt[] = {
	{ TEXT_COLUMN_LANE, PLOT_LANE_VIRT, 0, 0, 10, 36, 4 },
	{ TEXT_COLUMN_MARK, PLOT_LANE_VIRT, 0, 0, 1, 1, 0 },
	{ TEXT_COLUMN_LANE, PLOT_LANE_VIRT, 1, 0, 10, 36, 4 },
};

#define PLAN(rows)                                                                       \
	{                                                                                \
		rows, sizeof(rows) / sizeof((rows)[0])                                   \
	}

static const struct {
	const struct plan *rows;
	size_t count;
} plans[2][PLOT_AXES] = {
	{ PLAN(one_phys), PLAN(one_virt) },
	{ PLAN(two_phys), PLAN(two_virt) },
};

static unsigned int digits(uint64_t value)
{
	unsigned int count = 1;

	while (value >>= 4)
		count++;
	return count;
}

/* "0x", and as many digits as the highest address that is said. */
static unsigned int address_width(const struct plot_axis *axis)
{
	return axis->n_bands ? 2 + digits(axis->bands[axis->n_bands - 1].span.last) : 8;
}

static void share_out(const struct plan *const *rows, unsigned int room,
		      struct text_section *section)
{
	unsigned int shares = 0, least = 0;

	for (size_t i = 0; i < section->n_columns; i++) {
		shares += rows[i]->share;
		least += rows[i]->least + 1;
	}
	room = room > least ? room - least : 0;
	for (size_t i = 0; i < section->n_columns; i++) {
		unsigned int width = rows[i]->least;

		if (rows[i]->share)
			width += room * rows[i]->share / shares;
		section->columns[i].width = width < rows[i]->most ? width : rows[i]->most;
		section->width += section->columns[i].width + 1;
	}
}

/* Tables are rare enough to leave their column out. */
static bool is_empty_column(const struct plot *plot, const struct plan *row)
{
	return row->lane == PLOT_LANE_TABLES &&
	       plot_find_lane(plot, row->lane, row->side)->absent;
}

void text_section_plan(struct plot *plot, const struct efimap_plot_options *options,
		       unsigned int number, unsigned int width,
		       struct text_section *ret_section)
{
	const struct plan *rows[TEXT_MAX_COLUMNS];
	const size_t which = plot->n_sides - 1;
	struct text_section section = { .plot = plot,
					.options = options,
					.axis = &plot->axes[number] };

	if (width < MIN_WIDTH)
		width = MIN_WIDTH;
	section.address_width = address_width(section.axis);
	section.width = section.address_width;
	for (size_t i = 0; i < plans[which][number].count; i++) {
		const struct plan *row = &plans[which][number].rows[i];
		struct text_column *column = &section.columns[section.n_columns];

		if (width < row->from || is_empty_column(plot, row))
			continue;
		column->kind = row->kind;
		column->lane = plot_find_lane(plot, row->lane, row->side);
		column->other = plot_find_lane(plot, row->lane, 1);
		rows[section.n_columns++] = row;
	}
	share_out(rows, width - section.address_width, &section);
	*ret_section = section;
}
