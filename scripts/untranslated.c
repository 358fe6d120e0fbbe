/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replace the functions of libc that translate messages. libc translates its own messages only
 * after setlocale(), which the program does not call. Without the functions of libc, the static file is
 * 24 KB smaller.
 */
char *__dcgettext(const char *domain, const char *message, int category);
char *dcgettext(const char *domain, const char *message, int category)
	__attribute__((alias("__dcgettext")));

char *__dcgettext(const char *domain, const char *message, int category)
{
	return (char *)message;
}
