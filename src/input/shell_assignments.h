/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: files of shell assignments
 *
 * Configuration files such as /etc/default/kdump-tools contain lines of NAME=VALUE for a shell.
 * They are read without a shell, so that nothing is executed. Values that need a shell are
 * unknown.
 */
#ifndef INPUT_SHELL_ASSIGNMENTS_H
#define INPUT_SHELL_ASSIGNMENTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct efimap_shell_variable - a variable, and the value that a file assigns
 * @name:   set by the caller
 * @is_set: the file assigns a value
 * @value:  the last value, which points into the text. NULL if the variable is not set, or its
 *          value has an expansion ("$KVER"), a command or control characters.
 */
struct efimap_shell_variable {
	const char *name;
	bool is_set;
	const char *value;
};

/**
 * efimap_shell_read() - Read the values of some variables from a file
 * @text: content of the file; values are unquoted in place
 *
 * Comments are understood, and assignments with single and double quotes and backslashes as in
 * POSIX. A variable that "NAME+=VALUE" of bash appends to is unknown.
 * The line that switches the gate on (integration/gate) is skipped.
 *
 * Return: false if the file contains anything else, such as a condition. Then no variable is
 * known.
 */
bool efimap_shell_read(char *text, size_t len, struct efimap_shell_variable *variables,
		       size_t n_variables);

#endif
