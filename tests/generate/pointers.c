/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the firmware's tables lie: mostly in runtime data, and in all the other places
 * where real machines have them. Knows nothing of kernels.
 */
#include "machine.h"

/* An address in a random descriptor of this type that has RUNTIME or not, 0 for none. */
static uint64_t place(const struct machine *machine, struct dice *dice, uint32_t type,
		      bool runtime)
{
	const struct efimap_entry *found = NULL;
	uint64_t seen = 0;

	for (size_t i = 0; i < machine->n_map; i++) {
		const struct efimap_entry *entry = &machine->map[i];

		if (entry->type == type && efimap_entry_is_runtime(entry) == runtime &&
		    entry->phys != 0 && dice_below(dice, ++seen) == 0)
			found = entry;
	}
	if (!found)
		return 0;
	return found->phys + dice_below(dice, found->pages * EFIMAP_PAGE_SIZE / 16) * 16;
}

static uint64_t in_data(const struct machine *machine, struct dice *dice)
{
	return place(machine, dice, EFIMAP_TYPE_RUNTIME_DATA, true);
}

static uint64_t in_acpi(const struct machine *machine, struct dice *dice)
{
	return place(machine, dice, EFIMAP_TYPE_ACPI_RECLAIM, false);
}

static uint64_t in_boot_data(const struct machine *machine, struct dice *dice)
{
	return place(machine, dice, EFIMAP_TYPE_BOOT_DATA, false);
}

static void add(struct machine *machine, const char *name, uint64_t address)
{
	if (address != 0 && machine->n_tables < MACHINE_MAX_TABLES)
		machine->tables[machine->n_tables++] = (struct table){ name, address };
}

/* What the kernel's log names: in boot services more often than one would wish. */
static void place_tables(struct machine *machine, struct dice *dice)
{
	static const char *const names[] = { "MEMATTR", "ESRT", "TPMEventLog", "MOKvar",
					     "RTPROP", "TPMFinalLog" };
	static const unsigned int often[] = { 85, 60, 50, 15, 30, 50 };
	static const unsigned int in_boot[] = { 35, 35, 25, 30, 30, 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!dice_hit(dice, often[i]))
			continue;
		add(machine, names[i],
		    dice_hit(dice, in_boot[i]) ? in_boot_data(machine, dice) :
		    dice_hit(dice, 50)	       ? in_data(machine, dice) :
						 in_acpi(machine, dice));
	}
	if (machine->is_encrypted)
		add(machine, "Unaccepted", in_acpi(machine, dice));
	if (machine->rsdp)
		add(machine, "ACPI 2.0", machine->rsdp);
	if (machine->smbios)
		add(machine, "SMBIOS", machine->smbios);
	if (machine->smbios3)
		add(machine, "SMBIOS 3.0", machine->smbios3);
}

static uint64_t place_smbios(const struct machine *machine, struct dice *dice)
{
	switch (dice_below(dice, 6)) {
	case 0:
		return 0xf0480;
	case 1:
		return place(machine, dice, EFIMAP_TYPE_RESERVED, false);
	default:
		return in_data(machine, dice);
	}
}

void machine_place_pointers(struct machine *machine, struct dice *dice)
{
	machine->systab = in_data(machine, dice);
	machine->fw_vendor = in_data(machine, dice);
	machine->runtime = dice_hit(dice, 90) ? in_data(machine, dice) :
						place(machine, dice, EFIMAP_TYPE_RUNTIME_CODE,
						      true);
	machine->config_table = dice_hit(dice, 90) ? in_data(machine, dice) :
						     in_acpi(machine, dice);
	if (!machine->config_table)
		machine->config_table = in_data(machine, dice);
	machine->rsdp = dice_hit(dice, 90) ? in_acpi(machine, dice) : 0;
	if (!machine->rsdp)
		machine->rsdp = 0xf0000;
	machine->smbios = dice_hit(dice, 85) ? place_smbios(machine, dice) : 0;
	machine->smbios3 = dice_hit(dice, 60) ? place_smbios(machine, dice) : 0;
	place_tables(machine, dice);
}
