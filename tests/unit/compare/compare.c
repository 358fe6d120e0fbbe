/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Most findings of compare are tested with the rows in tests/fixtures/rows instead. */
#include "test.h"
#include "stock.h"
#include "base/cleanup.h"
#include "compare/compare.h"
#include "linux/encode_setup_data.h"
#include "input/read_source.h"

#define CODE UINT64_C(0x3f5ec000)
#define BOOT UINT64_C(0x3d11a000)
#define VIRT UINT64_C(0xfffffffef0000000)
#define RT EFIMAP_ATTR_RUNTIME
#define MAX_ENTRIES 128

/* All other data of a kernel is from a snapshot in tests/fixtures/rows. */
struct kernel {
	struct efimap_entry entries[MAX_ENTRIES];
	size_t n_entries;
};

struct pair_of_kernels {
	struct kernel first, second;
};

static void pair_init(struct pair_of_kernels *pair)
{
	memcpy(pair->first.entries, stock_entries, sizeof(stock_entries));
	pair->first.n_entries = ARRAY_SIZE(stock_entries);
	pair->first.entries[5].attribute = 0xf;
	pair->second = pair->first;
}

static void shuffle_as_sysfs(struct kernel *kernel)
{
	const struct kernel old = *kernel;
	uint32_t names[MAX_ENTRIES], order[MAX_ENTRIES];

	for (uint32_t i = 0; i < kernel->n_entries; i++)
		names[i] = i;
	assert_int_equal(efimap_kernfs_order(names, kernel->n_entries, order), 0);
	for (uint32_t i = 0; i < kernel->n_entries; i++) {
		kernel->entries[i] = old.entries[order[i]];
		kernel->entries[i].index = i;
	}
}

static struct efimap_entry *entry_at(struct kernel *kernel, uint64_t phys)
{
	for (size_t i = 0; i < kernel->n_entries; i++)
		if (kernel->entries[i].phys == phys)
			return &kernel->entries[i];
	fail_msg("no entry at 0x%llx", (unsigned long long)phys);
	return NULL;
}

static void add_entry(struct kernel *kernel, uint32_t type, uint64_t phys, uint64_t virt,
		      uint64_t pages, uint64_t attribute)
{
	const uint32_t index = (uint32_t)kernel->n_entries++;

	assert_true(index < MAX_ENTRIES);
	kernel->entries[index] =
		(struct efimap_entry){ index, type, phys, virt, pages, attribute };
}

/* Remove entries without pages, like arch/x86/platform/efi/efi.c: efi_clean_memmap. */
static void drop_unsound(struct kernel *kernel)
{
	uint32_t kept = 0;

	for (size_t i = 0; i < kernel->n_entries; i++) {
		if (!kernel->entries[i].pages)
			continue;
		kernel->entries[kept] = kernel->entries[i];
		kernel->entries[kept].index = kept;
		kept++;
	}
	kernel->n_entries = kept;
}

static struct efimap *build(const struct kernel *kernel, const char *snapshot)
{
	struct efimap *map = NULL;
	struct efimap_err err = { 0 };

	if (efimap_read(snapshot, EFIMAP_BOOT_DEFAULT, NULL, &map, &err))
		fail_msg("%s cannot be read", snapshot);
	map->n_entries = map->n_names = 0;
	for (size_t i = 0; i < kernel->n_entries; i++) {
		assert_int_equal(efimap_add_entry(map, &kernel->entries[i]), 0);
		assert_int_equal(efimap_add_name(map, kernel->entries[i].index), 0);
	}
	efimap_seal(map);
	return map;
}

static struct efimap *build_first(const struct pair_of_kernels *pair)
{
	return build(&pair->first, ROWS "/first.json");
}

static struct efimap *build_second(const struct pair_of_kernels *pair)
{
	return build(&pair->second, ROWS "/file.json");
}

static struct efimap_comparison *compare(const struct pair_of_kernels *pair)
{
	efimap_auto_map struct efimap *first = build_first(pair), *second = build_second(pair);
	struct efimap_comparison *comparison = NULL;

	assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
	return comparison;
}

/* Up to four loads with kexec_load in sequence are detected. */
TEST(kexec_load_is_known_again_and_again)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	for (uint32_t i = 0; i < 12; i++) {
		add_entry(&pair.first, 6, 0x30000000 + 0x10000 * i, VIRT + 0x10000 * i, 1,
			  RT | 0xf);
		add_entry(&pair.second, 6, 0x30000000 + 0x10000 * i, VIRT + 0x10000 * i, 1,
			  RT | 0xf);
	}
	/* This entry has no pages, so SECOND lacks it. The other entries keep their order. */
	add_entry(&pair.first, 0, 0, 0, 0, RT);
	for (int hops = 1; hops <= 5; hops++) {
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels received;

		if (hops == 1)
			add_entry(&pair.second, 0, 0, 0, 0, RT);
		shuffle_as_sysfs(&pair.second);
		received = pair;
		drop_unsound(&received.second);
		first = build_first(&received);
		second = build_second(&received);
		/* setup_data and the loader type in boot_params also show the loader. */
		second->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
		second->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
		second->n_setup_data = 0;
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		if (comparison->loaded_by !=
		    (hops <= 4 ? EFIMAP_LOADED_BY_KEXEC_LOAD : EFIMAP_LOADED_BY_UNKNOWN))
			fail_msg("%d times: %d", hops, comparison->loaded_by);
	}
}

/* Most entries overlap two entries of the other map, and a part of each entry overlaps none. */
TEST(more_rows_than_entries)
{
	struct pair_of_kernels pair;
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;

	pair_init(&pair);
	pair.first.n_entries = pair.second.n_entries = 0;
	for (uint64_t i = 0; i < 4; i++) {
		const uint64_t phys = 0x30000000 + 0x4000 * i;
		const uint64_t virt = 0xfffffffef0000000 + 0x4000 * i;

		add_entry(&pair.first, 6, phys, virt, 3, RT | 0xf);
		add_entry(&pair.second, 6, phys + 0x2000, virt + 0x2000, 3, RT | 0xf);
	}
	comparison = compare(&pair);
	assert_int_equal(comparison->n_matches, 7 + 4 + 4);
}

TEST(one_entry_is_asked_all)
{
	size_t n_tried = 0;

	for (size_t n = 2; n > 0; n--) {
		efimap_auto_comparison struct efimap_comparison *comparison = NULL, *lost = NULL;
		struct pair_of_kernels pair;

		pair_init(&pair);
		pair.first.n_entries = pair.second.n_entries = n;
		comparison = compare(&pair);
		assert_true(comparison->report->n_tried > 0);
		assert_true(!n_tried || comparison->report->n_tried == n_tried);
		n_tried = comparison->report->n_tried;
		pair.second.n_entries = 0;
		lost = compare(&pair);
		assert_string_equal(lost->report->findings[0].first, "a runtime map");
	}
}

static const char *const marks[] = {
	[EFIMAP_MARK_SAME] = "same", [EFIMAP_MARK_EXPECTED] = "expected",
	[EFIMAP_MARK_DRIFT] = "drift", [EFIMAP_MARK_LOST] = "lost",
	[EFIMAP_MARK_EXTRA] = "extra",
};

/*
 * Compare the marks of all changed rows with @expected, one "FIRST SECOND mark" per line. Then
 * reset @pair.
 */
static void expect_marks(struct pair_of_kernels *pair, const char *name, const char *expected)
{
	efimap_auto_comparison struct efimap_comparison *comparison = compare(pair);
	efimap_auto_free char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	for (size_t i = 0; i < comparison->n_matches; i++) {
		const struct efimap_match *match = &comparison->matches[i];

		if (match->mark == EFIMAP_MARK_SAME)
			continue;
		fprintf(out, "%d %d %s\n",
			match->first == EFIMAP_NO_ENTRY ? -1 : (int)match->first,
			match->second == EFIMAP_NO_ENTRY ? -1 : (int)match->second,
			marks[match->mark]);
	}
	assert_int_equal(fclose(out), 0);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: expected\n%sbut got\n%s", name, expected, text);
	pair_init(pair);
}

TEST(rows_are_marked)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	/* The part that was cut off keeps the virtual address of the complete region. */
	entry_at(&pair.second, BOOT)->pages = 4;
	add_entry(&pair.second, 4, BOOT + 0x4000, entry_at(&pair.second, BOOT)->virt, 5, 0xf);
	expect_marks(&pair, "cut off", "5 5 expected\n5 8 expected\n");
	pair.second.n_entries--;
	expect_marks(&pair, "lost", "7 -1 lost\n");
	entry_at(&pair.second, CODE)->phys += 0x18;
	expect_marks(&pair, "in its page", "2 2 drift\n2 -1 lost\n-1 2 extra\n");
	/*
	 * The entries at 0x3f000000 and 0x3f400000 have no counterpart, so they are sorted by
	 * address.
	 */
	add_entry(&pair.first, 6, 0x3f000000, VIRT, 1, RT | 0xf);
	add_entry(&pair.second, 6, 0x3f400000, VIRT, 1, RT | 0xf);
	entry_at(&pair.second, CODE)->virt += 0x1000;
	entry_at(&pair.second, 0)->virt += 0x1000;
	expect_marks(&pair, "in between", "7 7 drift\n8 -1 lost\n-1 8 extra\n2 2 drift\n");
}

/* Evidence names at most eight ranges of each memmap. */
TEST(a_few_are_spelled_out)
{
	static const char *const labels[] = { "Reserved", "System RAM" };

	for (uint32_t n = 7; n <= 9; n++) {
		const size_t n_evidence = n < 8 ? n : 8;
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;
		size_t n_freed = 0;

		pair_init(&pair);
		first = build_first(&pair);
		second = build_second(&pair);
		for (uint32_t i = 0; i < 2 * n; i++)
			assert_int_equal(efimap_add_memmap(i % 2 ? second : first, 4 + i / 2,
							   UINT64_C(0x100000000) * (i / 2 + 1),
							   UINT64_C(0x100000000) * (i / 2 + 1) +
								   0xfff,
							   labels[i % 2], strlen(labels[i % 2])),
					 0);
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t f = 0; f < comparison->report->n_findings; f++) {
			const struct efimap_finding *found = &comparison->report->findings[f];

			if (found->rule->id == EFIMAP_RULE_DRIFT_MEMMAP)
				assert_int_equal(found->n_evidence, 1 + 2 * n_evidence);
			if (found->rule->id != EFIMAP_RULE_DRIFT_MEMMAP_FREED)
				continue;
			assert_int_equal(found->n_evidence, n_evidence);
			n_freed++;
		}
		assert_int_equal(n_freed, 1);
	}
}
