/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Maps that are mapped onto themselves, elsewhere, or both, against what was expected. */
#include "check/scene.h"

#define FAMILIES "virt layout"

static void start(struct scene *s)
{
	s->hears_notes = true;
}

static void native(struct scene *s)
{
	start(s);
}

static void mixed(struct scene *s)
{
	start(s);
	scene_make_mixed(s);
}

static void narrow(struct scene *s)
{
	start(s);
	scene_make_32bit(s);
}

static void narrow_for_identity(struct scene *s)
{
	narrow(s);
	s->options.expect = EFIMAP_EXPECT_IDENTITY;
}

static void narrow_for_virtual(struct scene *s)
{
	narrow(s);
	s->options.expect = EFIMAP_EXPECT_VIRTUAL;
}

static void narrow_but_code_identity(struct scene *s)
{
	narrow(s);
	s->entries[2].virt = s->entries[2].phys;
}

/* Only the release says that it is a 32-bit kernel. */
static void narrow_all_identity(struct scene *s)
{
	mixed(s);
	s->release = "6.1.0-50-686-pae";
	s->says = "a 32-bit kernel uses addresses of its own";
}

/* Only the map says it, and no word on the width of the firmware. */
static void narrow_of_unknown_width(struct scene *s)
{
	narrow(s);
	s->release = "6.1.0";
	s->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_ABSENT;
	s->says = "addresses of a 32-bit kernel";
}

static void native_for_identity(struct scene *s)
{
	native(s);
	s->options.expect = EFIMAP_EXPECT_IDENTITY;
}

static void mixed_for_identity(struct scene *s)
{
	mixed(s);
	s->options.expect = EFIMAP_EXPECT_IDENTITY;
}

static void mixed_but_one_for_identity(struct scene *s)
{
	mixed_for_identity(s);
	s->entries[3].virt = UINT64_C(0xfffffffeff0ec000);
}

static void native_for_virtual(struct scene *s)
{
	native(s);
	s->options.expect = EFIMAP_EXPECT_VIRTUAL;
}

static void mixed_for_virtual(struct scene *s)
{
	mixed(s);
	s->options.expect = EFIMAP_EXPECT_VIRTUAL;
}

static void one_identity(struct scene *s)
{
	native(s);
	s->entries[2].virt = s->entries[2].phys;
}

static void boot_services_identity(struct scene *s)
{
	native(s);
	s->entries[6].virt = s->entries[6].phys;
	s->entries[7].virt = s->entries[7].phys;
}

static void one_not_identity_in_mixed_mode(struct scene *s)
{
	mixed(s);
	s->entries[2].virt = UINT64_C(0xfffffffeff1ec000);
}

static void all_identity(struct scene *s)
{
	mixed(s);
	s->platform_size = 64;
}

static void all_identity_after_kexec(struct scene *s)
{
	all_identity(s);
	s->runtime = UINT64_C(0xfffffffeff5ebb98);
}

/* Neither fw_platform_size nor boot_params: it may be 32-bit firmware. */
static void all_identity_of_unknown_width(struct scene *s)
{
	all_identity(s);
	s->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_ABSENT;
}

static void one_identity_of_unknown_width(struct scene *s)
{
	one_identity(s);
	s->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_ABSENT;
}

/* The width decides, however many entries say otherwise. */
static void most_identity(struct scene *s)
{
	native(s);
	for (size_t i = 0; i < 5; i++)
		s->entries[i].virt = s->entries[i].phys;
}

static void most_virtual_in_mixed_mode(struct scene *s)
{
	native(s);
	s->platform_size = 32;
	for (size_t i = 5; i < s->n_entries; i++)
		s->entries[i].virt = s->entries[i].phys;
}

/* Where it is not known, only a majority does. */
static void half_identity_of_unknown_width(struct scene *s)
{
	native(s);
	s->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_ABSENT;
	for (size_t i = 0; i < 4; i++)
		s->entries[i].virt = s->entries[i].phys;
}

static void most_identity_of_unknown_width(struct scene *s)
{
	most_identity(s);
	s->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_ABSENT;
}

static void judges_the_whole(void **state)
{
	static const struct scene_row rows[] = {
		{ "native", native, "nonidentity note none\n" },
		{ "mixed mode", mixed, "" },
		{ "a 32-bit kernel", narrow, "nonidentity note boots-without-efi\n" },
		{ "a 32-bit kernel, identity expected", narrow_for_identity,
		  "nonidentity error none 0,1,2,3,4,5,6,7\n" },
		{ "a 32-bit kernel, virtual expected", narrow_for_virtual,
		  "nonidentity note boots-without-efi\n" },
		{ "a 32-bit kernel by its map", narrow_of_unknown_width,
		  "nonidentity note boots-without-efi\n" },
		{ "a 32-bit kernel, code identity", narrow_but_code_identity,
		  "identity-partial error boots-without-efi 2\n"
		  "nonidentity note boots-without-efi\n" },
		{ "a 32-bit kernel, all identity", narrow_all_identity,
		  "identity-native warning boots-without-efi 0,1,2,3,4,5,6,7\n" },
		{ "native, identity expected", native_for_identity,
		  "nonidentity error none 0,1,2,3,4,5,6,7\n" },
		{ "mixed mode, identity expected", mixed_for_identity, "" },
		{ "mixed mode but one, identity expected", mixed_but_one_for_identity,
		  "nonidentity error none 3\n" },
		{ "native, virtual expected", native_for_virtual, "nonidentity note none\n" },
		{ "mixed mode, virtual expected", mixed_for_virtual,
		  "identity-native error runtime-services-fail 0,1,2,3,4,5,6,7\n" },
		{ "code identity", one_identity,
		  "identity-partial error runtime-services-fail 2\n"
		  "nonidentity note none\n" },
		{ "boot services identity", boot_services_identity,
		  "identity-partial error none 6,7\n"
		  "nonidentity note none\n" },
		{ "code not identity in mixed mode", one_not_identity_in_mixed_mode,
		  "identity-partial error runtime-services-fail 2\n" },
		{ "most identity", most_identity,
		  "identity-partial error runtime-services-fail 0,1,2,3,4\n"
		  "nonidentity note none\n" },
		{ "most virtual in mixed mode", most_virtual_in_mixed_mode,
		  "identity-partial error runtime-services-fail 0,1,2,3,4\n" },
		{ "half identity of unknown width", half_identity_of_unknown_width,
		  "identity-partial error runtime-services-fail 0,1,2,3\n"
		  "nonidentity note none\n" },
		{ "most identity of unknown width", most_identity_of_unknown_width,
		  "identity-partial error none 5,6,7\n" },
		{ "all identity", all_identity,
		  "identity-native warning runtime-services-fail 0,1,2,3,4,5,6,7\n" },
		{ "all identity after kexec", all_identity_after_kexec,
		  "identity-native error runtime-services-fail 0,1,2,3,4,5,6,7\n" },
		{ "all identity of unknown width", all_identity_of_unknown_width, "" },
		{ "code identity of unknown width", one_identity_of_unknown_width,
		  "identity-partial error runtime-services-fail 2\n"
		  "nonidentity note none\n" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

static void skips_what_it_cannot_know(void **state)
{
	struct scene scene;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	bool skipped = false;

	scene_init(&scene, FAMILIES);
	all_identity_of_unknown_width(&scene);
	map = scene_build(&scene, 0);
	assert_int_equal(efimap_verify(map, NULL, &report), 0);
	for (size_t i = 0; i < report->n_skipped; i++)
		if (report->skipped[i].rule->id == EFIMAP_RULE_IDENTITY_NATIVE) {
			assert_non_null(strstr(report->skipped[i].why, "fw_platform_size"));
			skipped = true;
		}
	assert_true(skipped);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_the_whole),
		cmocka_unit_test(skips_what_it_cannot_know),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
