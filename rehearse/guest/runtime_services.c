/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The runtime services of a simulated firmware. Each service except SetVirtualAddressMap() reads
 * the bytes at the addresses in services_tables.probes and returns an error. SetVirtualAddressMap()
 * converts these addresses, the pointers to all services, and the pointers in the system table that
 * edk2 converts (MdeModulePkg/Core/RuntimeDxe/Runtime.c: RuntimeDriverSetVirtualAddressMap).
 */

#include "runtime_services.h"

#define EFIAPI __attribute__((ms_abi))

#define EFI_ERROR(number) (UINT64_C(1) << 63 | (number))

struct descriptor {
	uint32_t type;
	uint32_t pad;
	uint64_t phys;
	uint64_t virt;
	uint64_t pages;
	uint64_t attribute;
};

static volatile struct services_tables tables __attribute__((section(".tables"), used));

static uint64_t answer(uint64_t number)
{
	for (uint64_t i = 0; i < tables.n_probes; i++)
		(void)*(const volatile uint8_t *)tables.probes[i];
	return EFI_ERROR(number);
}

static EFIAPI uint64_t answer_unsupported(void)
{
	return answer(3);
}

static EFIAPI uint64_t answer_not_found(void)
{
	return answer(14);
}

static uint64_t virtual_of(uint64_t address, uint64_t size, uint64_t each, const char *map)
{
	for (uint64_t at = 0; at + each <= size; at += each) {
		const struct descriptor *d = (const struct descriptor *)(map + at);

		if (d->attribute >> 63 && address >= d->phys &&
		    (address - d->phys) >> 12 < d->pages)
			return d->virt + (address - d->phys);
	}
	return address;
}

static EFIAPI uint64_t set_virtual_address_map(uint64_t size, uint64_t each, uint32_t version,
					       const char *map)
{
	volatile uint64_t *services = (volatile uint64_t *)tables.services;
	volatile uint64_t *systab = (volatile uint64_t *)tables.systab;

	for (unsigned int i = SERVICES_FIRST; i < SERVICES_END; i++)
		services[i] = virtual_of(services[i], size, each, map);
	for (uint64_t i = 0; i < tables.n_probes; i++)
		tables.probes[i] = virtual_of(tables.probes[i], size, each, map);
	systab[SYSTAB_VENDOR] = virtual_of(systab[SYSTAB_VENDOR], size, each, map);
	systab[SYSTAB_SERVICES] = virtual_of(systab[SYSTAB_SERVICES], size, each, map);
	systab[SYSTAB_TABLES] = virtual_of(systab[SYSTAB_TABLES], size, each, map);
	return 0;
}

/* The file is linked at address 0, so these addresses are offsets in the image. */
static const struct services_head head __attribute__((section(".head"), used)) = {
	.unsupported = (uint64_t)answer_unsupported,
	.not_found = (uint64_t)answer_not_found,
	.set_virtual_address_map = (uint64_t)set_virtual_address_map,
};
