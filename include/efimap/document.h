/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: documents
 *
 * These functions write captures, reports and comparisons as documents. They also write the EFI
 * data that a kexec loader passes to the next kernel. Documents whose names begin with "efimap-"
 * are JSON. efimap-snapshot(5) and the installed schemas describe the JSON documents.
 *
 * Control characters from the input are escaped in all documents, and characters with a meaning in
 * markup are escaped in "svg".
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
 * efimap_write_fn - callback that receives the bytes of a document
 * @context: the pointer that was passed along with the callback
 * @data:    the next bytes
 * @size:    number of bytes in @data
 *
 * The callback is called only after the complete document has been generated without an error.
 *
 * Return: 0 or a negative errno, which the calling function then returns.
 */
typedef int efimap_write_fn(void *context, const void *data, size_t size);

/**
 * efimap_write_fd() - an efimap_write_fn that writes to a file descriptor
 * @context: pointer to the file descriptor, an int
 */
int efimap_write_fd(void *context, const void *data, size_t size);

/**
 * efimap_capture_write() - write a document about a capture
 * @capture:  the capture
 * @document: "efimap-snapshot" for all data of the capture, in a form that efimap_capture_read()
 *            can read; "efimap-dump", "table", "pairs" or "raw" for the runtime map and the
 *            findings about its entries; "efimap-received" to show whether EFI data reached a
 *            kernel that kexec started; "svg" for a picture of the map
 * @write:    receives the document
 * @context:  passed to @write
 * @err:      lists the valid names if @document is unknown; may be NULL
 *
 * A capture that was read from setup_data nodes or a boot_params structure contains no runtime map.
 * Only "efimap-dump" and "table" support such a capture, and show its decoded fields.
 *
 * Return: 0 on success; -EINVAL if there is no such document; -ENODATA if there is no runtime map,
 * or if @document does not support the capture; -EACCES or -EBADMSG if the map could not be read
 * completely; an error that efimap_capture_verify() returns; or the error of @write. A missing,
 * unreadable or malformed map is not an error for "efimap-snapshot" and "efimap-received".
 */
int efimap_capture_write(const struct efimap_capture *capture, const char *document,
			 efimap_write_fn *write, void *context, struct efimap_err *err);

/**
 * efimap_report_write() - write a report
 * @report:   the report
 * @capture:  the capture that @report is about
 * @document: "efimap-report" for JSON, or "text" for people
 * @write:    receives the document
 * @context:  passed to @write
 * @err:      lists the valid names if @document is unknown; may be NULL
 *
 * Return: 0 on success; -EINVAL if there is no such document; -ENOMEM; or the error of @write.
 */
int efimap_report_write(const struct efimap_report *report,
			const struct efimap_capture *capture, const char *document,
			efimap_write_fn *write, void *context, struct efimap_err *err);

/**
 * efimap_comparison_write() - write a comparison
 * @comparison: the comparison
 * @first:      the capture of the first kernel
 * @second:     the capture of the second kernel
 * @document:   "efimap-comparison" for JSON, or "text" for people
 * @write:      receives the document
 * @context:    passed to @write
 * @err:        lists the valid names if @document is unknown; may be NULL
 *
 * Return: as for efimap_report_write().
 */
int efimap_comparison_write(const struct efimap_comparison *comparison,
			    const struct efimap_capture *first,
			    const struct efimap_capture *second, const char *document,
			    efimap_write_fn *write, void *context, struct efimap_err *err);

/**
 * efimap_capture_write_kexec_data() - write the bytes that a kexec loader would pass to the next
 * kernel
 * @capture: the capture of the kernel that loads the next kernel
 * @loader:  "kexec-load" or "kexec-tools" for kexec_load(2)
 *           (kexec/arch/i386/x86-linux-setup.c: setup_efi_info()); "kexec-file-load" or
 *           "kernel" for kexec_file_load(2) (arch/x86/kernel/kexec-bzimage64.c:
 *           setup_efi_state())
 * @part:    "setup-data" for the node of 112 bytes (a header and struct efi_setup_data), or
 *           "efi-memmap" for the memory descriptors. With kexec_load(2), each descriptor has
 *           40 bytes. With kexec_file_load(2), each has the size in boot_params, or 48 bytes if
 *           boot_params contains no valid size.
 * @write:   receives the bytes
 * @context: passed to @write
 * @err:     the cause of a failure; may be NULL
 *
 * Return: 0 on success; -EINVAL if @loader or @part is unknown (@err lists the valid names);
 * -ENODATA if this loader would pass nothing, or if the capture lacks a value that the loader would
 * pass; -EACCES or -EBADMSG if the runtime map could not be read completely; -ENOMEM; or the error
 * of @write.
 */
int efimap_capture_write_kexec_data(const struct efimap_capture *capture,
				    const char *loader, const char *part,
				    efimap_write_fn *write, void *context,
				    struct efimap_err *err);

EFIMAP_API_END

#endif
