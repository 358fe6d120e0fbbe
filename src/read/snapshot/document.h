/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: reading a JSON document
 *
 * A document of ours is an object with some values and some long arrays of records. The
 * values are kept until the end, for they can stand in any order; an element of an array
 * is taken when it is read, and is gone then. Whatever else is in the document is passed
 * over: no document takes more memory than its plan allows.
 */
#ifndef READ_SNAPSHOT_DOCUMENT_H
#define READ_SNAPSHOT_DOCUMENT_H

#include "read/input.h"
#include "read/snapshot/node.h"

/** efimap_take_fn - take an element of an array, which is gone when this returns */
typedef int efimap_take_fn(const struct efimap_node *element, void *context);

/**
 * struct efimap_stream - an array of which each element is taken as it is read
 * @key:      its name in the document
 * @type:     of its elements
 * @max:      more elements are refused
 * @take:     called for each; returns 0 or a negative errno
 * @is_there: set when the document has it
 * @count:    set to the number of its elements
 */
struct efimap_stream {
	const char *key;
	enum efimap_json_type type;
	size_t max;
	efimap_take_fn *take;
	bool is_there;
	size_t count;
};

/**
 * struct efimap_plan - how to read a document
 * @limit:     bytes of text; a longer one is refused
 * @budget:    bytes of memory for all that is kept, and for the element at hand
 * @names:     members that are kept
 * @n_names:   how many
 * @streams:   arrays that are not
 * @n_streams: how many
 * @head:      is it the document that is expected? Asked at the end, and before a stream
 *             when both "document" and "version" stand before it.
 * @context:   for the streams
 */
struct efimap_plan {
	size_t limit;
	size_t budget;
	const char *const *names;
	size_t n_names;
	struct efimap_stream *streams;
	size_t n_streams;
	int (*head)(const struct efimap_node *root);
	void *context;
};

/**
 * efimap_document_read() - read a document from its first byte to its last
 * @input: an open file of which the head was read
 * @plan:  what to keep; everything else is passed over without being built
 * @doc:   @err is set by the caller; free with efimap_document_free()
 *
 * A member that is kept and stands twice is refused.
 *
 * Return: 0; -EBADMSG, with line and column or the member; -E2BIG above @limit, or above
 * @budget; -ENOMEM; -EBUSY when the file changed; what reading returned.
 */
int efimap_document_read(struct efimap_input *input, const struct efimap_plan *plan,
			 struct efimap_document *doc);
void efimap_document_free(struct efimap_document *doc);
#define efimap_auto_document __attribute__((cleanup(efimap_document_free)))

#endif
