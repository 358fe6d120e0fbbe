/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find out whether the running kernel loads an unsigned image with kexec_file_load
 * (kernel/kexec_file.c: kimage_validate_signature). CONFIG_KEXEC_SIG_FORCE requires a signature,
 * and so does IMA's architecture policy under Secure Boot (security/integrity/ima/ima_efi.c:
 * arch_get_ima_policy). Under lockdown, a signature is required unless a policy makes IMA appraise
 * images. Without CONFIG_KEXEC_SIG, no signature is verified.
 */
#include <string.h>

#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "linux/signature_policy.h"

enum secure_boot secure_boot_of(const struct efimap *map)
{
	const uint8_t mode = map->boot_params.secure_boot;

	if (capture_has(map, EFIMAP_SRC_BOOT_PARAMS) && mode >= EFIMAP_SECURE_BOOT_DISABLED &&
	    mode <= EFIMAP_SECURE_BOOT_ENABLED)
		return (enum secure_boot)mode;
	return map->secure_boot;
}

bool has_permissive_ima_mode(const struct efimap *map)
{
	const char *rest = map->cmdline;
	bool is_permissive = false;
	struct kernel_parameter arg;

	while (capture_has(map, EFIMAP_SRC_CMDLINE) && parameter_next(&rest, &arg))
		if (parameter_is(&arg, "ima_appraise"))
			is_permissive = arg.value && (strncmp(arg.value, "fix", 3) == 0 ||
						      strncmp(arg.value, "log", 3) == 0 ||
						      strncmp(arg.value, "off", 3) == 0);
	return is_permissive;
}

/*
 * Return whether Secure Boot makes IMA appraise kernel images, because the kernel verifies no
 * signatures itself (security/integrity/ima/ima_efi.c: sb_arch_rules).
 */
static bool has_secure_boot_rule(const struct efimap *map)
{
	const struct kernel_config *running = &kexec_of(map)->config;

	return option_is_on(running, EFIMAP_CONFIG_IMA_ARCH_POLICY) &&
	       option_is_off(running, EFIMAP_CONFIG_KEXEC_SIG) &&
	       secure_boot_of(map) == EFIMAP_SECURE_BOOT_ENABLED;
}

static bool has_ima_policy(const struct efimap *map, const char *policy)
{
	const char *rest = map->cmdline;
	struct kernel_parameter arg;

	while (capture_has(map, EFIMAP_SRC_CMDLINE) && parameter_next(&rest, &arg))
		if (parameter_is(&arg, "ima_policy") && arg.value &&
		    memmem(arg.value, arg.value_len, policy, strlen(policy)))
			return true;
	return false;
}

unsigned int ima_rules_of(const struct efimap *map)
{
	const struct ima_policy *ima = &kexec_of(map)->ima;
	const struct kernel_config *running = &kexec_of(map)->config;
	unsigned int rules = ima->rules;

	if (has_secure_boot_rule(map))
		return EFIMAP_IMA_KERNEL;
	/* The kernel ignores the mode under Secure Boot (security/integrity/ima/ima_appraise.c). */
	if (!capture_has(map, EFIMAP_SRC_KEXEC) ||
	    (has_permissive_ima_mode(map) && secure_boot_of(map) != EFIMAP_SECURE_BOOT_ENABLED))
		return 0;
	if (ima->has_loaded_policy)
		return rules;
	if (option_is_off(running, EFIMAP_CONFIG_IMA_APPRAISE))
		return 0;
	if (option_is_on(running, EFIMAP_CONFIG_IMA_APPRAISE_REQUIRE_KEXEC_SIGS) ||
	    has_ima_policy(map, "secure_boot"))
		rules |= EFIMAP_IMA_KERNEL;
	if (has_ima_policy(map, "appraise_tcb") ||
	    (capture_has(map, EFIMAP_SRC_CMDLINE) && has_parameter(map, "ima_appraise_tcb")))
		rules |= EFIMAP_IMA_ALL_FILES;
	return rules;
}

static struct signature_policy policy_of(enum signature_need need, const char *why)
{
	return (struct signature_policy){ need, why };
}

struct signature_policy signature_policy_of(const struct efimap *map, bool is_locked_down)
{
	const struct kexec_state *state = kexec_of(map);
	const struct kernel_config *running = &state->config;
	const enum secure_boot secure_boot = secure_boot_of(map);
	const unsigned int of_kernel = EFIMAP_IMA_KERNEL | EFIMAP_IMA_ALL_FILES;

	if (log_contains(map, "Enforced kernel signature verification failed"))
		return policy_of(EFIMAP_SIGNATURE_NEEDED,
				 "the running kernel refused an image because of its signature");
	/* Known settings may determine the result even if other settings were not read. */
	if (option_is_off(running, EFIMAP_CONFIG_KEXEC_SIG))
		return policy_of(EFIMAP_SIGNATURE_NOT_NEEDED, "");
	if (option_is_on(running, EFIMAP_CONFIG_KEXEC_SIG_FORCE))
		return policy_of(EFIMAP_SIGNATURE_NEEDED,
				 "the configuration of the running kernel requires a signature");
	/* Every kernel of RHEL 7 is a 3.10.0, so only ".el7" in the release shows RHEL 7. */
	if (!running->options[EFIMAP_CONFIG_KEXEC_SIG_FORCE] && map->release.major == 3 &&
	    strstr(map->release.text, ".el7"))
		return policy_of(EFIMAP_SIGNATURE_NEEDED,
				 "the kernels of RHEL 7 require a signature");
	if (option_is_on(running, EFIMAP_CONFIG_IMA_ARCH_POLICY) &&
	    secure_boot == EFIMAP_SECURE_BOOT_ENABLED)
		return policy_of(EFIMAP_SIGNATURE_NEEDED,
				 "IMA requires a signature because Secure Boot is enabled");
	if (is_locked_down && option_is_on(running, EFIMAP_CONFIG_KEXEC_SIG))
		return policy_of((ima_rules_of(map) & of_kernel)
					 ? EFIMAP_SIGNATURE_NEEDED_UNLESS_IMA
					 : EFIMAP_SIGNATURE_NEEDED,
				 "the running kernel is locked down");
	if (!running->options[EFIMAP_CONFIG_KEXEC_SIG] ||
	    !running->options[EFIMAP_CONFIG_KEXEC_SIG_FORCE] ||
	    (secure_boot != EFIMAP_SECURE_BOOT_DISABLED &&
	     (state->lockdown == EFIMAP_LOCKDOWN_UNKNOWN ||
	      option_is_on(running, EFIMAP_CONFIG_IMA_ARCH_POLICY))))
		return policy_of(EFIMAP_SIGNATURE_UNKNOWN, "");
	return policy_of(EFIMAP_SIGNATURE_NOT_NEEDED, "");
}
