/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Find the boot loader entry of type 1 that systemctl kexec loads: the one that the EFI variable
 * LoaderEntryDefault or "default" in loader.conf names exactly, or else the newest. Patterns,
 * counters and unified kernel images are not evaluated, so the answer names the entry.
 */
#include <errno.h>
#include <string.h>

#include "base/output_buffer.h"
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "infer/booted_by.h"
#include "input/file_readers.h"
#include "input/kept_parameters.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_installed_kernels.h"

#define DEFAULT_VARIABLE                                                                           \
	"sys/firmware/efi/efivars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"

/* Maximum number of entries in a directory. NixOS has an entry per system generation. */
#define MAX_ENTRIES 1024U

/*
 * @version:   the key "version" or, without it, the name of the file
 * @options:   all values of the key "options"
 * @n_initrds: number of keys "initrd", of which @initrd is the first
 */
struct entry {
	const char *path;
	const char *version;
	const char *image;
	const char *initrd;
	const char *options;
	const char *sort_key;
	unsigned int n_initrds;
	enum entry_refusal refusal;
	bool is_wanted;
};

/*
 * @wanted:   name of the default entry, without ".conf"; "" if it is unknown
 * @is_mixed: entries have different values of "sort-key", which precedes the version
 * @best:     the default entry or, if it was not found, the newest
 */
struct entries {
	struct root *root;
	struct efimap *map;
	const struct capture_file *file;
	const char *directory;
	const char *mount;
	const char *wanted;
	unsigned int n_read;
	bool is_mixed;
	struct entry best;
};

/*
 * Keep the lines with the paths of the kernel, of the initrds or of another program, and with the
 * version, and of the options only those that affect an answer, and a "$", which only GRUB expands.
 */
void filter_boot_entry(char *data, size_t *len)
{
	const bool is_terminated = *len && data[*len - 1] == '\n';
	struct lines lines = { .data = data, .len = *len };
	struct text line;
	char *end = data;

	while (lines_next(&lines, &line.at, &line.len)) {
		struct text rest = line;
		const struct text key = text_take_word(&rest);
		auto_free char *kept = memory_strndup(line.at, line.len);

		text_trim(&rest);
		if (!rest.len)
			continue;
		if (text_is(key, "options")) {
			auto_free char *options = memory_strndup(rest.at, rest.len);
			char *value = stpcpy(kept, "options ");

			if (strchr(options, '$'))
				stpcpy(value, "$");
			else
				capture_keep_parameters(options, value);
			if (!*value)
				continue;
		} else if (!text_is(key, "linux") && !text_is(key, "initrd") &&
			   !text_is(key, "version") && !text_is(key, "sort-key") &&
			   !text_is(key, "efi") && !text_is(key, "uki")) {
			continue;
		}
		if (end > data)
			*end++ = '\n';
		end = mempcpy(end, kept, strlen(kept));
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
	struct text rest, word, name = { "", 0 };

	if (root_read(entries->root, path, entries->file->part, entries->file->limit, filter,
		      &content))
		return "";
	rest = (struct text){ content.data, content.len };
	for (word = text_take_word(&rest); word.len; word = text_take_word(&rest))
		name = word;
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

static void parse_entry(const struct entries *entries, const struct tree_file *content,
			struct entry *entry)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct arena *arena = &entries->map->arena;
	auto_out struct out options = EFIMAP_OUT_MEM;
	struct text line;

	while (lines_next(&lines, &line.at, &line.len)) {
		const struct text key = text_take_word(&line);

		text_trim(&line);
		if (text_is(key, "linux"))
			entry->image = keep_path(entries, line);
		else if (text_is(key, "initrd") && !entry->n_initrds++)
			entry->initrd = keep_path(entries, line);
		else if (text_is(key, "version"))
			entry->version = arena_strndup(arena, line.at, line.len);
		else if (text_is(key, "sort-key"))
			entry->sort_key = arena_strndup(arena, line.at, line.len);
		else if (text_is(key, "options"))
			out_printf(&options, " %.*s", (int)line.len, line.at);
	}
	entry->options = options.used ? arena_strndup(arena, options.data, options.used) : "";
	if (!entry->image)
		entry->refusal = EFIMAP_ENTRY_PROGRAM;
	else if (entry->n_initrds > 1)
		entry->refusal = EFIMAP_ENTRY_INITRDS;
}

static int keep_unread(const struct entries *entries, const char *path, int error)
{
	struct capture_fault fault = { entries->file->source, EFIMAP_NO_INDEX, path };

	note_file(entries->map, entries->file, error);
	return capture_add_unread(entries->map, &fault, error);
}

/* Keep an entry if it is the default entry, or newer than those that were read before. */
static int take_entry(void *context, const char *name, mode_t type)
{
	auto_file struct tree_file content = { 0 };
	struct entries *entries = context;
	const size_t len = strlen(name), stem = len - strlen(".conf");
	struct entry *best = &entries->best, found = { .sort_key = "" };
	int ret;

	if (len <= strlen(".conf") || strcmp(name + stem, ".conf") != 0)
		return 0;
	if (++entries->n_read > MAX_ENTRIES)
		return 1;
	found.path = arena_printf(&entries->map->arena, "%s/%s", entries->directory, name);
	found.version = arena_strndup(&entries->map->arena, name, stem);
	found.is_wanted = strcmp(found.version, entries->wanted) == 0;
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
	parse_entry(entries, &content, &found);
	entries->is_mixed |= best->path && strcmp(found.sort_key, best->sort_key) != 0;
	if (!best->path || found.is_wanted ||
	    (!best->is_wanted && release_compare(found.version, best->version) > 0))
		*best = found;
	return 0;
}

/* Return whether redaction dropped a path below the mount of the entries. @path may be NULL. */
static bool is_dropped(const struct entries *entries, const char *path)
{
	return path && entries->root->replay && entries->root->replay->is_redacted &&
	       strcmp(path + strlen(entries->mount), "/x") == 0;
}

static int keep_entry(const struct entries *entries)
{
	struct kexec_state *kexec = kexec_state(entries->map);
	const struct entry *entry = &entries->best;
	/* systemctl kexec may choose another entry if a pattern or a sort key decides. */
	const bool is_sure = entry->is_wanted || (!*entries->wanted && !entries->is_mixed);
	const char *named = is_sure && !is_dropped(entries, entry->initrd) ? entry->path : NULL;

	if (!is_sure && entry->refusal != EFIMAP_ENTRY_ACCEPTED)
		return 0;
	kexec->default_entry = entry->path;
	kexec->entry_refusal = entry->refusal;
	/* systemctl kexec passes the options of the entry. Only GRUB expands variables. */
	if (!strchr(entry->options, '$'))
		kexec->entry_off = find_disabling_parameter(entry->options, NULL);
	if (entry->refusal != EFIMAP_ENTRY_ACCEPTED)
		return 0;
	if (is_dropped(entries, entry->image))
		return keep_unread(entries, entry->path, -EFIMAP_NOT_RECORDED);
	return add_entry_kernel(entries->root, entries->map, named, entries->mount, entry->image,
				entry->initrd);
}

int read_boot_entries(struct root *root, struct efimap *map, const struct capture_file *file,
		      struct err *err)
{
	struct entries entries = { .root = root, .map = map, .file = file };
	const char *chosen = "";
	int ret;

	/* A firmware call could hang a crash kernel before it saves the dump. */
	if (!is_crash_kernel(map))
		chosen = find_wanted(&entries, DEFAULT_VARIABLE, filter_variable);
	note_file(map, file, 0);
	for (size_t i = 0; file->places[i] && !entries.best.path; i++) {
		const char *place = file->places[i];
		const int len = (int)(strlen(place) - strlen("/entries"));
		const char *conf = arena_printf(&map->arena, "%.*s/loader.conf", len, place);

		entries.directory = place;
		entries.mount =
			arena_printf(&map->arena, "/%.*s", len - (int)strlen("/loader"), place);
		entries.wanted = *chosen ? chosen : find_wanted(&entries, conf, filter_conf);
		ret = root_list(root, place, "", take_entry, &entries);
		if (ret < 0 && ret != -ENOENT && ret != -ENOTDIR)
			ret = keep_unread(&entries, place, ret);
		if (errno_is_fatal(ret))
			return ret;
	}
	return entries.best.path ? keep_entry(&entries) : 0;
}
