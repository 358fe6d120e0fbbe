/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Check whether the image lacks a required signature, and whether IMA permits the load. */
#include <string.h>

#include "answer/checks.h"
#include "linux/signature_policy.h"

/* Only an attempt shows whether IMA permits the load. A refused load changes nothing. */
static const char try_it[] =
	"Load the kernel without starting it (kexec -l). If kexec succeeds, IMA permits the load";
/* IMA checks the attribute security.ima or an appended signature. efimapctl reads neither. */
static const struct check_result appraised = {
	.state = CHECK_UNSEEN,
	.text = "the running kernel loads the image only if IMA accepts it",
	.advice.text = try_it,
};
static const struct check_result unverifiable = {
	.state = CHECK_UNSEEN,
	.text = "the image is not signed, the running kernel is locked down, and its "
		"configuration, which shows whether it checks signatures, was not found",
};

/* Check that IMA permits kexec_load. */
struct check_result look_at_ima(const struct machine *machine, const struct efimap_load_case *load)
{
	const unsigned int rules = efimap_ima_rules_of(machine->map);

	if (load->loader != EFIMAP_LOADER_KEXEC_TOOLS || load->is_loaded)
		return passed;
	if (efimap_why_ima_refuses_kexec_load(machine->map))
		return refuse(EFIMAP_REFUSED_IMA);
	if (rules & EFIMAP_IMA_KERNEL)
		return unseen_but("IMA refuses kexec_load if its policy applies to kernel images",
				  try_it);
	return rules & EFIMAP_IMA_ALL_FILES ? appraised : passed;
}

/* Report that nothing shows whether Secure Boot is enabled, if this affects the load. */
struct check_result look_for_secure_boot(const struct machine *machine,
					 const struct efimap_load_case *load)
{
	const struct efimap_kernel_config *running = &machine->state->config;
	const enum efimap_secure_boot secure_boot = efimap_secure_boot_of(machine->map);

	if (load->is_loaded || load->is_from_log || secure_boot == EFIMAP_SECURE_BOOT_DISABLED ||
	    secure_boot == EFIMAP_SECURE_BOOT_ENABLED ||
	    (!efimap_option_is_on(running, EFIMAP_CONFIG_IMA_ARCH_POLICY) &&
	     !efimap_option_is_on(running, EFIMAP_CONFIG_IMA_SECURE_AND_OR_TRUSTED_BOOT)))
		return passed;
	return unseen("whether Secure Boot is enabled; if it is, the running kernel may refuse "
		      "the load");
}

/* Return whether --kernel names a file that is not an installed image of the capture. */
static bool is_other_file(const struct machine *machine, const struct efimap_load_case *load)
{
	const struct efimap *map = machine->map;

	if (!(load->roles & EFIMAP_ROLE_GIVEN))
		return false;
	for (size_t i = 0; i < map->n_kernels; i++)
		if (strcmp(map->kernels[i].header.name, load->image->name) == 0)
			return false;
	return true;
}

/* Return whether @image has the signer of an installed image of the running kernel. */
static bool has_running_signer(const struct machine *machine, const struct efimap_image *image)
{
	const struct efimap *map = machine->map;

	for (size_t i = 0; i < map->n_kernels; i++) {
		const struct efimap_image *installed = &map->kernels[i].header;

		if (image->signer && installed->signer == image->signer &&
		    strcmp(installed->release, map->release.text) == 0)
			return true;
	}
	return false;
}

/*
 * Check the signer of a signed image. If Secure Boot is enabled, the firmware accepted the signer
 * of the running kernel, and the kernel also tries the keys of the firmware, so an image with this
 * signer passes. For any other signer, no file shows whether the running kernel has the key. A file
 * that --kernel names may have the release of the running kernel, but another signer. Of a unified
 * kernel image, the firmware checked the signature of the complete image, not that of the kernel.
 */
static struct check_result look_at_signed_image(const struct machine *machine,
						const struct efimap_load_case *load)
{
	const bool is_running = load->roles & EFIMAP_ROLE_RUNNING &&
				!load->kernel->is_unified && !is_other_file(machine, load);
	const struct check_result padding = look_at_padding(machine, load);

	if (padding.state != CHECK_PASSED)
		return padding;
	if (efimap_secure_boot_of(machine->map) == EFIMAP_SECURE_BOOT_ENABLED &&
	    efimap_option_is_on(&machine->state->config,
				EFIMAP_CONFIG_INTEGRITY_PLATFORM_KEYRING) &&
	    (is_running || has_running_signer(machine, load->image)))
		return passed;
	return depends("if the running kernel accepts the signature of the image", NULL);
}

/* Check that kexec_file_load accepts the signature of the image, and that IMA accepts the files. */
struct check_result look_at_signature(const struct machine *machine,
				      const struct efimap_load_case *load)
{
	const struct efimap_signature_policy policy =
		efimap_signature_policy_of(machine->map, machine->is_locked_down);
	const struct efimap_kernel_config *running = &machine->state->config;
	const bool may_verify =
		!efimap_option_is_off(running, EFIMAP_CONFIG_KEXEC_BZIMAGE_VERIFY_SIG);
	const unsigned int rules = efimap_ima_rules_of(machine->map);

	if (load->loader != EFIMAP_LOADER_KERNEL || !load->image || load->is_assumed ||
	    load->is_loaded)
		return passed;
	if (policy.need == EFIMAP_SIGNATURE_NEEDED && !load->image->has_signature)
		return refuse(EFIMAP_REFUSED_UNSIGNED);
	if (policy.need == EFIMAP_SIGNATURE_NEEDED && !may_verify)
		return refuse(EFIMAP_REFUSED_UNVERIFIED);
	if (rules & (EFIMAP_IMA_KERNEL | EFIMAP_IMA_ALL_FILES))
		return appraised;
	if (load->load.initrd_size > 0 && rules & EFIMAP_IMA_INITRD)
		return unseen_but("the running kernel loads the initrd only if IMA accepts it",
				  try_it);
	if (machine->why_maybe_locked_down &&
	    !efimap_option_is_off(running, EFIMAP_CONFIG_KEXEC_SIG))
		return load->image->has_signature && may_verify ?
			       look_at_signed_image(machine, load) :
			       unseen(machine->why_maybe_locked_down);
	if (policy.need == EFIMAP_SIGNATURE_NOT_NEEDED)
		return passed;
	if (policy.need == EFIMAP_SIGNATURE_UNKNOWN && !machine->is_locked_down)
		return passed;
	if (policy.need == EFIMAP_SIGNATURE_UNKNOWN && !load->image->has_signature)
		return unverifiable;
	return look_at_signed_image(machine, load);
}
