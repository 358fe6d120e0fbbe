/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scene: the runtime map of a healthy machine that a test changes in one place and has
 * judged. What verify says of it comes back as text, one finding a line:
 * "rule severity consequence index,index". Only families named in the scene are heard,
 * and notes, which a healthy map has too, where the scene asks for them.
 */
#ifndef TESTS_UNIT_CHECK_SCENE_H
#define TESTS_UNIT_CHECK_SCENE_H

#include "test.h"
#include "stock.h"
#include "check/verify.h"
#include "emulate/layout.h"

#define SCENE_MAX 32

struct scene {
	struct efimap_entry entries[SCENE_MAX];
	size_t n_entries;
	struct efimap_fault faults[8];
	size_t n_faults;
	enum efimap_origin origin;
	enum efimap_state states[EFIMAP_SRC_COUNT];
	unsigned int platform_size;
	uint64_t runtime;
	const char *cmdline;
	const char *release;
	struct efimap_verify_options options;
	/* For captures that want more, and for names that are not the entries' own. */
	void (*more)(struct efimap *map);
	bool own_names;
	const char *families;
	bool hears_notes;
	/* Words that one of the messages heard must hold; NULL where they do not matter.
	 */
	const char *says;
	/* Of scene_edit(), which values point into. */
	char words[256];
};

/* ovmf-q35-6.1-kexec-first: 64-bit firmware, booted by it, eight entries. */
static inline void scene_init(struct scene *scene, const char *families)
{
	static const enum efimap_source present[] = {
		EFIMAP_SRC_EFI,	    EFIMAP_SRC_RUNTIME_MAP,	 EFIMAP_SRC_FW_VENDOR,
		EFIMAP_SRC_RUNTIME, EFIMAP_SRC_CONFIG_TABLE,	 EFIMAP_SRC_SYSTAB,
		EFIMAP_SRC_CMDLINE, EFIMAP_SRC_FW_PLATFORM_SIZE, EFIMAP_SRC_VERSION,
	};

	*scene = (struct scene){
		.n_entries = ARRAY_SIZE(stock_entries),
		.origin = EFIMAP_ORIGIN_TREE,
		.platform_size = 64,
		.runtime = 0x3f9ebb98,
		.cmdline = "console=ttyS0",
		.release = "6.1.0-56-amd64",
		.options = EFIMAP_VERIFY_OPTIONS_INIT,
		.families = families,
	};
	memcpy(scene->entries, stock_entries, sizeof(stock_entries));
	for (size_t i = 0; i < ARRAY_SIZE(present); i++)
		scene->states[present[i]] = EFIMAP_STATE_PRESENT;
}

/* Map every entry onto itself, as 32-bit firmware has it. */
static inline void scene_make_mixed(struct scene *scene)
{
	scene->platform_size = 32;
	for (size_t i = 0; i < scene->n_entries; i++)
		scene->entries[i].virt = scene->entries[i].phys;
}

/* As a 32-bit kernel maps it, on 32-bit firmware: each among its own addresses. */
static inline void scene_make_32bit(struct scene *scene)
{
	scene->platform_size = 32;
	scene->release = "6.1.0-50-686-pae";
	for (size_t i = 0; i < scene->n_entries; i++)
		scene->entries[i].virt = UINT64_C(0xf7800000) + i * 0x500000;
}

static inline void scene_add(struct scene *scene, uint32_t type, uint64_t phys,
			     uint64_t virt, uint64_t pages, uint64_t attribute)
{
	const uint32_t index = (uint32_t)scene->n_entries;

	assert_true(index < SCENE_MAX);
	scene->entries[scene->n_entries++] =
		(struct efimap_entry){ index, type, phys, virt, pages, attribute };
}

static inline void scene_fault(struct scene *scene, enum efimap_fault_kind kind,
			       uint32_t index, const char *where)
{
	assert_true(scene->n_faults < ARRAY_SIZE(scene->faults));
	scene->faults[scene->n_faults++] = (struct efimap_fault){
		.source = EFIMAP_SRC_RUNTIME_MAP,
		.kind = kind,
		.index = index,
		.where = where,
		.text = "as the test has it",
	};
}

/* Fisher-Yates with a small generator: the same order for the same seed. */
static inline void scene_shuffle(uint32_t *order, size_t count, uint64_t seed)
{
	for (size_t i = count; i-- > 1;) {
		seed = seed * UINT64_C(6364136223846793005) +
		       UINT64_C(1442695040888963407);
		size_t j = (size_t)((seed >> 33) % (i + 1));
		uint32_t other = order[i];

		order[i] = order[j];
		order[j] = other;
	}
}

/* @seed: 0 adds the entries as they stand, others in some other order */
static inline struct efimap *scene_build(const struct scene *scene, uint64_t seed)
{
	uint32_t order[SCENE_MAX];
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("scene", scene->origin, &map), 0);
	memcpy(map->states, scene->states, sizeof(map->states));
	map->platform_size = scene->platform_size;
	map->runtime = scene->runtime;
	map->fw_vendor = 0x3f92aa18;
	map->config_table = 0x3f9ebc98;
	for (uint32_t i = 0; i < SCENE_MAX; i++)
		order[i] = i;
	if (seed)
		scene_shuffle(order, scene->n_entries, seed);
	for (size_t i = 0; i < scene->n_entries; i++) {
		const struct efimap_entry *entry = &scene->entries[order[i]];

		assert_int_equal(efimap_add_entry(map, entry), 0);
		if (!scene->own_names)
			assert_int_equal(efimap_add_name(map, entry->index), 0);
	}
	for (size_t i = 0; i < scene->n_faults; i++)
		assert_int_equal(efimap_add_fault(map, &scene->faults[i]), 0);
	assert_int_equal(efimap_set_cmdline(map, scene->cmdline, strlen(scene->cmdline)),
			 0);
	assert_int_equal(efimap_set_release(map, scene->release, strlen(scene->release)),
			 0);
	if (scene->more)
		scene->more(map);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static inline struct efimap_report *scene_judge(const struct scene *scene)
{
	efimap_auto_map struct efimap *map = scene_build(scene, 0);
	struct efimap_report *report = NULL;

	assert_int_equal(efimap_verify(map, &scene->options, &report), 0);
	return report;
}

/* How often a rule spoke. */
static inline size_t scene_count(const struct efimap_report *report,
				 enum efimap_rule_id rule)
{
	size_t count = 0;

	for (size_t i = 0; i < report->n_findings; i++)
		count += report->findings[i].rule->id == rule;
	return count;
}

static inline bool scene_hears(const struct scene *scene, const struct efimap_finding *f)
{
	return (scene->hears_notes || f->severity > EFIMAP_NOTE) &&
	       strstr(scene->families, efimap_rule_family_name(f->rule->id)) != NULL;
}

static inline void scene_put(FILE *out, const struct efimap_finding *f)
{
	fprintf(out, "%s %s %s", f->rule->name, efimap_severity_name(f->severity),
		efimap_consequence_name(f->consequence));
	for (size_t e = 0; e < f->n_entries; e++)
		fprintf(out, "%s%u", e ? "," : " ", f->entries[e]);
	fputc('\n', out);
}

/* The findings as text; free() it. */
static inline char *scene_text(const struct scene *scene,
			       const struct efimap_report *report)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *f = &report->findings[i];

		if (!scene_hears(scene, f))
			continue;
		assert_true(f->message && *f->message);
		scene_put(out, f);
	}
	assert_int_equal(fclose(out), 0);
	return text;
}

/* Is it said in the words that the scene asks for? */
static inline bool scene_says(const struct scene *scene,
			      const struct efimap_report *report)
{
	for (size_t i = 0; scene->says && i < report->n_findings; i++)
		if (scene_hears(scene, &report->findings[i]) &&
		    strstr(report->findings[i].message, scene->says))
			return true;
	return !scene->says;
}

/* Judge the scene as it stands and in other orders: always exactly @expected. */
static inline void scene_expect(const struct scene *scene, const char *name,
				const char *expected)
{
	for (uint64_t seed = 0; seed < 4; seed++) {
		efimap_auto_map struct efimap *map = scene_build(scene, seed);
		efimap_auto_report struct efimap_report *report = NULL;
		char *text;

		assert_int_equal(efimap_verify(map, &scene->options, &report), 0);
		text = scene_text(scene, report);
		if (strcmp(text, expected) != 0)
			fail_msg("%s (order %u):\nexpected:\n%sfound:\n%s", name,
				 (unsigned int)seed, expected, text);
		if (!scene_says(scene, report))
			fail_msg("%s (order %u) does not say: %s", name,
				 (unsigned int)seed, scene->says);
		free(text);
	}
}

static inline uint64_t scene_number(const char *text)
{
	char *end;
	const uint64_t number = strtoull(text, &end, 0);

	assert_true(end != text && *end == '\0');
	return number;
}

static inline uint64_t scene_changed(uint64_t old, char how, uint64_t number)
{
	return how == '+'   ? old + number
	       : how == '-' ? old - number
	       : how == '|' ? old | number
			    : number;
}

/* "virt+0x18", "type=5", "attr|0x20" */
static inline void scene_change_entry(struct efimap_entry *entry, const char *word)
{
	const size_t length = strcspn(word, "=+-|");
	const uint64_t number = scene_number(word + length + 1);
	uint64_t *field = strncmp(word, "phys", length) == 0	? &entry->phys
			  : strncmp(word, "virt", length) == 0	? &entry->virt
			  : strncmp(word, "pages", length) == 0 ? &entry->pages
			  : strncmp(word, "attr", length) == 0	? &entry->attribute
								: NULL;

	if (field)
		*field = scene_changed(*field, word[length], number);
	else if (strncmp(word, "type", length) == 0)
		entry->type = (uint32_t)number;
	else if (strncmp(word, "index", length) == 0)
		entry->index = (uint32_t)number;
	else
		fail_msg("an entry has no %s", word);
}

static inline void scene_drop(struct scene *scene, uint32_t type)
{
	size_t kept = 0;

	for (size_t i = 0; i < scene->n_entries; i++)
		if (scene->entries[i].type != type)
			scene->entries[kept++] = scene->entries[i];
	for (size_t i = 0; i < kept; i++)
		scene->entries[i].index = (uint32_t)i;
	scene->n_entries = kept;
}

/* What firmware does not hand on, of a size that fits between the others. */
static inline void scene_add_extra(struct scene *scene, uint32_t type)
{
	scene_add(scene, type, 0x10000000, UINT64_C(0xfffffffec0000000), 0x10,
		  EFIMAP_ATTR_RUNTIME | 0xf);
}

static inline void scene_copy(struct scene *scene, size_t position)
{
	const struct efimap_entry *entry = &scene->entries[position];

	scene_add(scene, entry->type, entry->phys, entry->virt, entry->pages,
		  entry->attribute);
}

/* Give every entry the address that the kernel gives it, in the order they stand. */
static inline void scene_lay_out(struct scene *scene)
{
	uint64_t va = EFIMAP_VA_START;

	scene->cmdline = "quiet efi=debug";
	scene->entries[7].attribute = 0xf;
	for (size_t i = 0; i < scene->n_entries; i++) {
		assert_int_equal(efimap_layout_next(va, scene->entries[i].phys,
						    scene->entries[i].pages, &va),
				 0);
		scene->entries[i].virt = va;
	}
}

/* "missing:2/phys_addr": of a file below runtime-map, and of the entry that it begins with */
static inline void scene_add_fault(struct scene *scene, const char *text)
{
	const size_t length = strcspn(text, ":");
	const char *where = text + length + 1;
	const bool is_of_entry = *where >= '0' && *where <= '9';

	for (unsigned int kind = 0; kind <= EFIMAP_FAULT_EXTRA; kind++)
		if (strlen(efimap_fault_kind_name(kind)) == length &&
		    strncmp(text, efimap_fault_kind_name(kind), length) == 0)
			scene_fault(scene, (enum efimap_fault_kind)kind,
				    is_of_entry ? (uint32_t)atoi(where) : EFIMAP_NO_INDEX, where);
}

static inline void scene_set(struct scene *scene, const char *key, const char *value)
{
	if (strcmp(key, "release") == 0)
		scene->release = value;
	else if (strcmp(key, "only") == 0)
		scene->families = value;
	else if (strcmp(key, "expect") == 0)
		scene->options.expect = strcmp(value, "identity") == 0
						? EFIMAP_EXPECT_IDENTITY
						: EFIMAP_EXPECT_VIRTUAL;
	else if (strcmp(key, "without") == 0)
		scene->options.disabled[efimap_rule_find(value)->id] = true;
	else if (strcmp(key, "width") == 0)
		scene->platform_size = (unsigned int)scene_number(value);
	else if (strcmp(key, "count") == 0)
		scene->n_entries = (size_t)scene_number(value);
	else if (strcmp(key, "drop") == 0)
		scene_drop(scene, (uint32_t)scene_number(value));
	else if (strcmp(key, "extra") == 0)
		scene_add_extra(scene, (uint32_t)scene_number(value));
	else if (strcmp(key, "fault") == 0)
		scene_add_fault(scene, value);
	else if (strcmp(key, "copy") == 0)
		scene_copy(scene, (size_t)scene_number(value));
	else if (strcmp(key, "gap") == 0)
		for (size_t i = (size_t)scene_number(value); i < scene->n_entries; i++)
			scene->entries[i].virt -= EFIMAP_LAYOUT_STEP;
	else if (strcmp(key, "moved") == 0)
		for (size_t i = 0; i < scene->n_entries; i++)
			scene->entries[i].virt =
				scene->entries[i].phys + scene_number(value);
	else
		fail_msg("a scene has no %s", key);
}

static inline void scene_hide(struct scene *scene, const char *name)
{
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		if (strcmp(efimap_source_name(source), name) == 0)
			scene->states[source] = EFIMAP_STATE_ABSENT;
}

static inline void scene_edit_word(struct scene *scene, char *word)
{
	char *dot = strchr(word, '.'), *equals = strchr(word, '=');

	if (strcmp(word, "mixed") == 0) {
		scene_make_mixed(scene);
	} else if (strcmp(word, "32bit") == 0) {
		scene_make_32bit(scene);
	} else if (strcmp(word, "whole") == 0) {
		scene_lay_out(scene);
	} else if (strcmp(word, "live") == 0) {
		scene->origin = EFIMAP_ORIGIN_LIVE;
	} else if (strcmp(word, "kexec") == 0) {
		scene->runtime = UINT64_C(0xfffffffeff5ebb98);
	} else if (strncmp(word, "no-", 3) == 0) {
		scene_hide(scene, word + 3);
	} else if (*word >= '0' && *word <= '9' && dot) {
		*dot = '\0';
		scene_change_entry(&scene->entries[scene_number(word)], dot + 1);
	} else if (equals) {
		*equals = '\0';
		scene_set(scene, word, equals + 1);
	} else {
		fail_msg("a scene knows no %s", word);
	}
}

/*
 * scene_edit() - change a scene by words, from left to right
 *
 *   2.virt+0x18 2.type=5 2.attr|0x20  of the entry at position 2
 *   count=3 drop=5 extra=14 copy=2    only the first three; none of type 5; one of type 14
 *                                     more; the one at position 2 twice
 *   whole gap=4                       the layout of efi=debug; those from 4 on 2 MiB lower
 *   moved=0xffff880000000000          all by so much from their physical addresses
 *   mixed 32bit kexec width=64 live   the machine
 *   fault=missing:2/type              a file of an entry, or of a directory with another name
 *   release=5.4 no-cmdline expect=identity
 *   without=phys-zero only=phys+virt  rules that are not asked, families that are heard
 */
static inline void scene_edit(struct scene *scene, const char *words)
{
	char *rest = NULL;

	assert_true(strlen(words) < sizeof(scene->words));
	strcpy(scene->words, words);
	for (char *word = strtok_r(scene->words, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		scene_edit_word(scene, word);
}

/* struct scene_case - a row whose change is words; @says and @more as in the scene */
struct scene_case {
	const char *name;
	const char *words;
	const char *expected;
	const char *says;
	void (*more)(struct efimap *map);
};

/* @families: " notes" behind them: those are heard too */
static inline void scene_run_cases(const struct scene_case *rows, size_t count,
				   const char *families)
{
	for (size_t i = 0; i < count; i++) {
		struct scene scene;

		scene_init(&scene, families);
		scene.hears_notes = strstr(families, " notes") != NULL;
		scene.says = rows[i].says;
		scene.more = rows[i].more;
		scene_edit(&scene, rows[i].words);
		scene_expect(&scene, rows[i].name, rows[i].expected);
	}
}

#endif
