/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_COMPARE_RUN_H
#define REHEARSE_COMPARE_RUN_H

#include "base/alloc.h"
#include "base/error.h"
#include "capture/recording.h"
#include "cli/cmd_rehearse.h"
#include "compare/comparison.h"
#include "guest_memory.h"
#include "kernels.h"
#include "rules/matched_messages.h"
#include "show/rehearsal.h"

/**
 * struct trial - the machine and kernels that were booted, and their output
 * @passed:        the capture whose runtime map was passed instead of the map of @source, or NULL
 * @second_kernel: the kernel that @kernel had to start by kexec, or NULL
 * @line:          the archives that the guest's init sent
 * @earlier_crash: the reason why the kernel died in an earlier run, or NULL
 */
struct trial {
	const struct rehearse *asked;
	enum load_question question;
	const struct efimap *source;
	const struct efimap *passed;
	const struct machine *machine;
	const struct kernel_file *kernel;
	const struct kernel_file *second_kernel;
	const uint8_t *line;
	size_t line_size;
	const uint8_t *console;
	size_t console_size;
	bool timed_out;
	const char *earlier_crash;
};

/**
 * struct result - the result of a rehearsal
 * @before:          the capture that the first of two kernels sent, or NULL
 * @seen:            the capture that the kernel sent or, if the kernel did not reach init, a
 *                   capture of the console output
 * @recording:       the files from which @seen was read
 * @expected:        the capture that the kernel sends if everything works
 * @is_first_kernel: the kernel was booted as if by the firmware, not by kexec
 * @load_error:      the errno with which the first kernel did not load the second, or 0
 * @is_open:         the time limit was reached before the kernel died or finished
 * @rehearsal:       the values of the result that are printed
 * @report:          the report if nothing was booted
 * @arena:           memory of the remarks
 *
 * Other files use only @rehearsal, @recording and @arena. All other fields are private.
 */
struct result {
	const struct trial *trial;
	struct efimap *before;
	struct efimap *seen;
	struct recording recording;
	const struct efimap *expected;
	bool is_first_kernel;
	int load_error;
	bool is_open;
	struct rehearsal rehearsal;
	struct comparison *comparison;
	struct report *report;
	struct report *prediction;
	struct arena arena;
	struct kernel_messages messages;
};

/** result_died() - return whether the kernel died before the time limit was reached */
static inline bool result_died(const struct result *result)
{
	return !result->rehearsal.reached_init && !result->is_open && !result->load_error;
}

/** result_fatal_line() - return the reason why the kernel died, which belongs to the result */
const char *result_fatal_line(const struct result *result);

/**
 * result_make() - read the data that the guest sent, and compare it with the expected capture
 * @trial:  must outlive the result
 * @result: zeroed by the caller, who calls result_free() even after a failure
 */
int result_make(const struct trial *trial, struct result *result, struct err *err);

/**
 * result_make_untried() - make the result of a rehearsal in which nothing was booted
 * @trial: must outlive the result; only @trial->asked and @trial->source are used
 * @why:   the reason, which is copied
 */
void result_make_untried(const struct trial *trial, const char *why, struct result *result);

void result_free(struct result *result);

/**
 * enum fatal_message - the worst kind of message in a text
 * @FATAL_MESSAGE_FAULT: a fault that a kernel may survive
 * @FATAL_MESSAGE_END:   a message after which a kernel restarts or halts
 */
enum fatal_message {
	FATAL_MESSAGE_NONE,
	FATAL_MESSAGE_FAULT,
	FATAL_MESSAGE_END,
};

/** FATAL_MESSAGE_MAX - maximum length of the words that identify a message, in bytes */
#define FATAL_MESSAGE_MAX 32

/** find_fatal_message() - return the worst kind of message in @text, which needs no final NUL */
enum fatal_message find_fatal_message(const void *text, size_t size);

#endif
