/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <inttypes.h>

#include "base/cleanup.h"
#include "compare/compare.h"
#include "faults.h"
#include "check_story.h"
#include "compare/received.h"
#include "answer/verify.h"

bool victim_takes_all(const struct victim *victim, const struct map_entry *entry)
{
	return true;
}

bool victim_takes_runtime(const struct victim *victim, const struct map_entry *entry)
{
	return entry_is_runtime(entry) && !entry_is_boot_services(entry);
}

bool victim_takes_services(const struct victim *victim, const struct map_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE || entry->type == EFIMAP_TYPE_RUNTIME_DATA;
}

struct map_entry *victim_pick(struct victim *victim, victim_takes *takes)
{
	struct map_entry *found = NULL;
	uint64_t seen = 0;

	for (size_t i = 0; i < victim->map->n_entries; i++)
		if (takes(victim, &victim->map->entries[i]) &&
		    dice_below(victim->dice, ++seen) == 0)
			found = &victim->map->entries[i];
	if (found)
		victim->index = found->index;
	return found;
}

struct map_entry *victim_other(struct victim *victim, const struct map_entry *entry)
{
	const size_t count = victim->map->n_entries;
	const size_t at = (size_t)(entry - victim->map->entries);

	if (count < 2)
		return NULL;
	return &victim->map->entries[(at + dice_between(victim->dice, 1, count - 1)) % count];
}

void victim_remove(struct victim *victim, size_t position)
{
	struct efimap *map = victim->map;

	map->n_entries--;
	map->n_names--;
	memmove(&map->entries[position], &map->entries[position + 1],
		(map->n_entries - position) * sizeof(map->entries[0]));
	for (size_t i = position; i < map->n_entries; i++)
		map->entries[i].index = (uint32_t)i;
}

void victim_add(struct victim *victim, struct map_entry entry)
{
	entry.index = (uint32_t)victim->map->n_entries;
	victim->index = entry.index;
	must(capture_add_entry(victim->map, &entry));
	must(capture_add_name(victim->map, entry.index));
}

bool victim_is_in_efi_va_range(const struct victim *victim)
{
	return victim->map->n_entries > 0 && !victim->kernel->machine->is_32bit &&
	       !victim->kernel->old_map;
}

static bool is_in_map(const struct efimap *map, uint64_t address)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (span_has(victim_span(&map->entries[i]), address))
			return true;
	return false;
}

uint64_t victim_free_ram(struct victim *victim)
{
	const struct efimap *map = victim->map;

	for (unsigned int tries = 0; tries < 8 && map->n_memmap > 0; tries++) {
		const struct memory_range *range =
			&map->memmap[dice_below(victim->dice, map->n_memmap)];
		const uint64_t first = (range->start + 0xfff) & ~UINT64_C(0xfff);
		uint64_t address;

		if (strcmp(range->label, "System RAM") != 0 || first < MIB ||
		    range->end - range->start < 2 * EFIMAP_PAGE_SIZE)
			continue;
		address = first + dice_below(victim->dice, (range->end - first) / 0x1000) *
					  EFIMAP_PAGE_SIZE;
		if (!is_in_map(map, address))
			return address;
	}
	return 0;
}

#define MAX_TRIES 60

static const struct fault *const tables[] = { faults_map, faults_tables, faults_drift };

const struct fault *fault_get(size_t number)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (size_t row = 0; tables[i][row].name; row++)
			if (number-- == 0)
				return &tables[i][row];
	return NULL;
}

size_t fault_count(void)
{
	size_t count = 1;

	while (fault_get(count))
		count++;
	return count;
}

static bool has_entry(const struct finding *finding, uint32_t index)
{
	if (index == EFIMAP_NO_INDEX)
		return true;
	for (size_t i = 0; i < finding->n_entries; i++)
		if (finding->entries[i] == index)
			return true;
	return false;
}

static bool is_found(const struct report *report, const struct fault *fault, uint32_t index)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding->rule->id == fault->rule && has_entry(finding, index))
			return true;
		if (finding->rule->id == fault->other && fault->other != fault->rule)
			return true;
	}
	return false;
}

static struct report *run_compare(const struct victim *victim)
{
	auto_comparison struct comparison *comparison = NULL;

	must(compare_captures(victim->first, victim->map, NULL, &comparison));
	return steal(comparison->report);
}

static struct report *run_received(const struct victim *victim)
{
	auto_received struct received *received = NULL;

	must(judge_received(victim->map, &received));
	return steal(received->report);
}

static struct report *check(const struct victim *victim, enum judging_command command)
{
	struct report *report = NULL;

	switch (command) {
	case COMMAND_VERIFY:
		must(verify_capture(victim->map, &victim->options, &report));
		return report;
	case COMMAND_COMPARE:
		return run_compare(victim);
	case COMMAND_RECEIVED:
		return run_received(victim);
	}
	return NULL;
}

static void report_miss(const struct victim *victim, const struct fault *fault,
			const struct report *report, FILE *out)
{
	fprintf(out, "missed: %s; %s does not report it", fault->name, rule_get(fault->rule)->name);
	if (victim->index != EFIMAP_NO_INDEX)
		fprintf(out, " for entry %" PRIu32, victim->index);
	fprintf(out, "; findings:\n");
	if (report)
		print_findings(report, EFIMAP_NOTE, out);
	if (victim->first)
		print_capture(victim->first, out);
	print_capture(victim->map, out);
}

/*
 * Put the fault into the capture, and run the command. Return 1 if the fault is reported, 0 if not,
 * and -1 if the capture cannot have the fault or may have the same warning without the fault.
 */
static int try(struct victim *victim, const struct fault *fault, FILE *out)
{
	auto_report struct report *report = NULL;
	int found;

	if (may_warn(victim->kernel, fault->rule))
		return -1;
	victim->index = EFIMAP_NO_INDEX;
	if (!fault->apply(victim))
		return -1;
	seal(victim->map);
	report = check(victim, fault->command);
	found = report && is_found(report, fault, victim->index);
	if (!found && out)
		report_miss(victim, fault, report, out);
	return found;
}

static int try_story(struct story *story, const struct fault *fault, struct dice *dice, FILE *out)
{
	const bool second = fault->command == COMMAND_COMPARE || fault->command == COMMAND_RECEIVED;
	auto_map struct efimap *first = NULL, *map = NULL;
	struct victim victim = { .dice = dice };
	size_t at;

	story_generate(story, dice);
	if (second && story->count < 2)
		return -1;
	at = second ? 1 + dice_index(dice, story->count - 1) : dice_index(dice, story->count);
	victim.kernel = &story->kernels[at];
	victim.map = map = capture_make(victim.kernel, dice, true);
	if (fault->command == COMMAND_COMPARE)
		victim.first = first = capture_make(victim.kernel->before, dice, true);
	return try(&victim, fault, out);
}

bool check_fault(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out)
{
	struct dice dice = dice_for(~seed, number);
	const size_t row = (size_t)(number % fault_count());
	int found = -1;

	for (unsigned int tries = 0; found < 0 && tries < MAX_TRIES; tries++)
		found = try_story(story, fault_get(row), &dice, out);
	tally->faults += found >= 0;
	tally->applied[row] += found >= 0;
	tally->found[row] += found > 0;
	return found != 0;
}
