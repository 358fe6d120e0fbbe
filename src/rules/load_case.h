/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: loads for which rules are run
 *
 * A load is one way to start a kernel. It consists of the question (kexec or kdump), the kernel and
 * the loader. src/answer determines the loads and places their segments. Rules only read loads.
 */
#ifndef RULES_LOAD_CASE_H
#define RULES_LOAD_CASE_H

#include "capture/installed_kernels.h"
#include "linux/memory_needs.h"
#include "linux/segment_placement.h"

enum load_question {
	EFIMAP_QUESTION_KEXEC,
	EFIMAP_QUESTION_KDUMP,
};

/** EFIMAP_LOADER_ANY - either loader, for example because a kexec log does not name the loader */
#define EFIMAP_LOADER_ANY EFIMAP_LOADER_COUNT

/**
 * enum kernel_role - reasons why a kernel is checked
 * @EFIMAP_ROLE_RUNNING:    the kernel has the release of the running kernel
 * @EFIMAP_ROLE_NEWEST:     no installed kernel is newer
 * @EFIMAP_ROLE_CONFIGURED: the kdump service usually loads the kernel, or the default boot loader
 *                          entry names it
 * @EFIMAP_ROLE_GIVEN:      an option names the kernel
 * @EFIMAP_ROLE_ASSUMED:    no image is known, so a kernel like the running one is assumed
 */
enum kernel_role {
	EFIMAP_ROLE_RUNNING = 1,
	EFIMAP_ROLE_NEWEST = 2,
	EFIMAP_ROLE_CONFIGURED = 4,
	EFIMAP_ROLE_GIVEN = 8,
	EFIMAP_ROLE_ASSUMED = 16,
};

/**
 * struct load_case - one load
 * @loader:      enum kexec_loader, or EFIMAP_LOADER_ANY
 * @kernel:      the kernel; the same pointer in all loads of a kernel
 * @roles:       set of EFIMAP_ROLE_...
 * @image_size:  size of the image file in bytes, or 0 if it is unknown
 * @is_truncated: whether the image file is shorter than its header requires. This is unknown if
 *               only a part of the file may have been collected, or if the crash kernel may have
 *               been loaded before the file was truncated.
 * @release:     release of the kernel; its text is empty if the release is unknown
 * @is_assumed:  no image is known, so a kernel like the running one is assumed
 * @is_from_log: the segments were read from a log, not computed
 * @is_refused:  the running kernel or the loader certainly refuses the load
 * @cmdline:     parameters of the next kernel, or NULL if they are unknown. For kexec, these are
 * the parameters of the running kernel, which kexec passes with --reuse-cmdline.
 * @is_remedy:   efimapctl advises the user to make this load
 * @falls_back:  kexec-tools calls kexec_load if kexec_file_load does not support the image
 * @is_loader_assumed: the version of kexec-tools, which decides, is unknown
 * @plan:        what decides the placement. Its image is constructed for an assumed kernel, and
 *               NULL if nothing is known about the image.
 * @ram:         memory that the loader may use, in ascending order; borrowed
 * @has_crash:   only for kdump: whether @crash is memory reserved for a crash kernel
 * @is_loaded:   only for kdump: the crash kernel is loaded, so no restriction affects its load. For
 *               kexec, the loaded kernel is unknown, and the load is still to come.
 */
struct load_case {
	enum load_question question;
	unsigned int loader;
	const struct installed_kernel *kernel;
	unsigned int roles;
	uint64_t image_size;
	enum known is_truncated;
	struct release release;
	bool is_assumed;
	bool is_from_log;
	bool is_refused;
	const char *cmdline;
	bool is_remedy;
	bool falls_back;
	bool is_loader_assumed;
	struct load plan;
	struct placement placement;
	const struct span *ram;
	size_t n_ram;
	bool has_crash;
	struct span crash;
	bool is_loaded;
};

/* Return whether the header of the image was read, and not only assumed. */
static inline bool load_has_image(const struct load_case *load)
{
	return load->plan.image && !load->is_assumed;
}

/* Return whether only the head of the image was collected. */
static inline bool load_is_head(const struct load_case *load)
{
	return load->is_truncated == EFIMAP_KNOWN_NO && load->image_size > 0 &&
	       load->image_size < load->plan.image->file_size;
}

/* Return whether the size of the kernel is known, and the segments were not read from a log. */
static inline bool load_has_sizes(const struct load_case *load)
{
	return load->plan.image && load->plan.image->init_size && !load->is_from_log;
}

/* Return the sizes of the kernel and the initrd of a load. The image must be known. */
struct load_parts load_parts_of(const struct load_case *load);

/* Return requested_bytes_max() for a load. */
uint64_t requested_by(const struct efimap *map, const struct load_case *load);

/*
 * Return an upper bound of the memory that the next kernel allocates before it unpacks its initrd,
 * in addition to its image (swiotlb_max(), requested_by()).
 */
uint64_t early_bytes_max(const struct efimap *map, const struct load_case *load);

/*
 * Find the memory that the next kernel needs until it has unpacked its initrd, and the memory that
 * it can use. Return false if either size is unknown.
 */
bool find_boot_need(const struct efimap *map, const struct load_case *load, struct need *ret_need,
		    struct need *ret_memory);

/* Return the configuration of the next kernel, or of another kernel with the same release. */
struct kernel_config load_config(const struct efimap *map, const struct load_case *load);

/* Return whether systemctl kexec may use the parameters of a boot loader entry for the load. */
static inline bool load_may_use_entry(const struct load_case *load)
{
	return load->question == EFIMAP_QUESTION_KEXEC && !load->is_remedy && !load->is_from_log &&
	       !load->is_loaded;
}

/** loader_name() - return "kexec -c", "kexec -s", or "kexec" for EFIMAP_LOADER_ANY */
const char *loader_name(unsigned int loader);

/**
 * kexec_option() - return a blank and the option of kexec(8) that selects a loader: " -s", " -c"
 *
 * It returns "" for kexec_load if the version of kexec-tools has no -c and uses this call.
 */
const char *kexec_option(const struct version *tools, unsigned int loader);

const char *question_name(unsigned int question);
const char *loader_option_name(unsigned int loader);

#endif
