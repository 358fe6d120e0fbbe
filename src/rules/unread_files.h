/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_UNREAD_FILES_H
#define RULES_UNREAD_FILES_H

#include "capture/needed_files.h"
#include "rules/machine.h"

/* Return whether a rule of verify reads a file, or needs the source of the file. */
bool rule_reads(enum rule_id rule, enum needed_file_id file);

/* Return OUTCOME_BIT() of each effect that rules which read a file may have for a load. */
uint32_t outcomes_of_file(enum needed_file_id file, const struct load_case *load);

/* Return whether a boot loader entry exists and could not be read. */
bool is_boot_entry_unreadable(const struct machine *machine, const struct load_case *load);

/* Return whether the record of the load of the crash kernel exists and could not be read. */
bool is_record_unreadable(const struct machine *machine, const struct load_case *load);

#endif
