/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the two files share that read a baseline. */
#ifndef READ_SNAPSHOT_BASELINE_H
#define READ_SNAPSHOT_BASELINE_H

#include <stddef.h>

#include "model/baseline.h"
#include "read/snapshot/document.h"

/* of each text in the document */
#define BASELINE_MAX_TEXT 4096U

/**
 * efimap_baseline_members() - no others than @names in the object @node?
 *
 * A misspelt member would accept more than was meant.
 */
int efimap_baseline_members(const struct efimap_node *node, const char *const *names,
			    size_t count);

#define BASELINE_MEMBERS(node, names)                                                      \
	efimap_baseline_members(node, names, sizeof(names) / sizeof((names)[0]))

/** efimap_baseline_text() - a text of the arena; untouched when it is missing or null */
int efimap_baseline_text(const struct efimap_node *parent, const char *key,
			 struct efimap_baseline *baseline, const char **ret_text);
/** efimap_baseline_row() - add an accepted finding */
int efimap_baseline_row(const struct efimap_node *record, struct efimap_baseline *baseline,
			struct efimap_machine *machine);

#endif
