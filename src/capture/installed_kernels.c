/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Add installed kernels and the state of kexec to a capture. */
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

	if (map->n_kernels == EFIMAP_MAX_KERNELS)
		return -E2BIG;
	if (!map->kernels)
		map->kernels = arena_alloc(&map->arena, EFIMAP_MAX_KERNELS * sizeof(*map->kernels));
	copy.header.name = capture_copy_text(map, kernel->header.name);
	copy.initrd = capture_copy_text(map, kernel->initrd);
	if (kernel->initrd_error)
		copy.initrd_error = capture_copy_text(map, kernel->initrd_error);
	map->kernels[map->n_kernels++] = copy;
	return 0;
}

int capture_add_unread_kernel(struct efimap *map, const struct unread_kernel *kernel)
{
	struct unread_kernel copy = *kernel;

	if (map->n_unread_kernels == EFIMAP_MAX_UNREAD_KERNELS)
		return -E2BIG;
	if (!map->unread_kernels)
		map->unread_kernels = arena_alloc(
			&map->arena, EFIMAP_MAX_UNREAD_KERNELS * sizeof(*map->unread_kernels));
	copy.image = capture_copy_text(map, kernel->image);
	copy.fault.where = capture_copy_text(map, kernel->fault.where);
	copy.setting = capture_copy_text(map, kernel->setting);
	map->unread_kernels[map->n_unread_kernels++] = copy;
	return 0;
}

static const struct kexec_state nothing_known = { .has_tools = EFIMAP_NOT_KNOWN };

void capture_add_kexec_state(struct efimap *map)
{
	map->kexec = arena_alloc(&map->arena, sizeof(*map->kexec));
	*map->kexec = nothing_known;
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
