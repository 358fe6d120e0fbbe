/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sys/firmware/efi (drivers/firmware/efi/efi.c): that it exists says that this machine
 * was booted with EFI; in it the pointers that loaders hand on. Judges no value.
 */
#include <errno.h>
#include <string.h>

#include "read/fault.h"
#include "read/tree/readers.h"

/* A taker returns 0, 1 with a problem, or a negative errno. */
typedef int take_fn(struct efimap *map, const char *data, size_t len,
		    struct efimap_problem *problem);

static int take_fw_vendor(struct efimap *map, const char *data, size_t len,
			  struct efimap_problem *problem)
{
	return !efimap_parse_hex(data, len, UINT64_MAX, &map->fw_vendor, problem);
}

static int take_runtime(struct efimap *map, const char *data, size_t len,
			struct efimap_problem *problem)
{
	return !efimap_parse_hex(data, len, UINT64_MAX, &map->runtime, problem);
}

static int take_config_table(struct efimap *map, const char *data, size_t len,
			     struct efimap_problem *problem)
{
	return !efimap_parse_hex(data, len, UINT64_MAX, &map->config_table, problem);
}

static int take_platform_size(struct efimap *map, const char *data, size_t len,
			      struct efimap_problem *problem)
{
	return !efimap_parse_platform_size(data, len, &map->platform_size, problem);
}

/* The only line that kexec-tools reads, and any that holds this is that line to it. */
static bool is_smbios(const char *text, size_t len)
{
	static const char pattern[] = "SMBIOS=0x";

	return len && memmem(text, len, pattern, sizeof(pattern) - 1);
}

/* Of several bad lines the one to report is that of SMBIOS, else the first. */
static bool check_systab(const char *data, size_t len, struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = data, .len = len };
	struct efimap_problem found;
	struct efimap_named named;
	bool good = true, has_smbios = false;
	const char *text;
	size_t text_len;

	if (len == 0)
		return efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					  "empty, expected lines such as ACPI20=0x3f77d014");
	while (efimap_lines_next(&lines, &text, &text_len)) {
		bool decides = !has_smbios && is_smbios(text, text_len);

		has_smbios |= decides;
		if (efimap_parse_systab_line(text, text_len, lines.line, &named, &found))
			continue;
		if (good || decides)
			*problem = found;
		good = false;
	}
	return good;
}

/* Twice over the lines: a broken file must not leave half of them. */
static int take_systab(struct efimap *map, const char *data, size_t len,
		       struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = data, .len = len };
	struct efimap_named named;
	const char *text;
	size_t text_len;
	int ret = 0;

	if (!check_systab(data, len, problem))
		return 1;
	while (!ret && efimap_lines_next(&lines, &text, &text_len))
		if (efimap_parse_systab_line(text, text_len, lines.line, &named, problem))
			ret = efimap_add_systab(map, named.name, named.name_len, named.value);
	return ret;
}

static const struct pointer {
	enum efimap_source source;
	const char *name;
	take_fn *take;
} pointers[] = {
	{ EFIMAP_SRC_FW_VENDOR, "fw_vendor", take_fw_vendor },
	{ EFIMAP_SRC_RUNTIME, "runtime", take_runtime },
	{ EFIMAP_SRC_CONFIG_TABLE, "config_table", take_config_table },
	{ EFIMAP_SRC_SYSTAB, "systab", take_systab },
	{ EFIMAP_SRC_FW_PLATFORM_SIZE, "fw_platform_size", take_platform_size },
};

#define N_POINTERS (sizeof(pointers) / sizeof(pointers[0]))

static int read_pointer(struct efimap_dir *dir, struct efimap *map,
			const struct pointer *pointer)
{
	const char *where = efimap_source_path(pointer->source);
	char data[EFIMAP_VALUE_SIZE];
	struct efimap_problem problem;
	ssize_t len = efimap_dir_value(dir, pointer->name, data);

	if (len < 0)
		return efimap_source_unread(map, pointer->source, where, (int)len);

	int ret = pointer->take(map, data, (size_t)len, &problem);

	if (ret > 0)
		return efimap_source_broken(map, pointer->source, where, &problem);
	if (!ret)
		map->states[pointer->source] = EFIMAP_STATE_PRESENT;
	return ret;
}

static bool is_empty(struct efimap_dir *dir)
{
	struct efimap_name name;

	while (efimap_dir_next(dir, &name) > 0)
		if (strcmp(name.text, ".") != 0 && strcmp(name.text, "..") != 0)
			return false;
	return true;
}

/*
 * A running kernel has a sys/firmware, and something in it. Where there is none, no sysfs
 * is mounted; where it is empty, a container hides it (Docker does). Neither says how this
 * machine was booted.
 */
static int doubt_absence(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	efimap_auto_dir struct efimap_dir dir = { 0 };
	int ret = efimap_dir_open(root, "sys/firmware", &dir);

	if (ret == -ENOENT)
		return efimap_err_set(err, ENOENT, "/sys/firmware",
				      "not there; is sysfs mounted on /sys?");
	if (!ret && is_empty(&dir))
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_DENIED;
	return 0;
}

int efimap_read_firmware(struct efimap_root *root, struct efimap *map,
			 struct efimap_err *err)
{
	efimap_auto_dir struct efimap_dir dir = { 0 };
	const char *where = efimap_source_path(EFIMAP_SRC_EFI);
	int ret = efimap_dir_open(root, where, &dir);

	/* What may not be entered may not be read either. */
	for (size_t i = 0; ret == -EACCES && i < N_POINTERS; i++)
		map->states[pointers[i].source] = EFIMAP_STATE_DENIED;
	if (ret == -ENOENT && map->origin == EFIMAP_ORIGIN_LIVE)
		return doubt_absence(root, map, err);
	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_EFI, where, ret);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	for (size_t i = 0; i < N_POINTERS && !ret; i++)
		ret = read_pointer(&dir, map, &pointers[i]);
	return ret;
}
