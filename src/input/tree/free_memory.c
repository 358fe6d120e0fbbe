/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read proc/zoneinfo, which shows how much free memory a load can use. */
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/file_readers.h"

#define PAGE UINT64_C(4096)
/* Maximum number of pages. No machine has more, and sums of several zones do not overflow. */
#define MAX_PAGES (UINT64_C(1) << 40)
#define MAX_ZONES 65536U

/* Parse the heading of a zone, such as "Node 0, zone  Movable". Return false for other lines. */
static bool take_zone(struct text line, struct text *ret_name)
{
	if (!text_begins(line, "Node ") || !text_find(&line, ", zone"))
		return false;
	text_skip_blanks(&line);
	*ret_name = line;
	return true;
}

static bool take_pages(struct text line, const char *name, uint64_t *ret_bytes)
{
	uint64_t pages;

	text_skip_blanks(&line);
	if (!text_take(&line, name) || !text_begins(line, " "))
		return false;
	text_skip_blanks(&line);
	if (!text_take_number(&line, MAX_PAGES, &pages) || line.len)
		return false;
	*ret_bytes = pages * PAGE;
	return true;
}

static bool is_zoneinfo_used(struct text line)
{
	struct text name;
	uint64_t bytes;

	return take_zone(line, &name) || take_pages(line, "pages free", &bytes) ||
	       take_pages(line, "min", &bytes) || take_pages(line, "managed", &bytes) ||
	       take_pages(line, "nr_slab_reclaimable", &bytes) ||
	       take_pages(line, "nr_zone_inactive_anon", &bytes) ||
	       take_pages(line, "nr_zone_active_anon", &bytes) ||
	       take_pages(line, "nr_zone_inactive_file", &bytes) ||
	       take_pages(line, "nr_zone_active_file", &bytes);
}

void filter_zoneinfo(char *data, size_t *len)
{
	lines_filter(data, len, is_zoneinfo_used);
}

/*
 * Read the memory of each zone. Slab memory, which is counted for a node, is outside of
 * ZONE_MOVABLE. Memory in ZONE_DEVICE is never free.
 */
int keep_zoneinfo(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		  struct capture_fault *fault)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct free_memory memory = { 0 };
	struct text line, zone = { 0 };
	unsigned int zones = 0, n_managed = 0, n_free = 0;
	uint64_t bytes;

	while (zones < MAX_ZONES && lines_next(&lines, &line.at, &line.len)) {
		if (take_zone(line, &zone)) {
			zones++;
		} else if (take_pages(line, "nr_slab_reclaimable", &bytes)) {
			memory.reclaimable += bytes;
		} else if (zones && take_pages(line, "managed", &bytes)) {
			memory.managed += bytes;
			n_managed++;
		} else if (zones && take_pages(line, "pages free", &bytes)) {
			n_free++;
			if (text_is(zone, "Movable"))
				memory.movable += bytes;
			else if (!text_is(zone, "Device"))
				memory.fixed += bytes;
		} else if (!zones || text_is(zone, "Device")) {
			continue;
		} else if (!text_is(zone, "Movable")) {
			if (take_pages(line, "min", &bytes)) {
				memory.kept += bytes;
			} else if (take_pages(line, "nr_zone_inactive_anon", &bytes) ||
				   take_pages(line, "nr_zone_active_anon", &bytes)) {
				memory.has_anonymous = true;
				memory.anonymous += bytes;
			} else if (take_pages(line, "nr_zone_inactive_file", &bytes) ||
				   take_pages(line, "nr_zone_active_file", &bytes)) {
				memory.reclaimable += bytes;
			}
		}
	}
	memory.is_known = zones && n_free == zones && n_managed == zones;
	if (!memory.is_known)
		return !fault_set(fault, EFIMAP_STATE_SYNTAX, 0,
				  "expected zones, each with \"pages free\" and \"managed\"");
	kexec_state(map)->memory.free = memory;
	return 0;
}
