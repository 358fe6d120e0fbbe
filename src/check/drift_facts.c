/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The firmware's pointers in two captures: fw_vendor, config_table, the system table,
 * `runtime`, and the tables that systab names. What lies in setup_data is for
 * compare_setup_data.c.
 */
#include <string.h>

#include "check/sides.h"
#include "emulate/translate.h"

/*
 * Of fw_vendor only the name is read, if a page table can hold the address: 36 bits is
 * the least that an x86-64 processor has. A table that SECOND does not know of is only
 * missed; without a configuration table its decompressor follows a virtual pointer
 * (boot/compressed/efi.c: get_kexec_setup_data).
 */
enum efimap_consequence compare_wrong_address(enum efimap_source source, uint64_t address)
{
	const bool harmless = source == EFIMAP_SRC_FW_VENDOR ? address >> 36 == 0 :
			      source == EFIMAP_SRC_SYSTAB    ? address == 0 :
							       false;

	return harmless ? EFIMAP_CONSEQ_NONE : EFIMAP_CONSEQ_NO_BOOT;
}

static void compare_address(struct compare *c, enum efimap_rule_id rule, const char *name,
			    uint64_t first, uint64_t second, enum efimap_consequence wrong)
{
	c->tried++;
	if (first == second)
		return;
	if (!check_find(&c->check, rule, check_grade(EFIMAP_ERROR, wrong),
			"%s is 0x%" PRIx64 " instead of 0x%" PRIx64 "%s", name, second, first,
			efimap_is_virtual(second) ? ", a virtual address" : ""))
		return;
	check_evidence(&c->check, name, "0x%" PRIx64, second);
	compare_sides_hex(c, first, second);
}

static void compare_file(struct compare *c, enum efimap_source source, uint64_t first,
			 uint64_t second)
{
	if (efimap_has(c->first, source) && efimap_has(c->second, source))
		compare_address(c, EFIMAP_RULE_DRIFT_POINTER, efimap_source_name(source),
				first, second, compare_wrong_address(source, second));
}

static const char *who_lacks(const struct compare *c, enum efimap_source source)
{
	if (efimap_has(c->first, source) == efimap_has(c->second, source))
		return NULL;
	return efimap_has(c->first, source) ? "SECOND" : "FIRST";
}

/* What one of the two has is not compared, and that must not look like "the same". */
static void skip_missing(struct compare *c)
{
	static const enum efimap_source sources[] = { EFIMAP_SRC_FW_VENDOR,
						      EFIMAP_SRC_CONFIG_TABLE };
	const char *vendor = who_lacks(c, sources[0]), *table = who_lacks(c, sources[1]);

	if (vendor && table)
		check_skip(&c->check, EFIMAP_RULE_DRIFT_POINTER,
			   "%s: %s was not read; %s: %s neither", vendor,
			   efimap_source_path(sources[0]), table,
			   efimap_source_path(sources[1]));
	else if (vendor || table)
		check_skip(&c->check, EFIMAP_RULE_DRIFT_POINTER, "%s: %s was not read",
			   vendor ? vendor : table,
			   efimap_source_path(sources[vendor ? 0 : 1]));
}

/* Both loaders hand on the address that they were given; none means no EFI at all. */
static void compare_system_table(struct compare *c)
{
	const uint64_t first = c->first->boot_params.efi_info.systab;
	const uint64_t second = c->second->boot_params.efi_info.systab;

	if (efimap_has(c->first, EFIMAP_SRC_BOOT_PARAMS) &&
	    efimap_has(c->second, EFIMAP_SRC_BOOT_PARAMS) && first != 0 && second != 0)
		compare_address(c, EFIMAP_RULE_DRIFT_POINTER,
				"boot_params.efi_info.systab", first, second,
				EFIMAP_CONSEQ_NO_BOOT);
}

static void pointers(struct compare *c)
{
	if (!compare_wants(c, EFIMAP_RULE_DRIFT_POINTER))
		return;
	compare_file(c, EFIMAP_SRC_FW_VENDOR, c->first->fw_vendor, c->second->fw_vendor);
	compare_file(c, EFIMAP_SRC_CONFIG_TABLE, c->first->config_table,
		     c->second->config_table);
	compare_system_table(c);
	skip_missing(c);
}

/*
 * Where FIRST's `runtime` is mapped: SetVirtualAddressMap has made that of it in the
 * system table, from which kernels since 5.7 take it.
 */
static int translate(const struct compare *c, bool *ret_found, uint64_t *ret_address)
{
	efimap_auto_translator struct efimap_translator *translator = NULL;
	struct efimap_answer answer;
	int ret = efimap_translator_new(c->first->entries, c->first->n_entries,
					&translator);

	if (ret < 0)
		return ret;
	efimap_translate(translator, EFIMAP_TO_VIRT, c->first->runtime, &answer);
	*ret_found = answer.n_hits > 0 && !answer.hits[0].wraps;
	if (*ret_found)
		*ret_address = answer.hits[0].address;
	return 0;
}

/* Is the same value right in both? */
static bool may_be_equal(const struct compare *c)
{
	return !compare_is_handover(c) || efimap_is_virtual(c->first->runtime) ||
	       efimap_booted_by(c->first) != EFIMAP_BOOTED_BY_FIRMWARE ||
	       efimap_is_mixed_mode(c->first) ||
	       !efimap_kernel_has(c->second, EFIMAP_CHANGE_READS_RUNTIME, true);
}

static void say_runtime(struct compare *c, uint64_t expected)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_RUNTIME_POINTER;

	if (!check_find(&c->check, rule, check_usual(rule),
			"runtime is 0x%" PRIx64 " instead of 0x%" PRIx64
			", where FIRST's map has it",
			c->second->runtime, expected))
		return;
	check_evidence(&c->check, "runtime", "0x%" PRIx64, c->second->runtime);
	compare_sides_hex(c, c->first->runtime, c->second->runtime);
}

static void runtime_pointer(struct compare *c)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_RUNTIME_POINTER;
	uint64_t expected = c->first->runtime;
	bool found = false;

	if (!compare_wants(c, rule))
		return;
	/* Physical here and virtual there is no wonder when the two are swapped. */
	if (c->result->relation == EFIMAP_RELATION_SWAPPED) {
		check_skip(&c->check, rule, "nothing was handed over from FIRST to SECOND");
		return;
	}
	c->tried++;
	if (may_be_equal(c) && c->first->runtime == c->second->runtime)
		return;
	/* kexec_file_load leaves it 0, and kernels before 5.7 show what was left. */
	if (c->second->runtime == 0 &&
	    !efimap_kernel_has(c->second, EFIMAP_CHANGE_READS_RUNTIME, true))
		return;
	if (compare_is_handover(c) && !efimap_is_virtual(expected)) {
		c->check.error = translate(c, &found, &expected);
		if (!found) {
			check_skip(&c->check, rule, "FIRST's map has no entry with runtime");
			return;
		}
	}
	if (c->second->runtime != expected)
		say_runtime(c, expected);
}

static void say_missing(struct compare *c, const char *name, uint64_t first)
{
	if (!check_find(&c->check, EFIMAP_RULE_DRIFT_SYSTAB,
			check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NONE),
			"%s is missing: SECOND's kernel has not found that table", name))
		return;
	check_evidence(&c->check, name, "0x%" PRIx64, first);
	compare_sides_hex(c, first, 0);
	compare_sides(c, c->check.finding ? c->check.finding->first : NULL, NULL);
}

static void tables(struct compare *c)
{
	static const char *const names[] = { "ACPI20", "ACPI", "SMBIOS", "SMBIOS3" };
	const enum efimap_rule_id rule = EFIMAP_RULE_DRIFT_SYSTAB;

	if (!compare_wants(c, rule))
		return;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint64_t first, second;

		if (!efimap_find_pair(c->first->systab, c->first->n_systab, names[i], &first))
			continue;
		if (efimap_find_pair(c->second->systab, c->second->n_systab, names[i],
				     &second))
			compare_address(c, rule, names[i], first, second,
					compare_wrong_address(EFIMAP_SRC_SYSTAB, second));
		else
			say_missing(c, names[i], first);
	}
}

void compare_pointers(struct compare *c)
{
	pointers(c);
	runtime_pointer(c);
	tables(c);
}
