/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The header's version, its number and the project's: three spellings of one. */
#include <stdio.h>
#include <stdlib.h>

#include "test.h"
#include <efimap/api.h>

TEST(test_version_is_the_projects)
{
	unsigned int number = EFIMAP_VERSION_NUMBER;
	char text[32];

	assert_string_equal(efimap_version(), PROJECT_VERSION);
	assert_string_equal(EFIMAP_VERSION, PROJECT_VERSION);
	snprintf(text, sizeof(text), "%u.%u.%u", number >> 16, number >> 8 & 0xff,
		 number & 0xff);
	assert_string_equal(text, PROJECT_VERSION);
}
