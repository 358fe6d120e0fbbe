/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The code that all importers share: command line, input, exit status. src/input/run_importer.c
 * starts the importers and reads their output.
 */
#ifndef IMPORTERS_IMPORTER_MAIN_H
#define IMPORTERS_IMPORTER_MAIN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"
#include "capture/capture.h"

enum importer_status {
	IMPORTER_OK = 0,
	IMPORTER_USAGE = 2,
	IMPORTER_UNREADABLE = 3,
	IMPORTER_DENIED = 5,
};

/**
 * struct importer - one run of an importer
 * @name:  SOURCE as the user gave it
 * @label: name of the input in messages
 * @head:  file descriptor to read before standard input, or -1
 * @boot:  which boot of a kernel log to read (see efimap_read())
 * @taken: number of input bytes read so far
 */
struct importer {
	const char *program;
	const char *name;
	const char *label;
	int head;
	int boot;
	uint64_t taken;
};

/**
 * importer_read_fn - read the input into a capture, which the caller frees. Return 0, or a negative
 * errno. If @err is not set, the caller sets it from the errno.
 */
typedef int importer_read_fn(struct importer *importer, struct efimap **ret_map,
			     struct efimap_err *err);

int importer_main(int argc, char **argv, const char *program, const char *help,
		  importer_read_fn *read_input);

/**
 * importer_take() - read the next bytes of the input. Return their number, or 0 at the end of the
 * input. On failure, set @err and return a negative errno.
 */
ssize_t importer_take(struct importer *importer, void *data, size_t size,
		      struct efimap_err *err);
/**
 * importer_fill() - read like importer_take(), but return fewer than @size bytes only at the end
 * of the input
 */
ssize_t importer_fill(struct importer *importer, void *data, size_t size,
		      struct efimap_err *err);

#endif
