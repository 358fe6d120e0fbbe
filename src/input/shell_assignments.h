/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: files of shell assignments
 *
 * Configuration files such as /etc/default/kdump-tools contain lines of NAME=VALUE for a shell.
 * These files are read without a shell, so that no commands are executed. Values that require a
 * shell are unknown.
 */
#ifndef INPUT_SHELL_ASSIGNMENTS_H
#define INPUT_SHELL_ASSIGNMENTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct efimap_shell_variable - a variable, and the value that a file assigns
 * @name:   name of the variable, set by the caller
 * @is_set: the file assigns a value
 * @value:  the last value, which points into the text. NULL if the variable is not set, or if its
 *          value contains an expansion ("$KVER"), a command or control characters.
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
 * The file may contain comments, and assignments with single quotes, double quotes and backslashes
 * as in POSIX. The value of a variable is unknown if "NAME+=VALUE" of bash appends to it.
 * The line that enables the gate (integration/gate) is skipped.
 *
 * Return: true; or false if the file contains anything else, such as a condition. In the latter
 * case, no values are known.
 */
bool efimap_shell_read(char *text, size_t len, struct efimap_shell_variable *variables,
		       size_t n_variables);

#endif
