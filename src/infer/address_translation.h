/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_ADDRESS_TRANSLATION_H
#define INFER_ADDRESS_TRANSLATION_H

#include "base/interval_tree.h"
#include "capture/capture.h"

enum direction {
	EFIMAP_TO_VIRT,
	EFIMAP_TO_PHYS,
};

/* Entries, sorted for translation. @entries is borrowed. Initialise the struct with zeros. */
struct translator {
	const struct map_entry *entries;
	struct interval_tree phys;
	struct interval_tree virt;
};

#define EFIMAP_TRANSLATE_MAX 16

/*
 * An entry that covers the address to translate.
 *
 * @address: the translated address, or 0 if @wraps or @unknown is set
 * @wraps:   the translated address would be above 2^64 - 1
 * @unknown: the virtual address of the entry is unknown
 */
struct translated_range {
	const struct map_entry *entry;
	uint64_t address;
	bool wraps;
	bool unknown;
};

/* The first entries that cover an address, in ascending order of the start of their range. */
struct translated_address {
	struct translated_range hits[EFIMAP_TRANSLATE_MAX];
	size_t n_hits;
};

/*
 * Prepare @count entries for translation. Translating an address ignores entries whose range of the
 * same kind, physical or virtual, is invalid. Free @translator with translator_free().
 */
void translator_make(const struct map_entry *entries, size_t count, struct translator *translator);

void translator_free(struct translator *translator);
#define auto_translator __attribute__((cleanup(translator_free)))

void translate_address(const struct translator *translator, enum direction direction,
		       uint64_t address, struct translated_address *ret_answer);

#endif
