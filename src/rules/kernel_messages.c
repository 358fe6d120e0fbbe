/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The predicate of all rules in kernel_messages.rules, which defines the messages of each rule. */
#include <string.h>

#include "base/number.h"
#include "base/text_scan.h"
#include "infer/architecture.h"
#include "infer/cpu.h"
#include "rules/engine.h"

/* Return whether the message contains an address that memmap does not list as System RAM. */
static bool is_of_kept_memory(const struct facts_for_rules *c, const char *text)
{
	const char *at = strstr(text, "0x");
	uint64_t address;

	return at && capture_has(c->map, EFIMAP_SRC_MEMMAP) &&
	       number_parse_bare_hex(at + 2, strspn(at + 2, "0123456789abcdef"), UINT64_MAX,
				     &address, NULL) == EFIMAP_NUMBER_OK &&
	       !spans_has(&c->spans, SPANS_RAM, span_of_byte(address));
}

/*
 * Return whether the kernel panicked directly after a call trace that efivars-oops matches. An oops
 * causes a panic if it kills process 1, or if panic_on_oops is set.
 */
static bool has_panicked(const struct efimap *map)
{
	struct text log = { map->log, map->log_len }, line;
	bool is_after_trace = false;
	size_t next;

	for (; log.len; text_skip(&log, next)) {
		line = (struct text){ log.at, text_line(log.at, log.len, &next) };
		if (find_message_rule(line.at, line.len) == EFIMAP_RULE_EFIVARS_OOPS)
			is_after_trace = true;
		else if (text_find(&line, "Attempted to kill init! exitcode=0x0000000") ||
			 text_find(&line, "Kernel panic - not syncing: Fatal exception"))
			return is_after_trace;
		/* The kernel prints the instruction pointer of an oops again after the trace. */
		else if (!text_find(&line, "RIP: "))
			is_after_trace = false;
	}
	return false;
}

bool rule_kernel_message(const struct facts_for_rules *c, struct match *match)
{
	uint64_t n_absent = 0, n_reported = 0;
	bool is_kept = true;

	for (size_t i = 0; i < c->messages.count; i++) {
		const struct kernel_message *line = &c->messages.list[i];

		if (line->rule != rule_id_of(match->rule))
			continue;
		if (line->count > 1)
			add_evidence(match, "the kernel log", "%s (%u times)", line->text,
				     line->count);
		else
			add_evidence(match, "the kernel log", "%s", line->text);
		/*
		 * The following message is not a fault: it shows that a variable does not exist
		 * (EFI_NOT_FOUND). Some kernels up to 5.3 then print "Couldn't get UEFI ..." for
		 * the same variable.
		 */
		if (strstr(line->text, "Couldn't get size: 0x800000000000000e")) {
			n_absent += line->count;
			continue;
		}
		if (!n_reported)
			set_text(match, VALUE_MESSAGE, mark_data(match, line->text));
		is_kept &= is_of_kept_memory(c, line->text);
		n_reported += line->count;
	}
	if (!n_reported)
		return false;
	/* Without NX, Linux creates no EFI page tables. The effect on the next kernel is known. */
	if (rule_id_of(match->rule) == EFIMAP_RULE_EFI_PAGE_TABLE_FAILED &&
	    cpu_has_nx(c->map) == EFIMAP_KNOWN_NO && rule_may_match(c, EFIMAP_RULE_CPU_WITHOUT_NX))
		return false;
	/* On other architectures, the next kernel gets EFI data from the device tree. */
	if (is_other_architecture(c->map) &&
	    rule_table[rule_id_of(match->rule)].outcome == EFIMAP_OUTCOME_NO_EFI)
		set_outcome(match, EFIMAP_OUTCOME_NONE);
	if (rule_id_of(match->rule) == EFIMAP_RULE_EFIVARS_OOPS && has_panicked(c->map)) {
		use_variant(match, VARIANT_PANIC);
		set_outcome(match, EFIMAP_OUTCOME_NO_BOOT);
		return true;
	}
	/* If the rule does not define the selected variant, the engine uses the usual variant. */
	if (n_absent >= n_reported)
		use_variant(match, VARIANT_ABSENT);
	else if (is_kept)
		use_variant(match, VARIANT_KEPT);
	else if (c->booted_by == EFIMAP_BOOTED_BY_KEXEC)
		use_variant(match, VARIANT_KEXEC);
	return true;
}
