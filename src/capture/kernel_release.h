/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CAPTURE_KERNEL_RELEASE_H
#define CAPTURE_KERNEL_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

/* A version of Linux or of kexec-tools. */
struct efimap_version {
	unsigned int major;
	unsigned int minor;
	unsigned int patch;
};

static inline bool efimap_kernel_is_known(const struct efimap *map)
{
	return map->release.major != 0;
}

/* Maximum length of a release without the '\0' (include/uapi/linux/utsname.h: __NEW_UTS_LEN). */
#define EFIMAP_MAX_RELEASE 64

#define EFIMAP_RELEASE_EXPECTED                                                                 \
	"a kernel release: a digit followed by letters, digits or any of ._+~^@:- (at most 64 " \
	"characters)"

bool efimap_release_is_valid(const char *text, size_t len);

/*
 * Compare two releases by age. Return a value below 0 if @a is older, above 0 if @a is newer, and 0
 * if they are equal.
 *
 * The order is that of systemd (Version Format Specification, UAPI.10): numbers compare by value,
 * "~" sorts before the end of the text, the end before "-", "-" before "^", and "^" before ".".
 * "-rc1" is treated as "~rc1", as in GRUB, so that 7.3.0-rc7 is older than 7.3.0.
 */
int efimap_release_compare(const char *a, const char *b);

#define EFIMAP_RELEASE_SIGNS "-.+"

/*
 * Return whether a release contains one of the words in @list. A word begins after one of
 * EFIMAP_RELEASE_SIGNS, and ends before one of the characters in @ends or at the end of the
 * release.
 */
bool efimap_release_has_word(const char *release, const char *ends, const char *const *list);

/*
 * Remove everything from a version such as "6.1.0-56-rt-amd64 (builder@host) (gcc-12 …) #1 SMP
 * PREEMPT_RT Debian 6.1.192-2 (2026-11-16)" except the words that efimap_take_version() uses:
 * "6.1.0-56-rt-amd64 PREEMPT_RT Debian 6.1.192-2". A version ends at the first null byte or line
 * feed. Return the new length.
 */
size_t efimap_filter_release_words(char *text, size_t size);

/*
 * Parse what follows the release in a version.
 *
 * @ret_is_preempt_rt: whether the version names PREEMPT_RT
 * @release: receives the patch level, if the release has none and the version names a package of
 *           Debian. In Linux up to 6.6, Debian's releases have none ("6.1.0-56-amd64"). The
 *           package's version starts with the release of kernel.org that Debian built
 *           ("6.1.192-2").
 */
void efimap_take_version(const char *text, size_t size, bool *ret_is_preempt_rt,
			 struct efimap_release *release);

#endif
