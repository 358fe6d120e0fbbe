/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A value that was read from a file, or the reason why it is unknown. */
#ifndef CAPTURE_VALUE_H
#define CAPTURE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Why a value is unknown.
 *
 * @EFIMAP_NOT_ASKED: no reader requested the file, or the recording lacks it
 * @EFIMAP_ABSENT:    the file does not exist
 * @EFIMAP_MALFORMED: the file could not be read, or its content is not a value
 * @EFIMAP_CUT:       the content lacks its end
 */
enum why_unknown {
	EFIMAP_NOT_ASKED,
	EFIMAP_ABSENT,
	EFIMAP_DENIED,
	EFIMAP_MALFORMED,
	EFIMAP_CUT,
};

/* @why is used only if the value is not known. Zero means a value that was not asked for. */
struct value {
	bool is_known;
	enum why_unknown why;
	int64_t number;
};

#endif
