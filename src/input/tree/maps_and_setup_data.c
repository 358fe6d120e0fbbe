/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read runtime-map, memmap and setup_data. These directories have the same layout: a numbered
 * directory for each record, with a file for each field. The records are sorted, because the kernel
 * lists directories in hash order.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/sort.h"
#include "input/file_readers.h"
#include "input/parse_values.h"
#include "input/source_limits.h"

union record {
	uint32_t index;
	struct map_entry entry;
	struct memory_range range;
	struct setup_node node;
};

/*
 * A file of a record, with a hexadecimal number or, if @is_text is set, with a text.
 *
 * @at, @size: offset and size of the value in the record: a uint32_t, uint64_t or const char *
 */
struct record_file {
	const char *name;
	size_t at;
	size_t size;
	bool is_text;
};

#define VALUE(type, member)                                                                        \
	.at = offsetof(struct type, member), .size = sizeof(((struct type *)0)->member)

/*
 * The kinds of directories. The path of a directory is that of its source. Faults are reported in
 * the order of the files.
 */
static const struct record_kind {
	enum source source;
	struct record_file files[6];
} kinds[] = {
	/* arch/x86/platform/efi/runtime-map.c exports these files. */
	{ EFIMAP_SRC_RUNTIME_MAP,
	  { { "attribute", VALUE(map_entry, attribute) },
	    { "num_pages", VALUE(map_entry, pages) },
	    { "phys_addr", VALUE(map_entry, phys) },
	    { "type", VALUE(map_entry, type) },
	    { "virt_addr", VALUE(map_entry, virt) } } },
	{ EFIMAP_SRC_MEMMAP,
	  { { "end", VALUE(memory_range, end) },
	    { "start", VALUE(memory_range, start) },
	    { "type", VALUE(memory_range, label), .is_text = true } } },
	{ EFIMAP_SRC_SETUP_DATA, { { "type", VALUE(setup_node, type) } } },
};

/*
 * A directory that is being read.
 *
 * @path:      path of the directory below the root
 * @where:     path of the current file
 * @name:      position in @where at which the name of the current file or directory begins
 * @n_names:   number of names that have been listed in the directory
 * @unexpected: names of directories that are not numbers
 * @texts:     memory for the names in @unexpected
 * @is_denied: permission has been denied for every file so far
 */
struct reader {
	const struct record_kind *kind;
	struct root *root;
	struct efimap *map;
	const char *path;
	char where[EFIMAP_WHERE_SIZE];
	struct capture_fault fault;
	char *name;
	size_t n_names;
	uint32_t *numbers;
	size_t count;
	size_t capacity;
	const char **unexpected;
	size_t n_unexpected;
	size_t unexpected_capacity;
	struct arena texts;
	bool is_denied;
};

static void free_reader(struct reader *reader)
{
	free(reader->numbers);
	free(reader->unexpected);
	arena_free(&reader->texts);
}

static int take_record_name(void *context, const char *name, mode_t type)
{
	struct reader *reader = context;
	const char *copy;
	uint32_t number;

	/* Skip hidden names, as kexec-tools and ls do. */
	if (name[0] == '.')
		return 0;
	if (++reader->n_names > EFIMAP_MAX_ENTRIES)
		return -E2BIG;
	/* Add a number even if it names no directory, so that a fault is reported. */
	if (parse_index(name, &number)) {
		array_append(&reader->numbers, &reader->count, &reader->capacity, &number,
			     sizeof(number));
	} else if (S_ISDIR(type)) {
		copy = arena_strndup(&reader->texts, name, strlen(name));
		array_append(&reader->unexpected, &reader->n_unexpected,
			     &reader->unexpected_capacity, &copy, sizeof(copy));
	}
	return 0;
}

static void report_unexpected_names(struct reader *reader)
{
	reader->fault.index = EFIMAP_NO_INDEX;
	fault_set(&reader->fault, EFIMAP_STATE_NAME, 0,
		  "expected directories named 0 to %u, without leading zeros", EFIMAP_NO_INDEX - 1);
	sort_items(reader->unexpected, reader->n_unexpected, sizeof(*reader->unexpected),
		   order_at_text);
	for (size_t i = 0; i < reader->n_unexpected; i++) {
		/* Truncate the name, because some file systems allow names beyond NAME_MAX. */
		snprintf(reader->name,
			 sizeof(reader->where) - (size_t)(reader->name - reader->where), "%s",
			 reader->unexpected[i]);
		capture_add_fault(reader->map, &reader->fault);
	}
}

/* Read a file of a record. Return 0, 1 if a fault was added, or a negative errno. */
static int read_record_file(struct reader *reader, const struct record_file *file,
			    union record *record, char label[EFIMAP_LABEL_MAX + 1])
{
	char *at = (char *)record + file->at, data[EFIMAP_VALUE_SIZE];
	const uint64_t max = file->size == sizeof(uint32_t) ? UINT32_MAX : UINT64_MAX;
	const ssize_t len = root_value(reader->root, reader->where, data);
	const char *text = label;
	char quote[EFIMAP_QUOTE_SIZE];
	size_t label_len;
	uint64_t number;
	uint32_t low;
	int ret;

	/* As with an empty file, the copy has a fault, and not the machine. */
	if (len > 0 && data[len - 1] != '\n') {
		fault_set(&reader->fault, EFIMAP_STATE_EMPTY, 0,
			  "found %s, expected a newline at the end",
			  text_quote(quote, data, (size_t)len));
		reader->is_denied = false;
		capture_add_fault(reader->map, &reader->fault);
		return 1;
	}
	if (len >= 0 && file->is_text &&
	    parse_label(data, (size_t)len, &label_len, &reader->fault)) {
		memcpy(label, data, label_len);
		label[label_len] = '\0';
		memcpy(at, &text, sizeof(text));
		reader->is_denied = false;
		return 0;
	}
	if (len >= 0 && !file->is_text &&
	    parse_hex_value(data, (size_t)len, max, &number, &reader->fault)) {
		low = (uint32_t)number;
		memcpy(at, max == UINT32_MAX ? (const void *)&low : &number, file->size);
		reader->is_denied = false;
		return 0;
	}
	ret = len < 0 ? fault_set_errno(&reader->fault, (int)len) : 0;
	reader->is_denied &= reader->fault.state == EFIMAP_STATE_DENIED;
	if (ret)
		return ret;
	capture_add_fault(reader->map, &reader->fault);
	return 1;
}

/*
 * Payloads of setup_data nodes (arch/x86/kernel/ksysfs.c) may contain keys and seeds, so a capture
 * contains only the payloads of EFIMAP_SETUP_EFI nodes, and the sizes of other payloads.
 */
static void payload_path(uint32_t index, char path[EFIMAP_WHERE_SIZE])
{
	snprintf(path, EFIMAP_WHERE_SIZE, "%s/%u/data", path_of_source(EFIMAP_SRC_SETUP_DATA),
		 index);
}

static int add_setup_node(struct root *root, struct efimap *map, struct setup_node node)
{
	auto_file struct tree_file file = { 0 };
	char path[EFIMAP_WHERE_SIZE];
	struct capture_fault fault = { EFIMAP_SRC_SETUP_DATA, node.index, .where = path };
	int ret;

	payload_path(node.index, path);
	if (node.type == EFIMAP_SETUP_EFI)
		ret = root_read(root, path, EFIMAP_READ_WHOLE, EFIMAP_PAYLOAD_BYTES, NULL, &file);
	else
		ret = root_file_size(root, path, &node.len);
	if (!ret && file.data) {
		node.len = file.len;
		node.payload_size = file.len < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)file.len
								       : EFIMAP_EFI_PAYLOAD_SIZE;
		memcpy(node.payload, file.data, node.payload_size);
	}
	/*
	 * A missing payload is not a fault. It may have been left out deliberately because it can
	 * contain keys, or removed by "sos clean", which removes all files that are not text.
	 */
	if (ret && ret != -ENOENT)
		return capture_add_errno(map, &fault, ret);
	capture_add_setup_node(map, &node);
	return 0;
}

static int read_record(struct reader *reader, uint32_t index)
{
	const struct record_kind *kind = reader->kind;
	union record record;
	char label[EFIMAP_LABEL_MAX + 1];
	char *name = reader->name + snprintf(reader->name, sizeof("4294967295/"), "%u/", index);
	bool is_good = true;
	int ret = 0;

	if (kind->source == EFIMAP_SRC_RUNTIME_MAP)
		capture_add_name(reader->map, index);
	/* An initialiser may clear only the first member of a union. */
	memset(&record, 0, sizeof(record));
	record.index = reader->fault.index = index;
	for (const struct record_file *file = kind->files; file->name && ret >= 0; file++) {
		stpcpy(name, file->name);
		ret = read_record_file(reader, file, &record, label);
		is_good &= ret == 0;
	}
	if (ret < 0 || !is_good)
		return ret < 0 ? ret : 0;
	if (kind->source == EFIMAP_SRC_SETUP_DATA)
		return add_setup_node(reader->root, reader->map, record.node);
	if (kind->source == EFIMAP_SRC_RUNTIME_MAP)
		capture_add_entry(reader->map, &record.entry);
	else
		capture_add_memmap(reader->map, index, record.range.start, record.range.end,
				   record.range.label, strlen(record.range.label));
	return 0;
}

/*
 * Read a numbered directory. If permission was denied for every file of the records, the state of
 * the source is DENIED, and the files cause no faults.
 */
int read_records(struct root *root, struct efimap *map, const struct capture_file *file,
		 struct err *err)
{
	auto_cleanup(free_reader) struct reader reader = {
		.kind = kinds,
		.root = root,
		.map = map,
		.path = path_of_source(file->source),
		.fault = { .source = file->source, .where = reader.where },
		.is_denied = true,
	};
	size_t n_faults;
	int ret = root_list(root, reader.path, "", take_record_name, &reader);

	while (reader.kind->source != file->source)
		reader.kind++;
	if (ret == -E2BIG) {
		source_where(map, reader.path, reader.where);
		return err_set(err, E2BIG, reader.where, "more than %u entries",
			       EFIMAP_MAX_ENTRIES);
	}
	reader.name = stpcpy(stpcpy(reader.where, reader.path), "/");
	note_file(map, file, ret);
	if (ret)
		return source_add_errno(map, file->source, reader.path, ret);
	sort_items(reader.numbers, reader.count, sizeof(*reader.numbers), order_at_32);
	report_unexpected_names(&reader);
	n_faults = map->n_faults;
	for (size_t i = 0; i < reader.count && !ret; i++)
		ret = read_record(&reader, reader.numbers[i]);
	if (ret)
		return ret;
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	/* If permission was denied for every file, one state replaces the faults of all files. */
	if (reader.count && reader.is_denied) {
		map->states[file->source] = EFIMAP_STATE_DENIED;
		map->n_faults = n_faults;
	}
	return 0;
}

int read_setup_data(struct root *root, struct efimap *map, const struct capture_file *file,
		    struct err *err)
{
	int ret = read_records(root, map, file, err);

	/*
	 * The state is ABSENT if the payload of a SETUP_EFI node is missing. sos keeps an empty
	 * file if a read fails, so an empty payload in an offline capture counts as missing.
	 */
	for (size_t i = 0; !ret && capture_has(map, file->source) && i < map->n_setup_data; i++) {
		const struct setup_node *node = &map->setup_data[i];
		char path[EFIMAP_WHERE_SIZE];
		uint64_t size;

		payload_path(node->index, path);
		if (node->type == EFIMAP_SETUP_EFI && node->len == 0 &&
		    (capture_is_offline(map) || root_file_size(root, path, &size) == -ENOENT))
			map->states[file->source] = EFIMAP_STATE_ABSENT;
	}
	return ret;
}
