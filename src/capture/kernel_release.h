/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the release of a kernel
 *
 * What "uname -r" can print.
 */
#ifndef CAPTURE_KERNEL_RELEASE_H
#define CAPTURE_KERNEL_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

/** struct efimap_version - a release of Linux; @patch counts in stable series alone */
struct efimap_version {
	unsigned int major;
	unsigned int minor;
	unsigned int patch;
};

static inline bool efimap_kernel_is_known(const struct efimap *map)
{
	return map->release.major != 0;
}

/** EFIMAP_MAX_RELEASE - include/uapi/linux/utsname.h: __NEW_UTS_LEN, without the NUL */
#define EFIMAP_MAX_RELEASE 64

#define EFIMAP_RELEASE_EXPECTED                                                          \
	"a release: a digit, then letters, digits and ._+~^@:-, 64 characters at most"

/** efimap_release_is_valid() - can uname -r say so? */
bool efimap_release_is_valid(const char *text, size_t len);

/**
 * efimap_release_compare() - which of two releases is newer?
 *
 * In the order of systemd, which rpm and dpkg share for releases of kernels (Version Format
 * Specification, UAPI.10): numbers by value, "~" before the end, the end before "-", "-" before
 * ".". "-rc1" is taken for "~rc1", as GRUB does it, so that 7.3.0-rc7 is older than 7.3.0.
 *
 * Return: below 0 where @a is older, above 0 where it is newer, and 0 where neither is.
 */
int efimap_release_compare(const char *a, const char *b);

/** EFIMAP_RELEASE_SIGNS - a release is words, and these between them: "6.1.0-50-686-pae" */
#define EFIMAP_RELEASE_SIGNS "-.+"

/**
 * efimap_release_has_word() - is one of the words of a release, but for the first, listed?
 * @ends: signs before which a word ends
 * @list: ends with NULL
 */
bool efimap_release_has_word(const char *release, const char *ends, const char *const *list);

#endif
