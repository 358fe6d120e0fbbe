/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line on the terminal that shows how far a long run is. */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>

/** progress_begin() - a long run of @total steps. Nothing is drawn yet */
void progress_begin(size_t total);
/** progress_step() - one of them is done; draws the line, unless it was drawn just now */
void progress_step(bool is_bad);
/** progress_make_room() - clear the line away, before anything is written to @fd */
void progress_make_room(int fd);
/** progress_end() - clear it away for good */
void progress_end(void);

#endif
