/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tables of real maps, page for page and against the kernel's own dump. */
#include <endian.h>
#include <errno.h>

#include "emulate/pagetable.h"
#include "emulate/tree.h"
#include "emulate/walker.h"

#define BASE UINT64_C(0x12345000)
#define BELOW_4K 0xfff

static const char *const captures[] = {
	"ovmf-q35-6.1-kexec-first",
	"ovmf-q35-6.1-kexec-second",
	"ovmf-q35-6.1-crash-first",
	"ovmf-q35-6.1-crash-second",
	"ovmf-q35-6.1-efidebug-first",
	"ovmf-q35-6.1-efidebug-second",
	"ovmf-q35-6.12-kexec-file-first",
	"ovmf-q35-6.12-kexec-file-second",
	"ovmf-q35-6.12-ptdump-first",
	"ovmf-q35-6.12-ptdump-second",
	"ovmf32-q35-6.1-mixed-first",
	"real-001",
	"real-003",
	"real-005",
	"real-061",
};

static uint64_t want_flags(const struct efimap_entry *entry)
{
	return 0x23 | (entry->type == 3 || entry->type == 5 ? 0 : UINT64_C(1) << 63) |
	       (entry->attribute & 8 ? 0 : 0x10);
}

static void assert_pages(const struct efimap_pagetable *table,
			 const struct efimap_entry *entry, uint64_t va, bool page_zero)
{
	for (uint64_t page = 0; page < entry->pages; page++) {
		const uint64_t at = va + page * 4096;
		uint64_t want = want_flags(entry);
		struct efimap_pagetable_hit hit;
		struct walked walked = { 0 };

		/* Linux maps page 0 last, not executable. */
		if (page_zero && at == 0)
			want |= UINT64_C(1) << 63;
		assert_true(walker_translate(table, at | BELOW_4K, &walked));
		assert_int_equal(walked.phys, entry->phys + page * 4096 + BELOW_4K);
		assert_int_equal(walked.entry & 0xfff0000000000f7f, want);
		assert_int_equal(efimap_pagetable_walk(table, at | BELOW_4K, &hit), 0);
		assert_int_equal(hit.phys, walked.phys);
		assert_int_equal(hit.flags, walked.entry & 0xfff0000000000fff);
		assert_false(hit.reserved);
		assert_int_equal(walked.bytes, hit.leaf == EFIMAP_LEAF_4K   ? 4096
					       : hit.leaf == EFIMAP_LEAF_2M ? 2097152
									    : 1073741824);
	}
}

static void check_map(const char *capture, enum efimap_pagetable_mode mode,
		      enum efimap_leaf largest)
{
	const struct efimap_pagetable_options options = {
		.mode = mode,
		.largest = largest,
		.base = BASE,
	};
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_entry entries[TREE_MAX];
	struct efimap_pagetable table;
	const size_t count = tree_map(capture, entries);

	assert_int_equal(efimap_pagetable_build(entries, count, &options, &table, &err),
			 0);
	assert_int_equal(table.base, BASE);
	assert_int_equal(table.n_skips, 0);
	for (size_t i = 0; i < count; i++) {
		const bool both = mode == EFIMAP_PAGETABLE_BOTH;

		if (both || mode == EFIMAP_PAGETABLE_IDENTITY)
			assert_pages(&table, &entries[i], entries[i].phys, both);
		if (both || mode == EFIMAP_PAGETABLE_VIRTUAL)
			assert_pages(&table, &entries[i], entries[i].virt, both);
	}
	efimap_pagetable_free(&table);
	assert_null(table.words);
}

static void test_every_page(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(captures); i++) {
		print_message("%s\n", captures[i]);
		for (enum efimap_pagetable_mode mode = EFIMAP_PAGETABLE_BOTH;
		     mode <= EFIMAP_PAGETABLE_VIRTUAL; mode++)
			for (enum efimap_leaf leaf = 0; leaf < EFIMAP_LEAF_COUNT; leaf++)
				check_map(captures[i], mode, leaf);
	}
}

/* Everything in the user half and in the EFI window. */
static bool is_efi(const struct efimap_ptrun *run)
{
	return run->span.last >> 47 == 0 ||
	       (run->span.first >= EFIMAP_VA_END && run->span.last < EFIMAP_VA_START);
}

static void read_dump(const char *capture, struct efimap_ptdump *dump)
{
	/* One line is "0xFIRST-0xEND SIZE [RW|ro] [PCD] [PSE] [NX|x] LEVEL". */
	FILE *file = tree_open(capture, "sys/kernel/debug/page_tables/efi");
	char line[160];

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		struct efimap_ptrun run = { 0 };
		uint64_t end;

		if (sscanf(line, "%" SCNx64 "-%" SCNx64, &run.span.first, &end) != 2)
			continue;
		run.span.last = end - 1;
		if (!strstr(line, " RW ") && !strstr(line, " ro "))
			continue;
		run.flags |= strstr(line, " RW ") ? EFIMAP_PTE_RW : 0;
		run.flags |= strstr(line, " PWT ") ? EFIMAP_PTE_PWT : 0;
		run.flags |= strstr(line, " PCD ") ? EFIMAP_PTE_PCD : 0;
		run.flags |= strstr(line, " PSE ") ? EFIMAP_PTE_PSE : 0;
		run.flags |= strstr(line, " GLB ") ? EFIMAP_PTE_GLOBAL : 0;
		run.flags |= strstr(line, " NX ") ? EFIMAP_PTE_NX : 0;
		run.level =
			strstr(line, " pte") ? EFIMAP_PTLEVEL_PTE : EFIMAP_PTLEVEL_PMD;
		if (is_efi(&run))
			assert_int_equal(efimap_ptdump_add(dump, &run), 0);
	}
	fclose(file);
}

static void predict(const char *capture, const struct efimap_pagetable_options *options,
		    struct efimap_ptdump *dump)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_entry entries[TREE_MAX];
	struct efimap_pagetable table;
	const size_t count = tree_map(capture, entries);

	assert_int_equal(efimap_pagetable_build(entries, count, options, &table, &err),
			 0);
	assert_int_equal(efimap_pagetable_runs(&table, dump), 0);
	efimap_pagetable_free(&table);
}

static bool runs_equal(const struct efimap_ptrun *a, const struct efimap_ptrun *b)
{
	return efimap_span_equals(a->span, b->span) && a->flags == b->flags &&
	       a->level == b->level;
}

/* The second kernel's dump is what its map and efi_info predict, run for run. */
static void test_second_dump(void **state)
{
	const struct efimap_pagetable_options options = {
		.memmap_addr = 0x101000,
		.memmap_size = 0x118,
	};
	struct efimap_ptdump real = { 0 }, ours;

	read_dump("ovmf-q35-6.12-ptdump-second", &real);
	predict("ovmf-q35-6.12-ptdump-second", &options, &ours);
	assert_int_equal(real.n_runs, 15);
	assert_int_equal(ours.n_runs, real.n_runs);
	for (size_t i = 0; i < real.n_runs; i++)
		assert_true(runs_equal(&ours.runs[i], &real.runs[i]));
	efimap_ptdump_free(&real);
	efimap_ptdump_free(&ours);
}

/*
 * The first kernel's differs where the Memory Attributes Table speaks (code and data in
 * the code region) and in the pages of its own map.
 */
static void test_first_dump(void **state)
{
	const struct efimap_span code[] = { { 0x3f4ec000, 0x3f6ebfff },
					    { 0xfffffffeff0ec000, 0xfffffffeff2ebfff } };
	const struct efimap_pagetable_options options = {
		.memmap_addr = 0x1e4000,
		.memmap_size = 0x4000,
	};
	struct efimap_ptdump real = { 0 }, ours;
	size_t same = 0, other = 0;

	read_dump("ovmf-q35-6.12-ptdump-first", &real);
	predict("ovmf-q35-6.12-ptdump-first", &options, &ours);
	for (size_t i = 0, j = 0; i < real.n_runs; i++) {
		if (efimap_span_contains(code[0], real.runs[i].span) ||
		    efimap_span_contains(code[1], real.runs[i].span)) {
			other++;
			continue;
		}
		while (efimap_span_contains(code[0], ours.runs[j].span) ||
		       efimap_span_contains(code[1], ours.runs[j].span))
			j++;
		assert_true(runs_equal(&ours.runs[j++], &real.runs[i]));
		same++;
	}
	assert_int_equal(same, 11);
	assert_true(other > 30);
	efimap_ptdump_free(&real);
	efimap_ptdump_free(&ours);
}

/* A map that was moved by 4 MiB does not match. */
static void test_moved(void **state)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_entry entries[TREE_MAX];
	struct efimap_ptdump real = { 0 }, ours;
	struct efimap_pagetable table;
	const size_t count = tree_map("ovmf-q35-6.12-ptdump-second", entries);
	bool same;

	for (size_t i = 0; i < count; i++)
		entries[i].virt -= 0x400000;
	read_dump("ovmf-q35-6.12-ptdump-second", &real);
	assert_int_equal(efimap_pagetable_build(entries, count, NULL, &table, &err), 0);
	assert_int_equal(efimap_pagetable_runs(&table, &ours), 0);
	same = ours.n_runs == real.n_runs;
	for (size_t i = 0; same && i < real.n_runs; i++)
		same = runs_equal(&ours.runs[i], &real.runs[i]);
	assert_false(same);
	efimap_pagetable_free(&table);
	efimap_ptdump_free(&real);
	efimap_ptdump_free(&ours);
}

struct skip_row {
	const char *name;
	uint64_t phys;
	uint64_t virt;
	uint64_t pages;
	bool identity;
	enum efimap_pagetable_reason reason;
};

#define TOP (UINT64_C(1) << 52)
#define HALF (UINT64_C(1) << 47)

static const struct skip_row skip_rows[] = {
	{ "no pages", 0x1000, 0x1000, 0, true, EFIMAP_PAGETABLE_EMPTY },
	{ "pages wrap", 0x1000, 0x1000, TOP, false, EFIMAP_PAGETABLE_PHYS },
	{ "ends above 2^52", TOP - 0x1000, 0, 2, false, EFIMAP_PAGETABLE_PHYS },
	{ "phys unaligned", 0x1800, 0x1000, 1, true, EFIMAP_PAGETABLE_UNALIGNED },
	{ "virt unaligned", 0x1000, 0x1018, 1, false, EFIMAP_PAGETABLE_UNALIGNED },
	{ "virt in the gap", 0x1000, HALF, 1, false, EFIMAP_PAGETABLE_NONCANONICAL },
	{ "virt runs into the gap", 0x1000, HALF - 0x1000, 2, false,
	  EFIMAP_PAGETABLE_NONCANONICAL },
	{ "virt below the upper half", 0x1000, UINT64_MAX - HALF - 0xfff, 1, false,
	  EFIMAP_PAGETABLE_NONCANONICAL },
	{ "virt wraps", 0x1000, 0xfffffffffffff000, 2, false,
	  EFIMAP_PAGETABLE_NONCANONICAL },
	{ "phys cannot be an address", HALF, 0x1000, 1, true,
	  EFIMAP_PAGETABLE_NONCANONICAL },
};

static void test_skips(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(skip_rows); i++) {
		const struct skip_row *row = &skip_rows[i];
		const struct efimap_entry entries[] = {
			{ .phys = 0x200000, .virt = 0xffffffff00000000, .pages = 1 },
			{ .phys = row->phys, .virt = row->virt, .pages = row->pages },
		};
		const struct efimap_pagetable_options options = {
			.mode = row->identity ? EFIMAP_PAGETABLE_IDENTITY
					      : EFIMAP_PAGETABLE_VIRTUAL,
		};
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_pagetable table;

		print_message("%s\n", row->name);
		assert_int_equal(
			efimap_pagetable_build(entries, 2, &options, &table, &err), 0);
		assert_int_equal(table.n_skips, 1);
		assert_int_equal(table.skips[0].position, 1);
		assert_int_equal(table.skips[0].identity, row->identity);
		assert_int_equal(table.skips[0].reason, row->reason);
		assert_true(strlen(efimap_pagetable_reason_text(row->reason)) > 4);
		assert_int_equal(table.leaves[EFIMAP_LEAF_4K], 1);
		efimap_pagetable_free(&table);
	}
}

static void test_edges_that_work(void **state)
{
	const struct efimap_entry entries[] = {
		{ .phys = HALF - 0x1000, .virt = 0xfffffffffffff000, .pages = 1 },
		{ .phys = TOP - 0x1000, .virt = UINT64_MAX - HALF + 1, .pages = 1 },
	};
	const struct efimap_pagetable_options identity = {
		.mode = EFIMAP_PAGETABLE_IDENTITY
	};
	const struct efimap_pagetable_options virtual = {
		.mode = EFIMAP_PAGETABLE_VIRTUAL
	};
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_pagetable table;
	struct efimap_pagetable_hit hit;
	struct efimap_ptdump runs;

	assert_int_equal(efimap_pagetable_build(entries, 1, &identity, &table, &err), 0);
	assert_int_equal(efimap_pagetable_walk(&table, HALF - 1, &hit), 0);
	assert_int_equal(hit.phys, HALF - 1);
	assert_int_equal(efimap_pagetable_walk(&table, HALF, &hit), -ENOENT);
	efimap_pagetable_free(&table);
	assert_int_equal(efimap_pagetable_build(entries, 2, &virtual, &table, &err), 0);
	assert_int_equal(efimap_pagetable_walk(&table, UINT64_MAX, &hit), 0);
	assert_int_equal(hit.phys, HALF - 1);
	assert_int_equal(efimap_pagetable_walk(&table, UINT64_MAX - HALF + 1, &hit), 0);
	assert_int_equal(hit.phys, TOP - 0x1000);
	assert_int_equal(efimap_pagetable_runs(&table, &runs), 0);
	assert_int_equal(runs.n_runs, 2);
	assert_int_equal(runs.runs[0].span.first, UINT64_MAX - HALF + 1);
	assert_int_equal(runs.runs[1].span.last, UINT64_MAX);
	efimap_ptdump_free(&runs);
	efimap_pagetable_free(&table);
}

static void test_base(void **state)
{
	static const struct {
		uint64_t base;
		int err;
	} rows[] = {
		{ 0, 0 },
		{ 0x1000, 0 },
		{ 1, -EINVAL },
		{ 0xfff, -EINVAL },
		{ 0x1800, -EINVAL },
		{ TOP - 0x4000, 0 },
		{ TOP - 0x3000, -EOVERFLOW },
		{ TOP, -EOVERFLOW },
		{ UINT64_MAX - 0xfff, -EOVERFLOW },
	};
	const struct efimap_entry entry = { .phys = 0x1000, .virt = 0x1000, .pages = 1 };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_pagetable_options options = {
			.mode = EFIMAP_PAGETABLE_IDENTITY,
			.base = rows[i].base,
		};
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_pagetable table = { 0 };
		struct walked walked = { 0 };

		print_message("base 0x%" PRIx64 "\n", rows[i].base);
		assert_int_equal(
			efimap_pagetable_build(&entry, 1, &options, &table, &err),
			rows[i].err);
		assert_int_equal(err.code, -rows[i].err);
		if (rows[i].err)
			continue;
		assert_int_equal(table.n_pages, 4);
		assert_true(walker_translate(&table, 0x1000, &walked));
		efimap_pagetable_free(&table);
	}
}

static void test_walk_bad_bytes(void **state)
{
	uint64_t words[EFIMAP_PAGETABLE_WORDS] = { 0 };
	struct efimap_pagetable table = { .base = 0x1000, .words = words, .n_pages = 1 };
	struct efimap_pagetable_hit hit;

	assert_int_equal(efimap_pagetable_walk(&table, 0, &hit), -ENOENT);
	words[0] = htole64(0x2063);
	assert_int_equal(efimap_pagetable_walk(&table, 0, &hit), -EBADMSG);
	words[0] = htole64(0x63);
	assert_int_equal(efimap_pagetable_walk(&table, 0, &hit), -EBADMSG);
	/* A table that points to itself is a leaf at the last level. */
	words[0] = htole64(0x1063);
	assert_int_equal(efimap_pagetable_walk(&table, 0x7ff, &hit), 0);
	assert_int_equal(hit.phys, 0x17ff);
	table.n_pages = 0;
	assert_int_equal(efimap_pagetable_walk(&table, 0, &hit), -EBADMSG);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_page), cmocka_unit_test(test_second_dump),
		cmocka_unit_test(test_first_dump), cmocka_unit_test(test_moved),
		cmocka_unit_test(test_skips),	   cmocka_unit_test(test_edges_that_work),
		cmocka_unit_test(test_base),	   cmocka_unit_test(test_walk_bad_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
