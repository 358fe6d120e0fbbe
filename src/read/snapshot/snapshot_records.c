/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The arrays of an efimap-snapshot document: entries, ranges, lines and faults. Records
 * can stand in any order, as files do; a number that stands twice is refused, for no
 * directory can.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/parse.h"
#include "read/read.h"
#include "read/snapshot/snapshot.h"

/* Of a line of /proc/iomem, a path or a message */
#define MAX_TEXT 4096U

/* Null only where the mark stands that a map from a kernel's log has. */
static int take_virt(const struct efimap_node *record, struct efimap_entry *entry)
{
	const struct efimap_node mark = efimap_node_member(record, "virt_addr_predicted");
	const struct efimap_node virt = efimap_node_member(record, "virt_addr");

	bool predicted = true;
	int ret = mark.value ? efimap_node_bool(&mark, &predicted) : 0;

	if (ret)
		return ret;
	if (predicted) {
		entry->virt_from = mark.value ? EFIMAP_VIRT_PREDICTED : EFIMAP_VIRT_READ;
		return efimap_node_hex(&virt, UINT64_MAX, &entry->virt);
	}
	entry->virt_from = EFIMAP_VIRT_UNKNOWN;
	return efimap_node_is_null(&virt) ? 0 :
		       efimap_node_fail(&virt, "expected null, because "
					       "virt_addr_predicted is false");
}

static int parse_entry(const struct efimap_node *record, struct efimap_entry *ret_entry)
{
	struct efimap_entry entry = { 0 };
	uint64_t index = 0, type = 0;
	int ret = efimap_member_number(record, "index", EFIMAP_NO_INDEX - 1, &index);

	if (!ret)
		ret = efimap_member_hex(record, "type", UINT32_MAX, &type);
	if (!ret)
		ret = efimap_member_hex(record, "attribute", UINT64_MAX, &entry.attribute);
	if (!ret)
		ret = efimap_member_hex(record, "phys_addr", UINT64_MAX, &entry.phys);
	if (!ret)
		ret = take_virt(record, &entry);
	if (!ret)
		ret = efimap_member_hex(record, "num_pages", UINT64_MAX, &entry.pages);
	if (ret)
		return ret;
	entry.index = (uint32_t)index;
	entry.type = (uint32_t)type;
	*ret_entry = entry;
	return 0;
}

static int take_entry(const struct efimap_node *record, void *map)
{
	struct efimap_entry entry;
	int ret = parse_entry(record, &entry);

	return ret ? ret : efimap_add_entry(map, &entry);
}

static int take_firmware(const struct efimap_node *record, void *map)
{
	struct efimap_entry entry;
	int ret = parse_entry(record, &entry);

	return ret ? ret : efimap_add_firmware(map, &entry);
}

static int take_name(const struct efimap_node *record, void *map)
{
	uint64_t index = 0;
	int ret = efimap_node_number(record, EFIMAP_NO_INDEX - 1, &index);

	return ret ? ret : efimap_add_name(map, (uint32_t)index);
}

static int take_range(const struct efimap_node *record, void *map)
{
	const struct efimap_node type = efimap_node_member(record, "type");
	uint64_t index = 0, start = 0, end = 0;
	struct efimap_problem problem;
	const char *label;
	size_t len;
	int ret = efimap_member_number(record, "index", EFIMAP_NO_INDEX - 1, &index);

	if (!ret)
		ret = efimap_member_hex(record, "start", UINT64_MAX, &start);
	if (!ret)
		ret = efimap_member_hex(record, "end", UINT64_MAX, &end);
	if (!ret)
		ret = efimap_node_text(&type, MAX_TEXT, &label, &len);
	if (ret)
		return ret;
	if (!efimap_parse_label(label, len, &len, &problem))
		return efimap_node_fail(&type, "%s", problem.text);
	return efimap_add_memmap(map, (uint32_t)index, start, end, label, len);
}

static int take_line(const struct efimap_node *record, void *context)
{
	struct efimap *map = context;
	uint64_t max = map->n_iomem ? (uint64_t)map->iomem[map->n_iomem - 1].depth + 1 : 0;
	struct efimap_span span = { 0 };
	uint64_t depth = 0;
	const char *name;
	size_t len;
	int ret = efimap_member_number(record, "depth", max, &depth);

	if (!ret)
		ret = efimap_member_hex(record, "start", UINT64_MAX, &span.first);
	if (!ret)
		ret = efimap_member_hex(record, "end", UINT64_MAX, &span.last);
	if (!ret)
		ret = efimap_member_text(record, "name", MAX_TEXT, &name, &len);
	if (ret)
		return ret;
	if (span.last < span.first)
		return efimap_node_fail(record, "ends before it starts");
	return efimap_add_iomem(map, span, (uint32_t)depth, name, len);
}

static const char *source_name(unsigned int number)
{
	return efimap_source_name((enum efimap_source)number);
}

static const char *kind_name(unsigned int number)
{
	return efimap_fault_kind_name((enum efimap_fault_kind)number);
}

static int take_fault_index(const struct efimap_node *record, struct efimap_fault *fault)
{
	const struct efimap_node node = efimap_node_member(record, "index");
	uint64_t index = EFIMAP_NO_INDEX, line = 0;
	int ret = 0;

	if (!efimap_node_is_null(&node))
		ret = efimap_node_number(&node, EFIMAP_NO_INDEX - 1, &index);
	if (!ret)
		ret = efimap_member_number(record, "line", UINT32_MAX, &line);
	fault->index = (uint32_t)index;
	fault->line = (uint32_t)line;
	return ret;
}

static int take_fault(const struct efimap_node *record, void *map)
{
	const struct efimap_node source = efimap_node_member(record, "source");
	const struct efimap_node kind = efimap_node_member(record, "kind");
	struct efimap_fault fault = { 0 };
	unsigned int number = 0;
	size_t len;
	int ret = efimap_node_choice(&source, source_name, EFIMAP_SRC_COUNT, &number);

	fault.source = (enum efimap_source)number;
	if (!ret)
		ret = efimap_node_choice(&kind, kind_name, EFIMAP_FAULT_KIND_COUNT, &number);
	fault.kind = (enum efimap_fault_kind)number;
	if (!ret)
		ret = take_fault_index(record, &fault);
	if (!ret)
		ret = efimap_member_text(record, "path", MAX_TEXT, &fault.where, &len);
	if (!ret)
		ret = efimap_member_text(record, "message", MAX_TEXT, &fault.text, &len);
	return ret ? ret : efimap_add_fault(map, &fault);
}

/*
 * @stream:      the array; a real map has dozens of entries, and a fault is of one of its
 *               files
 * @source:      it is empty unless this was read; EFIMAP_SRC_COUNT for any time
 * @is_optional: a document of another tool can be without
 */
static const struct kind {
	struct efimap_stream stream;
	enum efimap_source source;
	bool is_optional;
} kinds[EFIMAP_SNAPSHOT_STREAMS] = {
#define RECORDS(key, max, take) { key, EFIMAP_JSON_OBJECT, max, take, false, 0 }
	{ RECORDS("runtime_map", EFIMAP_MAX_ENTRIES, take_entry), EFIMAP_SRC_RUNTIME_MAP, false },
	{ RECORDS("firmware_map", EFIMAP_MAX_ENTRIES, take_firmware), EFIMAP_SRC_COUNT, true },
	{ { "names", EFIMAP_JSON_INTEGER, EFIMAP_MAX_ENTRIES, take_name, false, 0 },
	  EFIMAP_SRC_COUNT, true },
	{ RECORDS("memmap", EFIMAP_MAX_ENTRIES, take_range), EFIMAP_SRC_MEMMAP, false },
	{ RECORDS("iomem", EFIMAP_MAX_LINES, take_line), EFIMAP_SRC_IOMEM, false },
	{ RECORDS("faults", 8 * EFIMAP_MAX_ENTRIES, take_fault), EFIMAP_SRC_COUNT, true },
#undef RECORDS
};

void efimap_snapshot_streams(struct efimap_stream streams[EFIMAP_SNAPSHOT_STREAMS])
{
	for (size_t i = 0; i < EFIMAP_SNAPSHOT_STREAMS; i++)
		streams[i] = kinds[i].stream;
}

static int check_stream(const struct efimap_node *root, const struct efimap_stream *stream,
			const struct kind *kind, const struct efimap *map)
{
	const struct efimap_node array = efimap_node_member(root, stream->key);

	if (!stream->is_there)
		return kind->is_optional ? 0 : efimap_node_expect(&array, EFIMAP_JSON_ARRAY);
	if (stream->count && kind->source != EFIMAP_SRC_COUNT && !efimap_has(map, kind->source))
		return efimap_node_fail(&array,
					"expected [], because states.%s is not \"present\"",
					efimap_source_name(kind->source));
	return 0;
}

/* A document of another tool: each entry was a directory. */
static int make_names(struct efimap *map)
{
	int ret = 0;

	for (size_t i = 0; i < map->n_entries && !ret; i++)
		ret = efimap_add_name(map, map->entries[i].index);
	return ret;
}

/* Everything is in order now: see that no number stands twice. */
static int check_numbers(const struct efimap_node *root, const struct efimap *map)
{
	const struct efimap_node entries = efimap_node_member(root, "runtime_map");
	const struct efimap_node names = efimap_node_member(root, "names");
	const struct efimap_node memmap = efimap_node_member(root, "memmap");
	size_t at = 0;

	for (size_t i = 1; i < map->n_entries; i++)
		if (map->entries[i].index == map->entries[i - 1].index)
			return efimap_node_fail(&entries, "index %u stands twice",
						map->entries[i].index);
	for (size_t i = 1; i < map->n_names; i++)
		if (map->names[i] == map->names[i - 1])
			return efimap_node_fail(&names, "%u stands twice", map->names[i]);
	for (size_t i = 1; i < map->n_memmap; i++)
		if (map->memmap[i].index == map->memmap[i - 1].index)
			return efimap_node_fail(&memmap, "index %u stands twice",
						map->memmap[i].index);
	for (size_t i = 0; i < map->n_entries; i++) {
		while (at < map->n_names && map->names[at] < map->entries[i].index)
			at++;
		if (at == map->n_names || map->names[at] != map->entries[i].index)
			return efimap_node_fail(&names, "lacks %u, which runtime_map has",
						map->entries[i].index);
	}
	return 0;
}

static const char *map_from_name(unsigned int number)
{
	return efimap_map_from_name((enum efimap_map_from)number);
}

/* Snapshots of maps from files, and of before logs were read, say nothing. */
static int take_map_from(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node node = efimap_node_member(root, "runtime_map_from");
	unsigned int number = EFIMAP_MAP_FROM_FILES;
	int ret = 0;

	if (node.value)
		ret = efimap_node_choice(&node, map_from_name, EFIMAP_MAP_FROM_COUNT, &number);
	map->map_from = (enum efimap_map_from)number;
	return ret;
}

int efimap_take_records(const struct efimap_node *root, const struct efimap_stream *streams,
			struct efimap *map)
{
	bool has_names = false;
	int ret = take_map_from(root, map);

	for (size_t i = 0; i < EFIMAP_SNAPSHOT_STREAMS && !ret; i++) {
		ret = check_stream(root, &streams[i], &kinds[i], map);
		if (streams[i].take == take_name)
			has_names = streams[i].is_there;
	}
	if (!ret && !has_names)
		ret = make_names(map);
	if (!ret)
		ret = efimap_seal(map);
	return ret ? ret : check_numbers(root, map);
}
