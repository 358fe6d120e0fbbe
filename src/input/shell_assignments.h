/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: files of shell assignments
 *
 * Configuration files such as /etc/default/kdump-tools contain lines of NAME=VALUE for a shell. No
 * commands in these files are executed.
 */
#ifndef INPUT_SHELL_ASSIGNMENTS_H
#define INPUT_SHELL_ASSIGNMENTS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct shell_variable - a variable and the value that a file assigns to it
 * @name:   name of the variable, set by the caller
 * @is_list: set by the caller if the value is a list of words, in which tabs and newlines become
 *          spaces
 * @is_one_line: set by the caller if a value of several lines is unknown
 * @is_set: the file assigns a value
 * @is_appended: the file contains "NAME+=", which not all shells know
 * @value:  the last value, which points into the text. NULL if the variable is not set, if only a
 *          shell can determine the value (such as "$KVER"), or if the value contains control
 *          characters or invalid UTF-8.
 * @literal: if only a shell can determine the value of a list, its words without an expansion; or
 *          NULL
 */
struct shell_variable {
	const char *name;
	bool is_list;
	bool is_one_line;
	bool is_set;
	bool is_appended;
	const char *value;
	const char *literal;
};

/**
 * shell_read() - read the values of some variables from a file
 * @text: content of the file; values are unquoted in place
 *
 * Return: true; or false, with no variable set, if the file contains anything but comments and
 * assignments whose end can be found.
 */
bool shell_read(char *text, size_t len, struct shell_variable *variables, size_t n_variables);

/*
 * Remove everything except the assignments to the variables @names, a list that ends in NULL. If
 * shell_read() refuses the text, replace the text with one line that it also refuses. This
 * line ends in CR LF if a line of the text does. If the last line of the text has no end, that of
 * the result has none either.
 */
void shell_filter(char *data, size_t *len, const char *const *names);

/*
 * Return whether the test [ "$VALUE" -ne 0 ] succeeds. The init script of kdump-tools makes this
 * test before it loads a kernel. The test fails if the value is not a decimal number.
 */
bool is_shell_true(const char *value);

/* The characters that separate words or commands of a shell if they are not quoted. */
#define EFIMAP_SHELL_SEPARATORS " \t;&|<>()"

/*
 * Return whether a shell splits kernel parameters that a script puts between double quotes and
 * passes to eval. A quote in the parameters ends the outer quotes, so a space in a quoted
 * parameter, such as dyndbg="file a.c +p", separates words.
 */
bool is_split_by_eval(const char *text, size_t len);

#endif
