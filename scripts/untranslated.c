/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replace the functions of libc that translate messages. libc translates its own messages only
 * after setlocale(), which the program does not call. Without the functions of libc, the static
 * file is 24 KB smaller.
 */
#include <pthread.h>

char *__dcgettext(const char *domain, const char *message, int category);
char *dcgettext(const char *domain, const char *message, int category)
	__attribute__((alias("__dcgettext")));
void _nl_finddomain_subfreeres(void);
void _nl_locale_subfreeres(void);

char *__dcgettext(const char *domain, const char *message, int category)
{
	return (char *)message;
}

/*
 * The functions for wide characters and for character sets refer to this lock and to these
 * functions, which free memory for debuggers. In the glibc of Debian 13, the objects that define
 * them contain setlocale() and the translation.
 */
extern pthread_rwlock_t __libc_setlocale_lock;
pthread_rwlock_t __libc_setlocale_lock = PTHREAD_RWLOCK_INITIALIZER;

void _nl_finddomain_subfreeres(void)
{
}

void _nl_locale_subfreeres(void)
{
}
