/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What may stand before the message of a line. */
#include <stdio.h>
#include <string.h>

#include "../test.h"
#include "read/parse.h"

static bool is_message(const char *before)
{
	char line[256];
	struct efimap_text rest;
	int len = snprintf(line, sizeof(line), "%sefi: x", before);

	if (!efimap_log_message(line, (size_t)len, "efi:", &rest))
		return false;
	assert_int_equal(rest.len, 2);
	assert_memory_equal(rest.at, " x", 2);
	return true;
}

static void accepted(void **state)
{
	static const char *const rows[] = {
		"", " ", "<6>", "[    0.000000] ", "[    0.000000][    T0] ",
		"<6>[    0.000000] ", "[Fri Nov 20 07:51:48 2026] ", "[Nov20 07:51] ",
		"Nov 20 07:51:48 host kernel: ", "Nov 20 07:51:48 host kernel: [    0.000000] ",
		"2026-11-20T07:51:48+0000 host kernel: ", "kernel: ", "6,45,0,-;",
		"2026-11-20T07:51:48,000000+00:00 ", "kern  :info  : [    0.000000] ",
		"kern:info: ",
		"\t", "host\tkernel:\t", "[    0.000000]\t",
		"[2026-11-20 07:51:48] [    0.000000] ", "[    0.000000 <    0.000000>] ",
		"03:09:07,531 INFO kernel:", "Fri 2026-11-20 07:51:48 UTC fe80::1 kernel: ",
		"> ", ">", ">> > [    0.000000] ", "> <6>[    0.000000] ",
		"> Nov 20 07:51:48 host kernel: ", " > ",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!is_message(rows[i]))
			fail_msg("\"%s\"", rows[i]);
}

static void refused(void **state)
{
	static const char *const rows[] = {
		"u", "read ", "program: ", "[    0.000000] Command line: ", "[    0.000000",
		"[    0.000000]] ", "mykernel: ", "] ", "u> ", "[    0.000000] > ",
		"mykernel:", "kernel:x",
		"> read ", "> program: > ", "=> ", "[    0.000000] efi=debug ",
		"Nov 20 07:51:48 host myd: [x] ", "one: two: three: ", "Kern :info : ",
		"2026-11-20T07:51:48x ", "kern:info;x ", "kern: info", "kern  :inf0  : ",
		"kern:info: and ", "host-kernel: ", "<6", "6>7] ",
		"Nov 20 07:51:48 host logger[42]: kernel: ", "host root: kernel: [    0.000000] ",
		"Nov 20 07:51:48 host root: host kernel: ", "host root:\tkernel: ",
		"host root: evil kernel:", "user  :info  : [    0.000000] ", "host: root: ",
		"kernel:info: ", "kern", "kern:",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (is_message(rows[i]))
			fail_msg("\"%s\"", rows[i]);
}

static void no_tag(void **state)
{
	struct efimap_text rest;

	assert_false(efimap_log_message("", 0, "efi:", &rest));
	assert_false(efimap_log_message("efi", 3, "efi:", &rest));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(refused),
		cmocka_unit_test(no_tag),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
