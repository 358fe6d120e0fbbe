/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Making a capture of a kernel's log, or adding what a log tells to one. */
#ifndef INPUT_LOG_CAPTURE_FROM_LOG_H
#define INPUT_LOG_CAPTURE_FROM_LOG_H

#include "input/input_file.h"
#include "input/log/log_boot.h"
#include "input/tree/capture_file.h"

efimap_read_input_fn efimap_read_log;

/**
 * efimap_log_add_all() - make of a boot what a capture holds
 *
 * What the kernel said, memmap from e820, that there is EFI, the firmware's map, and the runtime
 * map; a release and a command line where the capture has none; faults for what is missing.
 */
int efimap_log_add_all(const struct efimap_log_boot *boot, struct efimap *map);

efimap_read_fn efimap_read_kernel_log;

#endif
