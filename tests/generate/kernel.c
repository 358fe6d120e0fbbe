/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

#define IMAGE_BYTES (40 * MIB)
#define CRASH_BYTES (160 * MIB)

static const struct {
	unsigned int major;
	unsigned int minor;
} releases[] = {
	{ 3, 14 }, { 3, 19 }, { 4, 2 },	 { 4, 4 },  { 4, 8 },  { 4, 9 },  { 4, 14 }, { 4, 19 },
	{ 5, 3 },  { 5, 4 },  { 5, 6 },	 { 5, 7 },  { 5, 10 }, { 5, 14 }, { 5, 15 }, { 6, 1 },
	{ 6, 1 },  { 6, 2 },  { 6, 5 },	 { 6, 6 },  { 6, 8 },  { 6, 11 }, { 6, 12 }, { 6, 12 },
	{ 6, 13 }, { 6, 14 }, { 6, 15 }, { 6, 17 }, { 6, 18 },
};

static bool is_free(const struct map_entry *entry)
{
	return entry->type == EFIMAP_TYPE_CONVENTIONAL && entry->phys >= MIB &&
	       !(entry->attribute & EFIMAP_ATTR_SP);
}

static const struct map_entry *find_free(const struct machine *machine, struct dice *dice,
					 uint64_t bytes)
{
	const struct map_entry *found = NULL;
	uint64_t seen = 0;

	for (size_t i = 0; i < machine->n_map; i++) {
		const struct map_entry *entry = &machine->map[i];

		if (is_free(entry) && entry->pages * EFIMAP_PAGE_SIZE >= bytes + 4 * MIB &&
		    dice_below(dice, ++seen) == 0)
			found = entry;
	}
	return found;
}

static struct span within(struct dice *dice, const struct map_entry *entry, uint64_t bytes)
{
	const uint64_t first = (entry->phys + 2 * MIB - 1) & ~(2 * MIB - 1);
	const uint64_t end = entry->phys + entry->pages * EFIMAP_PAGE_SIZE;
	const uint64_t start =
		first + dice_below(dice, (end - first - bytes) / (2 * MIB)) * (2 * MIB);

	return (struct span){ start, start + bytes - 1 };
}

static bool is_boot_services_of(const struct machine *machine, struct span span)
{
	struct span other;

	for (size_t i = 0; i < machine->n_map; i++)
		if (entry_is_boot_services(&machine->map[i]) &&
		    entry_phys(&machine->map[i], &other) == 0 && span_contains(other, span))
			return true;
	return false;
}

/*
 * If a boot services region follows @entry, move the kernel image so that it ends in this region. A
 * boot loader may place the image there.
 */
static void reach_over(struct kernel *kernel, const struct map_entry *entry)
{
	const uint64_t end = entry->phys + entry->pages * EFIMAP_PAGE_SIZE;
	const struct span beyond = { end, end + MIB - 1 };

	if (!is_boot_services_of(kernel->machine, beyond) || beyond.last >= kernel->machine->block)
		return;
	kernel->image.first = (end - 20 * MIB) & ~(2 * MIB - 1);
	kernel->image.last = beyond.last;
}

static void kernel_place_image(struct kernel *kernel, struct dice *dice)
{
	const struct machine *machine = kernel->machine;
	const struct map_entry *home = find_free(machine, dice, IMAGE_BYTES);
	const struct map_entry *spare;

	kernel->has_crash = false;
	if (kernel_is_crash(kernel)) {
		kernel->image.first = kernel->before->crash.first + 16 * MIB;
		kernel->image.last = kernel->image.first + IMAGE_BYTES - 1;
		return;
	}
	/* If no free region is large enough, the image remains at 2 MiB. */
	kernel->image = (struct span){ 2 * MIB, 2 * MIB + MIB - 1 };
	if (home)
		kernel->image = within(dice, home, IMAGE_BYTES);
	if (home && dice_hit(dice, 20))
		reach_over(kernel, home);
	spare = dice_hit(dice, 40) ? find_free(machine, dice, CRASH_BYTES) : NULL;
	if (!spare)
		return;
	kernel->crash = within(dice, spare, CRASH_BYTES);
	kernel->has_crash = !span_overlaps(kernel->crash, kernel->image);
}

static void kernel_choose_release(struct kernel *kernel, struct dice *dice)
{
	const size_t count = sizeof(releases) / sizeof(releases[0]);
	size_t at = dice_index(dice, count);

	if (kernel->before && dice_hit(dice, 60)) {
		kernel->major = kernel->before->major;
		kernel->minor = kernel->before->minor;
		kernel->patch = kernel->before->patch;
	} else {
		kernel->major = releases[at].major;
		kernel->minor = releases[at].minor;
		kernel->patch = (unsigned int)dice_below(dice, 200);
	}
	/* Linux before 3.15 does not support mixed mode. */
	if (kernel->machine->is_32bit && !kernel_is_at_least(kernel, 3, 15))
		kernel->minor = 16;
	/* Kernels before 6.5 do not boot with unaccepted memory. */
	if (kernel->machine->is_encrypted && !kernel_is_at_least(kernel, 6, 5)) {
		kernel->major = 6;
		kernel->minor = 5;
	}
}

static uint64_t find_table(const struct machine *machine, const char *name)
{
	for (size_t i = 0; i < machine->n_tables; i++)
		if (strcmp(machine->tables[i].name, name) == 0)
			return machine->tables[i].address;
	return 0;
}

/* Return whether a part of @span is reserved in memblock when efi_reserve_boot_services() runs. */
bool kernel_reserves(const struct kernel *kernel, struct span span)
{
	static const char *const tables[] = { "MEMATTR", "TPMEventLog" };
	const struct span low = { 0, 0xffff };

	if (span_overlaps(span, low) || span_overlaps(span, kernel->image))
		return true;
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		const uint64_t address = find_table(kernel->machine, tables[i]);

		if (address != 0 && span_has(span, address))
			return true;
	}
	return false;
}

static void choose_parameters(struct kernel *kernel, struct dice *dice)
{
	const bool native = !kernel->machine->is_32bit;

	kernel->debug = dice_hit(dice, 8);
	kernel->noruntime = dice_hit(dice, 2);
	kernel->xen = native && !kernel->noruntime && dice_hit(dice, 1);
	kernel->old_map = native && kernel_is_at_least(kernel, 4, 9) &&
			  !kernel_is_at_least(kernel, 5, 6) && dice_hit(dice, 12);
	kernel->has_map = !kernel->noruntime && !kernel->xen;
}

void kernel_boot(struct kernel *kernel, const struct machine *machine, struct dice *dice)
{
	kernel->machine = machine;
	kernel->before = NULL;
	kernel->start = START_FIRMWARE;
	kernel_choose_release(kernel, dice);
	choose_parameters(kernel, dice);
	kernel_place_image(kernel, dice);
	kernel->runtime = machine->runtime;
	kernel->desc_size = dice_hit(dice, 96) ? 48 : 40;
	kernel->memmap = machine->block + dice_below(dice, 64) * 8;
	kernel->memmap_size = (uint32_t)machine->n_map * kernel->desc_size;
	kernel_e820_of_firmware(kernel);
	kernel_map_firmware(kernel, dice);
	kernel_make_lines(kernel, dice);
}

static void choose_start(struct kernel *kernel, struct dice *dice)
{
	static const enum start plain[] = { START_KEXEC_LOAD, START_KEXEC_FILE };
	static const enum start crash[] = { START_CRASH_LOAD, START_CRASH_FILE };

	kernel->start = kernel->before->has_crash && dice_hit(dice, 60) ? DICE_PICK(dice, crash)
									: DICE_PICK(dice, plain);
	/* kexec_file_load needs Linux 3.17, refuses mixed mode, and passes at most 128 ranges. */
	if (kernel_is_by_tools(kernel) ||
	    (kernel_is_at_least(kernel->before, 3, 17) && !kernel->machine->is_32bit &&
	     kernel->before->e820.count <= 128))
		return;
	kernel->start = kernel_is_crash(kernel) ? START_CRASH_LOAD : START_KEXEC_LOAD;
}

/*
 * Linux before 5.7 reads the runtime pointer from setup_data, in which later kernels may pass 0.
 * Therefore, a generated kernel of Linux 5.7 or later starts only kernels of Linux 5.7 or later.
 */
static bool is_new(const struct kernel *kernel)
{
	return kernel_is_at_least(kernel, 5, 7);
}

static uint64_t virtual_of(const struct kernel *first, uint64_t address)
{
	struct span span;

	for (size_t i = 0; i < first->n_entries; i++)
		if (entry_phys(&first->entries[i], &span) == 0 && span_has(span, address))
			return first->entries[i].virt + (address - span.first);
	return address;
}

static void receive_pointers(struct kernel *kernel)
{
	const struct machine *machine = kernel->machine;
	const struct kernel *before = kernel->before;
	const bool by_tools = kernel_is_by_tools(kernel);

	kernel->payload[0] = machine->fw_vendor;
	kernel->payload[1] = by_tools || !is_new(before) ? before->runtime : 0;
	kernel->payload[2] = machine->config_table;
	kernel->payload[3] = machine->smbios || by_tools ? machine->smbios : UINT64_MAX;
	kernel->runtime =
		is_new(kernel) ? virtual_of(before, machine->runtime) : kernel->payload[1];
}

static void receive_info(struct kernel *kernel, struct dice *dice)
{
	const uint64_t base = kernel_is_crash(kernel) ? kernel->before->crash.first : MIB;

	if (kernel_is_by_tools(kernel)) {
		kernel->desc_size = 40;
		kernel->memmap = base + EFIMAP_PAGE_SIZE;
	} else {
		kernel->desc_size = kernel->before->desc_size;
		kernel->memmap = base + 0x6000 + dice_below(dice, 256) * 16;
	}
}

bool kernel_kexec(struct kernel *kernel, const struct kernel *before, struct dice *dice)
{
	/*
	 * A kexec'd kernel cannot use the virtual addresses of efi=old_map. A crash kernel starts
	 * no other kernel.
	 */
	if (!before->has_map || before->old_map || before->n_entries == 0 ||
	    kernel_is_crash(before))
		return false;
	kernel->machine = before->machine;
	kernel->before = before;
	choose_start(kernel, dice);
	do
		kernel_choose_release(kernel, dice);
	while (is_new(before) && !is_new(kernel));
	kernel->debug = dice_hit(dice, 5);
	kernel->noruntime = dice_hit(dice, 2);
	kernel->xen = kernel->old_map = false;
	kernel->has_map = !kernel->noruntime && !kernel->machine->is_32bit;
	kernel_place_image(kernel, dice);
	receive_pointers(kernel);
	receive_info(kernel, dice);
	kernel_e820_of_kexec(kernel, dice);
	kernel_map_received(kernel);
	kernel_make_lines(kernel, dice);
	return true;
}
