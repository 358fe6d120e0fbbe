/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Gathering the members of an archive that a capture is made of. Must not know any format
 * of archives, nor what the files mean.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "read/tree/members.h"
#include "read/tree/readers.h"
#include "read/tree/wanted.h"

/*
 * @name:     of the archive
 * @list:     in the order of the archive until they are sorted
 * @bytes:    that are kept of contents and names
 * @arena:    owns both
 * @last_dir: the directory that was implied last; most members lie where the one before
 *            them does
 */
struct efimap_members {
	char *name;
	struct efimap_member *list;
	size_t count;
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

/* The name as tar would unpack it; false where tar would not, or no file can be named so. */
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

static int take_room(struct efimap_members *members, size_t bytes, struct efimap_err *err)
{
	if (members->count >= EFIMAP_MEMBERS_MAX)
		return efimap_err_set(err, E2BIG, members->name,
				      "more than %u files of a capture, which no machine has",
				      EFIMAP_MEMBERS_MAX);
	if (bytes > EFIMAP_MEMBERS_MAX_BYTES - members->bytes)
		return efimap_err_set(err, E2BIG, members->name,
				      "the files of a capture in it are longer than %zu MiB, "
				      "which is more than is read",
				      EFIMAP_MEMBERS_MAX_BYTES >> 20);
	members->bytes += bytes;
	return 0;
}

/* @model has all but what belongs to the list. */
static int append(struct efimap_members *members, const char *path, size_t path_len,
		  const struct efimap_member *model, struct efimap_err *err)
{
	struct efimap_member member = *model;
	int ret = take_room(members, path_len + 1 + member.kept, err);

	if (ret)
		return ret;
	ret = efimap_array_reserve(&members->list, members->count, &members->capacity,
				   sizeof(*members->list));
	member.path = efimap_arena_strndup(&members->arena, path, path_len);
	if (member.kept)
		member.data = efimap_arena_alloc(&members->arena, member.kept);
	if (ret || !member.path || (member.kept && !member.data))
		return efimap_err_set(err, ENOMEM, members->name, "out of memory");
	member.number = (uint32_t)members->count;
	members->list[members->count++] = member;
	return 0;
}

static int imply_dir(struct efimap_members *members, const char *path, size_t len,
		     struct efimap_err *err)
{
	static const struct efimap_member dir = { .type = EFIMAP_MEMBER_DIR,
						  .is_implied = true };

	if (strncmp(members->last_dir, path, len) == 0 && !members->last_dir[len])
		return 0;
	memcpy(members->last_dir, path, len);
	members->last_dir[len] = '\0';
	return append(members, path, len, &dir, err);
}

/* The tree lies at the top, or below what comes before @skip. */
static int consider(struct efimap_members *members, const char *path, size_t skip,
		    const struct efimap_member *member, struct efimap_room *ret_room,
		    struct efimap_err *err)
{
	const struct efimap_want want = efimap_want(path + skip);
	const size_t len = skip + want.len;
	struct efimap_member kept = *member;
	int ret;

	if (want.len == 0)
		return 0;
	if (path[len])
		return imply_dir(members, path, len, err);
	if (kept.type == EFIMAP_MEMBER_FILE) {
		kept.kept = kept.size < want.keep ? (size_t)kept.size : want.keep;
		kept.is_secret = want.is_secret;
	}
	ret = append(members, path, len, &kept, err);
	if (ret)
		return ret;
	if (kept.kept)
		*ret_room = (struct efimap_room){
			members->list[members->count - 1].data, kept.kept
		};
	return 0;
}

int efimap_members_add(struct efimap_members *members, const char *path,
		       enum efimap_member_type type, uint64_t size,
		       struct efimap_room *ret_room, struct efimap_err *err)
{
	const struct efimap_member member = { .type = type, .size = size };
	struct efimap_room room = { NULL, 0 };
	char clean[PATH_MAX];
	size_t top;
	int ret;

	*ret_room = room;
	if (!clean_path(path, clean))
		return 0;
	ret = consider(members, clean, 0, &member, &room, err);
	top = strcspn(clean, "/");
	/* A tree is not looked for in hidden directories. */
	if (!ret && clean[top] && clean[0] != '.')
		ret = consider(members, clean, top + 1, &member, &room, err);
	if (!ret)
		*ret_room = room;
	return ret;
}

int efimap_path_compare(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == *b)
		return 0;
	if (!*a || !*b)
		return *a ? 1 : -1;
	if (*a == '/' || *b == '/')
		return *a == '/' ? -1 : 1;
	return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
}

/* Of one path, the member that counts comes first. */
static int compare(const void *left, const void *right)
{
	const struct efimap_member *a = left, *b = right;
	const int order = efimap_path_compare(a->path, b->path);

	if (order)
		return order;
	if (a->is_implied != b->is_implied)
		return a->is_implied ? 1 : -1;
	return a->number > b->number ? -1 : 1;
}

static bool is_below(const char *path, const char *top)
{
	const size_t len = strlen(top);

	return strncmp(path, top, len) == 0 && path[len] == '/';
}

/*
 * Each path once, and nothing below what is no directory. What is dropped stays behind the
 * rest, for it may have to be wiped.
 */
static size_t sort(struct efimap_members *members)
{
	struct efimap_member *list = members->list;
	const char *file = NULL;
	size_t used = 0;

	if (members->count)
		qsort(list, members->count, sizeof(*list), compare);
	for (size_t i = 0; i < members->count; i++) {
		const struct efimap_member member = list[i];

		if (used && strcmp(list[used - 1].path, member.path) == 0)
			continue;
		if (file && is_below(member.path, file))
			continue;
		list[i] = list[used];
		list[used++] = member;
		file = member.type == EFIMAP_MEMBER_DIR ? NULL : member.path;
	}
	return used;
}

int efimap_members_read(struct efimap_members *members, struct efimap **ret_map,
			struct efimap_err *err)
{
	const struct efimap_member_table table = { members->list, sort(members) };
	efimap_auto_root struct efimap_root *root = NULL;
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_root_open_members(members->name, &table, &root, err);

	if (!ret)
		ret = efimap_new(members->name, EFIMAP_ORIGIN_TREE, &map);
	if (!ret)
		ret = efimap_set_inner(map, root->inner);
	if (!ret)
		ret = efimap_read_files(root, map, err);
	if (ret)
		return efimap_err_set(err, -ret, members->name, "%s", strerror(-ret));
	*ret_map = efimap_steal(map);
	return 0;
}
