/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the kernels that kexec may start, and what decides how they are loaded
 *
 * Plain values of a capture: the images that are installed with their initrds, what the loaders
 * and the running kernel allow, and the memory that only a running kernel knows. Nothing here is
 * a judgement. A capture without these values is complete: then the answers assume a kernel like
 * the running one, and say so.
 */
#ifndef CAPTURE_INSTALLED_KERNELS_H
#define CAPTURE_INSTALLED_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "base/known.h"
#include "capture/kernel_image.h"
#include "capture/kernel_release.h"

/** EFIMAP_MAX_KERNELS - installed kernels that a capture keeps: running, newest, crash kernel */
#define EFIMAP_MAX_KERNELS 8

/** EFIMAP_MAX_SCRATCH - scratch areas of KHO that a capture keeps */
#define EFIMAP_MAX_SCRATCH 64

/**
 * struct efimap_installed_kernel - a kernel image, and the initrd that belongs to it
 * @header:     header of the image; of a unified kernel image, that of its section .linux. Its
 *              name is the path of the image from the root on, "/boot/vmlinuz-6.12.113-amd64"
 * @size:       bytes of the image file
 * @is_unified: a unified kernel image (UKI)
 * @is_crash:   what the kdump service loads, by its configuration; it is not among the kernels
 *              for kexec then
 * @initrd:     path of the initrd, "" for none and for one inside a unified kernel image
 * @has_initrd_size: @initrd_size is known
 * @initrd_size: bytes of the initrd, or of the section .initrd; 0 for a load without one
 *
 * Of a kernel for kexec the running release comes first, then the newest one.
 */
struct efimap_installed_kernel {
	struct efimap_image header;
	uint64_t size;
	bool is_unified;
	bool is_crash;
	const char *initrd;
	bool has_initrd_size;
	uint64_t initrd_size;
};

/**
 * enum efimap_lockdown - /sys/kernel/security/lockdown
 *
 * integrity and confidentiality refuse kexec_load, and let kexec_file_load load signed images
 * (kernel/kexec.c: kexec_load_check, kernel/kexec_file.c: kimage_validate_signature).
 */
enum efimap_lockdown {
	EFIMAP_LOCKDOWN_UNKNOWN,
	EFIMAP_LOCKDOWN_NONE,
	EFIMAP_LOCKDOWN_INTEGRITY,
	EFIMAP_LOCKDOWN_CONFIDENTIALITY,
};

/** enum efimap_crash_service - what loads the crash kernel */
enum efimap_crash_service {
	EFIMAP_CRASH_SERVICE_UNKNOWN,
	EFIMAP_CRASH_SERVICE_KDUMP_CONFIG,
	EFIMAP_CRASH_SERVICE_KDUMPCTL,
};

/* The names of documents */
const char *efimap_lockdown_name(unsigned int lockdown);
const char *efimap_crash_service_name(unsigned int service);

/** EFIMAP_LIMIT_UNKNOWN - no limit was read; EFIMAP_LIMIT_NONE - any number of loads */
#define EFIMAP_LIMIT_UNKNOWN INT32_MIN
#define EFIMAP_LIMIT_NONE (-1)

/**
 * struct efimap_kexec_state - what decides how kernels are loaded, and whether
 * @tools:          version of kexec-tools; major 0 where it is not known
 * @has_tools:      is kexec-tools installed?
 * @systemd:        major version of systemd, 0 where it is not known
 * @loaded:         /sys/kernel/kexec_loaded
 * @crash_loaded:   /sys/kernel/kexec_crash_loaded
 * @has_crash_size: @crash_size is known
 * @crash_size:     /sys/kernel/kexec_crash_size, 0 where nothing is reserved
 * @load_disabled:  /proc/sys/kernel/kexec_load_disabled
 * @reboot_limit:   /proc/sys/kernel/kexec_load_limit_reboot (6.3), EFIMAP_LIMIT_...
 * @panic_limit:    /proc/sys/kernel/kexec_load_limit_panic, likewise
 * @lockdown:       what /sys/kernel/security/lockdown says
 * @has_load:       has the kernel kexec_load (CONFIG_KEXEC)?
 * @has_file_load:  has it kexec_file_load (CONFIG_KEXEC_FILE)?
 * @has_cma_total:  @cma_total is known
 * @cma_total:      bytes of contiguous memory, CmaTotal of /proc/meminfo; 0 for none
 * @kho:            is Kexec HandOver on (/sys/kernel/debug/kho, /sys/kernel/kexec)?
 * @scratch:        its scratch areas, in KHO's order
 * @elfcorehdr_size: /sys/kernel/crash_elfcorehdr_size, 0 where it is not known
 * @cpus_possible:  number of CPUs in /sys/devices/system/cpu/possible, 0 where not known
 * @crash_service:  the installed kdump service
 * @has_crash_args: @crash_args is known
 * @crash_args:     KDUMP_KEXEC_ARGS of kdump-config, KEXEC_ARGS of kdumpctl; "" for none, and where
 *                  it is not known
 *
 * Initialise it with EFIMAP_KEXEC_STATE_INIT.
 */
struct efimap_kexec_state {
	struct efimap_version tools;
	enum efimap_known has_tools;
	unsigned int systemd;
	enum efimap_known loaded;
	enum efimap_known crash_loaded;
	bool has_crash_size;
	uint64_t crash_size;
	enum efimap_known load_disabled;
	int32_t reboot_limit;
	int32_t panic_limit;
	enum efimap_lockdown lockdown;
	enum efimap_known has_load;
	enum efimap_known has_file_load;
	bool has_cma_total;
	uint64_t cma_total;
	enum efimap_known kho;
	struct efimap_span scratch[EFIMAP_MAX_SCRATCH];
	size_t n_scratch;
	uint64_t elfcorehdr_size;
	unsigned int cpus_possible;
	enum efimap_crash_service crash_service;
	bool has_crash_args;
	const char *crash_args;
};

/** EFIMAP_KEXEC_STATE_INIT - nothing is known */
#define EFIMAP_KEXEC_STATE_INIT                                                          \
	{                                                                                \
		.reboot_limit = EFIMAP_LIMIT_UNKNOWN,                                    \
		.panic_limit = EFIMAP_LIMIT_UNKNOWN, .crash_args = ""                    \
	}

/* Building a capture. Both copy what they are given, texts too. */

/**
 * efimap_add_kernel() - append a kernel to a capture
 *
 * Return: 0, -ENOMEM, or -E2BIG where there are EFIMAP_MAX_KERNELS already.
 */
int efimap_add_kernel(struct efimap *map, const struct efimap_installed_kernel *kernel);

/** efimap_set_kexec_state() - set @kexec of a capture; 0 or -ENOMEM */
int efimap_set_kexec_state(struct efimap *map, const struct efimap_kexec_state *state);

/** efimap_kexec_state() - @kexec of a capture, made where there is none; NULL without memory */
struct efimap_kexec_state *efimap_kexec_state(struct efimap *map);

#endif
