/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <fcntl.h>

#include "test.h"
#include "base/cleanup.h"
#include "show/dump.h"
#include "show/page_table.h"
#include "show/report.h"
#include "document/snapshot.h"
#include "document/field_tables.h"
#include "../sample_capture.h"

static struct efimap *large_map(size_t count)
{
	struct efimap *map = sample_empty("/");

	for (size_t i = 0; i < count; i++) {
		const struct efimap_entry entry = { (uint32_t)i, 99, i << 20, i << 20, 16,
						    0x800000000000000f };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	add_memmap(map, 0, 0, UINT64_MAX, "Reserved");
	add_iomem(map, 0, UINT64_MAX, 0, "PCI Bus 0000:00 \xc3\xa9");
	add_iomem(map, 0, UINT64_MAX, 1, "Reserved");
	efimap_seal(map);
	return map;
}

static size_t room_for(size_t count)
{
	struct efimap *map efimap_auto_map = large_map(count);
	struct efimap_dump_options options = { .format = EFIMAP_DUMP_JSON };
	int fd efimap_auto_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_FD(fd);

	assert_int_equal(efimap_dump_write(map, &options, &out), 0);
	assert_int_equal(efimap_out_flush(&out), 0);
	return out.capacity;
}

TEST(memory_does_not_grow_with_the_map)
{
	assert_true(room_for(10000) <= 65536);
	assert_true(room_for(1000) == room_for(10000));
}

static const char *written(const struct efimap *map, bool compact, struct efimap_out *out)
{
	assert_int_equal(efimap_snapshot_write(map, compact, out), 0);
	return sample_text(out);
}

static void holds(const char *text, const char *part)
{
	/* With sanitizers, gcc would warn that arguments of strstr() may be NULL. */
	assert_non_null(text);
	assert_non_null(part);
	assert_non_null(strstr(text, part));
}

/* A source that was not read has the value null, even if the struct contains a value. */
TEST(only_what_was_read)
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

TEST(no_other_payload)
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

TEST(errors_of_the_out_stick)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_report *report efimap_auto_report = sample_report();
	const struct efimap_pagetable table = { .n_pages = 1 };
	const struct efimap_pagetable_view view = { .map = map, .table = &table };
	efimap_auto_out struct efimap_out out = { .fd = -1, .error = -ENOSPC };

	assert_int_equal(efimap_report_write_json("/", report, false, &out), -ENOSPC);
	assert_int_equal(efimap_snapshot_write(map, false, &out), -ENOSPC);
	assert_int_equal(efimap_pagetable_write_json(&view, &out), -ENOSPC);
}

TEST(states_are_named_as_their_sources)
{
	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		assert_string_equal(efimap_states_fields.rows[i].name, efimap_source_name(i));
}
