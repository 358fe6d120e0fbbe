/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kernels are called, and what none is. */
#include <string.h>

#include "test.h"
#include "model/release.h"

#define TEN "0123456789"
#define SIXTY_FOUR TEN TEN TEN TEN TEN TEN "0123"

static void good(void **state)
{
	static const char *const rows[] = {
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

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!efimap_release_is_valid(rows[i], strlen(rows[i])))
			fail_msg("%s", rows[i]);
}

static void bad(void **state)
{
	static const char *const rows[] = {
		"",	 "v6.1",     "-6.1",	 "=6.1",      "6.1 ",	     "6.1\n",
		"6.1/x", "6.1#1",    "6.1<b>",	 "6.1&amp;",  "6.1\"",	     "6.1'",
		"6.1$x", "6.1`x`",   "6.1\\x",	 "6.1|x",     "6.1;x",	     "6.1(x)",
		"6.1%s", "6.1\033c", "6.1\177c", "6.1\xc3\xbc", SIXTY_FOUR "4",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (efimap_release_is_valid(rows[i], strlen(rows[i])))
			fail_msg("%s", rows[i]);
	assert_false(efimap_release_is_valid("6.1\0x", 5));
	assert_true(efimap_release_is_valid("6.1<", 3));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good),
		cmocka_unit_test(bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
