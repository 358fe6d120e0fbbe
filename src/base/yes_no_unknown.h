/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_YES_NO_UNKNOWN_H
#define BASE_YES_NO_UNKNOWN_H

/* A yes-or-no fact that may be unknown. Zero means unknown. */
enum known {
	EFIMAP_NOT_KNOWN,
	EFIMAP_KNOWN_NO,
	EFIMAP_KNOWN_YES,
};

#endif
