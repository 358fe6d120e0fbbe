/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Create a capture from a kernel log, or add the data of a log to a capture. */
#ifndef INPUT_LOG_CAPTURE_FROM_LOG_H
#define INPUT_LOG_CAPTURE_FROM_LOG_H

#include "input/input_file.h"
#include "input/log/log_boot.h"
#include "input/tree/capture_file.h"

efimap_read_input_fn efimap_read_log;

/**
 * efimap_log_add_all() - Add the data of a boot to a capture
 *
 * This adds kernel messages, memmap from e820, the presence of EFI, the EFI memory map and the
 * runtime map. The release and the command line are added if the capture lacks them. Faults are
 * added for missing data.
 */
int efimap_log_add_all(const struct efimap_log_boot *boot, struct efimap *map);

efimap_read_fn efimap_read_kernel_log;

#endif
