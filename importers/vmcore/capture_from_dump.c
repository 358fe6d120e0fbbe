/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Read from kernel memory the data that the files of a capture would contain, such as
 * sys/firmware/efi, sys/firmware/memmap and proc/iomem.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/escape_text.h"
#include "base/text_scan.h"
#include "capture/boot_params.h"
#include "capture/kernel_release.h"
#include "capture_from_dump.h"
#include "input/parse_values.h"
#include "input/read_source.h"

/* include/linux/efi.h: bits of efi.flags, and the address of a missing table */
#define EFI_BOOT (UINT64_C(1) << 0)
#define EFI_MEMMAP (UINT64_C(1) << 4)
#define EFI_64BIT (UINT64_C(1) << 5)
#define EFI_INVALID_TABLE_ADDR UINT64_MAX

static uint64_t read_table_address(const struct vmcore *vm, enum symbol symbol)
{
	uint64_t value = EFI_INVALID_TABLE_ADDR;

	return vmcore_pointer(vm, symbol, 0, &value) ? EFI_INVALID_TABLE_ADDR : value;
}

/*
 * Omit a pointer that is EFI_INVALID_TABLE_ADDR, because sysfs hides its file
 * (arch/x86/platform/efi/efi.c: efi_attr_is_visible).
 */
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

/* struct table - a field of struct efi, and the name under which the kernel prints it */
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

/* The order of the tables is that of systab_show(). */
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
 * Add the tables that the kernel log lists in "efi: ACPI=0x… MEMATTR=0x…" (common_tables[]). The
 * kernel's variables have the same values and are not lost when the log buffer wraps.
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

	/* Without this symbol, it is unknown whether the machine has a MEMATTR table. */
	if (ret || !vm->symbols[SYM_EFI_MEM_ATTR_TABLE])
		return ret;
	vm->map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
	if (mem_attr == EFI_INVALID_TABLE_ADDR || mem_attr == 0)
		return 0;
	return efimap_add_table(vm->map, "MEMATTR", strlen("MEMATTR"), mem_attr);
}

/* Fields of struct efi_memory_map, which is a member of struct efi */
enum { MAP, PHYS_MAP, NR_MAP, DESC_SIZE, N_MAP_FIELDS };

static int find_memmap(struct vmcore *vm, uint64_t memmap[N_MAP_FIELDS], struct efimap_err *err)
{
	static const char *const paths[N_MAP_FIELDS] = { "memmap.map", "memmap.phys_map",
						     "memmap.nr_map", "memmap.desc_size" };
	struct field fields[N_MAP_FIELDS];

	if (!types_fields(vm, "efi", paths, N_MAP_FIELDS, fields) ||
	    vmcore_fields(vm, vm->symbols[SYM_EFI], fields, N_MAP_FIELDS, memmap))
		return efimap_err_set(err, EBADMSG, vm->label,
				      "efi.memmap cannot be read: struct efi has an "
				      "unknown layout, or the dump lacks the data");
	if (memmap[DESC_SIZE] < EFIMAP_DESC_SIZE || memmap[DESC_SIZE] > EFIMAP_DESC_SIZE_MAX ||
	    memmap[NR_MAP] > EFIMAP_MAX_ENTRIES)
		return efimap_err_set(err, EBADMSG, vm->label,
				      "the EFI memory map in the dump is invalid: %ju "
				      "descriptors of %ju bytes",
				      (uintmax_t)memmap[NR_MAP],
				      (uintmax_t)memmap[DESC_SIZE]);
	return 0;
}

static int add_descriptor(struct efimap *map, uint32_t index, const uint8_t *data, size_t size)
{
	struct efimap_le_reader cursor = { .data = data, .size = size };
	const struct efimap_entry entry = efimap_descriptor_decode(&cursor, index);
	const int ret = efimap_add_entry(map, &entry);

	if (ret)
		return ret;
	return efimap_add_name(map, index);
}

/* A descriptor and its directory in sysfs have the same number (efi_runtime_map_init). */
static int take_runtime_map(struct vmcore *vm, struct efimap_err *err)
{
	uint64_t memmap[N_MAP_FIELDS] = { 0 };
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
		return efimap_err_set(
			err, EBADMSG, vm->label,
			"the EFI memory map cannot be read from the dump: %s",
			vm->memory->why(vm->memory));
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
				      "struct efi cannot be read: the kernel was built "
				      "without CONFIG_EFI, or the dump lacks the data");
	if (!(flags & EFI_BOOT))
		return 0;
	vm->map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	vm->map->platform_size = (flags & EFI_64BIT) ? 64 : 32;
	vm->map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	take_pointers(vm);
	ret = take_systab_fields(vm);
	if (ret)
		return ret;
	ret = take_table_fields(vm);
	/*
	 * If the kernel disables runtime services, it clears EFI_MEMMAP and does not create
	 * runtime-map.
	 */
	if (ret || !(flags & EFI_MEMMAP))
		return ret;
	return take_runtime_map(vm, err);
}

#define MAX_TEXT 256U
#define BOOT_ID_BYTES 16
/*
 * Maximum number of setup_data nodes. Boot loaders create few. A longer list is probably circular.
 */
#define MAX_NODES 256U

/* The message becomes part of a document, so the release is truncated and escaped. */
static int refuse_release(struct vmcore *vm, const char *found)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	struct efimap_fault fault = {
		.source = EFIMAP_SRC_VERSION,
		.kind = EFIMAP_FAULT_SYNTAX,
		.index = EFIMAP_NO_INDEX,
		.where = efimap_source_path(EFIMAP_SRC_VERSION),
	};
	char start[64];

	snprintf(start, sizeof(start), "%s", found);
	efimap_out_puts(&out, "OSRELEASE: found \"");
	efimap_out_escaped(&out, start);
	efimap_out_puts(&out, "\", expected " EFIMAP_RELEASE_EXPECTED);
	efimap_out_putc(&out, '\0');
	if (out.error)
		return out.error;
	fault.text = out.data;
	vm->map->states[EFIMAP_SRC_VERSION] = EFIMAP_STATE_BROKEN;
	return efimap_add_fault(vm->map, &fault);
}

static int take_osrelease(struct vmcore *vm)
{
	efimap_auto_free char *text = vm->memory->vmcoreinfo(vm->memory, "OSRELEASE");

	if (!text)
		return 0;
	if (!efimap_release_is_valid(text, strlen(text)))
		return refuse_release(vm, text);
	vm->map->states[EFIMAP_SRC_VERSION] = EFIMAP_STATE_PRESENT;
	return efimap_set_release(vm->map, text, strlen(text));
}

/* saved_command_line points to the text that /proc/cmdline shows. */
static int take_cmdline(struct vmcore *vm)
{
	efimap_auto_free char *text = malloc(EFIMAP_MAX_CMDLINE);
	uint64_t address;

	if (!text)
		return -ENOMEM;
	if (vmcore_pointer(vm, SYM_SAVED_COMMAND_LINE, 0, &address))
		return 0;
	if (memory_text(vm->memory, address, text, EFIMAP_MAX_CMDLINE))
		return vmcore_lacks(vm, EFIMAP_SRC_CMDLINE, "the command line");
	efimap_text_clean(text, strlen(text));
	vm->map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	return efimap_set_cmdline(vm->map, text, strlen(text));
}

/* boot_id is all zeros until its first use (drivers/char/random.c: proc_do_uuid). */
static int take_boot_id(struct vmcore *vm)
{
	static const uint8_t none[BOOT_ID_BYTES];
	uint8_t id[BOOT_ID_BYTES];
	char text[40];
	size_t used = 0;

	if (vmcore_read(vm, SYM_SYSCTL_BOOTID, id, sizeof(id)) ||
	    memcmp(id, none, sizeof(id)) == 0)
		return 0;
	for (size_t i = 0; i < sizeof(id); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%02x",
					 i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "",
					 id[i]);
	vm->map->states[EFIMAP_SRC_BOOT_ID] = EFIMAP_STATE_PRESENT;
	return efimap_set_boot_id(vm->map, text, used);
}

static void take_phys_bits(struct vmcore *vm)
{
	uint64_t bits;

	if (vmcore_number(vm, SYM_BOOT_CPU_DATA, "cpuinfo_x86", "x86_phys_bits", &bits) ||
	    bits < 32 || bits > 64)
		return;
	vm->map->phys_bits = (unsigned int)bits;
	vm->map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_PRESENT;
}

/* drivers/firmware/dmi_scan.c: dmi_ident[] */
static int take_dmi(struct vmcore *vm)
{
	static const char *const fields[EFIMAP_DMI_COUNT] = {
		[EFIMAP_DMI_SYS_VENDOR] = "DMI_SYS_VENDOR",
		[EFIMAP_DMI_PRODUCT_NAME] = "DMI_PRODUCT_NAME",
		[EFIMAP_DMI_BIOS_VERSION] = "DMI_BIOS_VERSION",
	};
	int ret = 0;

	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT && !ret; i++) {
		char text[MAX_TEXT];
		uint32_t number;
		uint64_t address;

		if (!types_enum(vm, "dmi_field", fields[i], &number) || number > 255 ||
		    vmcore_pointer(vm, SYM_DMI_IDENT, number, &address) || !address ||
		    memory_text(vm->memory, address, text, sizeof(text)) ||
		    !*text || !efimap_text_is_printable(text, strlen(text)))
			continue;
		vm->map->states[EFIMAP_SRC_DMI] = EFIMAP_STATE_PRESENT;
		ret = efimap_set_dmi(vm->map, (enum efimap_dmi)i, text, strlen(text));
	}
	return ret;
}

int take_kernel(struct vmcore *vm)
{
	int ret = take_osrelease(vm);

	if (!ret)
		ret = take_cmdline(vm);
	if (!ret)
		ret = take_boot_id(vm);
	if (!ret)
		ret = take_dmi(vm);
	take_phys_bits(vm);
	return ret;
}

int take_boot_params(struct vmcore *vm)
{
	uint8_t data[EFIMAP_BOOT_PARAMS_BYTES];
	int ret = vmcore_read(vm, SYM_BOOT_PARAMS, data, sizeof(data));

	if (ret == -ENOENT)
		return 0;
	if (ret)
		return vmcore_lacks(vm, EFIMAP_SRC_BOOT_PARAMS, "boot_params");
	efimap_boot_params_decode(data, &vm->map->boot_params);
	vm->map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	return 0;
}

/* Only the payload of SETUP_EFI is read, because other payloads may be secret. */
static int add_listed_node(struct vmcore *vm, uint32_t index, uint64_t address,
			   uint64_t *ret_next)
{
	struct efimap_setup_node node = { .index = index };
	uint64_t type, len;

	if (memory_u64(vm->memory, SPACE_PHYSICAL, address, 8, ret_next) ||
	    memory_u64(vm->memory, SPACE_PHYSICAL, address + 8, 4, &type) ||
	    memory_u64(vm->memory, SPACE_PHYSICAL, address + 12, 4, &len))
		return -ENODATA;
	node.type = (uint32_t)type;
	node.len = len;
	if (node.type == EFIMAP_SETUP_EFI) {
		node.payload_size = len < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)len :
								    EFIMAP_EFI_PAYLOAD_SIZE;
		if (node.payload_size &&
		    vm->memory->read(vm->memory, SPACE_PHYSICAL, address + EFIMAP_SETUP_DATA_HEADER,
				     node.payload, node.payload_size))
			return -ENODATA;
	}
	return efimap_add_setup_node(vm->map, &node);
}

/*
 * After a cold boot there may be no nodes. If there are none, sysfs has no directory for them
 * (arch/x86/kernel/ksysfs.c: create_setup_data_nodes).
 */
int take_setup_data(struct vmcore *vm)
{
	uint64_t address = vm->map->boot_params.setup_data;
	uint32_t index = 0;

	if (!efimap_has(vm->map, EFIMAP_SRC_BOOT_PARAMS) || !address)
		return 0;
	vm->map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_PRESENT;
	while (address && index < MAX_NODES) {
		int ret = add_listed_node(vm, index++, address, &address);

		/*
		 * makedumpfile may exclude the pages of a node that a boot loader created, because
		 * the kernel counts these pages as free memory. Drop all nodes, because a partial
		 * list would look complete.
		 */
		if (ret == -ENODATA) {
			vm->map->n_setup_data = 0;
			vm->map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
			return 0;
		}
		if (ret)
			return ret;
	}
	return 0;
}

/*
 * Fields of struct firmware_map_entry: the range, the list head, and the kobject type, which
 * identifies the list
 */
enum {
	RANGE_START,
	RANGE_END,
	RANGE_TYPE,
	N_RANGE_VALUES,
	RANGE_LIST = N_RANGE_VALUES,
	RANGE_KTYPE,
	N_RANGE_FIELDS,
};

static const char *const range_paths[N_RANGE_FIELDS] = { "start", "end", "type", "list",
							  "kobj.ktype" };

/* sysfs numbers the entries in the order of the list (add_sysfs_fw_map_entry). */
static int add_listed_range(struct vmcore *vm, const struct field *fields, uint64_t entry,
			    uint32_t index)
{
	char label[EFIMAP_LABEL_MAX + 1];
	uint64_t values[N_RANGE_VALUES];

	if (vmcore_fields(vm, entry, fields, N_RANGE_VALUES, values) ||
	    memory_text(vm->memory, values[RANGE_TYPE], label, sizeof(label)) ||
	    !efimap_text_is_printable(label, strlen(label)))
		return -ENODATA;
	return efimap_add_memmap(vm->map, index, values[RANGE_START], values[RANGE_END], label,
				 strlen(label));
}

/*
 * Return the address of map_entries, the head of the list of struct firmware_map_entry, or 0. Check
 * the type of the first entry, because other source files of the kernel also define map_entries.
 */
static uint64_t find_head(const struct vmcore *vm, const struct field *fields)
{
	const uint64_t *heads = vm->namesakes[SYM_MAP_ENTRIES];
	uint64_t first, ktype;

	for (size_t i = 0; i < MAX_NAMESAKES && heads[i]; i++)
		if (!memory_u64(vm->memory, SPACE_VIRTUAL, heads[i], 8, &first) &&
		    !vmcore_fields(vm, first - fields[RANGE_LIST].offset, &fields[RANGE_KTYPE], 1,
				   &ktype) &&
		    ktype && ktype == vm->symbols[SYM_MEMMAP_KTYPE])
			return heads[i];
	return 0;
}

static int walk_ranges(struct vmcore *vm, const struct field *fields, uint64_t head)
{
	uint32_t index = 0;
	uint64_t at;
	int ret = memory_u64(vm->memory, SPACE_VIRTUAL, head, 8, &at);

	while (!ret && at != head) {
		if (index >= EFIMAP_MAX_ENTRIES)
			return -ENODATA;
		ret = add_listed_range(vm, fields, at - fields[RANGE_LIST].offset, index++);
		if (!ret && memory_u64(vm->memory, SPACE_VIRTUAL, at, 8, &at))
			return -ENODATA;
	}
	return ret;
}

int take_memmap(struct vmcore *vm)
{
	struct field fields[N_RANGE_FIELDS];
	uint64_t head;
	int ret;

	if (!types_fields(vm, "firmware_map_entry", range_paths, N_RANGE_FIELDS, fields))
		return 0;
	head = find_head(vm, fields);
	if (!head)
		return 0;
	vm->map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	ret = walk_ranges(vm, fields, head);
	return ret == -ENODATA ? vmcore_lacks(vm, EFIMAP_SRC_MEMMAP, "the memmap list") :
				 ret;
}

/*
 * The tree of proc/iomem (kernel/resource.c) is walked without recursion. The numbers of lines and
 * levels are limited, so that the walk ends even if the tree is circular.
 */

#define MAX_DEPTH 64U
#define MAX_NAME 128U

/* Fields of struct resource */
enum { RES_START, RES_END, RES_NAME, RES_SIBLING, RES_CHILD, N_RES_FIELDS };

static const char *const resource_paths[N_RES_FIELDS] = { "start", "end", "name", "sibling",
							   "child" };

/*
 * struct walk - the position in the resource tree
 * @next:  for each depth, the next resource at that depth, or 0
 * @depth: depth of the current resource
 */
struct walk {
	struct vmcore *vm;
	struct field fields[N_RES_FIELDS];
	uint64_t next[MAX_DEPTH];
	uint32_t depth;
};

/* Truncate a long name. If the name is NULL, use "<BAD>", as r_show() does. */
static int read_resource_name(const struct vmcore *vm, uint64_t address, char name[MAX_NAME])
{
	int ret;

	if (!address) {
		memcpy(name, "<BAD>", sizeof("<BAD>"));
		return 0;
	}
	ret = memory_text(vm->memory, address, name, MAX_NAME);
	if (ret && ret != -E2BIG)
		return -ENODATA;
	efimap_text_clean(name, strlen(name));
	return 0;
}

static int add_resource(const struct walk *walk, const uint64_t values[N_RES_FIELDS])
{
	const struct efimap_span span = { values[RES_START], values[RES_END] };
	char name[MAX_NAME];
	int ret = read_resource_name(walk->vm, values[RES_NAME], name);

	/* Reject a range that ends before it starts, as the parser of proc/iomem does. */
	if (!ret && span.last < span.first)
		ret = -ENODATA;
	if (ret)
		return ret;
	return efimap_add_iomem(walk->vm->map, span, walk->depth, name, strlen(name));
}

/*
 * Store the address of the next resource in depth-first order, or 0 at the end. Return 0, or
 * -ENODATA if the tree is too deep.
 */
static int find_next_resource(struct walk *walk, const uint64_t values[N_RES_FIELDS],
			      uint64_t *ret_resource)
{
	walk->next[walk->depth] = values[RES_SIBLING];
	if (values[RES_CHILD]) {
		if (walk->depth + 1 == MAX_DEPTH)
			return -ENODATA;
		walk->depth++;
		*ret_resource = values[RES_CHILD];
		return 0;
	}
	while (!walk->next[walk->depth] && walk->depth > 0)
		walk->depth--;
	*ret_resource = walk->next[walk->depth];
	return 0;
}

/* Start below the root of the tree, which /proc/iomem does not show. */
static int walk_resources(struct walk *walk)
{
	uint64_t values[N_RES_FIELDS], resource;
	uint32_t lines = 0;
	int ret = vmcore_fields(walk->vm, walk->vm->symbols[SYM_IOMEM_RESOURCE],
				&walk->fields[RES_CHILD], 1, &resource);

	while (!ret && resource) {
		if (lines++ == EFIMAP_MAX_LINES)
			return -ENODATA;
		ret = vmcore_fields(walk->vm, resource, walk->fields, N_RES_FIELDS, values);
		if (!ret)
			ret = add_resource(walk, values);
		if (!ret)
			ret = find_next_resource(walk, values, &resource);
	}
	return ret;
}

int take_iomem(struct vmcore *vm)
{
	struct walk walk = { .vm = vm };
	int ret;

	if (!vm->symbols[SYM_IOMEM_RESOURCE] ||
	    !types_fields(vm, "resource", resource_paths, N_RES_FIELDS, walk.fields))
		return 0;
	vm->map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	ret = walk_resources(&walk);
	return ret == -ENODATA ? vmcore_lacks(vm, EFIMAP_SRC_IOMEM, "the resource tree") :
				 ret;
}
