/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a kernel prints when it dies. */
#ifndef REHEARSE_LAST_WORDS_H
#define REHEARSE_LAST_WORDS_H

#include <stddef.h>

/**
 * enum last_words - what a text holds
 * @LAST_WORDS_FAULT: words of a fault that a kernel can survive
 * @LAST_WORDS_END:   words after which a kernel restarts or halts
 */
enum last_words {
	LAST_WORDS_NONE,
	LAST_WORDS_FAULT,
	LAST_WORDS_END,
};

/** find_fatal_message() - the worst of them in a text; no '\0' ends it */
enum last_words find_fatal_message(const void *text, size_t size);

/** LAST_WORDS_MAX - bytes of the longest of them */
#define LAST_WORDS_MAX 32

#endif
