/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A yes or no that may not be known. */
#ifndef BASE_KNOWN_H
#define BASE_KNOWN_H

/** enum efimap_known - a fact that may not be known; zero is "not known" */
enum efimap_known {
	EFIMAP_KNOWN_NOT,
	EFIMAP_KNOWN_NO,
	EFIMAP_KNOWN_YES,
};

#endif
