/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: version and symbol visibility
 *
 * The library is compiled with hidden visibility. libefimap.so exports exactly the symbols that
 * the installed headers declare between EFIMAP_API_BEGIN and EFIMAP_API_END.
 */
#ifndef EFIMAP_API_H
#define EFIMAP_API_H

#ifdef __cplusplus
#define EFIMAP_API_BEGIN extern "C" { _Pragma("GCC visibility push(default)")
#define EFIMAP_API_END _Pragma("GCC visibility pop") }
#else
/** EFIMAP_API_BEGIN - begin declarations that libefimap.so exports, with C linkage in C++ */
#define EFIMAP_API_BEGIN _Pragma("GCC visibility push(default)")
/** EFIMAP_API_END - end declarations that libefimap.so exports */
#define EFIMAP_API_END _Pragma("GCC visibility pop")
#endif

EFIMAP_API_BEGIN

/** EFIMAP_VERSION - version of these headers as a string, such as "1.0.0" */
#define EFIMAP_VERSION "1.0.0"
/** EFIMAP_VERSION_NUMBER - version of these headers as 0xMMmmpp (major, minor, patch) for #if */
#define EFIMAP_VERSION_NUMBER 0x010000

/**
 * efimap_version() - return the version of the library at run time
 *
 * If the result differs from EFIMAP_VERSION, the program was compiled with the headers of another
 * version.
 *
 * Return: a static string in the format of EFIMAP_VERSION.
 */
const char *efimap_version(void);

EFIMAP_API_END

#endif
