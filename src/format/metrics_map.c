/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The runtime map as metrics: entries and bytes by type, and its digest. Types that the
 * firmware makes up share a series, so that it cannot make up series.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "format/metrics_parts.h"
#include "model/fingerprint.h"

enum kind {
	/* up to EFIMAP_TYPE_FIRST_UNDEFINED: the type itself */
	KIND_UNDEFINED = EFIMAP_TYPE_FIRST_UNDEFINED,
	KIND_OEM,
	KIND_OS_LOADER,
	KIND_COUNT,
};

/* As the UEFI specification spells them (EFI_MEMORY_TYPE), in snake case. */
static const char *const kind_names[KIND_COUNT] = {
	[EFIMAP_TYPE_RESERVED] = "reserved",
	[EFIMAP_TYPE_LOADER_CODE] = "loader_code",
	[EFIMAP_TYPE_LOADER_DATA] = "loader_data",
	[EFIMAP_TYPE_BOOT_CODE] = "boot_services_code",
	[EFIMAP_TYPE_BOOT_DATA] = "boot_services_data",
	[EFIMAP_TYPE_RUNTIME_CODE] = "runtime_services_code",
	[EFIMAP_TYPE_RUNTIME_DATA] = "runtime_services_data",
	[EFIMAP_TYPE_CONVENTIONAL] = "conventional",
	[EFIMAP_TYPE_UNUSABLE] = "unusable",
	[EFIMAP_TYPE_ACPI_RECLAIM] = "acpi_reclaim",
	[EFIMAP_TYPE_ACPI_NVS] = "acpi_nvs",
	[EFIMAP_TYPE_MMIO] = "mmio",
	[EFIMAP_TYPE_MMIO_PORT] = "mmio_port",
	[EFIMAP_TYPE_PAL_CODE] = "pal_code",
	[EFIMAP_TYPE_PERSISTENT] = "persistent",
	[EFIMAP_TYPE_UNACCEPTED] = "unaccepted",
	[KIND_UNDEFINED] = "undefined",
	[KIND_OEM] = "oem",
	[KIND_OS_LOADER] = "os_loader",
};

static unsigned int kind_of(uint32_t type)
{
	if (type < EFIMAP_TYPE_FIRST_UNDEFINED)
		return type;
	if (type >= EFIMAP_TYPE_OS_LOADER_FIRST)
		return KIND_OS_LOADER;
	return type >= EFIMAP_TYPE_OEM_FIRST ? KIND_OEM : KIND_UNDEFINED;
}

/* Stays at the largest number: a map can claim more than there are. */
static void add_pages(uint64_t *bytes, uint64_t pages)
{
	uint64_t size;

	if (__builtin_mul_overflow(pages, (uint64_t)EFIMAP_PAGE_SIZE, &size) ||
	    __builtin_add_overflow(*bytes, size, bytes))
		*bytes = UINT64_MAX;
}

static void put_by_type(const char *name, const char *help, const uint64_t *values,
			struct efimap_out *out)
{
	metrics_family(out, name, help);
	for (size_t i = 0; i < KIND_COUNT; i++)
		efimap_out_printf(out, "%s{type=\"%s\"} %" PRIu64 "\n", name, kind_names[i],
				  values[i]);
}

/* The first digits tell two maps apart; the whole of it is in a snapshot. */
static int put_digest(const struct efimap *map, struct efimap_out *out)
{
	char text[EFIMAP_FINGERPRINT_SIZE];
	int ret = efimap_fingerprint(map, text);

	if (ret < 0)
		return ret == -ENODATA ? 0 : ret;
	metrics_family(out, "efimap_map_digest_info",
		       "The first digits of the fingerprint of the runtime map.");
	efimap_out_printf(out, "efimap_map_digest_info{digest=\"%.8s\"} 1\n",
			  text + strlen(EFIMAP_FINGERPRINT_PREFIX));
	return 0;
}

int metrics_put_map(const struct efimap *map, struct efimap_out *out)
{
	uint64_t entries[KIND_COUNT] = { 0 }, bytes[KIND_COUNT] = { 0 };

	for (size_t i = 0; i < map->n_entries; i++) {
		const unsigned int kind = kind_of(map->entries[i].type);

		entries[kind]++;
		add_pages(&bytes[kind], map->entries[i].pages);
	}
	put_by_type("efimap_entries", "Entries of the runtime map, by type.", entries, out);
	put_by_type("efimap_bytes", "Bytes that the runtime map covers, by type.", bytes,
		    out);
	return put_digest(map, out);
}
