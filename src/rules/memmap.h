/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_MEMMAP_H
#define RULES_MEMMAP_H

#include "capture/entry.h"
#include "rules/rule_ids.h"

/*
 * Maximum number of ranges in boot_params (arch/x86/include/uapi/asm/bootparam.h:
 * E820_MAX_ENTRIES_ZEROPAGE).
 */
#define BOOT_PARAMS_RANGES 128

/*
 * Return the rule that reports @entry if the entry is in System RAM, or EFIMAP_RULE_COUNT if no
 * rule does.
 */
enum efimap_rule_id memmap_rule_of_type(const struct efimap_entry *entry);

#endif
