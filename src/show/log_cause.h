/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_LOG_CAUSE_H
#define SHOW_LOG_CAUSE_H

#include "rules/error_texts.h"
#include "show/text_style.h"

/**
 * log_cause_write_text() - write the message in a log that shows a cause, its first cause,
 *                                 what to do, and the command that explains all causes
 * @cause: a cause whose member text is not NULL
 */
void log_cause_write_text(const struct log_cause *cause, const struct text_options *options,
			  struct out *out);

#endif
