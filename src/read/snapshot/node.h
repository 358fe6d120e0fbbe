/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: values of a JSON document
 *
 * A value and the way to it, so that a complaint can name the member:
 * "runtime_map[3].phys_addr". All functions return 0, or -EBADMSG with that place in the
 * document's err.
 */
#ifndef READ_SNAPSHOT_NODE_H
#define READ_SNAPSHOT_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/mem.h"
#include "model/fields.h"
#include "read/snapshot/json.h"

/**
 * struct efimap_value - one value; those that it holds stand right behind it
 * @key:    its name in an object, else NULL
 * @text:   a string
 * @number: a whole number
 * @len:    bytes of a string, or how many values an object or array holds itself
 * @size:   values up to the next one that it does not hold, itself included
 * @type:   what it is
 */
struct efimap_value {
	const char *key;
	union {
		const char *text;
		int64_t number;
	};
	uint32_t len;
	uint32_t size;
	enum efimap_json_type type;
};

/**
 * struct efimap_tree - values that are kept
 * @values:   each before those that it holds
 * @count:    how many
 * @capacity: private
 * @arena:    owns names and texts
 */
struct efimap_tree {
	struct efimap_value *values;
	size_t count;
	size_t capacity;
	struct efimap_arena arena;
};

/**
 * struct efimap_document - what was kept of a document
 * @name: for messages
 * @err:  where complaints go
 * @tree: its first value is the document, an object; owned
 */
struct efimap_document {
	const char *name;
	struct efimap_err *err;
	struct efimap_tree tree;
};

/**
 * struct efimap_node - a value
 * @doc:    the document
 * @parent: what holds it; NULL for the whole document
 * @key:    its name there, NULL for an element of an array
 * @index:  its number there
 * @value:  borrowed; NULL when there is no such member
 *
 * Lives on the stack, as its parents do.
 */
struct efimap_node {
	const struct efimap_document *doc;
	const struct efimap_node *parent;
	const char *key;
	size_t index;
	const struct efimap_value *value;
};

/** efimap_node_root() - the whole document */
struct efimap_node efimap_node_root(const struct efimap_document *doc);
/** efimap_node_member() - the member @key of @parent; no value when @parent is no object */
struct efimap_node efimap_node_member(const struct efimap_node *parent, const char *key);
/** efimap_node_first() - the first value that @parent holds; no value when it holds none */
struct efimap_node efimap_node_first(const struct efimap_node *parent);
/** efimap_node_next() - the value after one that was found so; no value after the last */
struct efimap_node efimap_node_next(const struct efimap_node *node);

/** efimap_node_fail() - complain about a value; always -EBADMSG */
int efimap_node_fail(const struct efimap_node *node, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** efimap_node_is_null() - there, and null */
bool efimap_node_is_null(const struct efimap_node *node);
/** efimap_node_bool() - true or false */
int efimap_node_bool(const struct efimap_node *node, bool *ret_value);

/** efimap_node_expect() - is it there, and of this type? */
int efimap_node_expect(const struct efimap_node *node, enum efimap_json_type type);
/** efimap_node_count() - how many values an object or array holds itself; 0 of others */
size_t efimap_node_count(const struct efimap_node *node);
/** efimap_node_list() - an array of at most @max elements */
int efimap_node_list(const struct efimap_node *node, size_t max, size_t *ret_count);
/** efimap_node_hex() - a number as "0x…", at most @max */
int efimap_node_hex(const struct efimap_node *node, uint64_t max, uint64_t *ret_value);
/** efimap_node_number() - a number from 0 to @max */
int efimap_node_number(const struct efimap_node *node, uint64_t max, uint64_t *ret_value);
/** efimap_node_string() - any text of at most @max bytes; lives in the document */
int efimap_node_string(const struct efimap_node *node, size_t max, const char **ret_text,
		       size_t *ret_len);
/** efimap_node_text() - printable text of at most @max bytes; lives in the document */
int efimap_node_text(const struct efimap_node *node, size_t max, const char **ret_text,
		     size_t *ret_len);
/**
 * efimap_node_choice() - one of a list of words
 * @name:       says them, by number
 * @count:      how many
 * @ret_number: which
 */
int efimap_node_choice(const struct efimap_node *node, const char *(*name)(unsigned int),
		       unsigned int count, unsigned int *ret_number);

/**
 * efimap_node_fields() - the members of an object, by the table of the struct that they make
 * @node:   the object
 * @fields: the table; lists of records, pairs and what is computed are the caller's
 * @parts:  parts of it, 0 for all
 * @arena:  texts and lists are copied to it; NULL: texts live in the document, and no
 *          list is taken
 * @record: the struct; a member that can miss, and does, leaves its place as it is
 */
int efimap_node_fields(const struct efimap_node *node, const struct fields *fields,
		       unsigned int parts, struct efimap_arena *arena, void *record);
/** efimap_node_only() - does the object hold nothing that the table does not have? */
int efimap_node_only(const struct efimap_node *node, const struct fields *fields);

#endif
