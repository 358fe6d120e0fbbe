/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The version of the library. Must not know who asks: a program that was compiled against
 * other headers compares this with its own EFIMAP_VERSION.
 */
#include <efimap/api.h>

const char *efimap_version(void)
{
	return EFIMAP_VERSION;
}
