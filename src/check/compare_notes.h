/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Differences that a kernel makes, gathered by kind while entries are compared, and said
 * in one note each.
 */
#ifndef CHECK_COMPARE_NOTES_H
#define CHECK_COMPARE_NOTES_H

#include "check/sides.h"

/*
 * enum note_kind
 * @NOTE_RUNTIME_ADDED:    boot services with EFI_MEMORY_RUNTIME now
 * @NOTE_CUT:              the same memory in other pieces
 * @NOTE_DROPPED:          no range: efi_clean_memmap() drops it
 * @NOTE_FREED:            kept by efi=debug only
 * @NOTE_NOT_SHOWN:        received, but not exported again
 * @NOTE_OTHER_BOOT:       boot services that differ in another boot; likewise the others
 */
enum note_kind {
	NOTE_RUNTIME_ADDED,
	NOTE_CUT,
	NOTE_DROPPED,
	NOTE_FREED,
	NOTE_NOT_SHOWN,
	NOTE_OTHER_BOOT,
	NOTE_OTHER_BOOT_LOST,
	NOTE_OTHER_BOOT_EXTRA,
	NOTE_COUNT,
};

/* struct notes - indices of entries by kind; zero-initialise it */
struct notes {
	struct {
		uint32_t *indices;
		size_t count;
		size_t capacity;
	} lists[NOTE_COUNT];
	int error;
};

/* notes_add() - an error sticks */
void notes_add(struct notes *notes, enum note_kind kind, uint32_t index);
/* notes_say() - make the findings, or pass the error on */
void notes_say(struct compare *c, const struct notes *notes);
void notes_free(struct notes *notes);

#endif
