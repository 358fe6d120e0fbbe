/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Determine which memory the next kernel can read before it handles page faults. */
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "linux/identity_map.h"

#define MIB_2 (UINT64_C(2) << 20)
#define GIB (UINT64_C(1) << 30)

/* struct releases - patch levels from @first to @last of the series from @minor to @last_minor */
struct releases {
	unsigned int major;
	unsigned int minor;
	unsigned int last_minor;
	unsigned int first;
	unsigned int last;
};

#define ALL_RELEASES 1, UINT32_MAX

static bool is_one_of(const struct release *release, const struct releases *list)
{
	for (; release_shows_patches(release) && list->major; list++)
		if (release->major == list->major && release->minor >= list->minor &&
		    release->minor <= list->last_minor && release->patch >= list->first &&
		    release->patch <= list->last)
			return true;
	return false;
}

/*
 * Releases whose identity map certainly lacks the configuration table. Commit 5760929f6545 adds the
 * mapping (Linux 6.12, 6.11.3, 6.6.55, 6.1.113). The newest release of 5.10 that was checked is
 * Debian's 5.10.223. The listed releases of 5.15 and 6.10 are older than the commit, which dates
 * from September 2024. The series with ALL_RELEASES ended before the commit.
 */
static const struct releases without_config_table[] = {
	{ 5, 10, 10, 1, 223 },	     { 5, 11, 14, ALL_RELEASES }, { 5, 15, 15, 1, 160 },
	{ 5, 16, 19, ALL_RELEASES }, { 6, 0, 0, ALL_RELEASES },	  { 6, 1, 1, 1, 112 },
	{ 6, 2, 5, ALL_RELEASES },   { 6, 6, 6, 1, 54 },	  { 6, 7, 9, ALL_RELEASES },
	{ 6, 10, 10, 1, 5 },	     { 6, 11, 11, 1, 2 },	  { 0 },
};

/*
 * Releases that use a 1 GiB page only if a range covers the whole page. Commit d794734c9bbf
 * introduced this limit, and c567f2948f57 of March 25, 2024 removed it. For 6.7 and 6.8, the table
 * contains only releases that are certainly older than c567f2948f57.
 */
static const struct releases with_full_gib_pages[] = {
	{ 5, 10, 10, 210, 214 }, { 6, 1, 1, 79, 84 }, { 6, 7, 7, 6, 10 }, { 6, 8, 8, 1, 1 }, { 0 },
};

/* Return the size to which the running kernel may round a range that it maps. */
static uint64_t find_page_size(const struct efimap *map)
{
	const bool is_off = has_parameter(map, "nogbpages") && !has_parameter(map, "gbpages");

	return (capture_has(map, EFIMAP_SRC_CPUINFO) && map->no_gib_pages) || is_off ||
			       is_one_of(&map->release, with_full_gib_pages)
		       ? MIB_2
		       : GIB;
}

static bool is_in_page_of(struct span span, uint64_t page, uint64_t address)
{
	return address / page >= span.first / page && address / page <= span.last / page;
}

/* Return whether init_pgtable() maps the ranges with the name @name in iomem or memmap. */
static bool is_name_mapped(const char *name)
{
	return strstr(name, "System RAM") || strcmp(name, "ACPI Tables") == 0 ||
	       strcmp(name, "ACPI Non-volatile Storage") == 0;
}

/* Return whether the running kernel certainly maps the configuration table, wherever it is. */
static bool maps_config_table(const struct release *release)
{
	if (release->major != 6)
		return release->major > 6;
	return release->minor >= 12 ||
	       (release_shows_patches(release) && ((release->minor == 11 && release->patch >= 3) ||
						   (release->minor == 6 && release->patch >= 55) ||
						   (release->minor == 1 && release->patch >= 113)));
}

/* Return whether @table is certainly outside the mapped ranges, rounded to multiples of @page. */
static bool is_outside(const struct efimap *map, uint64_t page, uint64_t table)
{
	const uint64_t systab = map->boot_params.efi_info.systab;
	const struct span low = { 0, (UINT64_C(1) << 20) - 1 };

	if (!systab || !table || is_in_page_of(low, page, table) ||
	    is_in_page_of((struct span){ systab, systab }, page, table))
		return false;
	for (size_t i = 0; i < map->n_memmap; i++)
		if (map->memmap[i].bad || (is_in_page_of(map->memmap[i].span, page, table) &&
					   (is_name_mapped(map->memmap[i].label) ||
					    strncmp(map->memmap[i].label, "ACPI", 4) == 0)))
			return false;
	for (size_t i = 0; i < map->n_iomem; i++)
		if (is_name_mapped(map->iomem[i].name) &&
		    is_in_page_of(map->iomem[i].span, page, table))
			return false;
	return true;
}

enum known identity_map_lacks_config_table(const struct efimap *map, enum source *ret_missing)
{
	static const enum source needed[] = {
		EFIMAP_SRC_FW_PLATFORM_SIZE, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_SRC_BOOT_PARAMS,
		EFIMAP_SRC_MEMMAP,	     EFIMAP_SRC_IOMEM,
	};

	*ret_missing = EFIMAP_SRC_COUNT;
	if (maps_config_table(&map->release) || map->encrypted || map->kernel_32bit ||
	    (capture_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE) && map->platform_size != 64))
		return EFIMAP_KNOWN_NO;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!capture_has(map, needed[i])) {
			*ret_missing = needed[i];
			return EFIMAP_NOT_KNOWN;
		}
	if (!is_outside(map, MIB_2, map->config_table))
		return EFIMAP_KNOWN_NO;
	if (!is_outside(map, find_page_size(map), map->config_table)) {
		if (capture_has_cpu_flags(map))
			return EFIMAP_KNOWN_NO;
		*ret_missing = EFIMAP_SRC_CPUINFO;
		return EFIMAP_NOT_KNOWN;
	}
	return is_one_of(&map->release, without_config_table) ? EFIMAP_KNOWN_YES : EFIMAP_NOT_KNOWN;
}

bool identity_map_lacks_root_pointer(const struct efimap *map)
{
	return capture_has(map, EFIMAP_SRC_BOOT_PARAMS) && capture_has(map, EFIMAP_SRC_MEMMAP) &&
	       capture_has(map, EFIMAP_SRC_IOMEM) &&
	       is_outside(map, find_page_size(map), map->boot_params.acpi_rsdp_addr);
}

bool identity_map_may_halt_uv(const struct efimap *map)
{
	const struct release *release = &map->release;

	return log_contains(map, "UV: Found ") && find_page_size(map) == GIB &&
	       (release->major < 6 || (release->major == 6 && release->minor < 12));
}

/*
 * Releases in which sev_enable() reads the configuration table on every CPU
 * (arch/x86/boot/compressed/sev.c). The function reads the table since Linux 5.19 (c01fce9cef84),
 * and only on a CPU with SEV since bee6cf1a80b5 (Linux 6.5, 6.4.11, 6.1.46).
 */
static const struct releases always_reading[] = {
	{ 5, 19, 19, ALL_RELEASES }, { 6, 0, 0, ALL_RELEASES }, { 6, 1, 1, 1, 45 },
	{ 6, 2, 3, ALL_RELEASES },   { 6, 4, 4, 1, 10 },	{ 0 },
};

enum known reads_tables_early(const struct efimap *map, const struct release *next)
{
	const bool may_always_read =
		(next->major == 5 && next->minor >= 19) || (next->major == 6 && next->minor <= 4);

	if (next->major && (next->major < 5 || (next->major == 5 && next->minor < 19)))
		return EFIMAP_KNOWN_NO;
	if (is_one_of(next, always_reading) ||
	    (next->major && capture_has_cpu_flags(map) && map->has_sev))
		return EFIMAP_KNOWN_YES;
	if (!next->major || !capture_has_cpu_flags(map) ||
	    (may_always_read && !release_shows_patches(next)))
		return EFIMAP_NOT_KNOWN;
	return EFIMAP_KNOWN_NO;
}

/* Parse "SEV-SNP: RMP table physical range [0x0000000035500000 - 0x0000000075afffff]". */
static bool find_rmp_table(const struct efimap *map, struct span *ret_table)
{
	struct text text = { .at = map->log, .len = map->log_len };

	return text_find(&text, "SEV-SNP: RMP table physical range [0x") &&
	       text_take_hex(&text, 1, &ret_table->first) && text_take(&text, " - 0x") &&
	       text_take_hex(&text, 1, &ret_table->last) && text_take(&text, "]") &&
	       ret_table->first < ret_table->last;
}

static bool has_ram(const struct efimap *map, struct span span)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (range_is_ram(&map->memmap[i]) && span_overlaps(map->memmap[i].span, span))
			return true;
	return false;
}

/*
 * Since 400fea4b9651 (6.9-rc7), Linux reserves the RAM that shares a 2 MiB page with the RMP table,
 * and memmap shows this RAM as reserved (arch/x86/virt/svm/sev.c: snp_probe_rmptable_info). If the
 * log contains the message about this reservation, no RAM is returned.
 */
size_t find_rmp_neighbours(const struct efimap *map, struct span ret_spans[2])
{
	struct span table, span;
	size_t count = 0;

	if (!capture_has(map, EFIMAP_SRC_MEMMAP) || !find_rmp_table(map, &table) ||
	    log_contains(map, "of RMP table on a 2MB boundary"))
		return 0;
	span = (struct span){ table.first / MIB_2 * MIB_2, table.first - 1 };
	if (table.first % MIB_2 && has_ram(map, span))
		ret_spans[count++] = span;
	span = (struct span){ table.last + 1, table.last | (MIB_2 - 1) };
	if (table.last % MIB_2 != MIB_2 - 1 && has_ram(map, span))
		ret_spans[count++] = span;
	return count;
}
