/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef DOCUMENT_WRITE_DOCUMENT_H
#define DOCUMENT_WRITE_DOCUMENT_H

#include "base/output_buffer.h"
#include "document/field_tables.h"

/* Version of all documents except those whose table has another one. */
#define DOCUMENT_VERSION 1

/*
 * Write a document. Errors are kept in @out.
 *
 * @document: its table
 * @compact:  write a single line
 * @members:  comma-separated list of the members to write from tables with fields.is_selectable;
 *            NULL to write all members
 * @record:   the struct that the table describes
 */
void document_write(const struct fields *document, const char *source, bool compact,
		    const char *members, const void *record, struct out *out);

/*
 * Write the value of a member as text, without quotation marks. @name ends at its first comma. If
 * the value is a list, write commas between its elements. Write "?" for a list that is null, and
 * nothing for any other value that is null or omitted. Return whether the table has the member.
 */
bool document_put_text(const struct fields *fields, const char *name, const void *record,
		       struct out *out);

#endif
