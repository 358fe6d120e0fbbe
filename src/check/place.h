/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the virtual range of an entry lies. Every entry has one place, and every place
 * that is wrong has one rule, so that one cause is one finding.
 */
#ifndef CHECK_PLACE_H
#define CHECK_PLACE_H

#include "check/check.h"

/*
 * enum check_place
 * @CHECK_PLACE_NONE:         no virtual range to judge: a rule on the physical range spoke,
 *                            or it was not read
 * @CHECK_PLACE_ZERO:         virt is 0 and phys is not
 * @CHECK_PLACE_NONCANONICAL: an address that no CPU takes
 * @CHECK_PLACE_IDENTITY:     mapped onto itself
 * @CHECK_PLACE_NONIDENTITY:  elsewhere, in a map whose entries should be mapped onto
 *                            themselves
 * @CHECK_PLACE_WINDOW:       in the EFI window
 * @CHECK_PLACE_OLD_MAP:      among the kernel's own addresses, and efi=old_map explains it
 * @CHECK_PLACE_KERNEL_32BIT: among the addresses of a 32-bit kernel, and it is one
 * @CHECK_PLACE_STRADDLE:     across an end of the window
 * @CHECK_PLACE_KERNEL:       among the kernel's own addresses
 * @CHECK_PLACE_OUTSIDE:      anywhere else
 */
enum check_place {
	CHECK_PLACE_NONE,
	CHECK_PLACE_ZERO,
	CHECK_PLACE_NONCANONICAL,
	CHECK_PLACE_IDENTITY,
	CHECK_PLACE_NONIDENTITY,
	CHECK_PLACE_WINDOW,
	CHECK_PLACE_OLD_MAP,
	CHECK_PLACE_KERNEL_32BIT,
	CHECK_PLACE_STRADDLE,
	CHECK_PLACE_KERNEL,
	CHECK_PLACE_OUTSIDE,
};

/* CHECK_WINDOW_PAGES - the size of the EFI window, 64 GiB */
#define CHECK_WINDOW_PAGES ((EFIMAP_VA_START - EFIMAP_VA_END) / EFIMAP_PAGE_SIZE)

/* check_find_place() - where the entry at this position of map->entries lies */
enum check_place check_find_place(const struct check *c, size_t position);

/* check_place() - the same, found once for all (check_look()) */
static inline enum check_place check_place(const struct check *c, size_t position)
{
	return (enum check_place)c->places[position];
}

/* check_place_is_sound() - does its range take part in comparisons with others? */
static inline bool check_place_is_sound(enum check_place place)
{
	return place == CHECK_PLACE_IDENTITY || place == CHECK_PLACE_WINDOW ||
	       place == CHECK_PLACE_OLD_MAP || place == CHECK_PLACE_KERNEL_32BIT;
}

/* check_is_whole_layout() - does the map hold every region that was mapped? */
bool check_is_whole_layout(const struct check *c);

#endif
