/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the capture from an efimap-snapshot document, and check the relations between its members.
 * The elements of runtime_map, incomplete_entries, names and memmap may be in any order, but no
 * index may occur twice in a list.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_release.h"
#include "document/field_tables.h"
#include "document/snapshot.h"
#include "input/json/json_reader.h"
#include "input/json/json_values.h"
#include "input/json/read_snapshot.h"
#include "input/parse_values.h"
#include "input/source_limits.h"
#include "rules/rule_catalogue.h"

/* Maximum length of "source": PATH_MAX bytes, each of which may have become a 3-byte U+FFFD. */
#define MAX_SOURCE 12288U
#define MAX_PAIRS 256U
#define MAX_KEY 32U
/* No capture has as many messages, even if every rule has EFIMAP_MAX_KERNEL_MESSAGES. */
#define MAX_KERNEL_MESSAGES 4096U

static bool has_value(const struct efimap_node *node, const char *name)
{
	const struct efimap_node member = efimap_node_member(node, name);

	return member.value && !json_is_null(member.value);
}

bool efimap_input_is_snapshot(const struct efimap_input *input)
{
	struct efimap_text head = { input->data, input->len };

	efimap_text_skip(&head, efimap_text_span(head, " \t\r\n"));
	return efimap_text_begins(head, "{");
}


/*
 * The virtual address is null if and only if virt_addr_predicted is false. Only maps from a kernel
 * log have the member virt_addr_predicted.
 */
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
	return json_is_null(virt.value) ? 0 :
		       efimap_node_fail(&virt, "expected null, because virt_addr_predicted is "
					"false");
}

static int read_entry(const struct efimap_node *record, struct efimap_entry *entry)
{
	const int ret =
		efimap_node_fields(record, &efimap_entry_fields, ENTRY_KEPT, NULL, entry);

	if (ret)
		return ret;
	return take_virt(record, entry);
}

static int take_entry(const struct efimap_node *record, struct efimap *map)
{
	struct efimap_entry entry = { 0 };
	const int ret = read_entry(record, &entry);

	if (ret)
		return ret;
	return efimap_add_entry(map, &entry);
}

static int take_incomplete_entry(const struct efimap_node *record, struct efimap *map)
{
	const unsigned int parts = ENTRY_KEPT | ENTRY_INCOMPLETE;
	struct efimap_entry entry = { 0 };
	int ret = efimap_node_fields(record, &efimap_entry_fields, parts, NULL, &entry);

	if (!ret && !entry.missing_values)
		ret = efimap_node_fail(record, "has no null value, expected at least one");
	if (ret)
		return ret;
	return efimap_add_incomplete_entry(map, &entry);
}

static int take_firmware(const struct efimap_node *record, struct efimap *map)
{
	struct efimap_entry entry = { 0 };
	const int ret = read_entry(record, &entry);

	if (ret)
		return ret;
	return efimap_add_firmware(map, &entry);
}

static int take_entry_name(const struct efimap_node *record, struct efimap *map)
{
	uint64_t index = 0;
	const int ret = efimap_node_number(record, 0, EFIMAP_NO_INDEX - 1, &index);

	if (ret)
		return ret;
	return efimap_add_name(map, (uint32_t)index);
}

static int take_memmap_range(const struct efimap_node *record, struct efimap *map)
{
	const struct efimap_node type = efimap_node_member(record, "type");
	struct efimap_range range = { 0 };
	struct efimap_problem problem;
	size_t len;
	int ret = efimap_node_fields(record, &efimap_range_fields, 0, NULL, &range);

	if (ret)
		return ret;
	if (!efimap_parse_label(range.label, strlen(range.label), &len, &problem))
		return efimap_node_fail(&type, "%s", problem.text);
	return efimap_add_memmap(map, range.index, range.start, range.end, range.label, len);
}

static int take_resource(const struct efimap_node *record, struct efimap *map)
{
	const struct efimap_node depth = efimap_node_member(record, "depth");
	uint64_t max = map->n_iomem ? (uint64_t)map->iomem[map->n_iomem - 1].depth + 1 : 0;
	struct efimap_resource line = { 0 };
	uint64_t number;
	int ret = efimap_node_fields(record, &efimap_resource_fields, 0, NULL, &line);

	if (ret)
		return ret;
	ret = efimap_node_number(&depth, 0, max, &number);
	if (ret)
		return ret;
	if (line.span.last < line.span.first)
		return efimap_node_fail(record, "ends before it starts");
	return efimap_add_iomem(map, line.span, line.depth, line.name, strlen(line.name));
}

static int take_kernel_message(const struct efimap_node *record, struct efimap *map)
{
	struct efimap_kernel_message line = { 0 };
	const int ret = efimap_node_fields(record, &efimap_kernel_message_fields, 0, NULL, &line);

	if (ret)
		return ret;
	return efimap_add_kernel_message(
		map, line.text, strlen(line.text), line.count,
		efimap_find_message_rule(line.text, strlen(line.text)));
}

/* The release of a kernel, even of one whose image could not be read, must be empty or valid. */
static int check_kernel_release(const struct efimap_node *record, const char *text)
{
	const struct efimap_node release = efimap_node_member(record, "release");
	char quote[EFIMAP_QUOTE_SIZE];

	if (!*text || efimap_release_is_valid(text, strlen(text)))
		return 0;
	return efimap_node_fail(&release, "found %s, expected " EFIMAP_RELEASE_EXPECTED,
				efimap_text_quote(quote, text, strlen(text)));
}

static int take_kernel(const struct efimap_node *record, struct efimap *map)
{
	const struct efimap_node image = efimap_node_member(record, "image");
	struct efimap_installed_kernel kernel = { .initrd = "" };
	int ret = efimap_node_fields(record, &efimap_installed_kernel_fields, 0, NULL, &kernel);

	if (ret)
		return ret;
	/* A kernel without a path cannot be loaded. */
	if (!*kernel.header.name)
		return efimap_node_fail(&image, "found \"\", expected the path of an image");
	ret = check_kernel_release(record, kernel.header.release);
	if (ret)
		return ret;
	kernel.has_initrd_size = has_value(record, "initrd_size");
	return efimap_add_kernel(map, &kernel);
}

static int take_unread_kernel(const struct efimap_node *record, struct efimap *map)
{
	struct efimap_unread_kernel kernel = { .image = "", .setting = "" };
	int ret = efimap_node_fields(record, &efimap_unread_kernel_fields, 0, NULL, &kernel);

	if (ret)
		return ret;
	ret = check_kernel_release(record, kernel.release);
	return ret ? ret : efimap_add_unread_kernel(map, &kernel);
}

static int take_fault(const struct efimap_node *record, struct efimap *map)
{
	struct efimap_fault fault = { 0 };
	const int ret = efimap_node_fields(record, &efimap_fault_fields, 0, NULL, &fault);

	if (ret)
		return ret;
	return efimap_add_fault(map, &fault);
}


/* The SOURCE need not be printable, because it is only written to JSON again. */
static int take_first_source(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node source = efimap_node_member(root, "source");
	const struct efimap_node origin = efimap_node_member(root, "origin");
	struct efimap_text text;
	int ret = efimap_node_string(&source, MAX_SOURCE, &text);

	if (ret)
		return ret;
	if (map->first_origin == EFIMAP_ORIGIN_SNAPSHOT)
		return efimap_node_fail(
			&origin,
			"expected the kind of the original SOURCE, not \"snapshot\"");
	return efimap_set_first(map, text.at, text.len, map->first_origin);
}

static int check_platform_size(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node efi = efimap_node_member(root, "efi");
	const struct efimap_node node = efimap_node_member(&efi, "fw_platform_size");

	if (!efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) || map->platform_size == 32 ||
	    map->platform_size == 64)
		return 0;
	return efimap_node_fail(&node, "found %u, expected 64 or 32", map->platform_size);
}

static int check_log_boots(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node boots = efimap_node_member(root, "log_boots");
	const struct efimap_node number = efimap_node_member(&boots, "number");

	return map->boot <= map->n_boots ?
		       0 : efimap_node_fail(&number, "found %u, expected 1 to %u", map->boot,
					    map->n_boots);
}

static int check_release(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node kernel = efimap_node_member(root, "kernel");
	const struct efimap_node node = efimap_node_member(&kernel, "release");
	const char *text = map->release.text;
	char quote[EFIMAP_QUOTE_SIZE];
	const size_t len = strlen(text);

	if (json_is_null(node.value))
		return 0;
	if (!efimap_release_is_valid(text, len))
		return efimap_node_fail(&node, "found %s, expected " EFIMAP_RELEASE_EXPECTED,
					efimap_text_quote(quote, text, len));
	return efimap_set_release(map, text, len);
}

static int check_boot_id(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node node = efimap_node_member(root, "boot_id");
	struct efimap_problem problem;
	size_t len = strlen(map->boot_id);

	if (!has_value(root, "boot_id") ||
	    efimap_parse_boot_id(map->boot_id, len, &len, &problem))
		return 0;
	return efimap_node_fail(&node, "%s", problem.text);
}

typedef int add_pair_fn(struct efimap *map, const char *name, size_t len, uint64_t value);

static int take_pairs(const struct efimap_node *node, struct efimap *map,
		      enum efimap_source source, add_pair_fn *add)
{
	const char *key;
	json_t *value;
	int ret = efimap_node_expect(node, JSON_OBJECT);

	if (json_object_size(node->value) > MAX_PAIRS)
		return efimap_node_fail(node, "more than %u members", MAX_PAIRS);
	if (!ret && json_object_size(node->value) && !efimap_has(map, source))
		return efimap_node_fail(node,
					"expected {}, because states.%s is not \"present\"",
					efimap_source_name(source));
	json_object_foreach(node->value, key, value) {
		const struct efimap_node member = efimap_node_member(node, key);
		const size_t len = strlen(key);
		uint64_t number;

		if (len == 0 || len > MAX_KEY || !efimap_text_is_printable(key, len))
			return efimap_node_fail(&member, "expected a name of 1 to %u "
						"printable characters", MAX_KEY);
		ret = efimap_node_hex(&member, UINT64_MAX, &number);
		if (ret)
			return ret;
		ret = add(map, key, len, number);
		if (ret)
			return ret;
	}
	return ret;
}

static int take_efi_systab(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node efi = efimap_node_member(root, "efi");
	const struct efimap_node systab = efimap_node_member(&efi, "systab");

	return take_pairs(&systab, map, EFIMAP_SRC_SYSTAB, efimap_add_systab);
}

static int take_table_pairs(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node tables = efimap_node_member(root, "tables");

	return tables.value ?
		       take_pairs(&tables, map, EFIMAP_SRC_KERNEL_LOG, efimap_add_table) : 0;
}


static int take_setup_payload(const struct efimap_node *record, struct efimap_setup_node *node)
{
	const struct efimap_node payload = efimap_node_member(record, "payload");
	const uint64_t bytes = node->len < EFIMAP_EFI_PAYLOAD_SIZE ? node->len :
								     EFIMAP_EFI_PAYLOAD_SIZE;
	struct efimap_text text;
	int ret = efimap_node_text(&payload, 2UL * EFIMAP_EFI_PAYLOAD_SIZE, &text);

	if (ret)
		return ret;
	if (text.len != 2 * bytes)
		return efimap_node_fail(&payload, "%zu digits, expected %ju: two for each byte "
					"of the payload (a snapshot keeps at most %d bytes)",
					text.len,
					(uintmax_t)(2 * bytes), EFIMAP_EFI_PAYLOAD_SIZE);
	if (efimap_text_span(text, EFIMAP_LOWER_HEX) != text.len)
		return efimap_node_fail(&payload, "expected lower-case hexadecimal digits only");
	for (size_t i = 0; i < bytes; i++) {
		uint64_t byte = 0;

		efimap_number_parse_bare_hex(text.at + 2 * i, 2, UINT8_MAX, &byte, NULL);
		node->payload[i] = (uint8_t)byte;
	}
	node->payload_size = (uint32_t)bytes;
	return 0;
}

static int take_setup_node(const struct efimap_node *record, struct efimap *map)
{
	struct efimap_setup_node node = { 0 };
	int ret = efimap_node_fields(record, &efimap_setup_node_fields, 0, NULL, &node);

	if (!ret && node.type == EFIMAP_SETUP_EFI)
		ret = take_setup_payload(record, &node);
	if (!ret && map->n_setup_data &&
	    map->setup_data[map->n_setup_data - 1].index >= node.index)
		ret = efimap_node_fail(
			record,
			"index %u is not greater than the index of the previous node",
			node.index);
	if (ret)
		return ret;
	return efimap_add_setup_node(map, &node);
}

static int take_setup_data(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node params = efimap_node_member(root, "boot_params");
	const struct efimap_node nodes = efimap_node_member(&params, "setup_data");
	const enum efimap_state state = map->states[EFIMAP_SRC_SETUP_DATA];
	int ret = efimap_node_list(&nodes, EFIMAP_MAX_ENTRIES);

	if (ret)
		return ret;
	/* The state ABSENT is valid for a list of nodes whose payloads were not collected. */
	if (json_array_size(nodes.value) && state != EFIMAP_STATE_PRESENT &&
	    state != EFIMAP_STATE_ABSENT)
		return efimap_node_fail(&nodes, "expected [], because states.setup_data is "
					"\"%s\"", efimap_state_name(state));
	for (size_t i = 0; i < json_array_size(nodes.value) && !ret; i++) {
		const struct efimap_node node = efimap_node_element(&nodes, i);

		ret = take_setup_node(&node, map);
	}
	return ret;
}


static int take_tools_version(const struct efimap_node *node, struct efimap_version *ret_version)
{
	const struct efimap_node member = efimap_node_member(node, "tools_version");
	struct efimap_text text;
	int ret;

	if (!has_value(node, "tools_version"))
		return 0;
	ret = efimap_node_text(&member, MAX_KEY, &text);
	if (ret || efimap_parse_version(text, ret_version))
		return ret;
	return efimap_node_fail(&member, "expected a version such as \"2.0.29\"");
}

static int take_scratch(const struct efimap_node *node, struct efimap_kexec_state *kexec)
{
	const struct efimap_node areas = efimap_node_member(node, "kho_scratch");
	int ret = areas.value ? efimap_node_list(&areas, EFIMAP_MAX_SCRATCH) : 0;

	for (size_t i = 0; i < json_array_size(areas.value) && !ret; i++) {
		const struct efimap_node area = efimap_node_element(&areas, i);
		struct efimap_span *span = &kexec->scratch[i];

		ret = efimap_node_fields(&area, &efimap_scratch_fields, 0, NULL, span);
		if (!ret && span->last < span->first)
			ret = efimap_node_fail(&area, "ends before it starts");
	}
	if (!ret)
		kexec->n_scratch = json_array_size(areas.value);
	return ret;
}

static int take_kexec(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node node = efimap_node_member(root, "kexec");
	struct efimap_kexec_state kexec = EFIMAP_KEXEC_STATE_INIT;
	int ret;

	if (!node.value)
		return 0;
	if (!efimap_has(map, EFIMAP_SRC_KEXEC))
		return efimap_node_fail(&node, "unexpected member, because states.kexec is "
					"not \"present\"");
	ret = efimap_node_fields(&node, &efimap_kexec_state_fields, 0, NULL, &kexec);
	if (ret)
		return ret;
	kexec.has_crash_size = has_value(&node, "crash_size");
	kexec.has_cma_total = has_value(&node, "cma_total");
	kexec.has_crash_args = has_value(&node, "crash_args");
	ret = take_tools_version(&node, &kexec.tools);
	if (ret)
		return ret;
	ret = take_scratch(&node, &kexec);
	if (ret)
		return ret;
	return efimap_set_kexec_state(map, &kexec);
}


/* The states are stored first, because the other members depend on them. */
/* Earlier versions of this program read crash dumps, and wrote snapshots of them. */
static int refuse_crash_dump(const struct efimap_node *root)
{
	const struct efimap_node origin = efimap_node_member(root, "origin");
	const char *word = json_string_value(origin.value);

	if (!word || strcmp(word, "vmcore") != 0)
		return 0;
	return efimap_node_fail(&origin, "\"vmcore\": a snapshot of a kernel crash dump, which is "
					 "not supported; use the kernel log of the dump");
}

static int take_single_values(const struct efimap_node *root, struct efimap *map)
{
	static int (*const takers[])(const struct efimap_node *root, struct efimap *map) = {
		take_first_source, check_platform_size, check_log_boots,  check_release,
		check_boot_id,	   take_efi_systab,	take_table_pairs, take_setup_data,
		take_kexec,
	};
	const struct efimap_node states = efimap_node_member(root, "states");
	int ret = refuse_crash_dump(root);

	if (!ret)
		ret = efimap_node_fields(&states, &efimap_states_fields, 0, NULL, map);
	if (!ret)
		ret = efimap_node_fields(root, &efimap_snapshot_fields, SNAPSHOT_REST,
					 &map->arena, map);
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]) && !ret; i++)
		ret = takers[i](root, map);
	return ret;
}


/* The limit on faults allows several faults for each entry. */
static const struct list {
	const char *key;
	size_t max;
	int (*take)(const struct efimap_node *record, struct efimap *map);
} lists[] = {
	{ "runtime_map", EFIMAP_MAX_ENTRIES, take_entry },
	{ "firmware_map", EFIMAP_MAX_ENTRIES, take_firmware },
	{ "incomplete_entries", EFIMAP_MAX_ENTRIES, take_incomplete_entry },
	{ "names", EFIMAP_MAX_ENTRIES, take_entry_name },
	{ "memmap", EFIMAP_MAX_ENTRIES, take_memmap_range },
	{ "iomem", EFIMAP_MAX_LINES, take_resource },
	{ "kernel_messages", MAX_KERNEL_MESSAGES, take_kernel_message },
	{ "kernels", EFIMAP_MAX_KERNELS, take_kernel },
	{ "unread_kernels", EFIMAP_MAX_UNREAD_KERNELS, take_unread_kernel },
	{ "faults", (size_t)8 * EFIMAP_MAX_ENTRIES, take_fault },
};

static int take_records(const struct efimap_node *root, const struct list *list,
		     struct efimap *map)
{
	const struct efimap_node array = efimap_node_member(root, list->key);
	const struct field *field = efimap_fields_find(&efimap_snapshot_fields, list->key);
	const size_t count = json_array_size(array.value);
	int ret;

	if (!array.value && efimap_field_can_miss(field, map))
		return 0;
	ret = efimap_node_list(&array, list->max);
	if (!ret && count && efimap_field_is_missing(field, map))
		return efimap_node_fail(&array,
					"expected [], because states.%s is not \"present\"",
					efimap_field_source(field));
	for (size_t i = 0; i < count && !ret; i++) {
		const struct efimap_node record = efimap_node_element(&array, i);

		ret = list->take(&record, map);
	}
	return ret;
}

static int take_all_records(const struct efimap_node *root, struct efimap *map)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]) && !ret; i++)
		ret = take_records(root, &lists[i], map);
	return ret;
}

/* Derive the names from the entries if a document from another tool lacks the member "names". */
static int make_names(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node names = efimap_node_member(root, "names");
	int ret = 0;

	if (names.value)
		return 0;
	for (size_t i = 0; i < map->n_entries && !ret; i++)
		ret = efimap_add_name(map, map->entries[i].index);
	for (size_t i = 0; i < map->n_incomplete_entries && !ret; i++)
		ret = efimap_add_name(map, map->incomplete_entries[i].index);
	return ret;
}

static int check_entries(const struct efimap_node *root, const struct efimap *map,
			 const char *key, const struct efimap_entry *entries, size_t count)
{
	const struct efimap_node array = efimap_node_member(root, key);
	const struct efimap_node names = efimap_node_member(root, "names");
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		const uint32_t index = entries[i].index;

		if ((i > 0 && entries[i - 1].index == index) ||
		    (entries == map->incomplete_entries && efimap_find_entry(map, index)))
			return efimap_node_fail(&array, "more than one entry has index %u", index);
		while (at < map->n_names && map->names[at] < index)
			at++;
		if (at == map->n_names || map->names[at] != index)
			return efimap_node_fail(
				&names, "lacks index %u, which occurs in %s", index, key);
	}
	return 0;
}

/* Check the indices. efimap_seal() has sorted the arrays, so duplicates are adjacent. */
static int check_numbers(const struct efimap_node *root, const struct efimap *map)
{
	const struct efimap_node names = efimap_node_member(root, "names");
	const struct efimap_node memmap = efimap_node_member(root, "memmap");
	int ret = check_entries(root, map, "runtime_map", map->entries, map->n_entries);

	if (ret)
		return ret;
	ret = check_entries(root, map, "incomplete_entries", map->incomplete_entries,
			    map->n_incomplete_entries);
	if (ret)
		return ret;
	for (size_t i = 1; i < map->n_names; i++)
		if (map->names[i] == map->names[i - 1])
			return efimap_node_fail(&names, "index %u occurs twice", map->names[i]);
	for (size_t i = 1; i < map->n_memmap; i++)
		if (map->memmap[i].index == map->memmap[i - 1].index)
			return efimap_node_fail(&memmap, "index %u occurs twice",
						map->memmap[i].index);
	return 0;
}

int efimap_read_snapshot(const char *name, struct efimap_input *input,
			 struct efimap **ret_map, struct efimap_err *err)
{
	struct efimap_document doc efimap_auto_document = { .err = err };
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_document_read(input, &doc);

	if (!ret)
		ret = efimap_new(name, EFIMAP_ORIGIN_SNAPSHOT, &map);
	if (ret)
		return ret;

	const struct efimap_node root = efimap_node_root(&doc);

	ret = take_single_values(&root, map);
	if (ret)
		return ret;
	ret = take_all_records(&root, map);
	if (ret)
		return ret;
	ret = make_names(&root, map);
	if (ret)
		return ret;
	efimap_seal(map);
	ret = check_numbers(&root, map);
	if (ret)
		return ret;
	*ret_map = efimap_steal(map);
	return 0;
}
