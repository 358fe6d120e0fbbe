/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The tables of the kdump services. Sources: kdump-tools 1.6.8 to 1.10.9 (kdump-config:
 * kdump_load); kdump-utils 1.0.44 (kdump-lib.sh: prepare_cmdline; kdumpctl: load_kdump); kdump of
 * SUSE (init/load.sh: build_kdump_commandline).
 */
#include "capture/kdump_services.h"

#define TOOLS(name, role, content)                                                                 \
	{                                                                                          \
		name, EFIMAP_KDUMP_TOOLS, EFIMAP_KDUMP_##role, EFIMAP_CONTENT_##content            \
	}
#define SYSCONFIG(name, role, content, ...)                                                        \
	{                                                                                          \
		name, EFIMAP_KDUMP_SYSCONFIG, EFIMAP_KDUMP_##role, EFIMAP_CONTENT_##content,       \
			__VA_ARGS__                                                                \
	}

/* Redaction writes the variables in this order. */
const struct kdump_variable kdump_variables[EFIMAP_N_KDUMP_VARIABLES] = {
	TOOLS("KDUMP_KERNEL", KERNEL, PATH),
	TOOLS("KDUMP_INITRD", INITRD, PATH),
	SYSCONFIG("KDUMP_BOOTDIR", BOOT_DIRECTORIES, PATH),
	TOOLS("KDUMP_KEXEC_ARGS", OPTIONS, OPTIONS),
	/* Since kdump-utils 1.0.43, kdumpctl uses only the first line (load_kdump). */
	SYSCONFIG("KEXEC_ARGS", OPTIONS, OPTIONS, .is_one_line = true),
	TOOLS("USE_KDUMP", USE, SWITCH),
	SYSCONFIG("KEXEC_OPTIONS", SUSE_OPTIONS, OPTIONS),
	TOOLS("KDUMP_COREDIR", RECORD, PATH),
	SYSCONFIG("KDUMP_KERNELVER", RELEASE, NAME),
	SYSCONFIG("KDUMP_IMG", IMAGE, NAME),
	SYSCONFIG("KDUMP_IMG_EXT", EXTENSION, NAME),
	TOOLS("KDUMP_CMDLINE", CMDLINE, PARAMETERS),
	TOOLS("KDUMP_CMDLINE_APPEND", APPENDED, PARAMETERS),
	SYSCONFIG("KDUMP_AUTO_RESIZE", RESIZE, SWITCH),
	SYSCONFIG("KDUMP_CPUS", CPUS, NUMBER),
	SYSCONFIG("KDUMP_COMMANDLINE", CMDLINE, PARAMETERS),
	SYSCONFIG("KDUMP_COMMANDLINE_REMOVE", REMOVED, PARAMETERS),
	SYSCONFIG("KDUMP_COMMANDLINE_APPEND", APPENDED, PARAMETERS),
	{ "LOAD_KEXEC", EFIMAP_KEXEC_DEFAULTS, EFIMAP_KEXEC_USE, EFIMAP_CONTENT_BOOLEAN },
	{ "KERNEL_IMAGE", EFIMAP_KEXEC_DEFAULTS, EFIMAP_KEXEC_KERNEL, EFIMAP_CONTENT_PATH },
	{ "INITRD", EFIMAP_KEXEC_DEFAULTS, EFIMAP_KEXEC_INITRD, EFIMAP_CONTENT_PATH },
	{ "APPEND", EFIMAP_KEXEC_DEFAULTS, EFIMAP_KEXEC_CMDLINE, EFIMAP_CONTENT_PARAMETERS },
	{ "USE_GRUB_CONFIG", EFIMAP_KEXEC_DEFAULTS, EFIMAP_KEXEC_GRUB, EFIMAP_CONTENT_BOOLEAN },
};

const struct kdump_service kdump_services[] = {
	[EFIMAP_CRASH_SERVICE_KDUMP_CONFIG] = {
		.config = "/etc/default/kdump-tools",
		.options = EFIMAP_KDUMP_OPTIONS,
		.removes = "crashkernel hugepages hugepagesz abm",
		.keeps_given = true,
		.removes_by_default = "",
		/* Of the default parameters, only nr_cpus= affects an answer. */
		.appends_by_default = "nr_cpus=1",
		.adds = "",
	},
	[EFIMAP_CRASH_SERVICE_KDUMPCTL] = {
		.config = "/etc/sysconfig/kdump",
		.options = EFIMAP_KDUMP_OPTIONS,
		.removes = "crashkernel panic_on_warn root rd.lvm.lv rd.luks.uuid rd.dm.uuid "
			   "rd.md.uuid fcoe netroot rd.iscsi.initiator iscsi_initiator",
		.removes_by_default = "hugepages hugepagesz slub_debug",
		.appends_by_default = "",
		.adds = "",
	},
	[EFIMAP_CRASH_SERVICE_SUSE] = {
		.config = "/etc/sysconfig/kdump",
		.options = EFIMAP_KDUMP_SUSE_OPTIONS,
		.removes = "root resume crashkernel splash mem BOOT_IMAGE showopts "
			   "zfcp.allow_lun_scan hugepages acpi_no_memhotplug cgroup_disable "
			   "unknown_nmi_panic rd.udev.children-max notsc",
		.keeps_given = true,
		.removes_by_default = "",
		.appends_by_default = "",
		/* No answer depends on the value of disable_cpu_apicid=, so 0 is used. */
		.adds = "nokaslr numa=off root=kdump disable_cpu_apicid=0 ",
	},
};
