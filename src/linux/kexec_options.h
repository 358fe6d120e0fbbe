/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_KEXEC_OPTIONS_H
#define LINUX_KEXEC_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The system call that options of kexec(8) select. DEFAULT means that no option selects one. AUTO
 * tries kexec_file_load, then kexec_load.
 */
enum kexec_call {
	EFIMAP_KEXEC_CALL_DEFAULT,
	EFIMAP_KEXEC_CALL_LOAD,
	EFIMAP_KEXEC_CALL_FILE_LOAD,
	EFIMAP_KEXEC_CALL_AUTO,
};

struct kexec_options {
	enum kexec_call call;
	bool is_hotplug;
	bool is_noefi;
	/* --real-mode or --entry-32bit, which change where kexec_load places segments */
	bool has_other_entry;
	/*
	 * an unknown option, an operand, an invalid or missing argument, or an option whose effect
	 * verify does not evaluate, such as --type, --append and --status
	 */
	bool has_unsupported;
	/* --mem-min and --mem-max, or 0; kexec_file_load ignores both */
	uint64_t mem_min;
	uint64_t mem_max;
};

/*
 * Parse options of kexec(8), separated by white space, as getopt_long(3) does: letters can be
 * bundled, and long options can be abbreviated. The last option that selects a system call applies.
 */
struct kexec_options parse_kexec_options(const char *args);

#endif
