/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One descriptor: its ranges, the names of all types and bits. Runs of a page table: where
 * they cannot be in ascending order.
 */
#include "test.h"
#include "model/entry.h"
#include "model/ptdump.h"

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
		struct efimap_entry phys = { .phys = rows[i].start, .virt = 1,
					     .pages = rows[i].pages };
		struct efimap_entry virt = { .virt = rows[i].start, .phys = 1,
					     .pages = rows[i].pages };
		struct efimap_span a = { 7, 9 }, b = { 7, 9 };

		if (efimap_entry_phys(&phys, &a) != rows[i].ret ||
		    efimap_entry_virt(&virt, &b) != rows[i].ret)
			fail_msg("%s: wrong return", rows[i].name);
		if (!efimap_span_equals(a, b))
			fail_msg("%s: phys and virt differ", rows[i].name);
		if (a.first != (rows[i].ret ? 7 : rows[i].start) ||
		    a.last != (rows[i].ret ? 9 : rows[i].last))
			fail_msg("%s: wrong span", rows[i].name);
	}
}

/* An address that nobody has read is none, nor is one of a file that could not be. */
TEST(what_was_not_read_has_no_range)
{
	const struct efimap_entry entries[] = {
		{ .pages = 1, .virt_from = EFIMAP_VIRT_UNKNOWN },
		{ .pages = 1, .unread = EFIMAP_UNREAD_VIRT },
		{ .pages = 1, .unread = EFIMAP_UNREAD_PAGES },
	};
	struct efimap_span span;

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_entry_virt(&entries[i], &span), -EINVAL);
}

TEST(type_name_rows)
{
	static const struct {
		uint32_t type;
		const char *name;
	} rows[] = {
		{ 0, "Reserved" },	 { 1, "LoaderCode" },
		{ 2, "LoaderData" },	 { 3, "BootCode" },
		{ 4, "BootData" },	 { 5, "RuntimeCode" },
		{ 6, "RuntimeData" },	 { 7, "Conventional" },
		{ 8, "Unusable" },	 { 9, "ACPIReclaim" },
		{ 10, "ACPINVS" },	 { 11, "MMIO" },
		{ 12, "MMIOPort" },	 { 13, "PALCode" },
		{ 14, "Persistent" },	 { 15, "Unaccepted" },
		{ 16, "type=16" },	 { EFIMAP_TYPE_OEM_FIRST, "type=1879048192" },
		{ 0x80000000, "type=2147483648" }, { UINT32_MAX, "type=4294967295" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char buf[EFIMAP_TYPE_NAME_SIZE] = "untouched";
		const char *name = efimap_type_name(rows[i].type, buf);

		assert_string_equal(name, rows[i].name);
		/* a name from the table leaves the buffer alone and has no blank */
		if (rows[i].type < EFIMAP_TYPE_FIRST_UNDEFINED)
			assert_string_equal(buf, "untouched");
		assert_null(strpbrk(name, " ,|"));
	}
}

/* drivers/firmware/efi/efi.c: efi_md_typeattr_format, the columns of 6.12 */
TEST(attr_names_stand_in_the_log_s_order)
{
	static const char *const order[] = { "RUN", "HP", "MR",	 "CC",	"SP", "NV",
					     "XP",  "RP", "WP",	 "RO",	"UCE", "WB",
					     "WT",  "WC", "UC",	 "ISA" };
	static const uint64_t bits[] = {
		UINT64_C(1) << 63, 0x100000, 0x10000, 0x80000, 0x40000, 0x8000,
		0x4000,		   0x2000,   0x1000,  0x20000, 0x10,	0x8,
		0x4,		   0x2,	     0x1,     UINT64_C(1) << 62,
	};
	size_t n = 0;

	for (; efimap_attr_names[n].bit; n++) {
		assert_true(n < ARRAY_SIZE(order));
		assert_string_equal(efimap_attr_names[n].name, order[n]);
		assert_true(efimap_attr_names[n].bit == bits[n]);
	}
	assert_int_equal(n, ARRAY_SIZE(order));
	assert_null(efimap_attr_names[n].name);
}

TEST(unknown_bits_rows)
{
	static const struct {
		const char *name;
		uint64_t attribute, unknown;
	} rows[] = {
		{ "usual RAM", 0x800000000000000f, 0 },
		{ "AMD MMIO hole", 0x800000000000100d, 0 },
		{ "none", 0, 0 },
		{ "all defined", 0xcffff000001ff01f, 0 },
		{ "all ones", TOP, ~UINT64_C(0xcffff000001ff01f) },
		{ "bit 5", 0x20, 0x20 },
		{ "bit 21", 0x200000, 0x200000 },
		{ "below the ISA bits", UINT64_C(1) << 43, UINT64_C(1) << 43 },
		{ "first ISA bit", UINT64_C(1) << 44, 0 },
		{ "last ISA bit", UINT64_C(1) << 59, 0 },
		{ "bit 60", UINT64_C(1) << 60, UINT64_C(1) << 60 },
		{ "bit 61", UINT64_C(1) << 61, UINT64_C(1) << 61 },
		{ "ISA_VALID", UINT64_C(1) << 62, 0 },
		{ "garbage of a reused map", 0x0e42100e42180e41, 0x0000000e42000e40 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (efimap_attr_unknown(rows[i].attribute) != rows[i].unknown)
			fail_msg("%s: 0x%llx", rows[i].name,
				 (unsigned long long)efimap_attr_unknown(
					 rows[i].attribute));
}

#define RW EFIMAP_PTE_RW
#define PTE EFIMAP_PTLEVEL_PTE

static int add(struct efimap_ptdump *dump, uint64_t first, uint64_t last, uint64_t flags,
	       enum efimap_ptlevel level)
{
	const struct efimap_ptrun run = { { first, last }, flags, level };

	return efimap_ptdump_add(dump, &run);
}

TEST(test_order)
{
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };

	assert_int_equal(add(&dump, 0x1000, 0xfff, RW, PTE), -EINVAL);
	assert_int_equal(add(&dump, 0x1000, UINT64_MAX, RW, PTE), 0);
	assert_int_equal(add(&dump, UINT64_MAX, UINT64_MAX, RW, PTE), -EINVAL);
	assert_int_equal(add(&dump, 0, 0xfff, RW, PTE), -EINVAL);
	assert_int_equal(dump.n_runs, 1);
}
