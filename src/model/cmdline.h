/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the kernel's command line, word by word, and what of it is shown to strangers
 *
 * It can hold passwords, keys and names of hosts. All that is judged by it is a few words.
 * Nothing else in a capture is a secret: serial numbers of DMI and payloads of setup_data nodes
 * other than EFI's are never read.
 */
#ifndef MODEL_CMDLINE_H
#define MODEL_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "model/capture.h"

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

/**
 * struct efimap_redacted - a capture without secrets
 * @map:     a shallow copy: valid as long as the capture is
 */
struct efimap_redacted {
	struct efimap map;
	char *cmdline;
};

/** efimap_redact() - make one; 0 or -ENOMEM; free with efimap_redacted_free() in any case */
int efimap_redact(const struct efimap *map, struct efimap_redacted *ret_redacted);
void efimap_redacted_free(struct efimap_redacted *redacted);
#define efimap_auto_redacted efimap_cleanup(efimap_redacted_free)

#endif
