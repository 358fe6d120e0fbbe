/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compare the memory that a load needs with the memory that is available. */
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "infer/hardware.h"
#include "infer/load_limits.h"
#include "linux/crashkernel_parameter.h"
#include "linux/kexec_memory.h"
#include "linux/memory_needs.h"

#define KIB (UINT64_C(1) << 10)
#define MIB (UINT64_C(1) << 20)

/*
 * Part of init_size in bytes that the decompressed kernel does not occupy: heap, stack and page
 * tables of the decompressor, and the distance that decompression in place needs
 * (arch/x86/boot/header.S: INIT_SIZE).
 */
#define SCRATCH (4 * MIB)

/* Assumed maximum size of the segments for boot_params, setup_data, purgatory and elfcorehdr. */
#define OTHER_SEGMENTS (4 * MIB)

/* Sizes for crashkernel= are multiples of this size. */
#define STEP (64 * MIB)

/* The default size of a tmpfs in percent of the memory (mm/shmem.c). */
#define DEFAULT_TMPFS_PERCENT 50

static uint64_t add(uint64_t a, uint64_t b)
{
	return __builtin_add_overflow(a, b, &a) ? EFIMAP_NO_UPPER_BOUND : a;
}

static uint64_t multiply(uint64_t a, uint64_t b)
{
	return __builtin_mul_overflow(a, b, &a) ? EFIMAP_NO_UPPER_BOUND : a;
}

static uint64_t init_size_max(const struct load_parts *parts)
{
	return parts->init_size_max ? parts->init_size_max : parts->init_size;
}

enum memory_fit fit_of(struct need need, uint64_t available)
{
	if (need.least > available)
		return EFIMAP_DOES_NOT_FIT;
	return need.most <= available ? EFIMAP_FITS : EFIMAP_MAY_FIT;
}

struct need segments_need(const struct load_parts *parts)
{
	return (struct need){
		.least = add(parts->init_size, parts->initrd.least),
		.most = add(add(init_size_max(parts), parts->initrd.most), OTHER_SEGMENTS),
	};
}

struct need loading_need(const struct load_parts *parts, bool is_crash)
{
	const struct need segments = segments_need(parts);
	/* If the file size is unknown, init_size is an upper bound: the file is smaller. */
	const uint64_t image_max = parts->image_size ? parts->image_size : init_size_max(parts);

	return (struct need){
		.least = add(parts->image_size, parts->initrd.least),
		.most = add(add(image_max, parts->initrd.most), is_crash ? 0 : segments.most),
	};
}

bool may_unpack_into_tmpfs(const char *cmdline)
{
	bool has_root = false, has_type = false, is_tmpfs = false;
	struct kernel_parameter arg;

	while (parameter_next(&cmdline, &arg)) {
		const struct text value = { arg.value, arg.value_len };

		if (parameter_is(&arg, "root") && arg.value)
			has_root = value.len > 0;
		if (parameter_is(&arg, "rootfstype") && arg.value) {
			has_type = true;
			is_tmpfs = text_contains(value, "tmpfs");
		}
	}
	return has_type ? is_tmpfs : !has_root;
}

/*
 * Return the percentage of the memory that a tmpfs may use. A value of initramfs_options= other
 * than "size=N%" counts as the smallest size.
 */
static unsigned int find_tmpfs_percent(const struct load_parts *parts, const char *cmdline)
{
	uint64_t percent = DEFAULT_TMPFS_PERCENT;
	struct kernel_parameter arg;

	while (parameter_next(&cmdline, &arg)) {
		struct text value = { arg.value, arg.value_len };

		if (parameter_is(&arg, "initramfs_options") && arg.value &&
		    (!text_take(&value, "size=") || !text_take_number(&value, 100, &percent) ||
		     !text_is(value, "%") || !percent))
			percent = 1;
	}
	return percent > DEFAULT_TMPFS_PERCENT && !parts->reads_initramfs_options
		       ? DEFAULT_TMPFS_PERCENT
		       : (unsigned int)percent;
}

/* A limit that is higher than any real reservation, and that keeps sums from overflowing. */
#define MAX_REQUESTED (UINT64_C(1) << 40)

/* The default size of the swiotlb in bytes, and the number of bytes for each unit of swiotlb=. */
#define SWIOTLB_DEFAULT (64 * MIB)
#define SWIOTLB_SLAB 2048
/* The kernel uses no smaller swiotlb (IO_TLB_MIN_SLABS). */
#define SWIOTLB_MIN MIB

/* Round up to a power of 2. */
static uint64_t power_of_two_max(uint64_t size)
{
	uint64_t rounded = 1;

	while (rounded < size && rounded < MAX_REQUESTED)
		rounded *= 2;
	return rounded;
}

/* Return the last address in the memory ranges of the ACPI table SRAT that the log contains. */
static uint64_t find_srat_end(const struct efimap *map)
{
	struct text log = { map->log, map->log_len };
	uint64_t last = 0, end;

	while (text_find(&log, "SRAT: Node ")) {
		size_t next;
		struct text line = { log.at, text_line(log.at, log.len, &next) };

		if (text_find(&line, "-0x") && text_take_hex(&line, 1, &end) && end > last)
			last = end;
		text_skip(&log, next);
	}
	return last;
}

/*
 * Return whether a next kernel may find RAM above 4 GiB in the SRAT. If the complete log has no
 * ranges of an SRAT, there is none.
 */
static bool srat_may_have_high_ram(const struct efimap *map)
{
	const uint64_t last = find_srat_end(map);

	if (last || (log_is_whole(map) && !cmdline_has(map->cmdline, "numa")))
		return last > UINT32_MAX;
	return iomem_ram_last(map) > UINT32_MAX;
}

uint64_t swiotlb_max(const struct efimap *map, const char *cmdline)
{
	uint64_t size = SWIOTLB_DEFAULT, last = 0, slabs;
	/* Devices cannot access encrypted memory, so they use the swiotlb (pci_swiotlb_detect). */
	bool reads_srat = true, is_forced = map->encrypted || map->is_tdx_guest;
	struct kernel_parameter arg;

	while (parameter_next(&cmdline, &arg)) {
		struct text value = { arg.value, arg.value_len };

		if (parameter_is(&arg, "numa") && parameter_has_option(&arg, "off"))
			reads_srat = false;
		if ((parameter_is(&arg, "iommu") && parameter_has_option(&arg, "soft")) ||
		    (parameter_is(&arg, "mem_encrypt") && parameter_has_option(&arg, "on")))
			is_forced = true;
		if (!parameter_is(&arg, "swiotlb") || !arg.value)
			continue;
		/* Linux 6.0 or later rounds the size up (round_up_default_nslabs). */
		if (take_integer(&value, &slabs))
			size = power_of_two_max(slabs) * SWIOTLB_SLAB;
		if (parameter_has_option(&arg, "force"))
			is_forced = true;
	}
	for (size_t i = 0; i < map->n_iomem; i++)
		if (map->iomem[i].span.last > last &&
		    strcmp(map->iomem[i].name, "Crash kernel") == 0)
			last = map->iomem[i].span.last;
	return is_forced || last > UINT32_MAX || (reads_srat && srat_may_have_high_ram(map)) ? size
											     : 0;
}

uint64_t swiotlb_min(const struct efimap *map, const char *cmdline, uint64_t free)
{
	uint64_t size = SWIOTLB_DEFAULT;

	if (!cmdline_has(cmdline, "mem_encrypt=on") || cmdline_has(cmdline, "swiotlb") ||
	    !uses_sme(map))
		return 0;
	while (size > free / 3 && size > SWIOTLB_MIN)
		size /= 2;
	return size <= free / 3 ? size : 0;
}

/*
 * Bound of the memory that a kernel allocates for each CPU before it unpacks its initrd. The first
 * chunk of per-CPU memory needs 264 KiB for each CPU in Debian's kernel 6.12.
 */
#define CPU_BYTES (512 * KIB)
/* The largest nr_cpus= that a kdump service sets by default (KDUMP_CPUS of SUSE). */
#define DEFAULT_CPUS 32U
#define HUGE_PAGE (2 * MIB)

/* Return the size of a log buffer with its descriptors (kernel/printk/printk.c: setup_log_buf). */
static uint64_t log_buffer_max(uint64_t size)
{
	return power_of_two_max(size) * 9 / 2;
}

/*
 * Return an upper bound of the number of CPUs of a kernel. Return 0 if @cpus is 0 and the
 * parameters do not limit the number.
 *
 * @cmdline: parameters of the crash kernel, NULL if unknown. If NULL, the number of CPUs is assumed
 *           to be at most the largest default of a kdump service.
 * @cpus:    number of possible CPUs, 0 if unknown
 */
static unsigned int cpus_max(const char *cmdline, unsigned int cpus)
{
	uint64_t max = cpus ? cpus : UINT64_MAX, limit;
	struct kernel_parameter arg;

	if (!cmdline && max > DEFAULT_CPUS)
		max = DEFAULT_CPUS;
	while (parameter_next(&cmdline, &arg)) {
		struct text value = { arg.value, arg.value_len };

		if (parameter_is(&arg, "nosmp"))
			max = 1;
		if (parameter_is(&arg, "nr_cpus") && arg.value && take_integer(&value, &limit) &&
		    limit && limit < max)
			max = limit;
	}
	return max > UINT32_MAX ? 0 : (unsigned int)max;
}

/* Return the sum of COUNT in NODE:COUNT,..., or COUNT. */
static uint64_t count_huge_pages(struct text value)
{
	uint64_t sum = 0, count;

	do {
		if (!text_take_number(&value, UINT64_MAX, &count) ||
		    (text_take(&value, ":") && !text_take_number(&value, UINT64_MAX, &count)))
			return MAX_REQUESTED;
		sum = add(sum, count);
	} while (text_take(&value, ","));
	return sum;
}

/*
 * Return the size of all huge pages. hugepages= applies to the preceding hugepagesz= or
 * default_hugepagesz= or, without any, to the default size, which a later default_hugepagesz= may
 * change (mm/hugetlb.c). The kernel ignores sizes that are smaller than HUGE_PAGE.
 */
static uint64_t huge_bytes_max(const char *cmdline)
{
	uint64_t bytes = 0, n_default = 0, page = 0, default_page = HUGE_PAGE, size;
	struct kernel_parameter arg;

	while (parameter_next(&cmdline, &arg)) {
		struct text value = { arg.value, arg.value_len };

		if (parameter_is(&arg, "hugepages") && arg.value && page)
			bytes = add(bytes, multiply(count_huge_pages(value), page));
		else if (parameter_is(&arg, "hugepages") && arg.value)
			n_default = add(n_default, count_huge_pages(value));
		if ((!parameter_is(&arg, "hugepagesz") &&
		     !parameter_is(&arg, "default_hugepagesz")) ||
		    !arg.value || !take_size(&value, &size) || size < HUGE_PAGE)
			continue;
		page = size;
		if (parameter_is(&arg, "default_hugepagesz") && size > default_page)
			default_page = size;
	}
	return add(bytes, multiply(n_default, default_page));
}

uint64_t requested_bytes_max(const char *cmdline, unsigned int cpus, uint64_t default_cma)
{
	const bool has_cma = default_cma != EFIMAP_NO_CMA;
	uint64_t reserved = huge_bytes_max(cmdline), log = 0;
	uint64_t cma = has_cma ? default_cma : 0;
	const char *rest = cmdline;
	struct kernel_parameter arg;

	cpus = cpus_max(cmdline, cpus);
	while (parameter_next(&rest, &arg)) {
		struct text value = { arg.value, arg.value_len };
		uint64_t size;

		if (!arg.value)
			continue;
		if (!take_size(&value, &size))
			continue;
		/* A log_buf_len= that is not larger than an earlier one has no effect. */
		if (parameter_is(&arg, "log_buf_len") && log_buffer_max(size) > log)
			log = log_buffer_max(size);
		if (parameter_is(&arg, "reserve_mem"))
			reserved = add(reserved, size);
		if (parameter_is(&arg, "cma") && has_cma)
			cma = size;
	}
	reserved = add(add(reserved, cma), log);
	reserved = add(reserved, cpus > 1 ? (cpus - 1) * CPU_BYTES : 0);
	return reserved < MAX_REQUESTED ? reserved : MAX_REQUESTED;
}

static uint64_t unpacked_max(const struct load_parts *parts)
{
	if (!parts->initrd.most)
		return 0;
	return parts->unpacked.is_known ? parts->unpacked.most : EFIMAP_NO_UPPER_BOUND;
}

uint64_t boot_bytes_max(const struct load_parts *parts)
{
	return add(add(init_size_max(parts), parts->initrd.most), unpacked_max(parts));
}

struct need boot_need(const struct load_parts *parts, const char *cmdline)
{
	const unsigned int percent = find_tmpfs_percent(parts, cmdline);
	const uint64_t decompressed = parts->init_size > SCRATCH ? parts->init_size - SCRATCH : 0;
	struct need need = {
		.least = add(add(decompressed, parts->initrd.least),
			     parts->initrd.most ? parts->unpacked.least : 0),
		.most = add(boot_bytes_max(parts), EFIMAP_CRASH_RUNTIME),
	};
	uint64_t unused;

	if (!may_unpack_into_tmpfs(cmdline))
		return need;
	if (__builtin_mul_overflow(unpacked_max(parts), 100 - percent, &unused))
		need.most = EFIMAP_NO_UPPER_BOUND;
	else
		need.most = add(need.most, unused / percent);
	return need;
}

/* Maximum number of regions (kernel/crash_reserve.c: crashk_res, crashk_low_res) */
#define MAX_CRASH_REGIONS 2

/* Return the size of the parts of a span that both loaders also pass as reserved memory. */
static uint64_t reserved_bytes_in(const struct efimap *map, struct span span)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < map->n_iomem; i++)
		if (is_passed_range(map->iomem[i].name) && span_overlaps(map->iomem[i].span, span))
			sum = add(sum, span_bytes(span_shared(map->iomem[i].span, span)));
	return sum;
}

/* Return the size of the "Crash kernel" ranges in iomem. */
static uint64_t listed_crash_bytes(const struct efimap *map)
{
	uint64_t listed = 0;

	for (size_t i = 0; i < map->n_iomem; i++)
		if (strcmp(map->iomem[i].name, "Crash kernel") == 0)
			listed = add(listed, span_bytes(map->iomem[i].span));
	return listed;
}

bool iomem_lacks_crash_memory(const struct efimap *map)
{
	return capture_has(map, EFIMAP_SRC_IOMEM) &&
	       listed_crash_bytes(map) < value_number(kexec_of(map), EFIMAP_VALUE_CRASH_SIZE);
}

bool find_crash_memory(const struct efimap *map, enum kexec_loader loader, struct need *ret_memory)
{
	struct need memory = { .most = listed_crash_bytes(map) };
	uint64_t reserved = 0, cma;
	size_t n_regions = 0;

	if (!capture_has(map, EFIMAP_SRC_IOMEM) || !memory.most || iomem_lacks_crash_memory(map))
		return false;
	for (size_t i = 0; i < map->n_iomem; i++) {
		const struct span region = map->iomem[i].span;

		/* The lower bound of the memory does not include further regions. */
		if (strcmp(map->iomem[i].name, "Crash kernel") == 0)
			reserved = add(reserved, ++n_regions > MAX_CRASH_REGIONS
							 ? span_bytes(region)
							 : reserved_bytes_in(map, region));
	}
	memory.least = memory.most - (reserved < memory.most ? reserved : memory.most);
	/* Linux 6.17 and later: arch/x86/kernel/crash.c: crash_setup_memmap_entries */
	if (loader == EFIMAP_LOADER_KERNEL && find_logged_crashkernel_cma(map, &cma)) {
		memory.least = add(memory.least, cma);
		memory.most = add(memory.most, cma);
	} else if (loader == EFIMAP_LOADER_KERNEL) {
		memory.most = add(memory.most, find_crashkernel_cma(map));
	}
	*ret_memory = memory;
	return true;
}

bool find_usable_memory(const struct efimap *map, const char *cmdline, struct need *ret_memory)
{
	const uint64_t total = kexec_of(map)->memory.total;
	uint64_t limit = total ? total : UINT64_MAX;
	const char *rest = cmdline ? cmdline : "";
	struct need memory = { .most = ram_bytes(map) };
	struct kernel_parameter arg;

	while (parameter_next(&rest, &arg)) {
		struct text value = { arg.value, arg.value_len };
		uint64_t size;

		if (parameter_is(&arg, "mem") && arg.value && take_size(&value, &size) &&
		    size < limit)
			limit = size;
	}
	if (!memory.most)
		return false;
	memory.least = memory.most < limit ? memory.most : limit;
	if (find_first_origin(map) == EFIMAP_ORIGIN_LOG)
		memory.most = EFIMAP_NO_UPPER_BOUND;
	*ret_memory = memory;
	return true;
}

uint64_t crashkernel_max(const struct efimap *map)
{
	const uint64_t booted = ram_bytes(map);
	const uint64_t ram = booted ? booted : kexec_of(map)->memory.total;

	return ram ? ram / 2 / STEP * STEP : UINT64_MAX;
}

uint64_t advised_crashkernel(const struct efimap *map, struct need need)
{
	const uint64_t most = crashkernel_max(map);
	uint64_t size = add(need.most, need.most / 2);

	if (size > UINT64_MAX - STEP)
		return 0;
	size = (size + STEP - 1) / STEP * STEP;
	size = size < most ? size : most;
	return size < need.most ? 0 : size;
}
