/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_CAPTURE_FROM_LOG_H
#define INPUT_LOG_CAPTURE_FROM_LOG_H

#include "input/input_file.h"
#include "input/log/messages.h"
#include "input/tree/capture_file.h"

efimap_read_input_fn efimap_read_log;

/**
 * efimap_log_add_all() - add the data of a boot to a capture
 *
 * The command line is added only if the capture has none, and the release only if the capture has
 * no valid release. Missing or malformed data causes faults.
 *
 * Return: 0 or a negative errno.
 */
int efimap_log_add_all(struct efimap_boot_messages *boot, struct efimap *map);

efimap_read_fn efimap_read_kernel_log;

#endif
