/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parse the output of "memmap" of the UEFI shell in a log. */
#ifndef INPUT_LOG_UEFI_SHELL_MEMMAP_H
#define INPUT_LOG_UEFI_SHELL_MEMMAP_H

#include "input/log/log_boot.h"

/** efimap_log_take_shell_head() - Start a list at "Type Start End # Pages Attributes" */
efimap_log_take_fn efimap_log_take_shell_head;
/**
 * efimap_log_take_shell_type() - Process a line that starts with the name of a type
 *
 * The line describes a descriptor, or the sum of that type.
 */
efimap_log_take_fn efimap_log_take_shell_type;
/** efimap_log_take_shell_total() - End the list at "Total Memory:" */
efimap_log_take_fn efimap_log_take_shell_total;

#endif
