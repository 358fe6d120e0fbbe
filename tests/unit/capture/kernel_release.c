/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/kernel_release.h"
#include "test.h"

static const char *const ascending[] = {
	"",
	"5.10.0-30-amd64",
	"6.1.0-9-amd64",
	"6.1.0-10-amd64",
	"6.1.0-10-cloud-amd64",
	"6.1.1",
	/* A release candidate is older than its release, as in GRUB. */
	"6.8.0-rc1",
	"6.8.0-rc10",
	"6.8.0",
	/* Ubuntu's mainline builds have leading zeros, which are ignored. */
	"6.8.0-31-generic",
	"6.8.0-060800-generic",
	"6.12~rc7-amd64",
	"6.12-amd64",
	"6.12.0-0.rc7.59.fc42.x86_64",
	"6.12.0-65.fc42.x86_64",
	"6.12.6-amd64",
	"6.12.107+deb13-amd64",
	"6.12.107+deb14-amd64",
	"7.3~rc7-amd64",
	"7.3.1-amd64",
	"10.0",
	"99999999999999999999999.0",
};

TEST(order_of_releases)
{
	for (size_t i = 0; i < ARRAY_SIZE(ascending); i++) {
		assert_int_equal(efimap_release_compare(ascending[i], ascending[i]), 0);
		for (size_t j = 0; j < i; j++)
			if (efimap_release_compare(ascending[i], ascending[j]) <= 0 ||
			    efimap_release_compare(ascending[j], ascending[i]) >= 0)
				fail_msg("%s is not newer than %s", ascending[i], ascending[j]);
	}
}

TEST(what_does_not_count)
{
	assert_int_equal(efimap_release_compare("6.1.0", "6.01.00"), 0);
	assert_int_equal(efimap_release_compare("6.1+", "6.1"), 0);
	assert_int_equal(efimap_release_compare("6.1-rc1", "6.1~rc1"), 0);
	assert_true(efimap_release_compare("6.1-", "6.1") > 0);
}
