/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading and shape of the map: is it there, complete, readable, and small enough for the
 * next kernel? Looks at no value of an entry.
 */
#include <string.h>

#include "check/check.h"
#include "check/list.h"

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

static bool is_any_pointer_there(const struct efimap *map)
{
	static const enum efimap_source beside[] = {
		EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_RUNTIME,	   EFIMAP_SRC_CONFIG_TABLE,
		EFIMAP_SRC_SYSTAB,    EFIMAP_SRC_FW_PLATFORM_SIZE,
	};

	for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++)
		if (map->states[beside[i]] != EFIMAP_STATE_ABSENT)
			return true;
	return false;
}

/* Nothing of sys/firmware was collected; that there is EFI says the kernel's log. */
static bool is_told_by_log(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_KERNEL_LOG) && map->n_names == 0 &&
	       (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG ||
		map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT ||
		map->states[EFIMAP_SRC_BOOT_PARAMS] == EFIMAP_STATE_ABSENT);
}

const char *check_why_uncollected(const struct efimap *map)
{
	const bool by_log = is_told_by_log(map);

	if (map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_ABSENT ||
	    !efimap_is_offline(map) || is_any_pointer_there(map) ||
	    (by_log && efimap_runtime_off_reason(map)))
		return NULL;
	return by_log ? "the map is not in this capture, and its kernel log has no \"efi: "
			"memNN:\" lines: boot with efi=debug to print them" :
			"nothing of sys/firmware/efi was collected but its name";
}

static void map_absent(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_ABSENT;
	const char *why = check_why_uncollected(c->map);

	if (c->map->states[EFIMAP_SRC_RUNTIME_MAP] != EFIMAP_STATE_ABSENT ||
	    !check_wants(c, rule))
		return;
	if (why) {
		check_skip(c, rule, "%s", why);
		return;
	}
	if (c->runtime_off) {
		/* Others hand EFI on in the device tree. */
		check_find(c, rule,
			   check_grade(EFIMAP_NOTE, efimap_is_foreign(c->map) ?
							    EFIMAP_CONSEQ_NONE :
							    EFIMAP_CONSEQ_NO_EFI),
			   "there is no runtime map to hand over, which %s explains",
			   c->runtime_off);
		if (*c->map->cmdline)
			check_evidence(c, "proc/cmdline", "%s", c->map->cmdline);
		return;
	}
	check_find(c, rule, check_usual(rule),
		   "the kernel was booted with EFI, but there is no runtime map to hand over "
		   "and nothing explains it");
	check_evidence(c, "sys/firmware/efi/runtime-map", "absent");
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

static void map_empty(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_EMPTY;

	if (!check_wants(c, rule) || !is_empty(c->map) || check_is_torn(c, rule))
		return;
	check_find(c, rule, check_usual(rule),
		   "the runtime map has no entries: the loader hands over no EFI state");
	check_evidence(c, "sys/firmware/efi/runtime-map", "0 entries");
}

/* Only a snapshot that somebody changed has fewer entries than directories. */
static void entries_gone(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_INDEX_GAP;
	const struct efimap *map = c->map;

	if (map->n_entries >= map->n_names || is_any_unread(map))
		return;
	check_find(c, rule, check_usual(rule),
		   "%zu entries were read, and %zu are here: the snapshot was changed after "
		   "it was taken",
		   map->n_names, map->n_entries);
	check_evidence(c, "sys/firmware/efi/runtime-map", "%zu names, %zu entries",
		       map->n_names, map->n_entries);
}

static void map_index_gap(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_INDEX_GAP;
	const uint32_t *names = c->map->names;
	size_t count = c->map->n_names, first = 0;

	if (!check_wants(c, rule) || is_empty(c->map) || count == 0)
		return;
	if (names[count - 1] < count) {
		entries_gone(c);
		return;
	}
	while (names[first] == first)
		first++;
	check_find(c, rule, check_usual(rule),
		   "the map has %zu entries numbered up to %" PRIu32 ": number %zu is the "
		   "first that is missing",
		   count, names[count - 1], first);
	check_evidence(c, "sys/firmware/efi/runtime-map", "%zu entries, the last is %" PRIu32,
		       count, names[count - 1]);
}

static void map_name_odd(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_NAME_ODD;

	if (!check_wants(c, rule))
		return;
	for (size_t i = 0; i < c->map->n_faults; i++) {
		const struct efimap_fault *fault = &c->map->faults[i];

		if (fault->source != EFIMAP_SRC_RUNTIME_MAP ||
		    fault->kind != EFIMAP_FAULT_NAME)
			continue;
		if (check_find(c, rule, check_usual(rule),
			       "%s is no entry that a kernel makes, but kexec-tools reads it",
			       fault->where))
			check_evidence(c, fault->where, "%s", fault->text);
	}
}

/* What the next kernel makes of a wrong value in this file (the fault matrix). */
static enum efimap_consequence consequence_of(const char *where)
{
	static const struct {
		const char *file;
		enum efimap_consequence consequence;
	} files[] = {
		{ "phys_addr", EFIMAP_CONSEQ_NO_BOOT },
		{ "virt_addr", EFIMAP_CONSEQ_NO_RUNTIME },
		{ "num_pages", EFIMAP_CONSEQ_NO_RUNTIME },
		{ "type", EFIMAP_CONSEQ_NO_RUNTIME },
		{ "attribute", EFIMAP_CONSEQ_NONE },
	};
	const char *slash = strrchr(where, '/');
	const char *file = slash ? slash + 1 : where;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(files[i].file, file) == 0)
			return files[i].consequence;
	return EFIMAP_CONSEQ_NO_BOOT;
}

/* The rule that a fault in a file of an entry belongs to, EFIMAP_RULE_COUNT for none. */
static enum efimap_rule_id rule_of(const struct efimap_fault *fault)
{
	static const enum efimap_rule_id rules[] = {
		[EFIMAP_FAULT_MISSING] = EFIMAP_RULE_MAP_FILE_UNREADABLE,
		[EFIMAP_FAULT_DENIED] = EFIMAP_RULE_MAP_FILE_UNREADABLE,
		[EFIMAP_FAULT_EMPTY] = EFIMAP_RULE_MAP_FILE_UNREADABLE,
		[EFIMAP_FAULT_NOT_A_FILE] = EFIMAP_RULE_MAP_FILE_UNREADABLE,
		[EFIMAP_FAULT_IO] = EFIMAP_RULE_MAP_FILE_UNREADABLE,
		[EFIMAP_FAULT_SYNTAX] = EFIMAP_RULE_MAP_VALUE_SYNTAX,
		[EFIMAP_FAULT_TOO_LONG] = EFIMAP_RULE_MAP_VALUE_SYNTAX,
		[EFIMAP_FAULT_NAME] = EFIMAP_RULE_COUNT,
		[EFIMAP_FAULT_EXTRA] = EFIMAP_RULE_COUNT,
	};

	return fault->source == EFIMAP_SRC_RUNTIME_MAP ? rules[fault->kind]
						       : EFIMAP_RULE_COUNT;
}

static void speak_of_fault(struct check *c, const struct efimap_fault *fault,
			   enum efimap_consequence worst)
{
	const enum efimap_rule_id rule = rule_of(fault);
	const bool unreadable = rule == EFIMAP_RULE_MAP_FILE_UNREADABLE;
	const size_t count = fault->index == EFIMAP_NO_INDEX ? 0 : 1;

	if (check_find_on(c, rule, check_grade(EFIMAP_ERROR, worst), &fault->index, count,
			  unreadable ? "%s cannot be read, so kexec-tools hands over the value "
				       "of the entry before: %s"
				     : "%s does not hold what the kernel writes there: %s",
			  fault->where, fault->text))
		check_evidence(c, fault->where, "%s", fault->text);
}

/* Files of one entry that fail for the same reason are one finding. */
static bool is_same_cause(const struct efimap_fault *a, const struct efimap_fault *b)
{
	return a->index != EFIMAP_NO_INDEX && a->index == b->index && a->kind == b->kind &&
	       rule_of(a) == EFIMAP_RULE_MAP_FILE_UNREADABLE && rule_of(a) == rule_of(b);
}

/* The worst of a fault and of those behind it that the same finding covers. */
static enum efimap_consequence worst_of(const struct efimap *map, size_t i)
{
	enum efimap_consequence worst = consequence_of(map->faults[i].where);

	for (size_t j = i + 1; j < map->n_faults; j++) {
		enum efimap_consequence other;

		if (!is_same_cause(&map->faults[j - 1], &map->faults[j]))
			break;
		other = consequence_of(map->faults[j].where);
		worst = other > worst ? other : worst;
	}
	return worst;
}

static void map_files(struct check *c)
{
	const struct efimap_fault *last = NULL;
	const bool wants[] = {
		check_wants(c, EFIMAP_RULE_MAP_FILE_UNREADABLE),
		check_wants(c, EFIMAP_RULE_MAP_VALUE_SYNTAX),
	};

	for (size_t i = 0; i < c->map->n_faults; i++) {
		const struct efimap_fault *fault = &c->map->faults[i];
		const enum efimap_rule_id rule = rule_of(fault);

		if (rule == EFIMAP_RULE_COUNT ||
		    !wants[rule == EFIMAP_RULE_MAP_VALUE_SYNTAX])
			continue;
		if (last && is_same_cause(last, fault))
			check_evidence(c, fault->where, "%s", fault->text);
		else
			speak_of_fault(c, fault, worst_of(c->map, i));
		last = fault;
	}
}

/* All strange files are one finding: a kernel that has more has them everywhere. */
static void map_extra_file(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_EXTRA_FILE;
	const struct efimap_fault *first = NULL;
	struct list extra auto_list = { 0 };

	if (!check_wants(c, rule))
		return;
	for (size_t i = 0; i < c->map->n_faults && !c->error; i++) {
		const struct efimap_fault *fault = &c->map->faults[i];

		if (fault->source != EFIMAP_SRC_RUNTIME_MAP ||
		    fault->kind != EFIMAP_FAULT_EXTRA)
			continue;
		list_add(c, &extra, fault->index);
		first = first ? first : fault;
	}
	if (first && !c->error &&
	    check_find_on(c, rule, check_usual(rule), extra.indices, extra.count,
			  "%s is a file that no known kernel makes%s", first->where,
			  extra.count > 1 ? ", and not the only one" : ""))
		check_evidence(c, first->where, "%s", first->text);
}

static uint64_t count_entries(const struct efimap *map)
{
	return map->n_names > map->n_entries ? map->n_names : map->n_entries;
}

/* Boot services without RUNTIME are what efi=debug keeps. */
static bool keeps_boot_services(const struct check *c)
{
	if (efimap_has(c->map, EFIMAP_SRC_CMDLINE))
		return c->efi_debug;
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (efimap_entry_is_boot_services(&c->map->entries[i]) &&
		    !efimap_entry_is_runtime(&c->map->entries[i]))
			return true;
	return false;
}

static void map_count_odd(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_COUNT_ODD;
	const uint64_t count = count_entries(c->map);

	if (!check_wants(c, rule) || count == 0 || (count >= 2 && count <= MANY))
		return;
	if (count * 100 >= TOOLS_MAX * WARN_PERCENT &&
	    check_speaks(c, EFIMAP_RULE_MAP_TOO_BIG))
		return;
	if (count > MANY && (c->mixed_mode || keeps_boot_services(c)))
		return;
	if (count < 2 && check_is_torn(c, rule))
		return;
	check_find(c, rule, check_usual(rule),
		   "the map has %" PRIu64 " %s, where real ones have 3 to about 100", count,
		   count == 1 ? "entry" : "entries");
	check_evidence(c, "sys/firmware/efi/runtime-map", "%" PRIu64, count);
}

/* What is lost or spoilt in the log; one finding, for it has one cause. */
static void log_incomplete(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_LOG_INCOMPLETE;
	const struct efimap_fault *first = NULL;

	if (!check_wants(c, rule))
		return;
	for (size_t i = 0; i < c->map->n_faults && !c->error; i++) {
		const struct efimap_fault *fault = &c->map->faults[i];

		if (fault->source != EFIMAP_SRC_KERNEL_LOG)
			continue;
		if (!first && !check_find(c, rule, check_usual(rule),
					  "the kernel log is not complete: %s", fault->text))
			return;
		first = fault;
		check_evidence(c, efimap_source_path(fault->source), "%s", fault->text);
	}
}

static void map_too_big(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_MAP_TOO_BIG;
	const uint64_t count = count_entries(c->map);
	struct check_grade grade = check_grade(EFIMAP_WARNING, EFIMAP_CONSEQ_NO_EFI);
	const char *fits;

	if (!check_wants(c, rule) || count * 100 < TOOLS_MAX * WARN_PERCENT)
		return;
	if (count > TOOLS_MAX) {
		grade = check_usual(rule);
		fits = "the next kernel cannot map them";
	} else if (count > FILE_MAX) {
		fits = "kexec_load can hand them over, kexec_file_load cannot with descriptors "
		       "of 48 bytes";
	} else if (count > FILE_SAFE) {
		fits = "kexec_load can hand them over, kexec_file_load perhaps not, with "
		       "descriptors of 48 bytes";
	} else {
		grade.consequence = EFIMAP_CONSEQ_NONE;
		fits = "that is close to the limit";
	}
	check_find(c, rule, grade,
		   "the map has %" PRIu64 " entries where %" PRIu64 " of 40 bytes fit: %s",
		   count, (uint64_t)TOOLS_MAX, fits);
	check_evidence(c, "sys/firmware/efi/runtime-map", "%" PRIu64 " entries", count);
}

void check_shape(struct check *c)
{
	map_absent(c);
	map_empty(c);
	map_index_gap(c);
	map_name_odd(c);
	map_files(c);
	map_too_big(c);
	map_extra_file(c);
	map_count_odd(c);
	log_incomplete(c);
}
