/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_KEXEC_DEBUG_OUTPUT_H
#define INPUT_LOG_KEXEC_DEBUG_OUTPUT_H

#include <stddef.h>

#include "base/error.h"
#include "capture/installed_kernels.h"

/**
 * kexec_log_parse() - parse the segments of a kexec load
 * @text:         output of "kexec -d", or a kernel log of kexec_file_load()
 * @where:        name of the log; must outlive @ret_segments, which points to it
 * @ret_segments: segments of the last load in the log; unchanged on failure
 *
 * Source: kexec-tools kexec.c: print_segments(); kernel/kexec_file.c: kexec_file_load().
 *
 * Return: 0 or -EBADMSG, which is also stored in @err.
 */
int kexec_log_parse(const char *text, size_t size, const char *where, struct segments *ret_segments,
		    struct err *err);

/*
 * The start of the message with which kexec_file_load prints the parameters of the next kernel, and
 * a length from which they may be incomplete, because printk() truncates messages to less than 1024
 * bytes.
 */
#define EFIMAP_LOG_NEXT_CMDLINE "kexec-bzImage64: Final command line is:"
#define EFIMAP_LOG_NEXT_CMDLINE_MAX 960

#define EFIMAP_KEXEC_LOG_BYTES ((size_t)64 << 20)

#endif
