/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A virtual machine of QEMU without disk, network, display or firmware of its own, for a bounded
 * time.
 */
#ifndef REHEARSE_RUN_QEMU_H
#define REHEARSE_RUN_QEMU_H

#include "base/error.h"
#include "guest_memory.h"

/**
 * struct qemu - a run
 * @milliseconds: after which it is ended; 0: there is no limit
 * @gdb:     what QEMU's -gdb takes, to wait for a debugger; NULL for none
 * @console: file in memory for the guest's first serial line
 * @line:    the same for the second line
 * @timed_out: it was ended
 */
struct qemu {
	const char *accelerator;
	unsigned int milliseconds;
	const char *gdb;
	int console;
	int line;
	bool timed_out;
};

/** qemu_run() - run a machine until it restarts, or its time is over */
int qemu_run(struct qemu *qemu, const struct machine *machine, struct efimap_err *err);

/**
 * qemu_choose_memory() - how much memory the guest gets
 * @asked: bytes; 0: as much as is usual and allowed
 *
 * A guest can touch all of its memory, so it gets at most half of what the host has free.
 *
 * Return: 0, or -ENOMEM where that is less than was asked for or than a guest needs.
 */
int qemu_choose_memory(uint64_t asked, uint64_t *ret_memory, struct efimap_err *err);

#endif
