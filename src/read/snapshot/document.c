/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is kept of a document: a tree of those members that somebody asked for, and one
 * element of an array after the other. Must not know what any of them means.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "read/snapshot/document.h"
#include "read/snapshot/json.h"
#include "read/text.h"

/* Of objects and arrays in each other: ours have five, and what others add is passed over. */
#define MAX_DEPTH 32
/* Our longest list of names are the tables in systab, 256. */
#define MAX_MEMBERS 300
#define MAX_NAME 4096U
#define TWICE "this name stands twice in one object"

/*
 * struct reader - one reading of a document
 * @budget: bytes of values and their texts that may still be kept, of the whole document
 *          and of the record together
 */
struct reader {
	struct efimap_json json;
	size_t budget;
};

static int spend(struct reader *reader, size_t bytes)
{
	if (bytes > reader->budget) {
		reader->json.ret = efimap_err_set(
			reader->json.err, E2BIG, reader->json.input->name,
			"what it holds takes more memory than a document of ours does");
		return reader->json.ret;
	}
	reader->budget -= bytes;
	return 0;
}

static int copy(struct reader *reader, struct efimap_tree *tree, const char *text, size_t len,
		const char **ret_copy)
{
	int ret = spend(reader, len + 1);

	if (ret)
		return ret;
	*ret_copy = efimap_arena_strndup(&tree->arena, text, len);
	return *ret_copy ? 0 : efimap_json_no_memory(&reader->json);
}

static int add(struct reader *reader, struct efimap_tree *tree, const struct efimap_value *value)
{
	int ret = spend(reader, sizeof(*value));

	if (ret)
		return ret;
	if (efimap_array_reserve(&tree->values, tree->count, &tree->capacity,
				 sizeof(*tree->values)))
		return efimap_json_no_memory(&reader->json);
	tree->values[tree->count++] = *value;
	return 0;
}

static int read_scalar(struct reader *reader, struct efimap_tree *tree, const char *key)
{
	struct efimap_value value = { .key = key, .size = 1 };
	struct efimap_scalar scalar;
	int ret = efimap_json_scalar(&reader->json, &scalar);

	if (ret)
		return ret;
	value.type = scalar.type;
	value.len = (uint32_t)scalar.len;
	if (scalar.type == EFIMAP_JSON_STRING)
		ret = copy(reader, tree, scalar.text, scalar.len, &value.text);
	else
		value.number = scalar.number;
	return ret ? ret : add(reader, tree, &value);
}

/* Each name is held against those before it, which is why there cannot be many. */
static int check_name(struct reader *reader, const struct efimap_tree *tree, size_t object,
		      const char *name)
{
	size_t count = 0;

	for (size_t i = object + 1; i < tree->count; i += tree->values[i].size) {
		if (strcmp(tree->values[i].key, name) == 0)
			return efimap_json_fail(&reader->json, TWICE);
		if (++count == MAX_MEMBERS)
			return efimap_json_fail(&reader->json, "more than %d names in one object",
						MAX_MEMBERS);
	}
	return 0;
}

/* The name of a member; valid until the next token is taken, and NULL to pass it over. */
static int read_name(struct efimap_json *json, struct efimap_scalar *ret_name)
{
	if (efimap_json_peek(json) != '"')
		return efimap_json_unexpected(json, "a name in quotation marks");
	return ret_name ? efimap_json_scalar(json, ret_name) : efimap_json_pass(json);
}

static int keep_name(struct reader *reader, struct efimap_tree *tree, size_t object,
		     const struct efimap_scalar *name, const char **ret_key)
{
	int ret = check_name(reader, tree, object, name->text);

	return ret ? ret : copy(reader, tree, name->text, name->len, ret_key);
}

static int take_colon(struct efimap_json *json)
{
	return efimap_json_take(json, ':') ? 0 : efimap_json_unexpected(json, "':'");
}

static int read_value(struct reader *reader, struct efimap_tree *tree, const char *key,
		      unsigned int depth);

static int read_member(struct reader *reader, struct efimap_tree *tree, size_t object,
		       unsigned int depth)
{
	struct efimap_json *json = &reader->json;
	struct efimap_scalar name;
	const char *key = NULL;
	int ret = read_name(json, tree ? &name : NULL);

	if (!ret && tree)
		ret = keep_name(reader, tree, object, &name, &key);
	if (!ret)
		ret = take_colon(json);
	return ret ? ret : read_value(reader, tree, key, depth);
}

/* Is there another value before @end? The comma between two is taken. */
static bool has_another(struct efimap_json *json, char end, bool is_first)
{
	if (is_first)
		return !efimap_json_take(json, end);
	return efimap_json_take(json, ',');
}

static int close_list(struct efimap_json *json, char end, bool is_empty)
{
	static const char expected[][11] = { "',' or '}'", "',' or ']'" };

	if (is_empty || efimap_json_take(json, end))
		return json->ret;
	return efimap_json_unexpected(json, expected[end == ']']);
}

/* An object or array; without a tree it is passed over. */
static int read_list(struct reader *reader, struct efimap_tree *tree, const char *key,
		     unsigned int depth)
{
	const bool is_object = efimap_json_peek(&reader->json) == '{';
	const char end = is_object ? '}' : ']';
	const struct efimap_value value = {
		.key = key, .type = is_object ? EFIMAP_JSON_OBJECT : EFIMAP_JSON_ARRAY,
	};
	const size_t at = tree ? tree->count : 0;
	uint32_t count = 0;
	int ret = tree ? add(reader, tree, &value) : 0;

	if (depth == MAX_DEPTH)
		return efimap_json_fail(&reader->json, "more than %d levels", MAX_DEPTH);
	efimap_json_take(&reader->json, is_object ? '{' : '[');
	for (; !ret && has_another(&reader->json, end, count == 0); count++)
		ret = is_object ? read_member(reader, tree, at, depth + 1) :
				  read_value(reader, tree, NULL, depth + 1);
	if (!ret)
		ret = close_list(&reader->json, end, count == 0);
	if (ret || !tree)
		return ret;
	tree->values[at].len = count;
	tree->values[at].size = (uint32_t)(tree->count - at);
	return 0;
}

/* A value of any type; without a tree it is passed over. */
static int read_value(struct reader *reader, struct efimap_tree *tree, const char *key,
		      unsigned int depth)
{
	const char next = efimap_json_peek(&reader->json);

	if (next == '{' || next == '[')
		return read_list(reader, tree, key, depth);
	return tree ? read_scalar(reader, tree, key) : efimap_json_pass(&reader->json);
}

static void tree_free(struct efimap_tree *tree)
{
	efimap_arena_free(&tree->arena);
	free(tree->values);
	*tree = (struct efimap_tree){ 0 };
}

/* One element of a stream: what it takes is free again for the next. */
static int take_element(struct reader *reader, const struct efimap_plan *plan,
			const struct efimap_stream *stream, struct efimap_node *element)
{
	struct efimap_tree tree efimap_cleanup(tree_free) = { 0 };
	const size_t budget = reader->budget;
	int ret = read_value(reader, &tree, NULL, 2);

	reader->budget = budget;
	element->value = tree.values;
	element->index = stream->count;
	if (!ret)
		ret = efimap_node_expect(element, stream->type);
	return ret ? ret : stream->take(element, plan->context);
}

/* Something stands where an array should: what? */
static int refuse_stream(struct reader *reader, struct efimap_node node)
{
	struct efimap_tree tree efimap_cleanup(tree_free) = { 0 };
	int ret = read_value(reader, &tree, NULL, 1);

	node.value = tree.values;
	return ret ? ret : efimap_node_expect(&node, EFIMAP_JSON_ARRAY);
}

/* Which document is it, and may we read this version of it? */
static int check_head(const struct efimap_node *root, const struct efimap_plan *plan)
{
	const struct efimap_node document = efimap_node_member(root, "document");
	const struct efimap_node version = efimap_node_member(root, "version");
	const struct efimap_node wrote = efimap_node_member(root, "tool");
	char quote[EFIMAP_QUOTE_SIZE], tool[EFIMAP_QUOTE_SIZE] = "";
	const char *text;
	uint64_t number;
	size_t len;
	int ret = efimap_node_text(&document, MAX_NAME, &text, &len);

	if (ret)
		return ret;
	if (strcmp(text, plan->document) != 0)
		return efimap_node_fail(&document,
					"this is a document %s, expected \"%s\", as %s writes "
					"it", efimap_text_quote(quote, text, len),
					plan->document, plan->writer);
	ret = efimap_node_number(&version, INT64_MAX, &number);
	if (ret)
		return ret;
	if (number == 0)
		return efimap_node_fail(&version, "found 0, expected %ju",
					(uintmax_t)plan->version);
	if (number <= plan->version)
		return 0;
	if (wrote.value && efimap_node_string(&wrote, SIZE_MAX, &text, &len) == 0)
		efimap_text_quote(tool, text, len);
	return efimap_node_fail(&version,
				"%ju is newer than %ju, the last that this tool knows: read it "
				"with the tool that wrote it%s%s, or a later one",
				(uintmax_t)number, (uintmax_t)plan->version,
				*tool ? ", " : "", tool);
}

/* Of another document nothing is taken; members can stand in any order, ours tell early. */
static int check_early(const struct efimap_node *root, const struct efimap_plan *plan)
{
	const bool can_tell = efimap_node_member(root, "document").value &&
			      efimap_node_member(root, "version").value;

	return plan->document && can_tell ? check_head(root, plan) : 0;
}

static int read_stream(struct reader *reader, const struct efimap_plan *plan,
		       struct efimap_stream *stream, const struct efimap_node *root)
{
	const struct efimap_value value = { .type = EFIMAP_JSON_ARRAY };
	const struct efimap_node array = { .doc = root->doc, .parent = root,
					   .key = stream->key, .value = &value };
	struct efimap_node element = { .doc = root->doc, .parent = &array };
	struct efimap_json *json = &reader->json;
	int ret = check_early(root, plan);

	stream->is_there = true;
	if (!ret && !efimap_json_take(json, '['))
		return refuse_stream(reader, array);
	for (; !ret && has_another(json, ']', stream->count == 0); stream->count++) {
		if (stream->count == stream->max)
			return efimap_node_fail(&array, "more than %zu elements", stream->max);
		ret = take_element(reader, plan, stream, &element);
	}
	return ret ? ret : close_list(json, ']', stream->count == 0);
}

static struct efimap_stream *find_stream(const struct efimap_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_streams; i++)
		if (strcmp(plan->streams[i].key, name) == 0)
			return &plan->streams[i];
	return NULL;
}

static bool is_wanted(const struct efimap_plan *plan, const char *name)
{
	static const char *const heads[] = { "document", "version", "tool", "source" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (strcmp(heads[i], name) == 0)
			return true;
	return efimap_fields_find(plan->fields, name);
}

static int read_top_member(struct reader *reader, const struct efimap_plan *plan,
			   struct efimap_document *doc)
{
	const struct efimap_node root = efimap_node_root(doc);
	struct efimap_stream *stream;
	struct efimap_scalar name;
	const char *key = NULL;
	bool wanted;
	int ret = read_name(&reader->json, &name);

	if (ret)
		return ret;
	stream = find_stream(plan, name.text);
	if (stream && stream->is_there)
		return efimap_json_fail(&reader->json, TWICE);
	wanted = !stream && is_wanted(plan, name.text);
	if (wanted)
		ret = keep_name(reader, &doc->tree, 0, &name, &key);
	if (!ret)
		ret = take_colon(&reader->json);
	if (ret)
		return ret;
	return stream ? read_stream(reader, plan, stream, &root) :
			read_value(reader, wanted ? &doc->tree : NULL, key, 1);
}

/* The root is an object of which only some members are kept. */
static int read_document(struct reader *reader, const struct efimap_plan *plan,
			 struct efimap_document *doc)
{
	const struct efimap_value value = { .type = EFIMAP_JSON_OBJECT, .size = 1 };
	struct efimap_json *json = &reader->json;
	int ret = add(reader, &doc->tree, &value);
	bool is_first = true;

	if (!ret && !efimap_json_take(json, '{'))
		ret = efimap_json_unexpected(json, "an object");
	for (; !ret && has_another(json, '}', is_first); is_first = false) {
		ret = read_top_member(reader, plan, doc);
		doc->tree.values[0].size = (uint32_t)doc->tree.count;
	}
	if (!ret)
		ret = close_list(json, '}', is_first);
	return ret ? ret : efimap_json_end(json);
}

/* Where a file was cut or written over meanwhile, that is what is wrong with its text. */
static int check_change(const struct efimap_input *input, int ret, struct efimap_err *err)
{
	struct efimap_err change = EFIMAP_ERR_INIT;
	int changed;

	if (ret && ret != -EBADMSG)
		return ret;
	changed = efimap_input_check(input, false, &change);
	if (changed && err)
		*err = change;
	return changed ? changed : ret;
}

int efimap_document_read(struct efimap_input *input, const struct efimap_plan *plan,
			 struct efimap_document *doc)
{
	struct reader reader = { .budget = plan->budget };
	int ret;

	doc->name = input->name;
	efimap_json_open(&reader.json, input, plan->limit, doc->err);
	ret = read_document(&reader, plan, doc);
	efimap_json_close(&reader.json);
	if (!ret && plan->document) {
		const struct efimap_node root = efimap_node_root(doc);

		ret = check_head(&root, plan);
	}
	return check_change(input, ret, doc->err);
}

void efimap_document_free(struct efimap_document *doc)
{
	tree_free(&doc->tree);
}
