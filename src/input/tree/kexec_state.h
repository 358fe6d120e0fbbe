/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_TREE_KEXEC_STATE_H
#define INPUT_TREE_KEXEC_STATE_H

#include "input/tree/capture_file.h"

efimap_read_fn efimap_read_kho;
efimap_read_fn efimap_read_kernel_config;
efimap_keep_fn efimap_keep_kexec_flag;
efimap_keep_fn efimap_keep_crash_size;
efimap_keep_fn efimap_keep_elfcorehdr_size;
efimap_keep_fn efimap_keep_kexec_limit;
efimap_keep_fn efimap_keep_lockdown;
efimap_keep_fn efimap_keep_meminfo;
efimap_keep_fn efimap_keep_possible_cpus;
efimap_keep_fn efimap_keep_kexec_program;
efimap_read_fn efimap_read_systemd;
efimap_keep_fn efimap_keep_dpkg_list;
efimap_keep_fn efimap_keep_rpm_list;

#endif
