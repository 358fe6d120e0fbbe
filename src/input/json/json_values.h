/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: values of a JSON document
 *
 * A node consists of a value and its path, so that an error message can contain the path of the
 * member, such as "runtime_map[3].phys_addr".
 */
#ifndef INPUT_JSON_JSON_VALUES_H
#define INPUT_JSON_JSON_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/text_scan.h"
#include "document/field_tables.h"

/**
 * struct efimap_document - a parsed document
 * @name: name of the file, for messages
 * @err:  set by the caller; receives errors in the document
 * @root: an object or an array; owned
 */
struct efimap_document {
	const char *name;
	struct efimap_err *err;
	json_t *root;
};

/**
 * struct efimap_node - a value and its position in the document
 * @parent: the containing node, NULL for the root
 * @key:    name of the member, NULL for an element of an array
 * @index:  position in the array
 * @value:  the value, borrowed from the document; NULL if the member does not exist
 */
struct efimap_node {
	const struct efimap_document *doc;
	const struct efimap_node *parent;
	const char *key;
	size_t index;
	json_t *value;
};

/*
 * The functions below that return int return 0 on success. On failure, they return -EBADMSG, and
 * set the err of the document to a message that contains the path of the value. Functions that copy
 * values can also return -ENOMEM, without setting err.
 */

struct efimap_node efimap_node_root(const struct efimap_document *doc);
struct efimap_node efimap_node_member(const struct efimap_node *parent, const char *key);
struct efimap_node efimap_node_element(const struct efimap_node *parent, size_t index);

void efimap_node_blame(const struct efimap_node *node, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/*
 * Report an error in a value. This is a macro, so that the compiler sees that the result is not 0.
 */
#define efimap_node_fail(...) (efimap_node_blame(__VA_ARGS__), -EBADMSG)

int efimap_node_expect(const struct efimap_node *node, json_type type);
int efimap_node_bool(const struct efimap_node *node, bool *ret_value);
int efimap_node_list(const struct efimap_node *node, size_t max);
int efimap_node_hex(const struct efimap_node *node, uint64_t max, uint64_t *ret_value);
int efimap_node_number(const struct efimap_node *node, uint64_t min, uint64_t max,
		       uint64_t *ret_value);
/* Get a text of at most @max bytes. The text is NUL-terminated and owned by the document. */
int efimap_node_string(const struct efimap_node *node, size_t max,
		       struct efimap_text *ret_text);
/* Get a text as efimap_node_string() does, but only if it is printable. */
int efimap_node_text(const struct efimap_node *node, size_t max, struct efimap_text *ret_text);
/**
 * efimap_node_fields() - store the members of an object in the struct that a table describes
 * @fields: the table. Lists of objects, pointers to objects, pairs and members of size 0 are not
 *          stored.
 * @parts:  the parts of the table to use, 0 for all
 * @arena:  memory for copies of texts and lists. If NULL, texts remain in the document and lists
 *          are not stored.
 * @record: the struct; missing optional members leave their fields unchanged
 */
int efimap_node_fields(const struct efimap_node *node, const struct fields *fields,
		       unsigned int parts, struct efimap_arena *arena, void *record);

#endif
