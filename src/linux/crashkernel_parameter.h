/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_CRASHKERNEL_PARAMETER_H
#define LINUX_CRASHKERNEL_PARAMETER_H

#include "base/text_scan.h"
#include "capture/capture.h"

/* Return the size of the System RAM in memmap, or UINT64_MAX if the sum overflows. */
uint64_t ram_bytes(const struct efimap *map);

/*
 * Return whether the last crashkernel= requests a region of a known size, as in "crashkernel=256M"
 * or "crashkernel=2G-:256M", without an offset or a suffix such as ",high". If so, @ret_size
 * receives the size, or 0 if no range in the parameter contains the size of System RAM. Otherwise,
 * @ret_size is undefined.
 */
bool find_crashkernel_size(const struct efimap *map, uint64_t *ret_size);

/*
 * Return whether the kernel parameters contain crashkernel=, but only with the suffix ",low" or
 * ",cma", which requests additional memory. Linux then reserves nothing, and prints no message.
 */
bool has_only_additional_crashkernel(const struct efimap *map);

/*
 * Return whether the log shows that the running kernel reserved memory for a crash kernel
 * (arch/x86/kernel/setup.c: reserve_crashkernel, since 6.7 kernel/crash_reserve.c:
 * reserve_crashkernel_generic).
 */
bool has_reserved_crashkernel(const struct efimap *map);

/* Return the sum of SIZE in all crashkernel=SIZE,cma, or UINT64_MAX if a SIZE is invalid. */
uint64_t find_crashkernel_cma(const struct efimap *map);

/* Find the size that the kernel log shows as reserved for all crashkernel=SIZE,cma. */
bool find_logged_crashkernel_cma(const struct efimap *map, uint64_t *ret_size);

/* Return whether the last cma= requests a known size. If not, @ret_size is undefined. */
bool find_cma_size(const struct efimap *map, uint64_t *ret_size);

#endif
