/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_PROC_FILES_H
#define INPUT_TREE_PROC_FILES_H

#include "input/tree/capture_file.h"

efimap_keep_fn efimap_keep_iomem;
efimap_keep_fn efimap_keep_cmdline;
efimap_filter_fn efimap_filter_version;
efimap_keep_fn efimap_keep_version;
efimap_keep_fn efimap_keep_architecture;
efimap_keep_fn efimap_keep_boot_id;
efimap_filter_fn efimap_filter_cpuinfo;
efimap_keep_fn efimap_keep_cpuinfo;

#endif
