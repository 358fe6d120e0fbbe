/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sys/firmware/efi (drivers/firmware/efi/efi.c): that it exists says that this machine
 * was booted with EFI; in it the pointers that loaders hand on. Judges no value.
 */
#include <errno.h>
#include <string.h>

#include "read/fault.h"
#include "read/tree/files.h"

int efimap_keep_pointer(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	uint64_t *value = (void *)((char *)map + file->field);

	return !efimap_parse_hex(content->data, content->len, UINT64_MAX, value, problem);
}

int efimap_keep_platform_size(struct efimap *map, const struct efimap_capture_file *file,
			      struct efimap_file *content, struct efimap_problem *problem)
{
	return !efimap_parse_platform_size(content->data, content->len, &map->platform_size,
					   problem);
}

/* The only line that kexec-tools reads, and any that holds this is that line to it. */
static bool is_smbios(struct efimap_text line)
{
	return efimap_text_find(&line, "SMBIOS=0x");
}

/*
 * Of several bad lines the one to report is that of SMBIOS, else the first. A broken file
 * leaves none of its lines.
 */
int efimap_keep_systab(struct efimap *map, const struct efimap_capture_file *file,
		       struct efimap_file *content, struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	bool is_good = true, has_smbios = false;
	struct efimap_problem found;
	struct efimap_named named;
	struct efimap_text line;
	int ret = 0;

	if (content->len == 0)
		return !efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					   "empty, expected lines such as ACPI20=0x3f77d014");
	while (!ret && efimap_lines_next(&lines, &line.at, &line.len)) {
		const bool decides = !has_smbios && is_smbios(line);

		has_smbios |= decides;
		if (efimap_parse_systab_line(line.at, line.len, lines.line, &named, &found)) {
			ret = efimap_add_systab(map, named.name, named.name_len, named.value);
			continue;
		}
		if (is_good || decides)
			*problem = found;
		is_good = false;
	}
	if (!is_good)
		map->n_systab = 0;
	return ret ? ret : !is_good;
}

static int take_any_name(void *context, const char *name, mode_t type)
{
	bool *is_empty = context;

	*is_empty = false;
	return 1;
}

/*
 * A running kernel has a sys/firmware, and something in it. Where there is none, no sysfs
 * is mounted; where it is empty, a container hides it (Docker does). Neither says how this
 * machine was booted.
 */
static int doubt_absence(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	bool is_empty = true;
	int ret = efimap_root_list(root, "sys/firmware", take_any_name, &is_empty);

	if (ret == -ENOENT)
		return efimap_err_set(err, ENOENT, "/sys/firmware",
				      "not there; is sysfs mounted on /sys?");
	if (!ret && is_empty)
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_DENIED;
	return 0;
}

int efimap_read_efi(struct efimap_root *root, struct efimap *map,
		    const struct efimap_capture_file *file, struct efimap_err *err)
{
	const char *where = efimap_source_path(file->source);
	bool is_empty = true;
	int ret = efimap_root_list(root, where, take_any_name, &is_empty);

	if (ret == -ENOENT && map->origin == EFIMAP_ORIGIN_LIVE)
		return doubt_absence(root, map, err);
	if (ret)
		return efimap_source_unread(map, file->source, where, ret);
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	return 0;
}

/* Where sys/firmware/efi is no directory, that is the fault, and not all that is not in it. */
int efimap_read_pointer(struct efimap_root *root, struct efimap *map,
			const struct efimap_capture_file *file, struct efimap_err *err)
{
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_BROKEN)
		return 0;
	return efimap_file_read(root, map, file, err);
}
