/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which machine a capture is of, and rows that say the same. */
#include "test.h"
#include "model/baseline.h"

#define PRINT "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

TEST(machines)
{
	static const struct {
		const char *name;
		struct efimap_machine machine;
		const char *fingerprint;
		bool is;
	} rows[] = {
		{ "by map", { .fingerprint = PRINT }, PRINT, true },
		{ "another map", { .fingerprint = PRINT }, "sha256:0", false },
		{ "a map that is not known", { .fingerprint = PRINT }, NULL, false },
		{ "by DMI", { .dmi = { "a", "b", "c" } }, NULL, true },
		{ "another vendor", { .dmi = { "A", "b", "c" } }, PRINT, false },
		{ "another product", { .dmi = { "a", "", "c" } }, PRINT, false },
		{ "another BIOS", { .dmi = { "a", "b", "c " } }, PRINT, false },
	};
	struct efimap *map efimap_auto_map;
	static const char *const dmi[] = { "a", "b", "c" };

	assert_int_equal(efimap_new("x", EFIMAP_ORIGIN_TREE, &map), 0);
	assert_false(efimap_machine_is(&(struct efimap_machine){ .dmi = { "", "", "" } }, map,
				       NULL));
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++)
		assert_int_equal(efimap_set_dmi(map, (enum efimap_dmi)i, dmi[i], 1), 0);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (efimap_machine_is(&rows[i].machine, map, rows[i].fingerprint) != rows[i].is)
			fail_msg("%s", rows[i].name);
}

static struct efimap_accepted row(enum efimap_rule_id rule, uint64_t *phys, bool is_fresh)
{
	return (struct efimap_accepted){ .rule = efimap_rule_get(rule),
					 .severity = EFIMAP_WARNING,
					 .phys = phys,
					 .n_phys = 1,
					 .count = 1,
					 .is_fresh = is_fresh };
}

/* Two kept with a comment, one gone, one new that two captures of the machine have. */
TEST(tidied)
{
	static uint64_t low[] = { 0x1000 }, high[] = { 0x2000 };
	struct efimap_baseline *baseline efimap_auto_baseline;
	struct efimap_accepted rows[] = {
		row(EFIMAP_RULE_TABLE_IN_RAM, low, false),
		row(EFIMAP_RULE_NO_RSDP, low, false),
		row(EFIMAP_RULE_TABLE_IN_RAM, high, true),
		row(EFIMAP_RULE_TABLE_IN_RAM, low, true),
		row(EFIMAP_RULE_TABLE_IN_RAM, high, true),
	};
	struct efimap_machine *machine;
	struct efimap_accepted other = row(EFIMAP_RULE_NO_RSDP, low, false);

	rows[0].comment = "why";
	rows[0].is_due = true;
	rows[3].count = 2;
	rows[4].count = 3;
	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	for (size_t i = 0; i < 2; i++)
		assert_int_equal(efimap_baseline_add_accepted(baseline, machine, &rows[i]), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	assert_int_equal(efimap_baseline_add_accepted(baseline, machine, &other), 0);
	for (size_t i = 2; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(efimap_baseline_add_accepted(
					 baseline, &baseline->machines[0], &rows[i]),
				 0);
	baseline->machines[0].is_met = true;
	efimap_baseline_tidy(baseline);
	machine = &baseline->machines[0];
	assert_int_equal(machine->n_accepted, 2);
	assert_int_equal(machine->accepted[0].phys[0], 0x1000);
	assert_string_equal(machine->accepted[0].comment, "why");
	assert_int_equal(machine->accepted[0].count, 2);
	assert_int_equal(machine->accepted[1].phys[0], 0x2000);
	assert_int_equal(machine->accepted[1].count, 3);
	/* Not met: nothing is said of it. */
	assert_int_equal(baseline->machines[1].n_accepted, 1);
}
