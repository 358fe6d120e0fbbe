/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: reading
 *
 * From a SOURCE to a capture. Attributes of the running system are read through libsysfs. A
 * tree is untrusted and read beneath its root only: no symbolic link leads out of it, no FIFO
 * or device is opened, and every size has a limit.
 *
 * Reading judges nothing. A file of the runtime map, of memmap or a pointer that is
 * missing, unreadable or malformed becomes a &struct efimap_fault; what stops reading as
 * a whole (no such SOURCE, no memory, more entries than we accept) is an error.
 */
#ifndef INPUT_READ_SOURCE_H
#define INPUT_READ_SOURCE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "capture/capture.h"
#include "input/input_file.h"
#include "input/source_limits.h"

/**
 * efimap_read() - read a SOURCE, recognised by its content
 * @source:  NULL or "/": the running system; a directory holding sys/ or proc/ (also one
 *           level down): a tree; a file that holds JSON, or "-" for the same from standard
 *           input: a snapshot document, or a page that report wrote
 * @boot:    of a kernel's log, which boot: EFIMAP_BOOT_DEFAULT; 1 for the first and so on; -1 for
 *           the last, and so on to -EFIMAP_BOOT_MAX_BACK
 *
 * An archive or a crash dump is handed to the importer that is installed for it. A setup_data
 * node and a boot_params are read as binaries. Any other
 * file is looked through for the lines of a kernel's log or of the UEFI shell's memmap, in
 * bounded memory and however long it is; without one it is no SOURCE.
 *
 * On the running system a /sys/firmware that is empty (as in a container that hides it)
 * gives EFIMAP_SRC_EFI the state DENIED, for it does not say how the machine was booted.
 *
 * Return: 0; -ENOENT no such SOURCE, nothing of a machine in it, or no such boot in a log;
 * -EACCES it may not be opened; -EBADMSG it is malformed or not a SOURCE; -E2BIG over a limit;
 * -EBUSY it is a file that changed while it was read; -ENOMEM; or what the kernel returned.
 */
int efimap_read(const char *source, int boot, struct efimap **ret_map,
		struct efimap_err *err);

/**
 * efimap_read_stream() - read a snapshot document, a kernel's log or a binary, told by its content
 * @name:    SOURCE that it comes from, "-" for standard input
 * @boot:    of a kernel's log, which boot: see efimap_read()
 * @give:    called until it returns 0, or fails; it may say in @err why
 */
int efimap_read_stream(const char *name, int boot, efimap_give_fn *give, void *context,
		       struct efimap **ret_map, struct efimap_err *err);

#endif
