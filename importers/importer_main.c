/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The main program of each importer: read evidence from standard input, and write a snapshot
 * document to standard output. An error other than a usage error is one line on standard error.
 */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/escape_text.h"
#include "base/output_buffer.h"
#include "document/snapshot.h"
#include "importer_main.h"
#include "input/input_file.h"
#include "input/parse_values.h"

#define HEAD_OPTION "--head=3"
#define BOOT_OPTION "--boot="
#define HEAD_FD 3

ssize_t importer_take(struct importer *importer, void *data, size_t size,
		      struct efimap_err *err)
{
	ssize_t count = 0;

	if (importer->head >= 0) {
		count = TEMP_FAILURE_RETRY(read(importer->head, data, size));
		if (count == 0)
			efimap_close_fd(&importer->head);
	}
	if (count == 0)
		count = TEMP_FAILURE_RETRY(read(STDIN_FILENO, data, size));
	if (count < 0)
		return efimap_err_set(err, errno, importer->label, "%s", strerror(errno));
	importer->taken += (uint64_t)count;
	return count;
}

ssize_t importer_fill(struct importer *importer, void *data, size_t size,
		      struct efimap_err *err)
{
	size_t used = 0;
	ssize_t count = 1;

	while (used < size && count > 0) {
		count = importer_take(importer, (char *)data + used, size - used, err);
		if (count > 0)
			used += (size_t)count;
	}
	return count < 0 ? count : (ssize_t)used;
}

static int print_error(const struct importer *importer, const struct efimap_err *err)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDERR_FILENO);
	char text[sizeof(err->where) + sizeof(err->text) + 64];

	efimap_err_format(err, text, sizeof(text));
	efimap_out_puts(&out, importer->program);
	efimap_out_puts(&out, ": ");
	efimap_out_escaped(&out, text);
	efimap_out_putc(&out, '\n');
	/* Report only -ENOMEM. A failure to write to standard error cannot be reported anywhere. */
	if (efimap_out_flush(&out) == -ENOMEM)
		fprintf(stderr, "%s: out of memory\n", importer->program);
	return err->code == EACCES || err->code == EPERM ? IMPORTER_DENIED :
							   IMPORTER_UNREADABLE;
}

static int print_snapshot(const struct efimap *map, const struct importer *importer,
			  struct efimap_err *err)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = efimap_snapshot_write(map, false, &out);

	if (ret)
		return efimap_err_set(err, -ret, importer->label, "%s", strerror(-ret));
	if (out.used > EFIMAP_DOCUMENT_MAX_BYTES)
		return efimap_err_set(err, E2BIG, importer->label,
				      "the snapshot would be longer than %zu MiB, the "
				      "limit for an input file",
				      EFIMAP_DOCUMENT_MAX_BYTES >> 20);
	out.fd = STDOUT_FILENO;
	ret = efimap_out_flush(&out);
	return ret ? efimap_err_set(err, -ret, "standard output", "%s", strerror(-ret)) : 0;
}

static int print_usage(FILE *stream, const char *program, const char *help)
{
	fprintf(stream,
		"Usage: %s [--boot=N] [--] NAME <FILE\n%sNAME identifies the input in the "
		"document and in messages. See efimapctl(1).\n",
		program, help);
	return stream == stderr ? IMPORTER_USAGE : IMPORTER_OK;
}

static int run_importer(struct importer *importer, importer_read_fn *read_input)
{
	struct efimap_input input = { .name = importer->label, .fd = STDIN_FILENO };
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	efimap_input_stamp(&input);
	ret = read_input(importer, &map, &err);
	if (!ret)
		ret = efimap_input_check(&input, false, &err);
	if (!ret)
		ret = print_snapshot(map, importer, &err);
	if (!ret)
		return IMPORTER_OK;
	efimap_err_set(&err, -ret, importer->label, "%s", strerror(-ret));
	return print_error(importer, &err);
}

int importer_main(int argc, char **argv, const char *program, const char *help,
		  importer_read_fn *read_input)
{
	struct importer importer = { .program = program, .head = -1 };
	int at = 1;

	/* Terminate with the parent process, because nobody else reads the output. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* libarchive needs a UTF-8 locale to convert the names in archives. */
	setlocale(LC_CTYPE, "C.UTF-8");
	if (at < argc && strcmp(argv[at], HEAD_OPTION) == 0) {
		importer.head = HEAD_FD;
		at++;
	}
	if (at < argc && strncmp(argv[at], BOOT_OPTION, strlen(BOOT_OPTION)) == 0) {
		if (!efimap_boot_parse(argv[at] + strlen(BOOT_OPTION), &importer.boot))
			return print_usage(stderr, program, help);
		at++;
	}
	if (at < argc && strcmp(argv[at], "--help") == 0)
		return print_usage(stdout, program, help);
	if (at < argc && strcmp(argv[at], "--") == 0)
		at++;
	if (at + 1 != argc)
		return print_usage(stderr, program, help);
	importer.name = argv[at];
	importer.label = strcmp(argv[at], "-") == 0 ? "standard input" : argv[at];
	return run_importer(&importer, read_input);
}
