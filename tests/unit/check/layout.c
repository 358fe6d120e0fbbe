/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The layout as a whole: where it is exact, and maps that are mapped onto themselves,
 * elsewhere, or both, against what was expected.
 */
#include "check/scene.h"

TEST(exact_layouts)
{
	static const struct scene_case rows[] = {
		{ "a gap, and layout-exact not asked", "whole gap=4 without=layout-exact",
		  "" },
		{ "kexec with a gap", "whole kexec gap=4",
		  "layout-exact error runtime-services-fail 4\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys virt layout");
}

TEST(judges_the_whole)
{
	static const struct scene_case rows[] = {
		{ "a 32-bit kernel, identity expected", "32bit expect=identity",
		  "nonidentity error none 0,1,2,3,4,5,6,7\n" },
		{ "a 32-bit kernel, virtual expected", "32bit expect=virtual",
		  "nonidentity note boots-without-efi\n" },
		{ "mixed mode, identity expected", "mixed expect=identity", "" },
		{ "mixed mode but one, identity expected",
		  "mixed expect=identity 3.virt=0xfffffffeff0ec000",
		  "nonidentity error none 3\n" },
		{ "mixed mode, virtual expected", "mixed expect=virtual",
		  "identity-native error runtime-services-fail 0,1,2,3,4,5,6,7\n" },
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
		{ "all identity but one", "mixed width=64 2.virt=0xfffffffeff1ec000",
		  "identity-partial error runtime-services-fail 0,1,3,4,5,6,7\n"
		  "nonidentity note none\n" },
		{ "one entry", "count=1", "nonidentity note none\n" },
		{ "all identity", "mixed width=64",
		  "identity-native warning runtime-services-fail 0,1,2,3,4,5,6,7\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "virt layout notes");
}
