/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read a snapshot. A snapshot may come from an untrusted source, so all its content, including
 * names and recorded errors, is checked like the files of an untrusted tree.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/base64.h"
#include "base/cleanup.h"
#include "base/text_scan.h"
#include "document/json_values.h"
#include "document/snapshot.h"
#include "input/log/capture_from_log.h"
#include "input/read_snapshot.h"
#include "input/tree/capture_file.h"
#include "input/tree/tree_access.h"

/*
 * Maximum number of objects and arrays in a document. jansson 2.14 needs 230 bytes for "{}" and 140
 * bytes for "[]", so a document of empty objects would need much memory.
 */
#define MAX_CONTAINERS ((size_t)1 << 18)

/* Maximum depth of a document. jansson calls itself for each object and array in another one. */
#define MAX_DEPTH 250

bool input_is_snapshot(const struct input *input)
{
	size_t at = 0;

	while (at < input->len && text_is_space(input->data[at]))
		at++;
	return at < input->len && input->data[at] == '{';
}

static int fail(const char *name, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(const char *name, struct err *err, const char *fmt, ...)
{
	char text[sizeof(((struct err *)0)->text)];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	text_clean(text, strlen(text));
	return err_set(err, EBADMSG, name, "%s", text);
}

/* Return whether objects and arrays are nested too deeply, up to the first syntax error. */
static bool is_too_deep(struct text document)
{
	size_t depth = 0;
	bool is_string = false;

	for (; document.len && depth <= MAX_DEPTH; text_skip(&document, 1)) {
		const char character = document.at[0];

		if (character == '\\' && document.len > 1)
			text_skip(&document, 1);
		else if (character == '"')
			is_string = !is_string;
		else if (!is_string && (character == '{' || character == '['))
			depth++;
		else if (!is_string && (character == '}' || character == ']') && depth)
			depth--;
	}
	return depth > MAX_DEPTH;
}

static int parse_document(struct input *input, json_t **ret_root, struct err *err)
{
	static const char without[] = " without JSON_ALLOW_NUL";
	json_error_t error = { .line = 0 };
	size_t containers = 0;
	json_t *root = NULL;
	char *flag;
	int ret = input_read_all(input, EFIMAP_DOCUMENT_MAX_BYTES, err);

	if (ret)
		return ret;
	/* Brackets in strings are also counted, but real documents are far below the limit. */
	for (size_t i = 0; i < input->len; i++)
		containers += input->data[i] == '{' || input->data[i] == '[';
	if (containers > MAX_CONTAINERS)
		return err_set(err, E2BIG, input->name, "more than %zu objects and arrays",
			       MAX_CONTAINERS);
	if (is_too_deep((struct text){ input->data, input->len }))
		return err_set(err, E2BIG, input->name,
			       "objects and arrays are nested more than %d levels deep", MAX_DEPTH);
	json_use_memory();
	root = json_loadb(input->data, input->len, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		text_clean(error.text, strlen(error.text));
		/* The user cannot pass this flag of jansson. */
		flag = strstr(error.text, without);
		if (flag)
			memmove(flag, flag + strlen(without), strlen(flag + strlen(without)) + 1);
		return err_at_column(err, EBADMSG, input->name, (uint64_t)error.line,
				     (uint64_t)error.column, "%s", error.text);
	}
	*ret_root = root;
	return 0;
}

static int check_kind(const char *name, const json_t *root, struct err *err)
{
	const char *document = json_string_value(json_object_get(root, "document"));
	const json_t *version = json_object_get(root, "version");
	const char *tool = json_string_value(json_object_get(root, "tool"));
	struct text name_of_tool = { tool, tool ? strlen(tool) : 0 };
	/* Show only "efimapctl VERSION", because an untrusted snapshot may contain any text. */
	const bool is_named = text_take(&name_of_tool, "efimapctl ") && name_of_tool.len &&
			      text_span(name_of_tool, EFIMAP_DIGITS ".") == name_of_tool.len;

	if (!document)
		return fail(name, err,
			    "the member \"document\" is missing, so this JSON is not a document of "
			    "efimapctl; expected \"" EFIMAP_SNAPSHOT_DOCUMENT
			    "\", as written by efimapctl snapshot");
	if (strcmp(document, EFIMAP_SNAPSHOT_DOCUMENT) != 0)
		return fail(name, err,
			    "document: found \"%.40s\", expected \"" EFIMAP_SNAPSHOT_DOCUMENT
			    "\", as written by efimapctl snapshot",
			    document);
	if (!json_is_integer(version))
		return fail(name, err, "version: expected a number");
	if (json_integer_value(version) == EFIMAP_SNAPSHOT_VERSION)
		return 0;
	return fail(name, err,
		    "version: found %" JSON_INTEGER_FORMAT ", but this tool reads only version %d; "
		    "use %.40s%s wrote the snapshot, or write a new snapshot",
		    json_integer_value(version), EFIMAP_SNAPSHOT_VERSION,
		    is_named ? tool : "the tool", is_named ? ", which" : " that");
}

struct snapshot_reader {
	const char *name;
	struct recording *recording;
	struct err *err;
};

static int take_list(const struct snapshot_reader *reader, const char *path, const json_t *names)
{
	const size_t list = record_list(reader->recording, path);
	const json_t *name;
	size_t i;

	if (!json_is_array(names))
		return fail(reader->name, reader->err, "files.%s.list: expected an array", path);
	json_array_foreach(names, i, name)
	{
		const char *text = json_string_value(name);
		const size_t len = text ? strcspn(text, "/") : 0;

		if (!len || (text[len] && text[len + 1]))
			return fail(reader->name, reader->err,
				    "files.%s.list[%zu]: expected a name, with / at the end for a "
				    "directory",
				    path, i);
		record_name(reader->recording, list, text, false);
	}
	return 0;
}

static int take_part(const struct snapshot_reader *reader, const char *path, size_t i,
		     const json_t *part, uint64_t size)
{
	const json_t *at = json_object_get(part, "at"), *base64 = json_object_get(part, "base64");
	const size_t len = json_string_length(base64);
	auto_free uint8_t *data = memory_new(len + 1);
	const json_int_t start = json_integer_value(at);
	const ssize_t bytes = json_is_string(base64)
				      ? base64_decode(json_string_value(base64), len, data)
				      : -EBADMSG;

	if (bytes < 0 || !json_is_integer(at) || start < 0)
		return fail(reader->name, reader->err,
			    "files.%s.parts[%zu]: expected a number \"at\" and bytes as \"base64\"",
			    path, i);
	if ((uint64_t)start > size || (uint64_t)bytes > size - (uint64_t)start)
		return fail(reader->name, reader->err,
			    "files.%s.parts[%zu]: ends after the end of the file", path, i);
	record_bytes(reader->recording, path, (uint64_t)start, data, bytes, false);
	return 0;
}

static int take_unpacked(const struct snapshot_reader *reader, const char *path,
			 const json_t *unpacked)
{
	const json_t *least = json_object_get(unpacked, "least");
	const json_t *most = json_object_get(unpacked, "most");
	const json_t *end = json_object_get(unpacked, "end");
	const char *word = json_is_string(end) ? json_string_value(end) : "";
	struct unpacked_size size = {
		.is_known = true,
		.least = (uint64_t)json_integer_value(least),
		.most = most ? (uint64_t)json_integer_value(most) : EFIMAP_NO_UPPER_BOUND,
		.end = strcmp(word, "missing") == 0   ? EFIMAP_INITRD_CUT
		       : strcmp(word, "present") == 0 ? EFIMAP_INITRD_COMPLETE
						      : EFIMAP_INITRD_END_UNKNOWN,
	};

	if (!json_is_integer(least) || json_integer_value(least) < 0 ||
	    (most && (!json_is_integer(most) || json_integer_value(most) < 0)) ||
	    size.most < size.least)
		return fail(reader->name, reader->err,
			    "files.%s.unpacked: expected numbers \"least\" and \"most\"", path);
	if (end && !size.end)
		return fail(reader->name, reader->err,
			    "files.%s.unpacked.end: expected \"present\" or \"missing\"", path);
	record_unpacked_size(reader->recording, path, &size);
	return 0;
}

static int take_object(const struct snapshot_reader *reader, const char *path, const json_t *file)
{
	const json_t *unpacked = json_object_get(file, "unpacked");
	const json_t *size = json_object_get(file, "size"), *part;
	const json_t *parts = json_object_get(file, "parts");
	const json_t *error = json_object_get(file, "error");
	const int code = json_is_string(error) ? recorded_errno(json_string_value(error)) : 0;
	uint64_t end = size ? (uint64_t)json_integer_value(size) : INT64_MAX;
	size_t i;
	int ret = 0;

	if (json_object_get(file, "list"))
		return take_list(reader, path, json_object_get(file, "list"));
	if ((size && (!json_is_integer(size) || json_integer_value(size) < 0)) ||
	    (parts && !json_is_array(parts)) || (error && !code) || (!size && !parts && !error))
		return fail(reader->name, reader->err,
			    "files.%s: expected a text, or an object with \"size\" and \"parts\", "
			    "with \"list\", or with \"error\"",
			    path);
	if (size)
		record_size(reader->recording, path, end, 0);
	if (unpacked)
		ret = take_unpacked(reader, path, unpacked);
	json_array_foreach(parts, i, part) if (!ret) ret = take_part(reader, path, i, part, end);
	if (!ret && error)
		record_bytes(reader->recording, path, 0, NULL, code, false);
	return ret;
}

static int take_files(const struct snapshot_reader *reader, json_t *files)
{
	const char *path;
	json_t *file;

	if (!json_is_object(files))
		return fail(reader->name, reader->err, "files: expected an object");
	json_object_foreach(files, path, file)
	{
		int ret = 0;

		if (json_is_string(file))
			record_bytes(reader->recording, path, 0, json_string_value(file),
				     (ssize_t)json_string_length(file), true);
		else
			ret = take_object(reader, path, file);
		if (ret)
			return ret;
	}
	return 0;
}

/* Store one number for each file: its time of modification, or the count of its omitted values. */
static int take_numbers(const struct snapshot_reader *reader, json_t *numbers, bool is_mtime)
{
	struct recording *recording = reader->recording;
	const struct recorded_file *found;
	const char *path;
	json_t *number;

	json_object_foreach(numbers, path, number)
	{
		const json_int_t value = json_integer_value(number);
		struct recorded_file *file;

		if (!json_is_integer(number) || value < 0)
			return fail(reader->name, reader->err, "recorded.%s.%s: expected a number",
				    is_mtime ? "mtimes" : "redacted", path);
		if (recording_find(recording, path, &found))
			continue;
		file = &recording->files[found - recording->files];
		if (is_mtime)
			file->mtime = value;
		else
			file->n_omitted = value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
	}
	return 0;
}

static int take_recorded(const struct snapshot_reader *reader, const json_t *root)
{
	static const enum origin origins[] = { EFIMAP_ORIGIN_LIVE, EFIMAP_ORIGIN_TREE,
					       EFIMAP_ORIGIN_LOG };
	const json_t *recorded = json_object_get(root, "recorded");
	const char *from = json_string_value(json_object_get(recorded, "from"));
	const char *source = json_string_value(json_object_get(root, "source"));
	struct recording *recording = reader->recording;
	const json_t *time = json_object_get(recorded, "time");
	const json_int_t log_boot = json_integer_value(json_object_get(recorded, "log_boot"));
	const json_int_t log_boots = json_integer_value(json_object_get(recorded, "log_boots"));
	json_t *omitted = json_object_get(recorded, "redacted");
	bool is_known = false;
	int ret;

	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]) && from; i++) {
		if (strcmp(from, origin_name(origins[i])) != 0)
			continue;
		recording->from = origins[i];
		is_known = true;
	}
	if (!is_known)
		return fail(reader->name, reader->err,
			    "recorded.from: expected \"live\", \"tree\" or \"log\"");
	if (time && !json_is_null(time) &&
	    (!json_is_integer(time) || json_integer_value(time) <= 0))
		return fail(reader->name, reader->err, "recorded.time: expected a number");
	if (log_boot < 0 || log_boot > log_boots || log_boots > UINT32_MAX)
		return fail(reader->name, reader->err,
			    "recorded.log_boot: expected a number of at most log_boots");
	recording->time = json_integer_value(time);
	recording->boot = (uint32_t)log_boot;
	recording->n_boots = (uint32_t)log_boots;
	recording->is_redacted = omitted != NULL;
	recording_set_source(recording, source ? source : "");
	ret = take_files(reader, json_object_get(root, "files"));
	if (ret)
		return ret;
	recording_finish(recording);
	ret = take_numbers(reader, omitted, false);
	return ret ? ret : take_numbers(reader, json_object_get(recorded, "mtimes"), true);
}

static int read_recorded_log(const struct recording *recording, const char *name, int boot,
			     struct recording *record, struct efimap **ret_map, struct err *err)
{
	auto_input struct input input = {
		.name = name,
		.fd = -1,
		.at_end = true,
		.boot = boot,
		.replay = recording,
		.record = record,
	};
	struct err why = EFIMAP_ERR_INIT;
	const struct recorded_file *file;
	int ret = recording_find(recording, EFIMAP_RECORDED_LOG, &file);

	if (ret || !file->has_size || file->size > EFIMAP_FILE_BYTES)
		return fail(name, err, "files." EFIMAP_RECORDED_LOG ": expected a text");
	input.len = (size_t)file->size;
	input.data = memory_new(input.len + 1);
	if (recorded_read(file, 0, input.data, input.len) < 0)
		return fail(name, err, "files." EFIMAP_RECORDED_LOG ": expected a text");
	input.data[input.len] = '\0';
	ret = read_log_source(name, &input, ret_map, &why);
	if (ret == -EBADMSG)
		return fail(name, err, "files." EFIMAP_RECORDED_LOG ": not a kernel log");
	if (ret && err)
		*err = why;
	return ret;
}

/*
 * Return the day of a time in UTC, as the number 20261130, or 0 after the year 9999. gmtime_r()
 * would read the time zone, and add 85 KB to the static program.
 */
static uint32_t find_day(int64_t seconds)
{
	static const uint8_t lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t days = seconds / (INT64_C(24) * 60 * 60);

	for (uint32_t year = 1970, i = 0; year <= 9999; year += ++i % 12 == 0) {
		const uint32_t month = i % 12;
		const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		const int length = lengths[month] + (month == 1 && is_leap);

		if (days < length)
			return year * 10000 + (month + 1) * 100 + (uint32_t)days + 1;
		days -= length;
	}
	return 0;
}

int read_recording(const struct recording *recording, const char *name, int boot,
		   struct recording *record, struct efimap **ret_map, struct err *err)
{
	auto_root struct root *root = root_of_recording(recording);
	const struct recorded_file *cmdline;
	const bool has_cmdline =
		!recording_find(recording, "proc/cmdline", &cmdline) && !cmdline->error;
	uint32_t n_redacted = 0;
	int ret;

	root->record = record;
	root->boot = boot;
	if (record) {
		record->from = recording->from;
		record->time = recording->time;
		record->is_redacted = recording->is_redacted;
		record->boot = recording->boot;
		record->n_boots = recording->n_boots;
		recording_set_source(record, recording->source);
	}
	ret = recording->from == EFIMAP_ORIGIN_LOG
		      ? read_recorded_log(recording, name, boot, record, ret_map, err)
		      : read_tree(root, name, EFIMAP_ORIGIN_SNAPSHOT, ret_map, err);
	if (ret)
		return ret;
	/* Count the removed parameters of proc/cmdline or, without it, of the log. */
	for (size_t i = 0; i < recording->n_files; i++) {
		const struct recorded_file *file = &recording->files[i];

		if (has_cmdline ? file == cmdline : path_is_log(file->path))
			n_redacted = file->n_omitted;
	}
	for (struct efimap *map = *ret_map; map; map = map->next) {
		map->origin = EFIMAP_ORIGIN_SNAPSHOT;
		map->first_origin = recording->from;
		if (recording->time)
			map->read_on = find_day(recording->time);
		map->redacted = recording->is_redacted;
		map->n_redacted = n_redacted;
	}
	for (size_t i = 0; record && i < record->n_files; i++) {
		const struct recorded_file *file;

		if (!recording_find(recording, record->files[i].path, &file))
			record->files[i].n_omitted = file->n_omitted;
	}
	return 0;
}

static void free_json(json_t **value)
{
	json_decref(*value);
}

int read_snapshot(const char *name, struct input *input, struct efimap **ret_map, struct err *err)
{
	auto_recording struct recording recording = { 0 };
	auto_cleanup(free_json) json_t *root = NULL;
	const struct snapshot_reader reader = { input->name, &recording, err };
	int ret = parse_document(input, &root, err);

	if (!ret)
		ret = check_kind(input->name, root, err);
	if (!ret)
		ret = take_recorded(&reader, root);
	return ret ? ret
		   : read_recording(&recording, name, input->boot, input->record, ret_map, err);
}
