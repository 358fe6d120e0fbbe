/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Generate the e820 table. Boot loaders create it from the EFI memory map (x86-stub.c: setup_e820,
 * GRUB). memmap shows the original table, and iomem the table that the kernel has changed.
 */
#include "machine.h"

void ranges_add(struct ranges *ranges, uint64_t first, uint64_t last, const char *label)
{
	if (ranges->count == KERNEL_MAX_RANGES || !label || last < first)
		return;
	ranges->at[ranges->count++] = (struct range){ { first, last }, label };
}

static bool is_placed_before(const struct range *a, const struct range *b)
{
	return a->span.first != b->span.first ? a->span.first < b->span.first
					      : a->span.last > b->span.last;
}

void ranges_sort(struct ranges *ranges)
{
	for (size_t i = 1; i < ranges->count; i++) {
		const struct range range = ranges->at[i];
		size_t at = i;

		for (; at > 0 && is_placed_before(&range, &ranges->at[at - 1]); at--)
			ranges->at[at] = ranges->at[at - 1];
		ranges->at[at] = range;
	}
}

void ranges_order(struct ranges *ranges)
{
	size_t kept = 0;

	ranges_sort(ranges);
	for (size_t i = 0; i < ranges->count; i++) {
		struct range *last = kept ? &ranges->at[kept - 1] : NULL;

		if (last && last->span.last + 1 == ranges->at[i].span.first &&
		    strcmp(last->label, ranges->at[i].label) == 0)
			last->span.last = ranges->at[i].span.last;
		else
			ranges->at[kept++] = ranges->at[i];
	}
	ranges->count = kept;
}

/*
 * Change the label of the memory in @span or, if @label is NULL, remove this memory, as
 * __e820__range_update() and __e820__range_remove() of Linux do.
 */
void ranges_carve(struct ranges *ranges, struct span span, const char *label)
{
	const size_t count = ranges->count;

	for (size_t i = 0; i < count; i++) {
		const struct range old = ranges->at[i];
		struct range *range = &ranges->at[i];

		if (!span_overlaps(old.span, span))
			continue;
		if (old.span.first < span.first) {
			range->span.last = span.first - 1;
			if (old.span.last > span.last)
				ranges_add(ranges, span.last + 1, old.span.last, old.label);
		} else if (old.span.last > span.last) {
			range->span.first = span.last + 1;
		} else {
			ranges->at[i] = ranges->at[--ranges->count];
			ranges_carve(ranges, span, label);
			return;
		}
	}
	ranges_add(ranges, span.first, span.last, label);
}

const struct range *ranges_find(const struct ranges *ranges, uint64_t address)
{
	for (size_t i = 0; i < ranges->count; i++)
		if (span_has(ranges->at[i].span, address))
			return &ranges->at[i];
	return NULL;
}

bool ranges_nest(const struct ranges *ranges, struct span span)
{
	for (size_t i = 0; i < ranges->count; i++) {
		const struct span other = ranges->at[i].span;

		if (span_overlaps(span, other) && !span_contains(span, other) &&
		    !span_contains(other, span))
			return false;
	}
	return true;
}

#define PAGE EFIMAP_PAGE_SIZE

static const char *reserved(const struct kernel *kernel)
{
	if (!kernel_is_at_least(kernel, 4, 11))
		return "reserved";
	/*
	 * Some builds of Linux 6.17 or later use "device reserved". The machine determines whether
	 * this label is used, so that all kernels of a chain use the same label.
	 */
	if (kernel_is_at_least(kernel, 6, 17) && kernel->machine->systab & 16)
		return "device reserved";
	return "Reserved";
}

static const char *label_of_code(const struct kernel *kernel)
{
	if (kernel->machine->loader == LOADER_UNUSABLE)
		return "Unusable memory";
	if (kernel->machine->loader == LOADER_TYPE_20 && kernel_is_at_least(kernel, 4, 11))
		return "Unknown E820 type";
	return reserved(kernel);
}

static const char *label_of(const struct kernel *kernel, const struct map_entry *entry)
{
	switch (entry->type) {
	case EFIMAP_TYPE_LOADER_CODE:
	case EFIMAP_TYPE_LOADER_DATA:
	case EFIMAP_TYPE_BOOT_CODE:
	case EFIMAP_TYPE_BOOT_DATA:
	case EFIMAP_TYPE_CONVENTIONAL:
		return (entry->attribute & EFIMAP_ATTR_SP) && kernel_is_at_least(kernel, 5, 5)
			       ? "Soft Reserved"
			       : "System RAM";
	case EFIMAP_TYPE_UNACCEPTED:
		return "System RAM";
	case EFIMAP_TYPE_RUNTIME_CODE:
		return label_of_code(kernel);
	case EFIMAP_TYPE_ACPI_RECLAIM:
		return "ACPI Tables";
	case EFIMAP_TYPE_ACPI_NVS:
		return "ACPI Non-volatile Storage";
	case EFIMAP_TYPE_UNUSABLE:
		return "Unusable memory";
	case EFIMAP_TYPE_PERSISTENT:
		return "Persistent Memory";
	default:
		return entry->type < EFIMAP_TYPE_FIRST_UNDEFINED ? reserved(kernel) : NULL;
	}
}

static void only_ram(struct kernel *kernel)
{
	const struct machine *machine = kernel->machine;
	struct span span;

	ranges_add(&kernel->e820, 0, 0x9efff, "System RAM");
	ranges_add(&kernel->e820, MIB, machine->block - 1, "System RAM");
	if (machine->high > 4 * GIB)
		ranges_add(&kernel->e820, 4 * GIB, machine->high - 1, "System RAM");
	for (size_t i = 0; i < machine->n_map; i++)
		if (machine->map[i].phys < MIB && entry_is_runtime(&machine->map[i]) &&
		    entry_phys(&machine->map[i], &span) == 0)
			ranges_carve(&kernel->e820, span, NULL);
	ranges_order(&kernel->e820);
}

void kernel_e820_of_firmware(struct kernel *kernel)
{
	const struct machine *machine = kernel->machine;
	struct ranges *e820 = &kernel->e820;
	struct span span;

	e820->count = 0;
	if (machine->loader == LOADER_RAM_ONLY) {
		only_ram(kernel);
		return;
	}
	for (size_t i = 0; i < machine->n_map; i++)
		if (entry_phys(&machine->map[i], &span) == 0)
			ranges_add(e820, span.first, span.last, label_of(kernel, &machine->map[i]));
	ranges_order(e820);
}

static bool is_acpi(const char *label)
{
	return strncmp(label, "ACPI", 4) == 0;
}

static bool is_ram(const char *label)
{
	return strcmp(label, "System RAM") == 0;
}

/* Add RAM below 1 MiB to the e820 table of a crash kernel. kexec-tools omits page 0. */
static void crash_low(struct kernel *kernel, const struct range *range)
{
	const uint64_t least = kernel_is_by_tools(kernel) ? EFIMAP_PAGE_SIZE : 0;

	ranges_add(&kernel->e820, range->span.first < least ? least : range->span.first,
		   range->span.last, range->label);
}

static void crash_ranges(struct kernel *kernel, bool reserved_too)
{
	const struct kernel *before = kernel->before;

	ranges_add(&kernel->e820, before->crash.first + 0xb0, before->crash.last - 0x1000,
		   "System RAM");
	for (size_t i = 0; i < before->e820.count; i++) {
		const struct range *range = &before->e820.at[i];

		if (range->span.last < MIB && is_ram(range->label))
			crash_low(kernel, range);
		if (is_ram(range->label) || (!reserved_too && !is_acpi(range->label)))
			continue;
		ranges_add(&kernel->e820, range->span.first, range->span.last,
			   is_acpi(range->label) ? range->label : reserved(kernel));
	}
}

/*
 * Return the label of @range in the e820 table of the second kernel. kexec-tools passes all memory
 * as reserved except RAM, ACPI memory and persistent memory (firmware_memmap.c).
 */
static const char *passed_label(const struct kernel *kernel, const struct range *range)
{
	if (is_ram(range->label) || is_acpi(range->label))
		return range->label;
	if (!kernel_is_by_tools(kernel) && strcmp(range->label, "reserved") != 0 &&
	    strcmp(range->label, "Reserved") != 0 && strcmp(range->label, "device reserved") != 0)
		return range->label;
	return strncmp(range->label, "Persistent", 10) == 0 ? range->label : reserved(kernel);
}

void kernel_e820_of_kexec(struct kernel *kernel, struct dice *dice)
{
	kernel->e820.count = 0;
	if (kernel_is_crash(kernel)) {
		crash_ranges(kernel, !kernel_is_by_tools(kernel) || dice_hit(dice, 60));
		ranges_order(&kernel->e820);
		return;
	}
	for (size_t i = 0; i < kernel->before->e820.count; i++) {
		const struct range *range = &kernel->before->e820.at[i];
		uint64_t first = range->span.first;

		/* Old releases of kexec-tools omit the interrupt vectors. */
		if (kernel_is_by_tools(kernel) && is_ram(range->label) && first < 0x400)
			first = 0x400;
		ranges_add(&kernel->e820, first, range->span.last, passed_label(kernel, range));
	}
	ranges_order(&kernel->e820);
}

/* Change the table as trim_bios_range(), efi_arch_mem_reserve() and efi_remove_e820_mmio() do. */
static void update_e820(struct kernel *kernel)
{
	const struct machine *machine = kernel->machine;
	struct span span;

	ranges_carve(&kernel->lines, (struct span){ 0, PAGE - 1 }, reserved(kernel));
	for (size_t i = 0; i < kernel->n_entries && kernel_is_at_least(kernel, 5, 5); i++)
		if (kernel->entries[i].type == EFIMAP_TYPE_BOOT_DATA &&
		    entry_is_runtime(&kernel->entries[i]) && kernel->entries[i].pages == 1 &&
		    entry_phys(&kernel->entries[i], &span) == 0)
			ranges_carve(&kernel->lines, span, reserved(kernel));
	for (size_t i = 0; i < machine->n_map && kernel_is_at_least(kernel, 6, 2); i++)
		if (machine->map[i].type == EFIMAP_TYPE_MMIO && machine->map[i].pages >= 64 &&
		    entry_phys(&machine->map[i], &span) == 0)
			ranges_carve(&kernel->lines, span, NULL);
}

static void add_line(struct kernel *kernel, uint64_t first, uint64_t last, const char *label)
{
	if (ranges_nest(&kernel->lines, (struct span){ first, last }))
		ranges_add(&kernel->lines, first, last, label);
}

static bool is_in_ram(const struct kernel *kernel, struct span span)
{
	const struct range *range = ranges_find(&kernel->lines, span.first);

	return range && is_ram(range->label) && span_contains(range->span, span);
}

static void add_kernel(struct kernel *kernel)
{
	static const char *const names[] = { "Kernel code", "Kernel rodata", "Kernel data",
					     "Kernel bss" };
	const uint64_t quarter = (kernel->image.last + 1 - kernel->image.first) / 4;
	const struct span image = kernel->image;

	if (kernel->has_crash && is_in_ram(kernel, kernel->crash))
		add_line(kernel, kernel->crash.first, kernel->crash.last, "Crash kernel");
	if (!is_in_ram(kernel, image))
		return;
	for (size_t i = 0; i < 4; i++)
		add_line(kernel, image.first + i * quarter,
			 image.first + (i + 1) * quarter - 0x2001, names[i]);
}

static void add_devices(struct kernel *kernel, struct dice *dice)
{
	const uint64_t window = (kernel->machine->low + 2 * MIB - 1) & ~(MIB - 1);

	add_line(kernel, 0xa0000, 0xbffff, "PCI Bus 0000:00");
	add_line(kernel, 0xf0000, 0xfffff, "System ROM");
	add_line(kernel, window, 0xfebfffff, "PCI Bus 0000:00");
	if (dice_hit(dice, 60)) {
		add_line(kernel, 0xf0000000, 0xf3ffffff, "PCI MMCONFIG 0000 [bus 00-3f]");
		add_line(kernel, window + MIB, window + 17 * MIB - 1, "0000:00:02.0");
	}
	if (dice_hit(dice, 80)) {
		add_line(kernel, 0xfec00000, 0xfec003ff, "IOAPIC 0");
		add_line(kernel, 0xfed00000, 0xfed003ff, "HPET 0");
		add_line(kernel, 0xfee00000, 0xfee00fff, "Local APIC");
	}
	add_line(kernel, UINT64_C(64) * GIB, UINT64_C(128) * GIB - 1, "PCI Bus 0000:00");
}

/* Adjacent ranges of the e820 table are merged before the kernel and devices are added. */
void kernel_make_lines(struct kernel *kernel, struct dice *dice)
{
	kernel->lines = kernel->e820;
	update_e820(kernel);
	ranges_order(&kernel->lines);
	add_kernel(kernel);
	add_devices(kernel, dice);
	ranges_sort(&kernel->lines);
}
