/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in generated captures. Most faults are detected by comparing several values of a capture.
 * Rules that check a single value are tested with fixtures instead.
 */
#ifndef TESTS_GENERATE_FAULTS_H
#define TESTS_GENERATE_FAULTS_H

#include "capture/kexec_segments.h"
#include "machine.h"
#include "answer/verify.h"

enum judging_command {
	COMMAND_VERIFY,
	COMMAND_COMPARE,
	COMMAND_RECEIVED,
};

/*
 * struct victim - a capture that receives a fault
 * @map:   the capture, which the fault changes
 * @first: for COMMAND_COMPARE, the capture of the previous kernel; otherwise NULL
 * @index: the index of the entry that the finding must name, or EFIMAP_NO_INDEX if any finding is
 *         accepted
 */
struct victim {
	struct dice *dice;
	const struct kernel *kernel;
	struct efimap *map;
	const struct efimap *first;
	struct verify_options options;
	struct segments segments;
	uint32_t index;
};

/*
 * struct fault - a row of a fault table
 * @apply: change the capture; return false if the capture cannot have the fault
 * @rule:  the rule that must report the entry with the fault
 * @other: a rule that may report the fault instead, for any entry; equals @rule if there is none
 */
struct fault {
	const char *name;
	enum judging_command command;
	bool (*apply)(struct victim *victim);
	enum rule_id rule;
	enum rule_id other;
};

#define FAULT(command, name, apply, rule)                                                          \
	{                                                                                          \
		name, COMMAND_##command, apply, EFIMAP_RULE_##rule, EFIMAP_RULE_##rule             \
	}
#define FAULT_OR(command, name, apply, rule, other)                                                \
	{                                                                                          \
		name, COMMAND_##command, apply, EFIMAP_RULE_##rule, EFIMAP_RULE_##other            \
	}

/* A row without a name ends a table. */
extern const struct fault faults_map[];
extern const struct fault faults_tables[];
extern const struct fault faults_drift[];

typedef bool victim_takes(const struct victim *victim, const struct map_entry *entry);

/* Return a random entry that @takes accepts, or NULL, and set @victim->index to its index. */
struct map_entry *victim_pick(struct victim *victim, victim_takes *takes);
struct map_entry *victim_other(struct victim *victim, const struct map_entry *entry);
void victim_remove(struct victim *victim, size_t position);
void victim_add(struct victim *victim, struct map_entry entry);
bool victim_is_in_efi_va_range(const struct victim *victim);
uint64_t victim_free_ram(struct victim *victim);

victim_takes victim_takes_all;
/* victim_takes_runtime() accepts no boot services entries. */
victim_takes victim_takes_runtime;
victim_takes victim_takes_services;

static inline struct span victim_span(const struct map_entry *entry)
{
	struct span span = { 0, 0 };

	(void)entry_phys(entry, &span);
	return span;
}

#endif
