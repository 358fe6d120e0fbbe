/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The map that a kernel makes of what it prints. Expected addresses were computed by hand;
 * whole maps are held against those of real kernels by tests/fixtures/logs.py.
 */
#include "../test.h"
#include "emulate/layout.h"

#define RUN EFIMAP_ATTR_RUNTIME
#define WB EFIMAP_ATTR_WB
#define P EFIMAP_VIRT_PREDICTED
#define U EFIMAP_VIRT_UNKNOWN

/* Index, type, phys, virt, pages, attribute */
static const struct efimap_entry firmware[] = {
	{ 0, 4, 0x0, 0, 1, WB, U },
	{ 1, 7, 0x1000, 0, 0x3ecef, WB, U },
	{ 2, 4, 0x3ecf0000, 0, 0x10, WB, U },
	{ 3, 6, 0x3ed00000, 0, 0x100, RUN | WB, U },
	{ 4, 6, 0x3ee00000, 0, 0x100, RUN | WB, U },
	{ 5, 11, 0xffc00000, 0, 0x400, RUN, U },
};
static const struct efimap_entry runtime[] = {
	{ 0, 11, 0xffc00000, 0, 0x400, RUN, U },
	{ 1, 6, 0x3ed00000, 0, 0x200, RUN | WB, U },
	{ 2, 4, 0x3ecf0000, 0, 0x10, WB, U },
	{ 3, 4, 0x0, 0, 1, RUN | WB, U },
};

struct row {
	const char *name;
	const char *release;
	const char *cmdline;
	bool is_other;
	uint32_t lost;	    /* this line of the list is missing */
	bool has_lost;
	size_t n_firmware;
	size_t n_runtime;
	enum efimap_map_from from;
	size_t count;
	struct efimap_entry entries[6];
};

#define MMIO(index) { index, 11, 0xffc00000, 0xfffffffeffc00000, 0x400, RUN, P }
#define DATA(index) { index, 6, 0x3ed00000, 0xfffffffeff900000, 0x200, RUN | WB, P }
#define BOOT(index) { index, 4, 0x3ecf0000, 0xfffffffeff8f0000, 0x10, WB, P }
#define ZERO(index, attribute) { index, 4, 0x0, 0xfffffffeff800000, 1, attribute, P }

static const struct row rows[] = {
	{ "6.1 prints what it made, and keeps it", "6.1.0", "efi=debug", .n_runtime = 4,
	  .from = EFIMAP_MAP_FROM_RUNTIME, .count = 4,
	  .entries = { MMIO(0), DATA(1), BOOT(2), ZERO(3, RUN | WB) } },
	{ "5.3 frees what it does not need", "5.3.0", "efi=debug", .n_runtime = 4,
	  .from = EFIMAP_MAP_FROM_RUNTIME, .count = 3,
	  .entries = { MMIO(0), DATA(1), ZERO(2, RUN | WB) } },
	{ "4.6 exports no boot services", "4.6.0", "", .n_runtime = 4,
	  .from = EFIMAP_MAP_FROM_RUNTIME, .count = 2, .entries = { MMIO(0), DATA(1) } },
	{ "behind a lost line no address is known", "6.1.0", "efi=debug", .has_lost = true,
	  .lost = 1, .n_runtime = 4, .from = EFIMAP_MAP_FROM_RUNTIME, .count = 3,
	  .entries = { MMIO(0), { 1, 4, 0x3ecf0000, 0, 0x10, WB, U },
		       { 2, 4, 0x0, 0, 1, RUN | WB, U } } },
	{ "the firmware's map, merged and walked backwards", "6.1.0", "efi=debug",
	  .n_firmware = 6, .from = EFIMAP_MAP_FROM_FIRMWARE, .count = 4,
	  .entries = { MMIO(0), DATA(1), BOOT(2), ZERO(3, WB) } },
	{ "an unknown kernel is taken for a new one", "", "", .n_firmware = 6,
	  .from = EFIMAP_MAP_FROM_FIRMWARE, .count = 2, .entries = { MMIO(0), DATA(1) } },
	{ "4.2 walks forwards", "4.2.0", "", .n_firmware = 6,
	  .from = EFIMAP_MAP_FROM_FIRMWARE, .count = 2,
	  .entries = { { 0, 6, 0x3ed00000, 0xfffffffeff900000, 0x200, RUN | WB, P },
		       { 1, 11, 0xffc00000, 0xfffffffeff400000, 0x400, RUN, P } } },
	{ "3.10 has no layout", "3.10.0", "", .n_firmware = 6,
	  .from = EFIMAP_MAP_FROM_FIRMWARE, .count = 2,
	  .entries = { { 0, 6, 0x3ed00000, 0, 0x200, RUN | WB, U },
		       { 1, 11, 0xffc00000, 0, 0x400, RUN, U } } },
	{ "old_map has another", "4.9.0", "efi=old_map", .n_firmware = 6,
	  .from = EFIMAP_MAP_FROM_FIRMWARE, .count = 2,
	  .entries = { { 0, 11, 0xffc00000, 0, 0x400, RUN, U },
		       { 1, 6, 0x3ed00000, 0, 0x200, RUN | WB, U } } },
	{ "arm64 has none", "6.1.0", "", .is_other = true, .n_firmware = 6 },
	{ "turned off", "6.1.0", "efi=noruntime", .n_firmware = 6 },
	{ "nothing printed", "6.1.0", "" },
};

static size_t copy(struct efimap_entry *to, const struct efimap_entry *from, size_t count,
		   const struct row *row)
{
	size_t used = 0;

	for (size_t i = 0; i < count; i++)
		if (!row->has_lost || from[i].index != row->lost)
			to[used++] = from[i];
	return used;
}

static void judge(const struct row *row)
{
	struct efimap_entry list[6];
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_new("log", EFIMAP_ORIGIN_LOG, &map), 0);
	assert_int_equal(efimap_set_release(map, row->release, strlen(row->release)), 0);
	assert_int_equal(efimap_set_cmdline(map, row->cmdline, strlen(row->cmdline)), 0);
	for (size_t i = 0; i < row->n_firmware; i++)
		assert_int_equal(efimap_add_firmware(map, &firmware[i]), 0);

	const size_t count = copy(list, runtime, row->n_runtime, row);

	map->is_other_arch = row->is_other;
	assert_int_equal(efimap_derive(map, list, count), 0);
	assert_int_equal(map->map_from, row->from);
	assert_int_equal(map->n_entries, row->count);
	assert_int_equal(map->n_names, row->count);
	assert_int_equal(efimap_has(map, EFIMAP_SRC_RUNTIME_MAP), row->count > 0);
	assert_memory_equal(map->entries, row->entries, row->count * sizeof(*row->entries));
	/* What the firmware said stays as it was. */
	assert_int_equal(map->n_firmware, row->n_firmware);
	if (row->n_firmware)
		assert_memory_equal(map->firmware, firmware, sizeof(firmware));
}

TEST(maps)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		print_message("%s\n", rows[i].name);
		judge(&rows[i]);
	}
}

/* Another kernel has chosen the addresses, and numbers are its own. */
TEST(received)
{
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_new("log", EFIMAP_ORIGIN_LOG, &map), 0);
	assert_int_equal(efimap_set_release(map, "6.1.0", 5), 0);
	assert_int_equal(efimap_add_firmware(map, &runtime[1]), 0);
	assert_int_equal(efimap_add_firmware(map, &runtime[3]), 0);
	assert_int_equal(efimap_derive(map, NULL, 0), 0);
	assert_int_equal(map->map_from, EFIMAP_MAP_FROM_RECEIVED);
	assert_int_equal(map->n_entries, 2);
	assert_memory_equal(&map->entries[0], &runtime[1], sizeof(runtime[1]));
	assert_memory_equal(&map->entries[1], &runtime[3], sizeof(runtime[3]));
}

/* Of another list than a kexec'ed kernel's: from its middle, or with what no kernel hands on */
TEST(excerpts)
{
	static const struct efimap_entry reserved = { 0, 0, 0x7a000000, 0, 0x10, WB, U };
	const struct efimap_entry *const firsts[] = { &runtime[1], &reserved };

	for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++) {
		efimap_auto_map struct efimap *map = NULL;

		assert_int_equal(efimap_new("log", EFIMAP_ORIGIN_LOG, &map), 0);
		assert_int_equal(efimap_add_firmware(map, firsts[i]), 0);
		assert_int_equal(efimap_derive(map, NULL, 0), 0);
		assert_false(efimap_has(map, EFIMAP_SRC_RUNTIME_MAP));
		assert_int_equal(map->n_entries, 0);
	}
}

/* As the log of Debian's 6.1 for i386 has it: only what is marked, from the first one on. */
TEST(kernel_32bit)
{
	static const struct efimap_entry expected[] = {
		{ 0, 6, 0x3ed00000, 0, 0x200, RUN | WB, U },
		{ 1, 11, 0xffc00000, 0, 0x400, RUN, U },
	};
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_new("log", EFIMAP_ORIGIN_LOG, &map), 0);
	assert_int_equal(efimap_set_release(map, "6.1.0-50-686-pae", 16), 0);
	for (size_t i = 0; i < sizeof(firmware) / sizeof(firmware[0]); i++)
		assert_int_equal(efimap_add_firmware(map, &firmware[i]), 0);
	assert_int_equal(efimap_derive(map, NULL, 0), 0);
	assert_int_equal(map->n_entries, 2);
	assert_memory_equal(map->entries, expected, sizeof(expected));
}

/* A region larger than the window: the kernel leaves it and all others alone. */
TEST(window_used_up)
{
	const struct efimap_entry mapped[] = {
		{ 0, 11, 0x1000000000, 0, 0x2000000, RUN, U },
		{ 1, 5, 0x3ed00000, 0, 0x100, RUN | WB, U },
	};
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_new("log", EFIMAP_ORIGIN_LOG, &map), 0);
	assert_int_equal(efimap_derive(map, mapped, 2), 0);
	assert_int_equal(map->entries[0].virt_from, EFIMAP_VIRT_UNKNOWN);
	assert_int_equal(map->entries[1].virt_from, EFIMAP_VIRT_UNKNOWN);
}
