/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table of the files of a capture, and the loop that reads them from any kind of root. */
#include <errno.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "input/log/capture_from_log.h"
#include "input/source_limits.h"
#include "input/tree/capture_file.h"
#include "input/tree/installed_kernels.h"
#include "input/tree/read_tree.h"
#include "input/tree/readers.h"

#define VALUE .part = EFIMAP_READ_VALUE, .limit = EFIMAP_VALUE_SIZE
#define WHOLE(bytes) .part = EFIMAP_READ_WHOLE, .limit = (bytes)
#define HEAD(bytes) .part = EFIMAP_READ_HEAD, .limit = (bytes)
#define FILTERED(part_and_limit, name) part_and_limit, .filter = efimap_filter_##name
#define PLACES(...) .places = (const char *const[]){ __VA_ARGS__, NULL }
/* In sysfs, sys/class/dmi/id is a link, but in a collected tree it may be a directory. */
#define DMI(name) PLACES("sys/devices/virtual/dmi/id/" name, "sys/class/dmi/id/" name)

#define LINE_BYTES 4096U
#define KEXEC(part_and_limit, how, member, ...)                                              \
	{ .source = EFIMAP_SRC_KEXEC, part_and_limit, .is_one_of_several = true,             \
	  .keep = efimap_##how, .field = offsetof(struct efimap_kexec_state, member),         \
	  PLACES(__VA_ARGS__) }

/* The output of "sysctl -a" is 50 to 200 KiB long. */
#define SYSCTL_BYTES ((size_t)4 << 20)
#define POLICY_BYTES ((size_t)1 << 20)
/* /proc/meminfo is about 1.5 KiB long on all machines. */
#define MEMINFO_BYTES ((size_t)64 << 10)
/* Each zone has 2 KiB in /proc/zoneinfo, and 100 bytes for each CPU. */
#define ZONEINFO_BYTES ((size_t)16 << 20)
/* The configurations of distribution kernels are 150 to 300 KiB long. */
#define CONFIG_BYTES ((size_t)1 << 20)
/* A boot loader entry has about ten lines. */
#define ENTRY_BYTES ((size_t)64 << 10)
/* A list of 3000 packages is 500 KiB long. */
#define PACKAGES_BYTES ((size_t)4 << 20)
/* The kexec program of distributions is 200 KiB long, or 1 MiB if it is linked statically. */
#define PROGRAM_BYTES ((size_t)2 << 20)
/* The address sizes are at the end of a CPU's record, which is 1 to 3 KiB long. */
#define CPUINFO_BYTES 8192U

/* Files are read, and faults are reported, in this order. */
static const struct efimap_capture_file files[] = {
	{ .source = EFIMAP_SRC_EFI, .read = efimap_read_efi },
	{ .source = EFIMAP_SRC_FW_VENDOR, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_pointer, .field = offsetof(struct efimap, fw_vendor) },
	{ .source = EFIMAP_SRC_RUNTIME, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_pointer, .field = offsetof(struct efimap, runtime) },
	{ .source = EFIMAP_SRC_CONFIG_TABLE, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_pointer, .field = offsetof(struct efimap, config_table) },
	{ .source = EFIMAP_SRC_SYSTAB, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_systab },
	{ .source = EFIMAP_SRC_FW_PLATFORM_SIZE, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_platform_size },
	{ .source = EFIMAP_SRC_RUNTIME_MAP, .read = efimap_read_records },
	{ .source = EFIMAP_SRC_MEMMAP, .read = efimap_read_records },
	{ .source = EFIMAP_SRC_IOMEM, WHOLE(EFIMAP_FILE_BYTES), .keep = efimap_keep_iomem },
	{ .source = EFIMAP_SRC_CMDLINE, WHOLE(EFIMAP_MAX_CMDLINE), .keep = efimap_keep_cmdline },
	/* sos collects proc/version only on POWER. "uname" in a report is a link to uname_-a. */
	{ .source = EFIMAP_SRC_VERSION, FILTERED(WHOLE(LINE_BYTES), version),
	  .keep = efimap_keep_version,
	  PLACES("proc/version", "sos_commands/kernel/uname_-a", "uname") },
	{ .source = EFIMAP_SRC_VERSION, VALUE, .is_one_of_several = true,
	  .keep = efimap_keep_architecture, PLACES("proc/sys/kernel/arch") },
	{ .source = EFIMAP_SRC_BOOT_ID, WHOLE(LINE_BYTES), .keep = efimap_keep_boot_id },
	{ .source = EFIMAP_SRC_BOOT_PARAMS, WHOLE(EFIMAP_BOOT_PARAMS_BYTES),
	  .filter = efimap_filter_boot_params, .keep = efimap_keep_boot_params },
	{ .source = EFIMAP_SRC_SETUP_DATA, .read = efimap_read_setup_data },
	{ .source = EFIMAP_SRC_KERNEL_LOG, .read = efimap_read_kernel_log,
	  PLACES("dmesg.txt", "sos_commands/kernel/dmesg*",
		 "sos_commands/logs/journalctl_--no-pager_--boot", "var/log/dmesg") },
	{ .source = EFIMAP_SRC_CPUINFO, HEAD(CPUINFO_BYTES), .filter = efimap_filter_cpuinfo,
	  .keep = efimap_keep_cpuinfo },
	{ .source = EFIMAP_SRC_DMI, VALUE, .is_one_of_several = true, .keep = efimap_keep_dmi,
	  .field = EFIMAP_DMI_SYS_VENDOR, DMI("sys_vendor") },
	{ .source = EFIMAP_SRC_DMI, VALUE, .is_one_of_several = true, .keep = efimap_keep_dmi,
	  .field = EFIMAP_DMI_PRODUCT_NAME, DMI("product_name") },
	{ .source = EFIMAP_SRC_DMI, VALUE, .is_one_of_several = true, .keep = efimap_keep_dmi,
	  .field = EFIMAP_DMI_BIOS_VERSION, DMI("bios_version") },
	{ .source = EFIMAP_SRC_KERNELS, .read = efimap_read_installed_kernels },
	{ .source = EFIMAP_SRC_KEXEC, FILTERED(WHOLE(ENTRY_BYTES), boot_entry),
	  .read = efimap_read_boot_entries,
	  PLACES("boot/loader/entries", "efi/loader/entries", "boot/efi/loader/entries") },
	KEXEC(VALUE, keep_kexec_flag, loaded,
	      "sys/kernel/kexec/loaded", "sys/kernel/kexec_loaded"),
	KEXEC(VALUE, keep_kexec_flag, crash_loaded,
	      "sys/kernel/kexec/crash_loaded", "sys/kernel/kexec_crash_loaded"),
	KEXEC(VALUE, keep_size, crash_size,
	      "sys/kernel/kexec/crash_size", "sys/kernel/kexec_crash_size"),
	KEXEC(VALUE, keep_size, elfcorehdr_size,
	      "sys/kernel/kexec/crash_elfcorehdr_size", "sys/kernel/crash_elfcorehdr_size"),
	/* sos collects the output of "sysctl -a", but not the files in /proc/sys/kernel. */
	KEXEC(FILTERED(WHOLE(SYSCTL_BYTES), sysctl), keep_sysctl, load_disabled,
	      "sos_commands/kernel/sysctl_-a"),
	KEXEC(WHOLE(LINE_BYTES), keep_kexec_flag, load_disabled,
	      "proc/sys/kernel/kexec_load_disabled"),
	KEXEC(WHOLE(LINE_BYTES), keep_kexec_limit, reboot_limit,
	      "proc/sys/kernel/kexec_load_limit_reboot"),
	KEXEC(WHOLE(LINE_BYTES), keep_kexec_limit, panic_limit,
	      "proc/sys/kernel/kexec_load_limit_panic"),
	KEXEC(VALUE, keep_lockdown, lockdown, "sys/kernel/security/lockdown"),
	{ .source = EFIMAP_SRC_KEXEC, FILTERED(WHOLE(POLICY_BYTES), ima_policy),
	  .read = efimap_read_ima_policy,
	  PLACES("sys/kernel/security/ima/policy", "etc/ima/ima-policy",
		 "etc/sysconfig/ima-policy") },
	KEXEC(VALUE, keep_ima_count, ima_list.count,
	      "sys/kernel/security/ima/runtime_measurements_count"),
	KEXEC(VALUE, keep_kernel_switch, notifies_first,
	      "sys/module/kernel/parameters/crash_kexec_post_notifiers"),
	KEXEC(VALUE, keep_pstore_backend, has_efi_pstore,
	      "sys/module/pstore/parameters/backend"),
	KEXEC(FILTERED(WHOLE(MEMINFO_BYTES), meminfo), keep_meminfo, cma_total, "proc/meminfo"),
	KEXEC(FILTERED(WHOLE(ZONEINFO_BYTES), zoneinfo), keep_zoneinfo, free, "proc/zoneinfo"),
	KEXEC(WHOLE(LINE_BYTES), keep_overcommit, limits_commit, "proc/sys/vm/overcommit_memory"),
	KEXEC(VALUE, keep_cpus, cpus_possible, "sys/devices/system/cpu/possible"),
	KEXEC(VALUE, keep_cpus, cpus_present, "sys/devices/system/cpu/present"),
	KEXEC(VALUE, keep_cpus, cpus_online, "sys/devices/system/cpu/online"),
	{ .source = EFIMAP_SRC_KEXEC, WHOLE(LINE_BYTES), .read = efimap_read_kho,
	  PLACES("sys/kernel/debug/kho/out/scratch_phys",
		 "sys/kernel/debug/kho/out/scratch_len") },
	{ .source = EFIMAP_SRC_KEXEC, WHOLE(CONFIG_BYTES),
	  .filter = efimap_filter_kdump_configuration,
	  .read = efimap_read_kdump_configuration,
	  PLACES("etc/default/kdump-tools", "etc/sysconfig/kdump") },
	/* This row reads the configurations of the kernels that the rows above find. */
	{ .source = EFIMAP_SRC_KEXEC, WHOLE(CONFIG_BYTES),
	  .filter = efimap_filter_kernel_config, .read = efimap_read_kernel_config },
	KEXEC(FILTERED(HEAD(PROGRAM_BYTES), kexec_program), keep_kexec_program, tools,
	      "usr/sbin/kexec", "sbin/kexec", "usr/bin/kexec", "run/current-system/sw/bin/kexec"),
	/* Only the name of the file is used, because it contains the version of systemd. */
	{ .source = EFIMAP_SRC_KEXEC, HEAD(1), .read = efimap_read_systemd,
	  PLACES("usr/lib/systemd/libsystemd-shared-*",
		 "usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-*",
		 "lib/systemd/libsystemd-shared-*",
		 "run/current-system/systemd/lib/systemd/libsystemd-shared-*") },
	/* In a sos report, the second path in the next two rows is a link to the first path. */
	KEXEC(FILTERED(WHOLE(PACKAGES_BYTES), packages), keep_packages, tools,
	      "sos_commands/dpkg/dpkg_-l*", "installed-debs"),
	KEXEC(FILTERED(WHOLE(PACKAGES_BYTES), packages), keep_packages, tools,
	      "sos_commands/rpm/sh_-c_rpm*", "installed-rpms"),
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

/*
 * Return whether sys/firmware/efi of the running system is hidden. If boot_params and the list of
 * EFI tables in the log show EFI, the kernel has created this directory
 * (drivers/firmware/efi/efi.c: efisubsys_init).
 */
static bool is_firmware_hidden(const struct efimap *map)
{
	return efimap_first_origin(map) == EFIMAP_ORIGIN_LIVE &&
	       map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT && map->n_tables > 0 &&
	       efimap_is_started_by_efi(map);
}

int efimap_read_tree(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err)
{
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_new(name, origin, &map);

	if (!ret && root->replay)
		map->first_origin = root->replay->from;
	if (!ret)
		ret = efimap_set_inner(map, root->inner);
	if (!ret)
		ret = efimap_add_kexec_state(map);
	for (size_t i = 0; i < N_FILES && !ret; i++) {
		const struct efimap_capture_file *file = &files[i];

		ret = file->read ? file->read(root, map, file, err) :
				   efimap_file_read(root, map, file, err);
	}
	if (ret)
		return ret;
	if (is_firmware_hidden(map))
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_MASKED;
	efimap_seal(map);
	*ret_map = efimap_steal(map);
	return 0;
}
