/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "test.h"
#include "capture/entry.h"

#define TOP UINT64_MAX

TEST(range_rows)
{
	static const struct {
		const char *name;
		uint64_t start, pages;
		int ret;
		uint64_t last;
	} rows[] = {
		{ "flash below 4 GiB", 0xffc00000, 0x400, 0, 0xffffffff },
		{ "page 0", 0, 1, 0, 0xfff },
		{ "last page", TOP - 4095, 1, 0, TOP },
		{ "no pages", 0x1000, 0, -EINVAL, 0 },
		{ "wraps", TOP - 4095, 2, -EOVERFLOW, 0 },
		{ "2^52 pages", 0, UINT64_C(1) << 52, -EOVERFLOW, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct map_entry phys = { .phys = rows[i].start,
					  .virt = 1,
					  .pages = rows[i].pages };
		struct map_entry virt = { .virt = rows[i].start,
					  .phys = 1,
					  .pages = rows[i].pages };
		struct span a = { 7, 9 }, b = { 7, 9 };

		if (entry_phys(&phys, &a) != rows[i].ret || entry_virt(&virt, &b) != rows[i].ret)
			fail_msg("%s: did not return %d", rows[i].name, rows[i].ret);
		if (a.first != b.first || a.last != b.last)
			fail_msg("%s: phys and virt differ", rows[i].name);
		if (a.first != (rows[i].ret ? 7 : rows[i].start) ||
		    a.last != (rows[i].ret ? 9 : rows[i].last))
			fail_msg("%s: 0x%" PRIx64 "-0x%" PRIx64 " for the result %d", rows[i].name,
				 a.first, a.last, rows[i].ret);
	}
}

TEST(an_unknown_virtual_address_has_no_range)
{
	const struct map_entry entry = { .pages = 1, .virt_from = EFIMAP_VIRT_UNKNOWN };
	struct span span;

	assert_int_equal(entry_virt(&entry, &span), -EINVAL);
}
