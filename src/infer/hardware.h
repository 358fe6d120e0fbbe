/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_HARDWARE_H
#define INFER_HARDWARE_H

#include "capture/capture.h"
#include "capture/installed_kernels.h"

/* Return whether the log contains the messages that the kernel prints before it starts init. */
bool log_is_whole(const struct efimap *map);

/* Return whether the log shows that the kernel encrypts memory with SME, which is not a guest. */
bool uses_sme(const struct efimap *map);

/* Return whether the log shows that the running kernel is a guest with SEV-SNP. */
bool is_snp_guest(const struct efimap *map);

enum known is_hyperv_guest(const struct efimap *map);

/*
 * Return whether the kernel runs in a domain of Xen that depends on the hypervisor for kexec: in
 * dom0 or in a PV guest. An HVM or PVH guest runs kexec itself, like other virtual machines.
 */
bool is_under_xen(const struct efimap *map);

#endif
