/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the files of a capture from any kind of root. */
#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "input/file_readers.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_tree.h"

/*
 * Return whether sys/firmware/efi of the running system is hidden. If boot_params and the list of
 * EFI tables in the log show EFI, the kernel has created this directory
 * (drivers/firmware/efi/efi.c: efisubsys_init).
 */
static bool is_firmware_hidden(const struct efimap *map)
{
	return find_first_origin(map) == EFIMAP_ORIGIN_LIVE &&
	       map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT && map->n_tables > 0 &&
	       is_started_by_efi(map);
}

int read_tree(struct root *root, const char *name, enum origin origin, struct efimap **ret_map,
	      struct err *err)
{
	auto_map struct efimap *map = capture_create(name, origin);
	int ret = 0;

	if (root->replay)
		map->first_origin = root->replay->from;
	map->inner = capture_copy_text(map, root->inner);
	capture_add_kexec_state(map);
	for (size_t i = 0; i < n_capture_files && !ret; i++) {
		const struct capture_file *file = &capture_files[i];

		ret = file->read ? file->read(root, map, file, err)
				 : file_read(root, map, file, err);
	}
	if (ret)
		return ret;
	if (is_firmware_hidden(map))
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_MASKED;
	seal(map);
	*ret_map = steal(map);
	return 0;
}
