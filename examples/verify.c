/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The smallest program on libefimap: judge one SOURCE and print what was found.
 *
 *	cc -o verify verify.c $(pkg-config --cflags --libs libefimap)
 *	./verify /		# the running system, as root
 *	./verify DIRECTORY	# a capture, an unpacked sosreport
 *
 * Exit status: 0 no errors, 1 errors, 2 it could not be judged.
 */
#include <stdio.h>
#include <string.h>

#include "read/read.h"
#include "check/verify.h"
#include "base/version.h"

static int fail(const struct efimap_err *err, int ret)
{
	char text[1024];

	if (err->code)
		efimap_err_format(err, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%s", strerror(-ret));
	fprintf(stderr, "verify: %s\n", text);
	return 2;
}

static void print(const struct efimap_finding *finding)
{
	printf("%s: %s [%s], next kernel: %s\n", efimap_severity_name(finding->severity),
	       finding->message, finding->rule->name,
	       efimap_consequence_name(finding->consequence));
}

int main(int argc, char **argv)
{
	/* Both are freed when they go out of scope. */
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(argc > 1 ? argv[1] : "/", &map, &err);

	if (ret)
		return fail(&err, ret);
	ret = efimap_verify(map, NULL, &report);
	if (ret)
		return fail(&err, ret);
	for (size_t i = 0; i < report->n_findings; i++)
		print(&report->findings[i]);
	printf("%s: %zu entries, %s (libefimap %s)\n", map->name, map->n_entries,
	       efimap_verdict_name(report->verdict), efimap_version());
	if (report->verdict == EFIMAP_VERDICT_PASS)
		return 0;
	if (report->verdict == EFIMAP_VERDICT_FAIL)
		return 1;
	printf("%s\n", report->reason);
	return 2;
}
