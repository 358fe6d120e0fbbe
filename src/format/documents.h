/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of JSON documents, and what their writers share. */
#ifndef FORMAT_DOCUMENTS_H
#define FORMAT_DOCUMENTS_H

#include "format/json.h"
#include "model/capture.h"

/** documents - each kind; ends with NULL */
extern const struct document *const documents[];

extern const struct document document_comparison;
extern const struct document document_decoded;
extern const struct document document_dump;
extern const struct document document_handover;
extern const struct document document_pagetable;
extern const struct document document_prediction;
extern const struct document document_rehearsal;
extern const struct document document_rules;
extern const struct document document_report;
extern const struct document document_snapshot;
extern const struct document document_translation;

/* What several of them say: of their source, and of a loader */
#define SOURCE_NAMED "SOURCE as it was named; / is the running system"
#define LOADER_ABOUT "who handed over, as far as the marks of the loaders tell; none: nobody"

/* The names of an enum up to @last, of which FIELD_WORDS() was said */
#define WORD(what, last) .word = what##_word, .n_words = (last) + 1

/**
 * document_set_record() - a record of a list that lies nowhere as such
 *
 * It lives until the next one is asked for.
 */
void document_set_record(struct field_value *ret_value, const void *record, size_t size);

/** document_call() - the system call of a loader, or NULL */
const char *document_call(enum efimap_loaded_by loaded_by);

/** dump_entry_fields - an entry of a dump, and of a decoded map */
extern const struct fields dump_entry_fields;
/** dump_get_entry() - that at @at of a &struct dump_view as a record; false after the last */
bool dump_get_entry(const void *record, size_t at, struct field_value *ret_value);

#endif
