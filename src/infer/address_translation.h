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

/*
 * In the physical mode that was proposed for Linux in 2010, the kernel identity-maps every runtime
 * region while it calls the firmware. In this mode, firmware pointers that the firmware has already
 * converted to virtual addresses cause a page fault.
 */

/*
 * Whether a pointer can be followed in physical mode.
 *
 * @EFIMAP_REACH_OUTSIDE: the pointer is physical, but no entry covers it
 * @EFIMAP_REACH_VIRTUAL: the firmware has converted the pointer to a virtual address
 * @EFIMAP_REACH_NONE:    the pointer is 0
 */
enum reach {
	EFIMAP_REACH_REACHABLE,
	EFIMAP_REACH_OUTSIDE,
	EFIMAP_REACH_VIRTUAL,
	EFIMAP_REACH_NONE,
};

const char *reach_name(unsigned int reach);

/* A firmware pointer. @entry is the entry whose physical or virtual range contains it, or NULL. */
struct firmware_pointer {
	const char *name;
	uint64_t value;
	enum reach reach;
	const struct map_entry *entry;
};

#define EFIMAP_MAX_POINTERS 6

/*
 * For each firmware pointer, determine whether it can be followed in physical mode. Pointers to
 * tables that only the kernel reads (ACPI) are omitted. Return the number of pointers.
 */
size_t physical_mode(const struct efimap *map,
		     struct firmware_pointer ret_pointers[EFIMAP_MAX_POINTERS]);

#endif
