/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Members of an archive, shown as the files of a tree. Nothing is opened: directories are
 * runs of a sorted table. Must not know which files matter.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "read/tree/members.h"

/* A reader has a directory open, and at most one below it. */
#define MAX_OPEN 4

/*
 * struct open_dir - a directory that a reader has open
 * @prefix: what the paths in it start with, "X/sys/firmware/memmap/"; NULL: unused
 * @len:    of that
 * @first:  position of the first member in it
 * @name:   the name read last
 */
struct open_dir {
	char *prefix;
	size_t len;
	size_t first;
	char name[NAME_MAX + 1];
};

struct members_root {
	struct efimap_root base;
	struct efimap_member_table table;
	struct open_dir open[MAX_OPEN];
};

static struct members_root *to_members(struct efimap_root *root)
{
	return (struct members_root *)(void *)root;
}

/* Position of the first member that does not come before @path. */
static size_t find(const struct efimap_member_table *table, const char *path)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (efimap_path_compare(table->members[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct efimap_member *lookup(const struct efimap_member_table *table,
					  const char *path)
{
	const size_t at = find(table, path);

	if (at == table->count || strcmp(table->members[at].path, path) != 0)
		return NULL;
	return &table->members[at];
}

static bool begins(const char *path, const char *prefix, size_t len)
{
	return strncmp(path, prefix, len) == 0;
}

/* Is there something below it? Then it is a directory, also where no member says so. */
static bool has_content(const struct efimap_member_table *table, const char *path)
{
	char prefix[PATH_MAX + 1];
	const int len = snprintf(prefix, sizeof(prefix), "%s/", path);
	const size_t at = find(table, prefix);

	return at < table->count && begins(table->members[at].path, prefix, (size_t)len);
}

static bool is_dir(const struct efimap_member_table *table, const char *path)
{
	const struct efimap_member *member = lookup(table, path);

	return member ? member->type == EFIMAP_MEMBER_DIR : has_content(table, path);
}

/* What opening for reading what is no regular file would say. */
static int refusal(enum efimap_member_type type)
{
	static const int refusals[] = {
		[EFIMAP_MEMBER_FILE] = 0,
		[EFIMAP_MEMBER_DIR] = -EISDIR,
		[EFIMAP_MEMBER_SYMLINK] = -ELOOP,
		[EFIMAP_MEMBER_HARDLINK] = -EMLINK,
		[EFIMAP_MEMBER_SPECIAL] = -ENXIO,
	};

	return refusals[type];
}

/* Why there is nothing at @path: what lies on the way there? */
static int why_absent(const struct efimap_member_table *table, const char *path)
{
	char way[PATH_MAX];

	if (!memccpy(way, path, '\0', sizeof(way)))
		return -ENAMETOOLONG;
	for (char *end = strrchr(way, '/'); end; end = strrchr(way, '/')) {
		const struct efimap_member *member;

		*end = '\0';
		member = lookup(table, way);
		if (member && member->type != EFIMAP_MEMBER_DIR)
			return member->type == EFIMAP_MEMBER_SYMLINK ? -ELOOP : -ENOTDIR;
	}
	return -ENOENT;
}

/* NULL where there is no regular file, and why in @ret_error. */
static const struct efimap_member *find_file(const struct efimap_member_table *table,
					     const char *path, int *ret_error)
{
	const struct efimap_member *member = lookup(table, path);

	if (member)
		*ret_error = refusal(member->type);
	else
		*ret_error = has_content(table, path) ? -EISDIR : why_absent(table, path);
	return *ret_error ? NULL : member;
}

/* @path below the directory that the tree lies in. */
static int full_path(const struct efimap_root *root, const char *path, char full[PATH_MAX])
{
	const int len = snprintf(full, PATH_MAX, "%s%s%s", root->inner,
				 root->inner[0] ? "/" : "", path);

	return len < PATH_MAX ? 0 : -ENAMETOOLONG;
}

static int members_open_dir(struct efimap_root *root, const char *path,
			    struct efimap_dir *ret_dir)
{
	struct members_root *self = to_members(root);
	char full[PATH_MAX];
	int ret = full_path(root, path, full);
	int slot = 0;

	if (ret)
		return ret;
	if (!is_dir(&self->table, full)) {
		find_file(&self->table, full, &ret);
		/* A hard link or device is as little a directory as a file is. */
		return ret == -ENOENT || ret == -ELOOP ? ret : -ENOTDIR;
	}
	while (slot < MAX_OPEN && self->open[slot].prefix)
		slot++;
	if (slot == MAX_OPEN)
		return -EMFILE;

	struct open_dir *open = &self->open[slot];

	if (asprintf(&open->prefix, "%s/", full) < 0) {
		open->prefix = NULL;
		return -ENOMEM;
	}
	open->len = strlen(open->prefix);
	open->first = find(&self->table, open->prefix);
	*ret_dir = (struct efimap_dir){ .root = root, .path = path, .handle = slot,
					.cursor = open->first };
	return 0;
}

static mode_t mode_of(enum efimap_member_type type)
{
	static const mode_t modes[] = {
		[EFIMAP_MEMBER_FILE] = S_IFREG,	   [EFIMAP_MEMBER_DIR] = S_IFDIR,
		[EFIMAP_MEMBER_SYMLINK] = S_IFLNK, [EFIMAP_MEMBER_HARDLINK] = S_IFLNK,
		[EFIMAP_MEMBER_SPECIAL] = S_IFCHR,
	};

	return modes[type];
}

static int members_next_name(struct efimap_dir *dir, struct efimap_name *ret_name)
{
	struct members_root *self = to_members(dir->root);
	const struct efimap_member_table *table = &self->table;
	struct open_dir *open = &self->open[dir->handle];
	const struct efimap_member *member;
	size_t len;

	if (dir->cursor >= table->count)
		return 0;
	member = &table->members[dir->cursor];
	if (!begins(member->path, open->prefix, open->len))
		return 0;
	len = strcspn(member->path + open->len, "/");
	memcpy(open->name, member->path + open->len, len);
	open->name[len] = '\0';
	ret_name->text = open->name;
	ret_name->type = member->path[open->len + len] ? S_IFDIR : mode_of(member->type);
	/* Past all that lies below it. */
	len += open->len;
	do {
		dir->cursor++;
	} while (dir->cursor < table->count &&
		 begins(table->members[dir->cursor].path, member->path, len) &&
		 table->members[dir->cursor].path[len] == '/');
	return 1;
}

static void members_leave_dir(struct efimap_root *root, int dir)
{
	struct open_dir *open = &to_members(root)->open[dir];

	free(open->prefix);
	open->prefix = NULL;
}

static ssize_t members_read_value(const struct efimap_dir *dir, const char *path, char *buf,
				  size_t size)
{
	struct members_root *self = to_members(dir->root);
	const struct efimap_member *member;
	char full[PATH_MAX];
	int ret = snprintf(full, sizeof(full), "%s%s", self->open[dir->handle].prefix,
			   path);

	if (ret >= PATH_MAX)
		return -ENAMETOOLONG;
	member = find_file(&self->table, full, &ret);
	if (!member)
		return ret;
	if (size > member->kept)
		size = member->kept;
	if (size)
		memcpy(buf, member->data, size);
	return (ssize_t)size;
}

static int members_read_file(struct efimap_root *root, const char *path, size_t limit,
			     bool is_head, struct efimap_file *ret_file)
{
	struct members_root *self = to_members(root);
	const struct efimap_member *member;
	char full[PATH_MAX], *data;
	int ret = full_path(root, path, full);
	size_t len;

	if (ret)
		return ret;
	member = find_file(&self->table, full, &ret);
	if (!member)
		return ret;
	if (!is_head && member->size > limit)
		return -E2BIG;
	len = member->kept < limit ? member->kept : limit;
	data = malloc(len + 1);
	if (!data)
		return -ENOMEM;
	if (len)
		memcpy(data, member->data, len);
	data[len] = '\0';
	*ret_file = (struct efimap_file){ .data = data, .len = len };
	return 0;
}

static int members_file_size(struct efimap_root *root, const char *path, uint64_t *ret_size)
{
	const struct efimap_member *member;
	char full[PATH_MAX];
	int ret = full_path(root, path, full);

	if (ret)
		return ret;
	member = find_file(&to_members(root)->table, full, &ret);
	if (member)
		*ret_size = member->size;
	return ret;
}

static void members_free(struct efimap_root *root)
{
	for (int i = 0; i < MAX_OPEN; i++)
		members_leave_dir(root, i);
	free(to_members(root));
}

static const struct efimap_root_ops members_ops = {
	.read_value = members_read_value,
	.leave_dir = members_leave_dir,
	.free = members_free,
	.open_dir = members_open_dir,
	.next_name = members_next_name,
	.read_file = members_read_file,
	.file_size = members_file_size,
};

/* Does @path, "" for the top, hold sys/ or proc/? */
static bool is_tree(const struct efimap_member_table *table, const char *top)
{
	static const char *const names[] = { "sys", "proc" };
	char path[NAME_MAX + 8];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(path, sizeof(path), "%s%s%s", top, *top ? "/" : "", names[i]);
		if (is_dir(table, path))
			return true;
	}
	return false;
}

/* The one directory that holds a tree: -ENOENT for none, -EMLINK for several. */
static int find_inner(const struct efimap_member_table *table, char inner[NAME_MAX + 1])
{
	char top[NAME_MAX + 1] = "";
	bool found = false;

	for (size_t i = 0; i < table->count; i++) {
		const char *path = table->members[i].path;
		const size_t len = strcspn(path, "/");

		/* Members of one directory follow each other. */
		if (begins(path, top, len) && !top[len])
			continue;
		memcpy(top, path, len);
		top[len] = '\0';
		if (top[0] == '.' || !is_tree(table, top))
			continue;
		if (found)
			return -EMLINK;
		found = true;
		memcpy(inner, top, len + 1);
	}
	return found ? 0 : -ENOENT;
}

int efimap_root_open_members(const char *name, const struct efimap_member_table *table,
			     struct efimap_root **ret_root, struct efimap_err *err)
{
	efimap_auto_free struct members_root *self = calloc(1, sizeof(*self));
	int ret = 0;

	if (!self)
		return efimap_err_set(err, ENOMEM, name, "out of memory");
	self->base.ops = &members_ops;
	self->base.fd = -1;
	self->table = *table;
	if (!is_tree(table, ""))
		ret = find_inner(table, self->base.inner);
	if (ret == -ENOENT)
		return efimap_err_set(err, ENOENT, name,
				      "holds neither sys/ nor proc/, also one level down");
	if (ret)
		return efimap_err_set(err, ENOENT, name,
				      "holds neither sys/ nor proc/, but several directories "
				      "in it do: unpack it and name one of them");
	*ret_root = &efimap_steal(self)->base;
	return 0;
}
