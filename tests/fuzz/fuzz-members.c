/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read an archive whose members may have any name (see member.h). If the archive is refused, the
 * error must have a message. If it is accepted, efimap_verify() must succeed.
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "answer/verify.h"
#include "input/read_source.h"
#include "input/tree/archive_members.h"
#include "member.h"

static mode_t type_of(uint8_t letter)
{
	switch (letter) {
	case 'd':
		return S_IFDIR;
	case 'l':
		return S_IFLNK;
	case 'h':
		return EFIMAP_MEMBER_HARDLINK;
	case 's':
		return S_IFCHR;
	default:
		return S_IFREG;
	}
}

static int add_all(struct efimap_members *members, const uint8_t *data, size_t size,
		   struct efimap_err *err)
{
	size_t at = 0;
	int ret = 0;

	while (at < size && !ret) {
		struct efimap_member_buffer buffer = { 0 };
		struct member member;

		at += next_member(data + at, size - at, &member);
		ret = efimap_members_add(members, member.path, type_of(member.letter),
					 member.size, &buffer, err);
		if (ret)
			break;
		fuzz_check(buffer.size <= member.size);
		if (buffer.size)
			memcpy(buffer.data, member.content, buffer.size);
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
		ret = efimap_members_read(members, EFIMAP_BOOT_DEFAULT, &map, &err);
	fuzz_check(ret == 0 || (err.code && err.text[0] && !map));
	if (map)
		fuzz_check(efimap_verify(map, NULL, &report) == 0);
	return 0;
}
