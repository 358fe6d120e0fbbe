/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in the capture of the second kernel. Findings of compare refer to entries of FIRST, except
 * findings of drift-extra, which refer to entries of SECOND.
 */
#include "linux/virtual_layout.h"
#include "faults.h"

static uint32_t number_in_first(const struct victim *victim, const struct map_entry *entry)
{
	for (size_t i = 0; i < victim->first->n_entries; i++)
		if (victim->first->entries[i].phys == entry->phys)
			return victim->first->entries[i].index;
	return EFIMAP_NO_INDEX;
}

static struct map_entry *pick(struct victim *victim)
{
	struct map_entry *entry = victim_pick(victim, victim_takes_runtime);

	if (entry)
		victim->index = number_in_first(victim, entry);
	return entry;
}

static bool lost(struct victim *victim)
{
	const struct map_entry *entry = pick(victim);

	if (!entry || victim->map->n_entries < 2)
		return false;
	victim_remove(victim, (size_t)(entry - victim->map->entries));
	return true;
}

static bool extra(struct victim *victim)
{
	const struct map_entry entry = {
		.type = EFIMAP_TYPE_RUNTIME_DATA,
		.phys = dice_between(victim->dice, 0x3000000, 0x4000000) << 12,
		.virt = EFIMAP_VA_END + dice_below(victim->dice, 1000) * EFIMAP_LAYOUT_STEP,
		.pages = dice_between(victim->dice, 1, 64),
		.attribute = EFIMAP_ATTR_RUNTIME | EFIMAP_ATTR_WB,
	};

	if (!victim->kernel->has_map)
		return false;
	victim_add(victim, entry);
	return true;
}

static bool mapped_elsewhere(struct victim *victim)
{
	struct map_entry *entry = pick(victim);
	const uint64_t steps = dice_between(victim->dice, 1, 1000);

	if (entry)
		entry->virt -= dice_hit(victim->dice, 50)
				       ? steps * EFIMAP_LAYOUT_STEP
				       : steps % 512 * EFIMAP_PAGE_SIZE + EFIMAP_PAGE_SIZE;
	return entry;
}

static bool is_free_behind(const struct victim *victim, const struct map_entry *entry)
{
	const uint64_t last = victim_span(entry).last;
	const struct span behind = { last + 1, last + 16 * EFIMAP_PAGE_SIZE };

	for (size_t i = 0; i < victim->first->n_entries; i++)
		if (span_overlaps(victim_span(&victim->first->entries[i]), behind))
			return false;
	return true;
}

/* The entry must not grow over another entry of FIRST, or it would look like a merged entry. */
static bool another_size(struct victim *victim)
{
	struct map_entry *entry = pick(victim);

	if (!entry)
		return false;
	if (entry->pages > 1 && dice_hit(victim->dice, 50))
		entry->pages -= dice_between(victim->dice, 1, entry->pages - 1);
	else if (is_free_behind(victim, entry))
		entry->pages += dice_between(victim->dice, 1, 16);
	else
		return false;
	return true;
}

static bool another_type(struct victim *victim)
{
	static const uint32_t types[] = { 0, 5, 6, 9, 10, 11 };
	struct map_entry *entry = pick(victim);
	uint32_t type = DICE_PICK(victim->dice, types);

	if (!entry || entry->type == type)
		return false;
	entry->type = type;
	return true;
}

static bool another_attribute(struct victim *victim)
{
	struct map_entry *entry = pick(victim);

	if (entry)
		entry->attribute ^= UINT64_C(1) << dice_below(victim->dice, 64);
	return entry;
}

static bool elsewhere(struct victim *victim)
{
	struct map_entry *entry = pick(victim);

	if (!entry)
		return false;
	entry->phys ^= dice_between(victim->dice, 1, 0xffff) << 12;
	return true;
}

static bool nothing_arrived(struct victim *victim)
{
	struct efimap *map = victim->map;

	if (!victim->kernel->has_map)
		return false;
	map->n_entries = map->n_names = 0;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	/* The kernel has EFI but no map, or was built without CONFIG_EFI. */
	if (dice_hit(victim->dice, 50)) {
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_ABSENT;
		map->log_lacks_efi = true;
	}
	return true;
}

static bool booted_by_firmware(struct victim *victim)
{
	static const char text[] = "ro quiet";
	struct efimap *map = victim->map;

	if (!victim->kernel->has_map || victim->kernel->before->before)
		return false;
	map->n_setup_data = 0;
	map->boot_params.type_of_loader = 0x21;
	map->runtime = victim->kernel->machine->runtime;
	must(capture_set_cmdline(map, text, sizeof(text) - 1));
	return true;
}

static bool another_pointer(struct victim *victim)
{
	uint64_t *const values[] = { &victim->map->fw_vendor, &victim->map->config_table,
				     &victim->map->boot_params.efi_info.systab };

	*DICE_PICK(victim->dice, values) += dice_between(victim->dice, 1, 0x1000) * 16;
	return true;
}

static bool another_runtime(struct victim *victim)
{
	const uint64_t runtime = victim->kernel->machine->runtime;

	for (size_t i = 0; i < victim->first->n_entries; i++)
		if (span_has(victim_span(&victim->first->entries[i]), runtime)) {
			victim->map->runtime +=
				dice_between(victim->dice, 1, 0x1000) * EFIMAP_PAGE_SIZE;
			return true;
		}
	return false;
}

static bool another_table(struct victim *victim)
{
	struct efimap *map = victim->map;

	if (map->n_systab == 0)
		return false;
	map->systab[dice_below(victim->dice, map->n_systab)].value ^=
		dice_between(victim->dice, 1, 0xff) << 8;
	return true;
}

static bool table_gone(struct victim *victim)
{
	struct efimap *map = victim->map;

	if (map->n_systab == 0)
		return false;
	map->systab[dice_below(victim->dice, map->n_systab)].name = "UGA";
	return true;
}

static struct setup_node *find_node(struct efimap *map)
{
	for (size_t i = 0; i < map->n_setup_data; i++)
		if (map->setup_data[i].type == EFIMAP_SETUP_EFI)
			return &map->setup_data[i];
	return NULL;
}

static bool another_payload(struct victim *victim)
{
	static const unsigned int fields[] = { 0, 16, 24 };
	struct setup_node *node = find_node(victim->map);

	if (node)
		node->payload[DICE_PICK(victim->dice, fields) + dice_below(victim->dice, 8)] ^=
			(uint8_t)dice_between(victim->dice, 1, 255);
	return node;
}

static bool code_is_free_now(struct victim *victim)
{
	struct efimap *map = victim->map;
	const struct map_entry *entry = victim_pick(victim, victim_takes_services);

	for (size_t i = 0; entry && i < map->n_memmap; i++)
		if (span_overlaps(map->memmap[i].span, victim_span(entry))) {
			map->memmap[i].label = "System RAM";
			victim->index = number_in_first(victim, entry);
			return true;
		}
	return false;
}

static bool entry_removed(struct victim *victim)
{
	/*
	 * If the kernels have different numbers of entries, freed regions may be the reason for a
	 * missing entry, which is no fault.
	 */
	if (victim->map->n_entries < 2 ||
	    victim->map->n_entries != victim->kernel->before->n_entries)
		return false;
	victim_remove(victim, dice_index(victim->dice, victim->map->n_entries));
	return true;
}

const struct fault faults_drift[] = {
	FAULT(COMPARE, "an entry is lost", lost, DRIFT_LOST),
	FAULT(COMPARE, "an additional entry", extra, DRIFT_EXTRA),
	FAULT(COMPARE, "a different virt_addr", mapped_elsewhere, DRIFT_VIRT),
	FAULT_OR(COMPARE, "a different num_pages", another_size, DRIFT_PAGES, DRIFT_TYPE),
	FAULT(COMPARE, "a different type", another_type, DRIFT_TYPE),
	FAULT(COMPARE, "a different attribute", another_attribute, DRIFT_ATTR),
	FAULT_OR(COMPARE, "a different phys_addr", elsewhere, DRIFT_LOST, DRIFT_PAGES),
	FAULT(COMPARE, "the second kernel has no map", nothing_arrived, DRIFT_NO_MAP),
	FAULT(COMPARE, "the firmware started the second kernel", booted_by_firmware,
	      DRIFT_NOT_KEXEC),
	FAULT(COMPARE, "a different pointer", another_pointer, DRIFT_POINTER),
	FAULT(COMPARE, "a different runtime pointer", another_runtime, DRIFT_RUNTIME_POINTER),
	FAULT(COMPARE, "a different table address", another_table, DRIFT_SYSTAB),
	FAULT(COMPARE, "a table is missing", table_gone, DRIFT_SYSTAB),
	FAULT(COMPARE, "a different address in setup_data", another_payload, DRIFT_SETUP_DATA),
	FAULT(COMPARE, "memmap lists a runtime services region as System RAM", code_is_free_now,
	      DRIFT_MEMMAP_RT),
	FAULT(RECEIVED, "one entry fewer than was passed", entry_removed, EFI_INFO_COUNT),
	{ .name = NULL },
};
