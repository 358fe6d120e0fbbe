/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find out why a load is refused, and which loader the installed tools use. */
#include <string.h>

#include "answer/loads.h"
#include "answer/refusals.h"
#include "rules/engine.h"
#include "rules/matched_messages.h"

/* security/lockdown/lockdown.c: lockdown_is_locked_down prints the message. */
static bool is_locked_down(const struct loads *loads)
{
	if (loads->state->lockdown == EFIMAP_LOCKDOWN_UNKNOWN)
		return efimap_has_kernel_message(loads->map, EFIMAP_RULE_KEXEC_LOCKDOWN);
	return loads->state->lockdown != EFIMAP_LOCKDOWN_NONE;
}

/* Restrictions that were set after a kernel was loaded do not affect that kernel. */
static bool is_loaded(const struct loads *loads, enum efimap_question question)
{
	const enum efimap_known loaded = question == EFIMAP_QUESTION_KDUMP ?
						 loads->state->crash_loaded :
						 loads->state->loaded;

	return loaded == EFIMAP_KNOWN_YES;
}

/* Return the refusal if a sysctl forbids loading (kernel/kexec_core.c: kexec_load_permitted). */
static enum efimap_refusal find_sysctl_refusal(const struct loads *loads,
					       enum efimap_question question)
{
	const struct efimap_kexec_state *state = loads->state;
	const int32_t limit = question == EFIMAP_QUESTION_KDUMP ? state->panic_limit :
								  state->reboot_limit;

	if (is_loaded(loads, question))
		return EFIMAP_NOT_REFUSED;
	if (state->load_disabled == EFIMAP_KNOWN_YES)
		return EFIMAP_REFUSED_DISABLED;
	return limit == 0 ? EFIMAP_REFUSED_LIMIT : EFIMAP_NOT_REFUSED;
}

/*
 * Return whether an image is refused because it is truncated. Both loaders check only that the file
 * contains the setup sectors. A locked-down kernel also requires the signature, which is at the end
 * of the file.
 */
static bool is_refused_truncated(const struct loads *loads, const struct efimap_load_case *load)
{
	const struct load_kernel *kernel = &loads->kernels[load->kernel];

	if (load->is_truncated != EFIMAP_KNOWN_YES)
		return false;
	return (!kernel->is_unified && kernel->size < kernel->header.setup_size) ||
	       (load->loader == EFIMAP_LOADER_KERNEL && is_locked_down(loads));
}

static enum efimap_refusal find_refused_image(const struct loads *loads,
					      const struct efimap_load_case *load)
{
	const struct load_kernel *kernel = &loads->kernels[load->kernel];

	if (kernel->is_unified && !efimap_tools_has(&loads->state->tools, EFIMAP_TOOLS_UKI, true))
		return EFIMAP_REFUSED_UNIFIED;
	if (is_refused_truncated(loads, load))
		return EFIMAP_REFUSED_TRUNCATED;
	switch (load->placement.reason) {
	case EFIMAP_UNPLACED_MIXED_MODE:
		return EFIMAP_REFUSED_MIXED;
	case EFIMAP_UNPLACED_IMAGE:
		/*
		 * kexec-tools uses the 32-bit entry point of this image, and passes no EFI state
		 * (rule image-without-efi).
		 */
		return load->loader == EFIMAP_LOADER_KERNEL ? EFIMAP_REFUSED_IMAGE :
							      EFIMAP_NOT_REFUSED;
	case EFIMAP_UNPLACED_FIVE_LEVELS:
		return EFIMAP_REFUSED_IMAGE;
	case EFIMAP_UNPLACED_NO_ROOM:
		return EFIMAP_REFUSED_ROOM;
	case EFIMAP_UNPLACED_NOT_RESERVED:
		return loads->kdump == KDUMP_NOT_RESERVED ? EFIMAP_REFUSED_NOT_RESERVED :
							    EFIMAP_NOT_REFUSED;
	default:
		return EFIMAP_NOT_REFUSED;
	}
}

enum efimap_refusal find_refusal(const struct loads *loads, const struct efimap_load_case *load)
{
	const bool is_by_tools = load->loader == EFIMAP_LOADER_KEXEC_TOOLS;
	const enum efimap_known has_call = is_by_tools ? loads->state->has_load :
							 loads->state->has_file_load;
	const enum efimap_refusal by_sysctl = find_sysctl_refusal(loads, load->question);

	if (has_call == EFIMAP_KNOWN_NO)
		return EFIMAP_REFUSED_NO_CALL;
	if (by_sysctl != EFIMAP_NOT_REFUSED)
		return by_sysctl;
	if (is_by_tools && is_locked_down(loads) && !is_loaded(loads, load->question))
		return EFIMAP_REFUSED_LOCKDOWN;
	return find_refused_image(loads, load);
}

bool has_argument(const char *args, const char *wanted)
{
	const size_t len = strlen(wanted);

	for (const char *at = args; *at;) {
		const size_t word = strcspn(at, " ");

		if (word == len && strncmp(at, wanted, len) == 0)
			return true;
		at += word;
		at += strspn(at, " ");
	}
	return false;
}

/*
 * The conditions are those of kexec/kexec.c of kexec-tools, and of kdump_load() in Debian's
 * kdump-config.
 */
unsigned int preferred_loader(const struct loads *loads, enum efimap_question question)
{
	const struct efimap_kexec_state *state = loads->state;
	const char *args = question == EFIMAP_QUESTION_KDUMP ? state->crash_args : "";

	if (has_argument(args, "-s") || has_argument(args, "--kexec-file-syscall"))
		return EFIMAP_LOADER_KERNEL;
	if (has_argument(args, "-c") || has_argument(args, "--kexec-syscall"))
		return EFIMAP_LOADER_KEXEC_TOOLS;
	if (question == EFIMAP_QUESTION_KDUMP && is_locked_down(loads) &&
	    state->crash_service == EFIMAP_CRASH_SERVICE_KDUMP_CONFIG)
		return EFIMAP_LOADER_KERNEL;
	if (state->tools.major == 0)
		return state->has_tools == EFIMAP_KNOWN_NO ? EFIMAP_LOADER_KERNEL :
							     EFIMAP_LOADER_COUNT;
	return efimap_tools_has(&state->tools, EFIMAP_TOOLS_FILE_LOAD, false) ?
		       EFIMAP_LOADER_KERNEL :
		       EFIMAP_LOADER_KEXEC_TOOLS;
}
