/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Detect the messages that a kernel prints when it dies. */
#ifndef REHEARSE_LAST_WORDS_H
#define REHEARSE_LAST_WORDS_H

#include <stddef.h>

/**
 * enum last_words - the worst kind of message in a text
 * @LAST_WORDS_FAULT: a fault that a kernel may survive
 * @LAST_WORDS_END:   a message after which a kernel restarts or halts
 */
enum last_words {
	LAST_WORDS_NONE,
	LAST_WORDS_FAULT,
	LAST_WORDS_END,
};

/**
 * find_fatal_message() - Return the worst kind of message in @text, which need not end with a NUL
 */
enum last_words find_fatal_message(const void *text, size_t size);

/** LAST_WORDS_MAX - maximum length of the words that identify a message, in bytes */
#define LAST_WORDS_MAX 32

#endif
