/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scene is initially the runtime map of a healthy machine. A test changes the scene, and compares
 * the findings of verify as text, with a line "rule severity outcome index,index" for each
 * finding. Only findings of rules in @families are included. Notes are included only if
 * @shows_notes is true, because verify also reports notes for the unchanged map.
 */
#ifndef TESTS_UNIT_CHANGED_MAP_H
#define TESTS_UNIT_CHANGED_MAP_H

#include "test.h"
#include "stock.h"
#include "answer/verify.h"
#include "linux/virtual_layout.h"

struct scene {
	struct map_entry entries[ARRAY_SIZE(stock_entries)];
	size_t n_entries;
	enum origin origin;
	enum state states[EFIMAP_SRC_COUNT];
	struct verify_options options;
	struct installed_kernel installed;
	void (*more)(struct efimap *map);
	const char *families;
	bool shows_notes;
};

static inline void scene_init(struct scene *scene, const char *families)
{
	static const enum source present[] = {
		EFIMAP_SRC_EFI,	    EFIMAP_SRC_RUNTIME_MAP,	 EFIMAP_SRC_FW_VENDOR,
		EFIMAP_SRC_RUNTIME, EFIMAP_SRC_CONFIG_TABLE,	 EFIMAP_SRC_SYSTAB,
		EFIMAP_SRC_CMDLINE, EFIMAP_SRC_FW_PLATFORM_SIZE, EFIMAP_SRC_VERSION,
	};

	*scene = (struct scene){
		.n_entries = ARRAY_SIZE(stock_entries),
		.origin = EFIMAP_ORIGIN_TREE,
		.families = families,
	};
	memcpy(scene->entries, stock_entries, sizeof(stock_entries));
	for (size_t i = 0; i < ARRAY_SIZE(present); i++)
		scene->states[present[i]] = EFIMAP_STATE_PRESENT;
}

/* Let kexec load @image. @scene then contains pointers to itself, so do not move @scene. */
static inline void scene_load(struct scene *scene, const struct kernel_image *image)
{
	scene->installed = (struct installed_kernel){ .header = *image, .initrd = "" };
	scene->options.kernels = &scene->installed;
	scene->options.n_kernels = 1;
}

static inline struct efimap *scene_build(const struct scene *scene)
{
	struct efimap *map = capture_create("scene", scene->origin);

	memcpy(map->states, scene->states, sizeof(map->states));
	map->platform_size = 64;
	map->runtime = 0x3f9ebb98;
	map->fw_vendor = 0x3f92aa18;
	map->config_table = 0x3f9ebc98;
	for (size_t i = 0; i < scene->n_entries; i++) {
		const struct map_entry *entry = &scene->entries[i];

		capture_add_entry(map, entry);
		capture_add_name(map, entry->index);
	}
	map->cmdline = capture_copy_text(map, "console=ttyS0");
	set_release(map, "6.1.0-56-amd64", 14);
	if (scene->more)
		scene->more(map);
	seal(map);
	return map;
}

static inline struct report *scene_verify(const struct scene *scene)
{
	auto_map struct efimap *map = scene_build(scene);
	struct report *report = NULL;

	report = verify_capture(map, &scene->options);
	return report;
}

static inline bool scene_shows(const struct scene *scene, const struct finding *f)
{
	return (scene->shows_notes || f->severity > EFIMAP_NOTE) &&
	       strstr(scene->families, rule_family_name(f->rule->id)) != NULL;
}

static inline void scene_put(FILE *out, const struct finding *f)
{
	fprintf(out, "%s %s %s", f->rule->name, severity_name(f->severity),
		outcome_name(f->outcome));
	for (size_t e = 0; e < f->n_entries; e++)
		fprintf(out, "%s%u", e ? "," : " ", f->entries[e]);
	fputc('\n', out);
}

static inline char *scene_text(const struct scene *scene, const struct report *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *f = &report->findings[i];

		if (!scene_shows(scene, f))
			continue;
		assert_true(f->message && *f->message);
		scene_put(out, f);
	}
	assert_int_equal(fclose(out), 0);
	return text;
}

static inline void scene_expect(const struct scene *scene, const char *name, const char *expected)
{
	auto_report struct report *report = scene_verify(scene);
	auto_free char *text = scene_text(scene, report);

	if (strcmp(text, expected) != 0)
		fail_msg("%s:\nexpected:\n%sfound:\n%s", name, expected, text);
}

#endif
