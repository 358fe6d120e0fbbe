/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Check whether the loading program can extract the kernel of a unified kernel image (UKI). */
#include "answer/checks.h"
#include "answer/loads.h"

/* The missing data if the signature of the kernel may become invalid */
#define ADD_PADDING                                                                                \
	"kexec-tools 2.0.31 and 2.0.32 add padding to the kernel of a unified kernel image, so "   \
	"the signature of this kernel becomes invalid, unless the distribution has corrected "     \
	"this bug"

/*
 * Return whether systemctl kexec loads the kernel of a UKI without kexec-tools. systemctl first
 * calls kexec_file_load itself, with the kernel in the section .linux, without padding (systemd:
 * extract_uki). It runs kexec-tools only if this fails.
 */
static bool is_systemctl_able(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->question == EFIMAP_QUESTION_KEXEC && load->loader == EFIMAP_LOADER_KERNEL &&
	       machine->state->systemd >= SYSTEMD_LOADS;
}

static const char use_systemctl[] =
	"Use systemctl kexec, which extracts the kernel of the image itself";

/*
 * Return whether the service may extract the kernel. From version 1.0.42 to 1.0.56, kdumpctl of
 * kdump-utils extracts it with objcopy and passes it to kexec-tools (load_kdump).
 */
static bool may_be_extracted(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->question == EFIMAP_QUESTION_KDUMP &&
	       machine->state->crash_service == EFIMAP_CRASH_SERVICE_KDUMPCTL;
}

/*
 * Check that kexec-tools or another program can extract the kernel. With kexec_load, kexec-tools
 * loads the complete UKI as a bzImage (kexec/kexec-uki.c: uki_image_load).
 */
struct check_result look_at_unified_image(const struct machine *machine,
					  const struct efimap_load_case *load)
{
	static const char update[] =
		"Use kexec-tools 2.0.31 or later, and -s in the options of kexec";
	const struct efimap_kexec_state *state = machine->state;

	if (!load->kernel->is_unified || load->is_loaded || load->is_from_log)
		return passed;
	if (load->loader == EFIMAP_LOADER_KERNEL &&
	    (state->has_tools == EFIMAP_KNOWN_NO ||
	     efimap_tools_has(&state->tools, EFIMAP_TOOLS_UKI, false)))
		return passed;
	if (is_systemctl_able(machine, load))
		return depends("if systemctl kexec loads it", use_systemctl);
	if (may_be_extracted(machine, load))
		return depends("if kdumpctl extracts the kernel of the unified kernel image",
			       update);
	if (load->loader == EFIMAP_LOADER_KERNEL &&
	    efimap_tools_has(&state->tools, EFIMAP_TOOLS_UKI, true))
		return depends("if kexec-tools is 2.0.31 or later", update);
	return refuse(EFIMAP_REFUSED_UNIFIED);
}

/*
 * Check for padding after the kernel in a UKI. kexec-tools may load the kernel with this padding,
 * which makes the signature of the kernel invalid, because Linux computes the digest of the
 * complete file (crypto/asymmetric_keys/verify_pefile.c: pefile_digest_pe_contents). A distribution
 * may have corrected its kexec-tools.
 */
struct check_result look_at_padding(const struct machine *machine,
				    const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;

	if (!load->kernel->is_padded || state->has_tools == EFIMAP_KNOWN_NO ||
	    !efimap_tools_has(&state->tools, EFIMAP_TOOLS_UKI, true) ||
	    efimap_tools_has(&state->tools, EFIMAP_TOOLS_UKI_SIZE, false))
		return passed;
	if (is_systemctl_able(machine, load))
		return depends("if systemctl kexec loads the image and the running kernel accepts "
			       "its signature", use_systemctl);
	return unseen_but(may_be_extracted(machine, load) ?
				  ADD_PADDING " or kdumpctl extracts the kernel" : ADD_PADDING,
			  "Load the image. If this succeeds, the kernel accepts the signature. "
			  "Otherwise use kexec-tools later than 2.0.32");
}
