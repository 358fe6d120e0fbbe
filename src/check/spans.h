/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Ranges of memmap and lines of iomem, by what their labels mean to rules: which of them
 * shares a byte with that span? Knows labels, no rule.
 */
#ifndef CHECK_SPANS_H
#define CHECK_SPANS_H

#include "base/intervals.h"
#include "base/span.h"
#include "model/capture.h"

/*
 * enum spans_kind - those of memmap that are sound, then those of iomem, then entries
 * @SPANS_LISTED:     all of memmap
 * @SPANS_RAM:        that kexec-tools takes for free memory
 * @SPANS_HANDED_OUT: that the kernel hands to a driver
 * @SPANS_ODD:        neither of these, nor what belongs to the firmware
 * @SPANS_TOP:        lines of iomem that lie under no other
 * @SPANS_USED:       that the running kernel uses itself
 * @SPANS_CRASH:      the crash kernel
 * @SPANS_KERNEL:     the running kernel
 * @SPANS_WINDOW:     out of which devices get their addresses
 * @SPANS_OWNED:      whose name is that of another owner than the firmware
 * @SPANS_ENTRIES:    entries that must not lie in RAM, or that Linux keeps inside it
 */
enum spans_kind {
	SPANS_LISTED,
	SPANS_RAM,
	SPANS_HANDED_OUT,
	SPANS_ODD,
	SPANS_TOP,
	SPANS_USED,
	SPANS_CRASH,
	SPANS_KERNEL,
	SPANS_WINDOW,
	SPANS_OWNED,
	SPANS_ENTRIES,
	SPANS_COUNT,
};

/* struct spans - all of a capture; zero-initialise it */
struct spans {
	const struct efimap *map;
	struct efimap_intervals of[SPANS_COUNT];
};

/*
 * spans_gather() - find those of the kinds up to @last; 0 or -ENOMEM. Free with spans_free() in
 * any case.
 */
int spans_gather(const struct efimap *map, enum spans_kind last, struct spans *spans);
void spans_free(struct spans *spans);

/* spans_range() - the lowest range of memmap of this kind that shares a byte, or NULL */
const struct efimap_range *spans_range(const struct spans *spans, enum spans_kind kind,
				       struct efimap_span span);
/* spans_line() - the lowest line of iomem, likewise */
const struct efimap_resource *spans_line(const struct spans *spans, enum spans_kind kind,
					 struct efimap_span span);

/* spans_has() - does one of this kind share a byte? */
bool spans_has(const struct spans *spans, enum spans_kind kind, struct efimap_span span);

/* spans_forbids_ram() - must no System RAM of iomem share a byte with this entry? */
bool spans_forbids_ram(const struct efimap_entry *entry);
/* spans_keeps_devices_off() - does a line of this name keep its range from them? */
bool spans_keeps_devices_off(const char *name);

#endif
