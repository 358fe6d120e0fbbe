/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the snapshot that the plugin in integration/sos adds to a sos report. The report itself
 * lacks the kernel images and part of the kexec state.
 */
#include <errno.h>
#include <string.h>

#include "capture/installed_kernels.h"
#include "input/input_file.h"
#include "input/json/read_snapshot.h"
#include "input/parse_values.h"
#include "input/tree/sos_snapshot.h"

/*
 * Copy the kernels and the kexec state from the snapshot, because the files of the report are less
 * complete.
 */
static int copy_kernels_and_kexec(struct efimap *map, const struct efimap *snapshot)
{
	int ret = 0;

	map->states[EFIMAP_SRC_KERNELS] = snapshot->states[EFIMAP_SRC_KERNELS];
	for (size_t i = 0; i < snapshot->n_kernels && !ret; i++)
		ret = efimap_add_kernel(map, &snapshot->kernels[i]);
	/* Replace the unread kernels of the report, which lacks the kernel images. */
	map->n_unread_kernels = 0;
	for (size_t i = 0; i < snapshot->n_unread_kernels && !ret; i++)
		ret = efimap_add_unread_kernel(map, &snapshot->unread_kernels[i]);
	if (ret || !snapshot->kexec)
		return ret;
	map->states[EFIMAP_SRC_KEXEC] = EFIMAP_STATE_PRESENT;
	return efimap_set_kexec_state(map, snapshot->kexec);
}

int efimap_read_sos_snapshot(struct efimap_root *root, struct efimap *map,
			     const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file content = { 0 };
	efimap_auto_map struct efimap *snapshot = NULL;
	struct efimap_input input = { .name = file->places[0], .fd = -1, .at_end = true };
	int ret;

	if (map->origin != EFIMAP_ORIGIN_TREE || map->n_kernels)
		return 0;
	ret = efimap_root_read(root, file->places[0], file->part, file->limit, &content);
	if (ret)
		return efimap_errno_is_fatal(ret) ? ret : 0;
	input.data = content.data;
	input.len = content.len;
	ret = efimap_read_snapshot(file->places[0], &input, &snapshot, NULL);
	if (ret)
		return efimap_errno_is_fatal(ret) ? ret : 0;
	/*
	 * Ignore a snapshot that may be from another boot, because two reports may have been
	 * unpacked into one directory.
	 */
	if (!*map->boot_id || strcmp(map->boot_id, snapshot->boot_id) != 0)
		return 0;
	return copy_kernels_and_kexec(map, snapshot);
}
