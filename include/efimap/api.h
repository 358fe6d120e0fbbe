/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: which library this is
 *
 * Its version, and what of it other programs can use. Everything is compiled with hidden
 * visibility. What an installed header declares between these two marks is not, and so
 * is exactly what libefimap.so exports.
 */
#ifndef EFIMAP_API_H
#define EFIMAP_API_H

#ifdef __cplusplus
#define EFIMAP_API_BEGIN extern "C" { _Pragma("GCC visibility push(default)")
#define EFIMAP_API_END _Pragma("GCC visibility pop") }
#else
/** EFIMAP_API_BEGIN - what follows is part of the library's interface */
#define EFIMAP_API_BEGIN _Pragma("GCC visibility push(default)")
/** EFIMAP_API_END - the end of that */
#define EFIMAP_API_END _Pragma("GCC visibility pop")
#endif

EFIMAP_API_BEGIN

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

EFIMAP_API_END

#endif
