/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Attributes that release the resource of a local variable at the end of its scope, unless
 * efimap_steal() or efimap_steal_fd() took the resource.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#define efimap_cleanup(function) __attribute__((cleanup(function)))

static inline void efimap_free_pointer(void *pointer)
{
	free(*(void **)pointer);
}

static inline void efimap_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline void efimap_close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Define efimap_<noun>_free_auto(), a cleanup function that calls efimap_<noun>_free(). */
#define EFIMAP_FREES(noun)                                                                         \
	static inline void efimap_##noun##_free_auto(struct efimap_##noun **one)                   \
	{                                                                                          \
		efimap_##noun##_free(*one);                                                        \
	}

#define efimap_auto_free efimap_cleanup(efimap_free_pointer)
#define efimap_auto_fd efimap_cleanup(efimap_close_fd)
#define efimap_auto_dir efimap_cleanup(efimap_close_dir)

#define efimap_steal(pointer)                                                                      \
	({                                                                                         \
		__typeof__(pointer) stolen_ = (pointer);                                           \
		(pointer) = NULL;                                                                  \
		stolen_;                                                                           \
	})

static inline int efimap_steal_fd(int *fd)
{
	const int stolen = *fd;

	*fd = -1;
	return stolen;
}

#endif
