/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the readers
 *
 * One function per source or group of sources: reads it beneath a root, adds what it
 * finds to a capture that is being built, and sets the states of its sources.
 *
 * Return, all of them: 0, or a negative errno that stops reading as a whole.
 */
#ifndef READ_TREE_READERS_H
#define READ_TREE_READERS_H

#include "base/err.h"
#include "model/capture.h"
#include "read/tree/root.h"

/** efimap_read_files() - all of them; seals the capture */
int efimap_read_files(struct efimap_root *root, struct efimap *map, struct efimap_err *err);

/** efimap_read_firmware() - sys/firmware/efi itself and the pointers in it */
int efimap_read_firmware(struct efimap_root *root, struct efimap *map,
			 struct efimap_err *err);
/** efimap_read_runtime_map() - sys/firmware/efi/runtime-map */
int efimap_read_runtime_map(struct efimap_root *root, struct efimap *map,
			    struct efimap_err *err);
/** efimap_read_memmap() - sys/firmware/memmap */
int efimap_read_memmap(struct efimap_root *root, struct efimap *map,
		       struct efimap_err *err);
/** efimap_read_iomem() - proc/iomem */
int efimap_read_iomem(struct efimap_root *root, struct efimap *map, struct efimap_err *err);
/** efimap_read_kernel() - proc/cmdline, proc/version and the boot id */
int efimap_read_kernel(struct efimap_root *root, struct efimap *map,
		       struct efimap_err *err);
/** efimap_read_cpuinfo() - width of physical addresses, pages of 1 GiB, in proc/cpuinfo */
int efimap_read_cpuinfo(struct efimap_root *root, struct efimap *map,
			struct efimap_err *err);
/** efimap_read_dmi() - the kind of machine and its firmware in sys/devices/virtual/dmi/id */
int efimap_read_dmi(struct efimap_root *root, struct efimap *map, struct efimap_err *err);
/** efimap_read_boot_params() - sys/kernel/boot_params/data */
int efimap_read_boot_params(struct efimap_root *root, struct efimap *map,
			    struct efimap_err *err);
/** efimap_read_setup_data() - sys/kernel/boot_params/setup_data */
int efimap_read_setup_data(struct efimap_root *root, struct efimap *map,
			   struct efimap_err *err);
/** efimap_read_kernel_log() - the log of the running kernel, or the file in a tree */
int efimap_read_kernel_log(struct efimap_root *root, struct efimap *map,
			   struct efimap_err *err);
/** efimap_read_running_log() - the former alone; 0 or a negative errno */
int efimap_read_running_log(struct efimap_root *root, struct efimap *map);

#endif
