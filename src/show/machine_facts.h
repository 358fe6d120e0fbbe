/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_MACHINE_FACTS_H
#define SHOW_MACHINE_FACTS_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "show/text_style.h"

/**
 * machine_facts_write() - write facts about the firmware, the kernel, the map and kexec
 * @width:  number of columns at which lines are wrapped; 0 for no wrapping
 *
 * There are at most nine facts, each on its own line. If the capture does not show some of these
 * facts, the last line lists their names.
 */
void machine_facts_write(const struct efimap *map, unsigned int width, struct out *out);

/** machine_fact_write() - write a fact with its name, in the format of machine_facts_write() */
void machine_fact_write(const char *name, const char *value, unsigned int width, struct out *out);

/**
 * machine_line_write() - write one line that assigns an answer to a machine
 * @name: host name or name of SOURCE, or NULL
 */
void machine_line_write(const struct efimap *map, const struct report *report, const char *name,
			const struct text_options *options, struct out *out);

#endif
