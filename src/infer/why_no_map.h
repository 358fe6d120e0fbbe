/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: why a capture has no runtime map
 *
 * The one place that tells "this kernel has no map" from "nobody looked for it" and from "it
 * could not be read". Everything that depends on the difference asks efimap_find_no_map().
 */
#ifndef INFER_WHY_NO_MAP_H
#define INFER_WHY_NO_MAP_H

#include "capture/capture.h"

/**
 * enum efimap_no_map_kind - what is known of a runtime map that is not there
 * @EFIMAP_MAP_THERE:          there is one, or some of its entries
 * @EFIMAP_MAP_ABSENT:         the kernel has EFI, and no runtime map
 * @EFIMAP_MAP_WITHOUT_EFI:    the kernel was booted without EFI
 * @EFIMAP_MAP_NO_EFI_SEEN:    there is no sys/firmware/efi, though sys/firmware/memmap was
 *                             collected: most likely the kernel runs without EFI
 * @EFIMAP_MAP_FOREIGN:        of another architecture, whose kernels have none
 * @EFIMAP_MAP_OTHER_BINARY:   the file is what a boot loader writes, and holds no map
 * @EFIMAP_MAP_UNCOLLECTED:    nobody looked for the map
 * @EFIMAP_MAP_DENIED:         there is one, and none of it may be read
 * @EFIMAP_MAP_UNREADABLE:     its directory, or that of EFI, could not be read
 */
enum efimap_no_map_kind {
	EFIMAP_MAP_THERE,
	EFIMAP_MAP_ABSENT,
	EFIMAP_MAP_WITHOUT_EFI,
	EFIMAP_MAP_NO_EFI_SEEN,
	EFIMAP_MAP_FOREIGN,
	EFIMAP_MAP_OTHER_BINARY,
	EFIMAP_MAP_UNCOLLECTED,
	EFIMAP_MAP_DENIED,
	EFIMAP_MAP_UNREADABLE,
};

/**
 * struct efimap_no_map - why there is no runtime map
 * @why:   one sentence without a full stop; NULL for @EFIMAP_MAP_THERE, @EFIMAP_MAP_DENIED and
 *         @EFIMAP_MAP_UNREADABLE
 * @fault: of @EFIMAP_MAP_UNREADABLE, otherwise NULL
 */
struct efimap_no_map {
	enum efimap_no_map_kind kind;
	const char *why;
	const struct efimap_fault *fault;
};

struct efimap_no_map efimap_find_no_map(const struct efimap *map);

/**
 * efimap_why_not_applicable() - why a capture shows no EFI and no map, or NULL
 *
 * It is not NULL for the kinds from @EFIMAP_MAP_WITHOUT_EFI to @EFIMAP_MAP_UNCOLLECTED.
 */
const char *efimap_why_not_applicable(const struct efimap *map);

/** efimap_why_unknown() - why it is not known whether there is a map, or NULL if it is known */
const char *efimap_why_unknown(const struct efimap *map);

#endif
