/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rules both generators reach: a table in Markdown, docs/generators.md. A rule that
 * no fault exercises must have words here that say why; the run fails otherwise.
 */
#include <inttypes.h>
#include <string.h>

#include "expected.h"
#include "faults.h"
#include "report.h"

/* Rules that state what is normal, or that no value in a capture can trigger. */
static const struct {
	enum efimap_rule_id rule;
	const char *why;
} unreached[] = {
	{ EFIMAP_RULE_BOOT_SERVICES_KEPT, "says what is normal" },
	{ EFIMAP_RULE_ATTR_MMIO_WB, "says what is normal" },
	{ EFIMAP_RULE_ATTR_WX, "says what is normal" },
	{ EFIMAP_RULE_ATTR_RP_WP, "says what is normal" },
	{ EFIMAP_RULE_ATTR_INCONSISTENT, "two healthy entries beside each other" },
	{ EFIMAP_RULE_PHYS_ADJACENT, "says what is normal in some firmware" },
	{ EFIMAP_RULE_PHYS_UNSORTED, "says what is normal" },
	{ EFIMAP_RULE_BOOT_SERVICES_IN_RAM, "says what is normal" },
	{ EFIMAP_RULE_ACPI_LABEL, "says what is normal with some loaders" },
	{ EFIMAP_RULE_MEMMAP_UNALIGNED, "says what is normal" },
	{ EFIMAP_RULE_MEMMAP_UNKNOWN_TYPE, "says what is normal" },
	{ EFIMAP_RULE_IOMEM_HIDDEN, "says how the capture was made" },
	{ EFIMAP_RULE_IOMEM_LABEL, "says what is normal on some machines" },
	{ EFIMAP_RULE_MIXED_MODE, "says what is normal" },
	{ EFIMAP_RULE_SMBIOS_UNMAPPED, "says what is normal" },
	{ EFIMAP_RULE_MEM_ENCRYPT, "says what is normal" },
	{ EFIMAP_RULE_DRIFT_ATTR_RT_ADDED, "says what a kernel does" },
	{ EFIMAP_RULE_DRIFT_ORDER_SAME, "says what a loader does" },
	{ EFIMAP_RULE_DRIFT_ORDER_HASH, "says what a loader does" },
	{ EFIMAP_RULE_DRIFT_MEMMAP, "says what a loader does" },
	{ EFIMAP_RULE_DRIFT_VERSION, "says which kernels they are" },
	{ EFIMAP_RULE_LAYOUT_GAP, "says what is normal" },
	{ EFIMAP_RULE_ORDER_DESCENDING, "says what a loader does" },
	{ EFIMAP_RULE_LOG_INCOMPLETE, "only a kernel's log has it, and none is made up here" },
	{ EFIMAP_RULE_SERVICES_LOST, "only a kernel's log has it, and none is made up here" },
	{ EFIMAP_RULE_PAGETABLE_WX, "says what is normal after a kexec" },
	{ EFIMAP_RULE_PAGETABLE_LEVEL, "says what a CPU without 1 GiB pages does" },
};

static const char *why_unreached(enum efimap_rule_id rule)
{
	for (size_t i = 0; i < sizeof(unreached) / sizeof(unreached[0]); i++)
		if (unreached[i].rule == rule)
			return unreached[i].why;
	return NULL;
}

static const char *why_expected(enum efimap_rule_id rule)
{
	for (size_t i = 0; expected_warnings[i].applies; i++)
		if (expected_warnings[i].rule == rule)
			return expected_warnings[i].why;
	return NULL;
}

/* "rule | faults |": what does not depend on the length of a run */
static size_t write_start(enum efimap_rule_id id, char *text, size_t size)
{
	const struct efimap_rule *rule = efimap_rule_get(id);
	const struct fault *fault;
	size_t used = (size_t)snprintf(text, size, "| `%s` | ", rule->name);
	bool any = false;

	for (size_t row = 0; (fault = fault_get(row)); row++) {
		if (fault->rule != id && fault->other != id)
			continue;
		used += (size_t)snprintf(text + used, size - used, "%s%s", any ? "; " : "",
					 fault->name);
		any = true;
	}
	if (!any)
		used += (size_t)snprintf(text + used, size - used, "none: %s",
					 why_unreached(id) ? why_unreached(id) : "?");
	return used + (size_t)snprintf(text + used, size - used, " | ");
}

static void write_end(const struct tally *tally, enum efimap_rule_id id, FILE *out)
{
	static const enum efimap_severity severities[] = { EFIMAP_WARNING, EFIMAP_NOTE };
	const char *why = why_expected(id);
	bool any = false;

	for (size_t i = 0; i < 2; i++) {
		const uint64_t times = tally->spoken[id][severities[i]];

		if (times == 0)
			continue;
		fprintf(out, "%s%s, %" PRIu64 " times", any ? "; " : "",
			efimap_severity_name(severities[i]), times);
		if (severities[i] == EFIMAP_WARNING && why)
			fprintf(out, ": %s", why);
		any = true;
	}
	fprintf(out, "%s |\n", any ? "" : "silent");
}

void report_write(const struct tally *tally, uint64_t seed, FILE *out)
{
	char text[1024];

	fprintf(out,
		"# What the generators reach\n\n"
		"Written by `scripts/generate --report`; see tests/generate. Seed %" PRIu64
		".\n\n"
		"- Healthy machines: %" PRIu64 " cases with %" PRIu64 " captures and %" PRIu64
		" pairs of kernels. None has an error; a warning only\n  where the last column "
		"says why it is true.\n"
		"- Machines with one fault: %" PRIu64 " of %zu kinds, each found under the rule "
		"of its row, on its entry.\n\n"
		"| rule | faults that it must find | on healthy machines |\n"
		"|---|---|---|\n",
		seed, tally->cases, tally->captures, tally->pairs, tally->faults,
		fault_count());
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		(void)write_start((enum efimap_rule_id)id, text, sizeof(text));
		fputs(text, out);
		write_end(tally, (enum efimap_rule_id)id, out);
	}
}

bool report_is_whole(FILE *out)
{
	bool whole = true;

	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const char *why = why_unreached((enum efimap_rule_id)id);
		const struct fault *fault;
		bool any = false;

		for (size_t row = 0; (fault = fault_get(row)); row++)
			any |= fault->rule == id;
		if (any == (why != NULL)) {
			fprintf(out, "%s: %s\n", efimap_rule_get(id)->name,
				any ? "has a fault, and words why it has none" :
				      "has neither a fault nor words why");
			whole = false;
		}
	}
	return whole;
}

bool report_is_current(const char *kept, FILE *out)
{
	char text[1024];
	bool current = true;

	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		(void)write_start((enum efimap_rule_id)id, text, sizeof(text));
		if (strstr(kept, text))
			continue;
		fprintf(out, "docs/generators.md lacks: %s\n", text);
		current = false;
	}
	return current;
}
