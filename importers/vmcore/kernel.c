/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which kernel it was and how it was started: release, command line, boot id, processor,
 * machine, boot_params and the setup_data list. What is not there is passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "format/format.h"
#include "model/boot_params.h"
#include "model/kernel.h"
#include "read/text.h"
#include "vmcore.h"

/* As in src/read/tree/files.c and kernel.c. */
#define MAX_CMDLINE (64U << 10)
#define MAX_TEXT 256U
#define BOOT_ID_BYTES 16
/* arch/x86/include/uapi/asm/bootparam.h: struct setup_data */
#define NODE_BYTES 16
/* A loader makes a handful; more is a list that leads in circles. */
#define MAX_NODES 256U

/* What stands there goes into a document: cut, and without what harms a terminal. */
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
	efimap_out_safe(&out, start);
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

/* saved_command_line is a pointer; what /proc/cmdline shows. */
static int take_cmdline(struct vmcore *vm)
{
	efimap_auto_free char *text = malloc(MAX_CMDLINE);
	uint64_t address;

	if (!text)
		return -ENOMEM;
	if (vmcore_pointer(vm, SYM_SAVED_COMMAND_LINE, 0, &address))
		return 0;
	if (memory_text(vm->memory, address, text, MAX_CMDLINE))
		return vmcore_lacks(vm, EFIMAP_SRC_CMDLINE, "the command line");
	efimap_text_clean(text, strlen(text));
	vm->map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	return efimap_set_cmdline(vm->map, text, strlen(text));
}

/* Made when it is first asked for (drivers/char/random.c: proc_do_uuid); zeros before. */
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

/* Only of SETUP_EFI is the payload read: others can be keys. */
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
		    vm->memory->read(vm->memory, SPACE_PHYSICAL, address + NODE_BYTES,
				     node.payload, node.payload_size))
			return -ENODATA;
	}
	return efimap_add_setup_node(vm->map, &node);
}

/* On a cold boot there are none, and no directory for them (create_setup_data_nodes). */
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
		 * The pages of a boot loader's node (a PCI ROM) count as free to a dump that
		 * leaves those out. What is left of the list would be taken for all of it.
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
