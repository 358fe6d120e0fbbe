/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/kernel_release.h"
#include "infer/linux_changes.h"
#include "test.h"

/* Only a patch level of kernel.org shows that a kernel lacks a change of a later release. */
TEST(certainty)
{
	static const struct {
		const char *release;
		enum known expected;
	} rows_of_masks[] = {
		{ "6.12.63", EFIMAP_KNOWN_YES },
		{ "6.19.0-5-generic", EFIMAP_KNOWN_YES },
		{ "6.12.62", EFIMAP_KNOWN_NO },
		{ "5.10.223", EFIMAP_KNOWN_NO },
		{ "5.14.21-1-default", EFIMAP_KNOWN_NO },
		{ "5.14.21-150500.55.83-default", EFIMAP_NOT_KNOWN },
		{ "6.12.21-160000.5-default", EFIMAP_NOT_KNOWN },
		{ "6.5.13-6-pve", EFIMAP_NOT_KNOWN },
		{ "6.8.0-90-generic", EFIMAP_NOT_KNOWN },
		{ "5.14.0-570.el9.x86_64", EFIMAP_NOT_KNOWN },
		{ "6.1.0-50-amd64", EFIMAP_NOT_KNOWN },
		{ "", EFIMAP_NOT_KNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows_of_masks); i++) {
		const struct release release = release_parse(rows_of_masks[i].release);

		if (find_change(&release, EFIMAP_CHANGE_MASKS_TOP_LEVEL) !=
		    rows_of_masks[i].expected)
			fail_msg("%s: wrong result", rows_of_masks[i].release);
	}
}

#define TEN "0123456789"
#define SIXTY_FOUR TEN TEN TEN TEN TEN TEN "0123"

TEST(good_releases)
{
	static const char *const texts[] = {
		"6",
		"6.1.0-56-amd64",
		"6.12.0-0.rc1.20241003git7ec462100ef9.20.fc42.x86_64",
		"5.15.0-1063-aws",
		"6.4.0-150600.23.25-default",
		"6.9.0+",
		"6.12.113+deb12-amd64",
		"5.14.0-427.el9.aarch64+64k",
		"5.4.17-2136.300.7.el8uek.x86_64",
		"5.15.90.1-microsoft-standard-WSL2",
		"6.6.0-rc1-next-20230911",
		"6.5.0~rc1-1~exp1",
		"6.11.0^20240930",
		"6.9.1-zen1-1-linux@home",
		SIXTY_FOUR,
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (!release_is_valid(texts[i], strlen(texts[i])))
			fail_msg("\"%s\" is not a valid release", texts[i]);
}

TEST(bad_releases)
{
	static const char *const texts[] = {
		"",	 "v6.1",     "-6.1",	 "=6.1",	"6.1 ",		"6.1\n",
		"6.1/x", "6.1#1",    "6.1<b>",	 "6.1&amp;",	"6.1\"",	"6.1'",
		"6.1$x", "6.1`x`",   "6.1\\x",	 "6.1|x",	"6.1;x",	"6.1(x)",
		"6.1%s", "6.1\033c", "6.1\177c", "6.1\xc3\xbc", SIXTY_FOUR "4",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (release_is_valid(texts[i], strlen(texts[i])))
			fail_msg("\"%s\" is a valid release, expected an invalid one", texts[i]);
	assert_false(release_is_valid("6.1\0x", 5));
	assert_true(release_is_valid("6.1<", 3));
}
