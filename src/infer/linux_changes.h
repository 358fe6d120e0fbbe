/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what changed in Linux
 *
 * What is normal in a runtime map depends on the kernel that exported it. Each change
 * that a verdict rests on is a row of one table; rules ask for the change, never for a
 * release.
 */
#ifndef INFER_LINUX_CHANGES_H
#define INFER_LINUX_CHANGES_H

#include <stdbool.h>

#include "capture/capture.h"
#include "capture/kernel_release.h"
#include "infer/change_ids.h"

/** EFIMAP_MAX_STABLE - stable series that got a change */
#define EFIMAP_MAX_STABLE 6

/**
 * struct efimap_kernel_change - one change
 * @first:   the first release with it, or the first that was looked at and has it
 * @lacks:   where only a span is known, the last series that was looked at and has it not
 * @stable:  first releases of older series with it, as far as known; the last ones may be
 * empty
 * @before:  what kernels did until then, one sentence without a full stop
 */
struct efimap_kernel_change {
	struct efimap_version first;
	struct efimap_version lacks;
	struct efimap_version stable[EFIMAP_MAX_STABLE];
	const char *release;
	const char *before;
};

/** efimap_kernel_changes - those of src/infer/linux.changes, by enum efimap_change */
extern const struct efimap_kernel_change efimap_kernel_changes[EFIMAP_CHANGE_COUNT];

/**
 * efimap_release_has() - has a kernel of this release the change?
 * @unknown: the answer when the release is not known, lies in the span in which the change
 *           came, or is the 0 of a stable series that got it, as distributions call all their
 *           kernels of that series ("6.1.0-50-amd64"): that which accuses nobody
 */
bool efimap_release_has(const struct efimap_release *release, enum efimap_change change,
			bool unknown);

static inline bool efimap_kernel_has(const struct efimap *map, enum efimap_change change,
				     bool unknown)
{
	return efimap_release_has(&map->release, change, unknown);
}

#endif
