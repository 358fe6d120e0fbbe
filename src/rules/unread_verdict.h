/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_UNREAD_VERDICT_H
#define RULES_UNREAD_VERDICT_H

#include "capture/capture.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/*
 * LISTED_SOURCES - sources of which dump, plot, received, compare and snapshot list malformed
 * files. For EFIMAP_SRC_KERNELS and EFIMAP_SRC_KEXEC, the answers of verify name malformed files
 * instead.
 */
#define LISTED_SOURCES                                                                             \
	(EFIMAP_NEEDS_SOURCES &                                                                    \
	 ~(EFIMAP_NEEDS(EFIMAP_SRC_DMI) | EFIMAP_NEEDS(EFIMAP_SRC_KERNELS) |                       \
	   EFIMAP_NEEDS(EFIMAP_SRC_KEXEC)))

/* Return whether a file exists, but no content could be read from it. */
static inline bool is_fault_without_content(const struct capture_fault *fault)
{
	return fault->state == EFIMAP_STATE_EMPTY || fault->state == EFIMAP_STATE_NOT_A_FILE ||
	       fault->state == EFIMAP_STATE_IO;
}

/**
 * is_pointer_uncopied() - return whether the file of a firmware pointer was probably not copied
 *
 * Return: true if the source is not the running system, and the file is empty, is not a regular
 * file, or caused an I/O error. On the running system, the machine itself has the fault.
 */
bool is_pointer_uncopied(const struct efimap *map, const struct capture_fault *fault);

/**
 * root_can_read() - return whether root can still read a source to which access was denied
 *
 * Root can read the files of the running system and of a copied tree. Addresses that are masked in
 * a copy of /proc/iomem are lost.
 */
bool root_can_read(const struct efimap *map, enum source source);

/* The report_*() functions note missing data in a report. */

/*
 * report_unread() - note a denied or malformed runtime map, memmap, iomem or /sys/firmware/efi
 *
 * Malformed data that a rule of verify reports is not noted.
 */
void report_unread(const struct efimap *map, struct report *report);
/*
 * report_unread_pair() - note unread data of two captures, for compare
 *
 * All malformed files are noted, because compare has neither rules about them nor answers that name
 * them. If a required source is malformed as a whole, the verdict is EFIMAP_VERDICT_UNREADABLE.
 * Other malformed files make the result incomplete.
 */
void report_unread_pair(const struct efimap *first, const struct efimap *second,
			struct report *report);
void report_unread_received(const struct efimap *map, struct report *report);
void report_unread_map(const struct efimap *map, struct report *report);
void report_map_denied(const struct efimap *map, struct report *report);

/* Return "" for an offline capture and for the kernel log, otherwise "/". */
const char *source_path_prefix(const struct efimap *map, enum source source);

#endif
