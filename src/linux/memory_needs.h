/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compare the memory that a load needs with the memory that is available. Sizes are in bytes. The
 * needs are bounds, because neither the size of an unpacked initrd nor the size of the next kernel
 * while it runs is known exactly. @cmdline is NULL if the parameters are unknown.
 */
#ifndef LINUX_MEMORY_NEEDS_H
#define LINUX_MEMORY_NEEDS_H

#include "capture/capture.h"
#include "capture/installed_kernels.h"
#include "linux/encode_setup_data.h"

/*
 * Memory that a crash kernel and its programs need while they run, as "kdumpctl estimate" of
 * kdump-utils assumes. They may need more.
 */
#define EFIMAP_CRASH_RUNTIME (UINT64_C(16) << 20)

/* Bounds of a size in bytes. @most is EFIMAP_NO_UPPER_BOUND if there is no upper bound. */
struct need {
	uint64_t least;
	uint64_t most;
};

/*
 * The sizes of the parts of a load.
 *
 * @image_size: size of the image file; 0 if unknown
 * @init_size:  memory that the kernel needs during startup, from the header of the image
 * @init_size_max: upper bound of the memory if @init_size is only a lower bound; otherwise 0
 * @initrd:     bounds of the size of the initrd; both 0 if there is none
 * @reads_initramfs_options: the kernel certainly supports the parameter initramfs_options=
 */
struct load_parts {
	uint64_t image_size;
	uint64_t init_size;
	uint64_t init_size_max;
	struct need initrd;
	struct unpacked_size unpacked;
	bool reads_initramfs_options;
};

enum memory_fit {
	EFIMAP_FITS,
	EFIMAP_MAY_FIT,
	EFIMAP_DOES_NOT_FIT,
};

enum memory_fit fit_of(struct need need, uint64_t available);

/*
 * Return bounds of the sum of the sizes of all segments. Linux refuses a load if this sum exceeds
 * half of MemTotal in /proc/meminfo (kernel/kexec_core.c: sanity_check_segment_list).
 */
struct need segments_need(const struct load_parts *parts);

/*
 * Return bounds of the memory that must be available to load a kernel. The files are read into
 * buffers, and each segment is copied (kernel/kexec_core.c: kimage_load_normal_segment). The copies
 * for a crash kernel are in reserved memory, so they are not counted.
 */
struct need loading_need(const struct load_parts *parts, bool is_crash);

/* Return an upper bound of the memory that kernel, initrd and unpacked initrd occupy. */
uint64_t boot_bytes_max(const struct load_parts *parts);

/*
 * Return the memory that a kernel needs until its initrd is unpacked: the decompressed kernel, the
 * initrd and the unpacked initrd. The upper bound also includes EFIMAP_CRASH_RUNTIME and, if the
 * initrd may be unpacked into a tmpfs, memory that this tmpfs cannot use. Drivers may need more.
 */
struct need boot_need(const struct load_parts *parts, const char *cmdline);

/*
 * Return an upper bound of the memory that a crash kernel allocates for DMA to low memory (swiotlb)
 * before it unpacks its initrd. Unless memory is encrypted, or swiotlb=force or iommu=soft is set,
 * the kernel allocates this memory only if memory above 4 GiB is in its e820 map or, without
 * numa=off, in the ACPI table SRAT (pci_swiotlb_detect() in arch/x86/kernel). If the log does not
 * list the ranges of SRAT, they are assumed to be System RAM.
 */
uint64_t swiotlb_max(const struct efimap *map, const char *cmdline);

/*
 * Return a lower bound of this memory for a host with SME, whose crash kernel always allocates it.
 * Kernel and initrd split a range of @free bytes into at most three parts. If no part has room for
 * the default size, the kernel halves the size.
 */
uint64_t swiotlb_min(const struct efimap *map, const char *cmdline, uint64_t free);

/*
 * Return an upper bound of the memory that a kernel allocates for log_buf_len=, reserve_mem=, CMA
 * areas, hugepages= and trace buffers, and for all CPUs except the first one, before it unpacks its
 * initrd. maxcpus= does not reduce this memory, because a kernel with maxcpus= may start the other
 * CPUs later. If the number of CPUs is unknown, the memory for CPUs is not included.
 *
 * @default_cma: size of the default CMA area without cma=, 0 if unknown, EFIMAP_NO_CMA for a kernel
 *               that has no CMA areas
 */
#define EFIMAP_NO_CMA UINT64_MAX
uint64_t requested_bytes_max(const char *cmdline, unsigned int cpus, uint64_t default_cma);

/*
 * Return whether a kernel may unpack its initrd into a tmpfs, whose size is limited to half of the
 * memory, or to the size in initramfs_options=. With rootfstype=, the kernel uses a tmpfs only if
 * the value contains "tmpfs", and otherwise only without root= (init/do_mounts.c: init_rootfs).
 * In Linux 6.1 or earlier, root= overrides rootfstype=tmpfs.
 */
bool may_unpack_into_tmpfs(const char *cmdline);

/*
 * Return whether a copy of /proc/iomem lacks a "Crash kernel" range: kexec_crash_size is the size
 * of one or both ranges (kernel/crash_core.c).
 */
bool iomem_lacks_crash_memory(const struct efimap *map);

/*
 * Find bounds of the memory of the crash kernel. The lower bound is the size of all "Crash kernel"
 * ranges in /proc/iomem, without the parts that other ranges reserve. The upper bound includes
 * these parts. For kexec_file_load, both bounds include what the kernel log shows as reserved for
 * crashkernel=,cma, or else the upper bound includes what this parameter requests. kexec-tools
 * passes only the ranges in /proc/iomem. Return false if the capture shows no "Crash kernel" range,
 * or lacks one of them.
 */
bool find_crash_memory(const struct efimap *map, enum kexec_loader loader, struct need *ret_memory);

/*
 * Find bounds of the memory of a kernel that is not a crash kernel. The upper bound is the System
 * RAM in /sys/firmware/memmap, which must be complete. Memory of virtio-mem and DAX devices does
 * not count, because the next kernel adds it after it has unpacked its initrd. The lower bound is
 * the smallest of this size, MemTotal of the running kernel, and mem= in @cmdline, the parameters
 * of the next kernel, which may be NULL. For a log, which does not show memory modules that were
 * added later, there is no upper bound. Return false if memmap lists no System RAM.
 */
bool find_usable_memory(const struct efimap *map, const char *cmdline, struct need *ret_memory);

/*
 * Return the largest size in bytes to advise for crashkernel=: half of the RAM, rounded down to
 * 64 MiB. Return UINT64_MAX if the RAM is unknown.
 */
uint64_t crashkernel_max(const struct efimap *map);

/*
 * Return the size in bytes to advise for crashkernel=: the upper bound of @need and half as much
 * again, rounded up to 64 MiB, but at most crashkernel_max(). Return 0 if the need is unknown, or
 * more than half of the RAM.
 */
uint64_t advised_crashkernel(const struct efimap *map, struct need need);

#endif
