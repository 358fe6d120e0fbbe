/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: reading
 *
 * A tree is untrusted, so no file outside of its root is read. Symbolic links out of the tree are
 * not followed, FIFOs and devices are not read, and all sizes are limited.
 *
 * In a SOURCE directory, a missing, unreadable or malformed file does not stop reading, but may
 * change the state of its source and cause a &struct capture_fault. An error that stops reading (no
 * such SOURCE, too many entries) is returned.
 */
#ifndef INPUT_READ_SOURCE_H
#define INPUT_READ_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "capture/recording.h"
#include "input/input_file.h"
#include "input/source_limits.h"

/**
 * read_source() - read a SOURCE, whose format is detected by its content
 * @source:  NULL or "/" for the running system; a directory with sys/ or proc/ (or with one
 *           subdirectory that contains them) for a tree; a file; or "-" for standard input
 * @boot:    the boot of a kernel log to read: EFIMAP_BOOT_DEFAULT; a number from 1 for the first
 *           boot; or a number from -1 for the last boot down to -EFIMAP_BOOT_MAX_BACK;
 *           or EFIMAP_BOOT_EACH, which makes a list of captures of a log, in the order of boots
 * @command: the command of efimapctl that the error for a packed file names; NULL for verify
 *
 * A file may be a snapshot document. An archive, a compressed file or a crash dump is refused, and
 * the error contains a command that converts the file into a SOURCE. Any other file is searched for
 * lines of a kernel log, in bounded memory.
 *
 * On the running system, an empty or missing /sys/firmware (as in a container that hides it) sets
 * the state of EFIMAP_SRC_EFI to MASKED, because it is then unknown how the machine was booted.
 *
 * Return: 0; -ENOENT if the SOURCE does not exist, contains no data of a machine, or lacks the boot
 * @boot; -EACCES if permission is denied; -EBADMSG if the SOURCE is malformed or its format is not
 * supported; -E2BIG if a limit is exceeded; -EBUSY if a file changed while it was read; or the
 * error of a system call.
 */
int read_source(const char *source, int boot, const char *command, struct efimap **ret_map,
		struct err *err);

/**
 * read_and_record() - read a SOURCE, and record all data that is read
 * @record: an empty recording, or NULL; the caller frees it, even after a failure
 */
int read_and_record(const char *source, int boot, const char *command, struct recording *record,
		    struct efimap **ret_map, struct err *err);

#endif
