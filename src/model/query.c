/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Questions to a capture that need no opinion: names of its sources, look-ups, words of
 * the kernel's command line. Must not change it.
 */
#include <string.h>

#include "model/capture.h"
#include "model/cmdline.h"

static const char *const paths[EFIMAP_SRC_COUNT] = {
	[EFIMAP_SRC_EFI] = "sys/firmware/efi",
	[EFIMAP_SRC_RUNTIME_MAP] = "sys/firmware/efi/runtime-map",
	[EFIMAP_SRC_FW_VENDOR] = "sys/firmware/efi/fw_vendor",
	[EFIMAP_SRC_RUNTIME] = "sys/firmware/efi/runtime",
	[EFIMAP_SRC_CONFIG_TABLE] = "sys/firmware/efi/config_table",
	[EFIMAP_SRC_SYSTAB] = "sys/firmware/efi/systab",
	[EFIMAP_SRC_FW_PLATFORM_SIZE] = "sys/firmware/efi/fw_platform_size",
	[EFIMAP_SRC_MEMMAP] = "sys/firmware/memmap",
	[EFIMAP_SRC_IOMEM] = "proc/iomem",
	[EFIMAP_SRC_CMDLINE] = "proc/cmdline",
	[EFIMAP_SRC_VERSION] = "proc/version",
	[EFIMAP_SRC_BOOT_PARAMS] = "sys/kernel/boot_params/data",
	[EFIMAP_SRC_SETUP_DATA] = "sys/kernel/boot_params/setup_data",
	[EFIMAP_SRC_KERNEL_LOG] = "the kernel log",
	[EFIMAP_SRC_BOOT_ID] = "proc/sys/kernel/random/boot_id",
	[EFIMAP_SRC_CPUINFO] = "proc/cpuinfo",
	[EFIMAP_SRC_DMI] = "sys/devices/virtual/dmi/id",
};

static const char *const map_from_names[] = {
	[EFIMAP_MAP_FROM_FILES] = "files",
	[EFIMAP_MAP_FROM_RUNTIME] = "runtime-print",
	[EFIMAP_MAP_FROM_FIRMWARE] = "firmware-print",
	[EFIMAP_MAP_FROM_RECEIVED] = "received-print",
};

static const char *const state_names[] = {
	[EFIMAP_STATE_ABSENT] = "absent",
	[EFIMAP_STATE_PRESENT] = "present",
	[EFIMAP_STATE_DENIED] = "denied",
	[EFIMAP_STATE_MASKED] = "masked",
	[EFIMAP_STATE_BROKEN] = "broken",
};

static const char *const origin_names[] = {
	[EFIMAP_ORIGIN_LIVE] = "live",
	[EFIMAP_ORIGIN_TREE] = "tree",
	[EFIMAP_ORIGIN_SNAPSHOT] = "snapshot",
	[EFIMAP_ORIGIN_LOG] = "log",
	[EFIMAP_ORIGIN_VMCORE] = "vmcore",
};

static const char *const fault_kind_names[] = {
	[EFIMAP_FAULT_MISSING] = "missing",
	[EFIMAP_FAULT_DENIED] = "denied",
	[EFIMAP_FAULT_EMPTY] = "empty",
	[EFIMAP_FAULT_SYNTAX] = "syntax",
	[EFIMAP_FAULT_TOO_LONG] = "too-long",
	[EFIMAP_FAULT_NOT_A_FILE] = "not-a-file",
	[EFIMAP_FAULT_IO] = "io",
	[EFIMAP_FAULT_NAME] = "name",
	[EFIMAP_FAULT_EXTRA] = "extra",
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

_Static_assert(COUNT(state_names) == EFIMAP_STATE_COUNT, "a name for every state");
_Static_assert(COUNT(origin_names) == EFIMAP_ORIGIN_COUNT, "a name for every origin");
_Static_assert(COUNT(fault_kind_names) == EFIMAP_FAULT_KIND_COUNT,
	       "a name for every kind of fault");

const char *efimap_source_path(enum efimap_source source)
{
	return paths[source];
}

const char *efimap_state_name(enum efimap_state state)
{
	return state_names[state];
}

const char *efimap_origin_name(enum efimap_origin origin)
{
	return origin_names[origin];
}

const char *efimap_map_from_name(enum efimap_map_from from)
{
	return map_from_names[from];
}

bool efimap_has_read_virt(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt_from != EFIMAP_VIRT_READ)
			return false;
	return true;
}

const char *efimap_fault_kind_name(enum efimap_fault_kind kind)
{
	return fault_kind_names[kind];
}

bool efimap_find_pair(const struct efimap_pair *pairs, size_t count, const char *name,
		      uint64_t *ret_value)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i].name, name) == 0) {
			*ret_value = pairs[i].value;
			return true;
		}
	}
	return false;
}

const struct efimap_entry *efimap_find_entry(const struct efimap *map, uint32_t index)
{
	size_t low = 0, high = map->n_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->entries[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == map->n_entries || map->entries[low].index != index)
		return NULL;
	return &map->entries[low];
}

bool efimap_cmdline_has(const struct efimap *map, const char *word)
{
	const char *rest = map->cmdline, *wanted = word;
	struct cmdline_arg arg, sought;

	if (!cmdline_next(&wanted, &sought))
		return false;
	while (cmdline_next(&rest, &arg)) {
		if (!cmdline_same_name(&arg, &sought))
			continue;
		if (!sought.value)
			return true;
		if (arg.value && arg.value_len == sought.value_len &&
		    memcmp(arg.value, sought.value, arg.value_len) == 0)
			return true;
	}
	return false;
}

bool efimap_cmdline_efi_has(const struct efimap *map, const char *flag)
{
	const char *rest = map->cmdline;
	struct cmdline_arg arg;

	while (cmdline_next(&rest, &arg))
		if (cmdline_is(&arg, "efi") && cmdline_has_option(&arg, flag))
			return true;
	return false;
}

bool efimap_release_at_least(const struct efimap *map, unsigned int major,
			     unsigned int minor, bool unknown)
{
	const struct efimap_release *release = &map->release;

	if (release->major == 0)
		return unknown;
	if (release->major != major)
		return release->major > major;
	return release->minor >= minor;
}
