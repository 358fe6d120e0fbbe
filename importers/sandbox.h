/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an importer gives up once its input is open, before it looks at a byte of it that a
 * stranger may have written.
 */
#ifndef IMPORTERS_SANDBOX_H
#define IMPORTERS_SANDBOX_H

#include "base/error.h"

/* Machines whose system calls are filtered: those on which a test has shown it. */
#ifndef CONFINE_HAS_FILTER
#if defined(__x86_64__) || defined(__aarch64__) || defined(__i386__)
#define CONFINE_HAS_FILTER 1
#else
#define CONFINE_HAS_FILTER 0
#endif
#endif

/**
 * confine_self() - from here on: read and write what is open, take memory, end
 *
 * No capabilities, nothing gained by executing, no file opened, no connection made, no
 * signal to others (Landlock, as far as the kernel's version goes), no system call but a
 * few, and those for itself only, no new code (seccomp), no core file, and bounds on memory
 * and processor time. What the kernel does not have is done without, and the filter where
 * CONFINE_HAS_FILTER is 0.
 *
 * Return: 0, or a negative errno where a part failed that every kernel has.
 */
int confine_self(struct efimap_err *err);

#endif
