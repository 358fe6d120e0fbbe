/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Definitions that the host program and the guest's runtime services share: the structures that
 * precede the code, and indices into UEFI tables (UEFI 2.10, 4.3 and 4.5). The code treats these
 * tables as arrays of 8-byte elements.
 */
#ifndef REHEARSE_GUEST_RUNTIME_SERVICES_H
#define REHEARSE_GUEST_RUNTIME_SERVICES_H

#include <stdint.h>

/** struct services_head - the offsets of the functions, at the start of the image */
struct services_head {
	uint64_t unsupported;
	uint64_t not_found;
	uint64_t set_virtual_address_map;
};

#define SERVICES_PROBES 128

/**
 * struct services_tables - addresses of the UEFI tables, and of bytes in the runtime regions
 * @n_probes: number of elements of @probes in use
 * @probes:   addresses of the first and last bytes of runtime regions; physical before
 *            SetVirtualAddressMap() and virtual afterwards. Services read these bytes, because
 *            real services may access any runtime region.
 *
 * The host program writes this structure, which follows struct services_head in the image.
 */
struct services_tables {
	uint64_t systab;
	uint64_t services;
	uint64_t n_probes;
	uint64_t probes[SERVICES_PROBES];
};

/* Indices in EFI_RUNTIME_SERVICES; GetTime is the first function, QueryVariableInfo the last */
#define SERVICES_FIRST 3
#define SERVICES_SET_VIRTUAL_ADDRESS_MAP 7
#define SERVICES_GET_NEXT_VARIABLE 10
#define SERVICES_END 17

/* Indices in EFI_SYSTEM_TABLE */
#define SYSTAB_VENDOR 3
#define SYSTAB_REVISION 4
#define SYSTAB_SERVICES 11
#define SYSTAB_N_TABLES 13
#define SYSTAB_TABLES 14
#define SYSTAB_END 15

#endif
