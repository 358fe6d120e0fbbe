/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots read back: the round trip, the head and single values, and spoilt documents. */
#include <jansson.h>

#include "model/kernel.h"
#include "document.h"

static void same_text(const char *a, const char *b)
{
	if (strcmp(a, b) != 0)
		fail_msg("%s\nis not\n%s", a, b);
}

static void round_trip(void **state)
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

/* What the text of both does not show. */
static void values_are_back(void **state)
{
	struct efimap *map efimap_auto_map = document_map(EFIMAP_ORIGIN_TREE);
	struct efimap *back efimap_auto_map = NULL;
	efimap_auto_free char *text = document_text(map);

	assert_int_equal(document_read(text, strlen(text), &back, NULL), 0);
	assert_memory_equal(back->states, map->states, sizeof(map->states));
	assert_int_equal(back->n_entries, 2);
	assert_memory_equal(back->entries, map->entries, 2 * sizeof(*map->entries));
	assert_int_equal(back->n_names, 3);
	assert_memory_equal(back->names, map->names, 3 * sizeof(*map->names));
	assert_true(back->memmap[1].bad);
	assert_int_equal(back->iomem[1].parent, 0);
	same_text(back->iomem[1].name, map->iomem[1].name);
	assert_int_equal(back->runtime, map->runtime);
	assert_int_equal(back->config_table, UINT64_MAX);
	assert_int_equal(back->platform_size, 32);
	same_text(back->systab[1].name, "SMBIOS");
	assert_int_equal(back->release.minor, 1);
	same_text(back->cmdline, map->cmdline);
	same_text(back->boot_id, map->boot_id);
	assert_int_equal(back->n_boots, 3);
	assert_int_equal(back->boot, 2);
	assert_int_equal(back->phys_bits, map->phys_bits);
	assert_true(back->no_gib_pages);
	assert_true(back->kernel_32bit);
	assert_true(back->encrypted);
	assert_true(back->width_mismatch);
	assert_memory_equal(&back->boot_params, &map->boot_params, sizeof(map->boot_params));
	assert_memory_equal(back->setup_data, map->setup_data,
			    2 * sizeof(*map->setup_data));
	assert_int_equal(back->n_faults, 1);
	assert_int_equal(back->faults[0].index, 1);
	assert_int_equal(back->faults[0].kind, EFIMAP_FAULT_SYNTAX);
	same_text(back->faults[0].text, map->faults[0].text);
}

/* Other tools write members in an order of their own: each of them is last once. */
static void any_order(void **state)
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

static void bare(void **state)
{
	struct efimap *map efimap_auto_map = NULL;
	struct efimap *back efimap_auto_map = NULL;
	efimap_auto_free char *text = NULL, *again = NULL;

	assert_int_equal(efimap_new("/", EFIMAP_ORIGIN_LIVE, &map), 0);
	text = document_text(map);
	assert_int_equal(document_read(text, strlen(text), &back, NULL), 0);
	again = document_text(back);
	same_text(text, again);
}

static void head_rows(void **state)
{
	static const struct document_row rows[] = {
		{ "\"document\":\"efimap-snapshot\"", "\"document\":\"efimap-report\"",
		  "document: this is a document \"efimap-report\", expected "
		  "\"efimap-snapshot\", as efimapctl snapshot writes it" },
		{ "\"version\":1", "\"version\":0", "version: found 0, expected 1" },
		{ "\"version\":1", "\"version\":-1",
		  "version: found -1, expected 0 to 9223372036854775807" },
		{ "\"version\":1", "\"version\":\"1\"",
		  "version: found a string, expected a number" },
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
		{ "\"origin\":\"tree\"", "\"origin\":\"Tree\"",
		  "origin: \"Tree\" is not known here" },
		{ "\"states\":{\"efi\":\"present\"", "\"states\":{\"efi\":\"gone\"",
		  "states.efi: \"gone\" is not known here" },
		{ "\"states\":{\"efi\"", "\"states\":{\"Efi\"",
		  "states.efi: missing, expected a string" },
		{ "\"states\"", "\"State\"", "states: missing, expected an object" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

static void value_rows(void **state)
{
	static const struct document_row rows[] = {
		{ "\"boot_id\":\"6e", "\"boot_id\":\"6",
		  "boot_id: found \"64ae8c2-1111-2222-3333-44444444aaaa\", expected 36 "
		  "characters, hexadecimal digits and dashes" },
		{ "\"boot_id\"", "\"boot\"", NULL },
		{ "\"log_boots\"", "\"boots\"", NULL },
		{ "\"number\":2", "\"number\":4",
		  "log_boots.number: found 4, expected 1 to 3" },
		{ "\"number\":2", "\"number\":0",
		  "log_boots.number: found 0, expected 1 to 3" },
		{ "\"number\":2", "\"numb\":2",
		  "log_boots.number: missing, expected a number" },
		{ "\"count\":3", "\"count\":\"3\"",
		  "log_boots.count: found a string, expected a number" },
		{ "\"log_boots\":{", "\"log_boots\":[],\"l\":{",
		  "log_boots: found an array, expected an object" },
		{ ",\"cpuinfo\":\"present\"", "", NULL },
		{ ",\"dmi\":\"present\"", "", NULL },
		{ "\"sys_vendor\":\"sys_vendor\"", "\"sys_vendor\":null", NULL },
		{ "\"sys_vendor\":\"sys_vendor\"", "\"sys_vendor\":7",
		  "dmi.sys_vendor: found a number, expected a string" },
		{ "\"sys_vendor\":\"sys_vendor\"", "\"sys_vendor\":\"\\u0007\"",
		  "dmi.sys_vendor: found \"?\", expected printable text" },
		{ "\"sys_vendor\":\"sys_vendor\"", "\"vendor\":null",
		  "dmi.sys_vendor: missing, expected a string" },
		{ "\"physical_bits\":46", "\"physical_bits\":31",
		  "cpu.physical_bits: found 31, expected 32 to 64" },
		{ "\"physical_bits\":46", "\"physical_bits\":null",
		  "cpu.physical_bits: found null, expected a number" },
		{ "\"release\":\"6.1", "\"release\":\"\\u0007",
		  "kernel.release: found \"?.0-56-amd64\", expected printable text" },
		{ "\"release\":\"6.1", "\"release\":\"6.1</desc><script>",
		  "kernel.release: found \"6.1</desc><script>.0-56-amd64\", "
		  "expected " EFIMAP_RELEASE_EXPECTED },
		{ "\"release\":\"6.1.0-56-amd64\"", "\"release\":\"\"",
		  "kernel.release: found \"\", expected " EFIMAP_RELEASE_EXPECTED },
		{ "\"release\":\"6.1.0-56-amd64\"", "\"release\":null", NULL },
		{ "\"kernel\":{", "\"kernel\":[],\"k\":{",
		  "kernel: found an array, expected an object" },
		{ "quiet", "\\u009b",
		  "cmdline: found \"root=\"a b\" ?\? \\\", expected printable text" },
		{ "\"fw_platform_size\":32", "\"fw_platform_size\":33",
		  "efi.fw_platform_size: found 33, expected 64 or 32" },
		{ "\"fw_platform_size\":32", "\"fw_platform_size\":null",
		  "efi.fw_platform_size: found null, expected a number" },
		{ "\"fw_vendor\":\"0x3f52aa18\"", "\"fw_vendor\":\"0x\"",
		  "efi.fw_vendor: found \"0x\", expected a string with 0x and 1 to 16 "
		  "hexadecimal digits" },
		{ "\"fw_vendor\":\"present\"", "\"fw_vendor\":\"denied\"",
		  "efi.fw_vendor: expected null, because states.fw_vendor is not \"present\"" },
		{ "\"fw_platform_size\":\"present\"", "\"fw_platform_size\":\"absent\"",
		  "efi.fw_platform_size: expected null, because states.fw_platform_size is not "
		  "\"present\"" },
		{ "\"systab\":\"present\"", "\"systab\":\"broken\"",
		  "efi.systab: expected {}, because states.systab is not \"present\"" },
		{ "\"SMBIOS\":\"0x0\"", "\"\":\"0x0\"",
		  "efi.systab.: expected a name of 1 to 32 printable characters" },
		{ "\"SMBIOS\":\"0x0\"", "\"\\u009b\":\"0x0\"",
		  "efi.systab.?\?: expected a name of 1 to 32 printable characters" },
		{ "\"SMBIOS\":\"0x0\"", "\"SMBIOS\":\"0x10000000000000000\"",
		  "efi.systab.SMBIOS: found \"0x10000000000000000\", expected a string with 0x "
		  "and 1 to 16 hexadecimal digits" },
		{ "\"tables\":{", "\"tables\":[],\"t\":{",
		  "tables: found an array, expected an object" },
		{ "\"kernel_log\":\"present\"", "\"kernel_log\":\"denied\"",
		  "tables: expected {}, because states.kernel_log is not \"present\"" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

static void recognised_rows(void **state)
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
static void cut(void **state)
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
static void flipped(void **state)
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

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(round_trip),	   cmocka_unit_test(values_are_back),
		cmocka_unit_test(bare),		   cmocka_unit_test(head_rows),
		cmocka_unit_test(value_rows),	   cmocka_unit_test(recognised_rows),
		cmocka_unit_test(cut),		   cmocka_unit_test(flipped),
		cmocka_unit_test(any_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
