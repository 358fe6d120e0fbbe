/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/boot_params.h"
#include "faults.h"

static bool has(const struct victim *victim, enum source source)
{
	return capture_has(victim->map, source);
}

static struct memory_range *range_over(struct efimap *map, struct span span)
{
	for (size_t i = 0; i < map->n_memmap; i++)
		if (span_overlaps(map->memmap[i].span, span))
			return &map->memmap[i];
	return NULL;
}

static struct resource *line_over(struct efimap *map, struct span span)
{
	for (size_t i = 0; i < map->n_iomem; i++)
		if (map->iomem[i].depth == 0 && span_overlaps(map->iomem[i].span, span))
			return &map->iomem[i];
	return NULL;
}

static void set_span(struct memory_range *range, uint64_t first, uint64_t last)
{
	range->start = range->span.first = first;
	range->end = range->span.last = last;
}

static bool relabel(struct victim *victim, victim_takes *takes, const char *label)
{
	const struct map_entry *entry = victim_pick(victim, takes);
	struct memory_range *range = entry ? range_over(victim->map, victim_span(entry)) : NULL;

	if (range)
		range->label = label;
	return range;
}

static bool takes_firmware(const struct victim *victim, const struct map_entry *entry)
{
	return entry_is_runtime(entry) &&
	       (entry->type == EFIMAP_TYPE_RUNTIME_CODE ||
		entry->type == EFIMAP_TYPE_RUNTIME_DATA || entry->type == EFIMAP_TYPE_RESERVED ||
		entry->type == EFIMAP_TYPE_ACPI_NVS);
}

static bool takes_mmio(const struct victim *victim, const struct map_entry *entry)
{
	return entry->type == EFIMAP_TYPE_MMIO;
}

static bool called_ram(struct victim *victim)
{
	return relabel(victim, takes_firmware, "System RAM");
}

static bool mmio_called_ram(struct victim *victim)
{
	return relabel(victim, takes_mmio, "System RAM");
}

static bool called_soft_reserved(struct victim *victim)
{
	return relabel(victim, victim_takes_services,
		       dice_hit(victim->dice, 50) ? "Soft Reserved" : "Persistent Memory");
}

static bool called_unusable(struct victim *victim)
{
	return victim->kernel->machine->loader == LOADER_STUB &&
	       relabel(victim, victim_takes_services, "Unusable memory");
}

/*
 * Return whether memmap lists a runtime services region other than @entry. A memmap without runtime
 * services regions is not a fault, because the boot loader may have passed only RAM.
 */
static bool is_other_listed(struct victim *victim, const struct map_entry *entry)
{
	for (size_t i = 0; i < victim->map->n_entries; i++) {
		const struct map_entry *other = &victim->map->entries[i];

		if (other != entry && victim_takes_services(victim, other) &&
		    range_over(victim->map, victim_span(other)))
			return true;
	}
	return false;
}

static bool not_listed(struct victim *victim)
{
	const struct map_entry *entry = victim_pick(victim, victim_takes_services);
	const struct span span = entry ? victim_span(entry) : (struct span){ 1, 0 };
	struct memory_range *range = entry ? range_over(victim->map, span) : NULL;
	struct span was;

	if (!range || kernel_is_crash(victim->kernel))
		return false;
	was = range->span;
	if (was.first < span.first)
		set_span(range, was.first, span.first - 1);
	else if (was.last > span.last)
		set_span(range, span.last + 1, was.last);
	else
		set_span(range, 200 * GIB, 200 * GIB);
	if (is_other_listed(victim, entry))
		return true;
	set_span(range, was.first, was.last);
	return false;
}

static bool ends_before_start(struct victim *victim)
{
	struct efimap *map = victim->map;
	struct memory_range *range;

	if (map->n_memmap == 0)
		return false;
	range = &map->memmap[dice_below(victim->dice, map->n_memmap)];
	if (range->start == 0)
		return false;
	range->end = range->start - dice_between(victim->dice, 1, 0x1000) % range->start;
	range->bad = range->end < range->start;
	range->span.last = range->span.first;
	return range->bad;
}

static bool table_in_free_memory(struct victim *victim)
{
	const uint64_t address = victim_free_ram(victim);

	if (address == 0 || !victim->kernel->has_map)
		return false;
	must(capture_add_table(victim->map, "CCFinalLog", 10, address));
	return true;
}

static bool ranges_share(struct victim *victim)
{
	struct efimap *map = victim->map;
	const size_t at = dice_index(victim->dice, map->n_memmap);
	struct memory_range *range = &map->memmap[at];

	if (at + 1 >= map->n_memmap || strcmp(range->label, range[1].label) == 0)
		return false;
	set_span(range, range->start, range[1].start + (range[1].end - range[1].start) / 2);
	return true;
}

static bool line_called_ram(struct victim *victim)
{
	const struct map_entry *entry = victim_pick(victim, victim_takes_services);
	struct resource *line = entry ? line_over(victim->map, victim_span(entry)) : NULL;

	if (line)
		line->name = "System RAM";
	return line;
}

static bool move_line(struct victim *victim, victim_takes *takes, const char *name)
{
	const struct map_entry *entry = victim_pick(victim, takes);

	for (size_t i = 0; entry && i < victim->map->n_iomem; i++)
		if (strcmp(victim->map->iomem[i].name, name) == 0) {
			victim->map->iomem[i].span = victim_span(entry);
			return true;
		}
	return false;
}

static bool under_the_crash_kernel(struct victim *victim)
{
	return move_line(victim, victim_takes_runtime, "Crash kernel");
}

static bool under_the_kernel(struct victim *victim)
{
	static const char *const names[] = { "Kernel code", "Kernel data", "Kernel bss",
					     "Kernel rodata" };

	return move_line(victim, victim_takes_runtime, DICE_PICK(victim->dice, names));
}

static bool has_entries(const struct victim *victim, struct span span)
{
	for (size_t i = 0; i < victim->map->n_entries; i++)
		if (span_overlaps(victim_span(&victim->map->entries[i]), span))
			return true;
	return false;
}

/* Let iomem list a reserved range of memmap as System RAM. No entry may overlap this range. */
static bool kernel_uses_reserved(struct victim *victim)
{
	struct efimap *map = victim->map;
	const struct memory_range *range;
	struct resource *line;

	if (map->n_memmap == 0)
		return false;
	range = &map->memmap[dice_below(victim->dice, map->n_memmap)];
	line = line_over(map, range->span);
	if (!line || range->start < MIB || has_entries(victim, range->span) ||
	    (strcmp(range->label, "Reserved") != 0 && strcmp(range->label, "reserved") != 0))
		return false;
	line->name = "System RAM";
	return has(victim, EFIMAP_SRC_IOMEM);
}

static uint64_t virtual_address(struct victim *victim)
{
	return dice_between(victim->dice, EFIMAP_VA_END / 8, EFIMAP_VA_START / 8 - 1) * 8;
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

static struct named_address *find_line(struct efimap *map, const char *name)
{
	for (size_t i = 0; i < map->n_systab; i++)
		if (strcmp(map->systab[i].name, name) == 0)
			return &map->systab[i];
	return NULL;
}

static bool smbios_virtual(struct victim *victim)
{
	struct named_address *line =
		find_line(victim->map, dice_hit(victim->dice, 50) ? "SMBIOS" : "SMBIOS3");

	if (line)
		line->value = virtual_address(victim);
	return line;
}

static bool pointer_astray(struct victim *victim)
{
	const uint64_t address = victim_free_ram(victim);
	/* fw_vendor is not in values[], because the next kernel only prints its text. */
	uint64_t *const values[] = { &victim->map->config_table,
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

static bool segment_on_an_entry(struct victim *victim)
{
	const struct map_entry *entry = victim_pick(victim, victim_takes_runtime);

	if (!entry)
		return false;
	victim->segments = (struct segments){ .name = "log", .count = 2 };
	victim->segments.spans[0] = (struct span){ 300 * GIB, 301 * GIB };
	victim->segments.spans[1] = victim_span(entry);
	victim->options.segments = &victim->segments;
	return true;
}

const struct fault faults_tables[] = {
	FAULT(VERIFY, "memmap lists a runtime region as System RAM", called_ram, RUNTIME_IN_RAM),
	FAULT(VERIFY, "memmap lists MMIO as System RAM", mmio_called_ram, MMIO_IN_RAM),
	FAULT(VERIFY, "memmap lists a runtime services region as memory for drivers",
	      called_soft_reserved, RUNTIME_WRONG_LABEL),
	FAULT(VERIFY, "memmap lists a runtime services region as unusable", called_unusable,
	      RUNTIME_WRONG_LABEL),
	FAULT(VERIFY, "memmap does not list a runtime services region", not_listed,
	      RUNTIME_UNCOVERED),
	FAULT(VERIFY, "a range of memmap ends before its start", ends_before_start,
	      MEMMAP_BAD_RANGE),
	FAULT_OR(VERIFY, "a table is in free memory", table_in_free_memory, TABLE_IN_RAM,
		 SEGMENT_COLLISION),
	FAULT(VERIFY, "two ranges of memmap overlap", ranges_share, MEMMAP_OVERLAP),
	FAULT(VERIFY, "iomem lists a runtime services region as System RAM", line_called_ram,
	      RUNTIME_IOMEM_RAM),
	FAULT(VERIFY, "the crash kernel reservation overlaps an entry", under_the_crash_kernel,
	      RUNTIME_IN_CRASH),
	FAULT(VERIFY, "the running kernel overlaps an entry", under_the_kernel, RUNTIME_IN_KERNEL),
	FAULT(VERIFY, "iomem lists a reserved range of memmap as System RAM", kernel_uses_reserved,
	      IOMEM_VS_MEMMAP),
	FAULT(VERIFY, "fw_vendor or config_table is a virtual address", pointer_virtual,
	      POINTER_VIRTUAL),
	FAULT(VERIFY, "an SMBIOS address is virtual", smbios_virtual, SMBIOS_VIRTUAL),
	FAULT(VERIFY, "a pointer points into free memory", pointer_astray, POINTER_UNMAPPED),
	FAULT(VERIFY, "runtime points into free memory", runtime_astray, RUNTIME_POINTER),
	FAULT(VERIFY, "a kexec segment overlaps an entry", segment_on_an_entry, SEGMENT_COLLISION),
	{ .name = NULL },
};
