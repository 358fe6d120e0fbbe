/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Adds installed kernels and the state of kexec to a capture. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "capture/installed_kernels.h"

int efimap_add_kernel(struct efimap *map, const struct efimap_installed_kernel *kernel)
{
	struct efimap_installed_kernel copy = *kernel;
	int ret;

	if (map->n_kernels == EFIMAP_MAX_KERNELS)
		return -E2BIG;
	if (!map->kernels) {
		map->kernels = efimap_arena_alloc(&map->arena,
						  EFIMAP_MAX_KERNELS * sizeof(*map->kernels));
		if (!map->kernels)
			return -ENOMEM;
	}
	ret = efimap_copy_text(map, &copy.header.name, kernel->header.name,
			       strlen(kernel->header.name));
	if (ret)
		return ret;
	ret = efimap_copy_text(map, &copy.initrd, kernel->initrd, strlen(kernel->initrd));
	if (ret)
		return ret;
	map->kernels[map->n_kernels++] = copy;
	return 0;
}

int efimap_set_kexec_state(struct efimap *map, const struct efimap_kexec_state *state)
{
	struct efimap_kexec_state *copy = efimap_arena_alloc(&map->arena, sizeof(*copy));
	int ret;

	if (!copy)
		return -ENOMEM;
	*copy = *state;
	ret = efimap_copy_text(map, &copy->crash_args, state->crash_args,
			       strlen(state->crash_args));
	if (ret)
		return ret;
	map->kexec = copy;
	return 0;
}
