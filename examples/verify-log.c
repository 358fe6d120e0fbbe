/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Verify a kernel log: dmesg | ./verify-log. The program prints what the next kernel will do. For
 * each finding, it prints the rule, the message and the advice. The exit status is 0 if there are
 * at most notes, 1 if there are worse findings, and 2 if the log could not be verified.
 *
 *	cc -o verify-log verify-log.c $(pkg-config --cflags --libs libefimap)
 */
#include <stdio.h>
#include <string.h>
#include <efimap/efimap.h>

int main(void)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_capture *log = NULL;
	struct efimap_options *options = NULL;
	struct efimap_report *report = NULL;
	const struct efimap_finding *finding;
	int status = 2;

	if (efimap_capture_read("-", &log, &err) == 0 && efimap_options_new(&options) == 0) {
		efimap_options_set_fail_on(options, EFIMAP_WARNING);
		efimap_capture_verify(log, options, &report);
	}
	if (report)
		puts(efimap_report_answer(report));
	for (size_t i = 0; report && (finding = efimap_report_finding(report, i)); i++)
		printf("%s: %s\n\t%s\n", efimap_finding_rule(finding),
		       efimap_finding_message(finding),
		       efimap_rule_text(efimap_finding_rule(finding), "fix"));
	if (report && (strcmp(efimap_report_verdict(report), "pass") == 0 ||
		       strcmp(efimap_report_verdict(report), "warn") == 0))
		status = 0;
	else if (report && strcmp(efimap_report_verdict(report), "fail") == 0)
		status = 1;
	else
		printf("not judged: %s\n", report ? efimap_report_reason(report) : err.text);
	efimap_report_free(report);
	efimap_options_free(options);
	efimap_capture_free(log);
	return status;
}
