/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Find fatal messages in console output. Sources: kernel/panic.c: panic; arch/x86/mm/extable.c:
 * early_fixup_exception; arch/x86/mm/fault.c: show_fault_oops; arch/x86/kernel/dumpstack.c:
 * __die_header; arch/x86/boot/compressed/error.c: error.
 */
#include <stdbool.h>
#include <string.h>

#include "fatal_message.h"

static const char *const ends[] = { "Kernel panic", "PANIC:", "-- System halted", NULL };
static const char *const faults[] = { "BUG:", "Oops", "general protection", NULL };

static bool has_one(const void *text, size_t size, const char *const *words)
{
	for (; *words; words++)
		if (memmem(text, size, *words, strlen(*words)))
			return true;
	return false;
}

enum fatal_message find_fatal_message(const void *text, size_t size)
{
	if (has_one(text, size, ends))
		return FATAL_MESSAGE_END;
	return has_one(text, size, faults) ? FATAL_MESSAGE_FAULT : FATAL_MESSAGE_NONE;
}
