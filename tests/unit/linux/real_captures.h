/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_LINUX_REAL_CAPTURES_H
#define TESTS_UNIT_LINUX_REAL_CAPTURES_H

#include <inttypes.h>

#include "test.h"
#include "input/read_source.h"

static inline struct efimap *capture_new(const char *name)
{
	const char *root = getenv("EFIMAP_FIXTURES");
	struct err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;
	char path[512];

	assert_non_null(root);
	snprintf(path, sizeof(path), "%s/real/%s", root, name);
	if (read_source(path, EFIMAP_BOOT_DEFAULT, NULL, &map, &err))
		fail_msg("%s: %s", err.where, err.text);
	return map;
}

#endif
