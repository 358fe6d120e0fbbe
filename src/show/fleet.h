/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_FLEET_H
#define SHOW_FLEET_H

#include "answer/answers.h"
#include "rules/report.h"
#include "show/text_style.h"

struct fleet_row;
struct fleet_form;

/**
 * struct fleet - the answers of several sources; the caller initialises it with zeros, and calls
 *                fleet_free()
 * @booted_by_kexec: number of kernels that were booted by kexec; set by the caller
 */
struct fleet {
	struct fleet_row *rows;
	size_t n_rows;
	size_t capacity;
	struct fleet_form *forms;
	struct arena texts;
	size_t booted_by_kexec;
};

/**
 * fleet_add() - add the answers of a source
 * @source: borrowed
 */
void fleet_add(struct fleet *fleet, const char *source, const struct report *report);

void fleet_free(struct fleet *fleet);

/**
 * fleet_write_text() - write a table with the words of all sources, faults first, the numbers of
 *                      words, and each reason once with its sources
 *
 * If kexec booted the kernel of exactly one of two sources, also write a command that compares the
 * sources.
 */
void fleet_write_text(struct fleet *fleet, const struct text_options *options, struct out *out);

#endif
