/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_FLEET_H
#define SHOW_FLEET_H

#include "answer/answers.h"
#include "rules/report.h"
#include "show/text_style.h"

struct fleet_row;

/**
 * struct fleet - the answers of several sources; the caller initialises it with zeros, and calls
 *                fleet_free()
 */
struct fleet {
	struct fleet_row *rows;
	size_t n_rows;
	size_t capacity;
	struct arena texts;
};

/**
 * fleet_add() - add the answers of a source
 * @source: borrowed
 */
void fleet_add(struct fleet *fleet, const char *source, const struct report *report);

void fleet_free(struct fleet *fleet);

/**
 * fleet_write_text() - write the numbers of words, and a table with the words of all sources,
 *                      faults first
 */
void fleet_write_text(struct fleet *fleet, const struct text_options *options, struct out *out);

#endif
