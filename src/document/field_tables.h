/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the fields of the structs that documents hold
 *
 * One table for each struct says which members a JSON document has of it, in their order,
 * and how each is spelt. The writer of documents (src/document/json_writer.c), the reader of
 * snapshots and baselines (src/input/json/json_values.c) and the schemas (schema/) follow it:
 * whoever wants a member more adds a row. Tables of what only one document shows lie beside
 * its writer (src/show).
 */
#ifndef DOCUMENT_FIELD_TABLES_H
#define DOCUMENT_FIELD_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

/**
 * enum field_kind - what a member is
 * @FIELD_HEX:    "0x1f000": an address, a mask, a size in memory, a number of pages
 * @FIELD_NUMBER: an index, a count
 * @FIELD_BOOL:   true or false
 * @FIELD_TEXT:   a pointer to a text
 * @FIELD_CHARS:  a text in an array of its own, terminated
 * @FIELD_WORD:   an enum, by name
 * @FIELD_BYTES:  bytes, two digits each
 * @FIELD_PAIRS:  addresses by name: &struct efimap_named_address
 * @FIELD_OBJECT: a struct with a table of its own
 * @FIELD_INLINE: the same, whose members stand among those of the struct that holds it
 */
enum field_kind {
	FIELD_HEX,
	FIELD_NUMBER,
	FIELD_BOOL,
	FIELD_TEXT,
	FIELD_CHARS,
	FIELD_WORD,
	FIELD_BYTES,
	FIELD_PAIRS,
	FIELD_OBJECT,
	FIELD_INLINE,
};

/**
 * enum field_flag - how and when a member is there
 * @FIELD_LIST:    it is an array of these
 * @FIELD_POINTER: of OBJECT and INLINE: the struct holds a pointer to it
 * @FIELD_NULL:    where its value is none (an empty text, the number @none) it is null
 * @FIELD_OMIT:    there it is left out
 * @FIELD_LATER:   documents of earlier versions of the tool lack it
 * @FIELD_LENIENT: a document of another tool is read without it
 * @FIELD_MINUS_ONE: a NUMBER can be -1, too
 */
enum field_flag {
	FIELD_LIST = 1,
	FIELD_POINTER = 2,
	FIELD_NULL = 4,
	FIELD_OMIT = 8,
	FIELD_LATER = 16,
	FIELD_LENIENT = 32,
	FIELD_MINUS_ONE = 64,
};

/**
 * struct field_value - what a field holds
 * @number: HEX, NUMBER, BOOL and WORD; how many BYTES or PAIRS
 * @text:   TEXT and CHARS; NULL is null
 * @record: OBJECT and INLINE; the first of BYTES or PAIRS
 * @room:   where a get function can make a text or a record
 * @place:  where it can note how far it is in a list; 0 before the first element
 * @error:  a negative errno, where there is no value because of that
 */
struct field_value {
	uint64_t number;
	const char *text;
	const void *record;
	union {
		char text[80];
		const void *pointers[10];
	} room;
	uint64_t place[2];
	int error;
};
#define FIELD_VALUE_INIT { .number = 0 }

/** FIELD_WHOLE - asked as @at of a list with NULL or OMIT: is it there at all? */
#define FIELD_WHOLE SIZE_MAX

/**
 * field_get_fn - find out what a struct does not hold as it is written
 * @at:        of a list: which element, from 0
 * @ret_value: the same for all elements of a list
 *
 * Return: is there a value, or in a list one element more? A member without one is null, or
 * left out with OMIT.
 */
typedef bool field_get_fn(const void *record, size_t at, struct field_value *ret_value);

/** FIELD_NEEDS() - a source as @needs of a field */
#define FIELD_NEEDS(source) (EFIMAP_SRC_##source + 1U)

/* Bytes of a text of which nothing else is said: a line of /proc/iomem, a path, a message */
#define FIELD_MAX_TEXT 4096

/**
 * struct field - one member
 * @about:    what it is: ABOUT()
 * @kind:     how it is spelt
 * @flags:    enum field_flag
 * @offset:   in the struct
 * @size:     there, of a list: of an element; 0 for what no reader takes
 * @count_at: of a list and of PAIRS: offset of how many
 * @parts:    in which parts of its table the row is; 0 for all
 * @of_parts: of OBJECT and INLINE: which parts of @of are meant; 0 for all
 * @needs:    FIELD_NEEDS() of a source without which there is no value; the struct is the
 *            capture then. 0 for none
 * @missing_values:   of an entry: EFIMAP_MISSING_* of a torn one that leave this without a value
 * @n_words:  names of a WORD, of which @word may leave some out (NULL)
 * @min:      the least number, or the first name of a WORD; of a BOOL the number that stands for
 *            false, which is one below that for true
 * @max:      the largest number, or bytes of a text; 0 for what fits, FIELD_MAX_TEXT
 * @none:     the number that stands for no value
 * @of:       table of OBJECT and INLINE
 * @word:     names of a WORD
 * @get:      NULL when what lies at @offset is the value
 */
struct field {
	const char *name;
	const char *about;
	enum field_kind kind;
	uint8_t flags;
	uint8_t needs;
	uint8_t missing_values;
	uint8_t n_words;
	uint8_t min;
	uint16_t offset;
	uint16_t size;
	uint16_t count_at;
	uint16_t parts;
	uint16_t of_parts;
	uint32_t max;
	uint32_t none;
	const struct fields *of;
	const char *(*word)(unsigned int number);
	field_get_fn *get;
};

/*
 * ABOUT() - what a member or a document is, for the schemas: only the program that prints the
 * tables for them is built with it (tests/schema)
 */
#ifdef FIELDS_WITH_ABOUT
#define ABOUT(...) __VA_ARGS__
#else
#define ABOUT(...) NULL
#endif

/**
 * FIELD_GET() - a get function that is one expression on the struct, which it calls row
 * @name:     of the function
 * @type:     of the struct
 * @member:   of the value: number, text or record
 * @is_there: is there one?
 */
#define FIELD_GET(name, type, member, value, is_there)                                     \
	static bool name(const void *record, size_t at, struct field_value *ret_value)     \
	{                                                                                  \
		const type *row = record;                                                  \
                                                                                           \
		if (!(is_there))                                                           \
			return false;                                                      \
		ret_value->member = (value);                                               \
		return true;                                                               \
	}

/* Where a value lies, and where a list and the number of its elements do */
#define FIELD_AT(type, member)                                                             \
	.offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define FIELD_LIST_AT(type, member, count)                                                 \
	.offset = offsetof(type, member), .size = sizeof(*((type *)0)->member),            \
	.count_at = offsetof(type, count)

/* The names of an enum up to @last, as efimap_what_name() has them */
#define WORD(what, last) .word = efimap_##what##_name, .n_words = (last) + 1

/**
 * struct fields - the table of a struct
 * @name:     of the struct, for the schemas
 * @rows:     its members in the order of documents
 * @on_lines: each member stands on a line of its own
 */
struct fields {
	const char *name;
	const struct field *rows;
	size_t n_rows;
	bool on_lines;
};
#define FIELDS(struct_name, its_rows)                                                      \
	.name = struct_name, .rows = its_rows, .n_rows = sizeof(its_rows) / sizeof(its_rows[0])

/*
 * Parts of an entry: what a snapshot keeps; what dump shows; which it is, by place; by type.
 * TORN has no rows: with it null is a value that was not read.
 */
#define ENTRY_KEPT 1
#define ENTRY_SHOWN 2
#define ENTRY_PLACE 4
#define ENTRY_TYPE 8
#define ENTRY_INCOMPLETE 16
/* Parts of a snapshot: the numbers of directories, which are read one by one; all the rest */
#define SNAPSHOT_NAMES 1
#define SNAPSHOT_REST 2
/* Parts of a report; of findings also what the two sides of a comparison say */
#define REPORT_VERDICT 1
#define REPORT_COUNTS 2
#define REPORT_FINDINGS 4
#define REPORT_SIDES 8
#define REPORT_SKIPPED 16
#define REPORT_ACCEPTED 32
#define REPORT_ANSWER 64
#define REPORT_LOADS 128
/* Parts of a finding */
#define FINDING_ALONE 1
#define FINDING_SIDES 2

/** efimap_field_is_in() - is the row in one of these parts of its table? */
static inline bool efimap_field_is_in(const struct field *field, unsigned int parts)
{
	return !field->parts || !parts || field->parts & parts;
}

/**
 * efimap_field_load() - the value of a field
 * @at:        of a list: which element, from 0; 0 otherwise
 * @ret_value: FIELD_VALUE_INIT before the first call
 *
 * Return: as field_get_fn.
 */
bool efimap_field_load(const struct field *field, const void *record, size_t at,
		       struct field_value *ret_value);
/** efimap_field_has_list() - or is a list that can be left out, or null, not there at all? */
bool efimap_field_has_list(const struct field *field, const void *record);

/** efimap_field_store() - put a number at its place */
void efimap_field_store(const struct field *field, void *at, uint64_t number);
/** efimap_field_max() - the largest number that it holds, or bytes of a text */
uint64_t efimap_field_max(const struct field *field);
/** efimap_field_is_missing() - has its source not been read? */
bool efimap_field_is_missing(const struct field *field, const void *record);
/** efimap_field_source() - the name of its source, of one that needs any */
const char *efimap_field_source(const struct field *field);
/** efimap_field_can_miss() - is a document read that lacks it? */
bool efimap_field_can_miss(const struct field *field, const void *record);
/** efimap_severity_word() - efimap_severity_name(), which the library has, as WORD takes it */
const char *efimap_severity_word(unsigned int severity);
/** efimap_fields_find() - the row of a name, or NULL */
const struct field *efimap_fields_find(const struct fields *fields, const char *name);

extern const struct fields efimap_accepted_fields;
extern const struct fields efimap_baseline_fields;
extern const struct fields efimap_kernel_message_fields;
extern const struct fields efimap_efi_info_fields;
extern const struct fields efimap_efi_payload_fields;
/** efimap_boot_params_fields - of a &struct efimap */
extern const struct fields efimap_boot_params_fields;
extern const struct fields efimap_entry_fields;
extern const struct fields efimap_fault_fields;
extern const struct fields efimap_installed_kernel_fields;
extern const struct fields efimap_kernel_fields;
extern const struct fields efimap_kexec_state_fields;
extern const struct fields efimap_machine_fields;
extern const struct fields efimap_match_fields;
extern const struct fields efimap_range_fields;
extern const struct fields efimap_report_fields;
extern const struct fields efimap_resource_fields;
extern const struct fields efimap_scratch_fields;
extern const struct fields efimap_setup_node_fields;
extern const struct fields efimap_snapshot_fields;
extern const struct fields efimap_states_fields;

#endif
