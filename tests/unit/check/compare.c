/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a comparison has besides its findings: rows and their marks, who handed over, and how much
 * of a list is told. What is found of two kernels is in tests/fixtures/rows.
 */
#include "check/verify.h"
#include "check/pair.h"

#define CODE UINT64_C(0x3f5ec000)
#define BOOT UINT64_C(0x3d11a000)
#define VIRT UINT64_C(0xfffffffef0000000)
#define RT EFIMAP_ATTR_RUNTIME

/* As many as are tried; one more is nobody's order. */
TEST(kexec_load_is_known_again_and_again)
{
	static const char *const words[] = {
		"the entries arrived in the order in which sysfs lists them, as kexec_load hands "
		"them on",
		"the entries arrived in the order in which sysfs lists them, several times over: "
		"as after several kexec_load",
		"the entries arrived in an order that neither kexec_load nor kexec_file_load makes",
	};
	struct pair_of_kernels pair;

	pair_init(&pair);
	/* Each in a place of its own, and enough that no order comes back soon. */
	for (uint32_t i = 0; i < 12; i++) {
		pair_add(&pair.first, 6, 0x30000000 + 0x10000 * i, 0xfffffffef0000000 + 0x10000 * i,
			 1, RT | 0xf);
		pair_add(&pair.second, 6, 0x30000000 + 0x10000 * i,
			 0xfffffffef0000000 + 0x10000 * i, 1, RT | 0xf);
	}
	/* What is lost on the way leaves the others in their order. */
	pair_add(&pair.first, 0, 0, 0, 0, RT);
	for (int hops = 1; hops <= 5; hops++) {
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		const char *expected = words[hops == 1 ? 0 : hops <= 4 ? 1 : 2];
		bool found = false;
		struct kernel lost;

		if (hops == 1)
			pair_add(&pair.second, 0, 0, 0, 0, RT);
		pair_shuffle_as_sysfs(&pair.second);
		lost = pair.second;
		pair_drop_unsound(&lost);
		first = pair_build(&pair.first, "first");
		second = pair_build(&lost, "second");
		assert_int_equal(efimap_compare(first, second, EFIMAP_ERROR, &comparison), 0);
		for (size_t i = 0; i < comparison->report->n_findings; i++)
			found |= strcmp(comparison->report->findings[i].message, expected) == 0;
		if (!found)
			fail_msg("%d times", hops);
		assert_int_equal(comparison->loaded_by, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD);
	}
}

/* Each entry of either side shares memory with two, and has some of its own. */
TEST(more_rows_than_entries)
{
	struct pair_of_kernels pair;
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;

	pair_init(&pair);
	pair.first.n_entries = pair.second.n_entries = 0;
	for (uint64_t i = 0; i < 4; i++) {
		const uint64_t phys = 0x30000000 + 0x4000 * i;
		const uint64_t virt = 0xfffffffef0000000 + 0x4000 * i;

		pair_add(&pair.first, 6, phys, virt, 3, RT | 0xf);
		pair_add(&pair.second, 6, phys + 0x2000, virt + 0x2000, 3, RT | 0xf);
	}
	comparison = pair_compare(&pair);
	assert_int_equal(comparison->n_matches, 7 + 4 + 4);
}

/* All that is asked of larger maps is asked of it, and it is called one. */
TEST(one_entry_is_asked_all)
{
	size_t n_tried = 0;

	for (size_t n = 2; n > 0; n--) {
		efimap_auto_comparison struct efimap_comparison *comparison = NULL, *lost = NULL;
		struct pair_of_kernels pair;

		pair_init(&pair);
		pair.first.n_entries = pair.second.n_entries = n;
		comparison = pair_compare(&pair);
		assert_true(comparison->report->n_tried > 0);
		assert_true(!n_tried || comparison->report->n_tried == n_tried);
		n_tried = comparison->report->n_tried;
		pair.second.n_entries = 0;
		pair.second.states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
		lost = pair_compare(&pair);
		assert_string_equal(lost->report->findings[0].first, "a runtime map");
	}
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

/* Of each side so many ranges are spelled out, and no more. */
TEST(a_few_are_spelled_out)
{
	static const char *const labels[] = { "Reserved", "System RAM" };

	for (uint32_t n = 7; n <= 9; n++) {
		const size_t n_told = n < 8 ? n : 8;
		efimap_auto_map struct efimap *first = NULL, *second = NULL;
		efimap_auto_comparison struct efimap_comparison *comparison = NULL;
		struct pair_of_kernels pair;
		size_t n_freed = 0;

		pair_init(&pair);
		first = pair_build(&pair.first, "first");
		second = pair_build(&pair.second, "second");
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
				assert_int_equal(found->n_evidence, 1 + 2 * n_told);
			if (found->rule->id != EFIMAP_RULE_DRIFT_MEMMAP_FREED)
				continue;
			assert_int_equal(found->n_evidence, n_told);
			n_freed++;
		}
		assert_int_equal(n_freed, 1);
	}
}
