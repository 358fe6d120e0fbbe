/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The input of the rules of compare, which is computed before any rule runs. facts_for_rules.data
 * points to struct compared_captures.
 */
#ifndef COMPARE_COMPARED_CAPTURES_H
#define COMPARE_COMPARED_CAPTURES_H

#include "compare/comparison.h"
#include "compare/match_entries.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"

/* The rule functions of this directory, indexed by enum rule_id. */
extern rule_predicate_fn *const compare_predicates[EFIMAP_RULE_COUNT];

/*
 * A difference between the runtime maps of FIRST and SECOND. The addresses are set only for
 * drift-virt.
 *
 * @rule:   the rule that reports the difference
 * @as:     the variant of the rule
 * @entry:  the entry of FIRST, or of SECOND if FIRST has no such entry
 * @other:  the matching entry of SECOND, or NULL
 * @at:     physical address where the common memory starts
 * @first:  virtual address of @at in FIRST
 * @second: virtual address of @at in SECOND
 */
struct difference {
	enum rule_id rule;
	enum rule_variant_id as;
	const struct map_entry *entry;
	const struct map_entry *other;
	uint64_t at, first, second;
};

/*
 * The first virtual address that the firmware uses and that FIRST and SECOND map to different
 * memory.
 *
 * @by:      the entry of SECOND that maps @virt, or NULL if no address is remapped
 * @entry:   the entry of FIRST that maps @virt
 * @phys:    physical address to which FIRST maps @virt
 * @is_code: @virt is the address of code, not of the runtime services table
 */
struct remapped_address {
	const struct map_entry *by;
	const struct map_entry *entry;
	uint64_t virt;
	uint64_t phys;
	bool is_code;
};

/*
 * The captures, and the facts about both that the rules use.
 *
 * @why_other_machine: evidence that the captures are of different machines, or NULL
 * @spans:             memory ranges of SECOND
 * @runtime_entry:     entry of FIRST that contains the runtime services table, or NULL
 * @runtime:           virtual address of the runtime services table
 * @runtime_phys:      physical address of the runtime services table
 */
struct compared_captures {
	const struct efimap *first;
	const struct efimap *second;
	struct comparison *result;
	const char *why_other_machine;
	struct matching matching;
	struct difference *differences;
	size_t n_differences;
	size_t capacity;
	struct spans spans;
	const struct map_entry *runtime_entry;
	uint64_t runtime, runtime_phys;
	struct remapped_address remapped;
};

static inline const struct compared_captures *compared_of(const struct facts_for_rules *c)
{
	return c->data;
}

/* Compare the maps, and fill the rows of the result. */
void compare_maps(struct compared_captures *compared);

/*
 * Set @compared->remapped and the members about the runtime services table, and collect the memory
 * ranges of SECOND.
 */
void compare_environment(struct compared_captures *compared);

/* Return whether kexec started, or may have started, SECOND from FIRST. */
static inline bool compared_are_kexec_pair(const struct compared_captures *compared)
{
	return compared->result->relation == EFIMAP_RELATION_KEXEC ||
	       compared->result->relation == EFIMAP_RELATION_UNKNOWN;
}

/* Return whether the captures are of different boots, and kexec did not start SECOND from FIRST. */
static inline bool compared_are_unrelated(const struct compared_captures *compared)
{
	return !compared_are_kexec_pair(compared) &&
	       compared->result->relation != EFIMAP_RELATION_SELF;
}

/*
 * Return whether the maps can be compared: SECOND has entries, and FIRST shows whether it has a
 * map. If FIRST has no map, all entries of SECOND are extra.
 */
static inline bool compared_are_comparable(const struct compared_captures *compared)
{
	return compared->second->n_entries > 0 && !why_map_unknown(compared->first);
}

/* Return whether SECOND received EFI data, but has no EFI or no EFI runtime services. */
static inline bool compared_are_unusable(const struct compared_captures *compared)
{
	return compared->result->received &&
	       compared->result->received->verdict == EFIMAP_VERDICT_RECEIVED_UNUSABLE;
}

static inline bool compared_have(const struct compared_captures *compared, enum source source)
{
	return capture_has(compared->first, source) && capture_has(compared->second, source);
}

static inline bool compared_have_system_table(const struct compared_captures *compared)
{
	return compared_have(compared, EFIMAP_SRC_BOOT_PARAMS) &&
	       compared->first->boot_params.efi_info.systab != 0 &&
	       compared->second->boot_params.efi_info.systab != 0;
}

#endif
