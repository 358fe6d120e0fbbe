/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_FLEET_H
#define SHOW_FLEET_H

#include "answer/answer.h"
#include "rules/report.h"
#include "rules/verify_options.h"
#include "show/text_style.h"

struct fleet_row;

/**
 * struct fleet - the answers of several sources; the caller initialises it with zeros, and calls
 *                fleet_free()
 * @not_asked: EFIMAP_QUESTION_BIT() of each question that is not answered
 * @n_to_list: number of sources that need care
 */
struct fleet {
	uint32_t not_asked;
	size_t n_to_list;
	struct fleet_row *rows;
	size_t n_rows;
	size_t capacity;
	struct arena texts;
};

/**
 * fleet_add() - add the answers of a source
 * @needs_care: a word that counts is not good, or something could not be read
 */
void fleet_add(struct fleet *fleet, const char *source, const struct report *report,
	       bool needs_care);

void fleet_free(struct fleet *fleet);

/**
 * fleet_write_text() - write the numbers of words, and a table of the sources that need care, the
 *                      worst first; with -v, of all sources
 */
void fleet_write_text(struct fleet *fleet, const struct text_options *options, struct out *out);

#endif
