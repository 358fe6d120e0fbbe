/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One SOURCE of verify, apart from the command line that names it. */
#ifndef CLI_VERIFY_H
#define CLI_VERIFY_H

#include <stdbool.h>

#include "base/out.h"
#include "check/verify.h"
#include "cli/baseline.h"
#include "cli/cli.h"
#include "cli/nagios.h"
#include "format/summary.h"

/**
 * struct verify - how to judge each SOURCE, and how to say what came of it
 * @common:  the options that every command takes
 * @options: how to judge
 * @json:    a document, not text
 * @if_efi:  no EFI is no failure
 * @many:    one of several: it is named, its document is one line, and notes are only
 *           counted unless they are asked for
 * @baseline: findings that are known and accepted
 * @nagios:  answer as a plugin for Nagios; NULL: do not
 */
struct verify {
	struct common common;
	struct efimap_verify_options options;
	bool json;
	bool if_efi;
	bool many;
	struct baseline *baseline;
	struct nagios *nagios;
};

/**
 * struct outcome - what came of one SOURCE, for a run over many
 * @status:  exit status
 * @verdict: of its report
 * @seen:    the rules that spoke
 *
 * It travels between processes, so it points nowhere.
 */
struct outcome {
	enum status status;
	enum efimap_verdict verdict;
	struct efimap_seen seen;
};

/** verify_shows_notes() - are notes told, or only counted? */
bool verify_shows_notes(const struct verify *verify);

/**
 * verify_source() - judge one SOURCE and write its report
 * @out: standard output; flushed, its error says when there is no point in going on
 */
void verify_source(const struct verify *verify, const char *source, struct efimap_out *out,
		   struct outcome *ret_outcome);

/** verify_lost() - the report on a SOURCE that nobody has judged, and @why */
void verify_lost(const struct verify *verify, const char *source, const char *why,
		 struct efimap_out *out, struct outcome *ret_outcome);

#endif
