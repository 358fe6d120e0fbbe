/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_RECEIVED_H
#define SHOW_RECEIVED_H

#include "base/output_buffer.h"
#include "compare/received.h"
#include "show/text_style.h"

void efimap_received_write_text(const struct efimap_received *received,
				const struct efimap_text_options *options, struct efimap_out *out);

/** document_received - the document of a &struct efimap_received */
extern const struct fields document_received;

#endif
