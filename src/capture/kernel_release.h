/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CAPTURE_KERNEL_RELEASE_H
#define CAPTURE_KERNEL_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

/* A version of Linux or of kexec-tools. */
struct version {
	unsigned int major;
	unsigned int minor;
	unsigned int patch;
};

static inline bool kernel_is_known(const struct efimap *map)
{
	return map->release.major != 0;
}

/* Maximum length of a release without the '\0' (include/uapi/linux/utsname.h: __NEW_UTS_LEN). */
#define EFIMAP_MAX_RELEASE 64

#define EFIMAP_RELEASE_EXPECTED                                                                    \
	"a kernel release: a digit followed by letters, digits or any of ._+~^@:- (at most 64 "    \
	"characters)"

bool release_is_valid(const char *text, size_t len);

/*
 * Parse a release such as "6.1.0-56-amd64". If the text does not start with two numbers, major,
 * minor and patch are 0. The result points to @text.
 */
struct release release_parse(const char *text);
void set_release(struct efimap *map, const char *text, size_t len);

/*
 * Compare two releases by age. Return a value below 0 if @a is older, above 0 if @a is newer, and 0
 * if they are equal.
 *
 * The order is defined in the Version Format Specification of systemd (UAPI.10). Numbers are
 * compared by value. "~" sorts before the end of the text, the end before "-", "-" before "^", and
 * "^" before ".". As in GRUB, "-rc1" is treated as "~rc1", so that 7.3.0-rc7 is older than 7.3.0.
 */
int release_compare(const char *a, const char *b);

/*
 * Return whether the patch level shows which changes of stable releases a kernel contains. The
 * patch level is 0 in most releases of distributions. Other distributions keep the patch level of
 * the kernel that they started from, and add changes of later stable releases:
 * - Proxmox (pve) builds its kernels from kernels of Ubuntu. The patch level that Ubuntu prints in
 *   the log and in /proc/version_signature is therefore only a lower bound, and is not read.
 * - SUSE Linux Enterprise and openSUSE Leap have releases such as "5.14.21-150500.55.83-default".
 */
bool release_shows_patches(const struct release *release);

#define EFIMAP_RELEASE_SIGNS "-.+"

/* Return whether a release has a build number of SUSE, such as 150500 in "5.14.21-150500.55.83". */
bool has_suse_build(const char *release);

/*
 * Return whether a release contains one of the words in @list. A word begins after one of
 * EFIMAP_RELEASE_SIGNS, and ends before one of the characters in @ends or at the end of the
 * release.
 */
bool release_has_word(const char *release, const char *ends, const char *const *list);

/*
 * Reduce the version text of a kernel, such as "6.1.0-56-rt-amd64 (builder@host) (gcc-12 …) #1 SMP
 * PREEMPT_RT Debian 6.1.192-2 (2026-11-16)", to the release and the words that
 * take_version_words() uses: "6.1.0-56-rt-amd64 PREEMPT_RT Debian 6.1.192-2". A compiler for an
 * architecture other than x86, such as "(aarch64-linux-gnu-gcc-13 …)", becomes "(aarch64-gcc", and
 * a version of clang becomes "clang version 18". The version text ends at the first null byte or
 * line feed. Return the new length.
 */
size_t filter_release_words(char *text, size_t size);

/**
 * struct version_words - the words that follow the release in the version text of a kernel
 * @is_preempt_rt: the text contains PREEMPT_RT or "PREEMPT RT"
 * @is_foreign_architecture: the compiler generates code for an architecture other than x86. If the
 *                 name of the compiler does not contain the architecture, this member is false.
 * @clang:         major version of clang that built the kernel, 0 if it was another compiler
 */
struct version_words {
	bool is_preempt_rt;
	bool is_foreign_architecture;
	unsigned int clang;
};

/*
 * Parse the words that follow the release in the version text of a kernel.
 *
 * @release: the parsed release of the kernel. If it has no patch level, and the text contains the
 *           version of a Debian package, the patch level is set from this version. Debian's
 *           releases up to 6.6 have no patch level ("6.1.0-56-amd64"), but the version of the
 *           package starts with the kernel.org release ("6.1.192-2").
 */
struct version_words take_version_words(const char *text, size_t size, struct release *release);

#endif
