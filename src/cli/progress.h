/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a long run is: one line on the terminal behind standard error. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct progress - what the line shows, and when it was last drawn
 * @is_on:    there is a terminal to draw on
 * @is_drawn: the line is there now
 * @is_due:   it is not there, or no longer true
 * @began:    milliseconds of a clock that is never set
 * @drawn:    likewise, of the last drawing
 * @total:    how many there will be, 0 when not known
 * @done:     how many are done
 * @bad:      how many of these have status other than 0
 */
struct progress {
	bool is_on;
	bool is_drawn;
	bool is_due;
	uint64_t began;
	uint64_t drawn;
	size_t total;
	size_t done;
	size_t bad;
};

/** progress_is_possible() - is standard error a terminal that can draw over a line? */
bool progress_is_possible(void);
/** progress_begin() - nothing is drawn yet: most runs are short */
void progress_begin(struct progress *progress, bool is_on, size_t total);
/** progress_step() - one more is done */
void progress_step(struct progress *progress, bool is_bad);
/** progress_pause() - milliseconds until it may be drawn again; 0: now, or never */
int progress_pause(const struct progress *progress);
/** progress_draw() - draw what is due, unless it is too early for that */
void progress_draw(struct progress *progress);
/** progress_hide() - clear the line: before any other output, and at the end */
void progress_hide(struct progress *progress);

#endif
