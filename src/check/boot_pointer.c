/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Can kexec-tools read the four files that it takes the firmware's addresses from? What
 * the addresses are is for boot.c.
 */
#include <stdio.h>
#include <string.h>

#include "check/boot.h"

/*
 * x86-linux-setup.c: get_efi_values, in its order; what follows from a wrong value, and
 * what from 0. boot/compressed/efi.c: get_kexec_setup_data takes a boot without a
 * configuration table for one by the firmware.
 */
static const struct pointer {
	enum efimap_source source;
	const char *name;
	enum efimap_consequence wrong;
	enum efimap_consequence zero;
} pointers[] = {
	{ EFIMAP_SRC_SYSTAB, "systab", EFIMAP_CONSEQ_NO_BOOT, EFIMAP_CONSEQ_NONE },
	{ EFIMAP_SRC_FW_VENDOR, "fw_vendor", EFIMAP_CONSEQ_NO_BOOT, EFIMAP_CONSEQ_NONE },
	{ EFIMAP_SRC_RUNTIME, "runtime", EFIMAP_CONSEQ_NONE, EFIMAP_CONSEQ_NONE },
	{ EFIMAP_SRC_CONFIG_TABLE, "config_table", EFIMAP_CONSEQ_NO_BOOT,
	  EFIMAP_CONSEQ_NO_BOOT },
};

#define N_POINTERS (sizeof(pointers) / sizeof(pointers[0]))

static bool has_state(const struct efimap *map, const struct pointer *pointer,
		      enum efimap_state state)
{
	return map->states[pointer->source] == state;
}

static size_t count_state(const struct efimap *map, enum efimap_state state)
{
	size_t count = 0;

	for (size_t i = 0; i < N_POINTERS; i++)
		count += has_state(map, &pointers[i], state);
	return count;
}

/* efi.c: efi_attr_is_visible hides fw_vendor in a Xen domain. */
static bool is_xen(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       strcmp(map->boot_params.efi_info.signature, "Xen") == 0;
}

/*
 * systab and the files of runtime-map are mode 0400: a capture that has neither was taken
 * without root, and says nothing about systab.
 */
static bool is_uncollected(const struct efimap *map, const struct pointer *pointer)
{
	return efimap_is_offline(map) && pointer->source == EFIMAP_SRC_SYSTAB &&
	       map->n_entries == 0;
}

/* All missing files are one finding: kexec-tools stops at the first. */
static void missing(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_POINTER_MISSING;
	char names[sizeof("systab, fw_vendor, runtime, config_table")] = "";
	size_t used = 0;

	if (efimap_is_foreign(c->map)) {
		check_skip(c, rule, "only a kernel for x86 has all of these files");
		return;
	}
	for (size_t i = 0; i < N_POINTERS; i++) {
		if (!has_state(c->map, &pointers[i], EFIMAP_STATE_ABSENT) ||
		    is_uncollected(c->map, &pointers[i]))
			continue;
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 used ? ", " : "", pointers[i].name);
	}
	if (!used || !check_find(c, rule, check_usual(rule),
				 "missing: %s; kexec-tools then passes no EFI at all, "
				 "without a message",
				 names))
		return;
	for (size_t i = 0; i < N_POINTERS; i++)
		if (has_state(c->map, &pointers[i], EFIMAP_STATE_ABSENT) &&
		    !is_uncollected(c->map, &pointers[i]))
			check_evidence(c, efimap_source_path(pointers[i].source),
				       "absent");
}

/*
 * x86-linux-setup.c: get_efi_value takes what follows the first "0x" of three files, and
 * "SMBIOS=0x" of systab, whose other lines it never looks at. The reader quotes the line.
 */
static const char *effect_of_syntax(const struct pointer *pointer,
				    const struct efimap_fault *fault,
				    enum efimap_consequence *consequence)
{
	if (pointer->source != EFIMAP_SRC_SYSTAB) {
		*consequence = pointer->wrong;
		return "kexec-tools passes on the digits after the first 0x, or 0";
	}
	*consequence = EFIMAP_CONSEQ_NONE;
	if (!strstr(fault->text, "SMBIOS=0x"))
		return "kexec-tools reads only what follows SMBIOS=0x in it";
	*consequence = pointer->wrong;
	return "kexec-tools passes on the digits after SMBIOS=0x, or 0";
}

static void speak_of_fault(struct check *c, const struct pointer *pointer,
			   const struct efimap_fault *fault)
{
	enum efimap_consequence consequence = pointer->zero;
	const char *effect = "kexec-tools passes on 0";
	char line[32] = "";

	switch (fault->kind) {
	case EFIMAP_FAULT_SYNTAX:
	case EFIMAP_FAULT_TOO_LONG:
		effect = effect_of_syntax(pointer, fault, &consequence);
		break;
	case EFIMAP_FAULT_EMPTY:
	case EFIMAP_FAULT_NOT_A_FILE:
	case EFIMAP_FAULT_IO:
		break;
	case EFIMAP_FAULT_MISSING:
	case EFIMAP_FAULT_DENIED:
	case EFIMAP_FAULT_NAME:
	case EFIMAP_FAULT_EXTRA:
		return;
	}
	if (fault->line)
		snprintf(line, sizeof(line), "line %lu: ", (unsigned long)fault->line);
	/* Which file it is says the first evidence, where the finding lies. */
	if (check_find(c, EFIMAP_RULE_POINTER_MISSING,
		       check_grade(EFIMAP_ERROR, consequence), "%s%s; %s", line,
		       fault->text, effect))
		check_evidence(c, fault->where, "%s", fault->text);
}

static void malformed(struct check *c)
{
	for (size_t i = 0; i < c->map->n_faults; i++)
		for (size_t k = 0; k < N_POINTERS; k++)
			if (c->map->faults[i].source == pointers[k].source)
				speak_of_fault(c, &pointers[k], &c->map->faults[i]);
}

/* get_efi_value: "if (*val == ULLONG_MAX) return 2", as bad as a missing file. */
static void speak_of_all_ones(struct check *c, const char *name,
			      enum efimap_source source)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_POINTER_MISSING;

	if (check_find(c, rule, check_usual(rule),
		       "%s is 0xffffffffffffffff, which kexec-tools takes for an "
		       "overflow; it then passes no EFI at all, without a message",
		       name))
		check_evidence(c, efimap_source_path(source), "0xffffffffffffffff");
}

static void all_ones(struct check *c)
{
	const struct efimap *map = c->map;
	uint64_t smbios;

	if (efimap_has(map, EFIMAP_SRC_FW_VENDOR) && map->fw_vendor == UINT64_MAX)
		speak_of_all_ones(c, "fw_vendor", EFIMAP_SRC_FW_VENDOR);
	if (efimap_has(map, EFIMAP_SRC_RUNTIME) && map->runtime == UINT64_MAX)
		speak_of_all_ones(c, "runtime", EFIMAP_SRC_RUNTIME);
	if (efimap_has(map, EFIMAP_SRC_CONFIG_TABLE) && map->config_table == UINT64_MAX)
		speak_of_all_ones(c, "config_table", EFIMAP_SRC_CONFIG_TABLE);
	if (efimap_find_pair(map->systab, map->n_systab, "SMBIOS", &smbios) &&
	    smbios == UINT64_MAX)
		speak_of_all_ones(c, "SMBIOS", EFIMAP_SRC_SYSTAB);
}

static void no_config_table(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_POINTER_MISSING;

	if (!efimap_has(c->map, EFIMAP_SRC_CONFIG_TABLE) || c->map->config_table != 0)
		return;
	if (check_find(c, rule, check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT),
		       "config_table is 0; the next kernel's decompressor then follows the "
		       "system table's own pointer, which is virtual"))
		check_evidence(c, efimap_source_path(EFIMAP_SRC_CONFIG_TABLE), "0x0");
}

void boot_pointers(struct check *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_POINTER_MISSING;

	if (!check_wants(c, rule) || is_xen(c->map))
		return;
	if (efimap_is_offline(c->map) &&
	    count_state(c->map, EFIMAP_STATE_ABSENT) == N_POINTERS) {
		check_skip(c, rule,
			   "none of fw_vendor, runtime, config_table and systab was "
			   "collected");
		return;
	}
	missing(c);
	malformed(c);
	all_ones(c);
	no_config_table(c);
	if (count_state(c->map, EFIMAP_STATE_DENIED) > 0)
		check_skip(c, rule, "not every pointer file may be read without root");
}
