/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The files of a capture. Must not know what they mean, nor where they come from.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/boot_params.h"
#include "read/tree/files.h"

#define VALUE .get = efimap_root_read_value, .limit = EFIMAP_VALUE_SIZE
#define WHOLE(bytes) .get = efimap_root_read_file, .limit = (bytes)
#define HEAD(bytes) .get = efimap_root_read_head, .limit = (bytes)
#define PLACES(...) .places = (const char *const[]){ __VA_ARGS__, NULL }
/* In collected trees the class can be a directory of its own, where the kernel has a link. */
#define DMI(name) PLACES("sys/devices/virtual/dmi/id/" name, "sys/class/dmi/id/" name)

/* x86's COMMAND_LINE_SIZE is 2048; a boot configuration appended to it can be 32 KiB. */
#define CMDLINE_BYTES (64U << 10)
#define LINE_BYTES 4096U
/* The sizes stand at the end of what is said of one CPU, which is 1 to 3 KiB. */
#define CPUINFO_BYTES 8192U

/* In the order in which faults are reported. */
static const struct efimap_capture_file files[] = {
	{ .source = EFIMAP_SRC_EFI, .read = efimap_read_efi },
	{ .source = EFIMAP_SRC_FW_VENDOR, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_pointer, .field = offsetof(struct efimap, fw_vendor) },
	{ .source = EFIMAP_SRC_RUNTIME, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_pointer, .field = offsetof(struct efimap, runtime) },
	{ .source = EFIMAP_SRC_CONFIG_TABLE, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_pointer, .field = offsetof(struct efimap, config_table) },
	{ .source = EFIMAP_SRC_SYSTAB, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_systab },
	{ .source = EFIMAP_SRC_FW_PLATFORM_SIZE, VALUE, .read = efimap_read_pointer,
	  .keep = efimap_keep_platform_size },
	{ .source = EFIMAP_SRC_RUNTIME_MAP, .records = &efimap_runtime_map_records,
	  .limit = EFIMAP_VALUE_SIZE },
	{ .source = EFIMAP_SRC_MEMMAP, .records = &efimap_memmap_records,
	  .limit = EFIMAP_VALUE_SIZE },
	{ .source = EFIMAP_SRC_IOMEM, WHOLE(EFIMAP_FILE_BYTES), .keep = efimap_keep_iomem },
	{ .source = EFIMAP_SRC_CMDLINE, WHOLE(CMDLINE_BYTES), .keep = efimap_keep_cmdline },
	{ .source = EFIMAP_SRC_VERSION, WHOLE(LINE_BYTES), .keep = efimap_keep_version },
	{ .source = EFIMAP_SRC_BOOT_ID, WHOLE(LINE_BYTES), .keep = efimap_keep_boot_id },
	{ .source = EFIMAP_SRC_BOOT_PARAMS, WHOLE(EFIMAP_BOOT_PARAMS_BYTES),
	  .keep = efimap_keep_boot_params },
	{ .source = EFIMAP_SRC_SETUP_DATA, .read = efimap_read_setup_data,
	  .records = &efimap_setup_data_records, .limit = EFIMAP_PAYLOAD_BYTES,
	  .is_secret = true },
	{ .source = EFIMAP_SRC_KERNEL_LOG, WHOLE(EFIMAP_FILE_BYTES),
	  .read = efimap_read_kernel_log,
	  PLACES("dmesg.txt", "var/log/dmesg", "sos_commands/kernel/dmesg*") },
	{ .source = EFIMAP_SRC_CPUINFO, HEAD(CPUINFO_BYTES), .keep = efimap_keep_cpuinfo },
	{ .source = EFIMAP_SRC_DMI, VALUE, .read = efimap_read_dmi, .keep = efimap_keep_dmi,
	  .field = EFIMAP_DMI_SYS_VENDOR, DMI("sys_vendor") },
	{ .source = EFIMAP_SRC_DMI, VALUE, .read = efimap_read_dmi, .keep = efimap_keep_dmi,
	  .field = EFIMAP_DMI_PRODUCT_NAME, DMI("product_name") },
	{ .source = EFIMAP_SRC_DMI, VALUE, .read = efimap_read_dmi, .keep = efimap_keep_dmi,
	  .field = EFIMAP_DMI_BIOS_VERSION, DMI("bios_version") },
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

static const char *place_in_tree(const struct efimap_capture_file *file, size_t number)
{
	if (file->places)
		return file->places[number];
	return number == 0 ? efimap_source_path(file->source) : NULL;
}

/*
 * struct search - for the first name in alphabetical order: "dmesg" before "dmesg_-T"
 * @prefix: what it begins with
 * @name:   the first so far, "" for none
 */
struct search {
	const char *prefix;
	char name[NAME_MAX + 1];
};

static int keep_first_name(void *context, const char *name, mode_t type)
{
	struct search *search = context;

	if (strncmp(name, search->prefix, strlen(search->prefix)) == 0 &&
	    (!search->name[0] || strcmp(name, search->name) < 0))
		snprintf(search->name, sizeof(search->name), "%s", name);
	return 0;
}

/* A @place whose last component ends in "*": where becomes the path that this stands for. */
static int find_name(struct efimap_root *root, const char *place, char where[EFIMAP_WHERE_SIZE])
{
	const char *slash = strrchr(place, '/');
	const size_t directory = (size_t)(slash - place);
	char prefix[NAME_MAX + 1];
	struct search search = { .prefix = prefix };
	int ret;

	snprintf(prefix, sizeof(prefix), "%.*s", (int)strlen(slash + 1) - 1, slash + 1);
	snprintf(where, EFIMAP_WHERE_SIZE, "%.*s", (int)directory, place);
	ret = efimap_root_list(root, where, keep_first_name, &search);
	if (ret)
		return ret;
	if (!search.name[0])
		return -ENOENT;
	snprintf(where, EFIMAP_WHERE_SIZE, "%.*s/%s", (int)directory, place, search.name);
	return 0;
}

int efimap_file_get(struct efimap_root *root, const struct efimap_capture_file *file,
		    char where[EFIMAP_WHERE_SIZE], struct efimap_file *ret_content)
{
	int ret = -ENOENT;
	const char *place;

	for (size_t i = 0; ret == -ENOENT && (place = place_in_tree(file, i)); i++) {
		snprintf(where, EFIMAP_WHERE_SIZE, "%s", place);
		ret = place[strlen(place) - 1] == '*' ? find_name(root, place, where) : 0;
		if (!ret)
			ret = file->get(root, where, file->limit, ret_content);
	}
	return ret;
}

int efimap_file_read(struct efimap_root *root, struct efimap *map,
		     const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file content = { 0 };
	char where[EFIMAP_WHERE_SIZE];
	struct efimap_problem problem;
	int ret = efimap_file_get(root, file, where, &content);

	if (ret)
		return efimap_source_unread(map, file->source, where, ret);
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	ret = file->keep(map, file, &content, &problem);
	return ret > 0 ? efimap_source_broken(map, file->source, where, &problem) : ret;
}

static int read_row(struct efimap_root *root, struct efimap *map,
		    const struct efimap_capture_file *file, struct efimap_err *err)
{
	if (file->read)
		return file->read(root, map, file, err);
	if (file->records)
		return efimap_records_read(root, map, file->records, err);
	return efimap_file_read(root, map, file, err);
}

int efimap_read_files(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err)
{
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_new(name, origin, &map);

	if (!ret)
		ret = efimap_set_inner(map, root->inner);
	for (size_t i = 0; i < N_FILES && !ret; i++)
		ret = read_row(root, map, &files[i], err);
	if (!ret)
		ret = efimap_root_check(root, name, err);
	if (!ret)
		ret = efimap_seal(map);
	if (!ret)
		*ret_map = efimap_steal(map);
	return ret;
}

/* A component of "*" is any, one that ends in "*" any that starts so. */
static bool is_component_like(const char *pattern, size_t pattern_len, const char *name,
			      size_t len)
{
	if (pattern_len > 0 && pattern[pattern_len - 1] == '*')
		return len >= pattern_len - 1 && memcmp(pattern, name, pattern_len - 1) == 0;
	return len == pattern_len && memcmp(pattern, name, len) == 0;
}

/*
 * How far, in whole components, @path goes the way of @pattern, and then of @below, which
 * may be NULL; all of that: a file.
 */
static size_t follow_pattern(const char *pattern, const char *below, const char *path,
			     bool *ret_is_file)
{
	size_t at = 0, followed = 0;

	*ret_is_file = false;
	for (;;) {
		const size_t pattern_len = strcspn(pattern, "/");
		const size_t len = strcspn(path + at, "/");

		if (!is_component_like(pattern, pattern_len, path + at, len))
			return followed;
		followed = at + len;
		if (pattern[pattern_len]) {
			pattern += pattern_len + 1;
		} else {
			pattern = below;
			below = NULL;
		}
		if (!pattern)
			*ret_is_file = !path[followed];
		if (!pattern || !path[followed])
			return followed;
		at = followed + 1;
	}
}

struct efimap_want efimap_want(const char *path)
{
	struct efimap_want want = { 0 };
	const char *place;
	bool is_file;

	for (size_t i = 0; i < N_FILES; i++) {
		const struct efimap_capture_file *file = &files[i];

		for (size_t j = 0; (place = place_in_tree(file, j)); j++) {
			const char *below = file->records ? "*/*" : NULL;
			const size_t len = follow_pattern(place, below, path, &is_file);

			if (len <= want.len)
				continue;
			want.len = len;
			want.keep = is_file ? file->limit : 0;
			want.is_secret = is_file && file->is_secret;
		}
	}
	return want;
}
