/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_UNREAD_FILES_H
#define RULES_UNREAD_FILES_H

#include "capture/needed_files.h"
#include "rules/machine.h"

struct unseen_effects unite_effects(struct unseen_effects a, struct unseen_effects b);
/* Return the effects of all rules that need a source, or that list a file in the key Reads. */
struct unseen_effects unseen_of_source(enum source source, const struct load_case *load);
struct unseen_effects unseen_of_file(enum needed_file_id file, const struct load_case *load);

#endif
