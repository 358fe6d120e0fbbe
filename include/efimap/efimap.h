/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: libefimap
 *
 * Read the EFI runtime map that Linux hands to the next kernel, judge it, compare two
 * kernels, and write all that down. This header includes the others:
 *
 * - api.h: which library this is
 * - error.h: what stopped a call, and where
 * - entry.h: one descriptor of the map
 * - capture.h: from a SOURCE to what is known of one machine
 * - rule.h: the catalogue of rules
 * - report.h: judging and comparing, and what was found
 * - document.h: writing it down, and the bytes that a loader hands over
 *
 * What all of them have in common:
 *
 * A function that can fail returns 0 or a negative errno; error.h lists them. A ret_…
 * argument is untouched on failure. What a function returns through one is the caller's,
 * to be freed with the function that its description names; those take NULL too. Every
 * other pointer is borrowed, and lives as long as the object that it was asked of. Strings
 * that functions take are copied. No pointer may be NULL unless its description says so.
 *
 * What has an order is an enum (&enum efimap_severity), and what is only told apart is a
 * name: rules, verdicts, consequences, sources, documents. Names are those of the JSON
 * documents and of efimapctl(8), and never change. There can be new ones in any release,
 * which is why no program is compiled against a number of them.
 *
 * There is no global state. Threads may use the library at the same time, each on objects
 * of its own, and may share what is const. No function moves the working directory, writes
 * to a standard stream, changes how signals are handled, or ends the program. To read an
 * archive or a crash dump an importer is started, a program of its own, and waited for.
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
