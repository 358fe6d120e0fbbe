/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_BOOT_PARAMS_H
#define INPUT_TREE_BOOT_PARAMS_H

#include "input/tree/capture_file.h"

efimap_filter_fn efimap_filter_boot_params;
efimap_keep_fn efimap_keep_boot_params;
efimap_read_fn efimap_read_setup_data;

#endif
