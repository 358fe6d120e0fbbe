/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole importer with its library: the first byte says which, what follows is the evidence.
 * JSON, or nothing and a reason, comes out. Only its confinement is left out (stage.c).
 */
#include <jansson.h>
#include <libkdumpfile/kdumpfile.h>

#include "fuzz.h"
#include "base/cleanup.h"
#include "stage.h"

kdump_ctx_t *__real_kdump_new(void);
kdump_ctx_t *__wrap_kdump_new(void);
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));
int import_archive_main(int argc, char **argv);
int import_vmcore_main(int argc, char **argv);

/* libkdumpfile 0.5.1 leaves some behind with every dump. */
const char *__lsan_default_suppressions(void) __attribute__((visibility("default")));
const char *__lsan_default_suppressions(void)
{
	return "leak:libkdumpfile\nleak:libaddrxlat\n";
}

static kdump_ctx_t *opened;

kdump_ctx_t *__wrap_kdump_new(void)
{
	opened = __real_kdump_new();
	return opened;
}

/* The importer leaves that to its end (dump.c); a sanitizer hands out nothing anew so soon. */
static void free_dump(void)
{
	if (opened && __sanitizer_set_report_fd)
		kdump_free(opened);
	opened = NULL;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	char name[] = "import", input[] = "fuzz", *argv[] = { name, input, NULL };
	json_t *document;
	int status;

	if (size < 1)
		return 0;
	stage_file(0, data + 1, size - 1);
	status = stage_run(data[0] % 2 ? import_vmcore_main : import_archive_main, 2, argv, &out);
	free_dump();
	fuzz_check(!out.error && (status == 0 || (status == 3 && !out.used)));
	if (status)
		return 0;
	document = json_loadb(out.data, out.used, JSON_REJECT_DUPLICATES, NULL);
	fuzz_check(document);
	json_decref(document);
	return 0;
}
