/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_GUEST_TEXT_H
#define REHEARSE_GUEST_TEXT_H

#include <stddef.h>

#include "base/err.h"
#include "model/capture.h"

/**
 * guest_text_read() - the capture that init wrote to the serial line (tests/tools/README.md)
 * @text:    where it begins, then what is behind it; changed while it is read
 * @end:     where the text ends
 * @name:    what the capture is called
 * @ret_map: owned by the caller; NULL when the end of it has not arrived
 * @err:     what stopped it
 *
 * Return: 0; -EBADMSG, with the line, for what init does not write; or as
 * efimap_members_read().
 */
int guest_text_read(char **text, char *end, const char *name, struct efimap **ret_map,
		    struct efimap_err *err);

#endif
