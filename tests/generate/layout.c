/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Create the runtime map from the EFI memory map, as efi.c, efi_64.c and quirks.c in
 * arch/x86/platform/efi of Linux do.
 */
#include "linux/encode_setup_data.h"
#include "linux/virtual_layout.h"
#include "machine.h"

struct work {
	struct map_entry at[MACHINE_MAX];
	size_t count;
};

static void insert(struct work *work, size_t at, struct map_entry entry)
{
	if (entry.pages == 0 || work->count == MACHINE_MAX)
		return;
	memmove(&work->at[at + 1], &work->at[at], (work->count - at) * sizeof(entry));
	work->at[at] = entry;
	work->count++;
}

/* Make an entry with EFI_MEMORY_RUNTIME for a page, as efi_arch_mem_reserve() of Linux does. */
static void reserve_page(struct work *work, uint64_t address)
{
	struct span span;

	for (size_t i = 0; i < work->count; i++) {
		struct map_entry whole = work->at[i];
		const uint64_t before = (address - whole.phys) / EFIMAP_PAGE_SIZE;
		struct map_entry piece = whole;

		if (whole.type != EFIMAP_TYPE_BOOT_DATA || entry_is_runtime(&whole) ||
		    entry_phys(&whole, &span) < 0 || !span_has(span, address) ||
		    work->count + 2 > MACHINE_MAX)
			continue;
		piece.phys += before * EFIMAP_PAGE_SIZE;
		piece.pages = 1;
		piece.attribute |= EFIMAP_ATTR_RUNTIME;
		work->at[i].pages = before;
		if (before == 0)
			work->at[i] = piece;
		else
			insert(work, ++i, piece);
		whole.phys = piece.phys + EFIMAP_PAGE_SIZE;
		whole.pages -= before + 1;
		insert(work, i + 1, whole);
		return;
	}
}

static bool is_kept_table(const struct kernel *kernel, const char *name)
{
	return strcmp(name, "ESRT") == 0 ||
	       (strcmp(name, "MOKvar") == 0 && kernel_is_at_least(kernel, 5, 10));
}

static void reserve_tables(const struct kernel *kernel, struct work *work)
{
	if (!kernel_is_at_least(kernel, 4, 9))
		return;
	for (size_t i = 0; i < kernel->machine->n_tables; i++)
		if (is_kept_table(kernel, kernel->machine->tables[i].name))
			reserve_page(work, kernel->machine->tables[i].address);
}

static bool is_all_ram(const struct kernel *kernel, struct span span)
{
	const struct range *range = ranges_find(&kernel->e820, span.first);

	return range && strcmp(range->label, "System RAM") == 0 && span_contains(range->span, span);
}

/*
 * Set EFI_MEMORY_RUNTIME in the boot services entries that must not be freed, as
 * efi_reserve_boot_services() of Linux does.
 */
static void tag(const struct kernel *kernel, struct map_entry *entries, size_t count)
{
	struct span span;

	if (!kernel_is_at_least(kernel, 4, 9))
		return;
	for (size_t i = 0; i < count; i++)
		if (entry_is_boot_services(&entries[i]) && entry_phys(&entries[i], &span) == 0 &&
		    (kernel_reserves(kernel, span) || !is_all_ram(kernel, span)))
			entries[i].attribute |= EFIMAP_ATTR_RUNTIME;
}

/*
 * Return whether sysfs exports the entry. Before Linux 4.9, save_runtime_map() selects the exported
 * entries. In Linux 4.9 or later, efi_free_boot_services() does.
 */
static bool is_exported(const struct kernel *kernel, const struct map_entry *entry)
{
	if (!kernel_is_at_least(kernel, 4, 9))
		return entry_is_runtime(entry) && !entry_is_boot_services(entry);
	return kernel->debug || entry_is_runtime(entry) || !entry_is_boot_services(entry);
}

static void export(struct kernel *kernel, struct map_entry entry)
{
	if (!is_exported(kernel, &entry))
		return;
	entry.index = (uint32_t)kernel->n_entries;
	kernel->entries[kernel->n_entries++] = entry;
}

struct addresses {
	uint64_t window;
	uint64_t direct;
	uint64_t ioremap;
};

static void lay_out(const struct kernel *kernel, struct addresses *next, struct map_entry *entry)
{
	if (kernel->machine->is_32bit) {
		entry->virt = entry->phys;
	} else if (!kernel->old_map) {
		(void)layout_next(next->window, entry->phys, entry->pages, &next->window);
		entry->virt = next->window;
	} else if (entry->type == EFIMAP_TYPE_MMIO) {
		entry->virt = next->ioremap;
		next->ioremap += (entry->pages + 1) * EFIMAP_PAGE_SIZE;
	} else {
		entry->virt = next->direct + entry->phys;
	}
}

static struct addresses start_of(const struct kernel *kernel, struct dice *dice)
{
	struct addresses next = { EFIMAP_VA_START, UINT64_C(0xffff880000000000),
				  UINT64_C(0xffffc90000000000) };

	if (kernel_is_at_least(kernel, 4, 20))
		next.direct = UINT64_C(0xffff888000000000);
	if (dice_hit(dice, 50))
		next.direct += dice_below(dice, 4096) * GIB;
	return next;
}

void kernel_map_firmware(struct kernel *kernel, struct dice *dice)
{
	const struct machine *machine = kernel->machine;
	const bool forward = machine->is_32bit || !kernel_is_at_least(kernel, 4, 3);
	struct addresses next = start_of(kernel, dice);
	struct work work = { .count = machine->n_map };

	kernel->n_entries = 0;
	if (!kernel->has_map)
		return;
	memcpy(work.at, machine->map, machine->n_map * sizeof(work.at[0]));
	reserve_tables(kernel, &work);
	tag(kernel, work.at, work.count);
	layout_merge(work.at, work.count);
	for (size_t i = 0; i < work.count; i++) {
		struct map_entry *entry = &work.at[forward ? i : work.count - 1 - i];

		if (!layout_is_mapped(entry, machine->is_32bit))
			continue;
		lay_out(kernel, &next, entry);
		export(kernel, *entry);
	}
}

/*
 * Create the runtime map of a kexec'd kernel. kexec-tools reads the entries in the order in which
 * sysfs lists their directories. kexec_file_load copies the kernel's array of entries.
 */
void kernel_map_received(struct kernel *kernel)
{
	const struct kernel *before = kernel->before;
	const size_t count = before->n_entries;
	uint32_t names[MACHINE_MAX], order[MACHINE_MAX];

	for (uint32_t i = 0; i < count; i++)
		names[i] = order[i] = i;
	if (kernel_is_by_tools(kernel))
		(void)kernfs_order(names, count, order);
	kernel->n_entries = 0;
	kernel->memmap_size = (uint32_t)count * kernel->desc_size;
	if (!kernel->has_map)
		return;
	for (size_t i = 0; i < count; i++) {
		struct map_entry entry = before->entries[order[i]];

		tag(kernel, &entry, 1);
		export(kernel, entry);
	}
}
