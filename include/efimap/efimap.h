/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: libefimap
 *
 * The library reads the EFI runtime map that Linux passes to the next kernel, checks it, compares
 * the maps of two kernels, and writes the results. This header includes the other headers:
 *
 * - api.h: version and symbol visibility
 * - error.h: errors and where they occurred
 * - entry.h: EFI memory descriptors
 * - capture.h: reading a source
 * - rule.h: the rule catalogue
 * - report.h: checking and comparing captures, and the findings
 * - document.h: documents, and the bytes that a kexec loader passes
 *
 * Functions that can fail return 0 or a negative errno; error.h lists the values. On failure,
 * ret_… parameters are not modified. If the description of a ret_… parameter names a function that
 * frees the returned object, the caller owns the object. Those functions accept NULL. All other
 * returned pointers are borrowed and stay valid as long as the object from which they were
 * obtained. String parameters are copied. Pointers must not be NULL unless the description allows
 * it.
 *
 * Ordered values are enums (&enum efimap_severity). Rules, verdicts, consequences, sources and
 * documents are identified by names. Names are the same as in the JSON documents and in
 * efimapctl(1), and never change. Any release may add new names without changing the ABI.
 *
 * The library has no global state. Threads may use it concurrently if each uses its own
 * objects; const objects may be shared. No function changes the working directory, writes to
 * the standard streams, changes signal handling, or ends the program. To read an archive or a
 * crash dump, the library runs an importer as a child process and waits for it.
 */
#ifndef EFIMAP_EFIMAP_H
#define EFIMAP_EFIMAP_H

#include <efimap/api.h>
#include <efimap/capture.h>
#include <efimap/document.h>
#include <efimap/entry.h>
#include <efimap/error.h>
#include <efimap/report.h>
#include <efimap/rule.h>

#endif
