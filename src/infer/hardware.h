/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_HARDWARE_H
#define INFER_HARDWARE_H

#include "capture/capture.h"
#include "capture/installed_kernels.h"

/*
 * Return whether the running kernel printed @message before it started init. The result is
 * EFIMAP_NOT_KNOWN if the log lacks the beginning or the end of this part of the boot.
 */
enum efimap_known efimap_was_printed(const struct efimap *map, const char *message);

/* Return whether the machine is a guest of Hyper-V. */
enum efimap_known efimap_is_hyperv_guest(const struct efimap *map);

#endif
