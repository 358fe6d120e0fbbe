/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: values of a JSON document
 *
 * A node is a value together with the way to it, so that an error can name the member, such as
 * "runtime_map[3].phys_addr".
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
 * @name: of the file, for messages
 * @err:  receives what is wrong with the document; set by the caller
 * @root: an object or an array; owned
 */
struct efimap_document {
	const char *name;
	struct efimap_err *err;
	json_t *root;
};

/**
 * struct efimap_node - a value and its place in the document
 * @parent: the node that holds it; NULL for the root
 * @key:    its name there, NULL for an element of an array
 * @index:  its position there
 * @value:  borrowed from the document; NULL when there is no such member
 *
 * Nodes live on the stack, and so do their parents.
 */
struct efimap_node {
	const struct efimap_document *doc;
	const struct efimap_node *parent;
	const char *key;
	size_t index;
	json_t *value;
};

/* All that return an int return 0, or -EBADMSG with the place in the document's err. */

struct efimap_node efimap_node_root(const struct efimap_document *doc);
/** efimap_node_member() - the member @key of @parent; no value when @parent is no object */
struct efimap_node efimap_node_member(const struct efimap_node *parent, const char *key);
/** efimap_node_element() - element @index of the array @parent */
struct efimap_node efimap_node_element(const struct efimap_node *parent, size_t index);

void efimap_node_blame(const struct efimap_node *node, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** efimap_node_fail() - record an error about a value; -EBADMSG, visible to the compiler */
#define efimap_node_fail(...) (efimap_node_blame(__VA_ARGS__), -EBADMSG)

int efimap_node_expect(const struct efimap_node *node, json_type type);
int efimap_node_bool(const struct efimap_node *node, bool *ret_value);
/** efimap_node_list() - expect an array of at most @max elements */
int efimap_node_list(const struct efimap_node *node, size_t max);
int efimap_node_hex(const struct efimap_node *node, uint64_t max, uint64_t *ret_value);
int efimap_node_number(const struct efimap_node *node, uint64_t min, uint64_t max,
		       uint64_t *ret_value);
/** efimap_node_string() - any text of at most @max bytes; lives in the document, with a NUL */
int efimap_node_string(const struct efimap_node *node, size_t max,
		       struct efimap_text *ret_text);
/** efimap_node_text() - the same, and printable */
int efimap_node_text(const struct efimap_node *node, size_t max, struct efimap_text *ret_text);
/**
 * efimap_node_fields() - store the members of an object in the struct that a table describes
 * @fields: the table; lists of records, pairs and computed members are left to the caller
 * @parts:  parts of it, 0 for all
 * @arena:  texts and lists are copied to it; NULL: texts live in the document, and lists
 *          are left to the caller
 * @record: the struct; the place of an optional member that is missing is not written
 */
int efimap_node_fields(const struct efimap_node *node, const struct fields *fields,
		       unsigned int parts, struct efimap_arena *arena, void *record);
/** efimap_node_only() - expect an object without members that the table does not have */
int efimap_node_only(const struct efimap_node *node, const struct fields *fields);

#endif
