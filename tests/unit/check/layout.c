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
		{ "one too high", "whole 4.virt+0x200000",
		  "virt-overlap error runtime-services-fail 3,4\n"
		  "layout-exact error runtime-services-fail 4,5\n",
		  "where the layout gives 0xfffffffeff6a0000" },
		{ "kexec with a gap", "whole kexec gap=4",
		  "layout-exact error runtime-services-fail 4\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "phys virt layout");
}

TEST(judges_the_whole)
{
	static const struct scene_case rows[] = {
		{ "mixed mode but one, identity expected",
		  "mixed expect=identity 3.virt=0xfffffffeff0ec000",
		  "nonidentity error none 3\n" },
		{ "most virtual in mixed mode",
		  "width=32 5.virt=0x3d11a000 6.virt=0x3d117000 7.virt=0x0",
		  "identity-partial error runtime-services-fail 0,1,2,3,4\n" },
		{ "all identity but one", "mixed width=64 2.virt=0xfffffffeff1ec000",
		  "identity-partial error runtime-services-fail 0,1,3,4,5,6,7\n"
		  "nonidentity note none\n" },
		{ "one entry", "count=1", "nonidentity note none\n" },
		{ "identity as most have it", "mixed no-fw_platform_size 3.virt=0xfffffffeff0ec000",
		  "identity-partial error runtime-services-fail 3\n" },
	};

	scene_run_cases(rows, ARRAY_SIZE(rows), "virt layout notes");
}
