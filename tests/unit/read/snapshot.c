/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots read back: the round trip, and spoilt documents. That each kind of value is
 * refused when it is another is the test of node.c, and of one member here.
 */
#include <jansson.h>

#include "base/cleanup.h"
#include "format/format.h"
#include "model/kernel.h"
#include "read/input.h"

#include "../test.h"

/* A capture with something in every member, as a document, whole or with one change. */
#define TEXT(string) string, strlen(string)

static void document_fill(struct efimap *map)
{
	const struct efimap_entry entries[] = {
		{ 0, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, 0x800000000000000f },
		{ 2, UINT32_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX },
	};
	const struct efimap_fault fault = {
		EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_SYNTAX, 1, 0,
		"sys/firmware/efi/runtime-map/1/type", "found \"\", expected \xe2\x82\xac"
	};
	struct efimap_setup_node node = { .index = 0, .type = 9, .len = 28 };

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		map->states[i] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_entry(map, &entries[1]), 0);
	assert_int_equal(efimap_add_entry(map, &entries[0]), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(efimap_add_name(map, i), 0);
	assert_int_equal(efimap_add_fault(map, &fault), 0);
	assert_int_equal(efimap_add_memmap(map, 0, 0, 0x9ffff, TEXT("System RAM")), 0);
	assert_int_equal(efimap_add_memmap(map, 1, UINT64_MAX, 5, TEXT("Reserved")), 0);
	assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 0, UINT64_MAX }, 0,
					  TEXT("System RAM")), 0);
	assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 1, 2 }, 1,
					  TEXT("Kernel \xe2\x82\xac code")), 0);
	assert_int_equal(efimap_add_systab(map, TEXT("ACPI20"), 0x3f77d014), 0);
	assert_int_equal(efimap_add_systab(map, TEXT("SMBIOS"), 0), 0);
	assert_int_equal(efimap_add_table(map, TEXT("ACPI 2.0"), 0x3f77d014), 0);
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	node = (struct efimap_setup_node){ 3, EFIMAP_SETUP_EFI, 97, 96, { 1, 0xff, 0x80 } };
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	assert_int_equal(efimap_set_cmdline(map, TEXT("root=\"a b\" quiet \\")), 0);
	assert_int_equal(efimap_set_release(map, TEXT("6.1.0-56-amd64")), 0);
	assert_int_equal(efimap_set_boot_id(map, TEXT("6e4ae8c2-1111-2222-3333-44444444aaaa")),
			 0);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++) {
		const char *name = efimap_dmi_name((enum efimap_dmi)i);

		assert_int_equal(efimap_set_dmi(map, (enum efimap_dmi)i, TEXT(name)), 0);
	}
}

static struct efimap *document_map(enum efimap_origin origin)
{
	struct efimap *map;

	assert_int_equal(efimap_new("machine", origin, &map), 0);
	document_fill(map);
	map->fw_vendor = 0x3f52aa18;
	map->runtime = 0xfffffffeff1ebb98;
	map->config_table = UINT64_MAX;
	map->platform_size = 32;
	map->phys_bits = 46;
	map->no_gib_pages = true;
	map->kernel_32bit = true;
	map->five_levels = true;
	map->encrypted = true;
	map->width_mismatch = true;
	map->n_boots = 3;
	map->boot = 2;
	map->boot_params = (struct efimap_boot_params){
		.efi_info = { "EL64", 0x3f5eb018, 40, 1, 0x101000, 0x140 },
		.acpi_rsdp_addr = 0x3f77d014,
		.setup_data = UINT64_MAX,
		.version = 0x20f,
		.xloadflags = 0xffff,
		.type_of_loader = 0xd0,
		.secure_boot = 3,
		.e820_entries = 128,
	};
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

/* The document of @map in one line, terminated; to be freed. */
static char *document_text(const struct efimap *map)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_snapshot_write(map, true, &out), 0);
	efimap_out_putc(&out, '\0');
	assert_int_equal(out.error, 0);
	return out.data;
}

static int document_read(const char *text, size_t len, struct efimap **ret_map,
				struct efimap_err *err)
{
	efimap_auto_input struct efimap_input input = {
		.name = "doc", .fd = -1, .at_end = true, .data = malloc(len + 1), .len = len,
	};

	assert_non_null(input.data);
	memcpy(input.data, text, len);
	input.data[len] = '\0';
	return efimap_read_snapshot("doc", &input, ret_map, err);
}

/* The document with the first @from replaced by @to; to be freed. */
static char *document_with(const char *from, const char *to)
{
	struct efimap *map efimap_auto_map = document_map(EFIMAP_ORIGIN_TREE);
	efimap_auto_free char *text = document_text(map);
	const char *at = strstr(text, from);
	char *changed;

	if (!at)
		fail_msg("the document has no %s:\n%s", from, text);
	changed = calloc(1, strlen(text) + strlen(to) + 1);
	assert_non_null(changed);
	memcpy(changed, text, (size_t)(at - text));
	strcat(changed, to);
	strcat(changed, at + strlen(from));
	return changed;
}

/* @message: NULL when it must be read */
struct document_row {
	const char *from, *to, *message;
};

static void document_try(const struct document_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		efimap_auto_free char *text = document_with(rows[i].from, rows[i].to);
		struct efimap *map efimap_auto_map = NULL;
		struct efimap_err err = EFIMAP_ERR_INIT;
		int ret = document_read(text, strlen(text), &map, &err);

		if (ret != (rows[i].message ? -EBADMSG : 0))
			fail_msg("%s: returned %d: %s", rows[i].to, ret, err.text);
		if (!rows[i].message)
			continue;
		assert_null(map);
		if (strcmp(err.text, rows[i].message) != 0)
			fail_msg("%s: %s", rows[i].to, err.text);
	}
}

static void same_text(const char *a, const char *b)
{
	if (strcmp(a, b) != 0)
		fail_msg("%s\nis not\n%s", a, b);
}

TEST(round_trip)
{
	static const enum efimap_origin origins[] = { EFIMAP_ORIGIN_LIVE, EFIMAP_ORIGIN_TREE,
						      EFIMAP_ORIGIN_LOG };

	for (size_t i = 0; i < ARRAY_SIZE(origins); i++) {
		struct efimap *map efimap_auto_map = document_map(origins[i]);
		struct efimap *back efimap_auto_map = NULL;
		efimap_auto_free char *text = document_text(map), *again = NULL;
		struct efimap_err err = EFIMAP_ERR_INIT;

		if (document_read(text, strlen(text), &back, &err))
			fail_msg("%s", err.text);
		again = document_text(back);
		same_text(text, again);
		assert_int_equal(back->origin, EFIMAP_ORIGIN_SNAPSHOT);
		assert_int_equal(back->first_origin, origins[i]);
		assert_int_equal(efimap_is_offline(back), efimap_is_offline(map));
		same_text(back->name, "doc");
		same_text(back->first_name, "machine");
	}
}

/* Other tools write members in an order of their own: each of them is last once. */
TEST(any_order)
{
	struct efimap *map efimap_auto_map = document_map(EFIMAP_ORIGIN_TREE);
	efimap_auto_free char *text = document_text(map);
	json_t *root = json_loads(text, 0, NULL);
	const size_t count = json_object_size(root);

	assert_true(count > 10);
	for (size_t i = 0; i < count; i++) {
		const char *first = json_object_iter_key(json_object_iter(root));
		json_t *value = json_incref(json_object_get(root, first));
		struct efimap *back efimap_auto_map = NULL;
		efimap_auto_free char *name = strdup(first), *turned = NULL, *again = NULL;
		struct efimap_err err = EFIMAP_ERR_INIT;

		json_object_del(root, name);
		json_object_set_new(root, name, value);
		turned = json_dumps(root, 0);
		if (document_read(turned, strlen(turned), &back, &err))
			fail_msg("%s last: %s", name, err.text);
		again = document_text(back);
		same_text(text, again);
	}
	json_decref(root);
}

TEST(head_rows)
{
	static const struct document_row rows[] = {
		{ "\"document\":\"efimap-snapshot\"", "\"document\":\"efimap-report\"",
		  "document: this is a document \"efimap-report\", expected "
		  "\"efimap-snapshot\", as efimapctl snapshot writes it" },
		{ "\"version\":1", "\"version\":0", "version: found 0, expected 1" },
		{ "\"version\":1,\"tool\":", "\"version\":2,\"tool\":\"x 7\",\"t\":",
		  "version: 2 is newer than 1, the last that this tool knows: read it with the "
		  "tool that wrote it, \"x 7\", or a later one" },
		{ "\"version\":1,\"tool\"", "\"version\":2,\"t\"",
		  "version: 2 is newer than 1, the last that this tool knows: read it with the "
		  "tool that wrote it, or a later one" },
		{ "\"tool\"", "\"later\":{\"a\":[1]},\"tool\"", NULL },
		{ "\"source\":\"machine\"", "\"source\":7",
		  "source: found a number, expected a string" },
		{ "\"source\":\"machine\"", "\"source\":\"\\u001b\"", NULL },
		{ "\"origin\"", "\"orig\"", NULL },
		{ "\"origin\":\"tree\"", "\"origin\":\"snapshot\"",
		  "origin: a snapshot tells what it was made of first" },
		{ "\"states\":{\"efi\":\"present\"", "\"states\":{\"efi\":\"gone\"",
		  "states.efi: \"gone\" is not known here" },
		{ "\"states\":{\"efi\"", "\"states\":{\"Efi\"",
		  "states.efi: missing, expected a string" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

TEST(value_rows)
{
	static const struct document_row rows[] = {
		{ "\"boot_id\":\"6e", "\"boot_id\":\"6",
		  "boot_id: found \"64ae8c2-1111-2222-3333-44444444aaaa\", expected 36 "
		  "characters, hexadecimal digits and dashes" },
		{ "\"boot_id\"", "\"boot\"", NULL },
		/* Documents of the time before have none, though they have a log. */
		{ "\"complaints\"", "\"compliments\"", NULL },
		{ "\"log_boots\"", "\"boots\"", NULL },
		{ "\"number\":2", "\"number\":4",
		  "log_boots.number: found 4, expected 1 to 3" },
		{ "\"number\":2", "\"number\":0",
		  "log_boots.number: found 0, expected 1 to 4294967295" },
		{ ",\"cpuinfo\":\"present\"", "",
		  "cpu.physical_bits: expected null, because states.cpuinfo is not "
		  "\"present\"" },
		{ ",\"dmi\":\"present\"", "", NULL },
		{ "\"sys_vendor\":\"sys_vendor\"", "\"sys_vendor\":null", NULL },
		{ "\"sys_vendor\":\"sys_vendor\"", "\"vendor\":null",
		  "dmi.sys_vendor: missing, expected a string" },
		{ "\"physical_bits\":46", "\"physical_bits\":31",
		  "cpu.physical_bits: found 31, expected 32 to 64" },
		{ "\"release\":\"6.1.0-56-amd64\"", "\"release\":\"\"",
		  "kernel.release: found \"\", expected " EFIMAP_RELEASE_EXPECTED },
		{ "\"release\":\"6.1.0-56-amd64\"", "\"release\":null", NULL },
		{ "\"fw_vendor\":\"present\"", "\"fw_vendor\":\"denied\"",
		  "efi.fw_vendor: expected null, because states.fw_vendor is not \"present\"" },
		{ "\"fw_platform_size\":\"present\"", "\"fw_platform_size\":\"absent\"",
		  "efi.fw_platform_size: expected null, because states.fw_platform_size is not "
		  "\"present\"" },
		{ "\"systab\":\"present\"", "\"systab\":\"broken\"",
		  "efi.systab: expected {}, because states.systab is not \"present\"" },
		{ "\"kernel_log\":\"present\"", "\"kernel_log\":\"denied\"",
		  "tables: expected {}, because states.kernel_log is not \"present\"" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

TEST(recognised_rows)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{ "{", true },	   { " \t\r\n{}", true }, { "", false },     { "\n", false },
		{ "[{}]", false }, { "\v{", false },	  { "a{", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[16];
		struct efimap_input input = { .data = text, .len = strlen(rows[i].text) };

		memcpy(text, rows[i].text, input.len);
		if (efimap_input_is_snapshot(&input) != rows[i].is)
			fail_msg("\"%s\"", rows[i].text);
	}
}

/* Every beginning of a document is refused, with a place in it. */
TEST(cut)
{
	struct efimap *map efimap_auto_map = document_map(EFIMAP_ORIGIN_TREE);
	efimap_auto_free char *text = document_text(map);

	/* The newline at its end is no part of it. */
	for (size_t len = 0; len < strlen(text) - 1; len++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap *back = NULL;

		if (document_read(text, len, &back, &err) != -EBADMSG || err.line == 0)
			fail_msg("cut at %zu: %s", len, err.text);
		assert_null(back);
	}
}

/* Each bit turned over: read or refused, never anything else. */
TEST(flipped)
{
	struct efimap *map efimap_auto_map = document_map(EFIMAP_ORIGIN_TREE);
	efimap_auto_free char *text = document_text(map);
	size_t len = strlen(text), refused = 0;

	for (size_t bit = 0; bit < 8 * len; bit++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap *back efimap_auto_map = NULL;
		int ret;

		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		ret = document_read(text, len, &back, &err);
		text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
		if (ret != 0 && ret != -EBADMSG)
			fail_msg("bit %zu: %d, %s", bit, ret, err.text);
		if (ret && (!err.text[0] || (!err.line && !strchr(err.text, ':'))))
			fail_msg("bit %zu: no place in %s", bit, err.text);
		refused += ret != 0;
	}
	assert_true(refused > 4 * len);
}

TEST(node_rows)
{
	static const struct document_row rows[] = {
		{ "\"setup_data\":\"present\"", "\"setup_data\":\"denied\"",
		  "boot_params.setup_data: expected [], because states.setup_data is "
		  "\"denied\"" },
		{ "\"setup_data\":\"present\"", "\"setup_data\":\"absent\"", NULL },
		{ "\"payload\":\"01ff", "\"payload\":\"ff",
		  "boot_params.setup_data[1].payload: 190 digits, expected 192: two for each of "
		  "the first 96 bytes" },
		{ "\"payload\":\"01ff", "\"payload\":\"01Ff",
		  "boot_params.setup_data[1].payload: expected lower-case hexadecimal digits "
		  "only" },
		{ "\"payload\":\"01ff", "\"payload\":\"0001ff",
		  "boot_params.setup_data[1].payload: 194 bytes, expected at most 192" },
		{ "\"payload\":", "\"p\":",
		  "boot_params.setup_data[1].payload: missing, expected a string" },
		{ "{\"index\":3,", "{\"index\":0,",
		  "boot_params.setup_data[1]: index 0 is not above that of the node before it" },
		{ "\"length\":\"0x61\"", "\"length\":\"0x60\"", NULL },
		{ "\"length\":\"0x61\"", "\"length\":\"0x5f\"",
		  "boot_params.setup_data[1].payload: 192 digits, expected 190: two for each of "
		  "the first 96 bytes" },
		{ "\"setup_data\":[", "\"setup_data\":[[],",
		  "boot_params.setup_data[0]: found an array, expected an object" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

/* A document of somebody else may hold a key: it goes no further. */
TEST(no_other_payload)
{
	efimap_auto_free char *text =
		document_with("\"length\":\"0x1c\"", "\"length\":\"0x1c\",\"payload\":\"5ec3e7\"");
	efimap_auto_free char *again = NULL;
	struct efimap *map efimap_auto_map = NULL;

	assert_int_equal(document_read(text, strlen(text), &map, NULL), 0);
	assert_int_equal(map->setup_data[0].len, 0x1c);
	assert_int_equal(map->setup_data[0].payload_size, 0);
	again = document_text(map);
	assert_null(strstr(again, "5ec3e7"));
}

#define ENTRY0                                                                             \
	"{\"index\":0,\"type\":\"0x6\",\"attribute\":\"0x800000000000000f\","              \
	"\"phys_addr\":\"0x3f4ec000\",\"virt_addr\":\"0xfffffffeff0ec000\","               \
	"\"num_pages\":\"0x100\"}"
#define ENTRY2                                                                             \
	"{\"index\":2,\"type\":\"0xffffffff\",\"attribute\":\"0xffffffffffffffff\","       \
	"\"phys_addr\":\"0xffffffffffffffff\",\"virt_addr\":\"0xffffffffffffffff\","       \
	"\"num_pages\":\"0xffffffffffffffff\"}"

TEST(entry_rows)
{
	static const struct document_row rows[] = {
		{ ENTRY0 "," ENTRY2, ENTRY2 "," ENTRY0, NULL },
		{ ENTRY0, ENTRY2, "runtime_map: index 2 stands twice" },
		{ ENTRY0 ",", "", NULL },
		{ "\"runtime_map\":[", "\"runtime_map\":{},\"r\":[",
		  "runtime_map: found an object, expected an array" },
		{ "\"runtime_map\":[", "\"r\":[", "runtime_map: missing, expected an array" },
		{ "\"runtime_map\":\"present\"", "\"runtime_map\":\"denied\"",
		  "runtime_map: expected [], because states.runtime_map is not \"present\"" },
		{ "{\"index\":2,", "{\"index\":4294967294,",
		  "names: lacks 4294967294, which runtime_map has" },
		{ "{\"index\":2,", "{\"index\":4294967295,",
		  "runtime_map[1].index: found 4294967295, expected 0 to 4294967294" },
		{ "\"type\":\"0xffffffff\"", "\"type\":\"0x100000000\"",
		  "runtime_map[1].type: found \"0x100000000\", expected at most 0xffffffff" },
		{ "\"names\":[0,1,2]", "\"names\":[2,1,0]", NULL },
		{ "\"names\":[0,1,2]", "\"n\":[]", NULL },
		{ "\"names\":[0,1,2]", "\"names\":[0,1]",
		  "names: lacks 2, which runtime_map has" },
		{ "\"names\":[0,1,2]", "\"names\":[0,1,1,2]", "names: 1 stands twice" },
		{ "\"names\":[0,1,2]", "\"names\":[0,1,true]",
		  "names[2]: found true, expected a number" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

/* An entry with a fault: entry 1 of the document has one. */
TEST(torn_rows)
{
#define TORN(index, pages)                                                                 \
	"\"torn_entries\":[{\"index\":" index ",\"type\":\"0x6\",\"attribute\":\"0x1\","       \
	"\"phys_addr\":\"0x1000\",\"virt_addr\":null,\"num_pages\":" pages "}]"
	static const struct document_row rows[] = {
		{ "\"names\":[0", TORN("1", "\"0x1\"") ",\"names\":[0", NULL },
		{ "\"names\":[0", TORN("1", "null") ",\"names\":[0", NULL },
		{ "\"names\":[0,1,2]", TORN("1", "null") ",\"n\":[]", NULL },
		{ "\"names\":[0", TORN("1", "1") ",\"names\":[0",
		  "torn_entries[0].num_pages: found a number, expected a string with 0x and "
		  "1 to 16 hexadecimal digits" },
		{ "\"names\":[0", TORN("2", "null") ",\"names\":[0",
		  "torn_entries: index 2 stands twice" },
		{ "\"names\":[0", TORN("3", "null") ",\"names\":[0",
		  "names: lacks 3, which torn_entries has" },
		{ "\"names\":[0", "\"torn_entries\":[" ENTRY0 "],\"names\":[0",
		  "torn_entries[0]: expected a value that is null" },
		{ "\"runtime_map\":[" ENTRY0 "," ENTRY2 "]", "\"runtime_map\":[null]",
		  "runtime_map[0]: found null, expected an object" },
		{ "\"type\":\"0x6\"", "\"type\":null",
		  "runtime_map[0].type: found null, expected a string with 0x and 1 to 16 "
		  "hexadecimal digits" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

/* Snapshots of other tools have them in any order. */
TEST(torn_as_it_was)
{
	efimap_auto_free char *text = document_with(
		"\"names\":[0", TORN("1", "null") ",\"names\":[0");
	efimap_auto_free char *again = NULL;
	struct efimap *map efimap_auto_map = NULL;

	assert_int_equal(document_read(text, strlen(text), &map, NULL), 0);
	assert_int_equal(map->n_torn, 1);
	assert_int_equal(map->torn[0].unread, EFIMAP_UNREAD_VIRT | EFIMAP_UNREAD_PAGES);
	assert_int_equal(map->torn[0].phys, 0x1000);
	again = document_text(map);
	assert_non_null(strstr(again, TORN("1", "null")));
}

TEST(memory_rows)
{
	static const struct document_row rows[] = {
		{ "\"type\":\"Reserved\"", "\"type\":\"\"",
		  "memmap[1].type: empty, expected a memory type such as \"System RAM\"" },
		{ "{\"index\":1,\"start\":", "{\"index\":0,\"start\":",
		  "memmap: index 0 stands twice" },
		{ "\"depth\":1", "\"depth\":2", "iomem[1].depth: found 2, expected 0 to 1" },
		{ "\"depth\":0", "\"depth\":1", "iomem[0].depth: found 1, expected 0 to 0" },
		{ "\"start\":\"0x1\",\"end\":\"0x2\"", "\"start\":\"0x2\",\"end\":\"0x1\"",
		  "iomem[1]: ends before it starts" },
		{ "\"start\":\"0x1\",\"end\":\"0x2\"", "\"start\":\"0x2\",\"end\":\"0x2\"", NULL },
		{ "\"iomem\":\"present\"", "\"iomem\":\"masked\"",
		  "iomem: expected [], because states.iomem is not \"present\"" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

/* The mark of a map from a kernel's log, and the address that is not known. */
TEST(virt_rows)
{
#define READ "\"virt_addr\":\"0xfffffffeff0ec000\","
	static const struct document_row rows[] = {
		{ READ, READ "\"virt_addr_predicted\":true,", NULL },
		{ READ, "\"virt_addr\":null,\"virt_addr_predicted\":false,", NULL },
		{ READ, "\"virt_addr\":null,",
		  "runtime_map[0].virt_addr: found null, expected a string with 0x and 1 to "
		  "16 hexadecimal digits" },
		{ READ, READ "\"virt_addr_predicted\":false,",
		  "runtime_map[0].virt_addr: expected null, because virt_addr_predicted is "
		  "false" },
		{ READ, READ "\"virt_addr_predicted\":1,",
		  "runtime_map[0].virt_addr_predicted: expected true or false" },
		{ "\"names\":", "\"runtime_map_from\":\"firmware-print\",\"names\":", NULL },
		{ "\"names\":", "\"runtime_map_from\":\"memory\",\"names\":",
		  "runtime_map_from: \"memory\" is not known here" },
		{ "\"names\":", "\"firmware_map\":[{}],\"names\":",
		  "firmware_map[0].index: missing, expected a number" },
	};

	document_try(rows, ARRAY_SIZE(rows));
#undef READ
}

TEST(fault_rows)
{
	static const struct document_row rows[] = {
		{ "\"faults\":[", "\"f\":[", NULL },
		{ "\"kind\":\"syntax\"", "\"kind\":\"worse\"",
		  "faults[0].kind: \"worse\" is not known here" },
		{ "\"index\":1,\"line\"", "\"index\":null,\"line\"", NULL },
		{ "\"index\":1,\"line\"", "\"index\":4294967295,\"line\"",
		  "faults[0].index: found 4294967295, expected 0 to 4294967294" },
		{ "\"line\":0", "\"line\":4294967296",
		  "faults[0].line: found 4294967296, expected 0 to 4294967295" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}
