/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a capture is as a whole. Facts that follow from the capture, derived once for
 * everybody; whether they are right or wrong is for the check room.
 */
#include <string.h>

#include "base/enum_name.h"
#include "capture/kernel_parameters.h"
#include "capture/boot_params.h"
#include "infer/linux_changes.h"
#include "infer/traits.h"

/* Documentation/arch/x86/boot.rst, type_of_loader: 0xT0 with T = 0xd is kexec */
#define LOADER_KEXEC 0xd

static const char *const mapping_names[] = {
	[EFIMAP_MAPPING_UNKNOWN] = "unknown",
	[EFIMAP_MAPPING_EFI_WINDOW] = "efi-window",
	[EFIMAP_MAPPING_IDENTITY] = "identity",
	[EFIMAP_MAPPING_DIRECT_MAP] = "direct-map",
	[EFIMAP_MAPPING_MIXED] = "mixed",
};
EFIMAP_NAME_OF(mapping)

static const char *const booted_by_names[] = {
	[EFIMAP_BOOTED_BY_UNKNOWN] = "unknown",
	[EFIMAP_BOOTED_BY_FIRMWARE] = "firmware",
	[EFIMAP_BOOTED_BY_KEXEC] = "kexec",
};
EFIMAP_NAME_OF(booted_by)

static bool is_listed(const char *word, size_t len, const char *const *list)
{
	for (; *list; list++)
		if (len == strlen(*list) && memcmp(word, *list, len) == 0)
			return true;
	return false;
}

/* A release is words, and signs between them: "6.1.0-50-686-pae". */
#define SIGNS "-.+"

/* Is one of them, but for the first, listed? A word goes as far as the next of @ends. */
static bool has_word(const char *release, const char *ends, const char *const *list)
{
	for (const char *at = strpbrk(release, SIGNS); at; at = strpbrk(at + 1, SIGNS))
		if (is_listed(at + 1, strcspn(at + 1, ends), list))
			return true;
	return false;
}

/*
 * The flags of the kernel's image, where the loader has copied its header; 0 where it has
 * not, as the kernel's own EFI stub (drivers/firmware/efi/libstub/x86-stub.c: efi_pe_entry),
 * and where it made a header up, as for PVH (arch/x86/platform/pvh/enlighten.c).
 */
static unsigned int image_flags(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
			       map->boot_params.version >= EFIMAP_BOOT_PROTOCOL_XLF ?
		       map->boot_params.xloadflags :
		       0;
}

/*
 * A release says it as the distributions do: "6.1.0-50-686-pae", "6.1.0-50-686",
 * "5.6.13-300.fc32.i686+PAE", "4.12.14-pae". A bare number is only the last word of
 * Debian's: "5.14.0-586.el9.x86_64" counts builds.
 */
static bool is_named_32bit(const char *release)
{
	static const char *const words[] = { "i386", "i486", "i586", "i686", "pae", "PAE",
					     NULL };
	static const char *const numbers[] = { "486", "586", "686", NULL };
	const char *last = strrchr(release, '-');

	return has_word(release, SIGNS, words) ||
	       (last && is_listed(last + 1, strlen(last + 1), numbers));
}

static bool is_signed(const struct efimap *map, const char *signature)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       strcmp(map->boot_params.efi_info.signature, signature) == 0;
}

#if defined(__x86_64__)
#define IS_64BIT_HERE true
#else
#define IS_64BIT_HERE false
#endif

static bool has_address_beyond_4g(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt_from == EFIMAP_VIRT_READ &&
		    map->entries[i].virt > UINT32_MAX)
			return true;
	return false;
}

/*
 * arch/x86/platform/efi/efi_32.c: efi_map_region takes the kernel's own addresses, which no
 * 64-bit kernel has there, nor ever one that is the physical one. A fault can bring all of
 * a map there, so the firmware must be one that has a map of such a kernel.
 */
static bool is_mapped_32bit(const struct efimap *map)
{
	if (efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) ? map->platform_size != 32 :
							   !is_signed(map, "EL32"))
		return false;
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		if (entry->virt_from != EFIMAP_VIRT_READ || entry->virt < EFIMAP_KERNEL_32_FIRST ||
		    efimap_entry_is_identity(entry))
			return false;
	}
	return map->n_entries > 0;
}

bool efimap_is_32bit_kernel(const struct efimap *map)
{
	const unsigned int flags = image_flags(map);

	/* A program of 64 bits runs on no other kernel. */
	if (IS_64BIT_HERE && map->origin == EFIMAP_ORIGIN_LIVE)
		return false;
	/* "6.1.0-56-amd64", "6.5.6-300.fc39.x86_64" */
	if (strstr(map->release.text, "amd64") || strstr(map->release.text, "x86_64"))
		return false;
	if (efimap_has(map, EFIMAP_SRC_CPUINFO))
		return map->kernel_32bit;
	if (flags & EFIMAP_XLF_KERNEL_64)
		return false;
	if (is_named_32bit(map->release.text))
		return true;
	/* Every 64-bit image since 3.8 has that flag: others alone are those of a 32-bit one. */
	return !has_address_beyond_4g(map) && (flags || is_mapped_32bit(map));
}

enum efimap_mapping efimap_mapping_of(const struct efimap_entry *entry)
{
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		return EFIMAP_MAPPING_UNKNOWN;
	if (efimap_entry_is_identity(entry))
		return EFIMAP_MAPPING_IDENTITY;
	if (efimap_is_in_window(entry->virt))
		return EFIMAP_MAPPING_EFI_WINDOW;
	if ((entry->virt >= EFIMAP_KERNEL_FIRST && entry->virt < EFIMAP_VA_END) ||
	    (entry->virt >= EFIMAP_KERNEL_32_FIRST && entry->virt <= UINT32_MAX))
		return EFIMAP_MAPPING_DIRECT_MAP;
	return EFIMAP_MAPPING_UNKNOWN;
}

/* Addresses below 4 GiB are a 32-bit kernel's own, and of no other. */
static enum efimap_mapping mapping_in(bool kernel_32bit, const struct efimap_entry *entry)
{
	const enum efimap_mapping mapping = efimap_mapping_of(entry);

	return mapping == EFIMAP_MAPPING_DIRECT_MAP &&
			       (entry->virt <= UINT32_MAX) != kernel_32bit ?
		       EFIMAP_MAPPING_UNKNOWN :
		       mapping;
}

enum efimap_mapping efimap_mapping(const struct efimap *map)
{
	const bool kernel_32bit = efimap_is_32bit_kernel(map);
	const struct efimap_entry *first = NULL;

	for (size_t i = 0; i < map->n_entries; i++) {
		const struct efimap_entry *entry = &map->entries[i];

		if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
			continue;
		first = first ? first : entry;
		if (mapping_in(kernel_32bit, entry) != mapping_in(kernel_32bit, first))
			return EFIMAP_MAPPING_MIXED;
	}
	return first ? mapping_in(kernel_32bit, first) : EFIMAP_MAPPING_UNKNOWN;
}

bool efimap_has_efi_node(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_setup_data; i++)
		if (map->setup_data[i].type == EFIMAP_SETUP_EFI)
			return true;
	return false;
}

/*
 * A physical `runtime` comes from a system table that SetVirtualAddressMap has not
 * touched: the first kernel. Not so before 5.7, which took the pointer from setup_data
 * (0a67361dcdaa), and in mixed mode, where virtual is physical.
 */
static bool is_runtime_of_first_kernel(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_RUNTIME) && !efimap_is_in_window(map->runtime) &&
	       efimap_kernel_has(map, EFIMAP_CHANGE_READS_RUNTIME, true) &&
	       !efimap_is_mixed_mode(map);
}

/* Where a loader left EFI, its node would have been printed. */
static bool is_log_of_first_kernel(const struct efimap *map)
{
	return map->log_has_start && map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT &&
	       !efimap_kernel_has(map, EFIMAP_CHANGE_HIDES_SETUP_DATA, true);
}

bool efimap_log_shows_no_efi(const struct efimap *map)
{
	return map->log_has_start && map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT;
}

const char *efimap_uefi_trace(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_iomem; i++)
		if (strcmp(map->iomem[i].name, "efifb") == 0)
			return "/proc/iomem says that efifb drives the screen, which UEFI set up";
	return map->efi_screen ?
		       "the kernel's log says that efifb drives the screen, which UEFI set up" :
		       NULL;
}

enum efimap_booted_by efimap_booted_by(const struct efimap *map)
{
	bool has_params = efimap_has(map, EFIMAP_SRC_BOOT_PARAMS);

	if (efimap_has_efi_node(map) || efimap_is_crash_kernel(map) ||
	    map->map_from == EFIMAP_MAP_FROM_RECEIVED ||
	    (map->log_loaded_by != EFIMAP_LOADED_BY_NONE && !has_params &&
	     !efimap_has(map, EFIMAP_SRC_RUNTIME)))
		return EFIMAP_BOOTED_BY_KEXEC;
	/* Only a kernel that calls SetVirtualAddressMap makes a map of the firmware's. */
	if (map->map_from != EFIMAP_MAP_FROM_FILES)
		return EFIMAP_BOOTED_BY_FIRMWARE;
	/* A loader's mark tells more than a file's value, which somebody may have changed. */
	if (!has_params && efimap_has(map, EFIMAP_SRC_RUNTIME) &&
	    efimap_is_in_window(map->runtime))
		return EFIMAP_BOOTED_BY_KEXEC;
	if (has_params && map->boot_params.type_of_loader >> 4 == LOADER_KEXEC)
		return EFIMAP_BOOTED_BY_KEXEC;
	if (has_params || is_runtime_of_first_kernel(map) || is_log_of_first_kernel(map))
		return EFIMAP_BOOTED_BY_FIRMWARE;
	return EFIMAP_BOOTED_BY_UNKNOWN;
}

static bool exports_memory_of_mixed_mode(const struct efimap *map)
{
	bool any = false;

	for (size_t i = 0; i < map->n_entries; i++) {
		const uint32_t type = map->entries[i].type;

		if (!efimap_entry_is_identity(&map->entries[i]))
			return false;
		any |= type == EFIMAP_TYPE_CONVENTIONAL || type == EFIMAP_TYPE_LOADER_CODE ||
		       type == EFIMAP_TYPE_LOADER_DATA;
	}
	return any;
}

bool efimap_is_mixed_mode(const struct efimap *map)
{
	/* Without CONFIG_EFI_MIXED there is no such mode. */
	if (map->width_mismatch)
		return false;
	if (efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		return map->platform_size == 32 && !efimap_is_32bit_kernel(map);
	if (is_signed(map, "EL64"))
		return false;
	return (is_signed(map, "EL32") || exports_memory_of_mixed_mode(map)) &&
	       !efimap_is_32bit_kernel(map);
}

bool efimap_is_crash_kernel(const struct efimap *map)
{
	return efimap_cmdline_has(map, "elfcorehdr");
}

/*
 * A release says what the distributions call such kernels: "6.1.0-44-rt-amd64",
 * "6.6.44-rt39", "5.14.0-427.el9.x86_64+rt", "6.8.1-1015-realtime".
 */
static bool is_realtime(const struct efimap *map)
{
	static const char *const names[] = { "rt", "realtime", NULL };

	return has_word(map->release.text, SIGNS "0123456789", names);
}

#if defined(__x86_64__) || defined(__i386__)
#define IS_FOREIGN_HERE false
#else
#define IS_FOREIGN_HERE true
#endif

/*
 * A release says it as the distributions do: "6.1.0-44-arm64", "5.14.0-427.el9.aarch64+64k",
 * "6.12.9-riscv64".
 */
bool efimap_is_foreign(const struct efimap *map)
{
	static const char *const names[] = { "arm64",	    "aarch64", "riscv64", "loong64",
					     "loongarch64", "ia64",    NULL };

	if (map->origin == EFIMAP_ORIGIN_LIVE)
		return IS_FOREIGN_HERE;
	return map->is_other_arch || has_word(map->release.text, SIGNS, names);
}

/*
 * drivers/firmware/efi/efi.c: setup_noefi, parse_efi_cmdline. Parameters take effect in
 * the order in which they stand; in one "efi=" that has both, runtime wins.
 */
static const char *off_by_cmdline(const struct efimap *map)
{
	const char *rest = map->cmdline, *reason = NULL;
	struct cmdline_arg arg;

	/* Kconfig: EFI_DISABLE_RUNTIME is the default with it. Built otherwise it has a map. */
	if (map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT && is_realtime(map))
		reason = "PREEMPT_RT";
	while (cmdline_next(&rest, &arg)) {
		if (cmdline_is(&arg, "noefi"))
			reason = "noefi";
		if (!cmdline_is(&arg, "efi"))
			continue;
		if (cmdline_has_option(&arg, "noruntime"))
			reason = "efi=noruntime";
		if (cmdline_has_option(&arg, "runtime"))
			reason = NULL;
	}
	return reason;
}

unsigned int efimap_phys_bits(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_CPUINFO) ? map->phys_bits : map->mtrr_bits;
}

uint64_t efimap_phys_last(const struct efimap *map)
{
	const unsigned int bits = efimap_phys_bits(map);

	return bits && bits < 64 ? (UINT64_C(1) << bits) - 1 : UINT64_MAX;
}

static bool is_64bit_firmware(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) ? map->platform_size == 64 :
							      is_signed(map, "EL64");
}

/*
 * kexec-tools kexec/arch/x86_64/kexec-bzImage64.c: bzImage64_probe, and no other loader of
 * images passes EFI; arch/x86/include/asm/efi.h: efi_runtime_supported
 */
static const char *off_in_32bit_kernel(const struct efimap *map)
{
	if (efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC)
		return "a 32-bit kernel after kexec";
	return map->width_mismatch || is_64bit_firmware(map) ?
		       "a 32-bit kernel on 64-bit firmware" :
		       NULL;
}

#define OFF_TOO_OLD "Linux before 3.14"

/* It has no file of a map, and what its log shows stays with it. Red Hat's 3.10 has one. */
static bool is_before_map(const struct efimap *map)
{
	return !efimap_kernel_has(map, EFIMAP_CHANGE_MAPS_WINDOW, true) &&
	       !strstr(map->release.text, ".el7") &&
	       (map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT ||
		map->map_from != EFIMAP_MAP_FROM_FILES);
}

const char *efimap_runtime_off_reason(const struct efimap *map)
{
	const char *reason = off_by_cmdline(map);

	if (reason)
		return reason;
	/* arch/x86/xen/efi.c: xen_efi_init */
	if (is_signed(map, "Xen"))
		return "Xen";
	if (efimap_is_32bit_kernel(map))
		return off_in_32bit_kernel(map);
	if (map->width_mismatch)
		return "firmware of another width than the kernel";
	/* arch/x86/platform/efi/efi.c: kexec_enter_virtual_mode */
	if (efimap_is_mixed_mode(map) && efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC)
		return "mixed mode after kexec";
	if (map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT && efimap_is_foreign(map))
		return "another architecture than x86";
	return is_before_map(map) ? OFF_TOO_OLD : NULL;
}

bool efimap_is_too_old(const struct efimap *map)
{
	const char *reason = efimap_runtime_off_reason(map);

	return reason && strcmp(reason, OFF_TOO_OLD) == 0;
}

const char *efimap_runtime_off_words(const struct efimap *map)
{
	static const struct {
		const char *reason;
		const char *words;
	} rows[] = {
		{ "noefi", "noefi is on the command line" },
		{ "efi=noruntime", "efi=noruntime is on the command line" },
		{ "PREEMPT_RT", "real-time kernels (PREEMPT_RT) turn EFI runtime services off" },
		{ "Xen", "under Xen there are no EFI runtime services to hand over" },
		{ "mixed mode after kexec", "the firmware is 32-bit and the kernel 64-bit" },
		{ "a 32-bit kernel after kexec", "kexec passes no EFI to a 32-bit kernel" },
		{ "a 32-bit kernel on 64-bit firmware",
		  "the firmware is 64-bit and the kernel 32-bit" },
		{ "firmware of another width than the kernel",
		  "one of firmware and kernel is 32-bit, the other 64-bit" },
		{ "another architecture than x86",
		  "only x86 kernels export what kexec hands on in this way" },
		{ OFF_TOO_OLD, "Linux exports what kexec hands on since 3.14" },
	};
	const char *reason = efimap_runtime_off_reason(map);

	for (size_t i = 0; reason && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(rows[i].reason, reason) == 0)
			return rows[i].words;
	return reason;
}

/*
 * Which loader wrote what a kernel received: told apart by the marks that each leaves. Whether
 * what they wrote is right is for the check room.
 */
static const char *const loaded_by_names[] = {
	[EFIMAP_LOADED_BY_NONE] = "none",
	[EFIMAP_LOADED_BY_UNKNOWN] = "unknown",
	[EFIMAP_LOADED_BY_KEXEC_LOAD] = "kexec-load",
	[EFIMAP_LOADED_BY_KEXEC_FILE_LOAD] = "kexec-file-load",
};
EFIMAP_NAME_OF(loaded_by)

enum efimap_loaded_by efimap_loaded_by(const struct efimap *map)
{
	const enum efimap_booted_by booted_by = efimap_booted_by(map);
	const uint32_t size = efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) ?
				      map->boot_params.efi_info.desc_size :
				      0;
	struct efimap_efi_payload payload;

	if (booted_by != EFIMAP_BOOTED_BY_KEXEC)
		return booted_by == EFIMAP_BOOTED_BY_FIRMWARE ? EFIMAP_LOADED_BY_NONE :
								EFIMAP_LOADED_BY_UNKNOWN;
	if (size != 0 && size != EFIMAP_DESC_SIZE)
		return EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
	if (efimap_efi_payload_find(map, &payload))
		return payload.runtime ? EFIMAP_LOADED_BY_KEXEC_LOAD :
					 EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
	if (size)
		return EFIMAP_LOADED_BY_KEXEC_LOAD;
	return map->log_loaded_by != EFIMAP_LOADED_BY_NONE ? map->log_loaded_by :
							     EFIMAP_LOADED_BY_UNKNOWN;
}
