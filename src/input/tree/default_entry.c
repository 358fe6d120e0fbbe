/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Choose the boot loader entry that systemctl kexec loads, as systemd does
 * (boot_entries_select_default() in systemd). The first of these that matches the id of an entry
 * decides: the EFI variables LoaderEntryOneShot, LoaderEntryPreferred and LoaderEntryDefault, and
 * "preferred" and "default" in loader.conf. If none matches, the first entry in the order of
 * boot_entry_compare() is used. Older versions sort in the reverse order, but use the last entry.
 * Only versions that read LoaderEntryPreferred set it.
 *
 * systemd reads the entries of the EFI system partition and of the extended boot loader partition,
 * and no file shows which directory is such a partition. The entry is therefore only known if
 * LoaderEntrySelected, which systemd-boot sets at each boot, names an entry in the same file
 * system. A copy of a system may lack a variable that the system has, so the entry is unknown
 * there.
 */
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>
#include <strings.h>

#include "base/sort.h"
#include "base/text_scan.h"
#include "capture/kernel_release.h"
#include "input/file_readers.h"
#include "input/tree/default_entry.h"
#include "input/tree/read_installed_kernels.h"

#define VARIABLE(name) "sys/firmware/efi/efivars/" name "-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
#define VARIABLE_BYTES 4096U
#define CONF_BYTES ((size_t)64 << 10)

/* Maximum number of "*" in a pattern. The time of fnmatch() grows exponentially with it. */
#define MAX_STARS 2

/* The names of entries, in the order in which systemd uses them */
enum choice {
	CHOICE_ONE_SHOT,
	CHOICE_PREFERRED,
	CHOICE_DEFAULT,
	CHOICE_CONF_PREFERRED,
	CHOICE_CONF_DEFAULT,
	CHOICE_SELECTED,
	N_CHOICES,
};

/*
 * @names:     the name or pattern of each choice, or NULL
 * @is_unread: a file that exists and may contain one of them could not be read
 */
struct choices {
	const char *names[N_CHOICES];
	bool is_unread;
};

/*
 * Replace the content of an EFI variable, which is four bytes of attributes and a text in UTF-16,
 * with a line of ASCII. A recording contains this line. Keep nothing of another content.
 */
static void filter_loader_variable(char *data, size_t *len)
{
	char *to = data;

	if (!memchr(data, '\0', *len))
		return;
	for (size_t i = 4; i + 1 < *len; i += 2) {
		if (data[i + 1] != '\0' || (unsigned char)data[i] >= 0x7f ||
		    (data[i] && (unsigned char)data[i] <= ' '))
			break;
		if (!data[i]) {
			*to++ = '\n';
			*len = (size_t)(to - data);
			return;
		}
		*to++ = data[i];
	}
	*len = 0;
}

static bool selects_entry(struct text line)
{
	const struct text key = text_take_word(&line);

	return text_is(key, "default") || text_is(key, "preferred");
}

static void filter_loader_conf(char *data, size_t *len)
{
	lines_filter(data, len, selects_entry);
}

/* Add a fault for a file of which the choice may be hidden. */
static int add_unread(struct efimap *map, struct choices *choices, const char *path, int error)
{
	struct capture_fault fault = { EFIMAP_SRC_KEXEC, EFIMAP_NO_INDEX, .where = path };

	choices->is_unread = true;
	if (error)
		return capture_add_unread(map, &fault, error);
	fault_set(&fault, EFIMAP_STATE_SYNTAX, 0, "expected the name of a boot loader entry");
	capture_add_fault(map, &fault);
	return 0;
}

static bool is_missing(int ret)
{
	return ret == -ENOENT || ret == -ENOTDIR;
}

static int read_variable(struct root *root, struct efimap *map, const char *path,
			 struct choices *choices, enum choice choice)
{
	auto_file struct tree_file content = { 0 };
	int ret = root_read(root, path, EFIMAP_READ_WHOLE, VARIABLE_BYTES, filter_loader_variable,
			    &content);

	if (is_missing(ret))
		return 0;
	if (ret || !content.len || content.data[content.len - 1] != '\n')
		return errno_is_fatal(ret) ? ret : add_unread(map, choices, path, ret);
	choices->names[choice] = arena_strndup(&map->arena, content.data, content.len - 1);
	return 0;
}

static void parse_conf(struct efimap *map, const struct tree_file *content, struct choices *choices)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct text line;

	while (lines_next(&lines, &line.at, &line.len)) {
		const struct text key = text_take_word(&line);

		text_trim(&line);
		if (line.len && (text_is(key, "default") || text_is(key, "preferred")))
			choices->names[text_is(key, "default") ? CHOICE_CONF_DEFAULT
							       : CHOICE_CONF_PREFERRED] =
				arena_strndup(&map->arena, line.at, line.len);
	}
}

/* Read loader.conf, of which systemd only reads the file on the EFI system partition. */
static int read_conf(struct root *root, struct efimap *map, struct choices *choices)
{
	static const char *const paths[] = { "efi/loader/loader.conf", "boot/loader/loader.conf",
					     "boot/efi/loader/loader.conf" };
	unsigned int n_found = 0;
	int ret = 0;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]) && !ret; i++) {
		auto_file struct tree_file content = { 0 };

		ret = root_read(root, paths[i], EFIMAP_READ_WHOLE, CONF_BYTES, filter_loader_conf,
				&content);
		if (!ret && n_found++)
			choices->is_unread = true;
		if (is_missing(ret))
			ret = 0;
		else if (ret)
			ret = errno_is_fatal(ret) ? ret : add_unread(map, choices, paths[i], ret);
		else
			parse_conf(map, &content, choices);
	}
	return ret;
}

static int read_choices(struct root *root, struct efimap *map, struct choices *choices)
{
	static const struct {
		const char *path;
		enum choice choice;
	} variables[] = {
		{ VARIABLE("LoaderEntryOneShot"), CHOICE_ONE_SHOT },
		{ VARIABLE("LoaderEntryPreferred"), CHOICE_PREFERRED },
		{ VARIABLE("LoaderEntryDefault"), CHOICE_DEFAULT },
		{ VARIABLE("LoaderEntrySelected"), CHOICE_SELECTED },
	};
	int ret = 0;

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]) && !ret; i++)
		ret = read_variable(root, map, variables[i].path, choices, variables[i].choice);
	/* Redaction changes the order of names, but all variables then name the default entry. */
	if (root->replay && root->replay->is_redacted)
		choices->names[CHOICE_ONE_SHOT] = choices->names[CHOICE_SELECTED];
	return ret ? ret : read_conf(root, map, choices);
}

/*
 * Compare two entries as boot_entry_compare() does. Return false if the order is not known. The
 * sort key and the version of a unified kernel image are in a section that is not read, and in
 * systemd, "-rc1" is newer than the end of the text.
 */
static bool is_order_known(const struct boot_entry *a, const struct boot_entry *b, int *ret_order)
{
	int order = a->is_spent - b->is_spent;

	if (!order && (a->is_unified || b->is_unified))
		return false;
	if (!order)
		order = !a->sort_key - !b->sort_key;
	if (!order && a->sort_key) {
		order = strcmp(a->sort_key, b->sort_key);
		if (!order)
			order = order_texts(a->machine_id, b->machine_id);
		if (!order && a->version && b->version) {
			if (strstr(a->version, "-rc") || strstr(b->version, "-rc"))
				return false;
			order = -release_compare(a->version, b->version);
		} else if (!order) {
			order = -order_texts(a->version, b->version);
		}
	}
	if (!order) {
		if (strstr(a->id, "-rc") || strstr(b->id, "-rc"))
			return false;
		order = -release_compare(a->id, b->id);
	}
	*ret_order = order;
	return order != 0;
}

/*
 * Find the first entry that a name matches, or the first of all entries if @name is NULL. Store
 * NULL if there is none. Return false if the result is not known.
 */
static bool match_entry(const struct boot_entry *entries, const char *name,
			const struct boot_entry **ret_entry)
{
	const struct boot_entry *found = NULL;
	unsigned int n_stars = 0;

	for (const char *at = name; at && (at = strchr(at, '*')); at++)
		n_stars++;
	/* fnmatch() may compare each character of an id with the complete pattern. */
	if (n_stars > MAX_STARS || (name && strlen(name) > NAME_MAX))
		return false;
	for (const struct boot_entry *entry = entries; entry; entry = entry->next) {
		int order;

		if (name && fnmatch(name, entry->id, FNM_CASEFOLD) != 0)
			continue;
		if (found && !is_order_known(found, entry, &order))
			return false;
		if (!found || order > 0)
			found = entry;
	}
	*ret_entry = found;
	return true;
}

static bool select_entry(const struct boot_entry *entries, const struct choices *choices,
			 const struct boot_entry **ret_entry)
{
	const char *selected = choices->names[CHOICE_SELECTED];

	*ret_entry = NULL;
	for (unsigned int i = 0; i < CHOICE_SELECTED && !*ret_entry; i++) {
		const char *name = choices->names[i];

		if (name && strcasecmp(name, "@saved") == 0)
			name = selected;
		/* A name such as "linux.efi@debug" selects a profile of a unified kernel image. */
		if (name && name[0] != '@' &&
		    (strchr(name, '@') || !match_entry(entries, name, ret_entry)))
			return false;
	}
	return *ret_entry || match_entry(entries, NULL, ret_entry);
}

void set_entry_id(struct arena *arena, const char *name, struct boot_entry *entry)
{
	const char *end = strrchr(name, '.'), *plus = strrchr(name, '+'), *at = plus;
	size_t digits = 0;

	if (plus && plus < end) {
		digits = strspn(++at, EFIMAP_DIGITS);
		entry->is_spent = digits && strspn(at, "0") == digits;
		at += digits;
		if (digits && *at == '-' && strspn(at + 1, EFIMAP_DIGITS))
			at += 1 + strspn(at + 1, EFIMAP_DIGITS);
	}
	if (!digits || at != end) {
		entry->is_spent = false;
		entry->id = arena_strndup(arena, name, strlen(name));
		return;
	}
	entry->id = arena_printf(arena, "%.*s%s", (int)(plus - name), name, end);
}

/* Let only the default entry count for the kernels, because systemctl kexec uses no other entry. */
static void keep_default(struct efimap *map, const struct boot_entry *entry,
			 struct installed_kernel *kernel)
{
	for (size_t i = 0; i < map->n_kernels; i++) {
		map->kernels[i].disabling_entry = NULL;
		map->kernels[i].enabling_entry = NULL;
		map->kernels[i].plain_entry = NULL;
	}
	map->kexec->default_entry = entry->path;
	map->kexec->entry_refusal = entry->refusal;
	if (!kernel)
		return;
	kernel->is_default = true;
	for (size_t i = 0; i < map->n_kernels; i++) {
		struct installed_kernel *other = &map->kernels[i];
		const int newer = release_compare(kernel->header.release, other->header.release);

		if (!other->is_newest || newer < 0)
			continue;
		kernel->is_newest = true;
		other->is_newest = newer == 0;
	}
	kernel->disabling_parameter = entry->off;
	if (entry->is_unified)
		return;
	if (entry->off)
		kernel->disabling_entry = entry->path;
	else if (entry->enables)
		kernel->enabling_entry = entry->path;
	else
		kernel->plain_entry = entry->path;
}

/* If the default entry is unknown, keep the first entry, by its path, with several initrds. */
static void keep_refused(struct efimap *map, const struct boot_entry *entries)
{
	const char *found = NULL;

	for (; entries; entries = entries->next)
		if (entries->refusal == EFIMAP_ENTRY_INITRDS &&
		    (!found || strcmp(entries->path, found) < 0))
			found = entries->path;
	map->kexec->entry_with_initrds = found;
}

int find_default_entry(struct root *root, struct efimap *map, const struct boot_entry *entries,
		       bool is_complete)
{
	const struct boot_entry *selected, *found;
	struct installed_kernel *kernel = NULL;
	struct choices choices = { .is_unread = false };
	int ret;

	if (capture_is_offline(map)) {
		keep_refused(map, entries);
		return 0;
	}
	if (!entries) {
		map->kexec->entry_refusal = is_complete ? EFIMAP_ENTRY_NONE : EFIMAP_ENTRY_ACCEPTED;
		return 0;
	}
	ret = read_choices(root, map, &choices);
	if (ret || choices.is_unread || !is_complete || !choices.names[CHOICE_SELECTED] ||
	    !match_entry(entries, choices.names[CHOICE_SELECTED], &selected) || !selected ||
	    !select_entry(entries, &choices, &found) || !found ||
	    !(found->image || found->refusal) || strcmp(found->mount, selected->mount) != 0) {
		keep_refused(map, entries);
		return ret;
	}
	if (root->record)
		root->record->default_entry =
			arena_strndup(&root->record->texts, found->path, strlen(found->path));
	if (found->refusal) {
		keep_default(map, found, NULL);
		return 0;
	}
	for (size_t i = 0; i < map->n_kernels && !kernel; i++)
		if (strcmp(map->kernels[i].header.name, found->image) == 0)
			kernel = &map->kernels[i];
	if (kernel && found->initrd) {
		ret = find_entry_initrd(root, map, kernel, found->initrd);
	} else if (kernel && !found->is_unified) {
		kernel->initrd = "";
		kernel->initrd_error = NULL;
		kernel->has_initrd_size = true;
		kernel->initrd_size = 0;
		kernel->unpacked = (struct unpacked_size){ .is_known = false };
	}
	if (!kernel) {
		ret = add_entry_kernel(root, map, found->image, found->initrd, found->path);
		if (ret < 0)
			return ret;
		kernel = ret ? NULL : &map->kernels[map->n_kernels - 1];
		ret = 0;
	}
	if (!ret)
		keep_default(map, found, kernel);
	return ret;
}
