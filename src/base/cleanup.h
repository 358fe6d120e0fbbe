/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: cleanup attributes
 *
 * A local that owns something says so where it is declared, so that every return frees
 * it and no function needs a goto. Take ownership away with efimap_steal().
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

/** EFIMAP_FREES() - efimap_<noun>_free() as a cleanup, efimap_<noun>_free_auto() */
#define EFIMAP_FREES(noun)                                                                 \
	static inline void efimap_##noun##_free_auto(struct efimap_##noun **one)           \
	{                                                                                  \
		efimap_##noun##_free(*one);                                                \
	}

/** efimap_auto_free - a heap pointer that free() ends */
#define efimap_auto_free efimap_cleanup(efimap_free_pointer)
/** efimap_auto_fd - a descriptor that close() ends; -1 holds nothing */
#define efimap_auto_fd efimap_cleanup(efimap_close_fd)
#define efimap_auto_dir efimap_cleanup(efimap_close_dir)

/** efimap_steal() - the pointer's value, leaving NULL behind */
#define efimap_steal(pointer)                                                              \
	({                                                                                 \
		__typeof__(pointer) stolen_ = (pointer);                                   \
		(pointer) = NULL;                                                          \
		stolen_;                                                                   \
	})

static inline int efimap_steal_fd(int *fd)
{
	const int stolen = *fd;

	*fd = -1;
	return stolen;
}

#endif
