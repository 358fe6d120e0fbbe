/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parse a JSON document with jansson, within limits, and check the kind of the document. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/text_scan.h"
#include "document/snapshot.h"
#include "input/json/json_reader.h"
#include "input/json/json_values.h"

/*
 * Maximum number of objects and arrays in a document. jansson 2.14 needs 230 bytes for "{}" and 140
 * bytes for "[]", so 4 MiB of empty objects would need more than 300 MiB.
 */
#define MAX_CONTAINERS ((size_t)1 << 18)
/* Maximum length of the member "document" in bytes. */
#define MAX_NAME 4096U

/*
 * Brackets in strings are also counted. This is harmless, because real documents are far below the
 * limit.
 */
static int check_containers(const struct efimap_input *input, struct efimap_err *err)
{
	size_t count = 0;

	for (size_t i = 0; i < input->len; i++)
		count += input->data[i] == '{' || input->data[i] == '[';
	if (count <= MAX_CONTAINERS)
		return 0;
	return efimap_err_set(err, E2BIG, input->name, "more than %zu objects and arrays",
			      MAX_CONTAINERS);
}

/*
 * jansson's error message quotes the input, so the message is cleaned of control characters and
 * bytes that are not valid UTF-8.
 */
static int fail_parse(const char *name, json_error_t *error, struct efimap_err *err)
{
	if (!error->text[0] || json_error_code(error) == json_error_out_of_memory)
		return efimap_err_set(err, ENOMEM, name, "out of memory");
	efimap_text_clean(error->text, strlen(error->text));
	return efimap_err_at_column(err, EBADMSG, name, (uint64_t)error->line,
				    (uint64_t)error->column, "%s", error->text);
}

static int check_version(const struct efimap_node *root)
{
	const struct efimap_node version = efimap_node_member(root, "version");
	const struct efimap_node wrote = efimap_node_member(root, "tool");
	char tool[EFIMAP_QUOTE_SIZE] = "";
	uint64_t number;
	const int ret = efimap_node_number(&version, 0, INT64_MAX, &number);

	if (ret)
		return ret;
	if (number == 0)
		return efimap_node_fail(&version, "found 0, expected %d", EFIMAP_SNAPSHOT_VERSION);
	if (number <= EFIMAP_SNAPSHOT_VERSION)
		return 0;
	if (json_is_string(wrote.value))
		efimap_text_quote(tool, json_string_value(wrote.value),
				  json_string_length(wrote.value));
	return efimap_node_fail(&version,
				"%" PRIu64 " is newer than %d"
				", the latest version that this tool supports; use the "
				"tool that wrote the document%s%s, or a later version",
				number, EFIMAP_SNAPSHOT_VERSION, *tool ? ", " : "", tool);
}

static int check_kind(const struct efimap_document *doc)
{
	const struct efimap_node root = efimap_node_root(doc);
	const struct efimap_node document = efimap_node_member(&root, "document");
	char quote[EFIMAP_QUOTE_SIZE];
	struct efimap_text text;
	int ret;

	if (!document.value)
		return efimap_node_fail(&document,
					"missing, so this JSON is not an efimapctl "
					"document; expected \"" EFIMAP_SNAPSHOT_DOCUMENT
					"\", as written by efimapctl snapshot");
	ret = efimap_node_text(&document, MAX_NAME, &text);
	if (ret)
		return ret;
	if (strcmp(text.at, EFIMAP_SNAPSHOT_DOCUMENT) != 0)
		return efimap_node_fail(&document,
					"found %s, expected \"" EFIMAP_SNAPSHOT_DOCUMENT
					"\", as written by efimapctl snapshot",
					efimap_text_quote(quote, text.at, text.len));
	return check_version(&root);
}

int efimap_document_read(struct efimap_input *input, struct efimap_document *doc)
{
	json_error_t error = { .line = 0 };
	int ret;

	doc->name = input->name;
	ret = efimap_input_read_all(input, EFIMAP_DOCUMENT_MAX_BYTES, doc->err);
	if (!ret)
		ret = check_containers(input, doc->err);
	if (ret)
		return ret;
	doc->root = json_loadb(input->data, input->len, JSON_REJECT_DUPLICATES, &error);
	if (!doc->root)
		return fail_parse(input->name, &error, doc->err);
	return check_kind(doc);
}

void efimap_document_free(struct efimap_document *doc)
{
	json_decref(doc->root);
	doc->root = NULL;
}
