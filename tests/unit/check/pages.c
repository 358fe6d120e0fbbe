/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pages of an entry: whole ones, and none where no kernel could take them. */
#include "test.h"
#include "check/check.h"

#define MAX (UINT64_C(1) << 52)
#define WINDOW CHECK_WINDOW_PAGES

TEST(whole_pages_within_limits)
{
	static const struct {
		const char *name;
		uint64_t phys, virt, pages;
		bool exists;
		uint64_t first, last;
	} rows[] = {
		{ "up to 2^52", MAX - 0x1000, 0, 1, true, MAX - 0x1000, MAX - 1 },
		{ "as many as the window has", 0x1000, 0, WINDOW, true, 0x1000,
		  0xfff + WINDOW * 0x1000 },
		/* Mapped onto itself, it is not in the window. */
		{ "more, a page apart", 0x2000, 0x3000, WINDOW + 1, false, 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_entry entry = { .phys = rows[i].phys, .virt = rows[i].virt,
						    .pages = rows[i].pages };
		struct efimap_span span = { 0, 0 };
		const bool exists = pages_of(&entry, &span);

		if (exists != rows[i].exists ||
		    (exists && (span.first != rows[i].first || span.last != rows[i].last)))
			fail_msg("%s: %d, 0x%" PRIx64 "-0x%" PRIx64, rows[i].name, exists,
				 span.first, span.last);
	}
}
