/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Replace the functions of libc that translate messages. libc translates its own messages only
 * after setlocale(), which the program does not call. Without the functions of libc, the program is
 * 24 KB smaller.
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
 * libc's functions for wide characters and character sets refer to this lock and to the functions
 * below it, which free memory only for leak checkers. In the glibc of Debian 13, the objects that
 * define the lock and these functions also contain setlocale() and the translation.
 */
extern pthread_rwlock_t __libc_setlocale_lock;
pthread_rwlock_t __libc_setlocale_lock = PTHREAD_RWLOCK_INITIALIZER;

void _nl_finddomain_subfreeres(void)
{
}

void _nl_locale_subfreeres(void)
{
}
