/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The snapshot document: what stands in it, and what never does. That it can be read back
 * is the test of the other side, tests/unit/read/snapshot.c.
 */
#include "test.h"
#include "sample.h"

static const char *written(const struct efimap *map, bool compact, struct efimap_out *out)
{
	assert_int_equal(efimap_snapshot_write(map, compact, out), 0);
	return sample_text(out);
}

static void holds(const char *text, const char *part)
{
	/* With sanitizers gcc warns of a NULL text in anything that prints it. */
	assert_non_null(text);
	assert_non_null(part);
	assert_non_null(strstr(text, part));
}

static void empty_document(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap *map efimap_auto_map;

	assert_int_equal(efimap_new("/", EFIMAP_ORIGIN_LIVE, &map), 0);
	assert_string_equal(
		written(map, true, &out),
		"{\"document\":\"efimap-snapshot\",\"version\":1,\"tool\":\"" EFIMAP_TOOL
		"\",\"source\":\"/\",\"origin\":\"live\",\"boot_id\":null,"
		"\"kernel\":{\"release\":null,\"booted_by\":\"unknown\"},\"cmdline\":null,"
		"\"cpu\":{\"physical_bits\":null},"
		"\"dmi\":{\"sys_vendor\":null,\"product_name\":null,\"bios_version\":null},"
		"\"states\":{\"efi\":\"absent\",\"runtime_map\":\"absent\","
		"\"fw_vendor\":\"absent\",\"runtime\":\"absent\",\"config_table\":\"absent\","
		"\"systab\":\"absent\",\"fw_platform_size\":\"absent\",\"memmap\":\"absent\","
		"\"iomem\":\"absent\",\"cmdline\":\"absent\",\"version\":\"absent\","
		"\"boot_params\":\"absent\",\"setup_data\":\"absent\","
		"\"kernel_log\":\"absent\",\"boot_id\":\"absent\",\"cpuinfo\":\"absent\","
		"\"dmi\":\"absent\"},"
		"\"efi\":{\"fw_platform_size\":null,\"fw_vendor\":null,\"runtime\":null,"
		"\"config_table\":null,\"systab\":{}},\"tables\":{},\"runtime_map\":[],"
		"\"names\":[],\"memmap\":[],\"iomem\":[],\"boot_params\":{\"efi_info\":null,"
		"\"acpi_rsdp_addr\":null,\"setup_data_addr\":null,\"version\":null,"
		"\"xloadflags\":null,\"type_of_loader\":null,\"secure_boot\":null,"
		"\"e820_entries\":null,\"setup_data\":[]},\"faults\":[],"
		"\"fingerprint\":null}\n");
}

static void a_record_a_line(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap *map efimap_auto_map = sample_map();
	const char *text = written(map, false, &out);

	holds(text, "\n  \"kernel\": {\"release\": \"6.1.0-56-amd64\", "
		    "\"booted_by\": \"firmware\"},\n");
	holds(text, "\n  \"runtime_map\": [\n    {\"index\": 0, \"type\": \"0xb\", "
		    "\"attribute\": \"0x8000000000000001\", \"phys_addr\": \"0xffc00000\", "
		    "\"virt_addr\": \"0xfffffffeffc00000\", \"num_pages\": \"0x400\"},\n");
	holds(text, "\n  \"names\": [0, 1, 2, 3, 4, 5, 6, 7],\n");
	holds(text, "\n    {\"index\": 5, \"start\": \"0xffc00000\", \"end\": \"0xffffffff\", "
		    "\"type\": \"Reserved\"}\n  ],\n");
	holds(text, "\n    {\"depth\": 0, \"start\": \"0x0\", \"end\": \"0xfff\", "
		    "\"name\": \"Reserved\"},\n");
	holds(text, "\"fingerprint\": \"sha256:");
}

/* A value whose source was not read is null, whatever lies in the struct. */
static void only_what_was_read(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap *map efimap_auto_map = sample_empty("x");

	map->fw_vendor = 0x1234;
	map->boot_params.acpi_rsdp_addr = 0x5678;
	map->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_BROKEN;
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_DENIED;
	map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	const char *text = written(map, true, &out);

	holds(text, "\"fw_vendor\":null");
	holds(text, "\"acpi_rsdp_addr\":null");
	holds(text, "\"cmdline\":\"\"");
}

static void first_of_a_name(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap *map efimap_auto_map = sample_empty("x");

	map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_systab(map, "SMBIOS", 6, 1), 0);
	assert_int_equal(efimap_add_systab(map, "ACPI20", 6, 2), 0);
	assert_int_equal(efimap_add_systab(map, "SMBIOS", 6, 3), 0);
	assert_int_equal(efimap_seal(map), 0);
	holds(written(map, true, &out),
	      "\"systab\":{\"SMBIOS\":\"0x1\",\"ACPI20\":\"0x2\"}");
}

/* Even where somebody put one there. */
static void no_other_payload(void **state)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	struct efimap *map efimap_auto_map = sample_empty("x");
	struct efimap_setup_node node = { 0, 9, 4, 4, { 0x5e, 0xc3, 0xe7, 0x42 } };
	const char *text;

	map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	node.index = 1;
	node.type = EFIMAP_SETUP_EFI;
	node.payload[0] = 0xab;
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	text = written(map, true, &out);
	holds(text, "{\"index\":0,\"type\":\"0x9\",\"length\":\"0x4\"}");
	holds(text, "{\"index\":1,\"type\":\"0x4\",\"length\":\"0x4\","
		    "\"payload\":\"abc3e742\"}");
	assert_null(strstr(text, "5ec3e7"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_document),     cmocka_unit_test(a_record_a_line),
		cmocka_unit_test(only_what_was_read), cmocka_unit_test(first_of_a_name),
		cmocka_unit_test(no_other_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
