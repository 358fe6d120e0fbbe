/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files that affect the outcome of a load, in one table. To add a file, add a row to
 * evidence.c.
 *
 * If a file was not read, no check or rule considers its content. If the file exists but reading
 * was denied or failed, or if its content is malformed, the answer is "cannot tell". If the file is
 * missing from a capture, the answer ends "as far as the capture shows". On the running system, a
 * missing file means that the kernel lacks the feature, unless the row has is_always.
 */
#ifndef ANSWER_EVIDENCE_H
#define ANSWER_EVIDENCE_H

#include "answer/machine.h"

/* enum evidence_state - whether a file was read */
enum evidence_state {
	EVIDENCE_SEEN,	  /* the file was read, is missing from the machine, or does not matter */
	EVIDENCE_MISSING, /* not found, so the answer is valid as far as the capture shows */
	EVIDENCE_UNREAD,  /* denied or malformed, so the outcome is unknown */
};

extern const size_t n_evidence;

/*
 * look_for_evidence() - find out whether the file of a row was read
 * @row:      index of the row, less than n_evidence
 * @ret_text: the data that was not read, with the reason; not set for EVIDENCE_SEEN. NULL if memory
 *            is exhausted.
 */
enum evidence_state look_for_evidence(const struct machine *machine,
				      const struct efimap_load_case *load, size_t row,
				      const char **ret_text);

#endif
