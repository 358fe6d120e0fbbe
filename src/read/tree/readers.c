/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The readers of a root's files, in the order in which faults are reported. */
#include "read/tree/readers.h"
#include "read/tree/root.h"

typedef int reader_fn(struct efimap_root *root, struct efimap *map, struct efimap_err *err);

static reader_fn *const readers[] = {
	efimap_read_firmware,	efimap_read_runtime_map, efimap_read_memmap,
	efimap_read_iomem,	efimap_read_kernel,	 efimap_read_boot_params,
	efimap_read_setup_data, efimap_read_kernel_log,	 efimap_read_cpuinfo,
	efimap_read_dmi,
};

int efimap_read_files(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]) && !ret; i++)
		ret = readers[i](root, map, err);
	if (!ret)
		ret = efimap_root_check(root, map->name, err);
	return ret ? ret : efimap_seal(map);
}
