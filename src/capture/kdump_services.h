/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kdump services as data: their configuration files, the variables in these files, and the
 * parameters that they remove from and append to those of the crash kernel.
 */
#ifndef CAPTURE_KDUMP_SERVICES_H
#define CAPTURE_KDUMP_SERVICES_H

#include <stdbool.h>
#include <stddef.h>

#include "capture/installed_kernels.h"

/* All three services keep links to kernels and initrds, or generated initrds, in this directory. */
#define EFIMAP_KDUMP_DIRECTORY "/var/lib/kdump"

/*
 * The configuration files. kdumpctl and the service of SUSE have the same file. KEXEC_DEFAULTS is
 * /etc/default/kexec with the files in kexec.d, with which Debian's kexec-tools loads a kernel
 * before a reboot.
 */
enum kdump_file {
	EFIMAP_KDUMP_TOOLS,
	EFIMAP_KDUMP_SYSCONFIG,
	EFIMAP_KEXEC_DEFAULTS,
};

/*
 * What a variable sets. The order is that in which unknown values are reported.
 *
 * @EFIMAP_KDUMP_RELEASE:   the release of the crash kernel, or the path of its image on SUSE
 * @EFIMAP_KDUMP_RECORD:    directory of the record of the load
 * @EFIMAP_KDUMP_CMDLINE:   parameters that replace those of the running kernel
 * @EFIMAP_KDUMP_REMOVED:   parameters that the service also removes
 * @EFIMAP_KDUMP_SUSE_OPTIONS: options of kexec in the file that kdumpctl and SUSE share
 * @EFIMAP_KDUMP_RESIZE:    only recent versions of SUSE's kdump have this variable
 */
enum kdump_role {
	EFIMAP_KDUMP_USE,
	EFIMAP_KDUMP_KERNEL,
	EFIMAP_KDUMP_INITRD,
	EFIMAP_KDUMP_RELEASE,
	EFIMAP_KDUMP_BOOT_DIRECTORIES,
	EFIMAP_KDUMP_IMAGE,
	EFIMAP_KDUMP_EXTENSION,
	EFIMAP_KDUMP_OPTIONS,
	EFIMAP_KDUMP_CMDLINE,
	EFIMAP_KDUMP_REMOVED,
	EFIMAP_KDUMP_RECORD,
	EFIMAP_KDUMP_APPENDED,
	EFIMAP_KDUMP_SUSE_OPTIONS,
	EFIMAP_KDUMP_RESIZE,
	EFIMAP_KDUMP_CPUS,
	EFIMAP_KEXEC_USE,
	EFIMAP_KEXEC_KERNEL,
	EFIMAP_KEXEC_INITRD,
	EFIMAP_KEXEC_CMDLINE,
	EFIMAP_KEXEC_GRUB,
	EFIMAP_N_KDUMP_ROLES,
};

/* The kind of the value of a variable, which determines its redaction. */
enum kdump_content {
	EFIMAP_CONTENT_PATH,
	EFIMAP_CONTENT_OPTIONS,
	EFIMAP_CONTENT_SWITCH,
	EFIMAP_CONTENT_PARAMETERS,
	EFIMAP_CONTENT_NAME,
	EFIMAP_CONTENT_NUMBER,
	EFIMAP_CONTENT_BOOLEAN,
};

/* @is_one_line: a value of several lines is unknown */
struct kdump_variable {
	const char *name;
	enum kdump_file file;
	enum kdump_role role;
	enum kdump_content content;
	bool is_one_line;
};

/* The variables that are used. A recording contains no others, which may be passwords. */
#define EFIMAP_N_KDUMP_VARIABLES 23
extern const struct kdump_variable kdump_variables[EFIMAP_N_KDUMP_VARIABLES];

/* Options of kexec and kernel parameters are lists of words. */
static inline bool kdump_is_list(const struct kdump_variable *variable)
{
	return variable->content == EFIMAP_CONTENT_OPTIONS ||
	       variable->content == EFIMAP_CONTENT_PARAMETERS;
}

/*
 * @config:   absolute path of the configuration file
 * @options:  the variable that contains options of kexec
 * @removes:  parameters that the service removes
 * @keeps_given: the service removes @removes only from the parameters of the running kernel, not
 *            from those in its configuration
 * @removes_by_default: parameters that the service also removes if EFIMAP_KDUMP_REMOVED is not set
 * @appends_by_default: parameters that the service appends if EFIMAP_KDUMP_APPENDED is empty
 * @adds:     parameters that the service always appends to those of the running kernel
 *
 * Lists contain only parameters that affect an answer.
 */
struct kdump_service {
	const char *config;
	enum kdump_role options;
	const char *removes;
	bool keeps_given;
	const char *removes_by_default;
	const char *appends_by_default;
	const char *adds;
};

extern const struct kdump_service kdump_services[EFIMAP_CRASH_SERVICE_SUSE + 1];

#endif
