/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: captures
 *
 * A capture contains the data that was read from one machine: the EFI runtime map, and the kernel
 * and firmware data that the rules need. A capture is not modified after it has been read.
 *
 * Reading a source does not apply rules. If a file of the map is missing, unreadable or malformed,
 * the capture records the fault, and efimap_capture_verify() reports it. Reading fails only if no
 * capture can be created.
 */
#ifndef EFIMAP_CAPTURE_H
#define EFIMAP_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <efimap/api.h>
#include <efimap/entry.h>
#include <efimap/error.h>

EFIMAP_API_BEGIN

/** struct efimap_capture - a capture (opaque) */
struct efimap_capture;

/**
 * efimap_capture_read() - read a capture from a source
 * @source:      NULL or "/" for the running system, which only root can read completely; a
 *               directory that contains sys/ or proc/ of a machine, directly or one level down; a
 *               file; or "-" for standard input. A file may be a snapshot document, a kernel
 *               log, the output of "memmap" in the UEFI shell, a chain of setup_data nodes, a
 *               boot_params structure, a compressed file, an archive or a crash dump. The last
 *               three require an installed importer. The type of a file is detected by its
 *               content, not by its name.
 * @ret_capture: the capture; free it with efimap_capture_free()
 * @err:         the cause of a failure; may be NULL
 *
 * Every source except the running system is untrusted. Files outside the source are not read,
 * symbolic links to targets outside the source are refused, and FIFOs and devices are not opened.
 * All sizes are limited, for example to 16,384 map entries, 16,384 memmap ranges, 65,536 lines of
 * iomem, and 4 MiB for a document.
 *
 * Return: 0 on success; -ENOENT if @source does not exist, contains no data of a machine, or
 * requires an importer that is not installed; -EACCES if permission to open it is denied; -EBADMSG
 * if it is malformed or of an unsupported type; -E2BIG if it exceeds a limit; -EBUSY if the file
 * changed while it was read; -ENOMEM; or another error from the kernel.
 */
int efimap_capture_read(const char *source, struct efimap_capture **ret_capture,
			struct efimap_err *err);

/**
 * efimap_read_fn - callback that provides the next bytes of a source
 * @context: the pointer that was passed to efimap_capture_read_from()
 * @data:    buffer for the bytes
 * @size:    size of @data in bytes
 *
 * Return: the number of bytes stored in @data, 0 at the end of the source, or a negative errno.
 */
typedef ssize_t efimap_read_fn(void *context, void *data, size_t size);

/**
 * efimap_capture_read_from() - read a capture through a callback
 * @name:        name of the source in error messages and documents
 * @read:        callback that provides the content of any file that efimap_capture_read() reads
 *               without an importer; it is called until it returns 0 or fails
 * @context:     passed to @read
 * @ret_capture: the capture; free it with efimap_capture_free()
 * @err:         the cause of a failure; may be NULL
 *
 * Return: 0 on success; -EBADMSG for an archive, a compressed file or a crash dump; the error that
 * @read returned; or an error that efimap_capture_read() returns.
 */
int efimap_capture_read_from(const char *name, efimap_read_fn *read, void *context,
			     struct efimap_capture **ret_capture, struct efimap_err *err);

/** efimap_capture_free() - free a capture; @capture may be NULL */
void efimap_capture_free(struct efimap_capture *capture);

/** efimap_capture_name() - return the source as the caller named it, "/" for the running system */
const char *efimap_capture_name(const struct efimap_capture *capture);

/**
 * efimap_capture_entries() - return the entries of the runtime map
 * @capture:   the capture
 * @ret_count: the number of entries
 *
 * The array does not contain entries with a missing, unreadable or malformed file. The rules
 * map-file-unreadable and map-value-syntax report such entries. An empty array does not mean that
 * the machine has no map: call efimap_capture_state() with "runtime_map" to find out whether the
 * map was read.
 *
 * Return: the first entry of an array in ascending order of index, or NULL if the array is
 * empty. The capture owns the array.
 */
const struct efimap_entry *efimap_capture_entries(const struct efimap_capture *capture,
						  size_t *ret_count);

/**
 * efimap_capture_state() - return the state of a source of a capture
 * @capture: the capture
 * @source:  name of the source, as under "states" in a snapshot document: "efi", "runtime_map",
 *           "memmap", "iomem", "boot_params", "kernel_log", …
 * @err:     lists the valid names if @source is unknown; may be NULL
 *
 * Return: "present" if the source was read; "absent" if it does not exist or was not collected;
 * "denied" if it exists but permission to read it was denied; "masked" if the kernel hid the
 * addresses (/proc/iomem without privileges); "broken" if it is malformed; NULL if @source is
 * unknown.
 */
const char *efimap_capture_state(const struct efimap_capture *capture, const char *source,
				 struct efimap_err *err);

/**
 * struct efimap_translated - an address translated by one entry; no members will be added
 * @entry:    the entry that covers the address; the capture owns it
 * @offset:   offset of the address from the start of the entry, in bytes
 * @address:  the translated address, or 0 if it is not known
 * @is_known: false if the virtual address of the entry is not known, or if the result would be
 *            above 2^64 - 1
 */
struct efimap_translated {
	const struct efimap_entry *entry;
	uint64_t offset;
	uint64_t address;
	bool is_known;
};

/**
 * efimap_capture_translate() - translate an address through the runtime map
 * @capture:        the capture
 * @kind:           kind of @address: "physical" or "virtual"
 * @address:        the address to translate
 * @ret_translated: array for the translations, one for each entry that covers @address, in
 *                  ascending order of the entries' start addresses
 * @room:           number of elements in @ret_translated
 * @ret_count:      number of translations, at most 16; translations beyond @room are not stored
 * @err:            the cause if @kind is unknown or if no entry covers the address; may be NULL
 *
 * The time is O(n log n), where n is the number of map entries.
 *
 * Return: 0 on success; -ENOENT if no entry covers the address; -EINVAL if @kind is unknown;
 * -ENODATA if there is no runtime map; -EACCES or -EBADMSG if the map could not be read
 * completely; -EOVERFLOW if the map is too large for the address space of the process; or -ENOMEM.
 */
int efimap_capture_translate(const struct efimap_capture *capture, const char *kind,
			     uint64_t address, struct efimap_translated *ret_translated,
			     size_t room, size_t *ret_count, struct efimap_err *err);

EFIMAP_API_END

#endif
