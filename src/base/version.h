/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: version
 *
 * Which libefimap a program was compiled against, and which one it runs with.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

/** EFIMAP_VERSION - of these headers; "0.1.0" */
#define EFIMAP_VERSION "0.1.0"
/** EFIMAP_VERSION_NUMBER - the same for #if: two digits each of major, minor, patch */
#define EFIMAP_VERSION_NUMBER 0x000100

/**
 * efimap_version() - of the library that is running
 *
 * Return: a string such as EFIMAP_VERSION, which is that of the headers.
 */
const char *efimap_version(void);

#endif
