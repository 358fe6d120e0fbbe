/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Functions of the memmap rules that other rules use. */
#ifndef RULES_MEMMAP_H
#define RULES_MEMMAP_H

#include "capture/entry.h"
#include "rules/rule_ids.h"

/*
 * memmap_rule_of_type() - return the rule that reports entries of this type in System RAM
 * (memmap.c), or EFIMAP_RULE_COUNT
 */
enum efimap_rule_id memmap_rule_of_type(const struct efimap_entry *entry);

#endif
