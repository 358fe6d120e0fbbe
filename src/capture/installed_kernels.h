/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernels that kexec may start, and the settings that determine how they are loaded. Without
 * this data, the answers assume a kernel like the running one, and state this assumption.
 */
#ifndef CAPTURE_INSTALLED_KERNELS_H
#define CAPTURE_INSTALLED_KERNELS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "base/yes_no_unknown.h"
#include "capture/capture.h"
#include "capture/kernel_config.h"
#include "capture/kernel_image.h"
#include "capture/kernel_release.h"
#include "capture/kexec_segments.h"
#include "capture/needed_file_ids.h"

/*
 * Maximum lengths of @kernels and @unread_kernels in a capture. The readers add at most six kernels
 * to each list: the running kernel, the newest kernel, the kernels of the default boot loader entry
 * and of /etc/default/kexec, the configured crash kernel and the loaded crash kernel. They may also
 * add to @unread_kernels an image of unknown release and a directory that cannot be listed.
 */
#define EFIMAP_MAX_KERNELS 8

/* Maximum number of configurations of other kernels. Further configurations are not read. */
#define EFIMAP_MAX_CONFIGS 32

#define EFIMAP_MAX_UNREAD_KERNELS 8

#define EFIMAP_MAX_SCRATCH 64
/* Maximum number of ranges that a log shows for a crash kernel: low memory and other memory. */
#define EFIMAP_MAX_LOG_CRASH 2

#define EFIMAP_NO_UPPER_BOUND UINT64_MAX

/* Whether an initrd contains the end of each of its parts. */
enum initrd_end {
	EFIMAP_INITRD_END_UNKNOWN,
	EFIMAP_INITRD_COMPLETE,
	EFIMAP_INITRD_CUT,
};

/*
 * Bounds, in bytes, of the unpacked size of an initrd.
 *
 * @is_known: the bounds are known; otherwise both are 0
 * @most:     an upper bound, or EFIMAP_NO_UPPER_BOUND
 * @end:      whether the initrd is complete; unknown if the bounds are unknown
 */
struct unpacked_size {
	bool is_known;
	uint64_t least;
	uint64_t most;
	enum initrd_end end;
};

/* The configuration of a release whose kernel is neither running nor in the list of kernels. */
struct other_config {
	char release[EFIMAP_MAX_RELEASE + 1];
	struct kernel_config config;
};

/*
 * An installed kernel image and its initrd. In a capture, the kernel with the running release
 * precedes the newest kernel.
 *
 * @header:     header of the image, or of the section .linux of a unified kernel image.
 *              @header.name is the absolute path of the image, such as
 *              "/boot/vmlinuz-6.12.113-amd64".
 * @size:       size of the image file in bytes
 * @is_padded:  padding follows the kernel in the section .linux of a unified kernel image
 * @is_crash:   the kdump service is configured to load this kernel, or has loaded it
 * @is_for_reboot: /etc/default/kexec names this kernel, which a reboot or kexec-load-kernel loads
 * @is_default: systemctl kexec loads this kernel, because of the default boot loader entry
 * @is_loaded:  a record shows that the kdump service has loaded this kernel
 * @is_newest:  no other image that was found, readable or not, has a newer release
 * @disabling_entry: path of a boot loader entry for this kernel that contains @disabling_parameter;
 *              or NULL
 * @disabling_parameter: "noefi" or "efi=noruntime"
 * @enabling_entry: path of a boot loader entry that contains efi=runtime; or NULL
 * @plain_entry: path of a boot loader entry that contains none of these parameters; or NULL
 * @initrd_entry: path of the boot loader entry that names the initrd; or NULL
 * @initrd:     path of the initrd; "" if there is no initrd or if it is inside a unified kernel
 *              image
 * @initrd_error: why the initrd at @initrd, which exists or is named by a setting, cannot be read;
 *              or NULL
 * @is_initrd_denied: it cannot be read without further permissions
 * @is_initrd_missing: it does not exist
 * @initrd_size: size of the initrd or of the section .initrd in bytes; 0 if no initrd is loaded
 * @initrd_offset: offset of the section .initrd of a unified kernel image; otherwise 0
 */
struct installed_kernel {
	struct kernel_image header;
	uint64_t size;
	bool is_unified;
	bool is_padded;
	bool is_crash;
	bool is_for_reboot;
	bool is_default;
	bool is_loaded;
	bool is_newest;
	struct kernel_config config;
	const char *disabling_entry;
	const char *disabling_parameter;
	const char *enabling_entry;
	const char *plain_entry;
	const char *initrd_entry;
	const char *initrd;
	const char *initrd_error;
	bool is_initrd_denied;
	bool is_initrd_missing;
	bool has_initrd_size;
	uint64_t initrd_size;
	uint64_t initrd_offset;
	struct unpacked_size unpacked;
};

/*
 * A kernel that kexec or the kdump service would load, and of which a file cannot be read.
 *
 * @image:    absolute path of the image; "" if only a shell can expand it
 * @release:  release in the name of the image; "" if it is unknown
 * @is_crash: the kdump service would load this kernel, or has loaded it
 * @is_for_reboot: /etc/default/kexec names this kernel
 * @is_default: the default boot loader entry names this kernel
 * @setting:  the setting that names the file, such as "KDUMP_KERNEL in /etc/default/kdump-tools";
 *            "" if no setting names it
 * @fault:    the file that cannot be read, which is the image, the initrd or a configuration file,
 *            and the reason. The path is absolute and unquoted.
 */
struct unread_kernel {
	const char *image;
	char release[EFIMAP_MAX_RELEASE + 1];
	bool is_crash;
	bool is_for_reboot;
	bool is_default;
	bool is_loaded;
	const char *setting;
	struct capture_fault fault;
};

/*
 * Contents of the files that --kernel, --initrd and --kexec-log select.
 *
 * @kernels:     sorted by name
 * @initrd:      name of the initrd that is loaded with the kernels, or NULL
 * @segments:    the segments in the output of kexec; empty without --kexec-log
 */
struct given_files {
	struct installed_kernel kernels[EFIMAP_MAX_KERNELS];
	size_t n_kernels;
	const char *initrd;
	uint64_t initrd_size;
	struct unpacked_size unpacked;
	struct segments segments;
};

/*
 * The mode in /sys/kernel/security/lockdown. In the modes integrity and confidentiality, the kernel
 * refuses kexec_load, and kexec_file_load loads only signed images (kernel/kexec.c:
 * kexec_load_check, kernel/kexec_file.c: kimage_validate_signature).
 */
enum lockdown {
	EFIMAP_LOCKDOWN_UNKNOWN,
	EFIMAP_LOCKDOWN_NONE,
	EFIMAP_LOCKDOWN_INTEGRITY,
	EFIMAP_LOCKDOWN_CONFIDENTIALITY,
};

/*
 * Why systemctl kexec does not load the kernel of a boot loader entry (systemd 252 to 262:
 * load_kexec_kernel()). It then ends with an error, unless a kernel is loaded already.
 */
enum entry_refusal {
	EFIMAP_ENTRY_ACCEPTED,
	EFIMAP_ENTRY_NONE,
	EFIMAP_ENTRY_PROGRAM,
	EFIMAP_ENTRY_INITRDS,
};

enum kdump_service_kind {
	EFIMAP_CRASH_SERVICE_UNKNOWN,
	EFIMAP_CRASH_SERVICE_KDUMP_CONFIG,
	EFIMAP_CRASH_SERVICE_KDUMPCTL,
	EFIMAP_CRASH_SERVICE_SUSE,
};

const char *lockdown_name(unsigned int lockdown);
const char *crash_service_name(unsigned int service);

/* Results of load_limit(). NONE means that the number of loads is unlimited. */
#define EFIMAP_LIMIT_UNKNOWN INT32_MIN
#define EFIMAP_LIMIT_NONE (-1)

/*
 * The files that an IMA policy appraises. With EFIMAP_IMA_ALL_FILES, IMA also appraises a file when
 * a program opens it.
 */
enum ima_rules {
	EFIMAP_IMA_KERNEL = 1,
	EFIMAP_IMA_INITRD = 2,
	EFIMAP_IMA_ALL_FILES = 4,
};

/*
 * The policy of IMA.
 *
 * @has_policy:        a file with a policy was read
 * @has_loaded_policy: the loaded policy was read
 * @rules:             set of enum ima_rules: the rules of the loaded policy or, if it was
 *                     not read, of the configured policy
 */
struct ima_policy {
	bool has_policy;
	bool has_loaded_policy;
	unsigned int rules;
};

/*
 * Memory of the running kernel, in bytes.
 *
 * @total:     memory that the kernel manages, MemTotal in /proc/meminfo; 0 if unknown
 * @available: MemAvailable in /proc/meminfo, valid if @total is not 0
 */
struct memory {
	uint64_t total;
	uint64_t available;
};

/*
 * The configuration of the kdump service.
 *
 * @is_off:        kdump-config loads no crash kernel at boot, because USE_KDUMP is missing, 0 or
 *                 not a decimal number
 * @args:          KDUMP_KEXEC_ARGS of kdump-config, KEXEC_ARGS of kdumpctl or KEXEC_OPTIONS of
 *                 SUSE; "" if empty or unknown
 * @unexpanded:    a variable that contains options of kexec or parameters of the crash kernel, and
 *                 whose value only a shell can determine; or NULL
 * @is_appended:   the file contains "+=" after the name in @unexpanded
 * @may_add_noefi: the service is SUSE's kdump, of which an old version adds noefi to the parameters
 *                 of the crash kernel
 * @suse_least:    lower bound of the version of SUSE's kdump, such as EFIMAP_SUSE_KDUMP(1, 9, 6)
 * @suse_most:     the same number if the version is known, otherwise UINT_MAX
 * @cmdline:       parameters that the service passes to the crash kernel, without parameters that
 *                 kexec-tools adds; NULL if unknown
 * @appended:      parameters that the service appends to those of the running kernel, if only the
 *                 latter are unknown, else NULL
 * @literal:       if only a shell can determine these parameters, those that it does not expand; or
 *                 NULL
 * @changes_parameters: the service may split or change the parameters of the crash kernel, because
 *                 they contain quotes or backslashes
 */
struct crash_configuration {
	bool is_off;
	enum kdump_service_kind service;
	bool has_args;
	const char *args;
	const char *unexpanded;
	bool is_appended;
	bool may_add_noefi;
	unsigned int suse_least;
	unsigned int suse_most;
	const char *cmdline;
	const char *appended;
	const char *literal;
	bool changes_parameters;
};

/*
 * The record of the load of the crash kernel, which kdump-config writes.
 *
 * @path:       path of the record, without the first slash
 * @args:       options of kexec with which the crash kernel was loaded; NULL without a record
 * @is_missing: the running system has no record
 * @is_old:     the record is from an earlier boot, so another program may have loaded the crash
 *              kernel
 * @second:     time of the record, in seconds since the boot; 0 if it is unknown
 * @newer_file: image or initrd of the loaded crash kernel that has changed since the load; or NULL
 * @newer_settings: configuration of the kdump service that has changed since the load; or NULL
 */
struct recorded_load {
	const char *path;
	const char *args;
	const char *cmdline;
	bool is_missing;
	enum known is_old;
	uint64_t second;
	const char *newer_file;
	const char *newer_settings;
};

/*
 * Why a value is unknown.
 *
 * @EFIMAP_NOT_ASKED: no reader requested the file, or the recording lacks it
 * @EFIMAP_ABSENT:    the file does not exist
 * @EFIMAP_MALFORMED: the file could not be read, or its content is not a value
 * @EFIMAP_CUT:       the content lacks its end
 */
enum why_unknown {
	EFIMAP_NOT_ASKED,
	EFIMAP_ABSENT,
	EFIMAP_DENIED,
	EFIMAP_MALFORMED,
	EFIMAP_CUT,
};

/*
 * A value that was read from a file. @why is used only if the value is not known. Zero means a
 * value that was not asked for.
 */
struct value {
	bool is_known;
	enum why_unknown why;
	int64_t number;
};

/*
 * The settings and state that determine whether and how kernels are loaded.
 * EFIMAP_KEXEC_STATE_INIT marks all of them as unknown.
 *
 * @values:         the single values of files, as described in src/capture/sources.table
 * @log_crash:      memory that a log shows as reserved for a crash kernel
 * @log_loads:      the last load for kexec, and the last load of a crash kernel, that a log shows;
 *                  each has no segments if the log does not show all of them
 * @tools:          version of kexec-tools, with major 0 if unknown
 * @systemd:        major version of systemd, 0 if unknown
 * @cma_total:      total size of the areas of the contiguous memory allocator (CMA) in bytes,
 *                  CmaTotal in /proc/meminfo; 0 if there are none
 * @is_cma_listed:  /proc/meminfo has the line CmaTotal
 * @config:         the configuration of the running kernel
 * @kho:            whether Kexec HandOver is enabled (/sys/kernel/debug/kho, CONFIG_KEXEC_HANDOVER)
 * @scratch:        scratch areas of KHO, in the order in which KHO exports them
 * @loads_at_reboot: LOAD_KEXEC=true in /etc/default/kexec: Debian's kexec-tools before 2.0.27 loads
 *                  a kernel before each reboot, which then starts this kernel
 * @has_load_script: kexec-load-kernel, which uses the same file, takes the place of LOAD_KEXEC
 * @reboot_cmdline: APPEND in /etc/default/kexec: the parameters of this kernel; "" for those of the
 *                  running kernel; NULL if only a shell can determine them
 * @reboot_file:    the file that contains APPEND, which may also be in etc/default/kexec.d
 * @unified_entry:  path of the newest unified kernel image on the EFI system partition, which is a
 *                  boot loader entry of its own (type 2); NULL if there is none
 * @default_entry:  path of the boot loader entry that systemctl kexec uses; NULL if it is unknown.
 *                  If it is known, no kernel has another entry.
 * @entry_refusal:  why systemctl kexec refuses @default_entry; or that there is no entry
 * @entry_with_initrds: path of a boot loader entry with several initrds, if the default entry is
 *                  unknown; or NULL
 * @has_plain_entry: there is a boot loader entry with the key "linux" (type 1)
 * @has_efi_pstore: whether the pstore backend is efi_pstore, which calls EFI runtime services
 * @crashkernel_in: the file or directory of the boot loader's configuration that contains
 *                  crashkernel=; or NULL
 */
struct kexec_state {
	struct value values[EFIMAP_N_VALUES];
	struct span log_crash[EFIMAP_MAX_LOG_CRASH];
	size_t n_log_crash;
	struct segments log_loads[2];
	struct version tools;
	enum known has_tools;
	unsigned int systemd;
	enum lockdown lockdown;
	struct kernel_config config;
	bool has_cma_total;
	bool is_cma_listed;
	uint64_t cma_total;
	enum known kho;
	struct span scratch[EFIMAP_MAX_SCRATCH];
	size_t n_scratch;
	const char *crashkernel_in;
	struct ima_policy ima;
	struct memory memory;
	struct crash_configuration crash;
	struct recorded_load record;
	bool loads_at_reboot;
	bool has_load_script;
	const char *reboot_cmdline;
	const char *reboot_file;
	const char *unified_entry;
	const char *default_entry;
	enum entry_refusal entry_refusal;
	const char *entry_with_initrds;
	bool has_plain_entry;
	enum known has_efi_pstore;
};

#define EFIMAP_LOAD_RECORD "var/crash/kexec_cmd"

#define EFIMAP_SUSE_KDUMP(major, minor, patch) ((major)*10000U + (minor)*100U + (patch))

#define EFIMAP_KEXEC_STATE_INIT                                                                    \
	{                                                                                          \
		.crash = { .args = "", .suse_most = UINT_MAX },                                    \
		.record = { .path = EFIMAP_LOAD_RECORD }, .reboot_cmdline = "",                    \
		.reboot_file = "etc/default/kexec"                                                 \
	}

static inline bool knows(const struct kexec_state *state, enum value_id id)
{
	return state->values[id].is_known;
}

/* Return whether a value is known, and is not 0. */
static inline bool value_is_set(const struct kexec_state *state, enum value_id id)
{
	return state->values[id].is_known && state->values[id].number;
}

/* Return whether a value is known, and is 0. */
static inline bool is_clear(const struct kexec_state *state, enum value_id id)
{
	return state->values[id].is_known && !state->values[id].number;
}

/* Return a value, or 0 if it is not known. */
static inline uint64_t value_number(const struct kexec_state *state, enum value_id id)
{
	return state->values[id].is_known ? (uint64_t)state->values[id].number : 0;
}

/*
 * Return the number of loads that a limit (Linux 6.3 or later) still permits: that of @id, which is
 * EFIMAP_VALUE_REBOOT_LIMIT or EFIMAP_VALUE_PANIC_LIMIT.
 */
static inline int32_t load_limit(const struct kexec_state *state, enum value_id id)
{
	return state->values[id].is_known ? (int32_t)state->values[id].number
					  : EFIMAP_LIMIT_UNKNOWN;
}

/*
 * Append a copy of @kernel. Return 0, or -E2BIG if the capture already has
 * EFIMAP_MAX_KERNELS or EFIMAP_MAX_UNREAD_KERNELS of these kernels.
 */
int capture_add_kernel(struct efimap *map, const struct installed_kernel *kernel);
int capture_add_unread_kernel(struct efimap *map, const struct unread_kernel *kernel);

/* Add a state of kexec in which everything is unknown. */
void capture_add_kexec_state(struct efimap *map);

/* Return the state of kexec. If the capture has none, return a state that is entirely unknown. */
const struct kexec_state *kexec_of(const struct efimap *map);

/* Return the state of kexec for a reader that sets a value. Mark EFIMAP_SRC_KEXEC as PRESENT. */
struct kexec_state *kexec_state(struct efimap *map);

#endif
