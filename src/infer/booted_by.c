/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine from traces what started the kernel, and which system call loaded it. */
#include <string.h>

#include "base/enum_name.h"
#include "capture/boot_params.h"
#include "capture/kernel_parameters.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/linux_changes.h"

/* The value of type_of_loader >> 4 for kexec (Documentation/arch/x86/boot.rst). */
#define LOADER_KEXEC 0xd

/* A legacy BIOS places the ACPI root pointer below this address. */
#define BIOS_END (UINT64_C(1) << 20)

static const char *const booted_by_names[] = {
	[EFIMAP_BOOTED_BY_UNKNOWN] = "unknown",
	[EFIMAP_BOOTED_BY_FIRMWARE] = "firmware",
	[EFIMAP_BOOTED_BY_KEXEC] = "kexec",
};
EFIMAP_NAME_OF(booted_by)

bool has_setup_efi(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_setup_data; i++)
		if (map->setup_data[i].type == EFIMAP_SETUP_EFI)
			return true;
	return false;
}

static bool is_table_listed(const struct efimap *map, const char *name)
{
	uint64_t address;

	return find_named_address(map->tables, map->n_tables, name, &address) && address != 0 &&
	       address != UINT64_MAX;
}

static bool lacks_efi_in_complete_log(const struct efimap *map)
{
	return map->log_has_start && map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT;
}

/*
 * Return whether there is evidence of UEFI, but not of kexec. acpi_rsdp= is evidence of kexec,
 * because kexec-tools passes the ACPI root pointer in this parameter to a kernel without EFI.
 */
static bool has_uefi_without_kexec(const struct efimap *map)
{
	return find_uefi_evidence(map) && find_booted_by(map) != EFIMAP_BOOTED_BY_KEXEC &&
	       !has_parameter(map, "acpi_rsdp");
}

bool log_shows_no_efi(const struct efimap *map)
{
	/*
	 * With EFI variables, it is unknown whether the kernel runs with EFI, unless the address of
	 * the ACPI root pointer is not that of UEFI: Chromebooks provide EFI variables without EFI
	 * (drivers/firmware/google/gsmi.c).
	 */
	return lacks_efi_in_complete_log(map) &&
	       (!map->efi_variables || (map->rsdp && !map->rsdp_above_1mib)) &&
	       !has_uefi_without_kexec(map);
}

bool log_may_lack_efi(const struct efimap *map)
{
	return lacks_efi_in_complete_log(map) && has_uefi_without_kexec(map);
}

const char *find_uefi_evidence(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_iomem; i++)
		if (strcmp(map->iomem[i].name, "efifb") == 0)
			return "/proc/iomem lists efifb, a framebuffer that only UEFI sets up";
	if (map->efi_framebuffer)
		return "the kernel log shows efifb, a framebuffer that only UEFI sets up";
	return map->rsdp_above_1mib ? "the kernel log shows the ACPI root pointer (RSDP) "
				      "above 1 MiB, where no legacy BIOS places it"
				    : NULL;
}

bool is_crash_kernel(const struct efimap *map)
{
	return has_parameter(map, "elfcorehdr");
}

enum find_booted_by find_booted_by(const struct efimap *map)
{
	bool has_params = capture_has(map, EFIMAP_SRC_BOOT_PARAMS);

	if (has_setup_efi(map) || is_crash_kernel(map) ||
	    map->map_from == EFIMAP_MAP_FROM_RECEIVED ||
	    (map->log_loaded_by != EFIMAP_LOADED_BY_NONE && !has_params &&
	     !capture_has(map, EFIMAP_SRC_RUNTIME)))
		return EFIMAP_BOOTED_BY_KEXEC;
	/* Other architectures print the map even after kexec, so the map is no evidence. */
	if (is_other_architecture(map))
		return EFIMAP_BOOTED_BY_UNKNOWN;
	/* Only a first kernel prints the lists for EFIMAP_MAP_FROM_RUNTIME and _FIRMWARE. */
	if (map->map_from != EFIMAP_MAP_FROM_FILES)
		return EFIMAP_BOOTED_BY_FIRMWARE;
	/* Another file may be mounted over `runtime`, so boot_params takes precedence. */
	if (!has_params && capture_has(map, EFIMAP_SRC_RUNTIME) && is_in_efi_va_range(map->runtime))
		return EFIMAP_BOOTED_BY_KEXEC;
	if (has_params && map->boot_params.type_of_loader >> 4 == LOADER_KEXEC)
		return EFIMAP_BOOTED_BY_KEXEC;
	if (has_params)
		return EFIMAP_BOOTED_BY_FIRMWARE;
	/*
	 * A physical pointer shows that the kernel read the system table before
	 * SetVirtualAddressMap() was called. The pointer shows nothing before Linux 5.7, because
	 * kexec'd kernels read the pointer from setup_data (commit 0a67361dcdaa), or in mixed mode,
	 * because virtual and physical addresses are equal.
	 */
	if (capture_has(map, EFIMAP_SRC_RUNTIME) && !is_in_efi_va_range(map->runtime) &&
	    kernel_has(map, EFIMAP_CHANGE_READS_RUNTIME, true) && !is_mixed_mode(map))
		return EFIMAP_BOOTED_BY_FIRMWARE;
	/*
	 * If a log starts at the beginning of the boot, mentions EFI, and is from a kernel that
	 * prints setup_data nodes, the firmware started this kernel. After kexec, the log would
	 * contain a SETUP_EFI node.
	 */
	if (map->log_has_start && map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT &&
	    (map->log_lists_setup_data || !kernel_has(map, EFIMAP_CHANGE_HIDES_SETUP_DATA, true)))
		return EFIMAP_BOOTED_BY_FIRMWARE;
	/*
	 * Since Linux 6.13.3, a kexec'd kernel that received an SMBIOS address in setup_data prints
	 * a MEMATTR address with all bits set (arch/x86/platform/efi/quirks.c: efi_reuse_config).
	 * kexec passes the SMBIOS address if the first kernel has one, so a log with both addresses
	 * is from a first kernel. With 32-bit firmware, the kernel reuses no address.
	 */
	return !is_mixed_mode(map) && kernel_has(map, EFIMAP_CHANGE_SKIPS_MEMATTR, false) &&
			       is_table_listed(map, "MEMATTR") && is_table_listed(map, "SMBIOS")
		       ? EFIMAP_BOOTED_BY_FIRMWARE
		       : EFIMAP_BOOTED_BY_UNKNOWN;
}

static const char *const loaded_by_names[] = {
	[EFIMAP_LOADED_BY_NONE] = "none",
	[EFIMAP_LOADED_BY_UNKNOWN] = "unknown",
	[EFIMAP_LOADED_BY_KEXEC_LOAD] = "kexec-load",
	[EFIMAP_LOADED_BY_KEXEC_FILE_LOAD] = "kexec-file-load",
};
EFIMAP_NAME_OF(loaded_by)

/*
 * Return which loader wrote elfcorehdr=. kexec_file_load writes "elfcorehdr=0x..." before the other
 * parameters (arch/x86/kernel/kexec-bzimage64.c: MAX_ELFCOREHDR_STR_LEN), and kexec-tools appends
 * "elfcorehdr=...K" (kexec/arch/i386/crashdump-x86.c: cmdline_add_elfcorehdr).
 */
static enum find_loaded_by find_elfcorehdr_writer(const struct efimap *map)
{
	const char *rest = capture_has(map, EFIMAP_SRC_CMDLINE) ? map->cmdline : "";
	struct kernel_parameter arg;

	for (bool is_first = true; parameter_next(&rest, &arg); is_first = false) {
		if (!parameter_is(&arg, "elfcorehdr") || arg.value_len < 2)
			continue;
		if (is_first && memcmp(arg.value, "0x", 2) == 0)
			return EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
		if (!is_first && arg.value[arg.value_len - 1] == 'K')
			return EFIMAP_LOADED_BY_KEXEC_LOAD;
	}
	return EFIMAP_LOADED_BY_UNKNOWN;
}

enum find_loaded_by find_loaded_by(const struct efimap *map)
{
	const enum find_booted_by booted_by = find_booted_by(map);
	const uint32_t size =
		capture_has(map, EFIMAP_SRC_BOOT_PARAMS) ? map->boot_params.efi_info.desc_size : 0;
	struct efi_payload payload;

	if (booted_by != EFIMAP_BOOTED_BY_KEXEC)
		return booted_by == EFIMAP_BOOTED_BY_FIRMWARE ? EFIMAP_LOADED_BY_NONE
							      : EFIMAP_LOADED_BY_UNKNOWN;
	if (size != 0 && size != EFIMAP_DESC_SIZE)
		return EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
	if (efi_payload_find(map, &payload))
		return payload.runtime ? EFIMAP_LOADED_BY_KEXEC_LOAD
				       : EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
	if (size)
		return EFIMAP_LOADED_BY_KEXEC_LOAD;
	if (map->log_loaded_by != EFIMAP_LOADED_BY_NONE &&
	    map->log_loaded_by != EFIMAP_LOADED_BY_UNKNOWN)
		return map->log_loaded_by;
	return find_elfcorehdr_writer(map);
}

enum known firmware_has_efi(const struct efimap *map)
{
	const char *bios = *map->log_bios ? map->log_bios : map->dmi[EFIMAP_DMI_BIOS_VERSION];
	uint64_t rsdp = map->rsdp;

	if (capture_has(map, EFIMAP_SRC_BOOT_PARAMS) && map->boot_params.acpi_rsdp_addr)
		rsdp = map->boot_params.acpi_rsdp_addr;
	if (is_started_by_efi(map) || find_uefi_evidence(map) || rsdp >= BIOS_END)
		return EFIMAP_KNOWN_YES;
	if (find_booted_by(map) != EFIMAP_BOOTED_BY_KEXEC)
		return EFIMAP_KNOWN_NO;
	/* U-Boot, which may provide EFI, places the ACPI root pointer there, too. */
	return rsdp && *bios && !strstr(bios, "U-Boot") ? EFIMAP_KNOWN_NO : EFIMAP_NOT_KNOWN;
}
