/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the memmap family share. */
#ifndef CHECK_MEMMAP_H
#define CHECK_MEMMAP_H

#include <stdint.h>

#include "check/check.h"
#include "check/reach.h"

/* Takes a range, by its label. */
typedef bool memmap_takes(const char *label);

/* memmap_find() - the ranges that @takes takes, all sound ones if it is NULL; 0 or -ENOMEM */
int memmap_find(const struct efimap *map, memmap_takes *takes, struct reach *ret_ranges);
/* memmap_ram() - the ranges that kexec-tools takes for free memory; 0 or -ENOMEM */
int memmap_ram(const struct efimap *map, struct reach *ret_ram);

/* memmap_evidence() - start, end and type of the range at @position */
void memmap_evidence(struct check *c, uint32_t position);

/* memmap_rule_of() - what forbids this entry to lie in RAM, EFIMAP_RULE_COUNT for nothing */
enum efimap_rule_id memmap_rule_of(const struct efimap_entry *entry);

/* The parts of the family that have files of their own. */
void memmap_ranges(struct check *c);
void memmap_shape(struct check *c);
void memmap_labels(struct check *c);
void memmap_holes(struct check *c);
void memmap_tables(struct check *c, struct reach *ram);

#endif
