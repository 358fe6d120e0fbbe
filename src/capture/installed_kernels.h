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
#include "capture/kernel_release.h"
#include "capture/needed_file_ids.h"

/*
 * The header of a kernel image (Documentation/arch/x86/boot.rst). @init_size, @alignment,
 * @pref_address, @is_relocatable and @file_size are 0 or false before boot protocol 2.10, or if the
 * header is truncated.
 *
 * @name:         path of the image
 * @version:      version of the boot protocol
 * @xloadflags:   EFIMAP_XLF_... (boot_params.h); 0 before boot protocol 2.12
 * @setup_size:   size in bytes of the setup sectors, which precede the kernel itself
 * @init_size:    number of bytes of memory that the kernel needs during startup
 * @is_relocatable: the kernel can be loaded at any address (CONFIG_RELOCATABLE)
 * @file_size:    minimum size of the file in bytes, without signatures; 0 if the header does not
 *                contain it
 * @has_signature: the PE header of the image refers to signatures; false if the image has no PE
 *                header, because the kernel refuses such an image like an unsigned image
 * @keys:         first 8 bytes, as a big-endian number, of the identifiers of the signer's key and
 * of its issuer's key; the others are 0, and all if they are unknown
 * @is_preempt_rt: the version of the kernel names PREEMPT_RT
 * @release:      release as printed by uname -r; "" if the header does not contain it
 * @patch:        patch level of the kernel.org release; 0 if it is unknown
 */
#define EFIMAP_IMAGE_KEYS 4

struct kernel_image {
	const char *name;
	uint16_t version;
	uint16_t xloadflags;
	uint32_t setup_size;
	uint32_t init_size;
	uint32_t alignment;
	uint64_t pref_address;
	bool is_relocatable;
	uint64_t file_size;
	bool has_signature;
	uint32_t signature_offset;
	uint32_t signature_size;
	uint64_t keys[EFIMAP_IMAGE_KEYS];
	bool is_preempt_rt;
	char release[EFIMAP_MAX_RELEASE + 1];
	unsigned int patch;
};

#define EFIMAP_IMAGE_HEAD ((size_t)64 * 512)

/* Maximum number of segments: KEXEC_SEGMENT_MAX (include/linux/kexec.h). */
#define EFIMAP_MAX_SEGMENTS 16

#define EFIMAP_NO_SEGMENT SIZE_MAX

/* Buffer size in bytes for the message about a failed load, including the '\0'. */
#define EFIMAP_FAILED_SIZE 128

/*
 * The physical ranges to which kexec loads the segments.
 *
 * @failed:  the message with which kexec reported a failed load, or ""
 * @spans:   physical ranges; the range at index i is segment[i] of the log
 * @kernel:  index of the segment with the kernel image, or EFIMAP_NO_SEGMENT if unknown
 * @initrd:  index of the segment with the initrd, or EFIMAP_NO_SEGMENT if unknown
 * @is_bare: the log shows that kexec was called without an initrd: it contains the load address of
 *           the kernel, but no initrd
 * @is_partial: the log may lack further segments
 * @is_by_kernel: the kernel logged the segments in kexec_file_load(). Otherwise, kexec-tools
 *           printed them before kexec_load().
 * @cmdline: the parameters that the kernel logged for the next kernel; NULL if unknown
 */
struct segments {
	const char *name;
	struct span spans[EFIMAP_MAX_SEGMENTS];
	size_t count;
	size_t kernel;
	size_t initrd;
	bool is_bare;
	bool is_partial;
	bool is_by_kernel;
	const char *cmdline;
	char failed[EFIMAP_FAILED_SIZE];
};

/*
 * The options of a kernel configuration that affect an answer. X(name, absent): the name of the
 * option without "CONFIG_", and its value if a complete configuration has no line for it. Kconfig
 * writes no line for an option whose dependencies are off. src/input/tree/read_kernel_config.c sets
 * options that follow from other options.
 */
#define EFIMAP_OPTIONS(X)                                                                          \
	X(KEXEC, NOT_KNOWN)                                                                        \
	X(KEXEC_FILE, NOT_KNOWN)                                                                   \
	X(KEXEC_HANDOVER, NOT_KNOWN)                                                               \
	X(KEXEC_HANDOVER_ENABLE_DEFAULT, NOT_KNOWN)                                                \
	X(CMA, NOT_KNOWN)                                                                          \
	X(EFI_RUNTIME_MAP, NOT_KNOWN)                                                              \
	X(EFI_DISABLE_RUNTIME, KNOWN_NO)                                                           \
	X(AMD_MEM_ENCRYPT, KNOWN_NO)                                                               \
	X(KEXEC_SIG, KNOWN_NO)                                                                     \
	X(KEXEC_SIG_FORCE, KNOWN_NO)                                                               \
	X(KEXEC_VERIFY_SIG, NOT_KNOWN)                                                             \
	X(KEXEC_BZIMAGE_VERIFY_SIG, NOT_KNOWN)                                                     \
	X(IMA, KNOWN_NO)                                                                           \
	X(HAVE_ARCH_GET_SECUREBOOT, KNOWN_NO)                                                      \
	X(IMA_ARCH_POLICY, KNOWN_NO)                                                               \
	X(IMA_SECURE_AND_OR_TRUSTED_BOOT, KNOWN_NO)                                                \
	X(IMA_APPRAISE, KNOWN_NO)                                                                  \
	X(IMA_APPRAISE_REQUIRE_KEXEC_SIGS, KNOWN_NO)                                               \
	X(IMA_KEXEC, NOT_KNOWN)                                                                    \
	X(PREEMPT_RT, NOT_KNOWN)                                                                   \
	/* The name of PREEMPT_RT before it was merged into Linux 5.3 */                           \
	X(PREEMPT_RT_FULL, NOT_KNOWN)

enum config_option {
#define EFIMAP_OPTION_ID(name, absent) EFIMAP_CONFIG_##name,
	EFIMAP_OPTIONS(EFIMAP_OPTION_ID) EFIMAP_N_OPTIONS,
};

/*
 * The configuration of a kernel, which may be the running kernel.
 *
 * @options:     enum known for each enum config_option
 * @cmdline_off: YES if CONFIG_CMDLINE disables EFI runtime services, NO if it enables them
 * @is_complete: the configuration contains all options
 * @cma_default: size in bytes of the default CMA area without cma= (CONFIG_CMA_SIZE_MBYTES)
 * @ima_extra:   CONFIG_IMA_KEXEC_EXTRA_MEMORY_KB in bytes
 */
struct kernel_config {
	uint8_t options[EFIMAP_N_OPTIONS];
	enum known cmdline_off;
	bool is_complete;
	bool has_cma_default;
	uint64_t cma_default;
	uint64_t ima_extra;
};

static inline bool option_is_on(const struct kernel_config *config, enum config_option option)
{
	return config->options[option] == EFIMAP_KNOWN_YES;
}

static inline bool option_is_off(const struct kernel_config *config, enum config_option option)
{
	return config->options[option] == EFIMAP_KNOWN_NO;
}

/*
 * Maximum lengths of @kernels and @unread_kernels in a capture. The readers add at most five
 * kernels to each list: the running kernel, the newest kernel, the kernel of the default boot
 * loader entry, the usual crash kernel and the loaded crash kernel.
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
 * @is_crash:   the kdump service usually loads this kernel, or has loaded it
 * @is_default: the default boot loader entry names this kernel
 * @is_loaded:  a record shows that the kdump service has loaded this kernel. The configured crash
 *              kernel is another element, with @is_crash but not @is_loaded, even if it is the same
 *              kernel.
 * @is_newest:  no other installed kernel has a newer release
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
	bool is_crash;
	bool is_default;
	bool is_loaded;
	bool is_newest;
	struct kernel_config config;
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
 * @image:    absolute path of the image; "" if it is unknown
 * @release:  release in the name of the image; "" if it is unknown
 * @is_crash: the kdump service would load this kernel, or has loaded it
 * @is_default: the default boot loader entry names this kernel
 * @setting:  the setting that names the file, such as "KDUMP_KERNEL in /etc/default/kdump-tools";
 *            "" if no setting names it
 * @fault:    the file that cannot be read, which is the image or a configuration file, and the
 *            reason. The path is absolute and unquoted.
 */
struct unread_kernel {
	const char *image;
	char release[EFIMAP_MAX_RELEASE + 1];
	bool is_crash;
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
	EFIMAP_ENTRY_PROGRAM,
	EFIMAP_ENTRY_INITRDS,
};

/* The system call that options of kexec(8) select: none, -c or -s. */
enum kexec_call {
	EFIMAP_KEXEC_CALL_DEFAULT,
	EFIMAP_KEXEC_CALL_LOAD,
	EFIMAP_KEXEC_CALL_FILE_LOAD,
};

/*
 * Options of kexec(8).
 *
 * @has_noefi: --noefi is one of them. With kexec_load, kexec-tools then passes no EFI data.
 */
struct kexec_options {
	enum kexec_call call;
	bool has_noefi;
};

/* All three kdump services keep links to kernels, or initrds, in this directory. */
#define EFIMAP_KDUMP_DIRECTORY "/var/lib/kdump"

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
 * @has_loaded_policy: the loaded policy was read
 * @rules:             set of enum ima_rules: the rules of the loaded policy or, if it was
 *                     not read, of the configured policy
 */
struct ima_policy {
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
 * @is_off:     kdump-config loads no crash kernel at boot (USE_KDUMP=0)
 * @unexpanded: a variable that was needed, and whose value only a shell can determine; or NULL
 * @cmdline:    parameters that the service passes to the crash kernel, as far as they affect an
 *              answer; NULL if unknown
 */
struct crash_configuration {
	bool is_off;
	enum kdump_service_kind service;
	struct kexec_options options;
	const char *unexpanded;
	const char *cmdline;
};

/*
 * The record of the load of the crash kernel, which kdump-config of Debian writes.
 *
 * @has_load: there is a record of this boot, whose @options and @cmdline were used
 * @is_old:   the record is or, on the machine, may be from an earlier boot, or is damaged there, so
 *            another program may have loaded the crash kernel
 * @is_image_kept: the kernel image has not been modified since the load
 */
struct recorded_load {
	bool has_load;
	struct kexec_options options;
	const char *cmdline;
	enum known is_old;
	bool is_image_kept;
};

/* A value that was read from a file. @is_absent: it is not known, because the file does not exist.
 */
struct value {
	bool is_known;
	bool is_absent;
	int64_t number;
};

/*
 * The settings and state that determine whether and how kernels are loaded.
 * Zero marks all of them as unknown.
 *
 * @values:         the single values of files, as described in src/capture/sources.table
 * @log_crash:      memory that a log shows as reserved for a crash kernel
 * @log_loads:      the last load for kexec, and the last load of a crash kernel, that a log shows;
 *                  each has no segments if the log does not show all of them
 * @tools:          version of kexec-tools, with major 0 if unknown
 * @cma_total:      total size of the areas of the contiguous memory allocator (CMA) in bytes,
 *                  CmaTotal in /proc/meminfo; 0 if there are none
 * @lacks_cma_total: /proc/meminfo was read to its end, and lacks the line CmaTotal
 * @config:         the configuration of the running kernel
 * @kho:            whether Kexec HandOver is enabled (/sys/kernel/debug/kho, CONFIG_KEXEC_HANDOVER)
 * @scratch:        scratch areas of KHO, in the order in which KHO exports them
 * @default_entry:  path of the boot loader entry that systemctl kexec loads; or NULL
 * @entry_refusal:  why systemctl kexec refuses this entry
 * @entry_off:      a parameter in this entry that disables EFI runtime services; or NULL
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
	enum lockdown lockdown;
	struct kernel_config config;
	bool has_cma_total;
	bool lacks_cma_total;
	uint64_t cma_total;
	enum known kho;
	struct span scratch[EFIMAP_MAX_SCRATCH];
	size_t n_scratch;
	const char *crashkernel_in;
	struct ima_policy ima;
	struct memory memory;
	struct crash_configuration crash;
	struct recorded_load record;
	const char *default_entry;
	enum entry_refusal entry_refusal;
	const char *entry_off;
	enum known has_efi_pstore;
};

#define EFIMAP_LOAD_RECORD "var/crash/kexec_cmd"

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
