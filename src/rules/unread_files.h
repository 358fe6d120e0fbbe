/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_UNREAD_FILES_H
#define RULES_UNREAD_FILES_H

#include "rules/machine.h"

/* Return whether a boot loader entry exists and could not be read. */
bool is_boot_entry_unreadable(const struct machine *machine, const struct load_case *load);

/* Return whether the record of the load of the crash kernel exists and could not be read. */
bool is_record_unreadable(const struct machine *machine, const struct load_case *load);

#endif
