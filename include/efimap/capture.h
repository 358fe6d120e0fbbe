/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: captures
 *
 * A capture is what was read of one machine: its runtime map, and what a rule may ask of
 * the kernel and the firmware around it. It never changes once it was read.
 *
 * Reading judges nothing. A file of the map that is missing or malformed is a fact in the
 * capture, of which a rule makes a finding; an error is what stops reading as a whole.
 */
#ifndef EFIMAP_CAPTURE_H
#define EFIMAP_CAPTURE_H

#include <stddef.h>
#include <sys/types.h>

#include <efimap/api.h>
#include <efimap/entry.h>
#include <efimap/error.h>

EFIMAP_API_BEGIN

/** struct efimap_capture - a capture; opaque */
struct efimap_capture;

/**
 * efimap_capture_read() - read a SOURCE, recognised by its content and never by its name
 * @source:      NULL or "/": the running system, for which root is needed; a directory that
 *               holds sys/ or proc/ of a machine, also one level down; a file: a snapshot
 *               document, a kernel's log, a setup_data node or a boot_params, or an archive
 *               or a crash dump, for which an importer has to be installed; or "-": one of
 *               these from standard input
 * @ret_capture: free with efimap_capture_free()
 * @err:         what stopped it; may be NULL
 *
 * Everything but the running system is untrusted: it is read beneath its root only, no
 * symbolic link leads out of it, no FIFO or device is opened, and every size has a limit (16,384
 * entries and ranges of memmap, 65,536 lines of iomem, 4 MiB of a document).
 *
 * Return: 0; -ENOENT there is no such SOURCE, or nothing of a machine in it; -EACCES it may
 * not be opened; -EBADMSG it is malformed, or no SOURCE; -E2BIG over a limit; -EBUSY it is a
 * file that was changed while it was read; -ENOMEM; or what the kernel returned.
 */
int efimap_capture_read(const char *source, struct efimap_capture **ret_capture,
			struct efimap_err *err);

/**
 * efimap_read_fn - gives the next bytes of a document or of a log
 * @context: as it was given to efimap_capture_read_from()
 * @data:    where they go
 * @size:    how many fit there
 *
 * Return: how many were given, 0 at the end, or a negative errno.
 */
typedef ssize_t efimap_read_fn(void *context, void *data, size_t size);

/**
 * efimap_capture_read_from() - read what the program has: a snapshot, a kernel's log, a
 * setup_data node or a boot_params
 * @name:        what errors and documents call it
 * @read:        called until it returns 0 or fails
 * @context:     for @read
 * @ret_capture: free with efimap_capture_free()
 * @err:         what stopped it; may be NULL
 *
 * Return: as efimap_capture_read(), -EBADMSG also for an archive or a crash dump; or what
 * @read failed with.
 */
int efimap_capture_read_from(const char *name, efimap_read_fn *read, void *context,
			     struct efimap_capture **ret_capture, struct efimap_err *err);

/** efimap_capture_free() - free a capture; NULL is fine */
void efimap_capture_free(struct efimap_capture *capture);

/** efimap_capture_name() - the SOURCE as it was given, "/" for the running system */
const char *efimap_capture_name(const struct efimap_capture *capture);

/**
 * efimap_capture_entries() - the runtime map
 * @capture:   of this capture
 * @ret_count: how many there are
 *
 * An entry of which a file is missing or malformed is not among them: findings of
 * map-file-unreadable and map-value-syntax tell of it. No entries do not mean that there
 * is no map: efimap_capture_state() of "runtime_map" tells whether it was read.
 *
 * Return: the first of them, in ascending order of their index. NULL where there are none.
 */
const struct efimap_entry *efimap_capture_entries(const struct efimap_capture *capture,
						  size_t *ret_count);

/**
 * efimap_capture_state() - what became of one of the places that a capture is read from
 * @capture: in this capture
 * @source:  its name, as under "states" in a snapshot document: "efi", "runtime_map",
 *           "memmap", "iomem", "boot_params", "kernel_log", …
 *
 * Return: "present" it was read; "absent" it is not there, or was not collected; "denied"
 * it is there and may not be read; "masked" it was read, but the kernel hid the addresses
 * (/proc/iomem without privilege); "broken" it is there and malformed. NULL for a name
 * that is none of a place.
 */
const char *efimap_capture_state(const struct efimap_capture *capture, const char *source);

EFIMAP_API_END

#endif
