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
 * @document:  its member "document", which is asked for at the end, and before a stream when
 *             both it and "version" stand before that; NULL for any
 * @version:   its member "version", the newest that is read
 * @writer:    who writes such documents
 * @limit:     bytes of text; a longer one is refused
 * @budget:    bytes of memory for all that is kept, and for the element at hand
 * @fields:    members that are kept; "source" is too
 * @streams:   those of them that are taken element by element
 * @n_streams: how many
 * @context:   for the streams
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
