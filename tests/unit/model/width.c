/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A 32-bit kernel and what gives it away: each sign by itself, and signs that contradict
 * each other.
 */
#include <string.h>

#include "test.h"
#include "model/boot_params.h"
#include "model/traits.h"

/* What is NULL or 0 was not collected. */
struct row {
	const char *name;
	bool is_32bit;
	const char *cpuinfo;
	uint16_t version, xloadflags;
	const char *release;
	struct efimap_entry entries[2];
	size_t n_entries;
};

/* As Debian's 6.1 for i386 had it on OVMF: the direct map, and an ioremap. */
#define LOW                                                                                \
	{ { .index = 0, .type = 3, .phys = 0, .virt = 0xc0000000 },                        \
	  { .index = 1, .type = 5, .phys = 0x3e9ed000, .virt = 0xf7b00000 } },             \
		2
#define WINDOW                                                                             \
	{ { .index = 0, .type = 6, .phys = 0x3fef4000, .virt = 0xfffffffeffaf4000 },       \
	  { .index = 1, .type = 5, .phys = 0x3f5ec000, .virt = 0xfffffffeff1ec000 } },     \
		2
#define AT(phys_addr, virt_addr) { { .type = 5, .phys = (phys_addr), .virt = (virt_addr) } }, 1

static const struct row rows[] = {
	{ "nothing at all", false },
	{ "by cpuinfo", true, "32" },
	{ "cpuinfo of a 64-bit kernel", false, "64" },
	{ "by the header of an image", true, NULL, 0x20f, 0x4 },
	{ "a header without any flag", true, NULL, 0x20c, 0 },
	{ "a header made up for PVH", false, NULL, 0x20c, 0, "6.1.0-56-amd64" },
	{ "flags of 32 bits beat the release", true, NULL, 0x20c, 0x4, "6.1.0-56-amd64" },
	{ "a 64-bit image", false, NULL, 0x20f, 0x7f },
	{ "no flags before protocol 2.12", false, NULL, 0x20b, 0x0 },
	{ "no header behind the EFI stub", false, NULL, 0x1, 0 },
	{ "Debian with PAE", true, .release = "6.1.0-50-686-pae" },
	{ "Debian without", true, .release = "6.1.0-50-686" },
	{ "an older one", true, .release = "3.16.0-6-586" },
	{ "the oldest", true, .release = "2.6.32-5-486" },
	{ "a backport", true, .release = "6.12.30+deb12-686" },
	{ "realtime", true, .release = "6.1.0-50-rt-686-pae" },
	{ "Fedora", true, .release = "5.6.13-300.fc32.i686" },
	{ "Fedora with PAE", true, .release = "4.9.3-200.fc25.i686+PAE" },
	{ "openSUSE", true, .release = "4.12.14-pae" },
	{ "i386", true, .release = "5.10.0-i386" },
	{ "i486", true, .release = "5.10.0-i486" },
	{ "i586", true, .release = "5.10.0.i586" },
	{ "Debian, 64 bits", false, .release = "6.1.0-56-amd64" },
	{ "build 586 of another", false, .release = "5.14.0-586.el9.x86_64" },
	{ "patch 686", false, .release = "4.9.686" },
	{ "in the middle", false, .release = "5.4.0-686-generic" },
	{ "longer words", false, .release = "6.1.0-i6867-paes" },
	{ "by its addresses", true, .entries = LOW },
	{ "of another split", true, .entries = AT(0x1000, 0x40001000) },
	{ "the highest", true, .entries = AT(0x1000, 0xfffff000) },
	{ "too low for a kernel", false, .entries = AT(0x1000, 0x3ffff000) },
	{ "above 4 GiB", false, .entries = AT(0x1000, 0x100000000) },
	{ "onto itself", false, .entries = AT(0xc0000000, 0xc0000000) },
	{ "in the EFI window", false, .entries = WINDOW },
	{ "cpuinfo beats a header", true, "32", 0x20f, 0x7f },
	{ "a header beats the release", false, NULL, 0x20f, 0x7f, "6.1.0-50-686-pae" },
	{ "a header beats addresses", false, NULL, 0x20f, 0x7f, .entries = LOW },
	{ "a release of 64 bits beats addresses", false, NULL, 0, 0, "6.1.0-56-amd64", LOW },
	{ "Fedora's, too", false, NULL, 0, 0, "6.5.6-300.fc39.x86_64", LOW },
	{ "addresses and a release without a word", true, NULL, 0, 0, "4.15.0-213-generic", LOW },
	{ "the release beats addresses", true, NULL, 0, 0, "6.1.0-50-686-pae", WINDOW },
};

static struct efimap *build(const struct row *row)
{
	struct efimap *map = NULL;

	assert_int_equal(efimap_new(row->name, EFIMAP_ORIGIN_TREE, &map), 0);
	if (row->cpuinfo) {
		map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_PRESENT;
		map->kernel_32bit = strcmp(row->cpuinfo, "32") == 0;
	}
	if (row->version) {
		map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
		map->boot_params.version = row->version;
		map->boot_params.xloadflags = row->xloadflags;
	}
	if (row->release)
		efimap_set_release(map, row->release, strlen(row->release));
	for (size_t i = 0; i < row->n_entries; i++)
		assert_int_equal(efimap_add_entry(map, &row->entries[i]), 0);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static void signs(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_map struct efimap *map = build(&rows[i]);

		if (efimap_is_32bit_kernel(map) != rows[i].is_32bit)
			fail_msg("%s", rows[i].name);
	}
}

/* A log shows no addresses; those that were computed from it prove nothing. */
static void only_read_addresses_count(void **state)
{
	static const enum efimap_virt_from places[] = { EFIMAP_VIRT_UNKNOWN,
						       EFIMAP_VIRT_PREDICTED };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct row row = { "a log", .entries = LOW };

		row.entries[1].virt_from = places[i];

		efimap_auto_map struct efimap *map = build(&row);

		assert_false(efimap_is_32bit_kernel(map));
	}
}

/* Of 64-bit firmware such a kernel has no map, whatever the addresses look like. */
static void firmware_beats_addresses(void **state)
{
	const struct row row = { "64-bit firmware", .entries = LOW };
	efimap_auto_map struct efimap *map = build(&row);

	map->platform_size = 64;
	assert_true(efimap_is_32bit_kernel(map));
	map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	assert_false(efimap_is_32bit_kernel(map));
	map->platform_size = 32;
	assert_true(efimap_is_32bit_kernel(map));
}

/* 32-bit firmware under a kernel of its own width is no mixed mode. */
static void is_never_mixed_mode(void **state)
{
	for (int size = 0; size < 2; size++) {
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
			efimap_auto_map struct efimap *map = build(&rows[i]);

			if (size) {
				map->platform_size = 32;
				map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
			} else {
				map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
				memcpy(map->boot_params.efi_info.signature, "EL32", 5);
			}
			if (efimap_is_mixed_mode(map) == rows[i].is_32bit)
				fail_msg("%s", rows[i].name);
		}
	}
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs),
		cmocka_unit_test(only_read_addresses_count),
		cmocka_unit_test(firmware_beats_addresses),
		cmocka_unit_test(is_never_mixed_mode),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
