/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From what was booted, and what the guest sent, to what is said of it. Nothing here starts
 * anything, or opens a file.
 */
#ifndef REHEARSE_COMPARE_RUN_H
#define REHEARSE_COMPARE_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/error.h"
#include "cli/rehearse_options.h"
#include "compare/comparison.h"
#include "guest_memory.h"
#include "linux/setup_data.h"
#include "show/rehearsal.h"

/**
 * struct trial - what was booted, and what came of it
 * @source:  the capture of the machine
 * @passed:  the capture whose map was handed over instead, or NULL
 * @then:    the kernel that the first one was to start; @size 0 for none
 * @line:    what its init sent
 * @console: what it printed
 * @timed_out: it was ended
 * @died:    what a run before this one said when it died, or NULL
 */
struct trial {
	const struct rehearse *asked;
	const struct efimap *source;
	const struct efimap *passed;
	const struct machine *machine;
	struct machine_file kernel;
	struct machine_file then;
	const uint8_t *line;
	size_t line_size;
	const uint8_t *console;
	size_t console_size;
	bool timed_out;
	const char *died;
};

/**
 * struct result - what it comes to
 * @before:   what a kernel showed that was to start another one
 * @seen:     the guest's capture, where it reached init, or what its log says
 * @first_kernel:  the capture whose kernel hands over, from which rules predict the outcome
 * @told:     the machine's own, if that is another; or NULL
 * @expected: what the kernel is to show if all goes well
 * @judged:   its file
 * @is_first: it was started as by the firmware
 * @passes:   why it got no EFI, or EFIMAP_IS_PASSED
 * @report:   where nothing was booted
 * @is_open:  time was over, and the kernel had not said that it died
 *
 * @rehearsal and its report are what others read; all else is private.
 */
struct result {
	const struct trial *trial;
	struct efimap *before;
	struct efimap *seen;
	const struct efimap *first_kernel;
	const struct efimap *told;
	const struct efimap *expected;
	const struct machine_file *judged;
	bool is_first;
	enum efimap_not_passed passes;
	bool is_open;
	struct efimap_rehearsal rehearsal;
	struct efimap_comparison *comparison;
	struct efimap_report *report;
	struct efimap_arena arena;
};

/** result_died() - did the kernel die, and not just take too long? */
static inline bool result_died(const struct result *result)
{
	return !result->rehearsal.reached_init && !result->is_open;
}

/** result_fatal_line() - what it said then; owned by the caller, NULL without memory */
char *result_fatal_line(const struct result *result);

/**
 * result_make() - read what the guest sent, and compare it with what was expected
 * @trial:  lives as long as the result
 * @result: zeroed; result_free() it, after a failure too
 */
int result_make(const struct trial *trial, struct result *result, struct efimap_err *err);

/**
 * result_make_untried() - the same where nothing was booted
 * @trial: with what was asked for, and the source
 * @why:   the reason, which is copied
 */
int result_make_untried(const struct trial *trial, const char *why, struct result *result);

void result_free(struct result *result);

#endif
