/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the bytes of a JSON document to what is kept of it: a tree of those members that
 * somebody asked for, and one element of an array after the other. Must not know what any of
 * them means.
 *
 * A document is never in memory as a whole: of a window over the input one token is taken
 * after the other. What is plain (a string of ASCII without escapes, a whole number) is read
 * in place; whatever else a scalar can be is jansson's to decode. Measured on a snapshot of
 * 10,000 entries, jansson takes seven times what a bare streaming parser takes when it is
 * given each record, and thirteen times with the whole text.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/out.h"
#include "read/snapshot/document.h"
#include "read/text.h"

#define WINDOW_BYTES ((size_t)64 << 10)
/* The longest text that we write, a command line of 64 KiB, with each byte escaped */
#define MAX_STRING ((size_t)6 << 16)
/* No double takes more, written out in full: 2^-1074 has as many digits behind its point. */
#define MAX_WORD 1100
/* More digits may not fit into 64 bits: then jansson says so. */
#define MAX_PLAIN_DIGITS 18

/* Of objects and arrays in each other: ours have five, and what others add is passed over. */
#define MAX_DEPTH 32
/* Our longest list of names are the tables in systab, 256. */
#define MAX_MEMBERS 300
#define MAX_NAME 4096U
#define TWICE "this name stands twice in one object"

/*
 * struct reader - a position in a document
 * @doc:    what is kept of it
 * @budget: bytes of values and their texts that may still be kept, of the whole document
 *          and of the record together
 * @ret:    0, or what stopped reading; sticks
 * @at:     the next byte of the window
 * @end:    of the window
 * @taken:  bytes of the input up to @end
 * @line:   counted from 1
 * @begins: bytes of the input before that line
 * @token:  bytes of the input before the token that was taken last
 * @window: NULL while the head of the input is looked at
 * @text:   the last string
 */
struct reader {
	struct efimap_input *input;
	const struct efimap_plan *plan;
	struct efimap_document *doc;
	size_t budget;
	int ret;
	const char *at;
	const char *end;
	size_t taken;
	uint64_t line;
	size_t begins;
	size_t token;
	char *window;
	struct efimap_out text;
};

static int fail_memory(struct reader *reader)
{
	reader->ret = efimap_err_set(reader->doc->err, ENOMEM, reader->input->name,
				     "out of memory");
	return reader->ret;
}

static size_t token_offset(const struct reader *reader)
{
	return reader->taken - (size_t)(reader->end - reader->at);
}

static bool is_too_long(struct reader *reader)
{
	/* The analyzer forgets @doc in a loop of a caller. */
	struct efimap_err *err = reader->doc->err; /* NOLINT(clang-analyzer-core.NullDereference) */

	reader->ret = efimap_input_check_size(reader->input, reader->taken, reader->plan->limit,
					      err);
	return reader->ret;
}

static bool refill_window(struct reader *reader)
{
	ssize_t count;

	if (reader->ret || reader->input->at_end || is_too_long(reader))
		return false;
	if (!reader->window)
		reader->window = malloc(WINDOW_BYTES);
	if (!reader->window) {
		fail_memory(reader);
		return false;
	}
	count = efimap_input_take(reader->input, reader->window, WINDOW_BYTES, reader->doc->err);
	if (count < 0)
		reader->ret = (int)count;
	if (count <= 0)
		return false;
	reader->at = reader->window;
	reader->end = reader->at + count;
	reader->taken += (size_t)count;
	return !is_too_long(reader);
}

static inline bool has_more_bytes(struct reader *reader)
{
	return reader->at < reader->end || refill_window(reader);
}

/* The byte that begins the next token; 0 at the end of the text, and when reading failed. */
static char peek_token(struct reader *reader)
{
	while (has_more_bytes(reader) && efimap_text_is_space(*reader->at)) {
		if (*reader->at++ != '\n')
			continue;
		reader->line++;
		reader->begins = token_offset(reader);
	}
	reader->token = token_offset(reader);
	return (char)(reader->ret == 0 && reader->at < reader->end ? *reader->at : '\0');
}

static bool take_mark(struct reader *reader, char mark)
{
	if (peek_token(reader) != mark)
		return false;
	reader->at++;
	return true;
}

/*
 * What is wrong with the token that was taken last, with its place; or why the text could not
 * be read, when that is what is wrong.
 */
__attribute__((format(printf, 2, 3)))
static int fail_token(struct reader *reader, const char *fmt, ...)
{
	char text[sizeof(reader->doc->err->text)];
	va_list args;

	if (reader->ret)
		return reader->ret;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	reader->ret = efimap_err_at_line(reader->doc->err, EBADMSG, reader->input->name,
					 reader->line, "column %zu: %s",
					 reader->token - reader->begins + 1, text);
	return reader->ret;
}

static int fail_unexpected(struct reader *reader, const char *expected)
{
	char quote[EFIMAP_QUOTE_SIZE];
	const char next = peek_token(reader);

	if (reader->ret == 0 && reader->at == reader->end)
		return fail_token(reader, "not JSON: it ends where %s is expected", expected);
	return fail_token(reader, "not JSON: found %s, expected %s",
			  efimap_text_quote(quote, &next, 1), expected);
}

/* What is between here and the end of the string can be kept as it stands. */
static size_t plain_run(const struct reader *reader)
{
	const char *at = reader->at;

	while (at < reader->end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
		at++;
	return (size_t)(at - reader->at);
}

static bool is_ascii(const char *text, size_t len)
{
	unsigned char all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)text[i];
	return all < 0x80;
}

static int keep_bytes(struct reader *reader, const char *text, size_t len)
{
	if (reader->text.used + len > MAX_STRING)
		return fail_token(reader, "a string of more than %zu KiB", MAX_STRING >> 10);
	efimap_out_write(&reader->text, text, len);
	return 0;
}

static int pass_bytes(struct reader *reader, size_t len, bool is_kept)
{
	if (is_kept && keep_bytes(reader, reader->at, len))
		return reader->ret;
	reader->at += len;
	return 0;
}

/* A backslash and what it escapes: one character, or four digits behind a u. */
static int scan_escape(struct reader *reader, bool is_kept)
{
	const char *expected = "\"\\/bfnrtu";
	unsigned int left = 1;
	int ret = pass_bytes(reader, 1, is_kept);

	for (; !ret && left && has_more_bytes(reader); left--) {
		if (!efimap_text_is_one_of(*reader->at, expected))
			return fail_token(reader, "not JSON: invalid escape in a string");
		if (*reader->at == 'u') {
			expected = EFIMAP_HEX_DIGITS;
			left += 4;
		}
		ret = pass_bytes(reader, 1, is_kept);
	}
	return reader->ret;
}

/*
 * From one quotation mark to the other. @ret_is_plain: what was kept is the string itself;
 * NULL: nothing is to be kept.
 */
static int scan_string(struct reader *reader, bool *ret_is_plain)
{
	bool is_plain = true;
	int ret = 0;

	for (reader->at++; !ret && has_more_bytes(reader) && *reader->at != '"'; ) {
		const size_t len = plain_run(reader);

		if (len == 0 && *reader->at != '\\')
			return fail_token(reader, "not JSON: a control character in a string");
		is_plain = is_plain && len && is_ascii(reader->at, len);
		ret = len ? pass_bytes(reader, len, ret_is_plain) :
			    scan_escape(reader, ret_is_plain);
	}
	if (ret)
		return ret;
	if (!has_more_bytes(reader))
		return fail_token(reader, "not JSON: it ends in a string");
	reader->at++;
	if (ret_is_plain)
		*ret_is_plain = is_plain;
	return 0;
}

static int take_letters(struct reader *reader, char word[MAX_WORD], size_t *ret_len)
{
	size_t len = 0;

	for (; has_more_bytes(reader); reader->at++) {
		const char c = *reader->at;

		if (!efimap_text_is_one_of(c, EFIMAP_DIGITS EFIMAP_LETTERS "+-."))
			break;
		if (len == MAX_WORD)
			return fail_token(reader, "a word of more than %d characters",
					  MAX_WORD);
		word[len++] = c;
	}
	*ret_len = len;
	return len ? reader->ret : fail_unexpected(reader, "a value");
}

static int decode_scalar(struct reader *reader, const char *text, size_t len,
			 struct efimap_value *ret_value)
{
	json_error_t error;
	json_t *value = json_loadb(text, len, JSON_DECODE_ANY, &error);

	if (!value && json_error_code(&error) == json_error_out_of_memory)
		return fail_memory(reader);
	/* It may stand there, but in no text of ours, and jansson tells a programmer so. */
	if (!value && json_error_code(&error) == json_error_null_character)
		return fail_token(reader, "a zero byte (\\u0000) in a string");
	if (!value)
		return fail_token(reader, "not JSON: %s", error.text);
	reader->text.used = 0;
	efimap_out_write(&reader->text, json_string_value(value), json_string_length(value));
	efimap_out_putc(&reader->text, '\0');
	ret_value->type = json_typeof(value);
	ret_value->len = (uint32_t)json_string_length(value);
	if (ret_value->type == JSON_STRING)
		ret_value->text = reader->text.data;
	else
		ret_value->number = json_integer_value(value);
	json_decref(value);
	return reader->text.error ? fail_memory(reader) : 0;
}

static int take_json_string(struct reader *reader, struct efimap_value *ret_value)
{
	bool is_plain = true;
	int ret;

	reader->text.used = 0;
	efimap_out_putc(&reader->text, '"');
	ret = scan_string(reader, &is_plain);
	efimap_out_putc(&reader->text, is_plain ? '\0' : '"');
	if (!ret && reader->text.error)
		ret = fail_memory(reader);
	if (ret)
		return ret;
	if (!is_plain)
		return decode_scalar(reader, reader->text.data, reader->text.used, ret_value);
	ret_value->type = JSON_STRING;
	ret_value->text = reader->text.data + 1;
	ret_value->len = (uint32_t)reader->text.used - 2;
	return 0;
}

/* A word that is no number has characters that no number may have. */
static int take_unquoted(struct reader *reader, struct efimap_value *ret_value)
{
	char word[MAX_WORD] = "";
	uint64_t number;
	size_t len = 0;
	int ret = take_letters(reader, word, &len);

	if (ret)
		return ret;
	if (len > MAX_PLAIN_DIGITS || (word[0] == '0' && len > 1) ||
	    efimap_num_parse_dec(word, len, INT64_MAX, &number, NULL) != EFIMAP_NUM_OK)
		return decode_scalar(reader, word, len, ret_value);
	ret_value->type = JSON_INTEGER;
	ret_value->number = (int64_t)number;
	return 0;
}

/*
 * A value that holds no others; its text is valid until the next token is taken. NULL: nobody
 * asked for it. A string is then neither kept nor decoded, however long it is.
 */
static int take_scalar(struct reader *reader, struct efimap_value *ret_value)
{
	struct efimap_value passed;

	if (peek_token(reader) != '"')
		return take_unquoted(reader, ret_value ?: &passed);
	return ret_value ? take_json_string(reader, ret_value) : scan_string(reader, NULL);
}

static int spend_budget(struct reader *reader, size_t bytes)
{
	if (bytes > reader->budget) {
		reader->ret = efimap_err_set(
			reader->doc->err, E2BIG, reader->input->name,
			"what it holds takes more memory than a document of ours does");
		return reader->ret;
	}
	reader->budget -= bytes;
	return 0;
}

static int keep_text(struct reader *reader, struct efimap_tree *tree, const char *text,
		     size_t len, const char **ret_copy)
{
	int ret = spend_budget(reader, len + 1);

	if (ret)
		return ret;
	*ret_copy = efimap_arena_strndup(&tree->arena, text, len);
	return *ret_copy ? 0 : fail_memory(reader);
}

static int keep_value(struct reader *reader, struct efimap_tree *tree,
		      const struct efimap_value *value)
{
	const int ret = spend_budget(reader, sizeof(*value));

	if (ret)
		return ret;
	return efimap_array_append(&tree->values, &tree->count, &tree->capacity, value,
				   sizeof(*value)) ? fail_memory(reader) : 0;
}

static int keep_scalar(struct reader *reader, struct efimap_tree *tree, const char *key)
{
	struct efimap_value value = { .key = key, .size = 1 };
	int ret = take_scalar(reader, &value);

	if (!ret && value.type == JSON_STRING)
		ret = keep_text(reader, tree, value.text, value.len, &value.text);
	return ret ?: keep_value(reader, tree, &value);
}

/* Each name is held against those before it, which is why there cannot be many. */
static int check_name_once(struct reader *reader, const struct efimap_tree *tree,
			   size_t object, const char *name)
{
	size_t count = 0;

	for (size_t i = object + 1; i < tree->count; i += tree->values[i].size) {
		if (strcmp(tree->values[i].key, name) == 0)
			return fail_token(reader, TWICE);
		if (++count == MAX_MEMBERS)
			return fail_token(reader, "more than %d names in one object",
					  MAX_MEMBERS);
	}
	return 0;
}

/* The name of a member; valid until the next token is taken, and NULL to pass it over. */
static int take_member_name(struct reader *reader, struct efimap_value *ret_name)
{
	if (peek_token(reader) != '"')
		return fail_unexpected(reader, "a name in quotation marks");
	return take_scalar(reader, ret_name);
}

static int keep_name(struct reader *reader, struct efimap_tree *tree, size_t object,
		     const struct efimap_value *name, const char **ret_key)
{
	return check_name_once(reader, tree, object, name->text) ?:
	       keep_text(reader, tree, name->text, name->len, ret_key);
}

static int take_colon(struct reader *reader)
{
	return take_mark(reader, ':') ? 0 : fail_unexpected(reader, "':'");
}

static int read_any_value(struct reader *reader, struct efimap_tree *tree, const char *key,
			  unsigned int depth);

static int read_member(struct reader *reader, struct efimap_tree *tree, size_t object,
		       unsigned int depth)
{
	struct efimap_value name = { .size = 1 };
	const char *key = NULL;
	int ret = take_member_name(reader, tree ? &name : NULL);

	if (!ret && tree)
		ret = keep_name(reader, tree, object, &name, &key);
	return ret ?: take_colon(reader) ?: read_any_value(reader, tree, key, depth);
}

/* Is there another value before @end? The comma between two is taken. */
static bool has_another(struct reader *reader, char end, bool is_first)
{
	if (is_first)
		return !take_mark(reader, end);
	return take_mark(reader, ',');
}

static int take_list_end(struct reader *reader, char end, bool is_empty)
{
	static const char expected[][11] = { "',' or '}'", "',' or ']'" };

	if (is_empty || take_mark(reader, end))
		return reader->ret;
	return fail_unexpected(reader, expected[end == ']']);
}

/* An object or array; without a tree it is passed over. */
static int read_values(struct reader *reader, struct efimap_tree *tree, const char *key,
		       unsigned int depth)
{
	const bool is_object = peek_token(reader) == '{';
	const char end = is_object ? '}' : ']';
	const struct efimap_value value = {
		.key = key, .type = is_object ? JSON_OBJECT : JSON_ARRAY,
	};
	const size_t at = tree ? tree->count : 0;
	uint32_t count = 0;
	int ret = tree ? keep_value(reader, tree, &value) : 0;

	if (depth == MAX_DEPTH)
		return fail_token(reader, "more than %d levels", MAX_DEPTH);
	take_mark(reader, is_object ? '{' : '[');
	for (; !ret && has_another(reader, end, count == 0); count++)
		ret = is_object ? read_member(reader, tree, at, depth + 1) :
				  read_any_value(reader, tree, NULL, depth + 1);
	ret = ret ?: take_list_end(reader, end, count == 0);
	if (ret || !tree)
		return ret;
	tree->values[at].len = count;
	tree->values[at].size = (uint32_t)(tree->count - at);
	return 0;
}

static int read_any_value(struct reader *reader, struct efimap_tree *tree, const char *key,
			  unsigned int depth)
{
	const char next = peek_token(reader);

	if (next == '{' || next == '[')
		return read_values(reader, tree, key, depth);
	return tree ? keep_scalar(reader, tree, key) : take_scalar(reader, NULL);
}

static void free_kept(struct efimap_tree *tree)
{
	efimap_arena_free(&tree->arena);
	free(tree->values);
	*tree = (struct efimap_tree){ 0 };
}

/* One element of a stream: what it takes is free again for the next. */
static int take_element(struct reader *reader, const struct efimap_stream *stream,
			struct efimap_node *element)
{
	struct efimap_tree tree efimap_cleanup(free_kept) = { 0 };
	const size_t budget = reader->budget;
	int ret = read_any_value(reader, &tree, NULL, 2);

	reader->budget = budget;
	element->value = tree.values;
	element->index = stream->count;
	return ret ?: efimap_node_expect(element, stream->type) ?:
	       stream->take(element, reader->plan->context);
}

static int refuse_stream(struct reader *reader, struct efimap_node node)
{
	struct efimap_tree tree efimap_cleanup(free_kept) = { 0 };
	int ret = read_any_value(reader, &tree, NULL, 1);

	node.value = tree.values;
	return ret ?: efimap_node_expect(&node, JSON_ARRAY);
}

static int check_head(const struct efimap_node *root, const struct efimap_plan *plan)
{
	const struct efimap_node document = efimap_node_member(root, "document");
	const struct efimap_node version = efimap_node_member(root, "version");
	const struct efimap_node wrote = efimap_node_member(root, "tool");
	char quote[EFIMAP_QUOTE_SIZE], tool[EFIMAP_QUOTE_SIZE] = "";
	struct efimap_text text;
	uint64_t number;
	int ret;

	if (!document.value)
		return efimap_node_fail(&document, "missing, so this JSON is no document of "
					"efimapctl; expected \"%s\", as %s writes it",
					plan->document, plan->writer);
	ret = efimap_node_text(&document, MAX_NAME, &text);
	if (ret)
		return ret;
	if (strcmp(text.at, plan->document) != 0)
		return efimap_node_fail(&document,
					"this is a document %s, expected \"%s\", as %s writes "
					"it", efimap_text_quote(quote, text.at, text.len),
					plan->document, plan->writer);
	ret = efimap_node_number(&version, 0, INT64_MAX, &number);
	if (ret)
		return ret;
	if (number == 0)
		return efimap_node_fail(&version, "found 0, expected %ju",
					(uintmax_t)plan->version);
	if (number <= plan->version)
		return 0;
	if (wrote.value && efimap_node_string(&wrote, SIZE_MAX, &text) == 0)
		efimap_text_quote(tool, text.at, text.len);
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

static int read_stream(struct reader *reader, struct efimap_stream *stream)
{
	const struct efimap_value value = { .type = JSON_ARRAY };
	const struct efimap_node root = efimap_node_root(reader->doc);
	const struct efimap_node array = { .doc = root.doc, .parent = &root,
					   .key = stream->key, .value = &value };
	struct efimap_node element = { .doc = root.doc, .parent = &array };
	int ret = check_early(&root, reader->plan);

	stream->is_there = true;
	if (!ret && !take_mark(reader, '['))
		return refuse_stream(reader, array);
	for (; !ret && has_another(reader, ']', stream->count == 0); stream->count++) {
		if (stream->count == stream->max)
			return efimap_node_fail(&array, "more than %zu elements", stream->max);
		ret = take_element(reader, stream, &element);
	}
	return ret ?: take_list_end(reader, ']', stream->count == 0);
}

static struct efimap_stream *find_stream(const struct efimap_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_streams; i++)
		if (strcmp(plan->streams[i].key, name) == 0)
			return &plan->streams[i];
	return NULL;
}

static bool is_member_wanted(const struct efimap_plan *plan, const char *name)
{
	static const char *const heads[] = { "document", "version", "tool", "source" };

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (strcmp(heads[i], name) == 0)
			return true;
	return efimap_fields_find(plan->fields, name);
}

static int read_top_member(struct reader *reader)
{
	struct efimap_value name = { .size = 1 };
	struct efimap_tree *tree = NULL;
	struct efimap_stream *stream;
	const char *key = NULL;
	int ret = take_member_name(reader, &name);

	if (ret)
		return ret;
	stream = find_stream(reader->plan, name.text);
	if (stream && stream->is_there)
		return fail_token(reader, TWICE);
	if (!stream && is_member_wanted(reader->plan, name.text))
		tree = &reader->doc->tree;
	if (tree)
		ret = keep_name(reader, tree, 0, &name, &key);
	ret = ret ?: take_colon(reader);
	if (ret)
		return ret;
	return stream ? read_stream(reader, stream) : read_any_value(reader, tree, key, 1);
}

static int read_root(struct reader *reader)
{
	const struct efimap_value value = { .type = JSON_OBJECT, .size = 1 };
	struct efimap_tree *tree = &reader->doc->tree;
	int ret = keep_value(reader, tree, &value);
	bool is_first = true;

	if (!ret && !take_mark(reader, '{'))
		return fail_unexpected(reader, "an object");
	for (; !ret && has_another(reader, '}', is_first); is_first = false) {
		ret = read_top_member(reader);
		tree->values[0].size = (uint32_t)tree->count;
	}
	ret = ret ?: take_list_end(reader, '}', is_first);
	if (ret)
		return ret;
	peek_token(reader);
	return reader->ret || reader->at == reader->end ? reader->ret :
							  fail_unexpected(reader, "the end");
}

/* Where a file was cut or written over meanwhile, that is what is wrong with its text. */
static int check_input_change(const struct efimap_input *input, int ret,
			      struct efimap_err *err)
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
	struct reader reader = {
		.input = input,
		.plan = plan,
		.doc = doc,
		.budget = plan->budget,
		.at = input->data,
		.end = input->data ? input->data + input->len : NULL,
		.taken = input->len,
		.line = 1,
		.text = EFIMAP_OUT_MEM,
	};
	int ret;

	doc->name = input->name;
	ret = read_root(&reader);
	free(reader.window);
	efimap_out_free(&reader.text);
	if (!ret && plan->document) {
		const struct efimap_node root = efimap_node_root(doc);

		ret = check_head(&root, plan);
	}
	return check_input_change(input, ret, doc->err);
}

void efimap_document_free(struct efimap_document *doc)
{
	free_kept(&doc->tree);
}
