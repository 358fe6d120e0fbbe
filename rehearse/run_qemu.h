/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_RUN_QEMU_H
#define REHEARSE_RUN_QEMU_H

#include "base/error.h"
#include "guest_memory.h"

/**
 * struct qemu - a run of QEMU
 * @milliseconds: time limit, 0 for none
 * @gdb:          argument of QEMU's -gdb, or NULL; if set, QEMU waits for a debugger
 * @console:      memfd for the output of the guest's first serial port
 * @line:         memfd for the output of the second serial port
 */
struct qemu {
	const char *accelerator;
	unsigned int milliseconds;
	const char *gdb;
	int console;
	int line;
	bool timed_out;
};

/** qemu_run() - run a machine until it restarts or, with a time limit, dies or reaches the limit */
int qemu_run(struct qemu *qemu, const struct machine *machine, struct err *err);

/**
 * qemu_choose_memory() - choose the amount of guest memory
 * @asked: size in bytes; 0 for the default size, or for the possible maximum if that is less
 *
 * A guest can touch all of its memory, so the guest gets at most half of the host's available
 * memory.
 *
 * Return: 0, or -ENOMEM if half of the available memory is less than @asked or than the minimum.
 */
int qemu_choose_memory(uint64_t asked, uint64_t *ret_memory, struct err *err);

#endif
