/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the program knows of the firmware that it puts into the guest: the numbers before
 * its code, and the tables of UEFI as rows of 8 bytes (UEFI 2.10, 4.3 and 4.5).
 */
#ifndef REHEARSE_GUEST_RUNTIME_SERVICES_H
#define REHEARSE_GUEST_RUNTIME_SERVICES_H

#include <stdint.h>

/** struct services_head - offsets of the functions, at the start */
struct services_head {
	uint64_t unsupported;
	uint64_t not_found;
	uint64_t device_error;
	uint64_t set_virtual_address_map;
};

#define SERVICES_PROBES 128

/**
 * struct services_tables - behind it: where the program has put both tables
 * @n_probes: how many of these are used
 * @probes:   bytes of the firmware's regions, at the addresses that it believes them at:
 *            what a service of a real one may read
 */
struct services_tables {
	uint64_t systab;
	uint64_t services;
	uint64_t n_probes;
	uint64_t probes[SERVICES_PROBES];
};

/* EFI_RUNTIME_SERVICES: GetTime to QueryVariableInfo */
#define SERVICES_FIRST 3
#define SERVICES_SET_VIRTUAL_ADDRESS_MAP 7
#define SERVICES_GET_VARIABLE 9
#define SERVICES_GET_NEXT_VARIABLE 10
#define SERVICES_END 17

/* EFI_SYSTEM_TABLE */
#define SYSTAB_VENDOR 3
#define SYSTAB_REVISION 4
#define SYSTAB_SERVICES 11
#define SYSTAB_N_TABLES 13
#define SYSTAB_TABLES 14
#define SYSTAB_END 15

#endif
