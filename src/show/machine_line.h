/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_MACHINE_LINE_H
#define SHOW_MACHINE_LINE_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "show/text_style.h"

/**
 * machine_line_write() - write one line that assigns an answer to a machine
 * @name: host name or name of SOURCE, or NULL
 */
void machine_line_write(const struct efimap *map, const struct report *report, const char *name,
			const struct text_options *options, struct out *out);

/**
 * log_line_write() - if a source is a log, write whether it has the beginning of the boot, and how
 *                    many messages of a fault are in it
 * @source: name of the source, as the user gave it
 */
void log_line_write(const struct efimap *map, const char *source,
		    const struct text_options *options, struct out *out);

#endif
