/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_REPORT_OUTPUT_H
#define SHOW_REPORT_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "answer/answer.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "rules/report.h"
#include "show/text_style.h"

/**
 * report_write_forms() - write the forms of the answers, and the form of the map
 *
 * Return: whether the last line should name the command that explains words and rules.
 */
bool report_write_forms(const struct report *report, const struct text_options *options,
			struct out *out);

/** report_text_detail() - write what -v adds: data that was not read, and findings */
void report_text_detail(const struct report *report, const struct text_options *options,
			struct out *out);

/**
 * report_map_form() - return the form of the map: its summary, and the findings that no answer
 *                     states
 * @arena: owns the texts and lines
 *
 * Return: a form without a head if the report says nothing about the map.
 */
struct form report_map_form(const struct report *report, struct arena *arena);

/** report_say_losses() - add the EFIMAP_SHOWN_ANSWER notes to a form */
void report_say_losses(const struct report *report, struct arena *arena, struct form *form);

/**
 * report_form() - return the form of received or compare: the word and the sentence of the verdict,
 *                 and the EFIMAP_SHOWN_ANSWER notes
 * @arena: owns the texts and lines
 */
struct form report_form(const struct report *report, enum verdict verdict, const char *head,
			struct arena *arena);

/**
 * report_write_text() - write the findings, and which command explains their rules
 *
 * A finding is written as "RULE: SEVERITY: MESSAGE". Verbose output also contains the evidence and
 * the outcome of each finding.
 */
void report_write_text(const struct report *report, const struct text_options *options,
		       struct out *out);

#endif
