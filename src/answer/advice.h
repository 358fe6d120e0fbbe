/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef ANSWER_ADVICE_H
#define ANSWER_ADVICE_H

#include "answer/answers.h"
#include "answer/load_outcome.h"

/*
 * find_advice() - find the first remedy with the best outcome
 * @load:       the load of the answer
 * @today:      the outcome of @load
 * @ret_advice: the advice, in the arena of @report or static; NULL if no advice applies
 *
 * Remedies that the running kernel refuses, and remedies whose outcome is unknown, are ignored. If
 * no remedy is left, the advice is to reboot through the firmware, or a statement that no remedy
 * helps.
 *
 * Return: 0 or a negative errno.
 */
int find_advice(const struct efimap_verify_options *options, const struct loads *loads,
		const struct efimap_load_case *load, const struct load_outcome *today,
		struct efimap_report *report, const struct efimap_advice **ret_advice);

const char *name_loader_option(unsigned int loader);

/*
 * make_load_advice() - name the kexec command, or the setting of the kdump service, for a load
 * @works: report in the advice that the kernel will boot with EFI runtime services
 *
 * Return: 0 or -ENOMEM.
 */
int make_load_advice(const struct loads *loads, const struct efimap_load_case *load, bool works,
		     struct efimap_report *report, const struct efimap_advice **ret_advice);

/*
 * make_start_advice() - name the command by which the kdump service loads its crash kernel
 * @ret_advice: untouched if the service is unknown
 *
 * Return: 0 or -ENOMEM.
 */
int make_start_advice(const struct loads *loads, struct efimap_report *report,
		      const struct efimap_advice **ret_advice);

/*
 * make_unread_advice() - name what makes the file of a kernel readable
 *
 * Return: 0 or -ENOMEM.
 */
int make_unread_advice(const struct efimap *map, const struct efimap_unread_kernel *kernel,
		       struct efimap_report *report, const struct efimap_advice **ret_advice);

#endif
