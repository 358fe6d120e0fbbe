/* SPDX-License-Identifier: GPL-2.0-or-later */
/* <cmocka.h> requires <stdarg.h>, <stddef.h>, <stdint.h> and <setjmp.h> before it. */
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

/* cmocka 2 deprecates these macros. */
#undef assert_in_range
#undef assert_not_in_range
#pragma GCC poison assert_in_range assert_not_in_range

/* cmocka does not declare _fail(), which fail_msg() calls, as noreturn. */
void _fail(const char *file, int line) __attribute__((noreturn));

#if defined(__x86_64__) || defined(__i386__)
#define IS_X86 1
#else
#define IS_X86 0
#endif

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* @file: the source file, whose name selects the test */
struct unit_test {
	const char *file;
	struct CMUnitTest test;
	struct unit_test *next;
};

void unit_add(struct unit_test *test);

/* TEST(NAME) replaces "static void NAME(void **state)", and registers the test before main(). */
#define TEST(name) TEST_WITH(name, NULL, NULL)
#define TEST_WITH(name, setup, teardown)                                                           \
	static void name(void **state);                                                            \
	__attribute__((constructor)) static void add_##name(void)                                  \
	{                                                                                          \
		static struct unit_test test = { __FILE__,                                         \
						 { #name, name, setup, teardown, NULL },           \
						 NULL };                                           \
                                                                                                   \
		unit_add(&test);                                                                   \
	}                                                                                          \
	static void name(void **state)

#endif
