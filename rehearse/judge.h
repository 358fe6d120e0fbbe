/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_JUDGE_H
#define REHEARSE_JUDGE_H

#include <stdbool.h>

#include "base/err.h"
#include "machine.h"
#include "model/comparison.h"
#include "model/kexec.h"
#include "model/rehearsal.h"

/**
 * struct judge - a rehearsal, and what its texts lie in
 * @comparison: the findings' owner
 * @is_open:    time was over, and the kernel had not said that it died
 */
struct judge {
	struct efimap_rehearsal rehearsal;
	struct efimap_comparison *comparison;
	struct efimap_arena arena;
	bool is_open;
};

/**
 * struct judge_run - what there is to judge
 * @source:       SOURCE as the user gave it
 * @promise:      the capture whose kernel hands over, from which rules foresee the outcome
 * @told:         the machine's own, if that is another; or NULL
 * @expected:     what the kernel is to show if all goes well
 * @machine:      that it ran on
 * @kernel:       its file
 * @is_first:     it was started as by the firmware
 * @loader:       else whose bytes it got
 * @passes:       why it got none, or EFIMAP_HANDOVER_PASSES
 * @fails:        what its firmware failed to do
 * @seen:         the guest's capture, or its log
 * @reached_init: it is a capture
 * @seconds:      after which the guest was ended; 0 when it ended by itself
 * @console:      what its kernel printed
 * @size:         bytes of that
 */
struct judge_run {
	const char *source;
	const struct efimap *promise;
	const struct efimap *told;
	const struct efimap *expected;
	const struct machine *machine;
	const struct machine_file *kernel;
	bool is_first;
	enum efimap_loader loader;
	enum efimap_handover_reason passes;
	enum rehearse_fails fails;
	const struct efimap *seen;
	bool reached_init;
	unsigned int seconds;
	const char *console;
	size_t size;
};

/** judge_make() - 0, -ENOMEM, or what comparing can return; free with judge_free() */
int judge_make(const struct judge_run *run, struct judge *ret_judge, struct efimap_err *err);
/** judge_free() - free what it owns */
void judge_free(struct judge *judge);
#define auto_judge __attribute__((cleanup(judge_free)))

#endif
