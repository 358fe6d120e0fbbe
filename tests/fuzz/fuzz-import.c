/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first byte selects the importer. import-archive runs in this process without its sandbox
 * (stage.c). import-vmcore runs as a separate process, because libkdumpfile 0.5.1 crashes for some
 * damaged dumps. libFuzzer gets no coverage from another process, so import-vmcore runs only when
 * the corpus is replayed.
 */
#include <jansson.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

#include "fuzz.h"
#include "base/cleanup.h"
#include "stage.h"

int import_archive_main(int argc, char **argv);

#if defined(FUZZ_REPLAY) && defined(IMPORT_VMCORE)
#define REPLAYS_DUMPS true
#else
#define REPLAYS_DUMPS false
#define IMPORT_VMCORE ""
#endif

static int spawn_import_vmcore(int argc, char **argv)
{
	/* Do not report the memory leaks of libkdumpfile, which would count as crashes. */
	char options[] = "ASAN_OPTIONS=abort_on_error=1:detect_leaks=0";
	char *environment[] = { options, NULL };
	pid_t pid;
	int status;

	fuzz_check(posix_spawn(&pid, IMPORT_VMCORE, NULL, NULL, argv, environment) == 0);
	fuzz_check(waitpid(pid, &status, 0) == pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/*
 * Return whether libkdumpfile crashed. It can corrupt the heap, and the process then aborts in
 * glibc or accesses invalid memory.
 */
static bool has_library_died(int status)
{
	return status == -SIGABRT || status == -SIGSEGV || status == -SIGBUS;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	char name[] = "import", input[] = "fuzz", *argv[] = { name, input, NULL };
	json_t *document;
	bool is_dump;
	int status;

	if (size < 1)
		return 0;
	is_dump = data[0] % 2;
	if (is_dump && !REPLAYS_DUMPS)
		return 0;
	stage_file(0, data + 1, size - 1);
	status = stage_run(is_dump ? spawn_import_vmcore : import_archive_main, 2, argv, &out);
	if (is_dump && has_library_died(status))
		return 0;
	fuzz_check(!out.error && (status == 0 || (status == 3 && !out.used)));
	if (status)
		return 0;
	document = json_loadb(out.data, out.used, JSON_REJECT_DUPLICATES, NULL);
	fuzz_check(document);
	json_decref(document);
	return 0;
}
