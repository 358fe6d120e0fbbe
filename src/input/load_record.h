/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The command with which kdump-config of Debian loaded the crash kernel. kdump-config writes the
 * command to kexec_cmd in KDUMP_COREDIR, which is /var/crash by default, after each successful load
 * (kdump-tools 1.8.1 to 1.10.9 kdump-config: kdump_load).
 */
#ifndef INPUT_LOAD_RECORD_H
#define INPUT_LOAD_RECORD_H

#include <stddef.h>

#include "base/alloc.h"
#include "base/output_buffer.h"
#include "capture/installed_kernels.h"

/*
 * The parts of the command.
 *
 * @cmdline: the value of --command-line, or ""
 * @initrd:  the value of --initrd, or ""
 * @kernel:  the path of the image
 */
struct load_record {
	struct kexec_options options;
	const char *cmdline;
	const char *initrd;
	const char *kernel;
};

/* Parse a list of options of kexec(8). The last -s or -c selects the system call. */
struct kexec_options parse_kexec_options(const char *list);

/* Write options, each with a space after it. */
void write_kexec_options(struct kexec_options options, struct out *out);

/*
 * Parse a record. The texts are allocated in @arena. Return 0, or -EBADMSG if the text is not a
 * command of kexec that names a kernel.
 */
int load_record_parse(struct arena *arena, const char *text, size_t len,
		      struct load_record *ret_record);

/* Write a record. @record->cmdline must not contain a single quote. */
void load_record_write(const struct load_record *record, struct out *out);

/*
 * Reduce a record to the paths, and to the options and kernel parameters that affect an answer. If
 * the text is not a record, set @len to 0. This function is an file_filter_fn.
 */
void filter_load_record(char *data, size_t *len);

#endif
