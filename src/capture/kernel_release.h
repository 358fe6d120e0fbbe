/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Validate and compare kernel releases as printed by "uname -r". */
#ifndef CAPTURE_KERNEL_RELEASE_H
#define CAPTURE_KERNEL_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

/* A version of Linux. @patch is significant only in stable series. */
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

#define EFIMAP_RELEASE_EXPECTED                                                          \
	"a kernel release: a digit, then letters, digits and ._+~^@:-, at most 64 "        \
	"characters"

/* Return whether the text can be the output of uname -r. */
bool efimap_release_is_valid(const char *text, size_t len);

/*
 * Compare two releases by age.
 *
 * The order is that of systemd (Version Format Specification, UAPI.10), with which rpm and
 * dpkg agree for kernel releases: numbers compare by value, "~" sorts before the end of the
 * text, the end before "-", and "-" before ".". "-rc1" is treated as "~rc1", as in GRUB, so
 * that 7.3.0-rc7 is older than 7.3.0.
 *
 * Return a value below 0 if @a is older, above 0 if @a is newer, and 0 if they are equal.
 */
int efimap_release_compare(const char *a, const char *b);

/* Characters that separate the words of a release such as "6.1.0-50-686-pae". */
#define EFIMAP_RELEASE_SIGNS "-.+"

/*
 * Return whether a release contains one of the words in a list. A word begins after one of
 * EFIMAP_RELEASE_SIGNS, so the first part of the release is not compared.
 *
 * @ends: characters that end a word
 * @list: the words to find, terminated by NULL
 */
bool efimap_release_has_word(const char *release, const char *ends, const char *const *list);

#endif
