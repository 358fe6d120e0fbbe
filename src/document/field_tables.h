/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables of the structs that documents contain. Each table lists the members of a struct in
 * a JSON document, in order, with their formats. The writer of documents
 * (src/document/json_writer.c), the reader of snapshots and baselines
 * (src/input/json/json_values.c) and the schemas (schema/) use these tables, so a new
 * member needs only a row. Tables of structs that only one document contains are next to
 * its writer (src/show).
 */
#ifndef DOCUMENT_FIELD_TABLES_H
#define DOCUMENT_FIELD_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

/*
 * The format of a member.
 *
 * @FIELD_HEX:    "0x1f000", for addresses, masks, sizes in memory and numbers of pages
 * @FIELD_NUMBER: a number, for indices and counts
 * @FIELD_BOOL:   true or false
 * @FIELD_TEXT:   a string, from a pointer
 * @FIELD_CHARS:  a string, from a terminated array in the struct
 * @FIELD_WORD:   the name of an enum value
 * @FIELD_BYTES:  bytes as pairs of hexadecimal digits
 * @FIELD_PAIRS:  an object with addresses by name, from struct efimap_named_address
 * @FIELD_OBJECT: an object, from a struct with its own table
 * @FIELD_INLINE: the members of such an object, placed among those of the outer object
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

/*
 * Properties of a member.
 *
 * @FIELD_LIST:    the member is an array
 * @FIELD_POINTER: for OBJECT and INLINE: the struct contains a pointer to the inner struct
 * @FIELD_NULL:    the member is null if there is no value, which means that the text is empty or
 *                 the number is @none
 * @FIELD_OMIT:    the member is omitted if there is no value
 * @FIELD_LATER:   documents of earlier versions of the tool do not have the member
 * @FIELD_LENIENT: documents are read even if the member is missing
 * @FIELD_MINUS_ONE: a NUMBER may also be -1
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

/*
 * The value of a field.
 *
 * @number: value of HEX, NUMBER, BOOL and WORD; number of elements of BYTES or PAIRS
 * @text:   value of TEXT and CHARS; NULL is written as null
 * @record: value of OBJECT and INLINE; first element of BYTES or PAIRS
 * @room:   buffer in which a get function can create a text or a struct
 * @place:  state of a get function between the elements of a list, initially 0
 * @error:  a negative errno if there is no value because of an error
 */
struct field_value {
	uint64_t number;
	const char *text;
	const void *record;
	union {
		char text[80];
		const void *pointers[10];
	} room;
	uint64_t place;
	int error;
};
#define FIELD_VALUE_INIT { .number = 0 }

/*
 * The value of @at with which a get function returns whether a list with FIELD_NULL or FIELD_OMIT
 * exists.
 */
#define FIELD_WHOLE SIZE_MAX

/*
 * Compute a value that the struct does not contain in its final form.
 *
 * @at:        index of the element if the field is a list, or FIELD_WHOLE
 * @ret_value: the same object for all elements of a list
 *
 * Return whether there is a value or, for a list, an element with the index @at. A member
 * without a value is null, or it is omitted with FIELD_OMIT.
 */
typedef bool field_get_fn(const void *record, size_t at, struct field_value *ret_value);

/* The value of field.needs for a source name such as BOOT_PARAMS. */
#define FIELD_NEEDS(source) (EFIMAP_SRC_##source + 1U)

/* Default maximum size in bytes of texts such as lines of /proc/iomem, paths and messages. */
#define FIELD_MAX_TEXT 4096

/*
 * A member.
 *
 * @about:    description for the schemas: ABOUT()
 * @kind:     format
 * @flags:    bitwise OR of enum field_flag
 * @offset:   offset in the struct
 * @size:     size in bytes of the member, or of an element of a list; 0 for fields that are
 *            never read
 * @count_at: for lists and PAIRS: offset of the number of elements
 * @parts:    the parts of the table that contain the row, 0 for all
 * @of_parts: for OBJECT and INLINE: the parts of @of to use, 0 for all
 * @needs:    FIELD_NEEDS() of a source without which there is no value, or 0. If it is not 0,
 *            the struct is the capture.
 * @missing_values: for entries: bitwise OR of EFIMAP_MISSING_* for values without which there is
 *            no value
 * @n_words:  for WORD: number of names, some of which may be NULL
 * @min:      smallest number, or smallest value of a WORD. For BOOL, the number that means false;
 *            the next number means true.
 * @max:      largest number, or maximum size of a text in bytes. 0 means the largest number that
 *            fits, or FIELD_MAX_TEXT.
 * @none:     number that means that there is no value
 * @of:       for OBJECT and INLINE: table of the inner struct
 * @word:     for WORD: function that returns the names
 * @get:      function that computes the value, or NULL if the value is stored at @offset
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
 * Descriptions of members and documents for the schemas. They are compiled only into the
 * program that prints the tables (tests/schema).
 */
#ifdef FIELDS_WITH_ABOUT
#define ABOUT(...) __VA_ARGS__
#else
#define ABOUT(...) NULL
#endif

/*
 * Define a get function that evaluates one expression.
 *
 * @name:     name of the function
 * @type:     type of the struct, which the expressions call *row
 * @member:   member of struct field_value to set: number, text or record
 * @value:    expression for the value
 * @is_there: expression that is true if there is a value
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

/* Initialise the location of a value, or of a list and its number of elements. */
#define FIELD_AT(type, member)                                                             \
	.offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define FIELD_LIST_AT(type, member, count)                                                 \
	.offset = offsetof(type, member), .size = sizeof(*((type *)0)->member),            \
	.count_at = offsetof(type, count)

/* Initialise the names of an enum up to the value @last, from efimap_<what>_name(). */
#define WORD(what, last) .word = efimap_##what##_name, .n_words = (last) + 1

/*
 * The table of a struct.
 *
 * @name:     name of the struct in the schemas
 * @rows:     the members, in the order in which documents contain them
 * @on_lines: each member is on a separate line
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
 * Parts of an entry: members in snapshots, members in the output of dump, members that locate an
 * entry, and the name of its type. ENTRY_INCOMPLETE contains no rows. It allows null for values
 * that were not read.
 */
#define ENTRY_KEPT 1
#define ENTRY_SHOWN 2
#define ENTRY_PLACE 4
#define ENTRY_TYPE 8
#define ENTRY_INCOMPLETE 16
/*
 * Parts of a snapshot: the numbers of directories, which the reader handles separately, and the
 * other members.
 */
#define SNAPSHOT_NAMES 1
#define SNAPSHOT_REST 2
/* Parts of a report. REPORT_SIDES contains the findings of a comparison. */
#define REPORT_VERDICT 1
#define REPORT_COUNTS 2
#define REPORT_FINDINGS 4
#define REPORT_SIDES 8
#define REPORT_SKIPPED 16
#define REPORT_ACCEPTED 32
#define REPORT_ANSWER 64
#define REPORT_LOADS 128
#define REPORT_CERTAINTY 256
/* Parts of a finding. FINDING_SIDES contains the values of both captures of a comparison. */
#define FINDING_ALONE 1
#define FINDING_SIDES 2

/* Return whether a row is in one of the @parts of its table, where 0 means all parts. */
static inline bool efimap_field_is_in(const struct field *field, unsigned int parts)
{
	return !field->parts || !parts || field->parts & parts;
}

/*
 * Load the value of a field.
 *
 * @at:        index of the element if the field is a list, otherwise 0
 * @ret_value: the caller initialises it with FIELD_VALUE_INIT before the first call
 *
 * Return the same as field_get_fn.
 */
bool efimap_field_load(const struct field *field, const void *record, size_t at,
		       struct field_value *ret_value);
/* Return whether a list exists. A list that does not exist is null or omitted. */
bool efimap_field_has_list(const struct field *field, const void *record);

/* Store a number in a member. */
void efimap_field_store(const struct field *field, void *at, uint64_t number);
/* Return the largest number, or the maximum size of a text in bytes, for a field. */
uint64_t efimap_field_max(const struct field *field);
/* Return whether the source that a field needs was not read. */
bool efimap_field_is_missing(const struct field *field, const void *record);
/* Return the name of the source that a field needs. The field must need a source. */
const char *efimap_field_source(const struct field *field);
/* Return whether documents without this member are accepted. */
bool efimap_field_can_miss(const struct field *field, const void *record);
/* Return efimap_severity_name(). Its parameter has the type that field.word requires. */
const char *efimap_severity_word(unsigned int severity);
/* Return the row named @name, or NULL. */
const struct field *efimap_fields_find(const struct fields *fields, const char *name);

extern const struct fields efimap_accepted_fields;
extern const struct fields efimap_baseline_fields;
extern const struct fields efimap_kernel_message_fields;
extern const struct fields efimap_efi_info_fields;
extern const struct fields efimap_efi_payload_fields;
/* The table of boot_params. Its struct is struct efimap. */
extern const struct fields efimap_boot_params_fields;
extern const struct fields efimap_entry_fields;
extern const struct fields efimap_fault_fields;
extern const struct fields efimap_installed_kernel_fields;
extern const struct fields efimap_kernel_fields;
extern const struct fields efimap_kexec_state_fields;
extern const struct fields efimap_load_answer_fields;
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
