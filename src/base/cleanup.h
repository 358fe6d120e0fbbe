/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attributes that release the resource of a local variable at the end of its scope, unless
 * steal() or steal_fd() took the resource.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define auto_cleanup(function) __attribute__((cleanup(function)))

static inline void free_pointer(void *pointer)
{
	free(*(void **)pointer);
}

static inline void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Define <noun>_free_auto(), a cleanup function that calls <noun>_free(). */
#define EFIMAP_FREES(noun)                                                                         \
	static inline void noun##_free_auto(struct noun **one)                                     \
	{                                                                                          \
		noun##_free(*one);                                                                 \
	}

#define auto_free auto_cleanup(free_pointer)
#define auto_fd auto_cleanup(close_fd)
#define auto_dir auto_cleanup(close_dir)

#define steal(pointer)                                                                             \
	({                                                                                         \
		__typeof__(pointer) stolen_ = (pointer);                                           \
		(pointer) = NULL;                                                                  \
		stolen_;                                                                           \
	})

static inline int steal_fd(int *fd)
{
	const int stolen = *fd;

	*fd = -1;
	return stolen;
}

#endif
