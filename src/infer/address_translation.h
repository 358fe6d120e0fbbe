/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: translation
 *
 * Physical to virtual and back through a runtime map. Made once with a sort of each side;
 * an address then costs O(log n), whatever overlaps.
 */
#ifndef INFER_ADDRESS_TRANSLATION_H
#define INFER_ADDRESS_TRANSLATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/interval_tree.h"
#include "capture/capture.h"

enum efimap_direction {
	EFIMAP_TO_VIRT,
	EFIMAP_TO_PHYS,
};

/** struct efimap_translator - a map made ready, which borrows its entries; zero-initialise it */
struct efimap_translator {
	const struct efimap_entry *entries;
	struct efimap_interval_tree phys;
	struct efimap_interval_tree virt;
};

#define EFIMAP_TRANSLATE_MAX 16

/**
 * struct efimap_hit - one entry that covers the address
 * @entry:    among those that the translator was made from
 * @wraps:    the other side would lie above 2^64 - 1; @address is then 0
 * @unknown:  the virtual address of the entry is not known; @address is then 0
 */
struct efimap_hit {
	const struct efimap_entry *entry;
	uint64_t offset;
	uint64_t address;
	bool wraps;
	bool unknown;
};

/**
 * struct efimap_answer - everything about one address
 * @hits:      entries that cover it, by ascending start of their range
 * @disagrees: the two directions disagree: entries translate it differently, or what it
 *             translates to leads back elsewhere
 */
struct efimap_answer {
	struct efimap_hit hits[EFIMAP_TRANSLATE_MAX];
	size_t n_hits;
	bool more;
	bool disagrees;
};

/**
 * efimap_translator_make() - make a map ready
 * @entries: those without a valid range on a side are not found on that side
 */
int efimap_translator_make(const struct efimap_entry *entries, size_t count,
			   struct efimap_translator *translator);

void efimap_translator_free(struct efimap_translator *translator);
#define efimap_auto_translator __attribute__((cleanup(efimap_translator_free)))

void efimap_translate(const struct efimap_translator *translator,
		      enum efimap_direction direction, uint64_t address,
		      struct efimap_answer *ret_answer);

/*
 * The idea of 2010: call the firmware with every runtime region mapped onto itself. Which
 * of its pointers could then be followed, and which are virtual already and would fault?
 */

/**
 * enum efimap_reach - can a pointer be followed in physical mode?
 * @EFIMAP_REACH_REACHABLE: it is physical and lies in an entry of the map
 * @EFIMAP_REACH_OUTSIDE:   it is physical, but no entry maps it
 * @EFIMAP_REACH_VIRTUAL:   the firmware has made it virtual: it would fault
 */
enum efimap_reach {
	EFIMAP_REACH_REACHABLE,
	EFIMAP_REACH_OUTSIDE,
	EFIMAP_REACH_VIRTUAL,
	EFIMAP_REACH_NONE,
};

const char *efimap_reach_name(unsigned int reach);

/**
 * struct efimap_pointer - a pointer of the firmware
 * @name:  "fw_vendor", "systab", "SMBIOS", …
 * @entry: that covers it, physically or virtually; NULL
 */
struct efimap_pointer {
	const char *name;
	uint64_t value;
	enum efimap_reach reach;
	const struct efimap_entry *entry;
};

#define EFIMAP_MAX_POINTERS 6

/**
 * efimap_physical_mode() - the pointers that the capture knows
 *
 * Tables that only the kernel reads (ACPI) are not asked about.
 */
int efimap_physical_mode(const struct efimap *map,
			 struct efimap_pointer ret_pointers[EFIMAP_MAX_POINTERS],
			 size_t *ret_count);

#endif
