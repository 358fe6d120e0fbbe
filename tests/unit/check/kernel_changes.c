/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is normal depends on the release: the same map, just before and just after a
 * change, and without a release, where the rule says nothing and the report says why.
 */
#include "check/scene.h"

static void nothing(struct scene *s)
{
}

static void by_firmware(struct efimap *map)
{
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
}

/* Two neighbours that every kernel since 4.3 would have joined. */
static void two_of_code(struct scene *s)
{
	s->entries[3].type = 5;
	s->more = by_firmware;
}

static void with_memattr(struct efimap *map)
{
	map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_table(map, "MEMATTR", 7, 0x3d117018), 0);
}

static void applied(struct scene *s)
{
	s->more = with_memattr;
}

static void old_map(struct scene *s)
{
	s->options.disabled[EFIMAP_RULE_NONIDENTITY] = true;
	for (size_t i = 0; i < s->n_entries; i++)
		s->entries[i].virt = UINT64_C(0xffff880000000000) + s->entries[i].phys;
}

static void kexec_node(struct efimap *map)
{
	const struct efimap_setup_node node = { .type = EFIMAP_SETUP_EFI, .len = 96 };

	map->runtime = 0x3f5ec100;
	map->fw_vendor = 0x3f52aa18;
	map->config_table = 0x3f52b000;
	map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
}

static void after_kexec(struct scene *s)
{
	s->more = kexec_node;
}

static void debug_with_a_gap(struct scene *s)
{
	s->cmdline = "efi=debug";
	s->more = by_firmware;
}

static const struct {
	const char *name;
	void (*change)(struct scene *scene);
	enum efimap_rule_id rule;
	const char *release;
	/* severity, "" for silence, "skipped" for a reason beside it */
	const char *expected;
} rows[] = {
	{ "neighbours 4.2", two_of_code, EFIMAP_RULE_PHYS_ADJACENT, "4.2.8", "" },
	{ "neighbours 4.3", two_of_code, EFIMAP_RULE_PHYS_ADJACENT, "4.3.0", "note" },
	{ "neighbours", two_of_code, EFIMAP_RULE_PHYS_ADJACENT, "", "skipped" },
	{ "kept 4.8", nothing, EFIMAP_RULE_BOOT_SERVICES_KEPT, "4.8.17", "warning" },
	{ "kept 4.9", nothing, EFIMAP_RULE_BOOT_SERVICES_KEPT, "4.9.0", "note" },
	{ "kept", nothing, EFIMAP_RULE_BOOT_SERVICES_KEPT, "", "note" },
	{ "gap 4.8", debug_with_a_gap, EFIMAP_RULE_LAYOUT_EXACT, "4.8.17", "" },
	{ "gap 4.9", debug_with_a_gap, EFIMAP_RULE_LAYOUT_EXACT, "4.9.0", "error" },
	{ "gap", debug_with_a_gap, EFIMAP_RULE_LAYOUT_EXACT, "", "skipped" },
	{ "writable code 4.10", applied, EFIMAP_RULE_ATTR_WX, "4.10.17", "note" },
	{ "writable code 4.11", applied, EFIMAP_RULE_ATTR_WX, "4.11.0", "" },
	{ "writable code", applied, EFIMAP_RULE_ATTR_WX, "", "" },
	{ "physical 5.6", after_kexec, EFIMAP_RULE_RUNTIME_POINTER, "5.6.19", "" },
	{ "physical 5.7", after_kexec, EFIMAP_RULE_RUNTIME_POINTER, "5.7.0", "warning" },
	{ "physical", after_kexec, EFIMAP_RULE_RUNTIME_POINTER, "", "skipped" },
	{ "direct map 4.8", old_map, EFIMAP_RULE_VIRT_KERNEL_RANGE, "4.8.17", "error" },
	{ "old_map 4.9", old_map, EFIMAP_RULE_VIRT_OUTSIDE_WINDOW, "4.9.0", "note" },
	{ "old_map 5.9", old_map, EFIMAP_RULE_VIRT_OUTSIDE_WINDOW, "5.9.16", "note" },
	{ "direct map 5.10", old_map, EFIMAP_RULE_VIRT_KERNEL_RANGE, "5.10.0", "error" },
	{ "all of it in the direct map", old_map, EFIMAP_RULE_VIRT_OUTSIDE_WINDOW, "", "note" },
};

static const char *verdict_on(const struct efimap_report *report, enum efimap_rule_id rule)
{
	for (size_t i = 0; i < report->n_findings; i++)
		if (report->findings[i].rule->id == rule)
			return efimap_severity_name(report->findings[i].severity);
	for (size_t i = 0; i < report->n_skipped; i++)
		if (report->skipped[i].rule->id == rule &&
		    strstr(report->skipped[i].why, "the kernel's release is not known"))
			return "skipped";
	return "";
}

TEST(row_by_row)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "");
		rows[i].change(&scene);
		scene.release = rows[i].release;
		report = scene_judge(&scene);
		if (strcmp(verdict_on(report, rows[i].rule), rows[i].expected) != 0)
			fail_msg("%s: %s", rows[i].name, verdict_on(report, rows[i].rule));
	}
}
