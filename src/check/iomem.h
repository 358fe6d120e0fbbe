/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the iomem family share. */
#ifndef CHECK_IOMEM_H
#define CHECK_IOMEM_H

#include "check/check.h"
#include "check/reach.h"

/* iomem_evidence() - the line at @position of map->iomem */
void iomem_evidence(struct check *c, size_t position);

/* iomem_forbids_ram() - must no System RAM of iomem share a byte with this entry? */
bool iomem_forbids_ram(const struct efimap_entry *entry);

/* Is a finding to look at this line? */
typedef bool iomem_takes(const struct efimap_resource *line);

/* iomem_lines() - those lines that @takes wants, to be looked up by address; 0 or a
 * negative errno, free with reach_free() */
int iomem_lines(const struct efimap *map, iomem_takes *takes, struct reach *ret_lines);

/* The parts of the family that have files of their own. */
void iomem_labels(struct check *c);
void iomem_ranges(struct check *c);

#endif
