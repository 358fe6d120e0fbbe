/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine which of the changes in src/infer/linux.changes a kernel contains. */
#include "infer/linux_changes.h"

static bool is_of_series(const struct release *release, const struct version *version)
{
	return release->major == version->major && release->minor == version->minor;
}

static bool is_from(const struct release *release, const struct version *version)
{
	return release->major > version->major ||
	       (release->major == version->major && release->minor >= version->minor);
}

bool release_has(const struct release *release, enum change change, bool unknown)
{
	const struct kernel_change *row = &kernel_changes[change];

	if (release->major == 0)
		return unknown;
	for (size_t i = 0; i < EFIMAP_MAX_STABLE && row->stable[i].major != 0; i++)
		if (is_of_series(release, &row->stable[i]))
			return release->patch == 0 ? unknown
						   : release->patch >= row->stable[i].patch;
	if (is_from(release, &row->first))
		return true;
	return row->lacks.major != 0 && is_from(release, &row->lacks) &&
	       !is_of_series(release, &row->lacks) && unknown;
}

enum known find_change(const struct release *release, enum change change)
{
	if (release_has(release, change, false))
		return EFIMAP_KNOWN_YES;
	return release_has(release, change, true) || !release_shows_patches(release)
		       ? EFIMAP_NOT_KNOWN
		       : EFIMAP_KNOWN_NO;
}
