/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_HYPERV_H
#define INFER_HYPERV_H

#include "capture/capture.h"
#include "capture/installed_kernels.h"

/* Return whether the machine is a guest of Hyper-V. */
enum efimap_known efimap_is_hyperv_guest(const struct efimap *map);

#endif
