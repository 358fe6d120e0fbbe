/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: documents
 *
 * A capture, a report or a comparison written down, and the bytes in which a kexec loader
 * hands EFI to the next kernel. Documents that begin with "efimap-" are JSON as
 * efimap-snapshot(5) and the installed schemas describe it.
 *
 * Nothing that an input controls reaches a document as control characters or as markup.
 */
#ifndef EFIMAP_DOCUMENT_H
#define EFIMAP_DOCUMENT_H

#include <stddef.h>

#include <efimap/api.h>
#include <efimap/capture.h>
#include <efimap/error.h>
#include <efimap/report.h>

EFIMAP_API_BEGIN

/**
 * efimap_write_fn - takes what is written
 * @context: as it was given with the function
 * @data:    the next bytes
 * @size:    how many
 *
 * It is called when all of a document is made, and not at all when that failed.
 *
 * Return: 0, or a negative errno, which the function that writes returns then.
 */
typedef int efimap_write_fn(void *context, const void *data, size_t size);

/** efimap_write_fd() - an efimap_write_fn whose context is the address of a descriptor */
int efimap_write_fd(void *context, const void *data, size_t size);

/**
 * efimap_capture_write() - write a capture down
 * @capture:  this one
 * @document: "efimap-snapshot", all of it, which is a SOURCE again; "efimap-dump", "table",
 *            "pairs" or "raw", its runtime map and what the rules say of it;
 *            "efimap-received", whether EFI has reached a kernel that was kexec'ed; "svg" or
 *            "html", a picture
 * @write:    takes it
 * @context:  for @write
 *
 * A setup_data node and a boot_params hold no runtime map; "efimap-dump" and "table" have what
 * they hold, and nothing else is written of them.
 *
 * Return: 0; -EINVAL there is no such document; -ENODATA there is no runtime map to show,
 * and -EACCES or -EBADMSG it may not be read or is malformed, which a snapshot and a
 * hand-over do not mind; -ENOMEM; or what @write failed with.
 */
int efimap_capture_write(const struct efimap_capture *capture, const char *document,
			 efimap_write_fn *write, void *context);

/**
 * efimap_report_write() - write a report down
 * @report:   this one
 * @capture:  of this capture
 * @document: "efimap-report", or "text" for people
 * @write:    takes it
 * @context:  for @write
 *
 * Return: 0; -EINVAL there is no such document; -ENOMEM; or what @write failed with.
 */
int efimap_report_write(const struct efimap_report *report,
			const struct efimap_capture *capture, const char *document,
			efimap_write_fn *write, void *context);

/**
 * efimap_comparison_write() - write a comparison down
 * @comparison: this one
 * @first:      of this capture
 * @second:     and this one
 * @document:   "efimap-comparison", or "text" for people
 * @write:      takes it
 * @context:    for @write
 *
 * Return: as efimap_report_write().
 */
int efimap_comparison_write(const struct efimap_comparison *comparison,
			    const struct efimap_capture *first,
			    const struct efimap_capture *second, const char *document,
			    efimap_write_fn *write, void *context);

/**
 * efimap_capture_hand_over() - the bytes that a kexec loader would pass to the next kernel
 * @capture: of the kernel that loads
 * @loader:  "kexec-tools", for kexec_load(2) (kexec/arch/i386/x86-linux-setup.c:
 *           setup_efi_info()), or "kernel", for kexec_file_load(2)
 *           (arch/x86/kernel/kexec-bzimage64.c: setup_efi_state())
 * @part:    "setup-data", the node of 112 bytes: a header, and struct efi_setup_data; or
 *           "efi-memmap", the descriptors, each of 40 bytes or what the kernel has
 * @write:   takes them
 * @context: for @write
 * @err:     what stopped it; may be NULL
 *
 * Return: 0; -EINVAL for another word; -ENODATA this loader would pass nothing, or what it
 * would pass is not in the capture, and @err says why; -E2BIG; -ENOMEM; or what @write
 * failed with.
 */
int efimap_capture_hand_over(const struct efimap_capture *capture, const char *loader,
			     const char *part, efimap_write_fn *write, void *context,
			     struct efimap_err *err);

EFIMAP_API_END

#endif
