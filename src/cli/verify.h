/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One SOURCE of verify, apart from the command line that names it. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include <stdbool.h>

#include <efimap/out.h>
#include <efimap/verify.h>

#include "cli.h"

/**
 * struct verify - how to judge each SOURCE, and how to say what came of it
 * @common:  the options that every command takes
 * @options: how to judge
 * @json:    a document, not text
 * @if_efi:  no EFI is no failure
 * @many:    one of several: it is named, and its document is one line
 */
struct verify {
	struct common common;
	struct efimap_verify_options options;
	bool json;
	bool if_efi;
	bool many;
};

/**
 * verify_source() - judge one SOURCE and write its report
 * @out: standard output; flushed, its error says when there is no point in going on
 */
enum status verify_source(const struct verify *verify, const char *source,
			  struct efimap_out *out);

#endif
