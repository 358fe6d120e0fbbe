/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Compute the fingerprint: sort the canonical rows, merge contiguous rows, and hash the result. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "capture/fingerprint.h"

/* Maximum size of a row: five numbers of at most 18 characters, their separators and the '\0'. */
#define ROW_SIZE 96

static bool goes_on(const struct efimap_entry *row, const struct efimap_entry *next)
{
	struct efimap_span phys, virt;

	if (row->type != next->type || row->attribute != next->attribute || !next->pages)
		return false;
	if (efimap_entry_phys(row, &phys) || efimap_entry_virt(row, &virt))
		return false;
	return phys.last != UINT64_MAX && phys.last + 1 == next->phys &&
	       virt.last != UINT64_MAX && virt.last + 1 == next->virt;
}

static void add_hashed_row(SHA2_CTX *sha, const struct efimap_entry *row)
{
	char text[ROW_SIZE];
	int len = snprintf(text, sizeof(text),
			   "0x%" PRIx32 " 0x%" PRIx64 " 0x%" PRIx64 " 0x%" PRIx64
			   " 0x%" PRIx64 "\n",
			   row->type, row->phys, row->pages, row->virt, row->attribute);

	SHA256Update(sha, (const uint8_t *)text, (size_t)len);
}

static void digest(struct efimap_entry *rows, size_t count, char text[SHA256_DIGEST_STRING_LENGTH])
{
	SHA2_CTX sha;

	SHA256Init(&sha);
	for (size_t i = 0; i < count; i++) {
		struct efimap_entry row = rows[i];

		while (i + 1 < count && goes_on(&row, &rows[i + 1]))
			row.pages += rows[++i].pages;
		add_hashed_row(&sha, &row);
	}
	SHA256End(&sha, text);
}

int efimap_fingerprint(const struct efimap *map, char ret_text[EFIMAP_FINGERPRINT_SIZE])
{
	static const char prefix[] = EFIMAP_FINGERPRINT_PREFIX;
	efimap_auto_free struct efimap_entry *rows = NULL;

	if (!efimap_has(map, EFIMAP_SRC_RUNTIME_MAP) || map->n_names > map->n_entries ||
	    map->map_from != EFIMAP_MAP_FROM_FILES || !efimap_has_read_virt(map))
		return -ENODATA;
	rows = efimap_array_new(map->n_entries, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < map->n_entries; i++) {
		rows[i] = map->entries[i];
		if (efimap_entry_is_boot_services(&rows[i]))
			rows[i].attribute &= ~EFIMAP_ATTR_RUNTIME;
	}
	efimap_sort(rows, map->n_entries, sizeof(*rows), efimap_entry_order);
	memcpy(ret_text, prefix, sizeof(prefix) - 1);
	digest(rows, map->n_entries, ret_text + sizeof(prefix) - 1);
	return 0;
}
