/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout as a whole: where it is exact, and maps that are mapped onto themselves,
 * elsewhere, or both, against what was expected.
 */
#include "check/scene.h"

static void add_broken_file(struct efimap *map)
{
	const struct efimap_fault fault = {
		.source = EFIMAP_SRC_RUNTIME_MAP,
		.kind = EFIMAP_FAULT_MISSING,
		.index = 8,
		.where = "sys/firmware/efi/runtime-map/8/type",
		.text = "as the test has it",
	};

	assert_int_equal(efimap_add_fault(map, &fault), 0);
}

TEST(exact_layouts)
{
	static const struct scene_case rows[] = {
		{ "whole", "whole", "" },
		{ "whole with a gap", "whole gap=4",
		  "layout-exact error runtime-services-fail 4\n" },
		{ "gap without efi=debug",
		  "whole gap=4 cmdline=quiet 7.attr|0x8000000000000000", "" },
		{ "gap in boot services", "whole gap=5", "layout-exact error none 5\n" },
		{ "gap before 4.9", "release=4.8.17 whole gap=4", "" },
		{ "kexec with a gap", "whole kexec gap=4",
		  "layout-exact error runtime-services-fail 4\n" },
		{ "kexec with a gap, all RUNTIME",
		  "whole kexec gap=4 7.attr|0x8000000000000000", "" },
		{ "gap and a broken file", "whole gap=4", "", NULL, add_broken_file },
		{ "gap and a lost entry", "whole gap=4 7.index=9", "" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys virt layout");
}

TEST(judges_the_whole)
{
	static const struct scene_case rows[] = {
		{ "native", "", "nonidentity note none\n" },
		{ "mixed mode", "mixed", "" },
		{ "a 32-bit kernel", "32bit", "nonidentity note boots-without-efi\n" },
		{ "a 32-bit kernel, identity expected", "32bit expect=identity",
		  "nonidentity error none 0,1,2,3,4,5,6,7\n" },
		{ "a 32-bit kernel, virtual expected", "32bit expect=virtual",
		  "nonidentity note boots-without-efi\n" },
		{ "a 32-bit kernel by its map",
		  "32bit release=6.1.0",
		  "nonidentity note boots-without-efi\n",
		  "addresses of a 32-bit kernel" },
		{ "a 32-bit kernel, code identity", "32bit 2.virt=0x3f5ec000",
		  "identity-partial error boots-without-efi 2\n"
		  "nonidentity note boots-without-efi\n" },
		{ "a 32-bit kernel, all identity", "mixed release=6.1.0-50-686-pae",
		  "identity-native warning boots-without-efi 0,1,2,3,4,5,6,7\n",
		  "a 32-bit kernel uses addresses of its own" },
		{ "native, identity expected", "expect=identity",
		  "nonidentity error none 0,1,2,3,4,5,6,7\n" },
		{ "mixed mode, identity expected", "mixed expect=identity", "" },
		{ "mixed mode but one, identity expected",
		  "mixed expect=identity 3.virt=0xfffffffeff0ec000",
		  "nonidentity error none 3\n" },
		{ "native, virtual expected", "expect=virtual",
		  "nonidentity note none\n" },
		{ "mixed mode, virtual expected", "mixed expect=virtual",
		  "identity-native error runtime-services-fail 0,1,2,3,4,5,6,7\n" },
		{ "code identity", "2.virt=0x3f5ec000",
		  "identity-partial error runtime-services-fail 2\n"
		  "nonidentity note none\n" },
		{ "boot services identity", "6.virt=0x3d117000 7.virt=0x0",
		  "identity-partial error none 6,7\n"
		  "nonidentity note none\n" },
		{ "code not identity in mixed mode", "mixed 2.virt=0xfffffffeff1ec000",
		  "identity-partial error runtime-services-fail 2\n" },
		{ "most identity",
		  "0.virt=0xffc00000 1.virt=0x3fef4000 2.virt=0x3f5ec000 "
		  "3.virt=0x3f4ec000 4.virt=0x3eaa0000",
		  "identity-partial error runtime-services-fail 0,1,2,3,4\n"
		  "nonidentity note none\n" },
		{ "most virtual in mixed mode",
		  "width=32 5.virt=0x3d11a000 6.virt=0x3d117000 7.virt=0x0",
		  "identity-partial error runtime-services-fail 0,1,2,3,4\n" },
		{ "half identity of unknown width",
		  "no-fw_platform_size 0.virt=0xffc00000 1.virt=0x3fef4000 "
		  "2.virt=0x3f5ec000 3.virt=0x3f4ec000",
		  "identity-partial error runtime-services-fail 0,1,2,3\n"
		  "nonidentity note none\n" },
		{ "most identity of unknown width",
		  "no-fw_platform_size 0.virt=0xffc00000 1.virt=0x3fef4000 "
		  "2.virt=0x3f5ec000 "
		  "3.virt=0x3f4ec000 4.virt=0x3eaa0000",
		  "identity-partial error none 5,6,7\n" },
		{ "all identity", "mixed width=64",
		  "identity-native warning runtime-services-fail 0,1,2,3,4,5,6,7\n" },
		{ "all identity after kexec", "mixed width=64 kexec",
		  "identity-native error runtime-services-fail 0,1,2,3,4,5,6,7\n" },
		{ "all identity of unknown width", "mixed width=64 no-fw_platform_size",
		  "" },
		{ "code identity of unknown width",
		  "no-fw_platform_size 2.virt=0x3f5ec000",
		  "identity-partial error runtime-services-fail 2\n"
		  "nonidentity note none\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "virt layout notes");
}

TEST(skips_what_it_cannot_know)
{
	struct scene scene;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	bool skipped = false;

	scene_init(&scene, "layout");
	scene_edit(&scene, "mixed width=64 no-fw_platform_size");
	map = scene_build(&scene, 0);
	assert_int_equal(efimap_verify(map, NULL, &report), 0);
	for (size_t i = 0; i < report->n_skipped; i++)
		if (report->skipped[i].rule->id == EFIMAP_RULE_IDENTITY_NATIVE) {
			assert_non_null(strstr(report->skipped[i].why, "fw_platform_size"));
			skipped = true;
		}
	assert_true(skipped);
}
