/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_FATAL_MESSAGE_H
#define REHEARSE_FATAL_MESSAGE_H

#include <stddef.h>

/**
 * enum fatal_message - the worst kind of message in a text
 * @FATAL_MESSAGE_FAULT: a fault that a kernel may survive
 * @FATAL_MESSAGE_END:   a message after which a kernel restarts or halts
 */
enum fatal_message {
	FATAL_MESSAGE_NONE,
	FATAL_MESSAGE_FAULT,
	FATAL_MESSAGE_END,
};

/**
 * find_fatal_message() - return the worst kind of message in @text, which need not end with a NUL
 */
enum fatal_message find_fatal_message(const void *text, size_t size);

/** FATAL_MESSAGE_MAX - maximum length of the words that identify a message, in bytes */
#define FATAL_MESSAGE_MAX 32

#endif
