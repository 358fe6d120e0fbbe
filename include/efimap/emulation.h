/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing down what emulation says
 *
 * Translations, predictions, decoded binaries and page tables as text and as JSON
 * documents (schema/). As in format.h: everything goes into a &struct efimap_out, whose
 * error sticks, and text of a capture never reaches it with control characters.
 */
#ifndef EFIMAP_EMULATION_H
#define EFIMAP_EMULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <efimap/capture.h>
#include <efimap/out.h>
#include <efimap/translate.h>

/** struct efimap_translation - an efimap-translation document being written; opaque */
struct efimap_translation;

/**
 * efimap_translation_new() - begin
 * @map:             the capture that is translated through; borrowed
 * @json:            a document instead of lines
 * @out:             where; borrowed
 * @ret_translation: end it with efimap_translation_end()
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_translation_new(const struct efimap *map, bool json, struct efimap_out *out,
			   struct efimap_translation **ret_translation);

/**
 * efimap_translation_add() - everything about one address
 * @address: which
 * @to_virt: the answer for it as a physical address, in positions of the map's entries
 * @to_phys: the answer for it as a virtual one
 *
 * A line for each entry that covers it, either way; one line when none does.
 */
void efimap_translation_add(struct efimap_translation *translation, uint64_t address,
			    const struct efimap_answer *to_virt,
			    const struct efimap_answer *to_phys);

/** efimap_translation_end() - end and free it; 0 or the error of its out */
int efimap_translation_end(struct efimap_translation *translation);

#endif
