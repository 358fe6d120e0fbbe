/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The readers in the table of read_tree.c, grouped by the file that defines them. */
#ifndef INPUT_TREE_READERS_H
#define INPUT_TREE_READERS_H

#include "input/tree/capture_file.h"

/* proc_files.c */
efimap_keep_fn efimap_keep_iomem;
efimap_keep_fn efimap_keep_cmdline;
efimap_filter_fn efimap_filter_version;
efimap_keep_fn efimap_keep_version;
efimap_keep_fn efimap_keep_architecture;
efimap_keep_fn efimap_keep_boot_id;
efimap_filter_fn efimap_filter_cpuinfo;
efimap_keep_fn efimap_keep_cpuinfo;

/* boot_entries.c */
efimap_filter_fn efimap_filter_boot_entry;
efimap_read_fn efimap_read_boot_entries;

/* firmware_files.c */
efimap_read_fn efimap_read_efi;
efimap_read_fn efimap_read_pointer;
efimap_keep_fn efimap_keep_pointer;
efimap_keep_fn efimap_keep_systab;
efimap_keep_fn efimap_keep_platform_size;
efimap_filter_fn efimap_filter_boot_params;
efimap_keep_fn efimap_keep_boot_params;
efimap_keep_fn efimap_keep_dmi;

/* kdump_configuration.c */
efimap_filter_fn efimap_filter_kdump_configuration;
efimap_read_fn efimap_read_kdump_configuration;

/* kexec_state.c */
efimap_filter_fn efimap_filter_meminfo;
efimap_filter_fn efimap_filter_kernel_config;
efimap_filter_fn efimap_filter_kexec_program;
efimap_filter_fn efimap_filter_ima_policy;
efimap_filter_fn efimap_filter_packages;
efimap_filter_fn efimap_filter_sysctl;
efimap_read_fn efimap_read_ima_policy;
efimap_read_fn efimap_read_kho;
efimap_read_fn efimap_read_kernel_config;
efimap_keep_fn efimap_keep_kexec_flag;
efimap_keep_fn efimap_keep_size;
efimap_keep_fn efimap_keep_ima_count;
efimap_keep_fn efimap_keep_kexec_limit;
efimap_keep_fn efimap_keep_sysctl;
efimap_keep_fn efimap_keep_lockdown;
efimap_keep_fn efimap_keep_kernel_switch;
efimap_keep_fn efimap_keep_pstore_backend;
efimap_keep_fn efimap_keep_meminfo;
efimap_keep_fn efimap_keep_overcommit;
efimap_keep_fn efimap_keep_cpus;
efimap_keep_fn efimap_keep_kexec_program;
efimap_read_fn efimap_read_systemd;
efimap_keep_fn efimap_keep_packages;

/* free_memory.c */
efimap_filter_fn efimap_filter_zoneinfo;
efimap_keep_fn efimap_keep_zoneinfo;

/* numbered_directories.c */
efimap_read_fn efimap_read_records;
efimap_read_fn efimap_read_setup_data;

#endif
