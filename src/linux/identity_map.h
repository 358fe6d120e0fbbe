/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * kexec starts the next kernel with an identity map that the running kernel built during the load
 * (arch/x86/kernel/machine_kexec_64.c: init_pgtable). The next kernel maps other memory on demand,
 * but only after load_stage2_idt. If the next kernel reads memory outside of the map before
 * load_stage2_idt, the machine resets.
 *
 * Distributions add changes to kernels whose patch level is 0 or does not show the change. A result
 * that depends on such a change is known only if the release shows that the kernel was built from a
 * stable release of kernel.org.
 */
#ifndef LINUX_IDENTITY_MAP_H
#define LINUX_IDENTITY_MAP_H

#include "base/yes_no_unknown.h"
#include "capture/capture.h"

/*
 * Return whether the identity map lacks the EFI configuration table. The result is unknown if it
 * depends on a patch level that the release of the running kernel does not show, or if a source was
 * not read. @ret_missing is set to the missing source, or to EFIMAP_SRC_COUNT if there is none.
 */
enum known identity_map_lacks_config_table(const struct efimap *map, enum source *ret_missing);

/* Return whether the identity map certainly lacks the RSDP, the root pointer of ACPI. */
bool identity_map_lacks_root_pointer(const struct efimap *map);

/*
 * Return whether the machine may halt because the identity map contains memory that the hub of an
 * HPE UV machine protects and that the CPU may read speculatively. Since Linux 6.12 ("x86/mm/
 * ident_map: Use gbpages only where full GB page should be mapped"), a 1 GiB page contains only
 * memory that the next kernel needs. Earlier kernels may also contain this change.
 */
bool identity_map_may_halt_uv(const struct efimap *map);

/*
 * Return whether the kernel @next, if built with CONFIG_AMD_MEM_ENCRYPT, reads the EFI
 * configuration table on the CPU of the capture before it handles page faults.
 */
enum known reads_tables_early(const struct efimap *map, const struct release *next);

/*
 * On an SEV-SNP host, find RAM that shares a 2 MiB page with a part of the RMP table, and that the
 * running kernel did not reserve. Return the number of spans, before and after the table.
 */
size_t find_rmp_neighbours(const struct efimap *map, struct span ret_spans[2]);

#endif
