/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the files of a capture, each at one of its possible paths, from any kind of root. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "input/file_readers.h"
#include "input/tree/capture_file.h"

/* Keep the first name in byte order: "dmesg" precedes "dmesg_-T". */
static int keep_first_name(void *context, const char *name, mode_t type)
{
	char *first = context;

	if (!*first || strcmp(name, first) < 0)
		snprintf(first, NAME_MAX + 1, "%s", name);
	return 0;
}

/* Store in @where the first path that matches @place, which ends in "*". */
static int find_name(struct root *root, const char *place, char where[EFIMAP_WHERE_SIZE])
{
	const char *slash = strrchr(place, '/');
	const size_t directory = (size_t)(slash - place);
	char prefix[NAME_MAX + 1], name[NAME_MAX + 1] = "";
	int ret;

	snprintf(where, EFIMAP_WHERE_SIZE, "%.*s", (int)directory, place);
	snprintf(prefix, sizeof(prefix), "%.*s", (int)strlen(slash) - 2, slash + 1);
	ret = root_list(root, where, prefix, keep_first_name, name);
	if (ret)
		return ret;
	if (!*name)
		return -ENOENT;
	snprintf(where, EFIMAP_WHERE_SIZE, "%.*s/%s", (int)directory, place, name);
	return 0;
}

int file_get(struct root *root, const struct capture_file *file, char where[EFIMAP_WHERE_SIZE],
	     struct tree_file *ret_content, struct input *ret_input)
{
	const char *const usual[] = { path_of_source(file->source), NULL };
	const char *const *places = file->places ? file->places : usual;
	char unrecorded[EFIMAP_WHERE_SIZE] = "";
	int ret = -ENOENT;

	for (; (ret == -ENOENT || ret == -EFIMAP_NOT_RECORDED) && *places; places++) {
		const char *place = *places;

		snprintf(where, EFIMAP_WHERE_SIZE, "%s", place);
		ret = place[strlen(place) - 1] == '*' ? find_name(root, place, where) : 0;
		if (!ret && ret_content)
			ret = root_read(root, where, file->part, file->limit, file->filter,
					ret_content);
		else if (!ret)
			ret = root_open_input(root, where, ret_input);
		if (ret == -EFIMAP_NOT_RECORDED && !*unrecorded)
			memcpy(unrecorded, where, sizeof(unrecorded));
	}
	/* The machine may have had the file at the first place that a recording lacks. */
	if ((ret != -ENOENT && ret != -EFIMAP_NOT_RECORDED) || !*unrecorded)
		return ret;
	memcpy(where, unrecorded, sizeof(unrecorded));
	return -EFIMAP_NOT_RECORDED;
}

bool content_is_cut(const struct tree_file *content)
{
	return content->len && content->data[content->len - 1] != '\n';
}

bool copy_may_be_cut(const struct efimap *map, const struct tree_file *content)
{
	return capture_is_offline(map) && content_is_cut(content);
}

void note_file(struct efimap *map, const struct capture_file *file, int error)
{
	enum file_state *state = &map->files[file->needed];

	if (file->needed == EFIMAP_N_NEEDED_FILES)
		return;
	if (error == 0)
		*state = EFIMAP_FILE_READ;
	else if (error == -EFIMAP_NOT_RECORDED || (error == -ENOENT && capture_is_offline(map)))
		*state = EFIMAP_FILE_NOT_COLLECTED;
	else if (error == -ENOENT)
		*state = EFIMAP_FILE_ABSENT;
	else if (error == -EACCES || error == -EPERM)
		*state = EFIMAP_FILE_DENIED;
	else
		*state = EFIMAP_FILE_UNREADABLE;
}

int file_read(struct root *root, struct efimap *map, const struct capture_file *file,
	      struct err *err)
{
	static const char efi[] = "sys/firmware/efi/";
	auto_file struct tree_file content = { 0 };
	char where[EFIMAP_WHERE_SIZE];
	struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, .where = where };
	int ret = file_get(root, file, where, &content, NULL);

	note_file(map, file, ret);
	if (ret == -ENOENT && file->value)
		map->kexec->values[file->value].is_absent = true;
	if (ret)
		return file->is_one_of_several ? capture_add_unread(map, &fault, ret)
					       : source_add_errno(map, file->source, where, ret);
	if (!file->is_one_of_several)
		map->states[file->source] = EFIMAP_STATE_PRESENT;
	if (strncmp(where, efi, strlen(efi)) == 0 && content_is_cut(&content))
		ret = !fault_set(&fault, EFIMAP_STATE_EMPTY, 0, "expected a newline at the end");
	else
		ret = file->keep(map, file, &content, &fault);
	note_file(map, file, ret);
	if (ret <= 0)
		return ret;
	if (!file->is_one_of_several)
		map->states[file->source] = EFIMAP_STATE_MALFORMED;
	capture_add_fault(map, &fault);
	return 0;
}

/*
 * Return whether sys/firmware/efi of the running system is hidden. If boot_params and the list of
 * EFI tables in the log show EFI, the kernel has created this directory
 * (drivers/firmware/efi/efi.c: efisubsys_init).
 */
static bool is_firmware_hidden(const struct efimap *map)
{
	return find_first_origin(map) == EFIMAP_ORIGIN_LIVE &&
	       map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT && map->n_tables > 0 &&
	       is_started_by_efi(map);
}

/* Keep the first file that could not be read, unless the state of a needed file shows this. */
static void keep_unread(const struct root *root, struct efimap *map,
			const struct capture_file *file)
{
	if (!root->unread || map->unread ||
	    (file->needed != EFIMAP_N_NEEDED_FILES &&
	     map->files[file->needed] > EFIMAP_FILE_ABSENT))
		return;
	map->unread = text_mark(&map->arena, arena_printf(&map->arena, "/%s", root->unread));
	map->unread_with = file->needed;
	map->is_unread_denied = root->unread_error == -EACCES || root->unread_error == -EPERM;
}

int read_tree(struct root *root, const char *name, enum origin origin, struct efimap **ret_map,
	      struct err *err)
{
	auto_map struct efimap *map = capture_create(name, origin);
	int ret = 0;

	if (root->replay)
		map->first_origin = root->replay->from;
	map->inner = capture_copy_text(map, root->inner);
	capture_add_kexec_state(map);
	for (size_t i = 0; i < n_capture_files && !ret; i++) {
		const struct capture_file *file = &capture_files[i];

		root->unread = NULL;
		ret = file->read ? file->read(root, map, file, err)
				 : file_read(root, map, file, err);
		keep_unread(root, map, file);
	}
	if (ret)
		return ret;
	if (is_firmware_hidden(map))
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_MASKED;
	seal(map);
	*ret_map = steal(map);
	return 0;
}
