/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_KEPT_PARAMETERS_H
#define INPUT_KEPT_PARAMETERS_H

#include <stdint.h>

#include "base/alloc.h"
#include "base/text_scan.h"

/* Return whether a text is one of the words separated by commas. @words may be NULL. */
bool is_one_of_words(struct text text, const char *words);

/*
 * Write the kept parameters to @ret_kept, a buffer as long as @cmdline. Return the number of
 * parameters that were removed or changed. Parameters such as "xxx", which an earlier redaction
 * wrote, are removed but not counted.
 */
uint32_t capture_keep_parameters(const char *cmdline, char *ret_kept);

/*
 * Return whether @cmdline contains a parameter that is missing from @other. Parameters that
 * redaction changes are not compared. A parameter of @cmdline is not missing if a parameter of
 * @other begins with it, because @cmdline may be truncated.
 */
bool has_other_parameter(const char *cmdline, const char *other);

/*
 * Return the parameters of a crash kernel that efimapctl uses. The result is not empty unless
 * @cmdline is empty, because the kdump service uses the parameters of the running kernel instead of
 * an empty command line.
 */
const char *capture_keep_crash_cmdline(struct arena *texts, const char *cmdline);

#endif
