/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel can call itself, and which of the changes in src/rules/linux.changes one has. Knows
 * no rule.
 */
#include <string.h>

#include "model/kernel.h"

static bool is_of_series(const struct efimap_release *release,
			 const struct efimap_version *version)
{
	return release->major == version->major && release->minor == version->minor;
}

static bool is_from(const struct efimap_release *release,
		    const struct efimap_version *version)
{
	return release->major > version->major ||
	       (release->major == version->major && release->minor >= version->minor);
}

bool efimap_release_has(const struct efimap_release *release, enum efimap_change change,
			bool unknown)
{
	const struct efimap_kernel_change *row = &efimap_kernel_changes[change];

	if (release->major == 0)
		return unknown;
	for (size_t i = 0; i < EFIMAP_MAX_STABLE && row->stable[i].major != 0; i++)
		if (is_of_series(release, &row->stable[i]))
			return release->patch == 0 ? unknown :
						     release->patch >= row->stable[i].patch;
	if (is_from(release, &row->first))
		return true;
	return row->lacks.major != 0 && is_from(release, &row->lacks) &&
	       !is_of_series(release, &row->lacks) && unknown;
}

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
