/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Determine why a capture has no runtime map, or lacks entries. In an offline capture, an absent
 * file only means that the file was not collected, unless other collected data shows that the file
 * did not exist.
 */
#include <string.h>

#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "infer/architecture.h"
#include "infer/booted_by.h"
#include "infer/runtime_services_off.h"
#include "infer/why_no_map.h"

static struct no_map no_map(enum no_map_kind kind, const char *why)
{
	return (struct no_map){ .kind = kind, .why = why };
}

static struct no_map without_efi(const struct efimap *map, const char *why)
{
	if (find_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC && !is_started_by_efi(map))
		why = "kexec started this kernel without EFI (efimapctl received shows why)";
	return no_map(EFIMAP_MAP_WITHOUT_EFI, why);
}

/*
 * Determine why the capture shows no EFI. In an offline capture, the signature in boot_params
 * ("EL64", "EL32" or none) is better evidence than the absence of sys/firmware/efi. A kernel that
 * was built without CONFIG_EFI ignores the signature, and its log has no "efi:" line.
 */
static struct no_map find_no_efi(const struct efimap *map)
{
	if (log_shows_no_efi(map))
		return without_efi(map, "the kernel log includes the beginning of the boot and has "
					"no \"efi:\" line, so this kernel was booted without EFI");
	if (log_may_lack_efi(map))
		return no_map(EFIMAP_MAP_UNCOLLECTED,
			      "the kernel log has no \"efi:\" line, although UEFI "
			      "started the machine, so either the \"efi:\" lines were lost, or "
			      "kexec started this kernel without EFI");
	if (find_first_origin(map) == EFIMAP_ORIGIN_LOG && map->has_kexec_messages)
		return no_map(EFIMAP_MAP_UNCOLLECTED,
			      "this text contains kexec messages, but no \"efi:\" line of a "
			      "kernel log; efimapctl explain says what a message means");
	if (find_first_origin(map) == EFIMAP_ORIGIN_LOG)
		return no_map(EFIMAP_MAP_UNCOLLECTED,
			      "the kernel log has no \"efi:\" line, so either the kernel was "
			      "booted without EFI, or lines from the beginning of the "
			      "boot are missing");
	if (!capture_is_offline(map))
		return without_efi(map, "there is no /sys/firmware/efi, so this kernel does not "
					"use EFI");
	if (is_started_by_efi(map) && map->log_lacks_efi)
		return without_efi(map, "boot_params has an EFI signature, but the kernel log has "
					"no \"efi:\" line, so this kernel could not use EFI");
	if (is_started_by_efi(map))
		return no_map(EFIMAP_MAP_UNCOLLECTED,
			      "the kernel was booted with EFI, but sys/firmware/efi was not "
			      "collected");
	if (capture_has(map, EFIMAP_SRC_BOOT_PARAMS))
		return without_efi(map, "boot_params has no EFI signature, so this kernel was "
					"booted without EFI");
	return no_map(EFIMAP_MAP_UNCOLLECTED,
		      map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT
			      ? "sys/firmware was not collected, so this capture does not "
				"show whether the kernel was booted with EFI"
			      : "the kernel was booted without EFI, or sys/firmware/efi was not "
				"collected");
}

/*
 * Return whether permission to read each entry was denied, or may have been denied when the tree
 * was copied. If a user other than root copies an entry with cp, the copy is a directory without
 * files.
 */
static bool may_each_entry_be_denied(const struct efimap *map)
{
	bool any = false;

	if (map->n_entries > 0)
		return false;
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct capture_fault *fault = &map->faults[i];

		if (fault->source != EFIMAP_SRC_RUNTIME_MAP || fault->index == EFIMAP_NO_INDEX)
			continue;
		if (fault->state != EFIMAP_STATE_DENIED &&
		    !(fault->state == EFIMAP_STATE_ABSENT && capture_is_offline(map)))
			return false;
		any = true;
	}
	return any;
}

/* Return a fault of /sys/firmware/efi or of the map's directory, or NULL. */
static const struct capture_fault *find_directory_fault(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct capture_fault *fault = &map->faults[i];

		if (fault->source == EFIMAP_SRC_EFI ||
		    (fault->source == EFIMAP_SRC_RUNTIME_MAP &&
		     strcmp(fault->where, path_of_source(fault->source)) == 0))
			return fault;
	}
	return NULL;
}

/*
 * Return whether a file of sys/firmware/efi other than the map was collected. If so, an existing
 * map was probably collected too.
 */
static bool is_any_file_there(const struct efimap *map)
{
	static const enum source others[] = {
		EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_RUNTIME,	   EFIMAP_SRC_CONFIG_TABLE,
		EFIMAP_SRC_SYSTAB,    EFIMAP_SRC_FW_PLATFORM_SIZE,
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (map->states[others[i]] != EFIMAP_STATE_ABSENT)
			return true;
	return false;
}

/*
 * Return whether a collected file, the log or the release shows that the kernel is for x86. Only
 * x86 kernels provide fw_vendor, runtime and config_table in sys/firmware/efi
 * (drivers/firmware/efi/efi.c).
 */
static bool is_known_as_x86(const struct efimap *map)
{
	static const enum source sources[] = {
		EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_RUNTIME,     EFIMAP_SRC_CONFIG_TABLE,
		EFIMAP_SRC_MEMMAP,    EFIMAP_SRC_BOOT_PARAMS, EFIMAP_SRC_CPUINFO,
	};

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++)
		if (map->states[sources[i]] != EFIMAP_STATE_ABSENT)
			return true;
	return map->log_is_of_x86 || is_32bit_kernel(map) || strstr(map->release.text, "amd64") ||
	       strstr(map->release.text, "x86_64");
}

static struct no_map find_no_files(const struct efimap *map)
{
	/* If true, only the log shows that the kernel was booted with EFI. */
	const bool is_by_log = capture_has(map, EFIMAP_SRC_KERNEL_LOG) && map->n_names == 0 &&
			       (find_first_origin(map) == EFIMAP_ORIGIN_LOG ||
				map->states[EFIMAP_SRC_MEMMAP] == EFIMAP_STATE_ABSENT ||
				map->states[EFIMAP_SRC_BOOT_PARAMS] == EFIMAP_STATE_ABSENT);
	const char *off = runtime_services_off_text(map);
	/*
	 * A kernel that failed to map its EFI memory map has no map. The map of a 32-bit kernel is
	 * not needed for an answer, because kexec passes no EFI data from such a kernel.
	 */
	const bool can_pass_map =
		!is_32bit_kernel(map) && !log_contains(map, "Failed to remap late EFI memory map");
	/*
	 * If true, the kernel has a map although the capture lacks its directory, as after cp
	 * without -r. A kexec'd kernel may lack a map for other reasons.
	 */
	const bool is_expected =
		can_pass_map &&
		option_is_on(&kexec_of(map)->config, EFIMAP_CONFIG_EFI_RUNTIME_MAP) &&
		find_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE;

	if (capture_is_offline(map) && !off && is_any_file_there(map) && is_expected)
		return no_map(EFIMAP_MAP_UNCOLLECTED,
			      "sys/firmware/efi/runtime-map was not collected, although the kernel "
			      "has a runtime map (CONFIG_EFI_RUNTIME_MAP)");
	if (capture_is_offline(map) && !off && is_any_file_there(map) && !is_known_as_x86(map))
		return no_map(EFIMAP_MAP_UNCOLLECTED,
			      "no file shows that the architecture is x86, and only x86 "
			      "kernels have a runtime map");
	if (!capture_is_offline(map) || is_any_file_there(map) || (is_by_log && off)) {
		struct no_map found =
			no_map(EFIMAP_MAP_ABSENT,
			       off ? off : "the cause is unknown (see efimapctl verify)");

		found.may_be_uncollected = capture_is_offline(map) && !off && can_pass_map;
		return found;
	}
	if (!is_by_log)
		return no_map(EFIMAP_MAP_UNCOLLECTED, "no file of sys/firmware/efi was collected");
	/* Neither an excerpt without the heading of the list nor a reversed log counts as a map. */
	if (map->n_firmware)
		return no_map(EFIMAP_MAP_UNCOLLECTED,
			      "the \"efi: memNN:\" lines of the kernel log may be from the EFI "
			      "memory map or from the runtime map");
	return no_map(
		EFIMAP_MAP_UNCOLLECTED,
		find_first_origin(map) == EFIMAP_ORIGIN_LOG
			? "the log of this EFI boot lacks the EFI memory "
			  "map (\"efi: memNN:\" lines), which Linux prints only with efi=debug"
			: "this capture has no runtime map, and its kernel log lacks the EFI "
			  "memory map (\"efi: memNN:\" lines), which Linux prints only with "
			  "efi=debug");
}

struct no_map find_no_map(const struct efimap *map)
{
	const struct capture_fault *fault = find_directory_fault(map);

	if (is_other_architecture(map) &&
	    (find_first_origin(map) == EFIMAP_ORIGIN_LOG ||
	     map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT))
		return no_map(EFIMAP_MAP_FOREIGN,
			      "the architecture is not x86, and only x86 kernels have a "
			      "runtime map");
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT)
		return find_no_efi(map);
	if (is_map_denied(map) || may_each_entry_be_denied(map))
		return no_map(EFIMAP_MAP_DENIED, NULL);
	if (fault)
		return (struct no_map){ .kind = EFIMAP_MAP_UNREADABLE, .fault = fault };
	if (map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT)
		return find_no_files(map);
	return no_map(EFIMAP_MAP_THERE, NULL);
}

const char *why_not_applicable(const struct efimap *map)
{
	const struct no_map found = find_no_map(map);

	return found.kind == EFIMAP_MAP_ABSENT ? NULL : found.why;
}

const char *why_map_unknown(const struct efimap *map)
{
	const struct no_map found = find_no_map(map);

	if (found.kind == EFIMAP_MAP_FOREIGN || found.kind == EFIMAP_MAP_UNCOLLECTED)
		return found.why;
	return NULL;
}

const struct capture_fault *find_incomplete_log_fault(const struct efimap *map)
{
	const char *log = path_of_source(EFIMAP_SRC_KERNEL_LOG);

	if (map->map_from == EFIMAP_MAP_FROM_FILES)
		return NULL;
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == EFIMAP_SRC_KERNEL_LOG &&
		    strcmp(map->faults[i].where, log) == 0 &&
		    map->faults[i].state >= EFIMAP_STATE_LINES_MISSING)
			return &map->faults[i];
	return NULL;
}

/*
 * A map is incomplete if an entry was not read, or if the numbers of the entries have a gap. The
 * kernel numbers the entries from 0 (drivers/firmware/efi/runtime-map.c: efi_runtime_map_init). A
 * directory with an invalid name also makes the map incomplete, because kexec-tools reads this
 * directory as an entry, but efimapctl does not.
 */
bool is_map_complete(const struct efimap *map)
{
	const size_t count = map->n_names;

	return !find_incomplete_log_fault(map) && map->n_entries > 0 && count <= map->n_entries &&
	       (count == 0 || map->names[count - 1] < count) &&
	       !capture_has_fault(map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_ANY_FAULT);
}
