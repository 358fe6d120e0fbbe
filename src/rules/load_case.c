/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Return the names of questions and loaders, and derive facts from a load. */
#include <string.h>

#include "base/enum_name.h"
#include "infer/linux_changes.h"
#include "infer/load_limits.h"
#include "linux/kexec_memory.h"
#include "rules/load_case.h"
#include "rules/memory_spans.h"

static const char *const question_names[] = {
	[EFIMAP_QUESTION_KEXEC] = "kexec",
	[EFIMAP_QUESTION_KDUMP] = "kdump",
};
EFIMAP_NAME_OF(question)

static const char *const loader_option_names[] = {
	[EFIMAP_LOADER_KEXEC_TOOLS] = "kexec-load",
	[EFIMAP_LOADER_KERNEL] = "kexec-file-load",
	[EFIMAP_LOADER_ANY] = "any",
};
EFIMAP_NAME_OF(loader_option)

const char *loader_name(unsigned int loader)
{
	static const char *const calls[] = {
		[EFIMAP_LOADER_KEXEC_TOOLS] = "kexec -c",
		[EFIMAP_LOADER_KERNEL] = "kexec -s",
		[EFIMAP_LOADER_ANY] = "kexec",
	};

	return calls[loader];
}

const char *kexec_option(const struct version *tools, unsigned int loader)
{
	if (loader == EFIMAP_LOADER_KERNEL)
		return " -s";
	return tools_has(tools, EFIMAP_TOOLS_CALL_OPTION, true) ? " -c" : "";
}

struct load_parts load_parts_of(const struct load_case *load)
{
	const struct load *sizes = &load->plan;
	const bool is_exact = sizes->has_initrd_size && !sizes->initrd_size_max;
	struct load_parts parts = {
		.image_size = load->image_size,
		.init_size = load->plan.image->init_size,
		.init_size_max = sizes->init_size_max,
		.initrd = { sizes->initrd_size, EFIMAP_NO_UPPER_BOUND },
		.reads_initramfs_options =
			release_has(&load->release, EFIMAP_CHANGE_READS_INITRAMFS_OPTIONS, false),
	};

	if (is_exact) {
		parts.initrd.least = parts.initrd.most = sizes->initrd_size;
		parts.unpacked = load->kernel->unpacked;
	}
	return parts;
}

static bool is_known(const struct kernel_config *config)
{
	static const struct kernel_config none = { .is_complete = false };

	return config->is_complete || config->has_cma_default || config->ima_extra ||
	       memcmp(config->options, none.options, sizeof(none.options)) != 0;
}

struct kernel_config load_config(const struct efimap *map, const struct load_case *load)
{
	const char *release = load->release.text;

	if (load->kernel && is_known(&load->kernel->config))
		return load->kernel->config;
	/* A kernel in --kernel has the configuration of the installed kernel of its release. */
	for (size_t i = 0; i < map->n_kernels; i++)
		if (strcmp(map->kernels[i].header.release, release) == 0 &&
		    is_known(&map->kernels[i].config))
			return map->kernels[i].config;
	for (size_t i = 0; i < map->n_configs; i++)
		if (strcmp(map->configs[i].release, release) == 0)
			return map->configs[i].config;
	return *release && strcmp(map->release.text, release) == 0
		       ? kexec_of(map)->config
		       : (struct kernel_config){ .is_complete = false };
}

uint64_t requested_by(const struct efimap *map, const struct load_case *load)
{
	const struct kernel_config config = load_config(map, load);

	return requested_bytes_max(
		load->cmdline,
		(unsigned int)value_number(kexec_of(map), EFIMAP_VALUE_CPUS_POSSIBLE),
		option_is_off(&config, EFIMAP_CONFIG_CMA) ? EFIMAP_NO_CMA : config.cma_default);
}

uint64_t early_bytes_max(const struct efimap *map, const struct load_case *load)
{
	/* Neither part exceeds 2^51 bytes, so the sum cannot overflow. */
	return swiotlb_max(map, load->cmdline) + requested_by(map, load);
}

/*
 * Return an upper bound of the memory that was plugged in after the boot. @booted is the RAM of the
 * boot. Lines may be missing from iomem, because it lacks RAM that memmap lists, or because
 * MemTotal is unknown, or larger than all RAM in both lists.
 */
static uint64_t plugged_max(const struct efimap *map, uint64_t booted)
{
	const uint64_t total = kexec_of(map)->memory.total;
	uint64_t listed;
	struct ram ram;

	if (!total || !compare_ram(map, &ram) || iomem_lacks_lines(map))
		return EFIMAP_NO_UPPER_BOUND;
	listed = wrapping_add(booted, ram.plugged);
	for (size_t i = 0; i < map->n_iomem && listed < total; i++)
		if (label_is_driver_memory(map->iomem[i].name))
			listed = wrapping_add(listed, span_bytes(map->iomem[i].span));
	return listed < total ? EFIMAP_NO_UPPER_BOUND : ram.plugged;
}

/*
 * Add memory that was plugged in after the boot. kexec-tools passes it to the next
 * kernel. After kexec_file_load, the next kernel has only the part in which it was loaded
 * (arch/x86/kernel/setup.c: e820_add_kernel_range), and moves its initrd out of the rest.
 */
static void add_plugged(const struct efimap *map, const struct load_case *load, struct need *memory)
{
	uint64_t plugged;

	if (memory->most == EFIMAP_NO_UPPER_BOUND)
		return;
	plugged = plugged_max(map, memory->most);
	if (load->loader == EFIMAP_LOADER_KERNEL && plugged > load->plan.image->init_size)
		plugged = load->plan.image->init_size;
	if (__builtin_add_overflow(memory->most, plugged, &memory->most))
		memory->most = EFIMAP_NO_UPPER_BOUND;
}

/*
 * Remove RAM that kexec_file_load does not pass. The next kernel adds the part in which its image
 * is (arch/x86/kernel/setup.c: e820_add_kernel_range).
 */
static void remove_dropped(const struct efimap *map, const struct load_case *load,
			   struct need *memory)
{
	const uint64_t dropped = find_passed_ram(map).dropped;
	const uint64_t image = load->plan.image->init_size;

	if (load->loader != EFIMAP_LOADER_KERNEL || memory->most == EFIMAP_NO_UPPER_BOUND)
		return;
	memory->least = memory->least > dropped ? memory->least - dropped : 0;
	memory->most = memory->most > dropped ? memory->most - dropped : 0;
	memory->most += dropped < image ? dropped : image;
}

bool find_boot_need(const struct efimap *map, const struct load_case *load, struct need *ret_need,
		    struct need *ret_memory)
{
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	struct load_parts parts;

	if (!load->plan.image)
		return false;
	/* For kexec, the initrd must be a known file, and memmap complete. */
	if (!is_crash && (load->is_from_log || load->is_assumed || !load->kernel->has_initrd_size ||
			  !has_all_of(map, EFIMAP_SRC_MEMMAP) || memmap_may_lack_range(map)))
		return false;
	if (load->plan.reserved.last > 0)
		ret_memory->least = ret_memory->most = span_bytes(load->plan.reserved);
	else if (is_crash ? !find_crash_memory(map, load->loader, ret_memory)
			  : !find_usable_memory(map, load->cmdline, ret_memory))
		return false;
	if (!is_crash) {
		add_plugged(map, load, ret_memory);
		remove_dropped(map, load, ret_memory);
	}
	parts = load_parts_of(load);
	*ret_need = boot_need(&parts, load->cmdline);
	if (is_crash && ret_need->least <= ret_memory->most)
		ret_need->least +=
			swiotlb_min(map, load->cmdline, ret_memory->most - ret_need->least);
	if (__builtin_add_overflow(ret_need->most, early_bytes_max(map, load), &ret_need->most))
		ret_need->most = EFIMAP_NO_UPPER_BOUND;
	return true;
}
