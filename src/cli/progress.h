/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How far a long run is: one line on the terminal behind standard error. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/** progress_is_possible() - is standard error a terminal that can draw over a line? */
bool progress_is_possible(void);
/**
 * progress_begin() - nothing is drawn yet: most runs are short
 * @total: how many steps there will be, 0 when not known
 */
void progress_begin(size_t total);
/** progress_step() - one more is done; draws the line, unless it was drawn just now */
void progress_step(bool is_bad);
/** progress_make_room() - clear the line away, before anything is written to @fd */
void progress_make_room(int fd);
/** progress_end() - clear it away for good */
void progress_end(void);

#endif
