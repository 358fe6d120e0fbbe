/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the boot loader entry of type 1 that systemctl kexec loads: the one that the EFI variable
 * LoaderEntryDefault or "default" in loader.conf names exactly, or else the newest. Patterns,
 * counters and unified kernel images are not evaluated, so the answer names the entry.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "input/file_readers.h"
#include "input/kept_parameters.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_installed_kernels.h"

#define DEFAULT_VARIABLE                                                                           \
	"sys/firmware/efi/efivars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define CONF_BYTES ((size_t)64 << 10)

/* Maximum number of entries in a directory. NixOS has an entry per system generation. */
#define MAX_ENTRIES 1024U

/*
 * The best entry that was found.
 *
 * @wanted:    name of the default entry, without ".conf"; "" if it is unknown
 * @is_wanted: the entry has this name
 * @path:      path of the entry, or NULL if no entry was found
 * @version:   the key "version" or, without it, the name of the file
 * @sort_key:  the key "sort-key", or ""
 * @is_mixed:  entries have different values of this key, which precede the version
 * @options:   all values of the key "options"
 * @n_initrds: number of keys "initrd", of which @initrd is the first
 */
struct entries {
	struct root *root;
	struct efimap *map;
	const struct capture_file *file;
	const char *directory;
	const char *mount;
	const char *wanted;
	unsigned int n_read;
	int error;
	bool is_wanted;
	const char *path;
	const char *version;
	const char *sort_key;
	bool is_mixed;
	const char *image;
	const char *initrd;
	const char *options;
	unsigned int n_initrds;
};

/* Return whether an entry with this key starts an EFI program or a unified kernel image. */
static bool is_program_key(struct text key)
{
	return text_is(key, "efi") || text_is(key, "uki") || text_is(key, "uki-url");
}

/*
 * Keep the paths of the kernel and of the initrds, the version, and of the options only those that
 * affect an answer, and a "$", which only GRUB expands.
 */
void filter_boot_entry(char *data, size_t *len)
{
	const bool is_terminated = *len && data[*len - 1] == '\n';
	struct lines lines = { .data = data, .len = *len };
	struct text line;
	char *end = data;

	while (lines_next(&lines, &line.at, &line.len)) {
		const struct text key = text_take_word(&line);
		const bool is_options = text_is(key, "options");
		auto_free char *value = NULL;

		/* Skip a line without a blank after the key: the added blank would lengthen it. */
		if (!line.len || !is_blank(line.at[0]))
			continue;
		text_trim(&line);
		if (!line.len ||
		    !(is_options || text_is(key, "linux") || text_is(key, "initrd") ||
		      text_is(key, "version") || text_is(key, "sort-key") || is_program_key(key)))
			continue;
		value = memory_strndup(is_program_key(key) ? "/" : line.at,
				       is_program_key(key) ? 1 : line.len);
		if (is_options && strchr(value, '$')) {
			stpcpy(value, "$");
		} else if (is_options) {
			auto_free char *options = steal(value);

			value = memory_new(line.len + 1);
			capture_keep_parameters(options, value);
		}
		if (!*value)
			continue;
		if (end > data)
			*end++ = '\n';
		memmove(end, key.at, key.len);
		end += key.len;
		*end++ = ' ';
		end = mempcpy(end, value, strlen(value));
	}
	/* The last line is shorter than the original one, which had this newline. */
	if (is_terminated && end > data)
		*end++ = '\n';
	*len = (size_t)(end - data);
}

/*
 * Replace the content of an EFI variable, which is four bytes of attributes and a text in UTF-16,
 * with a text in ASCII and a newline. A recording contains this line.
 */
static void filter_variable(char *data, size_t *len)
{
	char *end = data;

	if (!memchr(data, '\0', *len))
		return;
	for (size_t i = 4; i + 1 < *len && data[i] > ' ' && !data[i + 1]; i += 2)
		*end++ = data[i];
	*end++ = '\n';
	*len = (size_t)(end - data);
}

static bool is_default_line(struct text line)
{
	return text_is(text_take_word(&line), "default");
}

static void filter_conf(char *data, size_t *len)
{
	lines_filter(data, len, is_default_line);
}

/* Return the last word of a file, which is the name of an entry, without ".conf"; or "". */
static const char *find_wanted(struct entries *entries, const char *path, file_filter_fn *filter)
{
	auto_file struct tree_file content = { 0 };
	struct text line, name = { "", 0 };
	struct lines lines;

	if (root_read(entries->root, path, EFIMAP_READ_WHOLE, CONF_BYTES, filter, &content))
		return "";
	lines = (struct lines){ .data = content.data, .len = content.len };
	while (lines_next(&lines, &line.at, &line.len)) {
		if (is_default_line(line))
			text_take_word(&line);
		text_trim(&line);
		name = line;
	}
	if (text_ends(name, ".conf"))
		name.len -= strlen(".conf");
	return arena_strndup(&entries->map->arena, name.at, name.len);
}

/* Return the path of a file that an entry names. GRUB adds words that contain "$". */
static const char *keep_path(const struct entries *entries, struct text path)
{
	const struct text word = text_take_word(&path);

	return arena_printf(&entries->map->arena, "%s%s%.*s", entries->mount,
			    word.len && word.at[0] == '/' ? "" : "/", (int)word.len, word.at);
}

static void parse_entry(const struct tree_file *content, struct entries *entry)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct arena *arena = &entry->map->arena;
	struct text line;

	while (lines_next(&lines, &line.at, &line.len)) {
		const struct text key = text_take_word(&line);

		text_trim(&line);
		if (text_is(key, "linux"))
			entry->image = keep_path(entry, line);
		else if (text_is(key, "initrd") && !entry->n_initrds++)
			entry->initrd = keep_path(entry, line);
		else if (text_is(key, "version") && line.len)
			entry->version = arena_strndup(arena, line.at, line.len);
		else if (text_is(key, "sort-key"))
			entry->sort_key = arena_strndup(arena, line.at, line.len);
		else if (text_is(key, "options"))
			entry->options = arena_printf(arena, "%s %.*s", entry->options,
						      (int)line.len, line.at);
	}
}

static int keep_unread(struct entries *entries, const char *path, int error)
{
	struct capture_fault fault = { entries->file->source, EFIMAP_NO_INDEX, path };

	if (error != -ENOENT)
		entries->error = error;
	return capture_add_unread(entries->map, &fault, error);
}

/* Keep an entry if it is the default entry, or newer than those that were read before. */
static int take_entry(void *context, const char *name, mode_t type)
{
	auto_file struct tree_file content = { 0 };
	struct entries *entries = context, found;
	const size_t len = strlen(name), stem = len - strlen(".conf");
	int ret;

	if (len <= strlen(".conf") || strcmp(name + stem, ".conf") != 0)
		return 0;
	if (++entries->n_read > MAX_ENTRIES)
		return 1;
	found = *entries;
	found.path = arena_printf(&entries->map->arena, "%s/%s", entries->directory, name);
	found.version = arena_strndup(&entries->map->arena, name, stem);
	found.image = found.initrd = NULL;
	found.options = found.sort_key = "";
	found.n_initrds = 0;
	ret = root_read(entries->root, found.path, entries->file->part, entries->file->limit,
			entries->file->filter, &content);
	/* A link to a missing file is no entry, and systemd ignores directories. */
	if (ret == -ENOENT || ret == -EISDIR)
		return 0;
	/* The end of a copy may be missing if it is empty, or if its last line has no end. */
	if (!ret && capture_is_offline(entries->map) && (!content.len || content_is_cut(&content)))
		ret = -ENODATA;
	if (ret)
		return keep_unread(entries, found.path, ret);
	parse_entry(&content, &found);
	found.is_mixed |= entries->path && strcmp(found.sort_key, entries->sort_key) != 0;
	found.is_wanted =
		strlen(entries->wanted) == stem && strncmp(name, entries->wanted, stem) == 0;
	if (!entries->path || found.is_wanted ||
	    (!entries->is_wanted && release_compare(found.version, entries->version) > 0))
		*entries = found;
	entries->is_mixed = found.is_mixed;
	return 0;
}

static int keep_entry(const struct entries *entries)
{
	struct kexec_state *kexec = kexec_state(entries->map);
	/* systemctl kexec may choose another entry if a pattern or a sort key decides. */
	const bool is_sure = entries->is_wanted || entries->n_read == 1 ||
			     (!*entries->wanted && !entries->is_mixed);
	const bool is_redacted = entries->root->replay && entries->root->replay->is_redacted;
	struct capture_fault fault = { entries->file->source, EFIMAP_NO_INDEX, entries->path };

	if (!is_sure && (!entries->image || entries->n_initrds > 1))
		return 0;
	kexec->default_entry = entries->path;
	if (!entries->image)
		kexec->entry_refusal = EFIMAP_ENTRY_PROGRAM;
	else if (entries->n_initrds > 1)
		kexec->entry_refusal = EFIMAP_ENTRY_INITRDS;
	/* systemctl kexec passes the options of the entry. Only GRUB expands variables. */
	if (!strchr(entries->options, '$'))
		kexec->entry_off = find_disabling_parameter(entries->options, NULL);
	if (kexec->entry_refusal != EFIMAP_ENTRY_ACCEPTED)
		return 0;
	if (is_redacted && strcmp(entries->image + strlen(entries->mount), "/x") == 0) {
		fault_set(&fault, EFIMAP_STATE_ABSENT, 0,
			  "redaction dropped the path of the image");
		capture_add_fault(entries->map, &fault);
		return 0;
	}
	return add_entry_kernel(entries->root, entries->map,
				is_sure && !is_redacted ? entries->path : NULL, entries->mount,
				entries->image, entries->initrd);
}

int read_boot_entries(struct root *root, struct efimap *map, const struct capture_file *file,
		      struct err *err)
{
	struct entries entries = { .root = root, .map = map, .file = file };
	const char *chosen = find_wanted(&entries, DEFAULT_VARIABLE, filter_variable);
	int ret = 0;

	for (size_t i = 0; file->places[i] && !entries.path; i++) {
		const char *place = file->places[i], *conf;
		const size_t len = strlen(place) - strlen("/entries");

		entries.directory = place;
		entries.mount =
			arena_printf(&map->arena, "/%.*s", (int)(len - strlen("/loader")), place);
		conf = arena_printf(&map->arena, "%.*s/loader.conf", (int)len, place);
		entries.wanted = *chosen ? chosen : find_wanted(&entries, conf, filter_conf);
		ret = root_list(root, place, "", take_entry, &entries);
		if (ret < 0 && ret != -ENOTDIR)
			ret = keep_unread(&entries, place, ret);
		if (ret < 0)
			return ret;
	}
	note_file(map, file, entries.error);
	return entries.path ? keep_entry(&entries) : 0;
}
