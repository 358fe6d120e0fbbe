/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verify does with one SOURCE: read it, judge it, write the report, and make a status
 * of it. It knows nothing of argv, nor of other sources.
 */
#include <string.h>

#include <efimap/format.h>
#include <efimap/read.h>

#include "verify.h"

static int judge(const struct verify *verify, const char *source, struct efimap **ret_map,
		 struct efimap_report **ret_report)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(source, ret_map, &err);

	if (ret < 0)
		return source_report_error(ret, &err, ret_report);
	return efimap_verify(*ret_map, &verify->options, ret_report);
}

static bool has_findings(const struct efimap_report *report)
{
	return report->verdict == EFIMAP_VERDICT_PASS ||
	       report->verdict == EFIMAP_VERDICT_FAIL;
}

static void write_report(const struct verify *verify, const char *source,
			 const struct efimap_report *report, struct efimap_out *out)
{
	struct efimap_text_options text = {
		.color = common_color(&verify->common),
		.verbose = verify->common.verbose,
		.notes = true,
		.source = verify->many ? source : NULL,
	};

	if (verify->common.quiet)
		return;
	if (verify->json)
		efimap_report_write_json(source, report, verify->many, out);
	else if (has_findings(report) ||
		 (verify->if_efi && report->verdict == EFIMAP_VERDICT_NOT_APPLICABLE))
		efimap_report_write_text(report, &text, out);
}

/* What stands in the way is said on standard error, whatever the form of the report. */
static void say_reason(const struct verify *verify, const struct efimap *map,
		       const char *source, const struct efimap_report *report)
{
	if (report->verdict == EFIMAP_VERDICT_NOT_APPLICABLE) {
		if (!verify->common.quiet && !verify->if_efi)
			say("%s: %s", source, report->reason);
	} else if (map && !has_findings(report)) {
		say("%s: %s", source, report->reason);
	} else if (!map) {
		/* An error of reading names the source itself. */
		say("%s", report->reason);
	}
}

static enum status say_around(const struct verify *verify, const struct efimap *map)
{
	if (!map)
		return STATUS_OK;
	if (!verify->common.quiet)
		source_say_hidden(map);
	return source_say_faults(map, FAULT_SHOWN, FAULT_BESIDE) > 0 ? STATUS_UNREADABLE :
								       STATUS_OK;
}

enum status verify_source(const struct verify *verify, const char *source,
			  struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	enum status status;
	int ret = judge(verify, source, &map, &report);

	if (ret < 0) {
		say("%s: %s", source, strerror(-ret));
		return STATUS_UNREADABLE;
	}
	say_reason(verify, map, source, report);
	write_report(verify, source, report, out);
	status = status_of_verdict(report->verdict);
	if (status == STATUS_NOT_APPLICABLE && verify->if_efi)
		status = STATUS_OK;
	status = status_worse(status, output_end(out));
	return status_worse(status, say_around(verify, map));
}
