/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read boot loader entries and their parameters efi= and noefi, and find crashkernel= in the
 * configuration of the boot loader. "systemctl kexec" starts the next kernel with the parameters of
 * its entry, not with those of the running kernel (load_kexec_kernel() in systemd).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "input/file_readers.h"
#include "input/kept_parameters.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/default_entry.h"
#include "input/tree/read_installed_kernels.h"

static const char crashkernel[] = "crashkernel=";

/* Return whether a line that is no comment contains crashkernel= as a word. */
static bool has_crashkernel(struct text line)
{
	static const char word[] = EFIMAP_LETTERS EFIMAP_DIGITS "_.-";
	const char *start = line.at;

	text_skip_blanks(&line);
	if (line.len && line.at[0] == '#')
		return false;
	while (text_find(&line, crashkernel)) {
		const char *found = line.at - strlen(crashkernel);

		if (found == start || !text_is_one_of(found[-1], word))
			return true;
	}
	return false;
}

/* Keep only "crashkernel=", and only if the file contains it. */
void filter_boot_parameters(char *data, size_t *len)
{
	struct lines lines = { .data = data, .len = *len };
	struct text line;
	bool is_found = false;

	while (!is_found && lines_next(&lines, &line.at, &line.len))
		is_found = has_crashkernel(line);
	*len = is_found ? strlen(crashkernel) : 0;
	memcpy(data, crashkernel, *len);
}

/* Return whether an entry with this key starts an EFI program or a unified kernel image. */
static bool is_program_key(struct text key)
{
	return text_is(key, "efi") || text_is(key, "uki") || text_is(key, "uki-url");
}

/* Return whether systemd uses this key to sort entries. */
static bool is_sort_key(struct text key)
{
	return text_is(key, "version") || text_is(key, "sort-key") || text_is(key, "machine-id");
}

/*
 * Keep only the path and the release of the kernel, its initrds, the key of another program, the
 * keys by which systemd sorts entries, noefi, efi=runtime, efi=noruntime, crashkernel= without its
 * value, and the newline at the end of the file.
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
		size_t value_len;

		/* Skip a line without a blank after the key: the added blank would lengthen it. */
		if (!line.len || !is_blank(line.at[0]))
			continue;
		text_trim(&line);
		if (!line.len || !(is_options || text_is(key, "linux") || text_is(key, "initrd") ||
				   is_sort_key(key) || is_program_key(key)))
			continue;
		value = is_program_key(key) ? memory_strndup("/", 1)
					    : memory_strndup(line.at, line.len);
		value_len = strlen(value);
		if (is_options) {
			const bool is_crash = has_crashkernel((struct text){ value, value_len });

			value_len = keep_efi_parameters(value, value);
			if (is_crash && value_len)
				value[value_len++] = ' ';
			memcpy(value + value_len, crashkernel, is_crash ? strlen(crashkernel) : 0);
			value_len += is_crash ? strlen(crashkernel) : 0;
		}
		if (!value_len)
			continue;
		if (end > data)
			*end++ = '\n';
		memmove(end, key.at, key.len);
		end += key.len;
		*end++ = ' ';
		end = mempcpy(end, value, value_len);
	}
	/* The last line is shorter than the original one, which had this newline. */
	if (is_terminated && end > data)
		*end++ = '\n';
	*len = (size_t)(end - data);
}

/*
 * struct entries - the directory that is being read
 * @file:   the row of files[] in read_tree.c
 * @mount:  the directory at which the file system of the entries is mounted
 * @list:   the entries of all directories that were read
 * @has_unread: an entry or a directory could not be read
 */
struct entries {
	struct root *root;
	struct efimap *map;
	const struct capture_file *file;
	const char *directory;
	const char *mount;
	size_t n_read;
	const struct boot_entry *list;
	bool has_unread;
};

/* Maximum number of entries in a directory. NixOS has an entry per system generation. */
#define MAX_ENTRIES 1024U

/*
 * Return the mount point below which the path of an entry is the path of the image of a kernel, or
 * NULL.
 */
static const char *find_mount(struct text path, const struct installed_kernel *kernel)
{
	static const char *const mounts[] = { "/boot/efi", "/boot", "/efi", "" };
	const char *name = kernel->header.name;

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (strncmp(name, mounts[i], strlen(mounts[i])) == 0 &&
		    text_is(path, name + strlen(mounts[i])))
			return mounts[i];
	return NULL;
}

/*
 * Return whether the entry with @version and the image @path starts the kernel. The path is
 * relative to the root of the file system that contains the entry. On SUSE, the number of a
 * snapshot and "@" precede the release in @version. On NixOS, @version is a sentence.
 */
static bool starts_kernel(struct text version, struct text path,
			  const struct installed_kernel *kernel)
{
	static const char word[] = EFIMAP_LETTERS EFIMAP_DIGITS;
	struct text rest = path;
	const char *release = kernel->header.release;

	while (text_find(&version, "@"))
		;
	if (release_is_valid(version.at, version.len))
		return text_is(version, release);
	if (find_mount(path, kernel))
		return true;
	/* The path must contain the release, but not as a part of a longer word. */
	while (*release && text_find(&rest, release)) {
		const char *start = rest.at - strlen(release);

		if (!(start > path.at && text_is_one_of(start[-1], word)) &&
		    !(rest.len && text_is_one_of(rest.at[0], word)))
			return true;
	}
	return false;
}

static void keep_crashkernel(struct efimap *map, const char *path)
{
	struct kexec_state *kexec = kexec_state(map);

	if (!kexec->crashkernel_in)
		kexec->crashkernel_in = capture_copy_text(map, path);
}

/* Note that an entry is incomplete, unless it is an entry of the running system. */
static void note_incomplete(const struct entries *entries, const char *path, const char *why)
{
	struct capture_fault fault = { entries->file->source, EFIMAP_NO_INDEX, .where = path };

	if (!capture_is_offline(entries->map))
		return;
	fault_set(&fault, EFIMAP_STATE_EMPTY, 0, "%s", why);
	capture_add_fault(entries->map, &fault);
}

/*
 * Keep the initrd that an entry names for a kernel of which no initrd was found under a usual name.
 * Of several entries for the same image, use the first one in the order of the names. An entry with
 * several initrds, or with a variable of GRUB, does not show the size of the initrd.
 */
static int keep_initrd(const struct entries *entries, const char *path, struct text image,
		       struct text initrd, struct installed_kernel *kernel)
{
	const char *mount = find_mount(image, kernel);
	char name[EFIMAP_WHERE_SIZE];

	if (!mount || !initrd.len || initrd.at[0] != '/' || kernel->is_crash ||
	    text_contains(initrd, " ") || text_contains(initrd, "$") ||
	    (!kernel->initrd_entry && (*kernel->initrd || kernel->has_initrd_size)) ||
	    (kernel->initrd_entry && strcmp(kernel->initrd_entry, path) <= 0) ||
	    snprintf(name, sizeof(name), "%s%.*s", mount, (int)initrd.len, initrd.at) >=
		    (int)sizeof(name))
		return 0;
	kernel->initrd_entry = capture_copy_text(entries->map, path);
	return find_entry_initrd(entries->root, entries->map, kernel, name);
}

/* Return the path of a file that an entry names, which may lack the first slash; or NULL. */
static const char *keep_path(struct efimap *map, const char *mount, struct text path)
{
	if (!path.len)
		return NULL;
	return arena_printf(&map->arena, "%s%s%.*s", mount, path.at[0] == '/' ? "" : "/",
			    (int)path.len, path.at);
}

/* Return a copy of a value, or NULL if the value is empty. */
static const char *keep_key(struct efimap *map, struct text value)
{
	return value.len ? arena_strndup(&map->arena, value.at, value.len) : NULL;
}

/* Add an entry to the list from which the default entry is chosen. */
static void add_entry(struct entries *entries, const char *path, const struct boot_entry *entry)
{
	struct efimap *map = entries->map;
	struct boot_entry *added = arena_alloc(&map->arena, sizeof(*added));

	*added = *entry;
	added->next = entries->list;
	added->mount = entries->mount;
	added->path = capture_copy_text(map, path);
	set_entry_id(&map->arena, last_part(added->path), added);
	entries->list = added;
}

/* Keep an entry for all kernels that it starts. */
static int keep_entry(struct entries *entries, const char *path, const struct tree_file *content)
{
	struct efimap *map = entries->map;
	struct lines lines = { .data = content->data, .len = content->len };
	struct text line, image = { "", 0 }, version = { "", 0 }, initrd = { "", 0 };
	/* All lines "options" together, each after a space, are shorter than the entry. */
	char *options = arena_alloc(&map->arena, content->len + 1), *end = options;
	const char *off;
	struct boot_entry entry = { .is_unified = false };
	unsigned int n_initrds = 0;
	bool has_program = false, is_efi = false;
	int ret = 0;

	while (lines_next(&lines, &line.at, &line.len)) {
		const struct text key = text_take_word(&line);

		has_program |= text_is(key, "linux") || is_program_key(key);
		is_efi |= text_is(key, "efi");
		text_skip_blanks(&line);
		if (text_is(key, "linux"))
			image = line;
		else if (text_is(key, "initrd"))
			initrd = ++n_initrds == 1 ? line : (struct text){ "", 0 };
		else if (text_is(key, "version"))
			version = line;
		else if (text_is(key, "sort-key"))
			entry.sort_key = keep_key(map, line) ?: entry.sort_key;
		else if (text_is(key, "machine-id"))
			entry.machine_id = keep_key(map, line) ?: entry.machine_id;
		/* systemd joins the lines "options" of an entry. */
		else if (text_is(key, "options"))
			end = mempcpy(stpcpy(end, " "), line.at, line.len);
	}
	*end = '\0';
	if (!has_program)
		note_incomplete(entries, path, "it names no kernel");
	else if (content->data[content->len - 1] != '\n')
		note_incomplete(entries, path, EFIMAP_NO_NEWLINE);
	if (image.len)
		map->kexec->has_plain_entry = true;
	if (has_crashkernel((struct text){ options, strlen(options) }))
		keep_crashkernel(map, path);
	off = find_disabling_parameter(options, NULL);
	entry.off = off;
	entry.enables = cmdline_has_efi_option(options, "runtime");
	entry.version = keep_key(map, version);
	if (n_initrds > 1)
		entry.refusal = EFIMAP_ENTRY_INITRDS;
	else if (!image.len && is_efi)
		entry.refusal = EFIMAP_ENTRY_PROGRAM;
	entry.image = keep_path(map, entries->mount, image);
	entry.initrd = keep_path(map, entries->mount, initrd);
	add_entry(entries, path, &entry);
	for (size_t i = 0; image.len && i < map->n_kernels && !ret; i++) {
		struct installed_kernel *kernel = &map->kernels[i];
		const char **slot = off		    ? &kernel->disabling_entry
				    : entry.enables ? &kernel->enabling_entry
						    : &kernel->plain_entry;

		ret = keep_initrd(entries, path, image, initrd, kernel);
		if (ret)
			break;
		/* Of several entries, keep the first one in the order of the names. */
		if (!starts_kernel(version, image, kernel) || (*slot && strcmp(*slot, path) <= 0))
			continue;
		*slot = capture_copy_text(map, path);
		if (off)
			kernel->disabling_parameter = off;
	}
	return ret;
}

static int take_entry_name(void *context, const char *name, mode_t type)
{
	static const char end[] = ".conf";
	auto_file struct tree_file content = { 0 };
	struct entries *entries = context;
	const size_t len = strlen(name);
	char path[EFIMAP_WHERE_SIZE];
	struct capture_fault fault = { entries->file->source, EFIMAP_NO_INDEX, .where = path };
	int ret;

	if (len < sizeof(end) || strcasecmp(name + len - strlen(end), end) != 0 ||
	    snprintf(path, sizeof(path), "%s/%s", entries->directory, name) >= (int)sizeof(path))
		return 0;
	if (entries->n_read++ == MAX_ENTRIES) {
		entries->has_unread = true;
		fault.where = entries->directory;
		fault_set(&fault, EFIMAP_STATE_TOO_LONG, 0, "more than %u entries", MAX_ENTRIES);
		capture_add_fault(entries->map, &fault);
		return 0;
	}
	if (entries->n_read > MAX_ENTRIES)
		return 0;
	ret = root_read(entries->root, path, entries->file->part, entries->file->limit,
			entries->file->filter, &content);
	/* A link to a missing file is no entry. */
	entries->has_unread |= ret && ret != -ENOENT;
	/* systemd ignores directories, devices and FIFOs, but a copy may have them by mistake. */
	if (ret == -EISDIR || ret == -ENXIO || ret == -EAGAIN) {
		note_incomplete(entries, path, "not a regular file");
		return 0;
	}
	return ret ? capture_add_unread(entries->map, &fault, ret)
		   : keep_entry(entries, path, &content);
}

/* Add a unified kernel image, which is an entry (type 2), to the list. Its image is not read. */
static int take_unified_name(void *context, const char *name, mode_t type)
{
	static const char end[] = ".efi";
	struct entries *entries = context;
	const size_t len = strlen(name);
	struct boot_entry entry = { .is_unified = true };
	char path[EFIMAP_WHERE_SIZE];

	if (len < sizeof(end) || strcasecmp(name + len - strlen(end), end) != 0 ||
	    snprintf(path, sizeof(path), "%s/%s", entries->directory, name) >= (int)sizeof(path))
		return 0;
	if (++entries->n_read > MAX_ENTRIES) {
		entries->has_unread = true;
		return 0;
	}
	entry.image = arena_printf(&entries->map->arena, "/%s", path);
	add_entry(entries, path, &entry);
	return 0;
}

/* Return whether the reader of installed kernels has reported a directory that cannot be listed. */
static bool is_reported(const struct efimap *map, const char *directory)
{
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		if (!*map->unread_kernels[i].image &&
		    strcmp(map->unread_kernels[i].fault.where + 1, directory) == 0)
			return true;
	return false;
}

int read_boot_entries(struct root *root, struct efimap *map, const struct capture_file *file,
		      struct err *err)
{
	static const char *const mounts[] = { "/efi", "/boot/efi", "/boot" };
	struct entries entries = { .root = root, .map = map, .file = file };
	char directory[EFIMAP_WHERE_SIZE];
	int ret = 0;

	for (size_t i = 0; file->places[i] && !ret; i++) {
		struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, file->places[i] };
		const char *place = file->places[i];

		entries.directory = place;
		entries.n_read = 0;
		entries.mount =
			arena_printf(&map->arena, "/%.*s",
				     (int)(strlen(place) - strlen("/loader/entries")), place);
		ret = root_list(root, place, "", take_entry_name, &entries);
		entries.has_unread |= ret && ret != -ENOENT && ret != -ENOTDIR;
		if (ret)
			ret = ret == -ENOTDIR ? 0 : capture_add_unread(map, &fault, ret);
	}
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]) && !ret; i++) {
		struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, directory };

		entries.directory = directory;
		entries.mount = mounts[i];
		snprintf(directory, sizeof(directory), "%s/EFI/Linux", mounts[i] + 1);
		ret = root_list(root, directory, "", take_unified_name, &entries);
		entries.has_unread |= ret && ret != -ENOENT && ret != -ENOTDIR;
		if (ret == -ENOTDIR || (!errno_is_fatal(ret) && is_reported(map, directory)))
			ret = 0;
		if (ret)
			ret = capture_add_unread(map, &fault, ret);
	}
	return ret ? ret : find_default_entry(root, map, entries.list, !entries.has_unread);
}

/* Read a file that may contain kernel parameters. The name is that of a directory or a file. */
static void keep_parameters(struct entries *entries, const char *path, const char *name)
{
	auto_file struct tree_file content = { 0 };
	const int ret = root_read(entries->root, path, entries->file->part, entries->file->limit,
				  entries->file->filter, &content);

	if (!ret && content.len)
		keep_crashkernel(entries->map, name);
}

static int take_parameters_name(void *context, const char *name, mode_t type)
{
	struct entries *entries = context;
	const char *end = strrchr(name, '.');
	char path[EFIMAP_WHERE_SIZE];

	if (!end || (strcmp(end, ".cfg") != 0 && strcmp(end, ".conf") != 0) ||
	    snprintf(path, sizeof(path), "%s/%s", entries->directory, name) >= (int)sizeof(path) ||
	    ++entries->n_read > MAX_ENTRIES)
		return 0;
	keep_parameters(entries, path, entries->directory);
	return 0;
}

/*
 * Find crashkernel= in the files from which boot loader entries are made. A file that cannot be
 * read is skipped, because no answer needs it.
 */
int read_boot_parameters(struct root *root, struct efimap *map, const struct capture_file *file,
			 struct err *err)
{
	for (size_t i = 0; file->places[i]; i++) {
		const char *place = file->places[i], *end = place + strlen(place) - strlen(".d");
		struct entries entries = { root, map, file, .directory = place };

		if (strcmp(end, ".d") == 0)
			root_list(root, place, "", take_parameters_name, &entries);
		else
			keep_parameters(&entries, place, place);
	}
	return 0;
}
