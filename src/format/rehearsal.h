/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Writing a rehearsal. */
#ifndef FORMAT_REHEARSAL_H
#define FORMAT_REHEARSAL_H

#include "base/output_buffer.h"
#include "format/text.h"
#include "model/rehearsal.h"

/**
 * efimap_rehearsal_write_text() - the answer, what was run, findings, the kernel's words
 *
 * Without headings it is silent on what the run could not have of the machine.
 */
int efimap_rehearsal_write_text(const struct efimap_rehearsal *rehearsal,
				const struct efimap_text_options *options,
				struct efimap_out *out);

/** efimap_rehearsal_write_json() - an efimap-rehearsal document */
int efimap_rehearsal_write_json(const struct efimap_rehearsal *rehearsal,
				struct efimap_out *out);

#endif
