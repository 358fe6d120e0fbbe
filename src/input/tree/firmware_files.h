/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_FIRMWARE_FILES_H
#define INPUT_TREE_FIRMWARE_FILES_H

#include "input/tree/capture_file.h"

efimap_read_fn efimap_read_efi;
efimap_read_fn efimap_read_pointer;
efimap_keep_fn efimap_keep_pointer;
efimap_keep_fn efimap_keep_systab;
efimap_keep_fn efimap_keep_platform_size;
efimap_keep_fn efimap_keep_dmi;

#endif
