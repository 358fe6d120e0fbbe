/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_MACHINE_H
#define RULES_MACHINE_H

#include "capture/installed_kernels.h"
#include "linux/kexec_memory.h"
#include "rules/check_capture.h"
#include "rules/fact.h"
#include "rules/kdump_state.h"
#include "rules/load_case.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/*
 * struct machine - the facts that apply to all loads of a run
 * @state:  the data of the running system that affects kexec
 * @locked_down: whether the running kernel is locked down
 * @seems_locked_down: whether something suggests this although @locked_down is unknown
 * @uses_record: the answer for kdump is about the load that a record names, not the configured one
 * @memory: memory that each loader may use, indexed by enum kexec_loader
 * @rules:  the data with which the rules that depend on a load are run
 * @report: the findings of the rules that do not depend on a load; NULL before machine_check()
 * @arena:  owns the texts of answers and checks: the arena of the report
 * @why_no_kexec: the reason why no load for kexec is predicted, or NULL: this kernel has no EFI
 * @lacks_efi: the firmware has no EFI
 * @has_lost_efi: the firmware has EFI, but this kernel has none, because of @why_lost_efi
 * @runs_without_services: a parameter or a fault turned EFI runtime services off in this kernel
 * @died_of: why the kernel died, if the log shows it; otherwise NULL
 * @died_because: a cause that initrd-table-in-ram predicts, or NULL
 * @other_boot: the advice to select another boot of a log, or NULL
 * @why_unknown: the reason why the map is not completely known, or NULL
 * @assumed: a kernel like the running one; its header is set if @has_assumed_header is true
 */
struct machine {
	const struct efimap *map;
	struct verify_options options;
	const struct kexec_state *state;
	struct fact locked_down;
	struct fact seems_locked_down;
	struct kdump kdump;
	bool uses_record;
	struct load_memory memory[EFIMAP_LOADER_COUNT];
	struct capture_rules rules;
	struct report *report;
	struct arena *arena;
	const char *why_unknown;
	const char *why_no_kexec;
	bool lacks_efi;
	bool has_lost_efi;
	const char *why_lost_efi;
	bool runs_without_services;
	const char *died_of;
	const char *died_because;
	const char *other_boot;
	struct installed_kernel assumed;
	bool has_assumed_header;
	uint32_t assumed_init_size_max;
};

/*
 * machine_open() - determine the facts that apply to all loads
 * @options:     as for verify_capture()
 * @arena:       that of the report; owns the texts of answers
 * @ret_machine: borrows from @map and from the files in @options, and must not be moved; close it
 *               with machine_close()
 */
void machine_open(const struct efimap *map, const struct verify_options *options,
		  struct arena *arena, struct machine *ret_machine);
/*
 * machine_check() - run the rules that do not depend on a load
 * @report: receives the findings; borrowed
 */
void machine_check(struct machine *machine, struct report *report);
void machine_close(struct machine *machine);

/*
 * machine_load_limit() - return the number of loads that kexec_load_limit_panic or
 *                        kexec_load_limit_reboot still permits
 */
static inline int32_t machine_load_limit(const struct machine *machine, enum load_question question)
{
	return load_limit(machine->state, question == EFIMAP_QUESTION_KDUMP
						  ? EFIMAP_VALUE_PANIC_LIMIT
						  : EFIMAP_VALUE_REBOOT_LIMIT);
}

/*
 * machine_needs_reboot() - return whether a crash kernel is loaded, and the running kernel does not
 *                          permit to unload it and to load another one
 */
bool machine_needs_reboot(const struct machine *machine);

/*
 * Advice to make a @change, and to load the crash kernel again or, if the running kernel does not
 * permit this load, to reboot
 */
#define LOAD_AGAIN(machine, change)                                                                \
	(machine_needs_reboot(machine) ? change "reboot" : change "load the crash kernel again")

/* The purposes for which users need EFI in the next kernel, as the beginning of advice */
#define EFI_IS_NEEDED "you need EFI variables, "

/* machine_asks_about_next() - return whether options select a load that is still to come */
bool machine_asks_about_next(const struct machine *machine);

#endif
