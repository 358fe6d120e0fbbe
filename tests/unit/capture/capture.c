/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../map_with_ranges.h"
#include "capture/installed_kernels.h"

TEST(release_rows)
{
	static const struct {
		const char *text;
		unsigned int major, minor, patch;
	} rows[] = {
		{ "6.1.0-56-amd64", 6, 1, 0 },
		{ "6.12.113+deb12-amd64", 6, 12, 113 },
		{ "5.4", 5, 4, 0 },
		{ "6.1-rc3", 6, 1, 0 },
		{ "6.1.", 6, 1, 0 },
		{ "6.1.x", 6, 1, 0 },
		{ "3.10.0-1160.el7.x86_64", 3, 10, 0 },
		{ "2.6.32.12", 2, 6, 32 },
		{ "6", 0, 0, 0 },
		{ "6.", 0, 0, 0 },
		{ "6-rc1", 0, 0, 0 },
		{ "", 0, 0, 0 },
		{ ".1.2", 0, 0, 0 },
		{ "linux", 0, 0, 0 },
		{ "-6.1", 0, 0, 0 },
		{ "4294967295.4294967295.4294967295", UINT32_MAX, UINT32_MAX, UINT32_MAX },
		{ "4294967296.1", 0, 0, 0 },
		{ "99999999999999999999.1", 0, 0, 0 },
		{ "6.99999999999999999999", 0, 0, 0 },
		{ "6.1.99999999999999999999", 6, 1, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = empty();
		const struct release *release = &map->release;

		set_release(map, rows[i].text, strlen(rows[i].text));
		assert_string_equal(release->text, rows[i].text);
		if (release->major != rows[i].major || release->minor != rows[i].minor ||
		    release->patch != rows[i].patch)
			fail_msg("%s: %u.%u.%u, expected %u.%u.%u", rows[i].text, release->major,
				 release->minor, release->patch, rows[i].major, rows[i].minor,
				 rows[i].patch);
	}
}

/* kernfs sorts directories by the hashes of their names, which puts the names 0 to 7 in @order. */
TEST(entries_are_sorted_by_number)
{
	static const uint32_t order[] = { 7, 5, 3, 1, 6, 4, 2, 0 };
	auto_map struct efimap *map = empty();

	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		uint32_t n = order[i];
		struct map_entry entry = { .index = n,
					   .type = n + 1,
					   .phys = n + 2,
					   .virt = n + 3,
					   .pages = n + 4,
					   .attribute = n + 5 };
		struct setup_node node = { .index = n, .type = n + 1, .len = n + 2 };
		char label[2] = { (char)('a' + n), '\0' };

		node.payload[95] = (uint8_t)n;
		capture_add_entry(map, &entry);
		capture_add_name(map, n);
		capture_add_memmap(map, n, n * 16, n * 16 + 1, label, 1);
		capture_add_setup_node(map, &node);
	}
	seal(map);
	assert_int_equal(map->n_entries, ARRAY_SIZE(order));
	for (uint32_t n = 0; n < ARRAY_SIZE(order); n++) {
		assert_int_equal(map->entries[n].index, n);
		assert_int_equal(map->entries[n].type, n + 1);
		assert_int_equal(map->entries[n].phys, n + 2);
		assert_int_equal(map->entries[n].virt, n + 3);
		assert_int_equal(map->entries[n].pages, n + 4);
		assert_int_equal(map->entries[n].attribute, n + 5);
		assert_int_equal(map->names[n], n);
		assert_int_equal(map->memmap[n].index, n);
		assert_int_equal(map->memmap[n].span.first, n * 16);
		assert_int_equal(map->memmap[n].label[0], 'a' + n);
		assert_int_equal(map->setup_data[n].index, n);
		assert_int_equal(map->setup_data[n].type, n + 1);
		assert_int_equal(map->setup_data[n].payload[95], n);
	}
}

TEST(source_order_is_kept)
{
	auto_map struct efimap *map = empty();

	capture_add_iomem(map, (struct span){ 9, 9 }, 0, "b", 1);
	capture_add_iomem(map, (struct span){ 1, 1 }, 0, "a", 1);
	capture_add_systab(map, "SMBIOS", 6, 1);
	capture_add_systab(map, "ACPI", 4, 2);
	/* If two lines have the same key, the first line is used. */
	capture_add_systab(map, "SMBIOS", 6, 3);
	seal(map);
	assert_string_equal(map->iomem[0].name, "b");
	assert_string_equal(map->systab[0].name, "SMBIOS");
	assert_string_equal(map->systab[1].name, "ACPI");
	assert_int_equal(map->n_systab, 2);
	assert_int_equal(map->systab[0].value, 1);
}

TEST(installed_kernels_are_copied)
{
	auto_map struct efimap *map = empty();
	char image[] = "/boot/vmlinuz-6.1", initrd[] = "/boot/initrd.img-6.1";
	const struct installed_kernel kernel = {
		.header = { .name = image, .init_size = 0x1000 },
		.initrd = initrd,
	};

	for (size_t i = 0; i < EFIMAP_MAX_KERNELS; i++)
		assert_int_equal(capture_add_kernel(map, &kernel), 0);
	assert_int_equal(capture_add_kernel(map, &kernel), -E2BIG);
	*image = *initrd = 'x';
	assert_int_equal(map->n_kernels, EFIMAP_MAX_KERNELS);
	assert_string_equal(map->kernels[0].header.name, "/boot/vmlinuz-6.1");
	assert_int_equal(map->kernels[0].header.init_size, 0x1000);
	assert_string_equal(map->kernels[EFIMAP_MAX_KERNELS - 1].initrd, "/boot/initrd.img-6.1");
	assert_int_equal(load_limit(kexec_of(map), EFIMAP_VALUE_PANIC_LIMIT), EFIMAP_LIMIT_UNKNOWN);
}
