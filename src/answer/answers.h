/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the answers of verify
 *
 * One answer for each load that has an outcome of its own. They belong to a report, which frees
 * them.
 */
#ifndef ANSWER_ANSWERS_H
#define ANSWER_ANSWERS_H

#include "rules/load_case.h"
#include "rules/report.h"

/**
 * struct efimap_advice - what to do
 * @command: a complete command, quoted for a shell; NULL where @text says it all
 * @text:    one sentence without a full stop
 */
struct efimap_advice {
	const char *command;
	const char *text;
};

/**
 * struct efimap_answer_kernel - the kernel of an answer
 * @release: NULL where it is not known
 * @image:   path of the image, or NULL
 * @assumed: no image is known: a kernel like the running one is assumed
 * @running: it has the release of the running kernel
 * @unnamed: no configuration names it, and nothing is known about it
 */
struct efimap_answer_kernel {
	const char *release;
	const char *image;
	bool assumed;
	bool running;
	bool unnamed;
};

/**
 * struct efimap_load_answer - what becomes of one load, or of several that have the same outcome
 * @loader:   enum efimap_loader, or EFIMAP_LOADER_ANY for both
 * @names_loader: another loader has another outcome, so the text names this one
 * @predicate: "will boot with EFI runtime services", with a reason where there is one
 * @answer:   the whole sentence: "kexec to 6.12.113 (running): will boot …."
 * @advice:   what to do, or NULL
 * @segments: where they lie; @n_segments of them, none where they were not computed
 * @rules:    ids of the findings that decide, @n_rules of them, each once
 */
struct efimap_load_answer {
	enum efimap_question question;
	struct efimap_answer_kernel kernel;
	unsigned int loader;
	bool names_loader;
	enum efimap_outcome outcome;
	enum efimap_certainty certainty;
	const char *predicate;
	const char *answer;
	const struct efimap_advice *advice;
	const struct efimap_segment *segments;
	size_t n_segments;
	const enum efimap_rule_id *rules;
	size_t n_rules;
};

/**
 * struct efimap_answer_line - a line of text; answers that read the same are one line
 * @advice: or NULL
 */
struct efimap_answer_line {
	const char *text;
	const struct efimap_advice *advice;
};

#endif
