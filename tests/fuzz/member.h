/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_MEMBER_H
#define TESTS_FUZZ_MEMBER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MAX_PATH 512U

/*
 * A member begins with a letter, a space, a path and a newline. Unless the letter is d, l, h or s,
 * the content and a zero byte follow.
 */
struct member {
	uint8_t letter;
	char path[MAX_PATH];
	const uint8_t *content;
	size_t size;
};

static inline size_t length_to(const uint8_t *data, size_t size, int end)
{
	const uint8_t *at = size ? memchr(data, end, size) : NULL;

	return at ? (size_t)(at - data) : size;
}

static inline size_t next_member(const uint8_t *data, size_t size, struct member *ret_member)
{
	const size_t line = length_to(data, size, '\n');
	size_t len = line > 2 ? line - 2 : 0, taken = line < size ? line + 1 : size;

	ret_member->letter = data[0];
	len = len < MAX_PATH - 1 ? len : MAX_PATH - 1;
	if (len)
		memcpy(ret_member->path, data + 2, len);
	ret_member->path[len] = '\0';
	ret_member->content = data + taken;
	ret_member->size = 0;
	if (strchr("dlhs", data[0]) == NULL || !data[0]) {
		ret_member->size = length_to(data + taken, size - taken, 0);
		taken += ret_member->size;
		taken += taken < size;
	}
	return taken;
}

#endif
