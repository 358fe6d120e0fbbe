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

#endif
