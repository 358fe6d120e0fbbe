/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What verify does with its SOURCEs, one after the other: read it, judge it, write the report,
 * and make a status of it; and the summary of several.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/progress.h"
#include "cli/verify.h"
#include "format/format.h"
#include "format/summary.h"
#include "read/read.h"

int verify_judge(const struct verify *verify, const char *source, struct efimap **ret_map,
		 struct efimap_report **ret_report)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(source, ret_map, &err);

	if (ret < 0)
		return source_report_error(ret, &err, ret_report);
	ret = efimap_verify(*ret_map, &verify->options, ret_report);
	return ret ? ret
		   : baseline_judge(verify->baseline, source, *ret_map, &verify->options,
				    *ret_report);
}

/* Are notes told, or only counted? */
static bool shows_notes(const struct verify *verify)
{
	return !verify->many || verify->common.verbose ||
	       verify->options.fail_on == EFIMAP_NOTE;
}

static bool writes_text(const struct verify *verify)
{
	return !verify->common.quiet && !verify->common.json;
}

static void write_text(const struct verify *verify, const char *source,
		       const struct efimap_report *report, struct efimap_out *out)
{
	struct efimap_text_options text = common_text(&verify->common);

	text.notes = shows_notes(verify);
	text.all = verify->options.fail_on != EFIMAP_ERROR;
	text.source = verify->many ? source : NULL;
	report_text_answer(report, &text, out);
	if (efimap_report_is_judged(report))
		efimap_report_write_text(report, &text, out);
}

static void write_report(const struct verify *verify, const char *source,
			 const struct efimap *map, const struct efimap_report *report,
			 struct efimap_out *out)
{
	progress_make_room(STDOUT_FILENO);
	if (verify->common.quiet)
		return;
	switch (verify->format) {
	case VERIFY_TEXT:
		write_text(verify, source, report, out);
		break;
	case VERIFY_JSON:
	case VERIFY_NDJSON:
		efimap_report_write_json(source, report,
					 verify->many || verify->format == VERIFY_NDJSON, out);
		break;
	case VERIFY_GCC:
		efimap_report_write_gcc(source, map, report, out);
		break;
	case VERIFY_SARIF:
		efimap_report_write_sarif(source, map, report, out);
		break;
	}
}

/* What stands in the way is said on standard error, unless the answer is all that is due. */
static void say_reason(const struct verify *verify, const char *source,
		       const struct efimap_report *report)
{
	if (report->missed == EFIMAP_MISSED_ALL || efimap_report_is_unknown(report)) {
		if (verify->common.json && !verify->common.quiet &&
		    !status_is_excused(report, verify->common.if_efi))
			say("%s: %s", source, efimap_reason_of(report));
	} else if (*efimap_reason_of(report) &&
		   !(writes_text(verify) && efimap_report_is_judged(report))) {
		say("%s: %s", source, efimap_reason_of(report));
	}
}

static enum status tell(const struct verify *verify, const char *source,
			const struct efimap *map, const struct efimap_report *report,
			struct efimap_out *out)
{
	enum status status = status_of_report(report, verify->common.if_efi);

	/* An error of reading names the source itself, and is all there is in words. */
	if (map)
		say_reason(verify, source, report);
	else
		say("%s", efimap_reason_of(report));
	if (map || verify->common.json)
		write_report(verify, source, map, report, out);
	if (map && !verify->common.quiet)
		source_say_boot(map);
	return status_worse(status, output_end(out));
}

static enum status judge_source(const struct verify *verify, const char *source,
				struct efimap_summary *summary, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	int ret = verify_judge(verify, source, &map, &report);

	efimap_summary_add(summary, ret < 0 ? NULL : report);
	summary->by_kexec += map && efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC;
	return ret < 0 ? say_errno(source, ret) : tell(verify, source, map, report, out);
}

/* --- all of them --- */

static const char *list_name(const struct names *names)
{
	return strcmp(names->list, "-") == 0 ? "standard input" : names->list;
}

static void say_bad_name(const struct names *names, const char *why)
{
	if (names->line)
		say("%s:%" PRIu64 ": %s", list_name(names), names->line, why);
	else
		say("%s", why);
}

/* One source that fails does not stop the others; a full disk does. */
static enum status judge_all(const struct verify *verify, struct names *names,
			     struct efimap_summary *summary, struct efimap_out *out)
{
	enum status status = STATUS_OK;
	const char *name;
	int ret = 1;

	while (!out->error && (ret = names_next(names, &name)) != 0) {
		enum status one = STATUS_UNREADABLE;

		if (ret > 0) {
			one = judge_source(verify, name, summary, out);
		} else if (ret == -EINVAL) {
			say_bad_name(names, name);
		} else {
			say("%s: %s", list_name(names), strerror(-ret));
			return status_worse(status, status_of_error(ret));
		}
		progress_step(one != STATUS_OK);
		status = status_worse(status, one);
	}
	return status;
}

static enum status end_with_summary(const struct verify *verify,
				    const struct efimap_summary *summary,
				    struct efimap_out *out)
{
	if (!verify->many || !summary->sources || verify->common.json || verify->common.quiet ||
	    out->error)
		return STATUS_OK;
	efimap_summary_write_text(summary, shows_notes(verify),
				  common_color(&verify->common), out);
	return output_end(out);
}

static enum status run_opened(const struct verify *verify, struct names *names,
			      struct efimap_out *out)
{
	struct efimap_summary summary = { 0 };
	enum status status;

	if (verify->many && !verify->common.quiet && progress_is_possible())
		progress_begin(names_total(names));
	status = judge_all(verify, names, &summary, out);
	progress_end();
	if (!summary.sources && status == STATUS_OK) {
		say("%s: the list names no SOURCE", list_name(names));
		return STATUS_UNREADABLE;
	}
	return status_worse(status, end_with_summary(verify, &summary, out));
}

enum status verify_all(const struct verify *verify, struct names *names, struct efimap_out *out)
{
	enum status status;
	int ret = names_open(names);

	if (ret < 0) {
		say("%s: %s", list_name(names),
		    ret == -ENODEV ? "a device; expected a file or FIFO with names"
				   : strerror(-ret));
		status = status_of_error(ret);
	} else {
		status = run_opened(verify, names, out);
	}
	names_close(names);
	return status;
}
