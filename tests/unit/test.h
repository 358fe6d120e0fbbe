/* SPDX-License-Identifier: GPL-2.0-or-later */
/* cmocka's headers in the order it wants them. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

/* What fail_msg() ends in; cmocka does not tell that what follows it is not reached. */
void _fail(const char *file, int line) __attribute__((noreturn));

/* A live capture is of this machine, and one that is not for x86 has other files. */
#if defined(__x86_64__) || defined(__i386__)
#define IS_X86 1
#else
#define IS_X86 0
#endif

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct unit - the tests of a file
 * @file: where they are; the program knows them by its room and stem
 * @run:  runs them; 0 when none failed
 * @next: those of another file
 */
struct unit {
	const char *file;
	int (*run)(void);
	struct unit *next;
};

/** unit_add() - let the program know the tests of a file, before its main() */
void unit_add(struct unit *unit);

/** UNIT_TESTS() - what main() would be if the file were a program of its own */
#define UNIT_TESTS()                                                                     \
	static int run_unit(void);                                                       \
	__attribute__((constructor)) static void add_unit(void)                          \
	{                                                                                \
		static struct unit unit = { __FILE__, run_unit, NULL };                  \
                                                                                         \
		unit_add(&unit);                                                         \
	}                                                                                \
	static int run_unit(void)

#endif
