/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Which entries must not lie in what memmap calls System RAM. */
#ifndef CHECK_MEMMAP_H
#define CHECK_MEMMAP_H

#include "model/entry.h"
#include "model/rule.h"

/* memmap_rule_of_type() - the rule that says so of this type; EFIMAP_RULE_COUNT for none */
enum efimap_rule_id memmap_rule_of_type(const struct efimap_entry *entry);

#endif
