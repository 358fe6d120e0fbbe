/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generate an EFI memory map. The frequencies of sizes, types, attributes and orders were counted
 * in public kernel logs.
 */
#include "machine.h"

static uint64_t place(const struct machine *machine, struct dice *dice, uint32_t type, bool runtime)
{
	const struct map_entry *found = NULL;
	uint64_t seen = 0;

	for (size_t i = 0; i < machine->n_map; i++) {
		const struct map_entry *entry = &machine->map[i];

		if (entry->type == type && entry_is_runtime(entry) == runtime && entry->phys != 0 &&
		    dice_below(dice, ++seen) == 0)
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

static void place_tables(struct machine *machine, struct dice *dice)
{
	static const char *const names[] = { "MEMATTR", "ESRT",	  "TPMEventLog",
					     "MOKvar",	"RTPROP", "TPMFinalLog" };
	static const unsigned int often[] = { 85, 60, 50, 15, 30, 50 };
	static const unsigned int in_boot[] = { 35, 35, 25, 30, 30, 0 };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!dice_hit(dice, often[i]))
			continue;
		add(machine, names[i],
		    dice_hit(dice, in_boot[i]) ? in_boot_data(machine, dice)
		    : dice_hit(dice, 50)       ? in_data(machine, dice)
					       : in_acpi(machine, dice));
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

static void machine_place_pointers(struct machine *machine, struct dice *dice)
{
	machine->systab = in_data(machine, dice);
	machine->fw_vendor = in_data(machine, dice);
	machine->runtime = dice_hit(dice, 90)
				   ? in_data(machine, dice)
				   : place(machine, dice, EFIMAP_TYPE_RUNTIME_CODE, true);
	machine->config_table =
		dice_hit(dice, 90) ? in_data(machine, dice) : in_acpi(machine, dice);
	if (!machine->config_table)
		machine->config_table = in_data(machine, dice);
	machine->rsdp = dice_hit(dice, 90) ? in_acpi(machine, dice) : 0;
	if (!machine->rsdp)
		machine->rsdp = 0xf0000;
	machine->smbios = dice_hit(dice, 85) ? place_smbios(machine, dice) : 0;
	machine->smbios3 = dice_hit(dice, 60) ? place_smbios(machine, dice) : 0;
	place_tables(machine, dice);
}

#define RAM (EFIMAP_ATTR_WB | EFIMAP_ATTR_WT | EFIMAP_ATTR_WC | EFIMAP_ATTR_UC)
#define RUN EFIMAP_ATTR_RUNTIME
#define PAGE EFIMAP_PAGE_SIZE

static void put(struct machine *machine, uint32_t type, uint64_t phys, uint64_t bytes,
		uint64_t attribute)
{
	if (machine->n_map == MACHINE_MAX || bytes < PAGE)
		return;
	machine->map[machine->n_map++] = (struct map_entry){
		.type = type,
		.phys = phys,
		.pages = bytes / PAGE,
		.attribute = attribute,
	};
}

static void put_low(struct machine *machine, struct dice *dice)
{
	static const uint32_t first[] = { EFIMAP_TYPE_BOOT_CODE, EFIMAP_TYPE_BOOT_DATA,
					  EFIMAP_TYPE_CONVENTIONAL, EFIMAP_TYPE_BOOT_CODE };
	uint64_t end = 0xa0000, kept = 0xa0000;

	if (dice_hit(dice, 4))
		put(machine, EFIMAP_TYPE_RUNTIME_DATA, 0, PAGE, (RAM) | RUN);
	else
		put(machine, DICE_PICK(dice, first), 0, PAGE, RAM);
	if (dice_hit(dice, 30))
		end = 0x9f000;
	if (dice_hit(dice, 19))
		kept = dice_between(dice, 0x30, 0x9e) * PAGE;
	put(machine, EFIMAP_TYPE_CONVENTIONAL, PAGE, (kept < end ? kept : end) - PAGE, RAM);
	if (kept < end)
		put(machine, dice_hit(dice, 50) ? EFIMAP_TYPE_RESERVED : EFIMAP_TYPE_RUNTIME_DATA,
		    kept, end - kept, (RAM) | RUN);
	if (end == 0x9f000)
		put(machine, EFIMAP_TYPE_RESERVED, end, PAGE, RAM);
	if (dice_hit(dice, 5))
		put(machine, EFIMAP_TYPE_RESERVED, 0xa0000, 0x20000, RUN);
}

static void put_free(struct machine *machine, struct dice *dice, uint64_t first, uint64_t end)
{
	static const uint32_t types[] = { EFIMAP_TYPE_LOADER_CODE, EFIMAP_TYPE_LOADER_DATA,
					  EFIMAP_TYPE_BOOT_DATA,   EFIMAP_TYPE_BOOT_DATA,
					  EFIMAP_TYPE_BOOT_CODE,   EFIMAP_TYPE_CONVENTIONAL };

	for (unsigned int n = (unsigned int)dice_below(dice, 6); n > 0; n--) {
		const uint64_t left = (end - first) / PAGE;
		uint64_t hole, size;

		if (left < 0x1000)
			break;
		hole = dice_below(dice, left / 2) * PAGE;
		put(machine, EFIMAP_TYPE_CONVENTIONAL, first, hole, RAM);
		first += hole;
		size = dice_between(dice, 1, dice_hit(dice, 70) ? 0x100 : left / 4) * PAGE;
		put(machine, DICE_PICK(dice, types), first, size, RAM);
		first += size;
	}
	put(machine, EFIMAP_TYPE_CONVENTIONAL, first, end - first, RAM);
}

/*
 * Add a runtime image that is split into header, code and data, as firmware with the
 * EFI_PROPERTIES_TABLE of UEFI 2.5 does. Return the end of the image.
 */
static uint64_t put_image(struct machine *machine, struct dice *dice, uint64_t first)
{
	const uint64_t code = dice_between(dice, 1, 0x40) * PAGE;
	const uint64_t data = dice_between(dice, 1, 0x20) * PAGE;

	put(machine, EFIMAP_TYPE_RUNTIME_DATA, first, PAGE, (RAM) | RUN | EFIMAP_ATTR_XP);
	put(machine, EFIMAP_TYPE_RUNTIME_CODE, first + PAGE, code, (RAM) | RUN | EFIMAP_ATTR_RO);
	put(machine, EFIMAP_TYPE_RUNTIME_DATA, first + PAGE + code, data,
	    (RAM) | RUN | EFIMAP_ATTR_XP);
	return first + PAGE + code + data;
}

static uint64_t put_piece(struct machine *machine, struct dice *dice, uint64_t first, uint32_t type)
{
	const uint64_t pages = dice_between(dice, 1,
					    dice_hit(dice, 40)	 ? 1
					    : dice_hit(dice, 60) ? 0x80
								 : 0x800);
	uint64_t attribute = RAM;

	if (type == EFIMAP_TYPE_RUNTIME_CODE || type == EFIMAP_TYPE_RUNTIME_DATA ||
	    (type == EFIMAP_TYPE_ACPI_NVS && dice_hit(dice, 3)))
		attribute |= RUN;
	else if (type == EFIMAP_TYPE_RESERVED && dice_hit(dice, 6))
		attribute = dice_hit(dice, 44) ? RUN : RUN | EFIMAP_ATTR_UC;
	put(machine, type, first, pages * PAGE, attribute);
	return first + pages * PAGE;
}

static uint64_t put_block(struct machine *machine, struct dice *dice, uint64_t first)
{
	static const uint32_t types[] = {
		EFIMAP_TYPE_BOOT_DATA,	  EFIMAP_TYPE_BOOT_DATA,    EFIMAP_TYPE_BOOT_CODE,
		EFIMAP_TYPE_RUNTIME_CODE, EFIMAP_TYPE_RUNTIME_DATA, EFIMAP_TYPE_RUNTIME_DATA,
		EFIMAP_TYPE_RESERVED,	  EFIMAP_TYPE_ACPI_RECLAIM, EFIMAP_TYPE_ACPI_NVS,
		EFIMAP_TYPE_CONVENTIONAL, EFIMAP_TYPE_BOOT_DATA,    EFIMAP_TYPE_RUNTIME_CODE,
	};
	const bool split = dice_hit(dice, 15);
	unsigned int count = (unsigned int)dice_between(dice, 4, dice_hit(dice, 5) ? 200 : 24);

	first = put_piece(machine, dice, first, EFIMAP_TYPE_RUNTIME_DATA);
	first = split ? put_image(machine, dice, first)
		      : put_piece(machine, dice, first, EFIMAP_TYPE_RUNTIME_CODE);
	while (count-- > 0) {
		uint32_t type = DICE_PICK(dice, types);

		if (dice_hit(dice, 1))
			type = dice_hit(dice, 50) ? EFIMAP_TYPE_UNUSABLE
						  : EFIMAP_TYPE_OEM_FIRST + 1;
		if (split && type == EFIMAP_TYPE_RUNTIME_CODE)
			first = put_image(machine, dice, first);
		else
			first = put_piece(machine, dice, first, type);
	}
	if (dice_hit(dice, 80))
		first = put_piece(machine, dice, first, EFIMAP_TYPE_ACPI_RECLAIM);
	return first;
}

static uint64_t mmio_attribute(struct dice *dice)
{
	static const uint64_t attributes[] = {
		RUN | EFIMAP_ATTR_UC,
		RUN | EFIMAP_ATTR_UC,
		RUN,
		RUN,
		/* AMI firmware for Skylake, AM4 and later platforms sets these attributes. */
		RUN | EFIMAP_ATTR_WP | EFIMAP_ATTR_WB | EFIMAP_ATTR_WT | EFIMAP_ATTR_UC,
	};

	return DICE_PICK(dice, attributes);
}

static void put_devices(struct machine *machine, struct dice *dice, uint64_t first)
{
	static const uint64_t flash[] = { 0xff000000, 0xffc00000, 0xffe00000,
					  0xff800000, 0xfff00000, 0xfffff000 };
	const uint64_t attribute = mmio_attribute(dice);

	if (dice_hit(dice, 3) && first <= 0x70400000)
		put(machine, EFIMAP_TYPE_MMIO, 0x70400000, 1532 * MIB, attribute);
	else if (dice_hit(dice, 60) && first <= 0xf0000000)
		put(machine, EFIMAP_TYPE_MMIO, 0xf0000000,
		    (UINT64_C(64) << dice_below(dice, 2)) * MIB, attribute);
	else if (dice_hit(dice, 40) && first <= 0xe0000000)
		put(machine, EFIMAP_TYPE_MMIO, 0xe0000000, 256 * MIB, attribute);
	if (dice_hit(dice, 30))
		put(machine, EFIMAP_TYPE_MMIO, 0xfec00000, PAGE, attribute);
	if (dice_hit(dice, 30))
		put(machine, EFIMAP_TYPE_MMIO, 0xfed1c000, 4 * PAGE, attribute);
	if (dice_hit(dice, 30))
		put(machine, EFIMAP_TYPE_MMIO, 0xfee00000, PAGE, attribute);
	if (dice_hit(dice, 77)) {
		const uint64_t start = DICE_PICK(dice, flash);

		put(machine, EFIMAP_TYPE_MMIO, start, 4 * GIB - start, attribute);
	}
}

static void put_high(struct machine *machine, struct dice *dice)
{
	uint64_t end = 4 * GIB;

	machine->high = end;
	if (dice_hit(dice, 70)) {
		end += dice_between(dice, 1, 28 * 4) * (GIB / 4);
		put_free(machine, dice, 4 * GIB, end);
		machine->high = end;
	}
	if (dice_hit(dice, 3)) {
		put(machine, EFIMAP_TYPE_CONVENTIONAL, end, GIB, (RAM) | EFIMAP_ATTR_SP);
		end += GIB;
	}
	if (dice_hit(dice, 3)) {
		put(machine, EFIMAP_TYPE_PERSISTENT, end, GIB, (RAM) | EFIMAP_ATTR_NV);
		end += GIB;
	}
	if (machine->is_encrypted)
		put(machine, EFIMAP_TYPE_UNACCEPTED, end, 2 * GIB, RAM);
	if (dice_hit(dice, 10)) {
		const uint64_t attribute = mmio_attribute(dice);

		for (uint64_t n = dice_between(dice, 1, 4); n > 0; n--)
			put(machine, EFIMAP_TYPE_MMIO, 34 * GIB + n * GIB * 2,
			    (dice_hit(dice, 50) ? 512 : 260) * MIB, attribute);
	}
}

static void reverse(struct map_entry *entries, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		const struct map_entry swap = entries[i];

		entries[i] = entries[count - 1 - i];
		entries[count - 1 - i] = swap;
	}
}

static void sort(struct map_entry *entries, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const struct map_entry entry = entries[i];
		size_t at = i;

		for (; at > 0 && entries[at - 1].phys > entry.phys; at--)
			entries[at] = entries[at - 1];
		entries[at] = entry;
	}
}

/* Sort a quarter of the maps. Reverse some others, either completely or from @n_low to the end. */
static void order(struct machine *machine, struct dice *dice, size_t n_low)
{
	if (dice_hit(dice, 25))
		sort(machine->map, machine->n_map);
	else if (dice_hit(dice, 5))
		reverse(machine->map, machine->n_map);
	else if (dice_hit(dice, 10))
		reverse(machine->map + n_low, machine->n_map - n_low);
	for (size_t i = 0; i < machine->n_map; i++)
		machine->map[i].index = (uint32_t)i;
}

void machine_roll(struct machine *machine, struct dice *dice)
{
	static const unsigned int bits[] = { 39, 40, 42, 46, 48, 52 };
	uint64_t base, end;
	size_t n_low;

	machine->n_map = machine->n_tables = 0;
	machine->phys_bits = DICE_PICK(dice, bits);
	machine->is_32bit = dice_hit(dice, 6);
	machine->is_encrypted = !machine->is_32bit && dice_hit(dice, 3);
	machine->loader = dice_hit(dice, 72)   ? LOADER_STUB
			  : dice_hit(dice, 80) ? LOADER_TYPE_20
			  : dice_hit(dice, 40) ? LOADER_UNUSABLE
					       : LOADER_RAM_ONLY;
	base = dice_between(dice, 0x180, 0xb00) * MIB;
	base += dice_below(dice, 0x100) * PAGE;
	machine->block = base;
	put_low(machine, dice);
	put_free(machine, dice, MIB, base);
	end = put_block(machine, dice, base);
	machine->low = end;
	n_low = machine->n_map;
	machine->high = 4 * GIB;
	if (machine->is_32bit)
		put_devices(machine, dice, end);
	else if (dice_hit(dice, 50)) {
		put_high(machine, dice);
		n_low = machine->n_map;
		put_devices(machine, dice, end);
	} else {
		put_devices(machine, dice, end);
		put_high(machine, dice);
	}
	machine_place_pointers(machine, dice);
	order(machine, dice, n_low);
}
