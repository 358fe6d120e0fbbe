/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the parameters efi= and noefi in the entries of the boot loader. "systemctl kexec" starts
 * the next kernel with the parameters of its entry, not with those of the running kernel
 * (load_kexec_kernel() in systemd).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capture/installed_kernels.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/readers.h"

/* Append a word. The text at @end may overlap with the word. Return the new end. */
static char *append(char *end, const char *before, struct efimap_text word)
{
	if (word.len == 0)
		return end;
	memmove(end + strlen(before), word.at, word.len);
	memcpy(end, before, strlen(before));
	return end + strlen(before) + word.len;
}

/* Remove all text except the path and the release of the kernel and the parameters about EFI. */
int efimap_filter_boot_entry(char *data, size_t *len)
{
	struct efimap_lines lines = { .data = data, .len = *len };
	struct efimap_text line;
	char *end = data;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		const struct efimap_text key = efimap_text_take_word(&line);
		const bool is_options = efimap_text_is(key, "options");
		struct efimap_text word;

		if (!is_options && !efimap_text_is(key, "linux") && !efimap_text_is(key, "version"))
			continue;
		end = append(end, end > data ? "\n" : "", key);
		while ((word = efimap_text_take_word(&line)).len)
			if (!is_options || efimap_text_begins(word, "noefi") ||
			    efimap_text_begins(word, "efi="))
				end = append(end, " ", word);
	}
	*len = (size_t)(end - data);
	return 0;
}

/*
 * struct entries - the directory that is being read
 * @file:   the row of files[] in read_tree.c
 * @n_read: number of entries that have been read
 */
struct entries {
	struct efimap_root *root;
	struct efimap *map;
	const struct efimap_capture_file *file;
	const char *directory;
	size_t n_read;
};

/* Maximum number of entries in a directory. Each installed kernel has one or two. */
#define MAX_ENTRIES 64

static struct efimap_text base_name(struct efimap_text path)
{
	const char *slash = path.len ? memrchr(path.at, '/', path.len) : NULL;

	if (slash)
		efimap_text_skip(&path, (size_t)(slash + 1 - path.at));
	return path;
}

/* Store the options of an entry in the kernels that it starts. */
static int keep_entry(struct efimap *map, const char *path, const struct efimap_file *content)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	struct efimap_text line, image = { "", 0 }, version = { "", 0 };
	const char *options = "";
	int ret = 0;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		const struct efimap_text key = efimap_text_take_word(&line);

		efimap_text_skip_blanks(&line);
		if (efimap_text_is(key, "linux"))
			image = base_name(line);
		else if (efimap_text_is(key, "version"))
			version = line;
		/* systemd joins the lines "options" of an entry. */
		else if (efimap_text_is(key, "options") && line.len)
			options = efimap_arena_printf(&map->arena, "%s %.*s", options,
						      (int)line.len, line.at);
		if (!options)
			return -ENOMEM;
	}
	for (size_t i = 0; *options && i < map->n_kernels && !ret; i++) {
		struct efimap_installed_kernel *kernel = &map->kernels[i];
		const struct efimap_text name = { kernel->header.name,
						  strlen(kernel->header.name) };
		const struct efimap_text base = base_name(name);

		if (!efimap_text_is(version, kernel->header.release) &&
		    !(image.len == base.len && memcmp(image.at, base.at, base.len) == 0))
			continue;
		ret = efimap_copy_text(map, &kernel->entry, path, strlen(path));
		kernel->entry_options = options;
	}
	return ret;
}

static int take_entry_name(void *context, const char *name, mode_t type)
{
	static const char end[] = ".conf";
	efimap_auto_file struct efimap_file content = { 0 };
	struct entries *entries = context;
	const size_t len = strlen(name);
	char path[EFIMAP_WHERE_SIZE];
	int ret;

	if (len < sizeof(end) || strcmp(name + len - strlen(end), end) != 0 ||
	    entries->n_read++ >= MAX_ENTRIES ||
	    snprintf(path, sizeof(path), "%s/%s", entries->directory, name) >= (int)sizeof(path))
		return 0;
	ret = efimap_root_read(entries->root, path, entries->file->part, entries->file->limit,
			       entries->file->filter, &content);
	if (ret) {
		struct efimap_fault fault = { entries->file->source, EFIMAP_NO_INDEX, path };

		return efimap_add_unread(entries->map, &fault, ret);
	}
	return keep_entry(entries->map, path, &content);
}

int efimap_read_boot_entries(struct efimap_root *root, struct efimap *map,
			     const struct efimap_capture_file *file, struct efimap_err *err)
{
	int ret = 0;

	for (size_t i = 0; file->places[i] && !ret; i++) {
		struct efimap_fault fault = { file->source, EFIMAP_NO_INDEX, file->places[i] };
		struct entries entries = { root, map, file, file->places[i], 0 };

		ret = efimap_root_list(root, file->places[i], "", take_entry_name, &entries);
		if (ret)
			ret = ret == -ENOTDIR ? 0 : efimap_add_unread(map, &fault, ret);
	}
	return ret;
}
