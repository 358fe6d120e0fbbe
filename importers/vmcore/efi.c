/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What sys/firmware/efi would show (drivers/firmware/efi/efi.c, runtime-map.c), out of
 * `struct efi efi`: the pointers, the tables' addresses and the runtime map. Judges nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/boot_params.h"
#include "read/read.h"
#include "vmcore.h"

/* include/linux/efi.h: bits of efi.flags */
#define EFI_BOOT (UINT64_C(1) << 0)
#define EFI_MEMMAP (UINT64_C(1) << 4)
#define EFI_64BIT (UINT64_C(1) << 5)
/* include/linux/efi.h */
#define EFI_INVALID_TABLE_ADDR UINT64_MAX
/* The kernel allows longer descriptors, and nobody has such */
#define MAX_DESC 4096U
#define MAX_MAP_BYTES ((size_t)64 << 20)

static uint64_t read_table_address(const struct vmcore *vm, enum symbol symbol)
{
	uint64_t value = EFI_INVALID_TABLE_ADDR;

	return vmcore_pointer(vm, symbol, 0, &value) ? EFI_INVALID_TABLE_ADDR : value;
}

/* The files of these are not there either while they are not valid (efi_attr_is_visible). */
static void take_pointers(struct vmcore *vm)
{
	struct efimap *map = vm->map;
	const struct pointer {
		enum symbol symbol;
		enum efimap_source source;
		uint64_t *value;
	} pointers[] = {
		{ SYM_EFI_FW_VENDOR, EFIMAP_SRC_FW_VENDOR, &map->fw_vendor },
		{ SYM_EFI_RUNTIME, EFIMAP_SRC_RUNTIME, &map->runtime },
		{ SYM_EFI_CONFIG_TABLE, EFIMAP_SRC_CONFIG_TABLE, &map->config_table },
	};

	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++) {
		const uint64_t value = read_table_address(vm, pointers[i].symbol);

		if (value == EFI_INVALID_TABLE_ADDR)
			continue;
		*pointers[i].value = value;
		map->states[pointers[i].source] = EFIMAP_STATE_PRESENT;
	}
}

typedef int add_fn(struct efimap *map, const char *name, size_t len, uint64_t value);

/* struct table - a field of struct efi and the name that the kernel prints it with */
struct table {
	const char *field;
	const char *name;
};

static int add_tables(struct vmcore *vm, const struct table *tables, size_t count, add_fn *add)
{
	int ret = 0;

	for (size_t i = 0; i < count && !ret; i++) {
		uint64_t value = 0;

		if (!vmcore_number(vm, SYM_EFI, "efi", tables[i].field, &value) &&
		    value != EFI_INVALID_TABLE_ADDR && value != 0)
			ret = add(vm->map, tables[i].name, strlen(tables[i].name), value);
	}
	return ret;
}

/* In the order of systab_show(). */
static int take_systab_fields(struct vmcore *vm)
{
	static const struct table tables[] = {
		{ "acpi20", "ACPI20" },
		{ "acpi", "ACPI" },
		{ "smbios3", "SMBIOS3" },
		{ "smbios", "SMBIOS" },
	};

	vm->map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_PRESENT;
	return add_tables(vm, tables, sizeof(tables) / sizeof(tables[0]), efimap_add_systab);
}

/*
 * What its log says in "efi: ACPI=0x… MEMATTR=0x…" (common_tables[]); the variables are the
 * same, and do not roll out of a buffer.
 */
static int take_table_fields(struct vmcore *vm)
{
	static const struct table tables[] = {
		{ "acpi20", "ACPI 2.0" },     { "acpi", "ACPI" },
		{ "smbios", "SMBIOS" },	      { "smbios3", "SMBIOS 3.0" },
		{ "esrt", "ESRT" },	      { "tpm_log", "TPMEventLog" },
		{ "tpm_final_log", "TPMFinalLog" }, { "mokvar_table", "MOKvar" },
	};
	const uint64_t mem_attr = read_table_address(vm, SYM_EFI_MEM_ATTR_TABLE);
	int ret = add_tables(vm, tables, sizeof(tables) / sizeof(tables[0]),
			     efimap_add_table);

	/* Without this one a table that is not there could not be told from one not found. */
	if (ret || !vm->symbols[SYM_EFI_MEM_ATTR_TABLE])
		return ret;
	vm->map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	if (mem_attr == EFI_INVALID_TABLE_ADDR || mem_attr == 0)
		return 0;
	return efimap_add_table(vm->map, "MEMATTR", strlen("MEMATTR"), mem_attr);
}

/* struct efi_memory_map, as it lies in struct efi */
enum { MAP, PHYS_MAP, NR_MAP, DESC_SIZE, N_FIELDS };

static int find_memmap(struct vmcore *vm, uint64_t memmap[N_FIELDS], struct efimap_err *err)
{
	static const char *const paths[N_FIELDS] = { "memmap.map", "memmap.phys_map",
						     "memmap.nr_map", "memmap.desc_size" };
	struct field fields[N_FIELDS];

	if (!types_fields(vm, "efi", paths, N_FIELDS, fields) ||
	    vmcore_fields(vm, vm->symbols[SYM_EFI], fields, N_FIELDS, memmap))
		return efimap_err_set(err, EBADMSG, vm->label,
				      "its kernel keeps the EFI memory map in a way that is not "
				      "known here");
	if (memmap[DESC_SIZE] < EFIMAP_DESC_SIZE || memmap[DESC_SIZE] > MAX_DESC ||
	    memmap[NR_MAP] > EFIMAP_MAX_ENTRIES ||
	    memmap[NR_MAP] * memmap[DESC_SIZE] > MAX_MAP_BYTES)
		return efimap_err_set(err, EBADMSG, vm->label,
				      "the EFI memory map of its kernel makes no sense: %ju "
				      "descriptors of %ju bytes", (uintmax_t)memmap[NR_MAP],
				      (uintmax_t)memmap[DESC_SIZE]);
	return 0;
}

static int add_descriptor(struct efimap *map, uint32_t index, const uint8_t *data, size_t size)
{
	struct efimap_cursor cursor = { .data = data, .size = size };
	const struct efimap_entry entry = efimap_descriptor_decode(&cursor, index);
	const int ret = efimap_add_entry(map, &entry);

	return ret ? ret : efimap_add_name(map, index);
}

/* Descriptor and directory have one number (efi_runtime_map_init). */
static int take_runtime_map(struct vmcore *vm, struct efimap_err *err)
{
	uint64_t memmap[N_FIELDS];
	efimap_auto_free uint8_t *data = NULL;
	int ret = find_memmap(vm, memmap, err);
	size_t size;

	if (ret)
		return ret;
	size = (size_t)(memmap[NR_MAP] * memmap[DESC_SIZE]);
	data = malloc(size + 1);
	if (!data)
		return -ENOMEM;
	if (size && vm->memory->read(vm->memory, SPACE_VIRTUAL, memmap[MAP], data, size) &&
	    vm->memory->read(vm->memory, SPACE_PHYSICAL, memmap[PHYS_MAP], data, size))
		return efimap_err_set(err, EBADMSG, vm->label,
				      "the EFI memory map of its kernel cannot be read from "
				      "the dump: %s", vm->memory->why(vm->memory));
	for (uint32_t i = 0; i < memmap[NR_MAP] && !ret; i++)
		ret = add_descriptor(vm->map, i, data + i * memmap[DESC_SIZE],
				     (size_t)memmap[DESC_SIZE]);
	if (!ret)
		vm->map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	return ret;
}

int take_efi(struct vmcore *vm, struct efimap_err *err)
{
	uint64_t flags;
	int ret;

	if (vmcore_number(vm, SYM_EFI, "efi", "flags", &flags))
		return efimap_err_set(err, EBADMSG, vm->label,
				      "its kernel has no struct efi that could be read: it was "
				      "built without CONFIG_EFI, or the dump does not hold its "
				      "data");
	if (!(flags & EFI_BOOT))
		return 0;
	vm->map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	vm->map->platform_size = (flags & EFI_64BIT) ? 64 : 32;
	vm->map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	take_pointers(vm);
	ret = take_systab_fields(vm);
	if (!ret)
		ret = take_table_fields(vm);
	/* Cleared where runtime services are off: then there is no runtime-map either. */
	if (ret || !(flags & EFI_MEMMAP))
		return ret;
	return take_runtime_map(vm, err);
}
