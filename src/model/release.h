/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what a kernel can call itself
 *
 * Whoever reads a release, from a file, a log, a snapshot or a dump, asks this.
 */
#ifndef MODEL_RELEASE_H
#define MODEL_RELEASE_H

#include <stdbool.h>
#include <stddef.h>

/** EFIMAP_RELEASE_EXPECTED - what efimap_release_is_valid() holds for, for messages */
#define EFIMAP_RELEASE_EXPECTED \
	"a release: a digit, then letters, digits and ._+~^@:-, 64 characters at most"

/** efimap_release_is_valid() - can uname -r say so? */
bool efimap_release_is_valid(const char *text, size_t len);

#endif
