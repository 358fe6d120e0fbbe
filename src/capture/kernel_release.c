/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Checks what may be the release of a kernel. Knows nothing of what a release has. */
#include <string.h>

#include "capture/kernel_release.h"

/*
 * A release begins with the number in the kernel's Makefile; what follows is up to
 * whoever built it (CONFIG_LOCALVERSION, scripts/setlocalversion) and is looked at by
 * nobody but for its length. But /lib/modules has a directory of that name, and packages
 * have it in theirs: what the names and versions of Debian, RPM and Arch can have,
 * kernels have.
 */
bool efimap_release_is_valid(const char *text, size_t len)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ._+~^@:-";

	if (len == 0 || len > EFIMAP_MAX_RELEASE || *text < '0' || *text > '9')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!memchr(allowed, text[i], sizeof(allowed) - 1))
			return false;
	return true;
}
