/* SPDX-License-Identifier: LGPL-2.1-or-later */
/** DOC: the kernel's command line, word by word */
#ifndef CAPTURE_KERNEL_PARAMETERS_H
#define CAPTURE_KERNEL_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/capture.h"

/**
 * struct cmdline_arg - one parameter, pointing into the command line
 * @name:      before "=", quotes removed
 * @value:     after "=", quotes removed; NULL without "="
 * @text:      all of it as it stands there, quotes included
 */
struct cmdline_arg {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
	const char *text;
	size_t text_len;
};

/**
 * cmdline_next() - take one parameter off the front
 * @rest: in and out: what is still to be read
 * @arg:  the parameter
 *
 * Return: false at the end of the kernel's parameters, which "--" is too.
 */
bool cmdline_next(const char **rest, struct cmdline_arg *arg);

bool cmdline_is(const struct cmdline_arg *arg, const char *name);

/** cmdline_has_option() - is @option among its comma-separated values? */
bool cmdline_has_option(const struct cmdline_arg *arg, const char *option);

#endif
