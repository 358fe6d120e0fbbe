/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: reading a JSON document
 *
 * A document of ours is an object with some values and some long arrays of records. The
 * values are kept until the end, for they can stand in any order; an element of an array
 * is taken when it is read, and is gone then. Whatever else is in the document is passed
 * over: no document takes more memory than its plan allows.
 *
 * A value that is asked for knows the way to it, so that a complaint can name the member:
 * "runtime_map[3].phys_addr".
 */
#ifndef READ_SNAPSHOT_DOCUMENT_H
#define READ_SNAPSHOT_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/err.h"
#include "base/mem.h"
#include "model/fields.h"
#include "read/input.h"
#include "read/text.h"

/**
 * struct efimap_value - one value; those that it holds stand right behind it
 * @len:    bytes of a string, or how many values an object or array holds itself
 * @size:   values up to the next one that it does not hold, itself included
 */
struct efimap_value {
	const char *key;
	union {
		const char *text;
		int64_t number;
	};
	uint32_t len;
	uint32_t size;
	json_type type;
};

/**
 * struct efimap_tree - values that are kept
 * @values:   each before those that it holds
 */
struct efimap_tree {
	struct efimap_value *values;
	size_t count;
	size_t capacity;
	struct efimap_arena arena;
};

/**
 * struct efimap_document - what was kept of a document
 * @tree: its first value is the document, an object; owned
 */
struct efimap_document {
	const char *name;
	struct efimap_err *err;
	struct efimap_tree tree;
};

/**
 * struct efimap_node - a value
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

typedef int efimap_take_fn(const struct efimap_node *element, void *context);

/**
 * struct efimap_stream - an array of which each element is taken as it is read
 * @take:     called for each; returns 0 or a negative errno
 * @is_there: set when the document has it
 * @count:    set to the number of its elements
 */
struct efimap_stream {
	const char *key;
	json_type type;
	size_t max;
	efimap_take_fn *take;
	bool is_there;
	size_t count;
};

/**
 * struct efimap_plan - how to read a document
 * @document:  its member "document", which is asked for at the end, and before a stream when
 *             both it and "version" stand before that; NULL for any
 * @version:   its member "version", the newest that is read
 * @limit:     bytes of text; a longer one is refused
 * @budget:    bytes of memory for all that is kept, and for the element at hand
 * @fields:    members that are kept; "source" is too
 * @streams:   those of them that are taken element by element
 */
struct efimap_plan {
	const char *document;
	uint64_t version;
	const char *writer;
	size_t limit;
	size_t budget;
	const struct fields *fields;
	struct efimap_stream *streams;
	size_t n_streams;
	void *context;
};

/**
 * efimap_document_read() - read a document from its first byte to its last
 * @plan:  what to keep; everything else is passed over without being built
 * @doc:   @err is set by the caller; free with efimap_document_free()
 *
 * A member that is kept and stands twice is refused.
 */
int efimap_document_read(struct efimap_input *input, const struct efimap_plan *plan,
			 struct efimap_document *doc);
void efimap_document_free(struct efimap_document *doc);
#define efimap_auto_document __attribute__((cleanup(efimap_document_free)))

/* All of these return 0, or -EBADMSG with the place in the document's err. */

struct efimap_node efimap_node_root(const struct efimap_document *doc);
/** efimap_node_member() - the member @key of @parent; no value when @parent is no object */
struct efimap_node efimap_node_member(const struct efimap_node *parent, const char *key);
/** efimap_node_first() - the first value that @parent holds; no value when it holds none */
struct efimap_node efimap_node_first(const struct efimap_node *parent);
/** efimap_node_next() - the value after one that was found so; no value after the last */
struct efimap_node efimap_node_next(const struct efimap_node *node);

void efimap_node_blame(const struct efimap_node *node, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** efimap_node_fail() - complain about a value; -EBADMSG, which a compiler sees at each place */
#define efimap_node_fail(...) (efimap_node_blame(__VA_ARGS__), -EBADMSG)

bool efimap_node_is_null(const struct efimap_node *node);
int efimap_node_bool(const struct efimap_node *node, bool *ret_value);

int efimap_node_expect(const struct efimap_node *node, json_type type);
size_t efimap_node_count(const struct efimap_node *node);
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
 * efimap_node_fields() - the members of an object, by the table of the struct that they make
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
