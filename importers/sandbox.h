/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Confine an importer before it parses its input, which is untrusted. import-vmcore copies a dump
 * that is flattened or not seekable before it confines itself, because the copy needs a temporary
 * file.
 */
#ifndef IMPORTERS_SANDBOX_H
#define IMPORTERS_SANDBOX_H

#include "base/error.h"

/* The seccomp filter is used only on architectures on which it was tested. */
#ifndef CONFINE_HAS_FILTER
#if defined(__x86_64__) || defined(__aarch64__) || defined(__i386__)
#define CONFINE_HAS_FILTER 1
#else
#define CONFINE_HAS_FILTER 0
#endif
#endif

/**
 * confine_self() - confine this process to its open files, memory allocation and exit
 *
 * The process loses all capabilities and cannot gain privileges through execve(). Landlock denies
 * access to other files, TCP connections, connections to abstract UNIX sockets, and signals to
 * other processes. seccomp allows only a few system calls, which affect only the process itself,
 * and denies new executable memory. Core files are disabled. Memory and CPU time are limited.
 * Features that the kernel lacks are skipped. The seccomp filter is also skipped if
 * CONFINE_HAS_FILTER is 0. With AddressSanitizer, only CPU time, core files and the privileges that
 * execve() can grant are restricted.
 *
 * Return: 0, or a negative errno. Missing features and failures of Landlock are not errors.
 */
int confine_self(struct efimap_err *err);

#endif
