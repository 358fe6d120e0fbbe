/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimap_ptdump_parse(): runs ascend and do not touch where they agree; written down
 * again and read back, they are the same.
 */
#include <inttypes.h>

#include "base/cleanup.h"
#include "fuzz.h"
#include "model/ptdump.h"

#define LINE 128

static void check_runs(const struct efimap_ptdump *dump)
{
	for (size_t i = 0; i < dump->n_runs; i++) {
		const struct efimap_ptrun *run = &dump->runs[i], *last = run - 1;

		fuzz_check(run->span.first <= run->span.last);
		fuzz_check((run->flags & ~EFIMAP_PTE_VISIBLE) == 0);
		if (i == 0)
			continue;
		fuzz_check(last->span.last < run->span.first);
		fuzz_check(last->span.last + 1 != run->span.first ||
			   last->flags != run->flags || last->level != run->level);
	}
}

static size_t write_run(char text[LINE], const struct efimap_ptrun *run)
{
	const uint64_t flags = run->flags;
	const int len = snprintf(
		text, LINE,
		"0x%016" PRIx64 "-0x%016" PRIx64 "   %9uK %s %s %s %s %s %s %s %s %s\n",
		run->span.first, run->span.last + 1, 4U,
		flags & EFIMAP_PTE_USER ? "USR" : "", flags & EFIMAP_PTE_RW ? "RW" : "ro",
		flags & EFIMAP_PTE_PWT ? "PWT" : "", flags & EFIMAP_PTE_PCD ? "PCD" : "",
		flags & EFIMAP_PTE_PSE ? "PSE" : "",
		flags & EFIMAP_PTE_PAT_LARGE ? "PAT" : "",
		flags & EFIMAP_PTE_GLOBAL ? "GLB" : "",
		flags & EFIMAP_PTE_NX ? "NX" : "x", efimap_ptlevel_name(run->level));

	fuzz_check(len > 0 && len < LINE);
	return (size_t)len;
}

static void check_round_trip(const struct efimap_ptdump *dump)
{
	efimap_auto_ptdump struct efimap_ptdump again = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_free char *text = malloc(dump->n_runs * LINE + 1);
	size_t used = 0;

	fuzz_check(text != NULL);
	for (size_t i = 0; i < dump->n_runs; i++)
		used += write_run(text + used, &dump->runs[i]);
	if (dump->n_runs) {
		fuzz_check(efimap_ptdump_parse(text, used, "fuzz", &again, &err) == 0);
		fuzz_check(again.n_runs == dump->n_runs);
		for (size_t i = 0; i < dump->n_runs; i++)
			fuzz_check(efimap_span_equals(again.runs[i].span,
						      dump->runs[i].span) &&
				   again.runs[i].flags == dump->runs[i].flags &&
				   again.runs[i].level == dump->runs[i].level);
	}
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_ptdump_parse((const char *)data, size, "fuzz", &dump, &err);

	fuzz_check(err.code == -ret);
	if (ret == 0) {
		check_runs(&dump);
		check_round_trip(&dump);
	}
	return 0;
}
