/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the firmware's map as "memmap" of the UEFI shell prints it
 *
 * Found in a file of its own and in what a serial console wrote. What is said of it is
 * &struct efimap_log_shell.
 */
#ifndef READ_LOG_LOG_SHELL_H
#define READ_LOG_LOG_SHELL_H

#include "read/log/log_state.h"

/** efimap_log_take_shell_head() - "Type Start End # Pages Attributes": a list begins */
int efimap_log_take_shell_head(struct efimap_log_boot *boot,
			       const struct efimap_log_line *line);
/** efimap_log_take_shell_type() - a line that begins with the name of a type: a
 * descriptor, or the sum of all of that type */
int efimap_log_take_shell_type(struct efimap_log_boot *boot,
			       const struct efimap_log_line *line);
/** efimap_log_take_shell_total() - "Total Memory:", the last line */
int efimap_log_take_shell_total(struct efimap_log_boot *boot,
				const struct efimap_log_line *line);

#endif
