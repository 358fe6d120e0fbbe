/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: values of a JSON document
 *
 * A value and the way to it, so that a complaint can name the member:
 * "runtime_map[3].phys_addr". All functions return 0, or -EBADMSG with that place in the
 * document's err.
 */
#ifndef READ_NODE_H
#define READ_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include <efimap/err.h>

/**
 * struct efimap_document - a document that was parsed
 * @name: for messages
 * @root: its value; owned
 * @err:  where complaints go
 */
struct efimap_document {
	const char *name;
	json_t *root;
	struct efimap_err *err;
};

/**
 * efimap_document_parse() - parse JSON
 * @data:    the text
 * @len:     its bytes
 * @ret_doc: @name and @err are set by the caller; free with efimap_document_free()
 *
 * A member that stands twice is refused; so is a document that would take more memory
 * than one of its length has a reason to: -E2BIG.
 */
int efimap_document_parse(const char *data, size_t len, struct efimap_document *ret_doc);
void efimap_document_free(struct efimap_document *doc);
#define efimap_auto_document __attribute__((cleanup(efimap_document_free)))

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
	json_t *value;
};

/** efimap_node_root() - the whole document */
struct efimap_node efimap_node_root(const struct efimap_document *doc);
/** efimap_node_member() - the member @key of @parent, which must be an object */
struct efimap_node efimap_node_member(const struct efimap_node *parent, const char *key);
/** efimap_node_element() - element @index of @parent, which must be an array */
struct efimap_node efimap_node_element(const struct efimap_node *parent, size_t index);

/** efimap_node_fail() - complain about a value; always -EBADMSG */
int efimap_node_fail(const struct efimap_node *node, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** efimap_node_is_null() - there, and null */
static inline bool efimap_node_is_null(const struct efimap_node *node)
{
	return json_is_null(node->value);
}

/** efimap_node_expect() - is it there, and an object, array or string? */
int efimap_node_expect(const struct efimap_node *node, json_type type);
/** efimap_node_list() - an array of at most @max elements */
int efimap_node_list(const struct efimap_node *node, size_t max, size_t *ret_count);
/** efimap_node_hex() - a number as "0x…", at most @max */
int efimap_node_hex(const struct efimap_node *node, uint64_t max, uint64_t *ret_value);
/** efimap_node_number() - a number from 0 to @max */
int efimap_node_number(const struct efimap_node *node, uint64_t max, uint64_t *ret_value);
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

/* The same for member @key of @parent. */

/** efimap_member_hex() - see efimap_node_hex() */
int efimap_member_hex(const struct efimap_node *parent, const char *key, uint64_t max,
		      uint64_t *ret_value);
/** efimap_member_number() - see efimap_node_number() */
int efimap_member_number(const struct efimap_node *parent, const char *key, uint64_t max,
			 uint64_t *ret_value);
/** efimap_member_text() - see efimap_node_text() */
int efimap_member_text(const struct efimap_node *parent, const char *key, size_t max,
		       const char **ret_text, size_t *ret_len);

#endif
