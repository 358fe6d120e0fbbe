/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../map_with_ranges.h"
#include "../small_captures.h"

#define RAM "System RAM"
#define MANY 30000

static size_t count_findings(struct efimap *map, enum rule_id rule, size_t *ret_named)
{
	auto_report struct report *report = NULL;

	seal(map);
	report = world_verify(map, rule);
	*ret_named = 0;
	for (size_t i = 0; i < report->n_findings; i++)
		*ret_named += report->findings[i].n_entries;
	return report->n_findings;
}

/*
 * The limits on the number of entries are 256 KiB / 40 = 6553.6, (256 KiB - 4080) / 48 = 5376.3 and
 * 256 KiB / 48 = 5461.3.
 */
TEST(entries_at_each_limit)
{
	static const char close[] = "map-too-big note ok";
	/* The version of kexec-tools is not known, so kexec_file_load is assumed. */
	static const char maybe[] = "map-too-big note boots-without-efi";
	static const char fails[] = "map-too-big error boots-without-efi";
	static const struct {
		uint32_t count;
		const char *expected;
		const char *says;
	} rows[] = {
		{ 5242, "", "" },
		{ 5243, close, "close to the limit of 6553" },
		{ 5376, close, "close to the limit of 6553" },
		{ 5377, maybe, "but may fail to map after kexec -s (48" },
		{ 5461, maybe, "but may fail to map after kexec -s (48" },
		{ 5462, fails, "but not after kexec -s (48" },
		{ 6553, fails, "but not after kexec -s (48" },
		{ 6554, fails,
		  "more than the 6553 entries of 40 bytes that the next kernel can map" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
		auto_report struct report *report = NULL;
		char text[128] = "";

		for (uint32_t k = 0; k < rows[i].count; k++)
			world_entry(map, k,
				    &(struct world_entry){ EFIMAP_TYPE_RUNTIME_CODE,
							   0x40000000 + k * 0x2000, 1, RT });
		seal(map);
		report = world_verify(map, EFIMAP_RULE_MAP_TOO_BIG);
		assert_true(report->n_findings <= 1);
		for (size_t k = 0; k < report->n_findings; k++) {
			const struct finding *f = &report->findings[k];

			snprintf(text, sizeof(text), "%s %s %s", f->rule->name,
				 severity_name(f->severity), outcome_name(f->outcome));
			if (!strstr(f->message, rows[i].says))
				fail_msg("%u entries: \"%s\" does not contain \"%s\"",
					 rows[i].count, f->message, rows[i].says);
		}
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("%u entries: \"%s\", expected \"%s\"", rows[i].count, text,
				 rows[i].expected);
	}
}

TEST(many_entries_over_many_ranges)
{
	auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	size_t named;

	for (uint32_t i = 0; i < MANY; i++)
		world_entry(map, i,
			    &(struct world_entry){ EFIMAP_TYPE_RUNTIME_CODE, (uint64_t)i << 12, 1,
						   RT });
	for (uint32_t i = 0; i < 1000; i++)
		add_memmap(map, i, 0, UINT64_MAX - i, i == 999 ? RAM : "Reserved");
	assert_true(count_findings(map, EFIMAP_RULE_RUNTIME_IN_RAM, &named) <= 1000);
	assert_int_equal(named, MANY);
}

TEST(many_overlapping_entries_are_linear)
{
	auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	size_t named, count;

	for (uint32_t i = 0; i < MANY; i++)
		world_entry(map, i, &(struct world_entry){ 6, 0, i + 1, RT });
	count = count_findings(map, EFIMAP_RULE_PHYS_OVERLAP, &named);
	assert_true(count > 1 && count < MANY);
	assert_true(named >= MANY - 1 && named <= 2 * MANY);
}

TEST(many_copies_are_one_finding)
{
	auto_map struct efimap *map = world_new(EFIMAP_ORIGIN_TREE);
	size_t named;

	for (uint32_t i = 0; i < MANY; i++)
		world_entry(map, i, &(struct world_entry){ 6, 0x1000, 1, RT });
	assert_int_equal(count_findings(map, EFIMAP_RULE_ENTRY_DUPLICATE, &named), 1);
	assert_int_equal(named, MANY);
}
