/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: why a kernel runs without runtime services
 *
 * Kernel parameters, the kernel's configuration and its architecture can turn them off.
 */
#ifndef INFER_RUNTIME_SERVICES_OFF_H
#define INFER_RUNTIME_SERVICES_OFF_H

#include <stdbool.h>

#include "capture/capture.h"

/**
 * efimap_why_runtime_services_off() - why this kernel runs without runtime services, or has no map
 *
 * Return: "noefi", "efi=noruntime", "PREEMPT_RT", "Xen", "mixed mode after kexec", "a 32-bit
 * kernel after kexec", "a 32-bit kernel on 64-bit firmware", "firmware of another width than
 * the kernel", "another architecture than x86", "Linux before 3.14", or NULL when nothing
 * explains it. The last of noefi, efi=noruntime and efi=runtime on the command line counts
 * (drivers/firmware/efi/efi.c: parse_efi_cmdline); efi=runtime does not bring back what others
 * take away.
 */
const char *efimap_why_runtime_services_off(const struct efimap *map);

/** efimap_is_before_runtime_map() - is it that last one? Its log may show the firmware's
 * map all the same */
bool efimap_is_before_runtime_map(const struct efimap *map);

/** efimap_runtime_services_off_text() - the same for who has not heard of it: "noefi is
 * on the command line" */
const char *efimap_runtime_services_off_text(const struct efimap *map);

#endif
