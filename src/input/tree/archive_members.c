/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Collect the members of an archive that are files of a capture, and read them as a tree. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/sort.h"
#include "input/tree/archive_members.h"
#include "input/tree/file_table.h"

/*
 * @path:       normalised path: relative, without ".", ".." and empty components
 * @data:       the first @kept bytes of the content
 * @size:       size of the complete content in bytes
 * @is_implied: a directory that was added because a member is below it
 * @is_secret:  the content may contain keys
 * @number:     index in the list before it is sorted
 */
struct member {
	const char *path;
	char *data;
	uint64_t size;
	size_t kept;
	mode_t type;
	bool is_implied;
	bool is_secret;
	uint32_t number;
};

/*
 * @name:     name of the archive
 * @list:     the members, in the order of the archive until sort_members() sorts them by path
 * @n_shown:  number of used members, which sort_members() moves to the start of @list; their paths
 *            differ
 * @bytes:    total size of kept contents and paths in bytes
 * @arena:    memory for contents and paths
 * @last_dir: the last implied directory, which the next member usually also implies
 */
struct efimap_members {
	struct efimap_root base;
	char *name;
	struct member *list;
	size_t count;
	size_t n_shown;
	size_t capacity;
	size_t bytes;
	struct efimap_arena arena;
	char last_dir[PATH_MAX];
};

int efimap_members_new(const char *name, struct efimap_members **ret_members)
{
	efimap_auto_members struct efimap_members *members = calloc(1, sizeof(*members));

	if (members)
		members->name = strdup(name);
	if (!members || !members->name)
		return -ENOMEM;
	*ret_members = efimap_steal(members);
	return 0;
}

void efimap_members_free(struct efimap_members *members)
{
	if (!members)
		return;
	for (size_t i = 0; i < members->count; i++)
		if (members->list[i].is_secret && members->list[i].kept)
			explicit_bzero(members->list[i].data, members->list[i].kept);
	efimap_arena_free(&members->arena);
	free(members->list);
	free(members->name);
	free(members);
}

/*
 * Normalise a path as tar does. Return false if tar would not extract the path, or if the path is
 * too long or empty.
 */
static bool clean_path(const char *path, char clean[PATH_MAX])
{
	size_t used = 0;

	for (;;) {
		path += strspn(path, "/");

		const size_t len = strcspn(path, "/");

		if (len == 0)
			break;
		if (len == 2 && memcmp(path, "..", 2) == 0)
			return false;
		if (len > NAME_MAX || used + len + 2 > PATH_MAX)
			return false;
		if (len != 1 || path[0] != '.') {
			if (used)
				clean[used++] = '/';
			memcpy(clean + used, path, len);
			used += len;
		}
		path += len;
	}
	clean[used] = '\0';
	return used > 0;
}

static int reserve_space(struct efimap_members *members, size_t bytes, struct efimap_err *err)
{
	if (members->count >= EFIMAP_MEMBERS_MAX)
		return efimap_err_set(err, E2BIG, members->name,
				      "the archive contains more than the limit of %u "
				      "capture files",
				      EFIMAP_MEMBERS_MAX);
	if (bytes > EFIMAP_MEMBERS_MAX_BYTES - members->bytes)
		return efimap_err_set(
			err, E2BIG, members->name,
			"the capture files in the archive exceed the limit of %zu MiB in "
			"total",
			EFIMAP_MEMBERS_MAX_BYTES >> 20);
	members->bytes += bytes;
	return 0;
}

static int append_member(struct efimap_members *members, const char *path, size_t path_len,
			 const struct member *model, struct efimap_err *err)
{
	struct member member = *model;
	int ret = reserve_space(members, path_len + 1 + member.kept, err);

	if (ret)
		return ret;
	member.path = efimap_arena_strndup(&members->arena, path, path_len);
	if (member.kept)
		member.data = efimap_arena_alloc(&members->arena, member.kept);
	member.number = (uint32_t)members->count;
	if (!member.path || (member.kept && !member.data) ||
	    efimap_array_append(&members->list, &members->count, &members->capacity, &member,
				sizeof(member)))
		return efimap_err_set(err, ENOMEM, members->name, "out of memory");
	return 0;
}

static int imply_dir(struct efimap_members *members, const char *path, size_t len,
		     struct efimap_err *err)
{
	static const struct member dir = { .type = S_IFDIR, .is_implied = true };

	if (strncmp(members->last_dir, path, len) == 0 && !members->last_dir[len])
		return 0;
	memcpy(members->last_dir, path, len);
	members->last_dir[len] = '\0';
	return append_member(members, path, len, &dir, err);
}

/*
 * Add a member, or only the needed part of its path as a directory. The root of the tree is the
 * directory named by the first @skip bytes of @path, or the root of the archive if @skip is 0.
 */
static int consider_member(struct efimap_members *members, const char *path, size_t skip,
			   const struct member *member, struct efimap_member_buffer *ret_buffer,
			   struct efimap_err *err)
{
	const struct efimap_want want = efimap_want(path + skip);
	const size_t len = skip + want.len;
	struct member kept = *member;
	int ret;

	if (want.len == 0)
		return 0;
	if (path[len])
		return imply_dir(members, path, len, err);
	if (kept.type == S_IFREG) {
		kept.kept = kept.size < want.keep ? (size_t)kept.size : want.keep;
		kept.is_secret = want.is_secret;
	}
	ret = append_member(members, path, len, &kept, err);
	if (ret)
		return ret;
	if (kept.kept)
		*ret_buffer = (struct efimap_member_buffer){
			members->list[members->count - 1].data, kept.kept
		};
	return 0;
}

int efimap_members_add(struct efimap_members *members, const char *path,
		       mode_t type, uint64_t size,
		       struct efimap_member_buffer *ret_buffer, struct efimap_err *err)
{
	const struct member member = { .type = type, .size = size };
	char clean[PATH_MAX];
	size_t top;
	int ret;

	*ret_buffer = (struct efimap_member_buffer){ NULL, 0 };
	if (!clean_path(path, clean))
		return 0;
	ret = consider_member(members, clean, 0, &member, ret_buffer, err);
	top = strcspn(clean, "/");
	/* A hidden directory is not the root of a tree. */
	if (!ret && clean[top] && clean[0] != '.')
		ret = consider_member(members, clean, top + 1, &member, ret_buffer, err);
	return ret;
}

/*
 * "/" sorts before all other characters, so the content of a directory immediately follows the
 * directory.
 */
static int rank_of(char c)
{
	return c && c != '/' ? (unsigned char)c + 1 : c == '/';
}

static int compare_paths(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return rank_of(*a) - rank_of(*b);
}

/*
 * Of members with the same path, the last in the archive comes first, and implied directories come
 * last.
 */
static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	const int order = compare_paths(a->path, b->path);

	if (order)
		return order;
	if (a->is_implied != b->is_implied)
		return a->is_implied ? 1 : -1;
	return a->number > b->number ? -1 : 1;
}

static bool is_below(const char *path, const char *top, size_t len)
{
	return strncmp(path, top, len) == 0 && path[len] == '/';
}

/*
 * Sort the members. Move duplicates, and members below a member that is not a directory, to the end
 * of the list. They stay in the list because efimap_members_free() may have to wipe their content.
 */
static void sort_members(struct efimap_members *members)
{
	struct member *list = members->list;
	const char *file = NULL;
	size_t used = 0;

	efimap_sort(list, members->count, sizeof(*list), compare_members);
	for (size_t i = 0; i < members->count; i++) {
		const struct member member = list[i];

		if (used && strcmp(list[used - 1].path, member.path) == 0)
			continue;
		if (file && is_below(member.path, file, strlen(file)))
			continue;
		list[i] = list[used];
		list[used++] = member;
		file = member.type == S_IFDIR ? NULL : member.path;
	}
	members->n_shown = used;
}

static const struct efimap_members *to_members(const struct efimap_root *root)
{
	return (const struct efimap_members *)(const void *)root;
}

static size_t find_position(const struct efimap_members *self, const char *path)
{
	size_t low = 0, high = self->n_shown;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (compare_paths(self->list[middle].path, path) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* A path with members below it is a directory, even if it is not a member itself. */
static const struct member *look_up(const struct efimap_members *self, const char *path)
{
	static const struct member implied = { .type = S_IFDIR };
	const size_t at = find_position(self, path);

	if (at == self->n_shown)
		return NULL;
	if (strcmp(self->list[at].path, path) == 0)
		return &self->list[at];
	return is_below(self->list[at].path, path, strlen(path)) ? &implied : NULL;
}

static int why_absent(const struct efimap_members *self, char *path)
{
	for (char *end = strrchr(path, '/'); end; end = strrchr(path, '/')) {
		const struct member *member;

		*end = '\0';
		member = look_up(self, path);
		if (member && member->type != S_IFDIR)
			return member->type == S_IFLNK ? -ELOOP : -ENOTDIR;
	}
	return -ENOENT;
}

static int find_in_archive(const struct efimap_root *root, const char *path, char full[PATH_MAX],
			   const struct member **ret_member)
{
	const struct efimap_members *self = to_members(root);

	snprintf(full, PATH_MAX, "%s%s%s", root->inner, root->inner[0] ? "/" : "", path);
	*ret_member = look_up(self, full);
	return *ret_member ? 0 : why_absent(self, full);
}

static int members_find(struct efimap_root *root, const char *path,
			struct efimap_stored_file *ret_stored)
{
	const struct member *member;
	char full[PATH_MAX];
	int ret = find_in_archive(root, path, full, &member);

	if (ret)
		return ret;
	*ret_stored = (struct efimap_stored_file){ member->data, member->kept, member->size };
	return member->type == EFIMAP_MEMBER_HARDLINK ? -EMLINK : efimap_mode_check(member->type);
}

static int members_list(struct efimap_root *root, const char *path, efimap_name_fn *take,
			void *context)
{
	const struct efimap_members *self = to_members(root);
	const struct member *dir;
	char full[PATH_MAX], name[NAME_MAX + 1];
	int ret = find_in_archive(root, path, full, &dir);
	const size_t top = ret ? 0 : strlen(full);

	if (!ret && dir->type != S_IFDIR)
		ret = dir->type == S_IFLNK ? -ELOOP : -ENOTDIR;
	if (ret)
		return ret;
	for (size_t at = find_position(self, full); at < self->n_shown && ret == 0;) {
		const struct member *member = &self->list[at++];

		if (member == dir)
			continue;
		if (!is_below(member->path, full, top))
			break;

		const size_t len = strcspn(member->path + top + 1, "/"), end = top + 1 + len;

		memcpy(name, member->path + top + 1, len);
		name[len] = '\0';
		ret = take(context, name, member->path[end] ? S_IFDIR : member->type);
		while (at < self->n_shown && is_below(self->list[at].path, member->path, end))
			at++;
	}
	return ret < 0 ? ret : 0;
}

static const struct efimap_root_ops members_ops = {
	.list = members_list,
	.find = members_find,
};

static bool has_sys_or_proc(const struct efimap_members *self, const char *top)
{
	static const char *const names[] = { "sys", "proc" };
	char path[NAME_MAX + 8];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct member *member;

		snprintf(path, sizeof(path), "%s%s%s", top, *top ? "/" : "", names[i]);
		member = look_up(self, path);
		if (member && member->type == S_IFDIR)
			return true;
	}
	return false;
}

/*
 * Find the only top-level directory that contains sys/ or proc/. Return 0, -ENOENT if there is
 * none, or -EMLINK if there are several.
 */
static int find_inner_top(const struct efimap_members *self, char inner[NAME_MAX + 1])
{
	char top[NAME_MAX + 1] = "";

	for (size_t i = 0; i < self->n_shown; i++) {
		const char *path = self->list[i].path;
		const size_t len = strcspn(path, "/");

		if (strncmp(path, top, len) == 0 && !top[len])
			continue;
		memcpy(top, path, len);
		top[len] = '\0';
		if (top[0] == '.' || !has_sys_or_proc(self, top))
			continue;
		if (*inner)
			return -EMLINK;
		memcpy(inner, top, len + 1);
	}
	return *inner ? 0 : -ENOENT;
}

int efimap_members_read(struct efimap_members *members, int boot, struct efimap **ret_map,
			struct efimap_err *err)
{
	int ret = 0;

	sort_members(members);
	members->base = (struct efimap_root){ .ops = &members_ops, .fd = -1, .boot = boot };
	if (!has_sys_or_proc(members, ""))
		ret = find_inner_top(members, members->base.inner);
	if (ret)
		return efimap_err_set(
			err, ENOENT, members->name, "contains neither sys/ nor proc/, %s",
			ret == -ENOENT ? "not even one level down"
				       : "but several of its directories contain sys/ or "
					 "proc/; unpack the archive and use one of these "
					 "directories as SOURCE");
	ret = efimap_read_files(&members->base, members->name, EFIMAP_ORIGIN_TREE, ret_map, err);
	return ret ? efimap_err_set(err, -ret, members->name, "%s", strerror(-ret)) : 0;
}
