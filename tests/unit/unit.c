/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main() of the unit tests of a room: it runs all of them, or those of the files that
 * are named, as "check/phys". It knows no test: each file adds its own (UNIT_TESTS() in
 * test.h).
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "test.h"

static struct unit *units;

/* Under ASan, too, what is too large must fail instead of ending the program. */
const char *__asan_default_options(void) __attribute__((visibility("default")));
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

void unit_add(struct unit *unit)
{
	unit->next = units;
	units = unit;
}

/* Is it the file of this name? Where the sources lie does not matter. */
static bool is_named(const struct unit *unit, const char *name)
{
	const size_t end = strlen(unit->file) - strlen(".c"), length = strlen(name);

	return length < end && unit->file[end - length - 1] == '/' &&
	       strncmp(unit->file + end - length, name, length) == 0;
}

/* With NULL all of them; negative where there is none. */
static int run(const char *name)
{
	int failed = -1;

	for (const struct unit *unit = units; unit; unit = unit->next) {
		if (name && !is_named(unit, name))
			continue;
		if (failed < 0)
			failed = 0;
		if (!name)
			fprintf(stderr, "%s\n", unit->file);
		failed |= unit->run() != 0;
	}
	return failed;
}

int main(int argc, char **argv)
{
	int failed = argc > 1 ? 0 : run(NULL);

	for (int i = 1; i < argc; i++) {
		const int ret = run(argv[i]);

		if (ret < 0)
			fprintf(stderr, "%s: no such tests\n", argv[i]);
		failed |= ret;
	}
	return failed != 0;
}
