/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_WHY_NO_MAP_H
#define INFER_WHY_NO_MAP_H

#include "capture/capture.h"

/*
 * Whether a capture has a runtime map, or the kind of reason why it has none.
 *
 * @EFIMAP_MAP_THERE:        the capture has a map, or at least some of its entries
 * @EFIMAP_MAP_ABSENT:       the kernel has EFI, but no runtime map
 * @EFIMAP_MAP_FOREIGN:      the kernel is for an architecture other than x86
 * @EFIMAP_MAP_UNCOLLECTED:  sys/firmware/efi or the directory of the map was not collected, or the
 *                           capture does not show whether the kernel was booted with EFI
 * @EFIMAP_MAP_UNREADABLE:   the directory of the map, or /sys/firmware/efi, could not be read
 */
enum no_map_kind {
	EFIMAP_MAP_THERE,
	EFIMAP_MAP_ABSENT,
	EFIMAP_MAP_WITHOUT_EFI,
	EFIMAP_MAP_FOREIGN,
	EFIMAP_MAP_UNCOLLECTED,
	EFIMAP_MAP_DENIED,
	EFIMAP_MAP_UNREADABLE,
};

/*
 * The reason why a capture has no runtime map.
 *
 * @why:   one sentence without a full stop; NULL for EFIMAP_MAP_THERE, EFIMAP_MAP_DENIED and
 *         EFIMAP_MAP_UNREADABLE
 * @fault: the error for EFIMAP_MAP_UNREADABLE, otherwise NULL
 * @may_be_uncollected: for EFIMAP_MAP_ABSENT, the kernel may also have a map that was not collected
 */
struct no_map {
	enum no_map_kind kind;
	const char *why;
	const struct capture_fault *fault;
	bool may_be_uncollected;
};

struct no_map find_no_map(const struct efimap *map);

static inline bool runs_without_efi(const struct efimap *map)
{
	return find_no_map(map).kind == EFIMAP_MAP_WITHOUT_EFI;
}

/*
 * Return the reason why a capture shows no EFI or no map. Return NULL for EFIMAP_MAP_THERE,
 * EFIMAP_MAP_ABSENT, EFIMAP_MAP_DENIED and EFIMAP_MAP_UNREADABLE.
 */
const char *why_not_applicable(const struct efimap *map);

/* Return the reason for EFIMAP_MAP_FOREIGN and EFIMAP_MAP_UNCOLLECTED, NULL for other kinds. */
const char *why_map_unknown(const struct efimap *map);

/*
 * Return the fault for missing or damaged lines of the map in a log. Return NULL if there is none,
 * or if the map is not from a log.
 */
const struct capture_fault *find_incomplete_log_fault(const struct efimap *map);

/* Return whether the map has entries, none of them is missing, and all of them could be read. */
bool is_map_complete(const struct efimap *map);

#endif
