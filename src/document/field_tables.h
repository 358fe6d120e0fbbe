/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Tables that describe the members of documents, for the writer (document/write_document.c) and the
 * schemas. schema/descriptions.json contains the meanings of the members. If only one document has
 * the members of a table, the table is next to the code that writes the document (src/show).
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
 * @FIELD_HEX:    a string such as "0x1f000", mainly for addresses, masks and page counts
 * @FIELD_NUMBER: a number, mainly for indices and other counts
 * @FIELD_TEXT:   a string; the struct contains a pointer
 * @FIELD_CHARS:  a string; the struct contains a NUL-terminated array
 * @FIELD_WORD:   the name of an enum value
 * @FIELD_PAIRS:  an object that maps names to addresses, from struct named_address
 * @FIELD_OBJECT: an object, from a struct with its own table
 * @FIELD_INLINE: the members of an object, placed among the members of the outer object
 */
enum field_kind {
	FIELD_HEX,
	FIELD_NUMBER,
	FIELD_BOOL,
	FIELD_TEXT,
	FIELD_CHARS,
	FIELD_WORD,
	FIELD_PAIRS,
	FIELD_OBJECT,
	FIELD_INLINE,
};

/*
 * Properties of a member.
 *
 * @FIELD_LIST:      the member is an array
 * @FIELD_POINTER:   for OBJECT and INLINE: the struct contains a pointer to the inner struct
 * @FIELD_NULL:      the member is null if there is no value
 * @FIELD_OMIT:      the member is omitted if there is no value
 * @FIELD_MINUS_ONE: a NUMBER may also be -1
 *
 * If a member with FIELD_NULL or FIELD_OMIT has no get function, an empty text and the number
 * field.none count as no value. A list with one of these flags needs a get function.
 */
enum field_flag {
	FIELD_LIST = 1,
	FIELD_POINTER = 2,
	FIELD_NULL = 4,
	FIELD_OMIT = 8,
	FIELD_MINUS_ONE = 16,
};

/*
 * The value of a field.
 *
 * @number: value of HEX, NUMBER, BOOL and WORD; number of elements of PAIRS
 * @text:   value of TEXT and CHARS; NULL is written as null
 * @record: value of OBJECT and INLINE; first element of PAIRS
 * @buffer: memory in which a get function can create a text or a struct
 * @place:  state of a get function between the elements of a list, initially 0
 */
struct field_value {
	uint64_t number;
	const char *text;
	const void *record;
	union {
		char text[80];
		const void *pointers[2];
	} buffer;
	uint64_t place;
};

/* With this @at, a get function returns whether a list with FIELD_NULL or FIELD_OMIT exists. */
#define FIELD_WHOLE SIZE_MAX

/*
 * Compute a value that the struct does not contain in its final form. Return false if there is no
 * value or, for a list, no element with the index @at.
 *
 * @at:        for a list: index of the element, or FIELD_WHOLE; otherwise 0
 * @ret_value: the same object for all elements of a list
 */
typedef bool field_get_fn(const void *record, size_t at, struct field_value *ret_value);

/*
 * A member.
 *
 * @kind:      enum field_kind
 * @flags:     bitwise OR of enum field_flag
 * @size:      size in bytes of the value in the struct, or of an element of a list
 * @count_at:  for lists and PAIRS: offset of the number of elements
 * @parts:     set of the parts of the table that contain the row, 0 for all parts
 * @of_parts:  for OBJECT and INLINE: set of the parts of @of that are written, 0 for all parts
 * @n_words:   for WORD: number of names, some of which may be NULL
 * @min:       smallest number, or smallest value of a WORD. For BOOL, the number that means
 *             false; the next number means true.
 * @max:       largest number; 0 means the largest that fits
 * @none:      number that stands for no value
 * @of:        for OBJECT and INLINE: table of the inner struct
 * @word:      for WORD: function that returns the names
 * @get:       function that computes the value, or NULL if the value is stored at @offset
 */
struct field {
	const char *name;
	uint8_t kind;
	uint8_t flags;
	uint8_t n_words;
	uint8_t min;
	uint16_t offset;
	uint16_t size;
	uint16_t count_at;
	uint16_t parts;
	uint16_t of_parts;
	uint32_t max;
	uint32_t none;
	union {
		const struct fields *of;
		const char *(*word)(unsigned int number);
	};
	field_get_fn *get;
};

/* Define a get function. In @value and @has_value, row points to the struct of type @type. */
#define FIELD_GET(name, type, member, value, has_value)                                            \
	static bool name(const void *record, size_t at, struct field_value *ret_value)             \
	{                                                                                          \
		const type *row = record;                                                          \
                                                                                                   \
		if (!(has_value))                                                                  \
			return false;                                                              \
		ret_value->member = (value);                                                       \
		return true;                                                                       \
	}

#define FIELD_AT(type, member) .offset = offsetof(type, member), .size = sizeof(((type *)0)->member)
#define FIELD_LIST_AT(type, member, count)                                                         \
	.offset = offsetof(type, member), .size = sizeof(*((type *)0)->member),                    \
	.count_at = offsetof(type, count)

#define FIELD_INLINE_AT(type, member, table)                                                       \
	.kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(type, member), .of = &(table)

#define WORD(what, last) .word = what##_name, .n_words = (last) + 1

/*
 * The table of a struct.
 *
 * @name:     name of the document, or name of the struct in the schemas
 * @version:  version of the document, or 0 for DOCUMENT_VERSION
 * @is_selectable: an option can select the members to write
 */
struct fields {
	const char *name;
	const struct field *rows;
	size_t n_rows;
	unsigned int version;
	bool is_selectable;
};
#define FIELDS(struct_name, its_rows)                                                              \
	.name = struct_name, .rows = its_rows, .n_rows = sizeof(its_rows) / sizeof(its_rows[0])

#define REPORT_VERDICT 1
#define REPORT_COUNTS 2
#define REPORT_FINDINGS 4
#define REPORT_SIDES 8
#define REPORT_ANSWER 32
#define REPORT_LOADS 64
#define REPORT_CERTAINTY 128
#define REPORT_OUTCOME 256
#define REPORT_ANSWERED 512

/* Parts of a finding: about one capture, and about two captures that were compared. */
#define FINDING_ALONE 1
#define FINDING_SIDES 2
#define FINDING_ANSWERS 4

extern const struct fields efi_info_fields;
extern const struct fields efi_payload_fields;
extern const struct fields entry_fields;
extern const struct fields kernel_fields;
extern const struct fields load_answer_fields;
extern const struct fields report_fields;
/* The struct of this table is struct efimap. */
extern const struct fields facts_fields;

#endif
