/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: files of shell assignments
 *
 * Configuration such as /etc/default/kdump-tools is read by a shell: lines of NAME=VALUE. Here it
 * is read without one, so that nothing is run: what takes a shell to tell is not known.
 */
#ifndef INPUT_SHELL_ASSIGNMENTS_H
#define INPUT_SHELL_ASSIGNMENTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct efimap_shell_variable - a variable, and what a file assigns to it
 * @name:     set by the caller
 * @is_set:   the file assigns to it
 * @value:    what it assigns last, in the memory of the file; NULL where it is not set, and where
 *            the value has an expansion ("$KVER"), a command, or control characters in it
 */
struct efimap_shell_variable {
	const char *name;
	bool is_set;
	const char *value;
};

/**
 * efimap_shell_read() - find out what a file assigns to some variables
 * @text: of the file; values are unquoted in its place
 *
 * Understood are comments, and assignments with single and double quotes and backslashes, as
 * POSIX has them. What "NAME+=VALUE" of bash makes of a variable is not known.
 *
 * Return: false where the file holds anything else, such as a condition: then no variable is known.
 */
bool efimap_shell_read(char *text, size_t len, struct efimap_shell_variable *variables,
		       size_t n_variables);

#endif
