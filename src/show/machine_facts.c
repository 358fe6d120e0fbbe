/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Describe the machine, its firmware and its kernel. Facts that the capture does not contain are
 * "unknown".
 */
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "show/machine_facts.h"

static void put_dmi(const struct efimap *map, enum efimap_dmi field, struct efimap_out *out)
{
	const bool is_known = efimap_has(map, EFIMAP_SRC_DMI) && *map->dmi[field];

	efimap_out_puts(out, is_known ? map->dmi[field] : "unknown");
}

static void put_vendor(const struct efimap *map, struct efimap_out *out)
{
	put_dmi(map, EFIMAP_DMI_SYS_VENDOR, out);
}

static void put_product(const struct efimap *map, struct efimap_out *out)
{
	put_dmi(map, EFIMAP_DMI_PRODUCT_NAME, out);
}

static void put_bios(const struct efimap *map, struct efimap_out *out)
{
	put_dmi(map, EFIMAP_DMI_BIOS_VERSION, out);
}

static void put_firmware(const struct efimap *map, struct efimap_out *out)
{
	if (efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		efimap_out_printf(out, "%u-bit EFI", map->platform_size);
	else if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT)
		efimap_out_puts(out, "EFI");
	else
		efimap_out_puts(out, "unknown");
}

/*
 * The EFI stub stores the Secure Boot mode in boot_params. If that mode is unset or unknown, use
 * the mode in the kernel log.
 */
static void put_secure_boot(const struct efimap *map, struct efimap_out *out)
{
	unsigned int mode = map->secure_boot;

	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	    map->boot_params.secure_boot >= EFIMAP_SECURE_BOOT_DISABLED &&
	    map->boot_params.secure_boot <= EFIMAP_SECURE_BOOT_ENABLED)
		mode = map->boot_params.secure_boot;
	efimap_out_puts(out, mode >= EFIMAP_SECURE_BOOT_DISABLED ? efimap_secure_boot_name(mode) :
								   "unknown");
}

static void put_cpu(const struct efimap *map, struct efimap_out *out)
{
	if (!efimap_has(map, EFIMAP_SRC_CPUINFO)) {
		efimap_out_puts(out, "unknown");
		return;
	}
	efimap_out_printf(out, "%u-bit physical addresses%s", map->phys_bits,
			  map->la57 ? ", 5-level paging" : "");
}

static void put_kernel(const struct efimap *map, struct efimap_out *out)
{
	static const char *const booted[] = {
		[EFIMAP_BOOTED_BY_UNKNOWN] = "",
		[EFIMAP_BOOTED_BY_FIRMWARE] = ", booted by the firmware",
		[EFIMAP_BOOTED_BY_KEXEC] = ", booted by kexec",
	};

	efimap_out_printf(out, "%s%s%s", *map->release.text ? map->release.text : "unknown",
			  efimap_is_32bit_kernel(map) ? " (32-bit)" : "",
			  booted[efimap_booted_by(map)]);
}

static const struct {
	const char *name;
	void (*put)(const struct efimap *map, struct efimap_out *out);
} facts[] = {
	{ "Vendor", put_vendor },	    { "Product", put_product },
	{ "BIOS", put_bios },		    { "Firmware", put_firmware },
	{ "Secure Boot", put_secure_boot }, { "CPU", put_cpu },
	{ "Kernel", put_kernel },
};

const char *machine_fact(const struct efimap *map, size_t at, struct efimap_out *value)
{
	if (at >= sizeof(facts) / sizeof(facts[0]))
		return NULL;
	facts[at].put(map, value);
	return facts[at].name;
}
