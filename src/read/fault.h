/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: from what happened to what the capture says
 *
 * The one place that turns an errno or a parser's problem into a state and a fault.
 */
#ifndef READ_FAULT_H
#define READ_FAULT_H

#include "model/capture.h"
#include "read/parse.h"

struct efimap_place {
	enum efimap_source source;
	uint32_t index;
	const char *where;
};

/** efimap_errno_is_fatal() - no fault of the file: out of memory or of descriptors */
bool efimap_errno_is_fatal(int ret);

/** efimap_fault_errno() - note that a file could not be read */
int efimap_fault_errno(struct efimap *map, const struct efimap_place *place, int ret);

int efimap_fault_problem(struct efimap *map, const struct efimap_place *place,
			 const struct efimap_problem *problem);

/**
 * efimap_source_unread() - set the state of a source whose file could not be read
 *
 * Absent and denied are states without a fault; everything else is broken, with one.
 */
int efimap_source_unread(struct efimap *map, enum efimap_source source, const char *where,
			 int ret);

int efimap_source_broken(struct efimap *map, enum efimap_source source, const char *where,
			 const struct efimap_problem *problem);

/** EFIMAP_WHERE_SIZE - enough for the place of an error; a longer one is cut */
#define EFIMAP_WHERE_SIZE 512
/** efimap_source_where() - for an error about the whole capture: what lies at @path in it */
void efimap_source_where(const struct efimap *map, const char *path,
			 char where[EFIMAP_WHERE_SIZE]);

#endif
