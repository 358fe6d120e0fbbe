/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An EFI application. "table NAME ADDRESS" installs a configuration table at ADDRESS (hexadecimal)
 * in memory of type EfiLoaderData, which becomes System RAM. Firmware, boot loaders and the EFI
 * stub usually allocate such tables in other types of memory. "table Reserved ADDRESS" reserves
 * pages from ADDRESS, which split the System RAM there into more than 128 ranges.
 */
#include <efi.h>
#include <efilib.h>

#define PAYLOAD 512

/* include/linux/efi.h: struct linux_efi_random_seed */
struct seed {
	UINT32 size;
	UINT8 bits[PAYLOAD];
};

/* include/linux/efi.h: efi_rt_properties_table_t */
struct properties {
	UINT16 version;
	UINT16 length;
	UINT32 runtime_services_supported;
};

/* include/linux/efi.h: struct efi_unaccepted_memory */
struct unaccepted {
	UINT32 version;
	UINT32 unit_size;
	UINT64 phys_base;
	UINT64 size;
	UINT8 bitmap[PAYLOAD];
};

static void fill_seed(void *table)
{
	struct seed *seed = table;

	seed->size = sizeof(seed->bits);
	SetMem(seed->bits, sizeof(seed->bits), 0x5a);
}

static void fill_properties(void *table)
{
	struct properties *properties = table;

	properties->version = 1;
	properties->length = sizeof(*properties);
	properties->runtime_services_supported = 0x3fff;
}

static void fill_unaccepted(void *table)
{
	struct unaccepted *unaccepted = table;

	ZeroMem(unaccepted, sizeof(*unaccepted));
	unaccepted->version = 1;
	unaccepted->unit_size = 2 * 1024 * 1024;
	unaccepted->size = sizeof(unaccepted->bitmap);
}

static struct table {
	CHAR16 *name;
	EFI_GUID guid;
	UINTN size;
	void (*fill)(void *table);
} tables[] = {
	/* LINUX_EFI_RANDOM_SEED_TABLE_GUID */
	{ L"RNG",
	  { 0x1ce1e5bc, 0x7ceb, 0x42f2, { 0x81, 0xe5, 0x8a, 0xad, 0xf1, 0x80, 0xf5, 0x7b } },
	  sizeof(struct seed),
	  fill_seed },
	/* EFI_RT_PROPERTIES_TABLE_GUID */
	{ L"RTPROP",
	  { 0xeb66918a, 0x7eef, 0x402a, { 0x84, 0x2e, 0x93, 0x1d, 0x21, 0xc3, 0x8a, 0xe9 } },
	  sizeof(struct properties),
	  fill_properties },
	/* LINUX_EFI_UNACCEPTED_MEM_TABLE_GUID */
	{ L"Unaccepted",
	  { 0xd5d1de3c, 0x105c, 0x44f9, { 0x9e, 0xa9, 0xbc, 0xef, 0x98, 0x12, 0x00, 0x31 } },
	  sizeof(struct unaccepted),
	  fill_unaccepted },
};

static struct table *find_table(CHAR16 *name)
{
	for (UINTN i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (StrCmp(tables[i].name, name) == 0)
			return &tables[i];
	return NULL;
}

static EFI_STATUS install_table(struct table *table, UINT64 address)
{
	EFI_PHYSICAL_ADDRESS page = address & ~(UINT64)EFI_PAGE_MASK;
	const UINTN pages = EFI_SIZE_TO_PAGES(address - page + table->size);
	const EFI_STATUS status = uefi_call_wrapper(BS->AllocatePages, 4, AllocateAddress,
						    EfiLoaderData, pages, &page);

	if (EFI_ERROR(status))
		return status;
	table->fill((void *)address);
	return uefi_call_wrapper(BS->InstallConfigurationTable, 2, &table->guid, (void *)address);
}

#define RESERVED_PAGES 160
#define RESERVED_DISTANCE (512 * 1024)

static EFI_STATUS reserve_pages(UINT64 address)
{
	EFI_STATUS status = EFI_SUCCESS;

	for (UINTN i = 0; i < RESERVED_PAGES && !EFI_ERROR(status); i++) {
		EFI_PHYSICAL_ADDRESS page = address + i * RESERVED_DISTANCE;

		status = uefi_call_wrapper(BS->AllocatePages, 4, AllocateAddress,
					   EfiReservedMemoryType, 1, &page);
	}
	return status;
}

EFI_STATUS efi_main(EFI_HANDLE image, EFI_SYSTEM_TABLE *system_table)
{
	EFI_STATUS status = EFI_INVALID_PARAMETER;
	struct table *table = NULL;
	CHAR16 **argv = NULL;

	InitializeLib(image, system_table);
	if (GetShellArgcArgv(image, &argv) != 3)
		argv = NULL;
	if (argv)
		table = find_table(argv[1]);
	if (table)
		status = install_table(table, xtoi(argv[2]));
	else if (argv && StrCmp(argv[1], L"Reserved") == 0)
		status = reserve_pages(xtoi(argv[2]));
	Print(L"table: %r\n", status);
	return status;
}
