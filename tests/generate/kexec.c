/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The next kernel: what kexec-tools (x86-linux-setup.c) or the kernel itself
 * (kexec-bzimage64.c) hands over, and what the received kernel takes of it.
 */
#include <stddef.h>

#include "emulate/translate.h"
#include "machine.h"

static void choose_start(struct kernel *kernel, struct dice *dice)
{
	static const enum start plain[] = { START_KEXEC_LOAD, START_KEXEC_FILE };
	static const enum start crash[] = { START_CRASH_LOAD, START_CRASH_FILE };

	kernel->start = kernel->before->has_crash && dice_hit(dice, 60) ? DICE_PICK(dice, crash) :
							  DICE_PICK(dice, plain);
	/* kexec_file_load came with 3.17, refuses mixed mode, and passes 128 ranges. */
	if (kernel_is_by_tools(kernel) ||
	    (kernel_is_at_least(kernel->before, 3, 17) && !kernel->machine->is_32bit &&
	     kernel->before->e820.count <= 128))
		return;
	kernel->start = kernel_is_crash(kernel) ? START_CRASH_LOAD : START_KEXEC_LOAD;
}

/* Before 5.7 kernels read the runtime pointer from setup_data: all or none of a chain. */
static bool is_new(const struct kernel *kernel)
{
	return kernel_is_at_least(kernel, 5, 7);
}

static uint64_t virtual_of(const struct kernel *first, uint64_t address)
{
	struct efimap_span span;

	for (size_t i = 0; i < first->n_entries; i++)
		if (efimap_entry_phys(&first->entries[i], &span) == 0 &&
		    efimap_span_has(span, address))
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
	kernel->runtime = is_new(kernel) ? virtual_of(before, machine->runtime) :
					   kernel->payload[1];
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
	 * No other kernel can use addresses of efi=old_map: it turns EFI off. A crash kernel
	 * saves its dump and reboots.
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
