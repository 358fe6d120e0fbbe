/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "linux/virtual_layout.h"
#include "faults.h"

#define BIT(n) (UINT64_C(1) << (n))

static bool no_pages(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		entry->pages = 0;
	return entry;
}

static bool wraps(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_all);

	if (!entry)
		return false;
	if (dice_hit(victim->dice, 50)) {
		entry->pages += BIT(52) + dice_below(victim->dice, BIT(52));
	} else {
		entry->pages += 1;
		entry->phys = -(entry->pages - 1) * EFIMAP_PAGE_SIZE;
	}
	return true;
}

static bool unaligned(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		entry->phys |= dice_between(victim->dice, 1, 0xfff);
	return entry;
}

static bool beyond_52_bits(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		entry->phys |= BIT(dice_between(victim->dice, 52, 62));
	return entry;
}

static bool beyond_the_cpu(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_all);

	if (!entry || victim->map->phys_bits >= 52)
		return false;
	entry->phys |= BIT(dice_between(victim->dice, victim->map->phys_bits, 51));
	return true;
}

static bool larger_than_efi_va_range(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_all);

	if (!entry || !victim_is_in_efi_va_range(victim))
		return false;
	entry->pages += BIT(24) + dice_below(victim->dice, BIT(36));
	return true;
}

static bool shared_memory(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_all);
	const struct map_entry *other = entry ? victim_other(victim, entry) : NULL;

	if (!other)
		return false;
	entry->phys = other->phys + dice_below(victim->dice, other->pages) * EFIMAP_PAGE_SIZE;
	return true;
}

static bool copied(struct victim *victim)
{
	const struct map_entry *entry = victim_pick(victim, victim_takes_all);

	if (entry)
		victim_add(victim, *entry);
	return entry;
}

static bool takes_above_page_0(const struct victim *victim, const struct map_entry *entry)
{
	return entry->phys >= EFIMAP_PAGE_SIZE;
}

static struct map_entry *pick_in_efi_va_range(struct victim *victim)
{
	return victim_is_in_efi_va_range(victim) ? victim_pick(victim, takes_above_page_0) : NULL;
}

static bool zero(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, takes_above_page_0);

	if (entry)
		entry->virt = 0;
	return entry;
}

static bool inside_a_page(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, takes_above_page_0);

	if (entry)
		entry->virt |= dice_between(victim->dice, 1, 0xfff);
	return entry;
}

static bool noncanonical(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, takes_above_page_0);

	if (entry)
		entry->virt =
			dice_between(victim->dice, UINT64_C(0x800000000), UINT64_C(0xfeffffff00000))
			<< 12;
	return entry;
}

static bool of_users(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, takes_above_page_0);

	if (!entry || victim->kernel->machine->is_32bit)
		return false;
	entry->virt = dice_between(victim->dice, 0x10000000, 0x6ffffffff) << 12;
	return true;
}

static bool across_an_end(struct victim *victim)
{
	struct map_entry *entry = pick_in_efi_va_range(victim);

	if (!entry || entry->pages < 2)
		return false;
	entry->virt = (dice_hit(victim->dice, 50) ? EFIMAP_VA_START : EFIMAP_VA_END) -
		      dice_between(victim->dice, 1, entry->pages - 1) * EFIMAP_PAGE_SIZE;
	return true;
}

static bool of_the_kernel(struct victim *victim)
{
	static const uint64_t bases[] = { UINT64_C(0xffffffff80000), UINT64_C(0xffff888000000),
					  UINT64_C(0xffffc90000000), UINT64_C(0xffffffffc0000) };
	struct map_entry *entry = pick_in_efi_va_range(victim);

	if (!entry || victim->map->n_entries < 2)
		return false;
	entry->virt = (DICE_PICK(victim->dice, bases) + dice_below(victim->dice, 0x10000)) << 12;
	return true;
}

static bool over_another(struct victim *victim)
{
	struct map_entry *entry = pick_in_efi_va_range(victim);
	const struct map_entry *other = entry ? victim_other(victim, entry) : NULL;
	uint64_t virt;

	if (!other)
		return false;
	virt = other->virt + dice_below(victim->dice, other->pages) * EFIMAP_PAGE_SIZE;
	if (entry->pages > (EFIMAP_VA_START - virt) / EFIMAP_PAGE_SIZE)
		return false;
	entry->virt = virt;
	return true;
}

static bool incongruent(struct victim *victim)
{
	struct map_entry *entry = pick_in_efi_va_range(victim);
	uint64_t virt;

	if (!entry)
		return false;
	virt = entry->virt ^ (dice_between(victim->dice, 1, 511) * EFIMAP_PAGE_SIZE);
	if (entry->pages > (EFIMAP_VA_START - virt) / EFIMAP_PAGE_SIZE)
		return false;
	entry->virt = virt;
	return true;
}

static uint64_t lowest(const struct efimap *map)
{
	uint64_t virt = EFIMAP_VA_START;

	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt < virt)
			virt = map->entries[i].virt;
	return virt;
}

/* Add an entry whose phys_addr and virt_addr are equal modulo 2 MiB, but not modulo 1 GiB. */
static bool incongruent_by_a_gib(struct victim *victim)
{
	struct map_entry entry = { .type = EFIMAP_TYPE_MMIO,
				   .phys = 96 * GIB,
				   .pages = 3 * GIB / EFIMAP_PAGE_SIZE,
				   .attribute = EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_UC };

	if (!victim_is_in_efi_va_range(victim) || lowest(victim->map) < EFIMAP_VA_END + 8 * GIB)
		return false;
	must(layout_next(lowest(victim->map), entry.phys, entry.pages, &entry.virt));
	entry.virt = (entry.virt & ~(GIB - 1)) - dice_between(victim->dice, 1, 511) * 2 * MIB;
	victim_add(victim, entry);
	return true;
}

static const struct map_entry *above(const struct efimap *map, const struct map_entry *entry)
{
	const struct map_entry *found = NULL;

	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt > entry->virt &&
		    (!found || map->entries[i].virt < found->virt))
			found = &map->entries[i];
	return found;
}

static bool too_high(struct victim *victim)
{
	struct map_entry *entry = pick_in_efi_va_range(victim);
	const struct map_entry *next = entry ? above(victim->map, entry) : NULL;
	const uint64_t end = next ? next->virt : EFIMAP_VA_START;
	uint64_t highest, room;

	if (!entry || layout_next(end, entry->phys, entry->pages, &highest))
		return false;
	room = (end - highest) / EFIMAP_PAGE_SIZE - entry->pages;
	if (room == 0)
		return false;
	entry->virt = highest + dice_between(victim->dice, 1, room) * EFIMAP_PAGE_SIZE;
	return true;
}

/* Linux 5.7 or later with efi=debug frees no region, so a gap in the layout is a fault. */
static bool a_gap(struct victim *victim)
{
	struct map_entry *entry;

	if (!victim_is_in_efi_va_range(victim) || !victim->kernel->debug ||
	    victim->kernel->start != START_FIRMWARE || !kernel_is_at_least(victim->kernel, 5, 7))
		return false;
	entry = &victim->map->entries[victim->map->n_entries - 1];
	entry->virt -= dice_between(victim->dice, 1, 64) * EFIMAP_LAYOUT_STEP;
	victim->index = entry->index;
	return true;
}

static bool onto_itself(struct victim *victim)
{
	struct map_entry *entry = pick_in_efi_va_range(victim);

	if (!entry || victim->map->n_entries < 3)
		return false;
	entry->virt = entry->phys;
	return true;
}

static bool not_onto_itself(struct victim *victim)
{
	struct map_entry *entry =
		victim->kernel->machine->is_32bit ? victim_pick(victim, takes_above_page_0) : NULL;

	if (!entry || victim->map->n_entries < 3)
		return false;
	entry->virt += dice_between(victim->dice, 1, 1000) * EFIMAP_LAYOUT_STEP;
	return true;
}

static bool all_onto_themselves(struct victim *victim)
{
	if (!victim_is_in_efi_va_range(victim))
		return false;
	for (size_t i = 0; i < victim->map->n_entries; i++)
		victim->map->entries[i].virt = victim->map->entries[i].phys;
	return true;
}

const struct fault faults_map[] = {
	FAULT(VERIFY, "num_pages is 0", no_pages, PAGES_ZERO),
	FAULT(VERIFY, "a range ends above 2^64", wraps, RANGE_OVERFLOW),
	FAULT(VERIFY, "phys_addr is not page-aligned", unaligned, PHYS_UNALIGNED),
	FAULT(VERIFY, "phys_addr is 2^52 or higher", beyond_52_bits, RANGE_ABOVE_52_BITS),
	FAULT(VERIFY, "phys_addr exceeds the CPU's physical address width", beyond_the_cpu,
	      RANGE_ABOVE_CPU_BITS),
	FAULT(VERIFY, "an entry is larger than the EFI runtime virtual address range",
	      larger_than_efi_va_range, RANGE_EXCEEDS_EFI_VA_RANGE),
	FAULT(VERIFY, "phys_addr is in another entry", shared_memory, PHYS_OVERLAP),
	FAULT(VERIFY, "an entry is duplicated", copied, ENTRY_DUPLICATE),
	FAULT(VERIFY, "virt_addr is 0", zero, VIRT_ZERO),
	FAULT(VERIFY, "virt_addr is not page-aligned", inside_a_page, VIRT_UNALIGNED),
	FAULT(VERIFY, "virt_addr is not canonical", noncanonical, VIRT_NONCANONICAL),
	FAULT(VERIFY, "virt_addr is in user space", of_users, VIRT_OUTSIDE_EFI_VA_RANGE),
	FAULT(VERIFY, "an entry crosses an end of the EFI runtime virtual address range",
	      across_an_end, VIRT_STRADDLES_EFI_VA_RANGE),
	FAULT(VERIFY, "virt_addr is a kernel address", of_the_kernel, VIRT_KERNEL_RANGE),
	FAULT(VERIFY, "virt_addr is in another entry", over_another, VIRT_OVERLAP),
	FAULT(VERIFY, "virt_addr is not congruent with phys_addr modulo 2 MiB", incongruent,
	      VIRT_INCONGRUENT),
	FAULT(VERIFY, "the addresses of a 3 GiB entry are congruent only modulo 2 MiB",
	      incongruent_by_a_gib, VIRT_1G_INCONGRUENT),
	FAULT_OR(VERIFY, "virt_addr is too close to the next higher entry", too_high, LAYOUT_BOUND,
		 LAYOUT_EXACT),
	FAULT(VERIFY, "a complete layout has a gap", a_gap, LAYOUT_EXACT),
	FAULT(VERIFY, "one entry is identity-mapped", onto_itself, IDENTITY_PARTIAL),
	FAULT(VERIFY, "in mixed mode, one entry is not identity-mapped", not_onto_itself,
	      IDENTITY_PARTIAL),
	FAULT(VERIFY, "all entries are identity-mapped", all_onto_themselves, IDENTITY_NATIVE),
	{ .name = NULL },
};
