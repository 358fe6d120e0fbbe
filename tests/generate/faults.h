/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One fault in a healthy capture. A row of a table says what is wrong then, which rule
 * must say so, and how badly at least. Here are the faults that depend on where the rest
 * of the machine lies; what a rule sees in one value by itself, its fixture holds.
 */
#ifndef TESTS_GENERATE_FAULTS_H
#define TESTS_GENERATE_FAULTS_H

#include "capture/kexec_segments.h"
#include "machine.h"
#include "answer/verify.h"

/* enum judging_command - which command must find it */
enum judging_command {
	COMMAND_VERIFY,
	COMMAND_COMPARE,
	COMMAND_RECEIVED,
};

/*
 * struct victim - the capture that gets a fault
 * @kernel:  whose it is
 * @map:     the capture, to be changed
 * @first:   of the kernel before, for compare; stays as it is
 * @options: for verify
 * @index:   the entry on which the finding must lie, EFIMAP_NO_INDEX for none
 */
struct victim {
	struct dice *dice;
	const struct kernel *kernel;
	struct efimap *map;
	const struct efimap *first;
	struct efimap_verify_options options;
	struct efimap_segments segments;
	uint32_t index;
};

/*
 * struct fault - a row
 * @apply: false, and nothing changed, where the fault cannot be put into this capture
 * @rule:  must speak on the entry with the fault
 * @other: or this one, which says the same in other words, perhaps of the entry beside it
 */
struct fault {
	const char *name;
	enum judging_command command;
	bool (*apply)(struct victim *victim);
	enum efimap_rule_id rule;
	enum efimap_rule_id other;
};

#define FAULT(command, name, apply, rule)                                                \
	{                                                                                \
		name, COMMAND_##command, apply, EFIMAP_RULE_##rule, EFIMAP_RULE_##rule   \
	}
#define FAULT_OR(command, name, apply, rule, other)                                      \
	{                                                                                \
		name, COMMAND_##command, apply, EFIMAP_RULE_##rule, EFIMAP_RULE_##other  \
	}

/* The tables, each in the file of its name; a row without a name ends one. */
extern const struct fault faults_map[];
extern const struct fault faults_tables[];
extern const struct fault faults_drift[];

/* What decides whether an entry can have a fault. */
typedef bool victim_takes(const struct victim *victim, const struct efimap_entry *entry);

/* victim_pick() - a random entry of those, noted as the one to be found; or NULL */
struct efimap_entry *victim_pick(struct victim *victim, victim_takes *takes);
/* victim_other() - a random entry that is not @entry, or NULL */
struct efimap_entry *victim_other(struct victim *victim,
				  const struct efimap_entry *entry);
/* victim_remove() - take an entry out; the others are numbered anew */
void victim_remove(struct victim *victim, size_t position);
/* victim_add() - one more entry, with the next number */
void victim_add(struct victim *victim, struct efimap_entry entry);
/* victim_is_in_efi_va_range() - are its entries mapped in the EFI window? */
bool victim_is_in_efi_va_range(const struct victim *victim);
/* victim_free_ram() - a page of System RAM by memmap that no entry has; 0 for none */
uint64_t victim_free_ram(struct victim *victim);

victim_takes victim_takes_all;
victim_takes victim_takes_runtime;  /* with RUNTIME, and no boot services */
victim_takes victim_takes_services; /* runtime code and data */

/* victim_span() - of an entry that has one */
static inline struct efimap_span victim_span(const struct efimap_entry *entry)
{
	struct efimap_span span = { 0, 0 };

	(void)efimap_entry_phys(entry, &span);
	return span;
}

#endif
