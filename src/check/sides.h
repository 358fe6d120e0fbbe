/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the files of compare share. Findings are made as verify's are (check.h), on
 * FIRST; each gets what the two sides say.
 */
#ifndef CHECK_SIDES_H
#define CHECK_SIDES_H

#include "model/comparison.h"
#include "check/check.h"

/*
 * struct pair - two entries that share memory
 * @whole: they cover the same pages; else they share what @span says
 */
struct pair {
	size_t first;
	size_t second;
	struct efimap_span span;
	bool whole;
};

/*
 * struct rest - an entry without a partner of the same range
 * @position: in its capture's entries
 * @span:     what of its range no earlier entry of the same capture covers
 * @dead:     nothing is left of it
 * @covered:  bytes of @span that entries of the other capture cover
 * @partner:  position in the other capture of an entry that starts where it does, or
 *            EFIMAP_NO_ENTRY
 * @partners: how many cover it
 */
struct rest {
	size_t position;
	struct efimap_span span;
	bool dead;
	uint64_t covered;
	size_t partner;
	size_t partners;
};

/* rest_is_covered() - is all of it in the other capture too? */
static inline bool rest_is_covered(const struct rest *rest)
{
	return !rest->dead && rest->covered == efimap_span_bytes(rest->span);
}

/*
 * struct side - one capture while it is matched
 * @keys:    entries whose range exists, ascending by phys, pages, content
 * @unsound: entries without pages, or whose range wraps; likewise
 * @rests:   ascending by start; positions of @rest_of lead here
 * @rest_of: per position in the entries: its rest, or EFIMAP_NO_ENTRY
 * @used:    per position: is it in a pair?
 */
struct side {
	const struct efimap *map;
	struct efimap_key *keys;
	size_t n_keys;
	struct efimap_key *unsound;
	size_t n_unsound;
	struct rest *rests;
	size_t n_rests;
	size_t *rest_of;
	bool *used;
};

/* struct matching - who is whose partner; @pairs ascending by shared start in two runs */
struct matching {
	struct side first;
	struct side second;
	struct pair *pairs;
	size_t n_pairs;
};

/* matching_make() - match by physical range; free with matching_free() in any case */
int matching_make(const struct efimap *first, const struct efimap *second,
		  struct matching *matching);
void matching_free(struct matching *matching);

/*
 * same_promise() - do two entries promise the same? The number, and EFI_MEMORY_RUNTIME of
 * boot services, which every kernel sets for reasons of its own, are no part of it.
 */
bool same_promise(const struct efimap_entry *a, const struct efimap_entry *b);

/* The attributes without what same_promise() leaves out. */
uint64_t promised_attribute(const struct efimap_entry *entry);

/*
 * struct compare - one run
 * @check:   makes the findings, its map is FIRST
 * @result:  what is filled
 * @tried:   comparisons that could be made
 */
struct compare {
	struct check check;
	const struct efimap *first;
	const struct efimap *second;
	struct efimap_comparison *result;
	struct matching matching;
	size_t tried;
};

/*
 * compare_wants() - may this rule be tried? False where a source that it needs was not
 * read on either side: the skip is noted.
 */
bool compare_wants(struct compare *c, enum efimap_rule_id rule);
/*
 * compare_wrong_address() - what follows from an address that is not the firmware's: of
 * FW_VENDOR, CONFIG_TABLE, or a table that SYSTAB names
 */
enum efimap_consequence compare_wrong_address(enum efimap_source source, uint64_t address);

/* compare_sides() - what the two say, for the finding made last; NULL for nothing */
void compare_sides(struct compare *c, const char *first, const char *second);
/* compare_sides_hex() - the same for two numbers */
void compare_sides_hex(struct compare *c, uint64_t first, uint64_t second);

/* compare_relation() - what SECOND is to FIRST */
enum efimap_relation compare_relation(const struct efimap *first,
				      const struct efimap *second);

/* Has a kernel handed something over to SECOND, as far as we know? */
static inline bool compare_is_handover(const struct compare *c)
{
	return c->result->relation == EFIMAP_RELATION_KEXEC ||
	       c->result->relation == EFIMAP_RELATION_UNKNOWN;
}

/* Are virtual addresses of the two about the same SetVirtualAddressMap? */
static inline bool compare_is_same_power_cycle(const struct compare *c)
{
	return compare_is_handover(c) || c->result->relation == EFIMAP_RELATION_SELF;
}

/* compare_add_match() - a row; there is room for all (compare_entries()) */
void compare_add_match(struct compare *c, size_t first, size_t second,
		       enum efimap_mark mark);
/* compare_sort_matches() - ascending by physical address; 0 or -ENOMEM */
int compare_sort_matches(struct compare *c);

/* The families, in the order of the catalogue. */
void compare_boot(struct compare *c);
void compare_entries(struct compare *c);
void compare_order(struct compare *c);
void compare_pointers(struct compare *c);
void compare_setup_data(struct compare *c);
void compare_memmap(struct compare *c);
void compare_version(struct compare *c);

#endif
