/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Add installed kernels and the state of kexec to a capture. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/enum_name.h"
#include "capture/installed_kernels.h"

static const char *const lockdown_names[] = {
	[EFIMAP_LOCKDOWN_UNKNOWN] = "unknown",
	[EFIMAP_LOCKDOWN_NONE] = "none",
	[EFIMAP_LOCKDOWN_INTEGRITY] = "integrity",
	[EFIMAP_LOCKDOWN_CONFIDENTIALITY] = "confidentiality",
};
EFIMAP_NAME_OF(lockdown)

static const char *const crash_service_names[] = {
	[EFIMAP_CRASH_SERVICE_UNKNOWN] = "unknown",
	[EFIMAP_CRASH_SERVICE_KDUMP_CONFIG] = "kdump-config",
	[EFIMAP_CRASH_SERVICE_KDUMPCTL] = "kdumpctl",
	[EFIMAP_CRASH_SERVICE_SUSE] = "suse-kdump",
};
EFIMAP_NAME_OF(crash_service)

int capture_add_kernel(struct efimap *map, const struct installed_kernel *kernel)
{
	struct installed_kernel copy = *kernel;
	int ret;

	if (map->n_kernels == EFIMAP_MAX_KERNELS)
		return -E2BIG;
	if (!map->kernels) {
		map->kernels = arena_alloc(&map->arena, EFIMAP_MAX_KERNELS * sizeof(*map->kernels));
		if (!map->kernels)
			return -ENOMEM;
	}
	ret = capture_copy_text(map, &copy.header.name, kernel->header.name,
				strlen(kernel->header.name));
	if (ret)
		return ret;
	ret = capture_copy_text(map, &copy.initrd, kernel->initrd, strlen(kernel->initrd));
	if (!ret && kernel->initrd_error)
		ret = capture_copy_text(map, &copy.initrd_error, kernel->initrd_error,
					strlen(kernel->initrd_error));
	if (ret)
		return ret;
	map->kernels[map->n_kernels++] = copy;
	return 0;
}

int capture_add_unread_kernel(struct efimap *map, const struct unread_kernel *kernel)
{
	struct unread_kernel copy = *kernel;
	int ret;

	if (map->n_unread_kernels == EFIMAP_MAX_UNREAD_KERNELS)
		return -E2BIG;
	if (!map->unread_kernels) {
		map->unread_kernels = arena_alloc(
			&map->arena, EFIMAP_MAX_UNREAD_KERNELS * sizeof(*map->unread_kernels));
		if (!map->unread_kernels)
			return -ENOMEM;
	}
	ret = capture_copy_text(map, &copy.image, kernel->image, strlen(kernel->image));
	if (!ret)
		ret = capture_copy_text(map, &copy.fault.where, kernel->fault.where,
					strlen(kernel->fault.where));
	if (!ret)
		ret = capture_copy_text(map, &copy.setting, kernel->setting,
					strlen(kernel->setting));
	if (ret)
		return ret;
	map->unread_kernels[map->n_unread_kernels++] = copy;
	return 0;
}

static const struct kexec_state nothing_known = EFIMAP_KEXEC_STATE_INIT;

int capture_add_kexec_state(struct efimap *map)
{
	map->kexec = arena_alloc(&map->arena, sizeof(*map->kexec));
	if (!map->kexec)
		return -ENOMEM;
	*map->kexec = nothing_known;
	return 0;
}

const struct kexec_state *kexec_of(const struct efimap *map)
{
	return map->kexec ? map->kexec : &nothing_known;
}

struct kexec_state *kexec_state(struct efimap *map)
{
	map->states[EFIMAP_SRC_KEXEC] = EFIMAP_STATE_PRESENT;
	return map->kexec;
}
