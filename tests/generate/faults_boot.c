/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Faults in the firmware's pointers, and in what kexec is given. */
#include <string.h>

#include "model/boot_params.h"
#include "faults.h"

static uint64_t virtual_address(struct victim *victim)
{
	return dice_between(victim->dice, EFIMAP_VA_END / 8, EFIMAP_VA_START / 8 - 1) * 8;
}

static bool file_gone(struct victim *victim)
{
	static const enum efimap_source files[] = { EFIMAP_SRC_FW_VENDOR, EFIMAP_SRC_RUNTIME,
						    EFIMAP_SRC_CONFIG_TABLE,
						    EFIMAP_SRC_SYSTAB };

	/* Without entries the capture may have been made without root, and lack systab. */
	if (victim->map->n_entries == 0)
		return false;
	victim->map->states[DICE_PICK(victim->dice, files)] = EFIMAP_STATE_ABSENT;
	return true;
}

static bool file_malformed(struct victim *victim)
{
	static const struct efimap_fault faults[] = {
		{ EFIMAP_SRC_FW_VENDOR, EFIMAP_FAULT_SYNTAX, EFIMAP_NO_INDEX, 0,
		  "sys/firmware/efi/fw_vendor", "a made fault" },
		{ EFIMAP_SRC_CONFIG_TABLE, EFIMAP_FAULT_EMPTY, EFIMAP_NO_INDEX, 0,
		  "sys/firmware/efi/config_table", "a made fault" },
		{ EFIMAP_SRC_SYSTAB, EFIMAP_FAULT_SYNTAX, EFIMAP_NO_INDEX, 2,
		  "sys/firmware/efi/systab", "SMBIOS=0xg is a made fault" },
	};
	const struct efimap_fault *fault = &DICE_PICK(victim->dice, faults);

	if (victim->kernel->xen)
		return false;
	victim_must(efimap_add_fault(victim->map, fault));
	victim->map->states[fault->source] = EFIMAP_STATE_BROKEN;
	return true;
}

static bool all_ones(struct victim *victim)
{
	uint64_t *const values[] = { &victim->map->fw_vendor, &victim->map->runtime,
				     &victim->map->config_table };

	if (victim->kernel->xen)
		return false;
	*DICE_PICK(victim->dice, values) = UINT64_MAX;
	return true;
}

static bool pointer_virtual(struct victim *victim)
{
	if (victim->kernel->xen)
		return false;
	if (dice_hit(victim->dice, 50))
		victim->map->fw_vendor = virtual_address(victim);
	else
		victim->map->config_table = virtual_address(victim);
	return true;
}

static struct efimap_pair *find_line(struct efimap *map, const char *name)
{
	for (size_t i = 0; i < map->n_systab; i++)
		if (strcmp(map->systab[i].name, name) == 0)
			return &map->systab[i];
	return NULL;
}

static bool smbios_virtual(struct victim *victim)
{
	struct efimap_pair *line =
		find_line(victim->map, dice_hit(victim->dice, 50) ? "SMBIOS" : "SMBIOS3");

	if (line)
		line->value = virtual_address(victim);
	return line;
}

static bool pointer_astray(struct victim *victim)
{
	const uint64_t address = victim_free_ram(victim);
	uint64_t *const values[] = { &victim->map->fw_vendor, &victim->map->config_table,
				     &victim->map->boot_params.efi_info.systab };

	if (address == 0 || !victim->kernel->has_map || victim->kernel->noruntime)
		return false;
	*DICE_PICK(victim->dice, values) = address;
	return true;
}

static bool runtime_astray(struct victim *victim)
{
	const uint64_t address = victim_free_ram(victim);

	if (address == 0 || !victim->kernel->has_map || victim->kernel->noruntime)
		return false;
	victim->map->runtime = address;
	return true;
}

static bool no_root_pointer(struct victim *victim)
{
	struct efimap_pair *line;
	bool any = false;

	for (size_t i = 0; i < victim->map->n_memmap; i++)
		any |= strncmp(victim->map->memmap[i].label, "ACPI", 4) == 0;
	if (!any)
		return false;
	while ((line = find_line(victim->map, "ACPI20")) ||
	       (line = find_line(victim->map, "ACPI")))
		line->name = "UGA";
	victim->map->boot_params.acpi_rsdp_addr = 0;
	return true;
}

static bool no_smbios(struct victim *victim)
{
	struct efimap_pair *line = find_line(victim->map, "SMBIOS");

	if (line)
		line->name = "UGA";
	return line;
}

static bool off_by_command_line(struct victim *victim)
{
	static const char text[] = "ro quiet efi=noruntime";

	if (victim->kernel->noruntime)
		return false;
	victim_must(efimap_set_cmdline(victim->map, text, sizeof(text) - 1));
	return true;
}

static bool image_without_efi(struct victim *victim)
{
	static const struct efimap_image images[] = {
		{ "bzImage", 0x20f, 0x2f },
		{ "bzImage", 0x20f, 0 },
		{ "bzImage", 0x20b, 0 },
	};

	victim->image = DICE_PICK(victim->dice, images);
	victim->options.image = &victim->image;
	return true;
}

static bool segment_on_an_entry(struct victim *victim)
{
	const struct efimap_entry *entry = victim_pick(victim, victim_takes_runtime);

	if (!entry)
		return false;
	victim->segments = (struct efimap_segments){ .name = "log", .count = 2 };
	victim->segments.spans[0] = (struct efimap_span){ 300 * GIB, 301 * GIB };
	victim->segments.spans[1] = victim_span(entry);
	victim->options.segments = &victim->segments;
	return true;
}

const struct fault faults_boot[] = {
	FAULT(VERIFY, "a pointer file is missing", file_gone, ERROR, POINTER_MISSING),
	FAULT(VERIFY, "a pointer file is malformed", file_malformed, ERROR, POINTER_MISSING),
	FAULT(VERIFY, "a pointer of all ones", all_ones, ERROR, POINTER_MISSING),
	FAULT(VERIFY, "a virtual pointer", pointer_virtual, ERROR, POINTER_VIRTUAL),
	FAULT(VERIFY, "a virtual SMBIOS address", smbios_virtual, ERROR, SMBIOS_VIRTUAL),
	FAULT(VERIFY, "a pointer into free memory", pointer_astray, WARNING,
	      POINTER_UNMAPPED),
	FAULT(VERIFY, "runtime points into free memory", runtime_astray, WARNING,
	      RUNTIME_POINTER),
	FAULT(VERIFY, "no ACPI root pointer", no_root_pointer, WARNING, NO_RSDP),
	FAULT(VERIFY, "no SMBIOS", no_smbios, NOTE, NO_SMBIOS),
	FAULT(VERIFY, "efi=noruntime on the command line", off_by_command_line, NOTE,
	      RUNTIME_OFF),
	FAULT(VERIFY, "an image that takes no EFI", image_without_efi, ERROR,
	      IMAGE_WITHOUT_EFI),
	FAULT(VERIFY, "kexec loads onto an entry", segment_on_an_entry, ERROR,
	      SEGMENT_COLLISION),
	{ .name = NULL },
};
