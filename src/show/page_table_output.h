/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef SHOW_PAGE_TABLE_OUTPUT_H
#define SHOW_PAGE_TABLE_OUTPUT_H

#include "base/output_buffer.h"
#include "document/field_tables.h"
#include "linux/page_table.h"
#include "show/dump_columns.h"

/**
 * pagetable_write_text() - write the ranges of a page table
 *
 * The notation is that of /sys/kernel/debug/page_tables/efi, with the physical address at the end.
 * Unless headings are disabled, also write the number of tables and pages, and the mappings that
 * were skipped.
 */
void pagetable_write_text(const struct efi_page_table *table, const struct dump_options *options,
			  struct out *out);

/** pagetable_fields - the members of a &struct efi_page_table in JSON */
extern const struct fields pagetable_fields;

#endif
