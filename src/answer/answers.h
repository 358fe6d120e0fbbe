/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the answers of verify
 *
 * Each question has one answer for each kernel, or two if both loaders can load the kernel but with
 * different outcomes. The report owns the answers.
 */
#ifndef ANSWER_ANSWERS_H
#define ANSWER_ANSWERS_H

#include "rules/load_case.h"
#include "rules/report.h"

/**
 * struct efimap_advice - what the user can do
 * @command:      a command, quoted for a shell, in which KERNEL and INITRD stand for unknown files;
 *                or NULL
 * @text:         one or two sentences, without the last full stop
 * @command_note: the effect and the validity of a @command that contains KERNEL or INITRD, without
 *                the last full stop; or NULL
 */
struct efimap_advice {
	const char *command;
	const char *text;
	const char *command_note;
};

/**
 * struct efimap_answer_kernel - the kernel to which an answer refers
 * @release: release of the kernel, or NULL if it is unknown
 * @image:   path of the image, or NULL
 * @assumed: no image is known, so a kernel like the running one is assumed
 * @running: the kernel is not assumed, and has the release of the running kernel
 * @unnamed: no configuration names the kernel, and nothing is known about it
 */
struct efimap_answer_kernel {
	const char *release;
	const char *image;
	bool assumed;
	bool running;
	bool unnamed;
};

/**
 * struct efimap_load_answer - the answer for a kernel with one loader, or with both
 * @loader:   enum efimap_loader, or EFIMAP_LOADER_ANY if the answer is not for one loader
 * @names_loader: the answer names @loader, because the load with the other loader has another
 *            outcome, or because that load is refused and the installed tools would use its loader
 * @predicate: the answer without its subject, such as "will boot with EFI runtime services", with a
 *            reason if there is one
 * @answer:   the complete sentence, such as "kexec to 6.12.113 (running): will boot …."
 * @advice:   what the user can do, or NULL
 * @segments: placement of the segments
 * @n_segments: number of @segments; 0 if the placement is unknown
 * @rules:    ids of the rules whose findings determine the outcome, without duplicates
 * @n_rules:  number of @rules
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
 * struct efimap_answer_line - a line of text for one or more answers with the same wording
 * @advice: the advice that these answers have in common, or NULL
 */
struct efimap_answer_line {
	const char *text;
	const struct efimap_advice *advice;
};

#endif
