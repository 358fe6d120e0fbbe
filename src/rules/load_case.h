/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: loads that rules are asked about
 *
 * A load is one way to start a kernel: the question that it belongs to, the kernel, and the loader.
 * src/answer decides which loads there are and computes where each places its segments. Rules only
 * read them.
 */
#ifndef RULES_LOAD_CASE_H
#define RULES_LOAD_CASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/kernel_image.h"
#include "linux/segment_placement.h"

/** EFIMAP_MAX_LOADS - the limit of loads in a run; a finding has a bit for each */
#define EFIMAP_MAX_LOADS 32

/** enum efimap_question - the questions that verify answers */
enum efimap_question {
	EFIMAP_QUESTION_KEXEC,
	EFIMAP_QUESTION_KDUMP,
};

/** EFIMAP_LOADER_ANY - a load from a log, which stands for both loaders */
#define EFIMAP_LOADER_ANY EFIMAP_LOADER_COUNT

/**
 * enum efimap_refusal - why a loader cannot load a kernel
 * @EFIMAP_REFUSED_LOCKDOWN: the kernel is locked down
 * @EFIMAP_REFUSED_DISABLED: kexec_load_disabled is 1
 * @EFIMAP_REFUSED_LIMIT:    kexec_load_limit_reboot or kexec_load_limit_panic is 0
 * @EFIMAP_REFUSED_NO_CALL:  the kernel lacks the system call
 * @EFIMAP_REFUSED_MIXED:    kexec_file_load refuses in mixed mode
 * @EFIMAP_REFUSED_UNIFIED:  kexec-tools is too old for a unified kernel image
 * @EFIMAP_REFUSED_IMAGE:    the image is not relocatable, or has no 64-bit entry point
 * @EFIMAP_REFUSED_ROOM:     no free memory is large enough for the kernel
 * @EFIMAP_REFUSED_NOT_RESERVED: crashkernel= is given, and no memory is reserved
 */
enum efimap_refusal {
	EFIMAP_NOT_REFUSED,
	EFIMAP_REFUSED_LOCKDOWN,
	EFIMAP_REFUSED_DISABLED,
	EFIMAP_REFUSED_LIMIT,
	EFIMAP_REFUSED_NO_CALL,
	EFIMAP_REFUSED_MIXED,
	EFIMAP_REFUSED_UNIFIED,
	EFIMAP_REFUSED_IMAGE,
	EFIMAP_REFUSED_ROOM,
	EFIMAP_REFUSED_NOT_RESERVED,
};

/**
 * struct efimap_load_case - one load
 * @loader:      enum efimap_loader, or EFIMAP_LOADER_ANY
 * @kernel:      which kernel: loads of one kernel have the same number
 * @image:       its header; of an assumed kernel made up; NULL where nothing is known of it
 * @release:     its release, with an empty text where that is not known
 * @is_assumed:  no image is known: it is assumed to be a kernel like the running one
 * @is_unnamed:  no configuration names the kernel, and nothing is assumed about it
 * @is_from_log: its segments are those of a log, not computed
 * @has_alternative: another loader can load the same kernel
 * @load:        what the placement was computed from
 * @placement:   where its segments lie
 * @ram:         memory that the loader may use, @n_ram ranges of it, ascending; borrowed
 * @has_crash:   of kdump: memory is reserved, and @crash is where
 */
struct efimap_load_case {
	enum efimap_question question;
	unsigned int loader;
	size_t kernel;
	const struct efimap_image *image;
	struct efimap_release release;
	bool is_assumed;
	bool is_unnamed;
	bool is_from_log;
	enum efimap_refusal refusal;
	bool has_alternative;
	struct efimap_load load;
	struct efimap_placement placement;
	const struct efimap_span *ram;
	size_t n_ram;
	bool has_crash;
	struct efimap_span crash;
};

/** efimap_loader_call() - return "kexec_load", "kexec_file_load", or "kexec" for either */
const char *efimap_loader_call(unsigned int loader);
const char *efimap_question_name(unsigned int question);
/** efimap_loader_option() - return "kexec-load", "kexec-file-load" or "any", as in documents */
const char *efimap_loader_option(unsigned int loader);

#endif
