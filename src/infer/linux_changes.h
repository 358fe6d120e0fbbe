/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Determine which changes to Linux a kernel contains. Other code depends on a change, never on a
 * release, because stable series and distributions receive changes of later releases.
 */
#ifndef INFER_LINUX_CHANGES_H
#define INFER_LINUX_CHANGES_H

#include "capture/capture.h"
#include "capture/kernel_release.h"
#include "infer/change_ids.h"

/* Maximum number of stable series that are stored for a change. */
#define EFIMAP_MAX_STABLE 6

/*
 * A change to Linux.
 *
 * @first:   the first release with the change, or the oldest release that was checked and has it
 * @lacks:   if the first release is not known exactly, the newest series that was checked and does
 *           not have the change
 * @stable:  the first releases of older stable series that have the change, as far as known; unused
 *           elements at the end are 0
 * @release: the name of the release in messages
 * @before:  the behaviour before the change, as one sentence without a full stop
 *
 * The struct has no pointers, because each pointer would need a relocation at program start.
 */
struct kernel_change {
	struct version first;
	struct version lacks;
	struct version stable[EFIMAP_MAX_STABLE];
	char release[16];
	char before[120];
};

extern const struct kernel_change kernel_changes[EFIMAP_CHANGE_COUNT];

/*
 * Return whether a kernel with the release @release contains the change.
 *
 * @unknown: result if the release is unknown, if it is between kernel_change.lacks and
 *           kernel_change.first, or if it has patch level 0 in a stable series that received
 *           the change. Some distributions use 0 for all kernels of a series ("6.1.0-50-amd64").
 */
bool release_has(const struct release *release, enum change change, bool unknown);

/*
 * Return whether a kernel certainly contains a change, or certainly lacks it. A kernel of a
 * distribution may contain a change that only later releases of Linux contain.
 */
enum known find_change(const struct release *release, enum change change);

static inline bool kernel_has(const struct efimap *map, enum change change, bool unknown)
{
	return release_has(&map->release, change, unknown);
}

#endif
