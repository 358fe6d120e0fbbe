/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the outcome of a load. */
#include "answer/load_outcome.h"
#include "infer/linux_changes.h"

bool finding_concerns_load(const struct efimap_finding *finding, size_t number)
{
	return finding->loads >> number & 1;
}

static bool is_worse(const struct efimap_finding *finding, const struct load_outcome *than)
{
	return finding->consequence > than->outcome ||
	       (finding->consequence == than->outcome && finding->certainty < than->certainty);
}

/*
 * Return whether the next kernel (Linux 6.19 or later) would zero an EFI INITRD table whose address
 * is unknown because no kernel log lists the EFI tables.
 */
static bool is_initrd_table_unknown(const struct loads *loads, const struct efimap_load_case *load)
{
	const struct efimap *map = loads->map;

	return map->n_tables == 0 &&
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_PRESENT &&
	       efimap_release_has(&load->release, EFIMAP_CHANGE_WIPES_INITRD, false);
}

const char no_kernel_is_named[] = "no configuration names a readable kernel image";

bool is_load_unnamed(const struct loads *loads, size_t number)
{
	return loads->kernels[loads->cases[number].kernel].is_unnamed;
}

static const char *why_unknown(const struct efimap_report *report, const struct loads *loads,
			       size_t number)
{
	if (report->missed != EFIMAP_VERDICT_PASS)
		return report->reason;
	if (*report->unseen)
		return report->unseen;
	if (is_load_unnamed(loads, number))
		return no_kernel_is_named;
	if (is_initrd_table_unknown(loads, &loads->cases[number]))
		return efimap_is_offline(loads->map) ?
			       "the address of the EFI INITRD table is unknown, because no kernel "
			       "log lists the EFI tables; collect dmesg" :
			       "the address of the EFI INITRD table is unknown, because the kernel "
			       "log does not list the EFI tables; boot with log_buf_len=4M";
	return NULL;
}

struct load_outcome find_load_outcome(const struct efimap_report *report,
				      const struct loads *loads, size_t number)
{
	const char *unknown = why_unknown(report, loads, number);
	struct load_outcome found = { .outcome = EFIMAP_OUTCOME_NONE,
				      .certainty = EFIMAP_WILL };

	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		if (!finding_concerns_load(finding, number) ||
		    finding->consequence <= EFIMAP_OUTCOME_NONE || !is_worse(finding, &found))
			continue;
		found.outcome = finding->consequence;
		found.certainty = finding->certainty;
		found.finding = finding;
	}
	if (unknown && found.outcome < EFIMAP_OUTCOME_UNKNOWN)
		return (struct load_outcome){ .outcome = EFIMAP_OUTCOME_UNKNOWN,
					      .certainty = EFIMAP_MAY,
					      .unknown = unknown };
	if (found.outcome == EFIMAP_OUTCOME_NONE && efimap_report_may_miss_errors(report))
		found.certainty = EFIMAP_MAY;
	return found;
}
