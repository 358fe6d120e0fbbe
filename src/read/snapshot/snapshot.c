/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From an efimap-snapshot document to the capture that it was made of: the head of the
 * document, its states and its single values, which are few. Its arrays become part of
 * the capture as they are read. The counterpart of src/format/snapshot.c.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/kernel.h"
#include "model/snapshot.h"
#include "read/parse.h"
#include "read/snapshot/snapshot.h"
#include "read/text.h"

/* As in the files that these come from: see tree/files.c. */
#define MAX_CMDLINE (64U << 10)
/* see tree/kernel.c; each byte can have become U+FFFD */
#define MAX_DMI ((size_t)3 * 255)
/* PATH_MAX, each byte of which can have become U+FFFD */
#define MAX_SOURCE 12288U
#define MAX_PAIRS 256U
#define MAX_KEY 32U
/* Of the members that are no streams: most of it is room for setup_data nodes. */
#define MAX_MEMORY ((size_t)16 << 20)

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool efimap_input_is_snapshot(const struct efimap_input *input)
{
	size_t at = 0;

	while (at < input->len && is_blank(input->data[at]))
		at++;
	return at < input->len && input->data[at] == '{';
}

/* Which document, and may we read this version of it? */
static int check_head(const struct efimap_node *root)
{
	const struct efimap_node document = efimap_node_member(root, "document");
	const struct efimap_node version = efimap_node_member(root, "version");
	const struct efimap_node wrote = efimap_node_member(root, "tool");
	char quote[EFIMAP_QUOTE_SIZE], tool[EFIMAP_QUOTE_SIZE] = "";
	const char *text;
	uint64_t number;
	size_t len;
	int ret = efimap_node_text(&document, MAX_SOURCE, &text, &len);

	if (ret)
		return ret;
	if (strcmp(text, EFIMAP_SNAPSHOT_DOCUMENT) != 0)
		return efimap_node_fail(&document,
					"this is a document %s, expected \"%s\", as "
					"efimapctl snapshot writes it",
					efimap_text_quote(quote, text, len),
					EFIMAP_SNAPSHOT_DOCUMENT);
	ret = efimap_node_number(&version, INT64_MAX, &number);
	if (ret)
		return ret;
	if (number == 0)
		return efimap_node_fail(&version, "found 0, expected %d",
					EFIMAP_SNAPSHOT_VERSION);
	if (number <= EFIMAP_SNAPSHOT_VERSION)
		return 0;
	if (wrote.value && efimap_node_string(&wrote, SIZE_MAX, &text, &len) == 0)
		efimap_text_quote(tool, text, len);
	return efimap_node_fail(&version,
				"%ju is newer than %d, the last that this tool knows: read it "
				"with the tool that wrote it%s%s, or a later one",
				(uintmax_t)number, EFIMAP_SNAPSHOT_VERSION, *tool ? ", " : "",
				tool);
}

static const char *origin_name(unsigned int number)
{
	return efimap_origin_name((enum efimap_origin)number);
}

static const char *state_name(unsigned int number)
{
	return efimap_state_name((enum efimap_state)number);
}

/* "source" is what the user typed: any bytes, and only ever written as JSON again. */
static int take_first(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node source = efimap_node_member(root, "source");
	const struct efimap_node origin = efimap_node_member(root, "origin");
	unsigned int number = EFIMAP_ORIGIN_TREE;
	const char *text;
	size_t len;
	int ret = efimap_node_string(&source, MAX_SOURCE, &text, &len);

	if (!ret && origin.value)
		ret = efimap_node_choice(&origin, origin_name, EFIMAP_ORIGIN_COUNT, &number);
	if (ret)
		return ret;
	if (number == EFIMAP_ORIGIN_SNAPSHOT)
		return efimap_node_fail(&origin, "a snapshot tells what it was made of first");
	return efimap_set_first(map, text, len, (enum efimap_origin)number);
}

static int take_states(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node states = efimap_node_member(root, "states");
	int ret = efimap_node_expect(&states, EFIMAP_JSON_OBJECT);

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT && !ret; i++) {
		const struct efimap_node node = efimap_node_member(
			&states, efimap_source_name((enum efimap_source)i));
		unsigned int state;

		/* Snapshots of 0.1 and before know nothing of these. */
		if (i >= EFIMAP_SRC_CPUINFO && !node.value)
			continue;
		ret = efimap_node_choice(&node, state_name, EFIMAP_STATE_COUNT, &state);
		if (!ret)
			map->states[i] = (enum efimap_state)state;
	}
	return ret;
}

/* A value is there when its source was read, and null when not. */
static int expect_null(const struct efimap_node *node, enum efimap_source source)
{
	return efimap_node_is_null(node) ? 0 :
		       efimap_node_fail(node, "expected null, because states.%s is not "
					"\"present\"", efimap_source_name(source));
}

static int take_pointer(const struct efimap_node *efi, const struct efimap *map,
			enum efimap_source source, uint64_t *ret_value)
{
	const struct efimap_node node = efimap_node_member(efi, efimap_source_name(source));

	return efimap_has(map, source) ? efimap_node_hex(&node, UINT64_MAX, ret_value) :
					 expect_null(&node, source);
}

static int take_platform_size(const struct efimap_node *efi, struct efimap *map)
{
	const struct efimap_node node = efimap_node_member(efi, "fw_platform_size");
	uint64_t bits = 0;
	int ret = 0;

	if (!efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		return expect_null(&node, EFIMAP_SRC_FW_PLATFORM_SIZE);
	ret = efimap_node_number(&node, 64, &bits);
	if (!ret && bits != 32 && bits != 64)
		ret = efimap_node_fail(&node, "found %u, expected 64 or 32",
				       (unsigned int)bits);
	map->platform_size = (unsigned int)bits;
	return ret;
}

typedef int add_pair_fn(struct efimap *map, const char *name, size_t len, uint64_t value);

static int take_pairs(const struct efimap_node *node, struct efimap *map,
		      enum efimap_source source, add_pair_fn *add)
{
	struct efimap_node member = efimap_node_first(node);
	int ret = efimap_node_expect(node, EFIMAP_JSON_OBJECT);

	if (efimap_node_count(node) > MAX_PAIRS)
		return efimap_node_fail(node, "more than %u members", MAX_PAIRS);
	if (!ret && member.value && !efimap_has(map, source))
		return efimap_node_fail(node,
					"expected {}, because states.%s is not \"present\"",
					efimap_source_name(source));
	for (; !ret && member.value; member = efimap_node_next(&member)) {
		const size_t len = strlen(member.key);
		uint64_t number;

		if (len == 0 || len > MAX_KEY || !efimap_text_is_printable(member.key, len))
			return efimap_node_fail(&member, "expected a name of 1 to %u "
						"printable characters", MAX_KEY);
		ret = efimap_node_hex(&member, UINT64_MAX, &number);
		if (!ret)
			ret = add(map, member.key, len, number);
	}
	return ret;
}

/* A member that is there only where it is true: of the log, or of the CPU. */
static int take_said(const struct efimap_node *root, const char *key, bool *ret_said)
{
	const struct efimap_node said = efimap_node_member(root, key);

	return said.value ? efimap_node_bool(&said, ret_said) : 0;
}

static int take_efi(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node efi = efimap_node_member(root, "efi");
	const struct efimap_node systab = efimap_node_member(&efi, "systab");
	const struct efimap_node tables = efimap_node_member(root, "tables");
	int ret = efimap_node_expect(&efi, EFIMAP_JSON_OBJECT);

	if (!ret)
		ret = take_platform_size(&efi, map);
	if (!ret)
		ret = take_pointer(&efi, map, EFIMAP_SRC_FW_VENDOR, &map->fw_vendor);
	if (!ret)
		ret = take_pointer(&efi, map, EFIMAP_SRC_RUNTIME, &map->runtime);
	if (!ret)
		ret = take_pointer(&efi, map, EFIMAP_SRC_CONFIG_TABLE, &map->config_table);
	if (!ret)
		ret = take_pairs(&systab, map, EFIMAP_SRC_SYSTAB, efimap_add_systab);
	if (!ret && tables.value)
		ret = take_pairs(&tables, map, EFIMAP_SRC_KERNEL_LOG, efimap_add_table);
	if (!ret)
		ret = take_said(root, "services_lost", &map->services_lost);
	if (!ret)
		ret = take_said(root, "width_mismatch", &map->width_mismatch);
	return ret ? ret : take_said(root, "encrypted", &map->encrypted);
}

static int take_cmdline(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node node = efimap_node_member(root, "cmdline");
	const char *text;
	size_t len;
	int ret;

	if (efimap_node_is_null(&node))
		return 0;
	ret = efimap_node_text(&node, MAX_CMDLINE, &text, &len);
	return ret ? ret : efimap_set_cmdline(map, text, len);
}

static int take_release(const struct efimap_node *kernel, struct efimap *map)
{
	const struct efimap_node node = efimap_node_member(kernel, "release");
	char quote[EFIMAP_QUOTE_SIZE];
	const char *text;
	size_t len;
	int ret;

	if (efimap_node_is_null(&node))
		return 0;
	ret = efimap_node_text(&node, MAX_SOURCE, &text, &len);
	if (!ret && !efimap_release_is_valid(text, len))
		ret = efimap_node_fail(&node, "found %s, expected " EFIMAP_RELEASE_EXPECTED,
				       efimap_text_quote(quote, text, len));
	return ret ? ret : efimap_set_release(map, text, len);
}

static int take_boot_id(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node node = efimap_node_member(root, "boot_id");
	struct efimap_problem problem;
	const char *text;
	size_t len;
	int ret;

	if (!node.value || efimap_node_is_null(&node))
		return 0;
	ret = efimap_node_text(&node, MAX_SOURCE, &text, &len);
	if (ret)
		return ret;
	if (!efimap_parse_boot_id(text, len, &len, &problem))
		return efimap_node_fail(&node, "%s", problem.text);
	return efimap_set_boot_id(map, text, len);
}

static int take_kernel(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node kernel = efimap_node_member(root, "kernel");
	int ret = efimap_node_expect(&kernel, EFIMAP_JSON_OBJECT);

	if (!ret)
		ret = take_release(&kernel, map);
	if (!ret)
		ret = take_cmdline(root, map);
	return ret ? ret : take_boot_id(root, map);
}

static int take_log_boots(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node boots = efimap_node_member(root, "log_boots");
	const struct efimap_node node = efimap_node_member(&boots, "number");
	uint64_t count, number;
	int ret;

	if (!boots.value)
		return 0;
	ret = efimap_node_expect(&boots, EFIMAP_JSON_OBJECT);
	if (!ret)
		ret = efimap_member_number(&boots, "count", UINT32_MAX, &count);
	if (!ret)
		ret = efimap_node_number(&node, UINT32_MAX, &number);
	if (!ret && (number == 0 || number > count))
		ret = efimap_node_fail(&node, "found %ju, expected 1 to %ju",
				       (uintmax_t)number, (uintmax_t)count);
	if (ret)
		return ret;
	map->n_boots = (uint32_t)count;
	map->boot = (uint32_t)number;
	return 0;
}

static int take_cpu(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node cpu = efimap_node_member(root, "cpu");
	const struct efimap_node bits = efimap_node_member(&cpu, "physical_bits");
	uint64_t number;
	int ret;

	if (!efimap_has(map, EFIMAP_SRC_CPUINFO))
		return 0;
	ret = efimap_node_expect(&cpu, EFIMAP_JSON_OBJECT);
	if (!ret)
		ret = efimap_node_number(&bits, 64, &number);
	if (!ret && number < 32)
		ret = efimap_node_fail(&bits, "found %u, expected 32 to 64",
				       (unsigned int)number);
	if (ret)
		return ret;
	map->phys_bits = (unsigned int)number;
	ret = take_said(&cpu, "no_gib_pages", &map->no_gib_pages);
	return ret ? ret : take_said(&cpu, "kernel_32bit", &map->kernel_32bit);
}

static int take_dmi(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node dmi = efimap_node_member(root, "dmi");
	int ret = 0;

	if (!efimap_has(map, EFIMAP_SRC_DMI))
		return 0;
	ret = efimap_node_expect(&dmi, EFIMAP_JSON_OBJECT);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT && !ret; i++) {
		const struct efimap_node node =
			efimap_node_member(&dmi, efimap_dmi_name((enum efimap_dmi)i));
		const char *text;
		size_t len;

		if (efimap_node_is_null(&node))
			continue;
		ret = efimap_node_text(&node, MAX_DMI, &text, &len);
		if (!ret)
			ret = efimap_set_dmi(map, (enum efimap_dmi)i, text, len);
	}
	return ret;
}

static int take(const struct efimap_node *root, struct efimap *map)
{
	static int (*const takers[])(const struct efimap_node *root, struct efimap *map) = {
		take_first, take_states, take_kernel, take_efi, efimap_take_boot_params,
		take_cpu,   take_dmi,	 take_log_boots,
	};
	int ret = 0;

	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]) && !ret; i++)
		ret = takers[i](root, map);
	return ret;
}

int efimap_read_snapshot(const char *name, struct efimap_input *input,
			 struct efimap **ret_map, struct efimap_err *err)
{
	static const char *const names[] = {
		"document", "version",	"tool",	    "source",	      "origin",
		"boot_id",  "kernel",	"cmdline",  "cpu",	      "dmi",
		"states",   "efi",	"tables",   "services_lost",  "width_mismatch",
		"encrypted", "log_boots", "boot_params", "runtime_map_from",
	};
	struct efimap_document doc efimap_auto_document = { .err = err };
	struct efimap_stream streams[EFIMAP_SNAPSHOT_STREAMS];
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_new(name, EFIMAP_ORIGIN_SNAPSHOT, &map);
	const struct efimap_plan plan = {
		.limit = EFIMAP_SNAPSHOT_MAX_BYTES,
		.budget = MAX_MEMORY,
		.names = names,
		.n_names = sizeof(names) / sizeof(names[0]),
		.streams = streams,
		.n_streams = EFIMAP_SNAPSHOT_STREAMS,
		.head = check_head,
		.context = map,
	};

	efimap_snapshot_streams(streams);
	if (!ret)
		ret = efimap_document_read(input, &plan, &doc);
	if (ret)
		return ret;

	const struct efimap_node root = efimap_node_root(&doc);

	ret = take(&root, map);
	if (!ret)
		ret = efimap_take_records(&root, streams, map);
	if (ret)
		return ret;
	*ret_map = efimap_steal(map);
	return 0;
}
