/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The arrays of a snapshot: what each element may be. */
#include "document.h"

#define ENTRY0                                                                             \
	"{\"index\":0,\"type\":\"0x6\",\"attribute\":\"0x800000000000000f\","              \
	"\"phys_addr\":\"0x3f4ec000\",\"virt_addr\":\"0xfffffffeff0ec000\","               \
	"\"num_pages\":\"0x100\"}"
#define ENTRY2                                                                             \
	"{\"index\":2,\"type\":\"0xffffffff\",\"attribute\":\"0xffffffffffffffff\","       \
	"\"phys_addr\":\"0xffffffffffffffff\",\"virt_addr\":\"0xffffffffffffffff\","       \
	"\"num_pages\":\"0xffffffffffffffff\"}"

static void entry_rows(void **state)
{
	static const struct document_row rows[] = {
		{ ENTRY0 "," ENTRY2, ENTRY2 "," ENTRY0, NULL },
		{ ENTRY0, ENTRY2, "runtime_map: index 2 stands twice" },
		{ ENTRY0 ",", "", NULL },
		{ ENTRY0, "7", "runtime_map[0]: found a number, expected an object" },
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
		{ "\"attribute\":\"0x8", "\"attribute\":\"-0x8",
		  "runtime_map[0].attribute: found \"-0x800000000000000f\", expected a string "
		  "with 0x and 1 to 16 hexadecimal digits" },
		{ "\"num_pages\":\"0x100\"", "\"num_pages\":256",
		  "runtime_map[0].num_pages: found a number, expected a string with 0x and 1 to "
		  "16 hexadecimal digits" },
		{ "\"virt_addr\":\"0xfffffffeff0ec000\"", "\"virt\":\"0xfffffffeff0ec000\"",
		  "runtime_map[0].virt_addr: missing, expected a string with 0x and 1 to 16 "
		  "hexadecimal digits" },
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

static void memory_rows(void **state)
{
	static const struct document_row rows[] = {
		{ "\"end\":\"0x5\"", "\"end\":null",
		  "memmap[1].end: found null, expected a string with 0x and 1 to 16 hexadecimal "
		  "digits" },
		{ "\"type\":\"Reserved\"", "\"type\":\"\"",
		  "memmap[1].type: empty, expected a memory type such as \"System RAM\"" },
		{ "\"type\":\"Reserved\"", "\"type\":\"a\\nb\"",
		  "memmap[1].type: found \"a?b\", expected printable text" },
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
static void virt_rows(void **state)
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

static void fault_rows(void **state)
{
	static const struct document_row rows[] = {
		{ "\"faults\":[", "\"f\":[", NULL },
		{ "\"kind\":\"syntax\"", "\"kind\":\"worse\"",
		  "faults[0].kind: \"worse\" is not known here" },
		{ "\"source\":\"runtime_map\"", "\"source\":\"map\"",
		  "faults[0].source: \"map\" is not known here" },
		{ "\"index\":1,\"line\"", "\"index\":null,\"line\"", NULL },
		{ "\"index\":1,\"line\"", "\"index\":4294967295,\"line\"",
		  "faults[0].index: found 4294967295, expected 0 to 4294967294" },
		{ "\"line\":0", "\"line\":4294967296",
		  "faults[0].line: found 4294967296, expected 0 to 4294967295" },
		{ "\"path\":\"sys", "\"path\":\"\\u001b",
		  "faults[0].path: found \"?/firmware/efi/runtime-map/1/type\", expected "
		  "printable text" },
	};

	document_try(rows, ARRAY_SIZE(rows));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entry_rows),
		cmocka_unit_test(memory_rows),
		cmocka_unit_test(virt_rows),
		cmocka_unit_test(fault_rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
