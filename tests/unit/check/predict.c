/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the recomputed layout of a map tells: scenes, one change of a healthy map each. */
#include "check/verify.h"
#include "check/scene.h"

/* What is found, and a word of it; the scene begins anew. */
static void expect(struct scene *scene, const char *name, const char *findings, const char *says,
		   size_t n_impossible, bool complete)
{
	efimap_auto_prediction struct efimap_prediction prediction = { 0 };
	efimap_auto_map struct efimap *map = scene_build(scene, 0);
	const struct efimap_report *report;
	char text[1024] = "";
	bool said = !says;

	assert_int_equal(efimap_predict(map, &prediction), 0);
	report = prediction.report;
	for (size_t i = 0; i < report->n_findings; i++) {
		const size_t used = strlen(text);

		snprintf(text + used, sizeof(text) - used, "%s %s\n",
			 report->findings[i].rule->name,
			 efimap_severity_name(report->findings[i].severity));
		said = said || strstr(report->findings[i].message, says);
	}
	if (strcmp(text, findings) != 0 || !said)
		fail_msg("%s: %s", name, text);
	assert_int_equal(prediction.layout.n_impossible, n_impossible);
	assert_int_equal(prediction.layout.complete, complete);
	assert_int_equal(efimap_verdict_of(report),
			 n_impossible ? EFIMAP_VERDICT_FAIL : EFIMAP_VERDICT_PASS);
	scene_init(scene, "");
}

TEST(judges_layouts)
{
	struct scene scene;

	scene_init(&scene, "");
	scene.n_entries = 1;
	scene.entries[0].virt -= EFIMAP_LAYOUT_STEP;
	expect(&scene, "alone below a gap", "layout-gap note\n",
	       "1 entry lies below a gap: regions that the kernel freed have used 2 MiB", 0, false);
	scene_edit(&scene, "whole 7.attr=0x800000000000000f");
	expect(&scene, "whole", "", NULL, 0, true);
	scene.entries[0].pages = 1;
	scene.entries[0].virt = EFIMAP_VA_START - EFIMAP_PAGE_SIZE;
	expect(&scene, "the first too high",
	       "virt-incongruent error\nlayout-bound warning\nlayout-gap note\n",
	       "where the layout ends at", 1, false);
	/* What was cut in two keeps the address of the whole. */
	scene_edit(&scene, "copy=7 8.phys+0x1000");
	expect(&scene, "two at one address",
	       "virt-overlap error\nvirt-incongruent warning\nlayout-bound warning\n"
	       "layout-gap note\norder-descending note\n", NULL, 1, false);
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
