/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the recomputed layout of a map tells: scenes, one change of a healthy map each. */
#include "check/verify.h"
#include "check/scene.h"

static void whole(struct scene *s)
{
	uint64_t va = EFIMAP_VA_START;

	s->cmdline = "efi=debug";
	for (size_t i = 0; i < s->n_entries; i++) {
		assert_int_equal(efimap_layout_next(va, s->entries[i].phys,
						    s->entries[i].pages, &va), 0);
		s->entries[i].virt = va;
	}
}

static void alone_below_a_gap(struct scene *s)
{
	s->n_entries = 1;
	s->entries[0].virt -= EFIMAP_LAYOUT_STEP;
}

static void the_first_too_high(struct scene *s)
{
	s->entries[0].pages = 1;
	s->entries[0].virt = EFIMAP_VA_START - EFIMAP_PAGE_SIZE;
}

/* What was cut in two keeps the address of the whole. */
static void two_at_one_address(struct scene *s)
{
	scene_copy(s, 7);
	s->entries[8].phys += 0x1000;
}

struct row {
	const char *name;
	void (*change)(struct scene *scene);
	bool complete;
	const char *findings;
	/* What is said of the layout, from where it goes wrong. */
	const char *says;
	size_t n_impossible;
};

static const struct row rows[] = {
	{ "alone below a gap", alone_below_a_gap, false, "layout-gap note\n",
	  "1 entry lies below a gap: regions that the kernel freed have used 2 MiB" },
	{ "whole", whole, true, "" },
	{ "the first too high", the_first_too_high, false,
	  "virt-incongruent error\nlayout-bound warning\nlayout-gap note\n",
	  "where the layout ends at", 1 },
	{ "two at one address", two_at_one_address, false,
	  "virt-overlap error\nvirt-incongruent warning\nlayout-bound warning\nlayout-gap note\n"
	  "order-descending note\n", NULL, 1 },
};

static void list_findings(const struct efimap_report *report, char *text, size_t size)
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < report->n_findings; i++)
		used += (size_t)snprintf(text + used, size - used, "%s %s\n",
					 report->findings[i].rule->name,
					 efimap_severity_name(report->findings[i].severity));
}

TEST(judges_layouts)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_prediction struct efimap_prediction prediction = { 0 };
		efimap_auto_map struct efimap *map = NULL;
		struct scene scene;
		char text[1024];

		scene_init(&scene, "");
		rows[i].change(&scene);
		map = scene_build(&scene, 0);
		assert_int_equal(efimap_predict(map, &prediction), 0);
		list_findings(prediction.report, text, sizeof(text));
		if (strcmp(text, rows[i].findings) != 0)
			fail_msg("%s: %s", rows[i].name, text);
		for (size_t f = 0; rows[i].says && f <= prediction.report->n_findings; f++) {
			if (f == prediction.report->n_findings)
				fail_msg("%s says: %s", rows[i].name,
					 prediction.report->findings[0].message);
			if (strstr(prediction.report->findings[f].message, rows[i].says))
				break;
		}
		assert_int_equal(prediction.layout.n_impossible, rows[i].n_impossible);
		assert_int_equal(prediction.layout.complete, rows[i].complete);
		assert_int_equal(efimap_verdict_of(prediction.report),
				 rows[i].n_impossible ? EFIMAP_VERDICT_FAIL :
							EFIMAP_VERDICT_PASS);
	}
}

TEST(an_empty_map_is_possible)
{
	efimap_auto_prediction struct efimap_prediction prediction = { 0 };
	efimap_auto_map struct efimap *map = NULL;

	assert_int_equal(efimap_new("empty", EFIMAP_ORIGIN_TREE, &map), 0);
	assert_int_equal(efimap_predict(map, &prediction), 0);
	assert_int_equal(prediction.layout.n_rows, 0);
	assert_int_equal(prediction.layout.n_impossible, 0);
}

/* What the reader of a kernel's log computed is the prediction; none is compared. */
TEST(a_log_brings_its_addresses)
{
	efimap_auto_prediction struct efimap_prediction prediction = { 0 };
	efimap_auto_map struct efimap *map = NULL;
	const struct efimap_entry entries[] = {
		{ 0, 11, 0xffc00000, 0xfffffffeffc00000, 0x400, 0x8000000000000001,
		  EFIMAP_VIRT_PREDICTED },
		{ 1, 5, 0x3f5ec000, 0, 0x100, 0x800000000000000f, EFIMAP_VIRT_UNKNOWN },
		{ 2, 6, 0x3f4ec000, 0, 0x100, 0x800000000000000f, EFIMAP_VIRT_UNKNOWN },
	};

	assert_int_equal(efimap_new("log", EFIMAP_ORIGIN_LOG, &map), 0);
	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
	map->map_from = EFIMAP_MAP_FROM_RUNTIME;
	assert_int_equal(efimap_predict(map, &prediction), 0);
	assert_false(prediction.layout.has_virt);
	assert_false(prediction.layout.complete);
	assert_int_equal(prediction.layout.rows[0].kind, EFIMAP_LAYOUT_EXACT);
	assert_int_equal(prediction.layout.rows[0].predicted, 0xfffffffeffc00000);
	assert_int_equal(prediction.layout.rows[1].kind, EFIMAP_LAYOUT_BOUND);
	assert_int_equal(prediction.layout.rows[1].bound, 0xfffffffeff9ec000);
	assert_int_equal(prediction.layout.rows[2].bound, 0xfffffffeff8ec000);
	assert_int_equal(prediction.report->n_findings, 0);
}
