/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Show the progress of a long run in a line on the terminal. */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>

/** progress_begin() - Start a run of @total steps, without drawing the line yet */
void progress_begin(size_t total);
/** progress_step() - Count a step, and draw the line unless it was drawn recently */
void progress_step(bool is_bad);
/** progress_make_room() - Clear the line before something is written to @fd */
void progress_make_room(int fd);
/** progress_end() - Clear the line for the last time */
void progress_end(void);

#endif
