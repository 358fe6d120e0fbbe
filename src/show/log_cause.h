/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_LOG_CAUSE_H
#define SHOW_LOG_CAUSE_H

#include "rules/error_texts.h"
#include "show/text_style.h"

/**
 * efimap_log_cause_write_text() - write the message in a log that shows a cause, its first cause,
 *                                 what to do, and the command that explains all causes
 * @cause: a cause whose member text is not NULL
 */
void efimap_log_cause_write_text(const struct efimap_log_cause *cause,
				 const struct efimap_text_options *options, struct efimap_out *out);

#endif
