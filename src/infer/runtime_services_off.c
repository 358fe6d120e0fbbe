/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine why a kernel runs without runtime services or has no runtime map. */
#include <string.h>

#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "infer/runtime_services_off.h"

#define OFF_TOO_OLD "Linux before 3.14"
#define OFF_PREEMPT_RT "PREEMPT_RT"
#define OFF_BY_OPTION "CONFIG_EFI_DISABLE_RUNTIME"
#define OFF_WITHOUT_MAP "CONFIG_EFI_RUNTIME_MAP"
#define OFF_MIXED_MODE_KEXEC "mixed mode after kexec"
#define OFF_32BIT_KERNEL_KEXEC "a 32-bit kernel after kexec"

/*
 * Return the reason why the kernel disables runtime services unless efi=runtime is given, or NULL.
 * With PREEMPT_RT, CONFIG_EFI_DISABLE_RUNTIME is on by default. The releases of some real-time
 * kernels contain "rt" or "realtime": "6.1.0-44-rt-amd64", "6.6.44-rt39",
 * "5.14.0-427.el9.x86_64+rt", "6.8.1-1015-realtime".
 */
static const char *why_disabled_by_default(const struct efimap *map)
{
	static const char *const names[] = { "rt", "realtime", NULL };
	const struct kernel_config *config = &kexec_of(map)->config;
	const uint8_t is_set = config->options[EFIMAP_CONFIG_EFI_DISABLE_RUNTIME];

	/* The parameters may contain efi=runtime. */
	if (!capture_has(map, EFIMAP_SRC_CMDLINE))
		return NULL;
	if (is_set != EFIMAP_KNOWN_NO &&
	    (map->is_preempt_rt ||
	     release_has_word(map->release.text, EFIMAP_RELEASE_SIGNS "0123456789", names)))
		return OFF_PREEMPT_RT;
	return is_set == EFIMAP_KNOWN_YES ? OFF_BY_OPTION : NULL;
}

/*
 * Return the reason why a 32-bit kernel runs without runtime services, or NULL. kexec-tools passes
 * EFI data only to 64-bit images (kexec-tools kexec/arch/x86_64/kexec-bzImage64.c:
 * bzImage64_probe). A 32-bit kernel does not call 64-bit firmware (arch/x86/include/asm/efi.h:
 * efi_runtime_supported).
 */
static const char *off_in_32bit_kernel(const struct efimap *map)
{
	const bool is_64bit_firmware = capture_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE)
					       ? map->platform_size == 64
					       : has_efi_signature(map, "EL64");

	if (find_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC)
		return OFF_32BIT_KERNEL_KEXEC;
	return map->width_mismatch || is_64bit_firmware ? "a 32-bit kernel on 64-bit firmware"
							: NULL;
}

const char *why_runtime_services_off(const struct efimap *map)
{
	const bool is_absent = map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT;
	const char *reason = NULL;

	/* If the kernel has a map, its runtime services are not disabled by default. */
	if (is_absent)
		reason = why_disabled_by_default(map);
	reason = find_disabling_parameter(map->cmdline, reason);
	if (reason)
		return reason;
	if (is_under_xen(map))
		return "Xen";
	if (is_32bit_kernel(map))
		return off_in_32bit_kernel(map);
	if (map->width_mismatch)
		return "a word size mismatch between firmware and kernel";
	/* Source: arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode */
	if (is_mixed_mode(map) && find_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC)
		return OFF_MIXED_MODE_KEXEC;
	if (is_absent && is_other_architecture(map))
		return "an architecture other than x86";
	if (is_absent && option_is_off(&kexec_of(map)->config, EFIMAP_CONFIG_EFI_RUNTIME_MAP))
		return OFF_WITHOUT_MAP;
	/* Red Hat's 3.10 kernel exports a map. */
	return !kernel_has(map, EFIMAP_CHANGE_MAPS_EFI_VA_RANGE, true) &&
			       !strstr(map->release.text, ".el7") &&
			       (is_absent || map->map_from != EFIMAP_MAP_FROM_FILES)
		       ? OFF_TOO_OLD
		       : NULL;
}

static bool is_off_because(const struct efimap *map, const char *reason)
{
	const char *found = why_runtime_services_off(map);

	return found && strcmp(found, reason) == 0;
}

bool is_before_runtime_map(const struct efimap *map)
{
	return is_off_because(map, OFF_TOO_OLD);
}

bool lacks_only_map(const struct efimap *map)
{
	return is_before_runtime_map(map) || is_off_because(map, OFF_WITHOUT_MAP) ||
	       is_off_because(map, "Xen");
}

bool is_off_by_default(const struct efimap *map)
{
	return is_off_because(map, OFF_PREEMPT_RT) || is_off_because(map, OFF_BY_OPTION);
}

bool is_off_after_kexec(const struct efimap *map)
{
	return is_off_because(map, OFF_MIXED_MODE_KEXEC) ||
	       is_off_because(map, OFF_32BIT_KERNEL_KEXEC);
}

const char *runtime_services_off_text(const struct efimap *map)
{
	static const struct {
		const char *reason;
		const char *words;
	} rows[] = {
		{ "noefi", "the kernel parameters contain noefi" },
		{ "efi=noruntime", "the kernel parameters contain efi=noruntime" },
		{ OFF_PREEMPT_RT,
		  "this real-time kernel (PREEMPT_RT) disables EFI runtime services by default" },
		{ OFF_BY_OPTION, "the kernel is built with CONFIG_EFI_DISABLE_RUNTIME" },
		{ OFF_WITHOUT_MAP, "the kernel is built without CONFIG_EFI_RUNTIME_MAP" },
		{ "Xen", "under Xen, the kernel has no runtime map" },
		{ OFF_MIXED_MODE_KEXEC,
		  "a kexec'd 64-bit kernel cannot use the runtime services of 32-bit firmware" },
		{ OFF_32BIT_KERNEL_KEXEC, "kexec passes no EFI data to a 32-bit kernel" },
		{ "a 32-bit kernel on 64-bit firmware",
		  "the firmware is 64-bit and the kernel 32-bit" },
		{ "a word size mismatch between firmware and kernel",
		  "firmware and kernel differ in word size: one is 32-bit, the other 64-bit" },
		{ "an architecture other than x86", "only x86 kernels export a runtime map" },
		{ OFF_TOO_OLD, "Linux before 3.14 does not export the runtime map" },
	};
	const char *reason = why_runtime_services_off(map);

	for (size_t i = 0; reason && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].reason, reason) == 0)
			return rows[i].words;
	return reason;
}
