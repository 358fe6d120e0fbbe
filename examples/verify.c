/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A minimal program that uses libefimap: verify one SOURCE and print the findings.
 *
 *	cc -o verify verify.c $(pkg-config --cflags --libs libefimap)
 *	./verify /		# the running system, as root
 *	./verify DIRECTORY	# a capture, such as an unpacked sosreport
 *
 * The exit status is 0 if no finding is an error, 1 if one is, and 2 if the SOURCE could not be
 * verified.
 */
#include <stdio.h>
#include <string.h>

#include <efimap/efimap.h>

static int verify(const struct efimap_capture *capture)
{
	const struct efimap_finding *finding;
	struct efimap_report *report;
	size_t count;
	int status = 2;

	if (efimap_capture_verify(capture, NULL, &report))
		return status;
	printf("%s\n", efimap_report_answer(report));
	for (size_t i = 0; (finding = efimap_report_finding(report, i)); i++)
		printf("%s: %s [%s], next kernel: %s\n",
		       efimap_severity_name(efimap_finding_severity(finding)),
		       efimap_finding_message(finding), efimap_finding_rule(finding),
		       efimap_finding_consequence(finding));
	efimap_capture_entries(capture, &count);
	printf("%s: %zu entries, %s (libefimap %s)\n", efimap_capture_name(capture), count,
	       efimap_report_verdict(report), efimap_version());
	if (strcmp(efimap_report_verdict(report), "pass") == 0 ||
	    strcmp(efimap_report_verdict(report), "warn") == 0)
		status = 0;
	else if (strcmp(efimap_report_verdict(report), "fail") == 0)
		status = 1;
	else
		printf("%s\n", efimap_report_reason(report));
	efimap_report_free(report);
	return status;
}

int main(int argc, char **argv)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_capture *capture;
	char text[1024];
	int status = 2;

	if (efimap_capture_read(argc > 1 ? argv[1] : "/", &capture, &err)) {
		efimap_err_format(&err, text, sizeof(text));
		fprintf(stderr, "verify: %s\n", text);
		return status;
	}
	status = verify(capture);
	efimap_capture_free(capture);
	return status;
}
