/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of an archive, whatever their names: "T PATH" and a newline, where T is f (its
 * content follows, up to a zero byte), d, l, h or s. What is read can be judged, and a refusal
 * has a reason.
 */
#include <string.h>

#include <efimap/cleanup.h>
#include <efimap/members.h>
#include <efimap/verify.h>

#include "fuzz.h"

#define MAX_PATH 512U

struct member {
	enum efimap_member_type type;
	char path[MAX_PATH];
	const uint8_t *content;
	size_t size;
};

static enum efimap_member_type type_of(uint8_t letter)
{
	switch (letter) {
	case 'd':
		return EFIMAP_MEMBER_DIR;
	case 'l':
		return EFIMAP_MEMBER_SYMLINK;
	case 'h':
		return EFIMAP_MEMBER_HARDLINK;
	case 's':
		return EFIMAP_MEMBER_SPECIAL;
	default:
		return EFIMAP_MEMBER_FILE;
	}
}

/* Bytes up to @end, which is not counted. */
static size_t length_to(const uint8_t *data, size_t size, int end)
{
	const uint8_t *at = size ? memchr(data, end, size) : NULL;

	return at ? (size_t)(at - data) : size;
}

/* The number of bytes that it took. */
static size_t next_member(const uint8_t *data, size_t size, struct member *ret_member)
{
	const size_t line = length_to(data, size, '\n');
	size_t len = line > 2 ? line - 2 : 0, taken = line < size ? line + 1 : size;

	ret_member->type = type_of(data[0]);
	len = len < MAX_PATH - 1 ? len : MAX_PATH - 1;
	if (len)
		memcpy(ret_member->path, data + 2, len);
	ret_member->path[len] = '\0';
	ret_member->content = data + taken;
	ret_member->size = 0;
	if (ret_member->type == EFIMAP_MEMBER_FILE) {
		ret_member->size = length_to(data + taken, size - taken, 0);
		taken += ret_member->size;
		taken += taken < size;
	}
	return taken;
}

static int add_all(struct efimap_members *members, const uint8_t *data, size_t size,
		   struct efimap_err *err)
{
	size_t at = 0;
	int ret = 0;

	while (at < size && !ret) {
		struct efimap_room room = { 0 };
		struct member member;

		at += next_member(data + at, size - at, &member);
		ret = efimap_members_add(members, member.path, member.type, member.size, &room,
					 err);
		if (ret)
			break;
		fuzz_check(room.size <= member.size);
		if (room.size)
			memcpy(room.data, member.content, room.size);
	}
	return ret;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_members struct efimap_members *members = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	efimap_auto_map struct efimap *map = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	fuzz_check(efimap_members_new("fuzz", &members) == 0);
	ret = add_all(members, data, size, &err);
	if (!ret)
		ret = efimap_members_read(members, &map, &err);
	fuzz_check(ret == 0 || (err.code && err.text[0] && !map));
	if (map)
		fuzz_check(efimap_verify(map, NULL, &report) == 0);
	return 0;
}
