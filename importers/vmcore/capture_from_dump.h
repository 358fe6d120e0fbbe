/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read a capture from the memory of a crashed kernel.
 *
 * Each function adds one part of the capture and returns 0 or a negative errno. If data is missing,
 * only take_efi() fails. The other functions omit the data or record a fault.
 */
#ifndef IMPORTERS_VMCORE_CAPTURE_FROM_DUMP_H
#define IMPORTERS_VMCORE_CAPTURE_FROM_DUMP_H

#include "base/error.h"
#include "kernel_symbols.h"

int take_efi(struct vmcore *vm, struct efimap_err *err);
int take_kernel(struct vmcore *vm);
int take_boot_params(struct vmcore *vm);
int take_setup_data(struct vmcore *vm);
int take_memmap(struct vmcore *vm);
int take_iomem(struct vmcore *vm);

#endif
