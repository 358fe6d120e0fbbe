/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_RUNTIME_SERVICES_OFF_H
#define INFER_RUNTIME_SERVICES_OFF_H

#include "capture/capture.h"

/*
 * Return the name of the reason, such as "noefi", why the kernel runs without runtime services or
 * has no runtime map. Return NULL if no reason is known. The last of noefi, efi=noruntime and
 * efi=runtime on the command line takes effect (drivers/firmware/efi/efi.c: parse_efi_cmdline).
 * efi=runtime also overrides PREEMPT_RT and CONFIG_EFI_DISABLE_RUNTIME, but no other reason.
 */
const char *why_runtime_services_off(const struct efimap *map);

/*
 * Return whether why_runtime_services_off() returns "Linux before 3.14". The log of a kernel
 * before 3.14 may still show the firmware's map.
 */
bool is_before_runtime_map(const struct efimap *map);

/* Return whether the kernel may have runtime services, although it exports no runtime map. */
bool lacks_only_map(const struct efimap *map);

/* Return whether runtime services are off because the kernel parameters lack efi=runtime. */
bool is_off_by_default(const struct efimap *map);

/*
 * Return whether the kernel has no runtime services only because kexec started it. If the firmware
 * started the same kernel, the kernel would have runtime services.
 */
bool is_off_after_kexec(const struct efimap *map);

/*
 * Return the reason from why_runtime_services_off() as a clause for users, such as "the
 * kernel parameters contain noefi", or NULL.
 */
const char *runtime_services_off_text(const struct efimap *map);

#endif
