/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_UEFI_SHELL_MEMMAP_H
#define INPUT_LOG_UEFI_SHELL_MEMMAP_H

#include "input/log/log_boot.h"

efimap_log_take_fn efimap_log_take_shell_head;
/* Process a line with a descriptor, or with the sum of a type. */
efimap_log_take_fn efimap_log_take_shell_type;
efimap_log_take_fn efimap_log_take_shell_total;

#endif
