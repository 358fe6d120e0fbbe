/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Configuration tables that the next kernel reads again, as the kernel log has them. */
#ifndef CHECK_TABLE_H
#define CHECK_TABLE_H

#include <string.h>

#include "check/engine.h"
#include "model/kexec.h"

/* struct table - what the log calls it, and what a reader does */
struct table {
	const char *log_name;
	const char *name;
};

/* Only these, so that the work does not grow with what a log holds; the last is empty. */
extern const struct table check_tables[];

static inline bool table_is(const struct table *table, const char *log_name)
{
	return strcmp(table->log_name, log_name) == 0;
}

/* table_find() - where the log says that it lies */
bool table_find(const struct efimap *map, const struct table *table, uint64_t *ret_address);
/* table_find_ram() - the range of memmap, if kexec takes what lies there for free memory */
const struct efimap_range *table_find_ram(const struct check *c, uint64_t address);
/*
 * memmap_rule_of_type() - the rule that says of entries of this type that they must not lie in
 * System RAM (memmap.c); EFIMAP_RULE_COUNT for none
 */
enum efimap_rule_id memmap_rule_of_type(const struct efimap_entry *entry);
/* table_is_read() - does it look at this one? */
bool table_is_read(const struct check *c, const struct table *table);
/* table_depends_on_next() - does that depend on its release? */
bool table_depends_on_next(const struct check *c, const struct table *table);


/* And where kexec loads to, as --kexec-log has it */

/* kexec_names_hits() - are segments known, and does segment-collision say what they hit? */
bool kexec_names_hits(const struct check *c);
/* kexec_find_segment() - the first that shares a byte, or EFIMAP_NO_SEGMENT */
size_t kexec_find_segment(const struct check *c, struct efimap_span span);
/* kexec_say_segment() - {segment}, {segment-start}, {segment-end} */
void kexec_say_segment(const struct check *c, struct say *say, size_t segment);

#endif
