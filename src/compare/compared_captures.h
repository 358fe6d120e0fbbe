/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input of the rules of compare: the two captures, their relation, and their differences. It
 * is computed before any rule runs; c->data points to it.
 */
#ifndef COMPARE_COMPARED_CAPTURES_H
#define COMPARE_COMPARED_CAPTURES_H

#include "compare/comparison.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"

/* compare_predicates - the rule functions of this directory, by enum efimap_rule_id */
extern rule_predicate_fn *const compare_predicates[EFIMAP_RULE_COUNT];

/* --- the entries of two captures, matched by physical range --- */

/*
 * struct unmatched_entry - an entry without a partner of the same range
 * @span:    the part of its range that no earlier entry of the same capture covers
 * @dead:    @span is empty
 * @covered: bytes of @span that entries of the other capture cover
 * @partner: entry of the other capture at the same physical address, or NULL
 * @in_page: the other capture has the same entry with another offset within the page
 */
struct unmatched_entry {
	const struct efimap_entry *entry;
	struct efimap_span span;
	bool dead;
	uint64_t covered;
	const struct efimap_entry *partner;
	bool in_page;
};

/*
 * struct matched_entries - two entries with memory in common
 * @span:      the common memory, if @unmatched is not NULL
 * @unmatched: NULL if both cover the same pages; otherwise that of @first
 * @other:     that of @second, or NULL if the range of @second is invalid
 */
struct matched_entries {
	const struct efimap_entry *first;
	const struct efimap_entry *second;
	struct efimap_span span;
	struct unmatched_entry *unmatched;
	const struct unmatched_entry *other;
};

/* unmatched_is_covered() - Return whether the other capture covers the whole span */
static inline bool unmatched_is_covered(const struct unmatched_entry *unmatched)
{
	return !unmatched->dead &&
	       unmatched->covered == efimap_span_bytes(unmatched->span);
}

/*
 * struct side - one capture during matching
 * @sound:     entries with a valid range, sorted by phys, pages and mapping; an element becomes
 *             NULL when a partner is found
 * @unsound:   entries without pages or with a range that wraps; also sorted, with NULL elements
 * @unmatched: sorted by start
 */
struct side {
	const struct efimap *map;
	const struct efimap_entry **sound;
	size_t n_sound;
	const struct efimap_entry **unsound;
	size_t n_unsound;
	struct unmatched_entry *unmatched;
	size_t n_unmatched;
};

/*
 * struct matching - the matched entries; @pairs has two runs, each sorted by the start of the
 * common memory
 */
struct matching {
	struct side first;
	struct side second;
	struct matched_entries *pairs;
	size_t n_pairs;
};

/*
 * matching_make() - Match entries by physical range. Call matching_free() even after a failure.
 */
int matching_make(const struct efimap *first, const struct efimap *second,
		  struct matching *matching);
void matching_free(struct matching *matching);

/*
 * has_same_mapping() - Return whether two entries describe the same mapping. The number is
 * ignored, and so is EFI_MEMORY_RUNTIME of boot services regions, which a kernel may set itself.
 */
bool has_same_mapping(const struct efimap_entry *a, const struct efimap_entry *b);

/* mapping_attribute() - Return the attributes that has_same_mapping() compares. */
uint64_t mapping_attribute(const struct efimap_entry *entry);

/* --- the input of the rules --- */

/*
 * struct difference - a difference between the two maps, and the rule that reports it
 * @as:     the variant of the rule
 * @entry:  the entry of FIRST; of SECOND if FIRST has none
 * @other:  its partner in SECOND, or NULL
 * @at:     physical address where the common memory starts
 * @first:  virtual address of @at in FIRST
 * @second: virtual address of @at in SECOND
 */
struct difference {
	enum efimap_rule_id rule;
	enum rule_variant_id as;
	const struct efimap_entry *entry;
	const struct efimap_entry *other;
	uint64_t at, first, second;
};

/*
 * enum arrival - the order in which SECOND has the entries; ARRIVAL_UNKNOWN if it does not matter
 */
enum arrival {
	ARRIVAL_UNKNOWN,
	ARRIVAL_BY_NUMBER,
	ARRIVAL_LISTED,
	ARRIVAL_LISTED_AGAIN,
	ARRIVAL_OTHER,
};

/*
 * struct hidden - the first address of FIRST that SECOND maps to other memory
 * @by:    an entry of SECOND, or NULL
 * @entry: the entry of FIRST
 * @virt:  virtual address that the firmware uses
 * @phys:  physical address that FIRST maps there
 */
struct hidden {
	const struct efimap_entry *by;
	const struct efimap_entry *entry;
	uint64_t virt;
	uint64_t phys;
	bool is_code;
};

/*
 * struct compared_captures - input of the rules. The caller sets the first three members, zeroes
 * the others, and calls compared_free().
 * @result:             its relation is set first
 * @why_other_machine_known:evidence that the captures are of different machines, or NULL
 * @error:              the first error while differences are collected
 * @spans:              ranges of SECOND
 * @runtime_entry:      entry of FIRST that contains its `runtime`, or NULL
 * @runtime:            virtual address of `runtime`
 * @runtime_phys:       physical address of `runtime`
 */
struct compared_captures {
	const struct efimap *first;
	const struct efimap *second;
	struct efimap_comparison *result;
	const char *why_other_machine_known;
	struct matching matching;
	struct difference *differences;
	size_t n_differences;
	size_t capacity;
	int error;
	enum arrival arrival;
	struct spans spans;
	const struct efimap_entry *runtime_entry;
	uint64_t runtime, runtime_phys;
	struct hidden hidden;
};

static inline const struct compared_captures *compared_of(const struct capture_facts *c)
{
	return c->data;
}

/*
 * compare_maps() - Compare the runtime maps and fill the rows of the result; 0 or a negative
 * errno
 */
int compare_maps(struct compared_captures *compared);
/* compare_environment() - Compare everything but the runtime maps; 0 or a negative errno */
int compare_environment(struct compared_captures *compared);

/*
 * find_relation() - Find the relation of SECOND to FIRST, whose entries are matched already
 *
 * @ret_why receives the evidence of another machine, to follow "another machine than FIRST", or
 * NULL.
 */
enum efimap_relation find_relation(const struct matching *matching, const char **ret_why);

/* compared_are_kexec_pair() - Return whether SECOND was or may have been started by kexec */
static inline bool compared_are_kexec_pair(const struct compared_captures *compared)
{
	return compared->result->relation == EFIMAP_RELATION_KEXEC ||
	       compared->result->relation == EFIMAP_RELATION_UNKNOWN;
}

/* compared_are_unrelated() - Return whether FIRST cannot have passed anything to SECOND */
static inline bool compared_are_unrelated(const struct compared_captures *compared)
{
	return !compared_are_kexec_pair(compared) &&
	       compared->result->relation != EFIMAP_RELATION_SELF;
}

/*
 * compared_are_comparable() - Return whether the maps can be compared
 *
 * If FIRST has no map, the entries of SECOND are extra, unless the map of FIRST was not
 * collected.
 */
static inline bool compared_are_comparable(const struct compared_captures *compared)
{
	return compared->second->n_entries > 0 && !efimap_why_unknown(compared->first);
}

/* compared_have() - Return whether both captures have a source */
static inline bool compared_have(const struct compared_captures *compared,
				 enum efimap_source source)
{
	return efimap_has(compared->first, source) &&
	       efimap_has(compared->second, source);
}

/* compared_have_system_table() - Return whether boot_params of both has a system table */
static inline bool compared_have_system_table(const struct compared_captures *compared)
{
	return compared_have(compared, EFIMAP_SRC_BOOT_PARAMS) &&
	       compared->first->boot_params.efi_info.systab != 0 &&
	       compared->second->boot_params.efi_info.systab != 0;
}

#endif
