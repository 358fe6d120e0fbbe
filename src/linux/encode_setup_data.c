/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Encode the EFI data that a loader passes to the next kernel: a setup_data node and the EFI memory
 * map. The map is not checked, because the loaders do not check it either.
 *
 * Source for kexec_load (kexec-tools): kexec/arch/i386/x86-linux-setup.c: setup_efi_info(). Source
 * for kexec_file_load (the kernel): arch/x86/kernel/kexec-bzimage64.c: setup_efi_state().
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "base/address_span.h"
#include "infer/architecture.h"
#include "infer/runtime_services_off.h"
#include "linux/encode_setup_data.h"

/* SMBIOS address that kexec_file_load passes without a table (efi.h: EFI_INVALID_TABLE_ADDR). */
#define INVALID_TABLE UINT64_MAX

/*
 * Get the SMBIOS address that the loader passes. kexec-tools searches for "SMBIOS=0x" anywhere in a
 * line of systab, so the first name that ends in SMBIOS matches.
 */
static bool find_smbios(const struct efimap *map, enum kexec_loader loader, uint64_t *ret_value)
{
	static const char name[] = "SMBIOS";

	if (loader == EFIMAP_LOADER_KERNEL)
		return find_named_address(map->systab, map->n_systab, name, ret_value);
	for (size_t i = 0; i < map->n_systab; i++) {
		const char *text = map->systab[i].name;

		if (!text_ends((struct text){ text, strlen(text) }, name))
			continue;
		*ret_value = map->systab[i].value;
		return true;
	}
	return false;
}

static const char *const texts[] = {
	[EFIMAP_IS_PASSED] = "EFI data is passed",
	[EFIMAP_NOT_PASSED_NOT_EFI] = "the first kernel was booted without EFI",
	[EFIMAP_NOT_PASSED_NO_PARAMS] = "sys/kernel/boot_params/data cannot be read",
	[EFIMAP_NOT_PASSED_NO_INFO] =
		"boot_params.efi_info has no memory map: the first kernel received no EFI data",
	[EFIMAP_NOT_PASSED_VERSION] = "the descriptor version in boot_params.efi_info is not 1",
	[EFIMAP_NOT_PASSED_NO_SYSTAB] = "sys/firmware/efi/systab cannot be read",
	[EFIMAP_NOT_PASSED_NO_FW_VENDOR] = "sys/firmware/efi/fw_vendor cannot be read",
	[EFIMAP_NOT_PASSED_NO_RUNTIME] = "sys/firmware/efi/runtime cannot be read",
	[EFIMAP_NOT_PASSED_NO_CONFIG_TABLE] = "sys/firmware/efi/config_table cannot be read",
	[EFIMAP_NOT_PASSED_ALL_ONES] = "an EFI pointer is 0xffffffffffffffff",
	[EFIMAP_NOT_PASSED_NO_MAP] = "the runtime map is missing or empty",
	[EFIMAP_NOT_PASSED_RUNTIME_OFF] = "EFI runtime services are disabled",
	[EFIMAP_NOT_PASSED_MIXED] = "on 32-bit firmware, kexec_file_load loads no kernel",
	[EFIMAP_NOT_PASSED_KERNEL_32BIT] = "the running kernel is a 32-bit kernel",
};

const char *not_passed_text(enum not_passed reason)
{
	return texts[reason];
}

struct pointer_file {
	enum source source;
	enum not_passed reason;
};

/* Files in the order in which setup_efi_data() and get_efi_values() of kexec-tools open them. */
static const struct pointer_file files[] = {
	{ EFIMAP_SRC_SYSTAB, EFIMAP_NOT_PASSED_NO_SYSTAB },
	{ EFIMAP_SRC_FW_VENDOR, EFIMAP_NOT_PASSED_NO_FW_VENDOR },
	{ EFIMAP_SRC_RUNTIME, EFIMAP_NOT_PASSED_NO_RUNTIME },
	{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_NOT_PASSED_NO_CONFIG_TABLE },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

/* Return whether kexec-tools would fail to open the file. A malformed file can be opened. */
static bool is_unreadable(const struct efimap *map, enum source source)
{
	return (map->states[source] == EFIMAP_STATE_ABSENT ||
		map->states[source] == EFIMAP_STATE_DENIED) &&
	       !capture_lacks(map, source);
}

/* Source: x86-linux-setup.c: setup_efi_info(), setup_efi_data() */
static enum not_passed kexec_tools_reason(const struct efimap *map)
{
	const struct efi_info *info = &map->boot_params.efi_info;
	uint64_t smbios = 0;

	if (is_unreadable(map, EFIMAP_SRC_BOOT_PARAMS))
		return EFIMAP_NOT_PASSED_NO_PARAMS;
	if (capture_has(map, EFIMAP_SRC_BOOT_PARAMS)) {
		if (info->memmap_size == 0)
			return EFIMAP_NOT_PASSED_NO_INFO;
		if (info->desc_version != 1)
			return EFIMAP_NOT_PASSED_VERSION;
	}
	for (size_t i = 0; i < N_FILES; i++)
		if (is_unreadable(map, files[i].source))
			return files[i].reason;
	find_smbios(map, EFIMAP_LOADER_KEXEC_TOOLS, &smbios);
	return smbios == UINT64_MAX ||
			       (capture_has(map, EFIMAP_SRC_FW_VENDOR) &&
				map->fw_vendor == UINT64_MAX) ||
			       (capture_has(map, EFIMAP_SRC_RUNTIME) &&
				map->runtime == UINT64_MAX) ||
			       (capture_has(map, EFIMAP_SRC_CONFIG_TABLE) &&
				map->config_table == UINT64_MAX)
		       ? EFIMAP_NOT_PASSED_ALL_ONES
		       : EFIMAP_IS_PASSED;
}

enum not_passed find_why_not_passed(const struct efimap *map, enum kexec_loader loader)
{
	enum not_passed reason = EFIMAP_IS_PASSED;

	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT)
		return EFIMAP_NOT_PASSED_NOT_EFI;
	if (is_32bit_kernel(map))
		return EFIMAP_NOT_PASSED_KERNEL_32BIT;
	if (loader == EFIMAP_LOADER_KEXEC_TOOLS)
		reason = kexec_tools_reason(map);
	/* Source for kexec_file_load: kexec-bzimage64.c: bzImage64_probe(), setup_efi_state() */
	else if (why_runtime_services_off(map) || map->runtime_services_disabled)
		reason = EFIMAP_NOT_PASSED_RUNTIME_OFF;
	else if (is_mixed_mode(map))
		reason = EFIMAP_NOT_PASSED_MIXED;
	else if (capture_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
		 map->boot_params.efi_info.memmap_size == 0)
		reason = EFIMAP_NOT_PASSED_NO_INFO;
	/* kexec-tools counts the directories, so it passes even a map without readable entries. */
	if (reason == EFIMAP_IS_PASSED && map->n_names == 0 && map->n_entries == 0)
		return EFIMAP_NOT_PASSED_NO_MAP;
	return reason;
}

static void put_u32(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void put_u64(uint8_t *at, uint64_t value)
{
	put_u32(at, (uint32_t)value);
	put_u32(at + 4, (uint32_t)(value >> 32));
}

static uint64_t pointer(const struct efimap *map, enum source source, uint64_t value,
			uint32_t *unknown)
{
	if (capture_has(map, source))
		return value;
	*unknown |= EFIMAP_ENCODED_UNKNOWN(source);
	return 0;
}

static void write_node(const struct efimap *map, enum kexec_loader loader,
		       struct encoded_setup_data *encoded)
{
	uint8_t *payload = encoded->node + EFIMAP_SETUP_DATA_HEADER;
	uint32_t *unknown = &encoded->unknown;
	uint64_t smbios = loader == EFIMAP_LOADER_KERNEL ? INVALID_TABLE : 0;

	put_u64(encoded->node, 0);
	put_u32(encoded->node + 8, EFIMAP_SETUP_EFI);
	put_u32(encoded->node + 12, EFIMAP_EFI_PAYLOAD_SIZE);
	put_u64(payload, pointer(map, EFIMAP_SRC_FW_VENDOR, map->fw_vendor, unknown));
	/* Linux 5.7 or later does not use efi_setup_data.runtime (0a67361dcdaa, a570b0624b3f). */
	if (loader == EFIMAP_LOADER_KEXEC_TOOLS)
		put_u64(payload + 8, pointer(map, EFIMAP_SRC_RUNTIME, map->runtime, unknown));
	put_u64(payload + 16, pointer(map, EFIMAP_SRC_CONFIG_TABLE, map->config_table, unknown));
	if (!capture_has(map, EFIMAP_SRC_SYSTAB))
		*unknown |= EFIMAP_ENCODED_UNKNOWN(EFIMAP_SRC_SYSTAB);
	find_smbios(map, loader, &smbios);
	put_u64(payload + 24, smbios);
}

/*
 * sysfs sorts the names in a directory by a 31-bit hash, then by name. Source: fs/kernfs/dir.c;
 * include/linux/stringhash.h: partial_name_hash(), end_name_hash(); include/linux/hash.h:
 * hash_long().
 */

#define GOLDEN_RATIO UINT64_C(0x61C8864680B583EB)
#define NAME_DIGITS 10

EFIMAP_WRAPS
static uint32_t kernfs_hash(const char *name, size_t len)
{
	uint64_t hash = 0;
	uint32_t folded;

	for (size_t i = 0; i < len; i++) {
		const uint64_t c = (unsigned char)name[i];

		hash = (hash + (c << 4) + (c >> 4)) * 11;
	}
	folded = (uint32_t)(hash * GOLDEN_RATIO >> 32) & INT_MAX;
	/* The values 0, 1 and INT_MAX are reserved for ".", ".." and the end of the directory. */
	if (folded < 2)
		folded += 2;
	return folded == INT_MAX ? INT_MAX - 1 : folded;
}

struct listed {
	uint32_t hash;
	uint32_t position;
	char name[NAME_DIGITS + 1];
};

static int compare_listed(const void *left, const void *right)
{
	const struct listed *a = left, *b = right;

	return order_u64(a->hash, b->hash) ?:
	       strcmp(a->name, b->name) ?:
	       order_u64(a->position, b->position);
}

void kernfs_order(const uint32_t *names, size_t count, uint32_t *ret_order)
{
	auto_free struct listed *list = array_new(count, sizeof(*list));

	for (size_t i = 0; i < count; i++) {
		struct listed *one = &list[i];
		const int len = snprintf(one->name, sizeof(one->name), "%" PRIu32, names[i]);

		one->hash = kernfs_hash(one->name, (size_t)len);
		one->position = (uint32_t)i;
	}
	sort_items(list, count, sizeof(*list), compare_listed);
	for (size_t i = 0; i < count; i++)
		ret_order[i] = list[i].position;
}

static void write_memmap(const struct efimap *map, enum kexec_loader loader,
			 struct encoded_setup_data *encoded)
{
	const bool by_index = loader == EFIMAP_LOADER_KERNEL;
	const size_t size = map->n_entries * encoded->desc_size;
	auto_free uint32_t *order = array_new(map->n_entries, sizeof(*order));
	auto_free uint8_t *memmap = array_new(size, 1);

	for (size_t i = 0; i < map->n_entries; i++)
		order[i] = by_index ? (uint32_t)i : map->entries[i].index;
	if (!by_index)
		kernfs_order(order, map->n_entries, order);
	for (size_t i = 0; i < map->n_entries; i++) {
		const struct map_entry *entry = &map->entries[order[i]];
		uint8_t *at = memmap + i * encoded->desc_size;

		put_u32(at, entry->type);
		put_u64(at + 8, entry->phys);
		put_u64(at + 16, entry->virt);
		put_u64(at + 24, entry->pages);
		put_u64(at + 32, entry->attribute);
	}
	encoded->memmap_size = size;
	encoded->memmap = steal(memmap);
}

uint32_t passed_desc_size(const struct efimap *map)
{
	const uint32_t own = map->boot_params.efi_info.desc_size;

	return capture_has(map, EFIMAP_SRC_BOOT_PARAMS) && own >= EFIMAP_DESC_SIZE &&
			       own <= EFIMAP_DESC_SIZE_MAX
		       ? own
		       : EFIMAP_DESC_SIZE_FIRMWARE;
}

struct encoded_setup_data encode_setup_data(const struct efimap *map, enum kexec_loader loader)
{
	struct encoded_setup_data encoded = {
		.reason = find_why_not_passed(map, loader),
		.desc_size = loader == EFIMAP_LOADER_KEXEC_TOOLS ? EFIMAP_DESC_SIZE
								 : passed_desc_size(map),
	};

	write_memmap(map, loader, &encoded);
	write_node(map, loader, &encoded);
	return encoded;
}

void encoded_setup_data_free(struct encoded_setup_data *encoded)
{
	free(encoded->memmap);
	encoded->memmap = NULL;
}
