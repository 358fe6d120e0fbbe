/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading and shape of the map: is it there, complete, readable, and small enough for the
 * next kernel? Looks at no value of an entry.
 */
#include <string.h>

#include "infer/architecture.h"
#include "infer/runtime_services_off.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"

/* mm/early_ioremap.c: NR_FIX_BTMAPS pages for one mapping, page offset included */
#define MAPPABLE_BYTES (64 * EFIMAP_PAGE_SIZE)
/* kexec-tools: sizeof(struct efi_mem_descriptor), page-aligned */
#define TOOLS_MAX (MAPPABLE_BYTES / 40)
/* kexec_file_load: the firmware's stride, 16-byte aligned, at any offset in a page */
#define FILE_MAX (MAPPABLE_BYTES / 48)
#define FILE_SAFE ((MAPPABLE_BYTES - EFIMAP_PAGE_SIZE + 16) / 48)
#define WARN_PERCENT 80
/* Real firmware has 3 to 28 entries, the largest servers about 100. */
#define MANY 128

/* Is the reason on the command line? */
static bool is_switched_off(const char *reason)
{
	return strcmp(reason, "noefi") == 0 || strcmp(reason, "efi=noruntime") == 0;
}

bool rule_map_absent(const struct check *c, struct say *say)
{
	const char *why = efimap_why_unknown(c->map);
	const bool is_too_old = efimap_is_before_runtime_map(c->map);

	if (c->map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_ABSENT && !is_too_old)
		return false;
	if (why) {
		say_text(say, SAY_WHY, why);
		return say_skip(say, AS_USUAL);
	}
	if (!c->runtime_off)
		return true;
	/* One cause, one finding. */
	if (is_switched_off(c->runtime_off) && check_speaks(c, EFIMAP_RULE_RUNTIME_OFF))
		return false;
	/* Others hand EFI on in the device tree. */
	say_as(say, efimap_is_other_architecture(c->map) ? AS_FOREIGN : AS_EXPLAINED);
	say_text(say, SAY_WHY, c->runtime_off);
	say_text(say, SAY_IN_WORDS, efimap_runtime_services_off_text(c->map));
	if (is_too_old)
		say_text(say, SAY_RELEASE, c->map->release.text);
	else if (*c->map->cmdline)
		say_text(say, SAY_CMDLINE, c->map->cmdline);
	return true;
}

/* A directory that could not be read has a fault; the entry of any other is there. */
static bool is_any_unread(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == EFIMAP_SRC_RUNTIME_MAP &&
		    map->faults[i].kind != EFIMAP_FAULT_NAME &&
		    map->faults[i].kind != EFIMAP_FAULT_EXTRA)
			return true;
	return false;
}

static bool is_empty(const struct efimap *map)
{
	return map->n_entries == 0 && (map->n_names == 0 || !is_any_unread(map));
}

bool rule_map_empty(const struct check *c, struct say *say)
{
	if (!is_empty(c->map))
		return false;
	return c->torn ? say_torn(say) : true;
}

bool rule_map_index_gap(const struct check *c, struct say *say)
{
	const uint32_t *names = c->map->names;
	const size_t count = c->map->n_names;
	size_t missing = 0;

	if (is_empty(c->map) || count == 0)
		return false;
	say_number(say, SAY_NAMES, count);
	say_number(say, SAY_ENTRIES, c->map->n_entries);
	/* Only a snapshot that somebody changed has fewer entries than directories. */
	if (names[count - 1] < count) {
		say_as(say, AS_CHANGED);
		return c->map->n_entries < count && !is_any_unread(c->map);
	}
	while (names[missing] == missing)
		missing++;
	say_number(say, SAY_MISSING, missing);
	say_number(say, SAY_LAST, names[count - 1]);
	return true;
}

void check_walk_map_faults(struct check *c)
{
	for (size_t i = 0; i < c->map->n_faults && !c->error; i++)
		if (c->map->faults[i].source == EFIMAP_SRC_RUNTIME_MAP)
			check_visit(c, &(const struct subject){
					       .thing = &c->map->faults[i] });
}

static void say_map_fault(struct say *say, const struct efimap_fault *fault)
{
	say_text(say, SAY_WHERE, fault->where);
	say_text(say, SAY_FAULT, fault->text);
	if (fault->index != EFIMAP_NO_INDEX)
		say_index(say, fault->index);
}

bool rule_map_directory_name(const struct check *c, struct say *say)
{
	const struct efimap_fault *fault = say->thing;

	say_map_fault(say, fault);
	return fault->kind == EFIMAP_FAULT_NAME;
}

/* What the next kernel makes of a wrong value in this file (the fault matrix). */
static enum efimap_outcome consequence_of(const char *where)
{
	static const struct {
		const char *file;
		enum efimap_outcome consequence;
	} files[] = {
		{ "phys_addr", EFIMAP_OUTCOME_NO_BOOT },
		{ "virt_addr", EFIMAP_OUTCOME_NO_RUNTIME },
		{ "num_pages", EFIMAP_OUTCOME_NO_RUNTIME },
		{ "type", EFIMAP_OUTCOME_NO_RUNTIME },
		{ "attribute", EFIMAP_OUTCOME_NONE },
	};
	const char *slash = strrchr(where, '/');
	const char *file = slash ? slash + 1 : where;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].file, file) == 0)
			return files[i].consequence;
	return EFIMAP_OUTCOME_NO_BOOT;
}

static bool is_unreadable_file(const struct efimap_fault *fault)
{
	return fault->source == EFIMAP_SRC_RUNTIME_MAP &&
	       (fault->kind == EFIMAP_FAULT_MISSING ||
		fault->kind == EFIMAP_FAULT_DENIED || fault->kind == EFIMAP_FAULT_EMPTY ||
		fault->kind == EFIMAP_FAULT_NOT_A_FILE || fault->kind == EFIMAP_FAULT_IO);
}

/* Files of one entry that fail for the same reason are one finding. */
static bool is_same_cause(const struct efimap_fault *a, const struct efimap_fault *b)
{
	return a->index != EFIMAP_NO_INDEX && a->index == b->index &&
	       a->kind == b->kind && is_unreadable_file(a) && is_unreadable_file(b);
}

/* The first of them is said already; the worst of all counts. */
static void say_same_causes(const struct check *c, const struct efimap_fault *fault,
			    struct say *say)
{
	const struct efimap_fault *end = c->map->faults + c->map->n_faults;
	enum efimap_outcome worst = consequence_of(fault->where);

	for (fault++; fault < end && is_same_cause(fault - 1, fault); fault++) {
		const enum efimap_outcome other = consequence_of(fault->where);

		worst = other > worst ? other : worst;
		say_evidence(say, fault->where, "%s", fault->text);
	}
	say_consequence(say, worst);
}

bool rule_map_file_unreadable(const struct check *c, struct say *say)
{
	const struct efimap_fault *fault = say->thing;

	if (!is_unreadable_file(fault) ||
	    (fault > c->map->faults && is_same_cause(fault - 1, fault)))
		return false;
	say_map_fault(say, fault);
	say_same_causes(c, fault, say);
	return true;
}

bool rule_map_value_syntax(const struct check *c, struct say *say)
{
	const struct efimap_fault *fault = say->thing;

	say_map_fault(say, fault);
	say_consequence(say, consequence_of(fault->where));
	return fault->kind == EFIMAP_FAULT_SYNTAX || fault->kind == EFIMAP_FAULT_TOO_LONG;
}

/* A kernel that has more files has them everywhere. */
bool rule_map_extra_file(const struct check *c, struct say *say)
{
	const struct efimap_fault *fault = say->thing;

	say_map_fault(say, fault);
	return fault->kind == EFIMAP_FAULT_EXTRA;
}

static uint64_t count_entries(const struct efimap *map)
{
	return map->n_names > map->n_entries ? map->n_names : map->n_entries;
}

static bool is_close_to_limit(uint64_t count)
{
	return count * 100 >= TOOLS_MAX * WARN_PERCENT;
}

bool rule_map_too_big(const struct check *c, struct say *say)
{
	const uint64_t count = count_entries(c->map);

	if (count <= FILE_SAFE)
		say_as(say, AS_CLOSE);
	else if (count <= FILE_MAX)
		say_as(say, AS_PERHAPS);
	else if (count <= TOOLS_MAX)
		say_as(say, AS_FILE);
	say_number(say, SAY_ENTRIES, count);
	say_number(say, SAY_TOOLS_MAX, TOOLS_MAX);
	return is_close_to_limit(count);
}

/* Boot services without RUNTIME are what efi=debug keeps. */
static bool keeps_boot_services(const struct check *c)
{
	return efimap_has(c->map, EFIMAP_SRC_CMDLINE) ? c->efi_debug : c->has_unmarked;
}

static bool is_too_many(const struct check *c, uint64_t count)
{
	return count > MANY && !c->mixed_mode && !keeps_boot_services(c) &&
	       !(is_close_to_limit(count) && check_speaks(c, EFIMAP_RULE_MAP_TOO_BIG));
}

bool rule_map_entry_count(const struct check *c, struct say *say)
{
	const uint64_t count = count_entries(c->map);

	say_number(say, SAY_ENTRIES, count);
	if (count == 1 && c->torn)
		return say_torn(say);
	return count == 1 || is_too_many(c, count);
}

/* Is it the list of configuration tables that the log has not as the kernel printed it? */
static bool is_of_tables(const struct efimap_fault *fault)
{
	return strcmp(fault->where, efimap_source_path(EFIMAP_SRC_CONFIG_TABLE)) == 0;
}

/* What is lost or spoilt in the log; one finding, for it has one cause. */
static bool say_log_faults(const struct check *c, struct say *say, bool of_tables)
{
	bool found = false;

	for (size_t i = 0; i < c->map->n_faults; i++) {
		const struct efimap_fault *fault = &c->map->faults[i];

		if (fault->source != EFIMAP_SRC_KERNEL_LOG || is_of_tables(fault) != of_tables)
			continue;
		if (!found)
			say_text(say, SAY_FAULT, fault->text);
		found = true;
		if (fault->line)
			say_evidence(say, efimap_source_path(fault->source), "line %u: %s",
				     fault->line, fault->text);
		else
			say_evidence(say, efimap_source_path(fault->source), "%s",
				     fault->text);
	}
	return found;
}

bool rule_log_incomplete(const struct check *c, struct say *say)
{
	return say_log_faults(c, say, false);
}

bool rule_log_tables_cut(const struct check *c, struct say *say)
{
	return say_log_faults(c, say, true);
}
