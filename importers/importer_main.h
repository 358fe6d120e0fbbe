/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the importers share: their command line, their input, and how they end. The other
 * side of this is src/input/run_importer.c.
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
 * struct importer - one run
 * @name:    what to call the input, SOURCE as the user gave it
 * @label:   the same in messages
 * @head:    descriptor to read before standard input, -1 for none
 * @boot:    of a kernel's log, which boot: see efimap_read()
 */
struct importer {
	const char *program;
	const char *name;
	const char *label;
	int head;
	int boot;
	uint64_t taken;
};

/** importer_read_fn - turn the input into a capture; 0 or a negative errno and @err */
typedef int importer_read_fn(struct importer *importer, struct efimap **ret_map,
			     struct efimap_err *err);

int importer_main(int argc, char **argv, const char *program, const char *help,
		  importer_read_fn *read_input);

/** importer_take() - the next bytes of the input; 0 at its end, or a negative errno and @err */
ssize_t importer_take(struct importer *importer, void *data, size_t size,
		      struct efimap_err *err);
/** importer_fill() - the same, but fewer than @size only at the end: a pipe gives pieces */
ssize_t importer_fill(struct importer *importer, void *data, size_t size,
		      struct efimap_err *err);

#endif
