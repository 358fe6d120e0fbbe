/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What every test needs; cmocka's headers in the order it wants them. */
#ifndef TESTS_UNIT_TEST_H
#define TESTS_UNIT_TEST_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>
#include <stdint.h>

#include <cmocka.h>

/* cmocka 2 has these for nothing but older programs, and says so where one is used. */
#undef assert_in_range
#undef assert_not_in_range
#pragma GCC poison assert_in_range assert_not_in_range

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
 * struct unit_test - a test
 * @file: where it is; the program knows it by its room and stem
 * @test: of cmocka
 * @next: the one that was defined after it
 */
struct unit_test {
	const char *file;
	struct CMUnitTest test;
	struct unit_test *next;
};

/** unit_add() - let the program know a test, before its main() */
void unit_add(struct unit_test *test);

/** TEST() - instead of "static void NAME(void **state)": a test */
#define TEST(name) TEST_WITH(name, NULL, NULL)
/** TEST_WITH() - the same with something before and after it */
#define TEST_WITH(name, setup, teardown)                                                 \
	static void name(void **state);                                                  \
	__attribute__((constructor)) static void add_##name(void)                        \
	{                                                                                \
		static struct unit_test test = { __FILE__,                               \
						 { #name, name, setup, teardown, NULL }, \
						 NULL };                                 \
                                                                                         \
		unit_add(&test);                                                         \
	}                                                                                \
	static void name(void **state)

#endif
