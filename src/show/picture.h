/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: pictures
 *
 * A picture shows memory from top to bottom in ascending order of physical addresses. Each lane
 * shows one source: the runtime map, memory, the configuration tables, or the computed segments of
 * an answer. The text above the picture contains the errors that name an entry or a segment. All
 * positions are in lines and columns of text, even for SVG, so that no label is truncated and no
 * two labels overlap.
 *
 * An invalid map is not an error. The notes below the picture list everything that is not drawn.
 */
#ifndef SHOW_PICTURE_H
#define SHOW_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/address_span.h"
#include "base/alloc.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"

/** enum picture_kind - the contents of a span, which determine its colour */
enum picture_kind {
	PICTURE_RAM,
	PICTURE_CODE,
	PICTURE_DATA,
	PICTURE_MMIO,
	PICTURE_BOOT,
	PICTURE_ACPI,
	PICTURE_RESERVED,
	PICTURE_KERNEL,
	PICTURE_CRASH,
	PICTURE_SEGMENT,
	PICTURE_OTHER,
};

/**
 * struct picture_span - a range of addresses in a lane
 * @span:     the range; for a table, only the first address is known
 * @order:    position in the lane's source, by which spans with the same range are sorted
 * @label:    printable ASCII
 * @is_table: the end of the range is unknown
 * @is_fault: an error of an answer names the range
 */
struct picture_span {
	struct span span;
	size_t order;
	enum picture_kind kind;
	const char *label;
	bool is_table;
	bool is_fault;
};

/**
 * struct picture_cell - a box: the rows of a lane that show the same span
 */
struct picture_cell {
	const struct picture_span *span;
	size_t first_row;
	size_t last_row;
	const char *text;
	bool is_overlap;
	bool is_fault;
};

/**
 * struct picture_lane - the spans of one source
 * @least: the lane is not drawn in fewer columns
 * @most:  number of columns that the longest label needs, with the border
 * @at:    first column
 * @width: number of columns, including one for the border; 0 if the lane is not drawn
 */
struct picture_lane {
	const char *heading;
	unsigned int least;
	unsigned int most;
	bool marks_overlaps;
	struct picture_span *spans;
	size_t n_spans;
	size_t capacity;
	struct picture_cell *cells;
	size_t n_cells;
	size_t cells_capacity;
	unsigned int at;
	unsigned int width;
};

/**
 * struct picture_row - the addresses between two neighbouring edges of spans
 * @is_covered: at least one span covers the row
 * @at:         first line
 */
struct picture_row {
	struct span span;
	bool is_covered;
	unsigned int at;
	unsigned int lines;
};

#define PICTURE_LANES 5

/**
 * struct picture - a picture; zero-initialise it, and free it with picture_free()
 * @address_width: number of columns of the addresses
 * @has_ranges:    the exact place of at least one segment is unknown
 * @answers:       positions of the answers whose errors are drawn, as in &struct finding
 * @head:          text above the picture, in which each line is a paragraph
 * @left:          what is not drawn, as a list
 * @notes:         text below the picture, in which each line is a paragraph
 */
struct picture {
	struct picture_lane lanes[PICTURE_LANES];
	const struct report *report;
	struct picture_row *rows;
	size_t n_rows;
	unsigned int address_width;
	unsigned int width;
	unsigned int lines;
	bool has_ranges;
	uint64_t answers;
	struct out head;
	struct out left;
	struct out notes;
	struct arena arena;
};

/**
 * picture_make() - compute a picture
 * @report: verify's report on @map
 * @width:  maximum number of columns; a picture of few lanes is narrower
 * @to_scale: also begin a row at each end of a range, and draw a row with one more line for each
 *          factor of 64 in the size of its range
 */
void picture_make(const struct efimap *map, const struct report *report, unsigned int width,
		  bool to_scale, struct picture *picture);
void picture_free(struct picture *picture);
#define picture_auto auto_cleanup(picture_free)

/**
 * picture_line() - return the length of the first line of a text that is wrapped at @width columns
 * @ret_next: the text after that line, or NULL if there is none
 */
size_t picture_line(const char *text, size_t width, const char **ret_next);

#endif
