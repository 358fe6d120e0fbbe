/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This page table walker was written from the Intel SDM, volume 3, figure 4-11 and tables 4-15 to
 * 4-20, so it shares no code with the builder that it checks.
 */
#ifndef TESTS_UNIT_LINUX_PAGE_TABLE_WALKER_H
#define TESTS_UNIT_LINUX_PAGE_TABLE_WALKER_H

#include <endian.h>
#include <inttypes.h>

#include "test.h"
#include "linux/page_table.h"

struct walked {
	uint64_t phys;
	uint64_t entry;
	uint64_t bytes;
};

static inline uint64_t walker_entry(const struct efi_page_table *table, uint64_t phys)
{
	uint64_t entry;

	if (phys >= table->n_pages * 4096)
		fail_msg("0x%" PRIx64 " is outside the tables", phys);
	memcpy(&entry, (const uint8_t *)table->words + phys, sizeof(entry));
	return le64toh(entry);
}

/*
 * Set @ret to the leaf that maps @va. Return false if @va is not mapped. The test fails unless each
 * entry that points to a table has exactly the flags present, writable, accessed and dirty.
 */
static inline bool walker_translate(const struct efi_page_table *table, uint64_t va,
				    struct walked *ret)
{
	uint64_t directory = 0;

	for (unsigned int shift = 39;; shift -= 9) {
		const uint64_t entry = walker_entry(table, directory + (va >> shift & 0x1ff) * 8);

		if (!(entry & 1))
			return false;
		if (shift == 12 || (shift < 39 && entry & 0x80)) {
			const uint64_t offset = (UINT64_C(1) << shift) - 1;

			ret->entry = entry;
			ret->bytes = offset + 1;
			ret->phys = (entry & 0x000ffffffffff000 & ~offset) | (va & offset);
			return true;
		}
		if ((entry & 0xfff) != 0x63 || entry >> 52)
			fail_msg("0x%" PRIx64 " is not a valid entry of a table", entry);
		directory = entry & 0x000ffffffffff000;
	}
}

#endif
