/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Checks what may be the release of a kernel, and finds words in one. Knows nothing of what
 * changed in a release.
 */
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

static bool is_listed(const char *word, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (len == strlen(*list) && memcmp(word, *list, len) == 0)
			return true;
	return false;
}

bool efimap_release_has_word(const char *release, const char *ends, const char *const *list)
{
	for (const char *at = strpbrk(release, EFIMAP_RELEASE_SIGNS); at;
	     at = strpbrk(at + 1, EFIMAP_RELEASE_SIGNS))
		if (is_listed(at + 1, strcspn(at + 1, ends), list))
			return true;
	return false;
}
