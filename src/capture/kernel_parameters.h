/* SPDX-License-Identifier: LGPL-2.1-or-later */
/** DOC: the kernel's command line, word by word */
#ifndef CAPTURE_KERNEL_PARAMETERS_H
#define CAPTURE_KERNEL_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

/**
 * struct kernel_parameter - one parameter, pointing into the command line
 * @name:      before "=", quotes removed
 * @value:     after "=", quotes removed; NULL without "="
 * @text:      all of it as it stands there, quotes included
 */
struct kernel_parameter {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
	const char *text;
	size_t text_len;
};

/**
 * parameter_next() - take one parameter off the front
 * @rest: in and out: what is still to be read
 * @arg:  the parameter
 *
 * Return: false at the end of the kernel's parameters, which "--" is too.
 */
bool parameter_next(const char **rest, struct kernel_parameter *arg);

bool parameter_is(const struct kernel_parameter *arg, const char *name);

/** parameter_has_option() - is @option among its comma-separated values? */
bool parameter_has_option(const struct kernel_parameter *arg, const char *option);

#endif
