/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what the library exports
 *
 * Everything is compiled with hidden visibility. What an installed header declares
 * between these two is not, and so are exactly the functions that libefimap.so exports.
 * A header that is not installed has neither.
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

#endif
