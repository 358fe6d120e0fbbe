/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What a kernel can call itself. It begins with the number in its Makefile; what follows is
 * up to whoever built it (CONFIG_LOCALVERSION, scripts/setlocalversion) and is looked at by
 * nobody but for its length. But /lib/modules has a directory of that name, and packages have
 * it in theirs: what the names and versions of Debian, RPM and Arch can have, kernels have.
 */
#include <string.h>

#include "model/release.h"

/* include/uapi/linux/utsname.h: __NEW_UTS_LEN, the terminating NUL not counted */
#define MAX_LEN 64

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_sign(char c)
{
	static const char signs[] = "._+~^@:-";

	return memchr(signs, c, sizeof(signs) - 1);
}

bool efimap_release_is_valid(const char *text, size_t len)
{
	if (len == 0 || len > MAX_LEN || !is_digit(*text))
		return false;
	for (size_t i = 0; i < len; i++)
		if (!is_digit(text[i]) && !is_letter(text[i]) && !is_sign(text[i]))
			return false;
	return true;
}
