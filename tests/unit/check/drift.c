/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How entries of two kernels are matched and marked where it takes more than one look. */
#include "check/verify.h"
#include "check/pair.h"

#define PLACE UINT64_C(0x30000000)
#define VIRT UINT64_C(0xfffffffef0000000)
#define RT EFIMAP_ATTR_RUNTIME
#define CODE UINT64_C(0x3f5ec000)
#define BOOT UINT64_C(0x3d11a000)

/*
 * Two entries of one range on each side: those that are equal belong together. That a kernel
 * marks boot services with RUNTIME is no difference.
 */
TEST(twins_are_matched_by_what_they_say)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair.first.n_entries = pair.second.n_entries = 0;
	pair_add(&pair.first, 4, PLACE, VIRT, 4, 0x2000f);
	pair_add(&pair.first, 4, PLACE, VIRT, 4, 0x4000f);
	pair_add(&pair.second, 4, PLACE, VIRT, 4, RT | 0x2000f);
	pair_add(&pair.second, 4, PLACE, VIRT, 4, 0xf);
	pair_expect(&pair, "equal but for RUNTIME", false, "drift\ndrift-attr error none 1\n");
}

static const char *const marks[] = {
	[EFIMAP_MARK_SAME] = "same", [EFIMAP_MARK_EXPECTED] = "expected",
	[EFIMAP_MARK_DRIFT] = "drift", [EFIMAP_MARK_LOST] = "lost",
	[EFIMAP_MARK_EXTRA] = "extra",
};

/* Of one row of the comparison after the other "FIRST SECOND mark"; the pair begins anew */
static void expect_marks(struct pair_of_kernels *pair, const char *name, const char *expected)
{
	efimap_auto_comparison struct efimap_comparison *comparison = pair_compare(pair);
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
	/* What the kernel cuts off keeps the address of the whole. */
	pair_at(&pair.second, BOOT)->pages = 4;
	pair_add(&pair.second, 4, BOOT + 0x4000, pair_at(&pair.second, BOOT)->virt, 5, 0xf);
	expect_marks(&pair, "cut off", "5 5 expected\n5 8 expected\n");
	pair_remove(&pair.second, 0);
	expect_marks(&pair, "lost", "7 -1 lost\n");
	pair_at(&pair.second, CODE)->phys += 0x18;
	expect_marks(&pair, "in its page", "2 2 drift\n2 -1 lost\n-1 2 extra\n");
	/* Neither half says so, but the rows ascend by address. */
	pair_add(&pair.first, 6, 0x3f000000, VIRT, 1, RT | 0xf);
	pair_add(&pair.second, 6, 0x3f400000, VIRT, 1, RT | 0xf);
	pair_at(&pair.second, CODE)->virt += 0x1000;
	pair_at(&pair.second, 0)->virt += 0x1000;
	expect_marks(&pair, "in between", "7 7 drift\n8 -1 lost\n-1 8 extra\n2 2 drift\n");
}

/* Before 4.9 boot services are not shown; code is. */
TEST(what_an_old_kernel_shows_is_lost)
{
	struct pair_of_kernels pair;

	pair_init(&pair);
	pair.first.release = "4.19.0";
	pair.second.release = "4.4.0";
	pair.second.runtime = pair.first.runtime;
	pair_remove(&pair.second, CODE);
	pair_expect(&pair, "code", false, "drift\ndrift-lost error runtime-services-fail 2\n");
}

/* A log that lists what the firmware handed over does not tell which of it a kernel keeps. */
TEST(a_log_leaves_open_what_is_kept)
{
	static const struct {
		bool is_second, has_marks;
		const char *expected;
	} rows[] = {
		{ false, true,
		  "drift\ndrift-extra error none 8\ndrift-extra error none 9\n"
		  "drift-attr-rt-added note none 6\ndrift-order-same note none\n" },
		{ false, false, "drift\ndrift-extra error none 9\ndrift-extra note none 8\n" },
		{ true, true,
		  "drift\ndrift-lost error none 8\ndrift-lost error runtime-services-fail 9\n"
		  "drift-attr-rt-added note none 6\ndrift-order-same note none\n" },
		{ true, false,
		  "drift\ndrift-lost error runtime-services-fail 9\ndrift-lost note none 8\n" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;
		struct kernel *more;
		efimap_auto_free char *text = NULL;

		pair_init(&pair);
		more = rows[i].is_second ? &pair.first : &pair.second;
		/* Marked on one side only, and kept on one side only */
		pair_at(&pair.first, 0x3d117000)->attribute &= ~RT;
		pair_add(more, 4, PLACE, VIRT, 1, RT | 0xf);
		pair_add(more, 6, PLACE + 0x1000, VIRT + 0x1000, 1, RT | 0xf);
		if (!rows[i].has_marks)
			(rows[i].is_second ? &pair.second : &pair.first)->map_from =
				EFIMAP_MAP_FROM_FIRMWARE;
		comparison = pair_compare(&pair);
		text = pair_text(comparison, true);
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("row %zu: %s", i, text);
	}
}

/* One entry is a map that can be compared, whatever turned the others off. */
TEST(one_entry_is_a_map)
{
	struct pair_of_kernels pair;

	for (size_t n = 0; n < 2; n++) {
		pair_init(&pair);
		pair.first.cmdline = "efi=noruntime";
		pair.first.n_entries = n;
		pair.second.n_entries = 2;
		pair_expect(&pair, "one", false,
			    n ? "drift\ndrift-extra error none 1\n" :
				"drift\ndrift-extra error none 0\ndrift-extra error none 1\n");
	}
}

/* The numbers in a log are not sysfs'. */
TEST(only_files_have_an_order)
{
	for (int of_log = 0; of_log < 2; of_log++) {
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;

		pair_init(&pair);
		pair.second.has_node = false;
		pair.second.states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
		pair.second.states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
		if (of_log)
			pair.first.map_from = EFIMAP_MAP_FROM_RUNTIME;
		comparison = pair_compare(&pair);
		assert_int_equal(comparison->loaded_by,
				 of_log ? EFIMAP_LOADED_BY_UNKNOWN :
					  EFIMAP_LOADED_BY_KEXEC_FILE_LOAD);
	}
}

/* sysfs lists names, so the order of a map whose numbers start at 5 is another one. */
TEST(sysfs_lists_names_and_not_places)
{
	struct pair_of_kernels pair;
	uint32_t names[8], order[8];
	struct efimap_entry old[8];

	pair_init(&pair);
	for (size_t i = 0; i < pair.first.n_entries; i++)
		pair.first.entries[i].index += 5;
	memcpy(old, pair.first.entries, sizeof(old));
	for (uint32_t i = 0; i < 8; i++)
		names[i] = i + 5;
	assert_int_equal(efimap_kernfs_order(names, 8, order), 0);
	for (uint32_t i = 0; i < 8; i++) {
		pair.second.entries[i] = old[order[i]];
		pair.second.entries[i].index = i;
	}
	pair_expect(&pair, "from 5 to 12", true, "same\ndrift-order-hash note none\n");
}
