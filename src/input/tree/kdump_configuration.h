/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_KDUMP_CONFIGURATION_H
#define INPUT_TREE_KDUMP_CONFIGURATION_H

#include "input/tree/capture_file.h"

efimap_filter_fn efimap_filter_kdump_configuration;
efimap_read_fn efimap_read_kdump_configuration;

#endif
