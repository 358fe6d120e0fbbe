/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_RECEIVED_OUTPUT_H
#define SHOW_RECEIVED_OUTPUT_H

#include "base/output_buffer.h"
#include "compare/received.h"
#include "show/text_style.h"

void received_write_text(const struct received *received, const struct text_options *options,
			 struct out *out);

#endif
