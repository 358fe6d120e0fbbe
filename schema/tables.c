/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Print the tables of all documents as JSON, for schemas.py. */
#include <unistd.h>

#include "base/output_buffer.h"
#include "document/json_writer.h"
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

static void put_words(struct json *json, const struct field *field)
{
	json_open(json, '[', "words", true);
	for (unsigned int i = (unsigned int)field->min; i < field->n_words; i++)
		if (field->word(i))
			json_put_text(json, NULL, field->word(i));
	json_close(json);
}

static void put_row(struct json *json, const struct field *field)
{
	json_open(json, '{', NULL, true);
	json_put_text(json, "name", field->name);
	json_put_text(json, "kind", kind_name(field->kind));
	json_put_bool(json, "list", field->flags & FIELD_LIST);
	json_put_bool(json, "null", field->flags & FIELD_NULL);
	json_put_bool(json, "minus_one", field->flags & FIELD_MINUS_ONE);
	json_put_bool(json, "required", !(field->flags & FIELD_OMIT));
	json_put_count(json, "size", field->size);
	json_put_count(json, "min", field->min);
	json_put_count(json, "max", field->max);
	json_put_count(json, "parts", field->parts);
	json_put_count(json, "of_parts", field->of_parts);
	json_put_text(json, "of", inner_table(field) ? inner_table(field)->name : NULL);
	put_words(json, field);
	json_close(json);
}

int main(void)
{
	struct out out auto_out = EFIMAP_OUT_FD(STDOUT_FILENO);
	struct met met = { .count = 0 };
	struct json json;

	json_begin(&json, "tables", DOCUMENT_VERSION, "document/field_tables.c", false, &out);
	json_open(&json, '[', "documents", true);
	for (size_t i = 0; documents[i]; i++) {
		meet(&met, documents[i]);
		json_put_text(&json, NULL, documents[i]->name);
	}
	json_close(&json);
	json_open(&json, '{', "versions", true);
	for (size_t i = 0; documents[i]; i++)
		json_put_count(&json, documents[i]->name,
			       documents[i]->version ? documents[i]->version : DOCUMENT_VERSION);
	json_close(&json);
	json_open(&json, '{', "structs", false);
	for (size_t i = 0; i < met.count; i++) {
		json_open(&json, '[', met.tables[i]->name, false);
		for (size_t row = 0; row < met.tables[i]->n_rows; row++)
			put_row(&json, &met.tables[i]->rows[row]);
		json_close(&json);
	}
	json_close(&json);
	json_end(&json);
	return out_flush(&out) != 0;
}
