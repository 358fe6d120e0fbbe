/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_PROGRESS_LINE_H
#define CLI_PROGRESS_LINE_H

#include <stdbool.h>
#include <stddef.h>

void progress_begin(size_t total);
void progress_step(bool has_findings);
/** progress_make_room() - clear the progress line before something is written to @fd */
void progress_make_room(int fd);
void progress_end(void);

#endif
