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
		assert_int_equal(release_compare(ascending[i], ascending[i]), 0);
		for (size_t j = 0; j < i; j++)
			if (release_compare(ascending[i], ascending[j]) <= 0 ||
			    release_compare(ascending[j], ascending[i]) >= 0)
				fail_msg("%s is not newer than %s", ascending[i], ascending[j]);
	}
}

#define DEBIAN_GCC "(Debian 12.2.0-14) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40)"

TEST(words_of_proc_version)
{
	static const struct {
		const char *version;
		const char *filtered;
		bool is_preempt_rt;
		unsigned int patch;
		bool is_foreign_architecture;
	} rows[] = {
		{ "6.1.0-56-amd64 (debian-kernel@lists.debian.org) (gcc-12 " DEBIAN_GCC
		  " #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)\n",
		  "6.1.0-56-amd64 Debian 6.1.192-2", false, 192 },
		{ "6.1.0-56-rt-amd64 (a@b) #1 SMP PREEMPT_RT Debian 6.1.192-2 (2026-11-16)",
		  "6.1.0-56-rt-amd64 PREEMPT_RT Debian 6.1.192-2", true, 192 },
		{ "6.1.0-56-rt-amd64 PREEMPT_RT Debian 6.1.192-2",
		  "6.1.0-56-rt-amd64 PREEMPT_RT Debian 6.1.192-2", true, 192 },
		{ "6.12.113+deb12-amd64 (a@b) #1 SMP PREEMPT_DYNAMIC Debian 6.12.113-1~deb12u1 (",
		  "6.12.113+deb12-amd64 Debian 6.12.113-1", false, 113 },
		{ "7.3-cloud-amd64 (a@b) #1 SMP Debian 7.3~rc7-1~exp1 (2026-10-16)",
		  "7.3-cloud-amd64 Debian 7.3", false, 0 },
		/* A Debian version of another series does not set the patch level. */
		{ "6.6.0-mine (a@b) #1 SMP Debian 6.1.192-2 (2026-11-16)",
		  "6.6.0-mine Debian 6.1.192-2", false, 0 },
		/* "Debian" in the compiler's version does not mean that Debian built the kernel. */
		{ "6.1.0-mine (a@b) (gcc " DEBIAN_GCC " #1 SMP PREEMPT_RTX", "6.1.0-mine", false,
		  0 },
		{ "6.8.0-31-generic (a@b) #31-Ubuntu SMP (Ubuntu 6.8.0-31.31-generic 6.8.1)",
		  "6.8.0-31-generic", false, 0 },
		{ "6.1.0 #1 Debian 6.1.", "6.1.0 Debian 6.1.", false, 0 },
		{ "6.1.0 Debian 6.1.5-1 PREEMPT_RT", "6.1.0 PREEMPT_RT Debian 6.1.5-1", true, 5 },
		{ "6.1.0 Debian PREEMPT_RT", "6.1.0 PREEMPT_RT", true, 0 },
		{ "6.1.0", "6.1.0", false, 0 },
		{ "6.1.0\t(root@host) #1", "6.1.0", false, 0 },
		{ "", "", false, 0 },
		{ "6.8.0-1010-aws (a@bos03-arm64-029) (aarch64-linux-gnu-gcc-13 (Ubuntu 13.2) "
		  "13.2.0, GNU ld (GNU Binutils for Ubuntu) 2.42) #10-Ubuntu SMP",
		  "6.8.0-1010-aws (aarch64-gcc", false, 0, true },
		{ "6.1.0-44-rt-s390x (a@b) (s390x-linux-gnu-gcc-12) #1 PREEMPT_RT Debian 6.1.1-1",
		  "6.1.0-44-rt-s390x (s390x-gcc PREEMPT_RT Debian 6.1.1-1", true, 1, true },
		{ "6.8.0 (aarch64-gcc", "6.8.0 (aarch64-gcc", false, 0, true },
		{ "6.8.0 (a@b) (x86_64-linux-gnu-gcc-13 (Ubuntu) 13.2.0) #1", "6.8.0", false, 0 },
		/* Neither the builder nor the host shows the architecture. */
		{ "6.8.0 (aarch64-gcc@aarch64-gcc) (gcc (GCC) 13.2.0) #1", "6.8.0", false, 0 },
		{ "6.8.0 (a@b) (aarch64-linux-clang) #1", "6.8.0", false, 0 },
		{ "6.8.0 (a@b) (arm64-gcc) (armv-gcc) #1", "6.8.0", false, 0 },
		{ "6.8.0 (a@b) (Ubuntu clang version 18.1.3, LLD 18.1.3) #1 SMP PREEMPT_RT",
		  "6.8.0 clang version 18 PREEMPT_RT", true, 0 },
		{ "6.8.0 (clang version 18", "6.8.0 clang version 18", false, 0 },
		{ "6.8.0 Debian 6.8.1clang version 18", "6.8.0 Debian 6.8.1", false, 0 },
		{ "6.8.0 (clang version 12345) #1", "6.8.0", false, 0 },
		/* The filtered text must not be longer than the original. */
		{ "6.8.0(clang version 18", "6.8.0(clang", false, 0 },
		{ "(clang version 18 PREEMPT_RT", "(clang PREEMPT_RT", true, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct release release = release_parse(rows[i].version);
		const size_t size = strlen(rows[i].version);
		char *copy = strdup(rows[i].version);
		const struct version_words words =
			take_version_words(rows[i].version, size, &release);

		assert_int_equal(words.is_preempt_rt, rows[i].is_preempt_rt);
		assert_int_equal(words.is_foreign_architecture, rows[i].is_foreign_architecture);
		assert_int_equal(release.patch, rows[i].patch);
		copy[filter_release_words(copy, size)] = '\0';
		assert_string_equal(copy, rows[i].filtered);
		free(copy);
	}
}
