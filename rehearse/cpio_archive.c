/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/sort.h"
#include "cpio_archive.h"
#include "guest_files.h"
#include "input/source_limits.h"
#include "input/tree/file_table.h"
#include "input/tree/tree_access.h"

#define MAGIC "070701"
#define LAST "TRAILER!!!"
#define REGULAR 0100755

enum {
	/*
	 * A header is the magic number and 13 fields of 8 hexadecimal digits. Padding after the
	 * name and after the content ends at a multiple of PADDED bytes.
	 */
	HEADER = 110,
	FIELD_SIZE = 6,
	FIELD_NAME = 11,
	PADDED = 4,
};

static void pad_archive(struct efimap_out *out)
{
	while (!out->error && out->used % PADDED)
		efimap_out_putc(out, '\0');
}

static void put_member(struct efimap_out *out, const char *name, unsigned int mode,
		       const void *data, size_t size)
{
	efimap_out_printf(out, MAGIC "%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 0,
			  mode, 0, 0, 1, 0, size, 0, 0, 0, 0, strlen(name) + 1, 0);
	efimap_out_write(out, name, strlen(name) + 1);
	pad_archive(out);
	efimap_out_write(out, data, size);
	pad_archive(out);
}

static void put_init(struct efimap_out *out)
{
	put_member(out, "init", REGULAR, guest_init, sizeof(guest_init));
}

void archive_put_initrd(struct efimap_out *out, const void *image, size_t size)
{
	efimap_auto_out struct efimap_out inner = EFIMAP_OUT_MEM;

	pad_archive(out);
	put_init(out);
	if (size) {
		put_init(&inner);
		put_member(&inner, LAST, 0, NULL, 0);
		put_member(out, "then", REGULAR, image, size);
		put_member(out, "then.cpio", REGULAR, inner.data, inner.used);
	}
	put_member(out, LAST, 0, NULL, 0);
	if (inner.error)
		out->error = inner.error;
}

struct member {
	const char *name;
	const char *data;
	size_t size;
};

static bool take_field(const char *header, unsigned int field, size_t *ret_value)
{
	const char *digits = header + strlen(MAGIC) + (size_t)field * 8;
	uint64_t value;

	if (efimap_number_parse_bare_hex(digits, 8, UINT32_MAX, &value, NULL) != EFIMAP_NUMBER_OK)
		return false;
	*ret_value = value;
	return true;
}

/*
 * Read a member and advance @data beyond the member. Return 1 if a member was read, 0 if the data
 * ends before the member does, or -EBADMSG if the member is invalid.
 */
static int take_member(const char **data, const char *end, struct member *member)
{
	const char *at = *data;
	const size_t left = (size_t)(end - at);
	size_t name, padded;

	if (left < HEADER)
		return 0;
	if (memcmp(at, MAGIC, strlen(MAGIC)) != 0 || !take_field(at, FIELD_SIZE, &member->size) ||
	    !take_field(at, FIELD_NAME, &name) || name == 0)
		return -EBADMSG;
	padded = (HEADER + name + PADDED - 1) / PADDED * PADDED;
	if (left < padded + (member->size + PADDED - 1) / PADDED * PADDED)
		return 0;
	member->name = at + HEADER;
	if (member->name[name - 1] != '\0')
		return -EBADMSG;
	member->data = at + padded;
	*data = member->data + (member->size + PADDED - 1) / PADDED * PADDED;
	return 1;
}

/*
 * The files that a guest sent, as a root. Readers pass complete paths, which are compared with the
 * names of the members. A name such as "../x" is therefore never found.
 *
 * @list: the members, sorted by name; their contents are in the data from the guest
 */
struct guest_root {
	struct efimap_root base;
	struct member *list;
	size_t count;
	size_t capacity;
};

static void guest_root_free(struct guest_root *guest)
{
	free(guest->list);
}

static const struct guest_root *to_guest(const struct efimap_root *root)
{
	return (const struct guest_root *)(const void *)root;
}

/* Of several members with the same name, the first in the archive comes first. */
static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	const int order = strcmp(a->name, b->name);

	return order ? order : (a->data > b->data) - (a->data < b->data);
}

/* Return the index of the first member whose name does not sort before @name. */
static size_t find_position(const struct guest_root *guest, const char *name)
{
	size_t low = 0, high = guest->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (strcmp(guest->list[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int guest_find(struct efimap_root *root, const char *path,
		      struct efimap_stored_file *ret_stored)
{
	const struct guest_root *guest = to_guest(root);
	const size_t at = find_position(guest, path);
	const struct member *member;

	if (at == guest->count || strcmp(guest->list[at].name, path) != 0)
		return -ENOENT;
	member = &guest->list[at];
	*ret_stored = (struct efimap_stored_file){ member->data, member->size };
	return 0;
}

static int guest_list(struct efimap_root *root, const char *path, efimap_name_fn *take,
		      void *context)
{
	const struct guest_root *guest = to_guest(root);
	char top[PATH_MAX], name[NAME_MAX + 1] = "";
	const size_t top_len = (size_t)snprintf(top, sizeof(top), "%s/", path);
	const size_t first = find_position(guest, top);
	int ret = 0;

	/* The names that start with @top are adjacent. */
	for (size_t at = first; at < guest->count && !ret; at++) {
		const char *below = guest->list[at].name + top_len;
		size_t len;

		if (strncmp(guest->list[at].name, top, top_len) != 0)
			return at == first ? -ENOENT : 0;
		len = strcspn(below, "/");
		/* The members of a subdirectory are adjacent, too. Report their directory once. */
		if (len > NAME_MAX || (strncmp(name, below, len) == 0 && !name[len]))
			continue;
		memcpy(name, below, len);
		name[len] = '\0';
		ret = take(context, name, below[len] ? S_IFDIR : S_IFREG);
	}
	if (first == guest->count)
		return -ENOENT;
	return ret < 0 ? ret : 0;
}

static int read_members(struct guest_root *guest, struct efimap **ret_map, struct efimap_err *err)
{
	static const struct efimap_root_ops ops = { .list = guest_list, .find = guest_find };
	int ret;

	guest->base = (struct efimap_root){ .ops = &ops, .fd = -1, .boot = EFIMAP_BOOT_DEFAULT };
	efimap_sort(guest->list, guest->count, sizeof(*guest->list), compare_members);
	ret = efimap_read_files(&guest->base, "guest", EFIMAP_ORIGIN_TREE, ret_map, err);
	return ret ? efimap_err_set(err, -ret, "guest", "%s", strerror(-ret)) : 0;
}

int archive_read(const char **data, const char *end, struct efimap **ret_map,
		 struct efimap_err *err)
{
	struct guest_root guest efimap_cleanup(guest_root_free) = { .count = 0 };
	struct member member;
	int ret = 0, got = 1;

	*ret_map = NULL;
	while (!ret && (got = take_member(data, end, &member)) > 0) {
		if (strcmp(member.name, LAST) == 0)
			return read_members(&guest, ret_map, err);
		ret = efimap_array_append(&guest.list, &guest.count, &guest.capacity, &member,
					  sizeof(member));
	}
	if (ret)
		return efimap_err_set(err, -ret, "guest", "%s", strerror(-ret));
	if (got < 0)
		return efimap_err_set(err, -got, "guest",
				      "the data from the guest is not a valid cpio archive");
	return 0;
}
