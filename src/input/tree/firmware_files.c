/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the files of the EFI firmware in sysfs, boot_params, and the DMI strings. */
#include <errno.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/boot_params.h"
#include "input/file_readers.h"
#include "input/parse_values.h"

/* Maximum length of a DMI string in bytes. SMBIOS sets no limit. */
#define MAX_DMI_TEXT 255U

/* The following functions read sys/firmware/efi (drivers/firmware/efi/efi.c). */

int keep_pointer(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		 struct capture_fault *fault)
{
	uint64_t *value = (void *)((char *)map + file->field);

	return !parse_hex_value(content->data, content->len, UINT64_MAX, value, fault);
}

int keep_platform_size(struct efimap *map, const struct capture_file *file,
		       struct tree_file *content, struct capture_fault *fault)
{
	return !parse_platform_size(content->data, content->len, &map->platform_size, fault);
}

/*
 * Read systab. If a line is malformed, add no lines to the capture, and set @fault for one line:
 * the first SMBIOS line if it is malformed, otherwise the first malformed line.
 */
int keep_systab(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		struct capture_fault *fault)
{
	struct lines lines = { .data = content->data, .len = content->len };
	bool is_good = true, has_smbios = false;
	struct capture_fault found = *fault;
	struct named named;
	struct text line;

	if (content->len == 0)
		return !fault_set(fault, EFIMAP_STATE_EMPTY, 0,
				  "empty, expected lines such as ACPI20=0x3f77d014");
	while (lines_next(&lines, &line.at, &line.len)) {
		/* kexec-tools uses only the first line that contains "SMBIOS=0x". */
		const bool decides = !has_smbios && text_contains(line, "SMBIOS=0x");

		has_smbios |= decides;
		if (parse_systab_line(line.at, line.len, lines.line, &named, &found)) {
			capture_add_systab(map, named.name, named.name_len, named.value);
			continue;
		}
		if (is_good || decides)
			*fault = found;
		is_good = false;
	}
	if (!is_good)
		map->n_systab = 0;
	return !is_good;
}

static int take_any_name(void *context, const char *name, mode_t type)
{
	bool *is_empty = context;

	*is_empty = false;
	return 1;
}

/* Find out whether sys/firmware/efi exists, or is hidden by a container on the running system. */
int read_efi(struct root *root, struct efimap *map, const struct capture_file *file,
	     struct err *err)
{
	const char *where = path_of_source(file->source);
	const bool is_live = find_first_origin(map) == EFIMAP_ORIGIN_LIVE;
	bool is_empty = true, is_efi_empty = true, ignored;
	int ret = root_list(root, where, "", take_any_name, &is_efi_empty);

	if (ret && !(ret == -ENOENT && is_live))
		return source_add_errno(map, file->source, where, ret);
	/* The running kernel creates files in this directory, unless a container hides them. */
	if (!ret) {
		map->states[file->source] =
			is_live && is_efi_empty ? EFIMAP_STATE_MASKED : EFIMAP_STATE_PRESENT;
		return 0;
	}
	/*
	 * If sysfs is mounted, sys/firmware of the running system is missing or empty only if a
	 * container hides it: Docker and Podman mount an empty file system over it, and
	 * systemd-nspawn shows only other directories of sysfs. If sys/kernel is also missing,
	 * sysfs is not mounted, which is an error.
	 */
	ret = root_list(root, "sys/firmware", "", take_any_name, &is_empty);
	if (ret == -ENOENT && root_list(root, "sys/kernel", "", take_any_name, &ignored) == -ENOENT)
		return err_set(err, ENOENT, "/sys/firmware",
			       "missing; sysfs may not be mounted on /sys");
	if (ret == -ENOENT || (!ret && is_empty))
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_MASKED;
	return 0;
}

int read_pointer(struct root *root, struct efimap *map, const struct capture_file *file,
		 struct err *err)
{
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_MALFORMED)
		return 0;
	return file_read(root, map, file, err);
}

#define E820_END (EFIMAP_BOOT_PARAMS_AT_E820_TABLE + EFIMAP_E820_MAX * EFIMAP_E820_ENTRY)

/*
 * Clear the parts of boot_params that efimapctl does not use, because they contain disk signatures
 * and the serial number of the screen (EDID).
 */
void filter_boot_params(char *data, size_t *len)
{
	static const struct {
		size_t start, end;
	} gaps[] = { { 0, EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR },
		     { EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR + 8,
		       EFIMAP_BOOT_PARAMS_AT_CC_BLOB_ADDRESS },
		     { EFIMAP_BOOT_PARAMS_AT_CC_BLOB_ADDRESS + 4, EFIMAP_BOOT_PARAMS_AT_EFI_INFO },
		     { EFIMAP_BOOT_PARAMS_AT_INIT_SIZE + 4, EFIMAP_BOOT_PARAMS_AT_E820_TABLE },
		     { E820_END, EFIMAP_BOOT_PARAMS_BYTES } };
	static const char ram[] = { EFIMAP_E820_TYPE_RAM, 0, 0, 0 };

	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
		if (*len > gaps[i].start)
			memset(data + gaps[i].start, 0,
			       (*len < gaps[i].end ? *len : gaps[i].end) - gaps[i].start);
	/* Of the e820 table, only RAM is used. */
	for (size_t at = EFIMAP_BOOT_PARAMS_AT_E820_TABLE;
	     at < E820_END && at + EFIMAP_E820_ENTRY <= *len; at += EFIMAP_E820_ENTRY)
		if (memcmp(data + at + EFIMAP_E820_ENTRY - sizeof(ram), ram, sizeof(ram)) != 0)
			memset(data + at, 0, EFIMAP_E820_ENTRY);
}

int keep_boot_params(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		     struct capture_fault *fault)
{
	if (content->len != EFIMAP_BOOT_PARAMS_BYTES)
		return !fault_set(fault, content->len ? EFIMAP_STATE_SYNTAX : EFIMAP_STATE_EMPTY, 0,
				  "%zu bytes, expected %d", content->len, EFIMAP_BOOT_PARAMS_BYTES);
	boot_params_decode((const uint8_t *)content->data, &map->boot_params);
	return 0;
}

/* Store a DMI string. Ignore a file that is empty, too long, or has several lines. */
int keep_dmi(struct efimap *map, const struct capture_file *file, struct tree_file *content,
	     struct capture_fault *fault)
{
	size_t next;
	const size_t line = text_line(content->data, content->len, &next);

	if (line == 0 || line > MAX_DMI_TEXT || next < content->len)
		return 0;
	text_clean(content->data, line);
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	map->dmi[file->field] = arena_strndup(&map->arena, content->data, line);
	return 0;
}
