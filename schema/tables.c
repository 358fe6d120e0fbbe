/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Print the tables of all documents as JSON, for schemas.py. */
#include <stdio.h>

#include <jansson.h>

#include "document/write_document.h"
#include "show/comparison_output.h"
#include "show/received_output.h"
#include "show/dump.h"
#include "show/explain.h"
#include "show/report_output.h"

#define MAX_TABLES 64

static const struct fields *const documents[] = {
	&document_dump,	    &document_report, &document_comparison,
	&document_received, &document_rules,  NULL,
};

struct met {
	const struct fields *tables[MAX_TABLES];
	size_t count;
};

static const struct fields *inner_table(const struct field *field)
{
	return field->kind == FIELD_OBJECT || field->kind == FIELD_INLINE ? field->of : NULL;
}

static void meet(struct met *met, const struct fields *fields)
{
	for (size_t i = 0; i < met->count; i++)
		if (met->tables[i] == fields)
			return;
	met->tables[met->count++] = fields;
	for (size_t i = 0; i < fields->n_rows; i++)
		if (inner_table(&fields->rows[i]))
			meet(met, inner_table(&fields->rows[i]));
}

static const char *kind_name(enum field_kind kind)
{
	static const char *const names[] = {
		[FIELD_HEX] = "hex",	 [FIELD_NUMBER] = "number", [FIELD_BOOL] = "bool",
		[FIELD_TEXT] = "text",	 [FIELD_CHARS] = "chars",   [FIELD_WORD] = "word",
		[FIELD_PAIRS] = "pairs", [FIELD_OBJECT] = "object", [FIELD_INLINE] = "inline",
	};

	return names[kind];
}

static json_t *words_of(const struct field *field)
{
	json_t *words = json_array();

	for (unsigned int i = (unsigned int)field->min; i < field->n_words; i++)
		if (field->word(i))
			json_array_append_new(words, json_string(field->word(i)));
	return words;
}

static json_t *row_of(const struct field *field)
{
	return json_pack(
		"{s:s?,s:s,s:b,s:b,s:b,s:b,s:i,s:i,s:I,s:i,s:i,s:s?,s:o}", "name", field->name,
		"kind", kind_name(field->kind), "list", field->flags & FIELD_LIST, "null",
		field->flags & FIELD_NULL, "minus_one", field->flags & FIELD_MINUS_ONE, "required",
		!(field->flags & FIELD_OMIT), "size", field->size, "min", field->min, "max",
		(json_int_t)field->max, "parts", field->parts, "of_parts", field->of_parts, "of",
		inner_table(field) ? inner_table(field)->name : NULL, "words", words_of(field));
}

static json_t *rows_of(const struct fields *fields)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < fields->n_rows; i++)
		json_array_append_new(rows, row_of(&fields->rows[i]));
	return rows;
}

int main(void)
{
	json_t *names = json_array(), *versions = json_object(), *structs = json_object();
	struct met met = { .count = 0 };

	for (size_t i = 0; documents[i]; i++) {
		meet(&met, documents[i]);
		json_array_append_new(names, json_string(documents[i]->name));
		json_object_set_new(versions, documents[i]->name,
				    json_integer(documents[i]->version ? documents[i]->version
								       : DOCUMENT_VERSION));
	}
	for (size_t i = 0; i < met.count; i++)
		json_object_set_new(structs, met.tables[i]->name, rows_of(met.tables[i]));
	return json_dumpf(json_pack("{s:o,s:o,s:o}", "documents", names, "versions", versions,
				    "structs", structs),
			  stdout, JSON_INDENT(1)) != 0;
}
