/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory map that the UEFI shell prints (memmap), in a log. */
#ifndef INPUT_LOG_UEFI_SHELL_MEMMAP_H
#define INPUT_LOG_UEFI_SHELL_MEMMAP_H

#include "input/log/log_boot.h"

/** efimap_log_take_shell_head() - "Type Start End # Pages Attributes": a list begins */
efimap_log_take_fn efimap_log_take_shell_head;
/** efimap_log_take_shell_type() - a line that begins with the name of a type: a
 * descriptor, or the sum of all of that type */
efimap_log_take_fn efimap_log_take_shell_type;
/** efimap_log_take_shell_total() - "Total Memory:", the last line */
efimap_log_take_fn efimap_log_take_shell_total;

#endif
