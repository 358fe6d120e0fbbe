/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of JSON documents, and what their writers share. */
#ifndef FORMAT_DOCUMENTS_H
#define FORMAT_DOCUMENTS_H

#include "emulate/translate.h"
#include "format/json.h"

/** documents - each kind; ends with NULL */
extern const struct document *const documents[];

/** document_snapshot - see snapshot.c */
extern const struct document document_snapshot;
/* Those of what emulation says; translations are written address by address. */
extern const struct document document_decoded;
extern const struct document document_pagetable;
extern const struct document document_prediction;
extern const struct document document_translation;

/** SOURCE_NAMED - what most of them say of their source */
#define SOURCE_NAMED "SOURCE as it was named; / is the running system"

/**
 * document_set_record() - a record of a list that lies nowhere as such
 *
 * It lives until the next one is asked for.
 */
void document_set_record(struct field_value *ret_value, const void *record, size_t size);

/** dump_entry_fields - an entry of a dump, and of a decoded map */
extern const struct fields dump_entry_fields;
struct dump_view;
/** dump_get_entry() - the entry at @at as a record of those; false after the last */
bool dump_get_entry(const struct dump_view *view, size_t at, struct field_value *ret_value);

/**
 * struct translated - an address in it
 * @map:     the capture
 * @address: as it was given
 * @to_virt: the answer for it as a physical address
 * @to_phys: the answer for it as a virtual one
 */
struct translated {
	const struct efimap *map;
	uint64_t address;
	const struct efimap_answer *to_virt;
	const struct efimap_answer *to_phys;
};
extern const struct fields translated_fields;

#endif
