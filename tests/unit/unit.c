/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run all unit tests, or the tests in the files that are given as arguments, such as
 * "rules/engine".
 */
#include "test.h"

/* There are about 200 tests. */
#define TESTS_MAX 1000

static struct unit_test *first, **last = &first;

/* With ASan, an allocation that is too large must fail instead of aborting the program. */
const char *__asan_default_options(void) __attribute__((visibility("default")));
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

void unit_add(struct unit_test *test)
{
	*last = test;
	last = &test->next;
}

static bool is_of(const struct unit_test *test, const char *name)
{
	const size_t end = strlen(test->file) - strlen(".c"), length = strlen(name);

	return length < end && test->file[end - length - 1] == '/' &&
	       strncmp(test->file + end - length, name, length) == 0;
}

/* Run the tests of a file, or all if @name is NULL. Return 0 on success, or -1 without a test. */
static int run(const char *name)
{
	static struct CMUnitTest tests[TESTS_MAX];
	size_t count = 0;

	for (const struct unit_test *test = first; test; test = test->next)
		if (!name || is_of(test, name)) {
			if (count == TESTS_MAX)
				return 1;
			tests[count++] = test->test;
		}
	return count ? _cmocka_run_group_tests(name ? name : "all", tests, count, NULL, NULL) : -1;
}

int main(int argc, char **argv)
{
	int failed = argc > 1 ? 0 : run(NULL);

	for (int i = 1; i < argc; i++) {
		const int ret = run(argv[i]);

		if (ret < 0)
			fprintf(stderr, "%s: no tests in this file\n", argv[i]);
		failed |= ret;
	}
	return failed != 0;
}
