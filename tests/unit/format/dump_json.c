/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The efimap-dump document: its shape, hostile input, and that it takes little memory. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include <jansson.h>

#include "test.h"
#include "base/cleanup.h"
#include "base/num.h"
#include "sample.h"

static void has_the_promised_shape(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	const char *text = sample_dump(map, report, EFIMAP_DUMP_JSON, NULL, &out);
	static const char start[] =
		"{\n"
		"  \"document\": \"efimap-dump\",\n"
		"  \"version\": 1,\n"
		"  \"tool\": \"" EFIMAP_TOOL "\",\n"
		"  \"source\": \"/\",\n"
		"  \"mapping\": \"efi-window\",\n"
		"  \"kernel\": {\"release\": \"6.1.0-56-amd64\", \"booted_by\": "
		"\"firmware\"},\n"
		"  \"entries\": [\n"
		"    {\"index\": 0, \"type\": \"0xb\", \"type_name\": \"MMIO\", "
		"\"attribute\": \"0x8000000000000001\", \"attribute_names\": [\"RUN\", "
		"\"UC\"], \"phys_addr\": \"0xffc00000\", \"phys_end\": \"0xffffffff\", "
		"\"virt_addr\": \"0xfffffffeffc00000\", \"num_pages\": \"0x400\", "
		"\"memmap\": [\"Reserved\"], \"iomem\": [\"Reserved\"], \"rules\": "
		"[]},\n";

	assert_memory_equal(text, start, sizeof(start) - 1);
	assert_non_null(strstr(text, "\"memmap\": [\"System RAM\"], \"iomem\": [\"System "
				     "RAM\"], \"rules\": [\"boot-services-kept\", "
				     "\"boot-services-in-ram\", \"table-in-ram\"]},\n"));
}

static json_t *load(const struct efimap *map, const struct efimap_report *report,
		    enum efimap_dump_format format)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
	json_t *document = json_loads(sample_dump(map, report, format, NULL, &out),
				      JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(document);
	return document;
}

static uint64_t number(const json_t *entry, const char *key)
{
	const char *text = json_string_value(json_object_get(entry, key));
	uint64_t value = 0;

	assert_non_null(text);
	assert_int_equal(
		efimap_num_parse_hex(text, strlen(text), UINT64_MAX, &value, NULL),
		EFIMAP_NUM_OK);
	return value;
}

static void reads_back_equal(void **state)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	json_t *document = load(map, report, EFIMAP_DUMP_JSON);
	json_t *compact = load(map, report, EFIMAP_DUMP_NDJSON);
	const json_t *entries = json_object_get(document, "entries");

	assert_true(json_equal(document, compact));
	assert_int_equal(json_array_size(entries), map->n_entries);
	for (size_t i = 0; i < map->n_entries; i++) {
		const json_t *entry = json_array_get(entries, i);

		assert_int_equal(json_integer_value(json_object_get(entry, "index")),
				 map->entries[i].index);
		assert_int_equal(number(entry, "type"), map->entries[i].type);
		assert_int_equal(number(entry, "attribute"), map->entries[i].attribute);
		assert_int_equal(number(entry, "phys_addr"), map->entries[i].phys);
		assert_int_equal(number(entry, "virt_addr"), map->entries[i].virt);
		assert_int_equal(number(entry, "num_pages"), map->entries[i].pages);
	}
	json_decref(document);
	json_decref(compact);
}

static void add_entry(struct efimap *map, uint32_t index, uint64_t phys, uint64_t pages,
		      uint64_t attribute)
{
	struct efimap_entry entry = { index, 99, phys, phys, pages, attribute };

	assert_int_equal(efimap_add_entry(map, &entry), 0);
}

static void odd_entries_are_told_as_they_are(void **state)
{
	struct efimap *map efimap_auto_map = sample_empty("odd \177\377");
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	add_entry(map, 3, 0x1000, 0, 0);
	add_entry(map, UINT32_MAX - 1, UINT64_MAX - 4095, 1, 0x4000000000000300);
	add_entry(map, UINT32_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX);
	assert_int_equal(efimap_seal(map), 0);
	assert_string_equal(
		sample_dump(map, report, EFIMAP_DUMP_NDJSON, NULL, &out),
		"{\"document\":\"efimap-dump\",\"version\":1,\"tool\":\"" EFIMAP_TOOL
		"\",\"source\":\"odd \\u007F\\uFFFD\",\"mapping\":\"identity\","
		"\"kernel\":{\"release\":null,\"booted_by\":\"unknown\"},\"entries\":["
		"{\"index\":3,\"type\":\"0x63\",\"type_name\":\"type=99\","
		"\"attribute\":\"0x0\",\"attribute_names\":[],\"phys_addr\":\"0x1000\","
		"\"phys_end\":null,\"virt_addr\":\"0x1000\",\"num_pages\":\"0x0\","
		"\"memmap\":[],\"iomem\":[],\"rules\":[]},"
		"{\"index\":4294967294,\"type\":\"0x63\",\"type_name\":\"type=99\","
		"\"attribute\":\"0x4000000000000300\",\"attribute_names\":[\"ISA\","
		"\"0x300\"],"
		"\"phys_addr\":\"0xfffffffffffff000\",\"phys_end\":"
		"\"0xffffffffffffffff\","
		"\"virt_addr\":\"0xfffffffffffff000\",\"num_pages\":\"0x1\","
		"\"memmap\":[],\"iomem\":[],\"rules\":[]},"
		"{\"index\":4294967295,\"type\":\"0x63\",\"type_name\":\"type=99\","
		"\"attribute\":\"0xffffffffffffffff\",\"attribute_names\":[\"RUN\","
		"\"HP\","
		"\"MR\",\"CC\",\"SP\",\"NV\",\"XP\",\"RP\",\"WP\",\"RO\",\"UCE\",\"WB\","
		"\"WT\",\"WC\",\"UC\",\"ISA\",\"0x3fffffffffe00fe0\"],"
		"\"phys_addr\":\"0xffffffffffffffff\",\"phys_end\":null,"
		"\"virt_addr\":\"0xffffffffffffffff\",\"num_pages\":"
		"\"0xffffffffffffffff\","
		"\"memmap\":[],\"iomem\":[],\"rules\":[]}]}\n");
}

/* A map of @count entries, each with labels that are not all ASCII. */
static struct efimap *large_map(size_t count)
{
	struct efimap *map = sample_empty("/");

	for (size_t i = 0; i < count; i++)
		add_entry(map, (uint32_t)i, i << 20, 16, 0x800000000000000f);
	sample_memmap(map, 0, 0, UINT64_MAX, "Reserved");
	sample_iomem(map, 0, UINT64_MAX, 0, "PCI Bus 0000:00 \xc3\xa9");
	sample_iomem(map, 0, UINT64_MAX, 1, "Reserved");
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static size_t room_for(size_t count)
{
	struct efimap *map efimap_auto_map = large_map(count);
	struct efimap_report *report efimap_auto_report = sample_clean_report();
	struct efimap_dump_options options = { .format = EFIMAP_DUMP_JSON };
	int fd efimap_auto_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_FD(fd);

	assert_int_equal(efimap_dump_write(map, report, &options, &out), 0);
	assert_int_equal(efimap_out_flush(&out), 0);
	return out.capacity;
}

static void memory_does_not_grow_with_the_map(void **state)
{
	assert_true(room_for(10000) <= 65536);
	assert_true(room_for(1000) == room_for(10000));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(has_the_promised_shape),
		cmocka_unit_test(reads_back_equal),
		cmocka_unit_test(odd_entries_are_told_as_they_are),
		cmocka_unit_test(memory_does_not_grow_with_the_map),
	};

	return cmocka_run_group_tests_name("format/dump_json", tests, NULL, NULL) != 0;
}
