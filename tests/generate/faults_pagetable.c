/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Faults in what a loader left for a kernel (handover), in the bytes of it (decode), and
 * in the page table that the kernel made of the map (pagetable --check).
 */
#include <string.h>

#include "model/traits.h"
#include "faults.h"

static struct efimap_setup_node *find_node(struct efimap *map)
{
	for (size_t i = 0; i < map->n_setup_data; i++)
		if (map->setup_data[i].type == EFIMAP_SETUP_EFI)
			return &map->setup_data[i];
	return NULL;
}

static bool node_gone(struct victim *victim)
{
	struct efimap_setup_node *node = find_node(victim->map);

	if (!node || victim->map->boot_params.efi_info.memmap_size == 0)
		return false;
	*node = victim->map->setup_data[--victim->map->n_setup_data];
	return true;
}

static bool node_twice(struct victim *victim)
{
	const struct efimap_setup_node *node = find_node(victim->map);
	struct efimap_setup_node copy;

	if (!node)
		return false;
	copy = *node;
	copy.index = (uint32_t)victim->map->n_setup_data;
	victim_must(efimap_add_setup_node(victim->map, &copy));
	return true;
}

static bool set_length(struct victim *victim, uint64_t len)
{
	struct efimap_setup_node *node = find_node(victim->map);

	if (!node)
		return false;
	node->len = len;
	if (len < node->payload_size)
		node->payload_size = (uint32_t)len;
	return true;
}

static bool node_cut(struct victim *victim)
{
	return set_length(victim, dice_below(victim->dice, 32));
}

static bool node_of_other_length(struct victim *victim)
{
	return set_length(victim, dice_hit(victim->dice, 50) ?
					  dice_between(victim->dice, 32, 95) :
					  dice_between(victim->dice, 97, 5000));
}

static bool set_bytes(struct victim *victim, unsigned int at, unsigned int size, int value)
{
	struct efimap_setup_node *node = find_node(victim->map);

	if (node)
		memset(node->payload + at, value, size);
	return node;
}

static bool no_tables(struct victim *victim)
{
	return set_bytes(victim, 16, 8, 0);
}

static bool no_vendor(struct victim *victim)
{
	return set_bytes(victim, 0, 8, 0);
}

static bool reserved_bytes(struct victim *victim)
{
	return set_bytes(victim, (unsigned int)dice_between(victim->dice, 32, 95), 1, 1);
}

static struct efimap_efi_info *info_of(struct victim *victim)
{
	return &victim->map->boot_params.efi_info;
}

static bool descriptors_too_small(struct victim *victim)
{
	info_of(victim)->desc_size = (uint32_t)dice_below(victim->dice, 40);
	return true;
}

static bool descriptors_odd(struct victim *victim)
{
	info_of(victim)->desc_size += (uint32_t)dice_between(victim->dice, 1, 7);
	return true;
}

static bool map_of_odd_size(struct victim *victim)
{
	info_of(victim)->memmap_size += (uint32_t)dice_between(victim->dice, 1, 39);
	return true;
}

static bool another_version(struct victim *victim)
{
	info_of(victim)->desc_version = (uint32_t)dice_between(victim->dice, 2, 1000);
	return true;
}

static bool no_signature(struct victim *victim)
{
	memcpy(info_of(victim)->signature, "????", 4);
	return true;
}

static bool no_address(struct victim *victim)
{
	if (dice_hit(victim->dice, 50))
		info_of(victim)->memmap = 0;
	else
		info_of(victim)->systab = 0;
	return true;
}

static bool entry_removed(struct victim *victim)
{
	/* With as many or fewer it would be what a kernel does that frees some. */
	if (victim->map->n_entries < 2 ||
	    victim->map->n_entries != victim->kernel->before->n_entries)
		return false;
	victim_remove(victim, dice_index(victim->dice, victim->map->n_entries));
	return true;
}

static bool chain_loops(struct victim *victim)
{
	/* The bytes lie at VICTIM_BASE (judge_fault.c), and next leads back there. */
	victim->bytes[2] = 0x10;
	return true;
}

static bool node_beyond_the_end(struct victim *victim)
{
	const uint32_t len = (uint32_t)dice_between(victim->dice, 97, 0xffff);

	memcpy(victim->bytes + 12, &len, sizeof(len));
	return true;
}

static bool bytes_behind(struct victim *victim)
{
	victim->n_bytes += 1 + dice_index(victim->dice, 64);
	return true;
}

static bool payload_without_tables(struct victim *victim)
{
	memset(victim->bytes + 32, 0, 8);
	return true;
}

static bool overlaps_run(const struct efimap_ptrun *run, struct efimap_span span)
{
	return efimap_span_overlaps(run->span, span);
}

static struct efimap_span virt_span(const struct efimap_entry *entry)
{
	struct efimap_span span = { 1, 0 };

	(void)efimap_entry_virt(entry, &span);
	return span;
}

/* Take out all runs that touch the span. */
static bool drop_runs(struct victim *victim, struct efimap_span span)
{
	size_t kept = 0;
	const size_t count = victim->dump->n_runs;

	for (size_t i = 0; i < count; i++)
		if (!overlaps_run(&victim->dump->runs[i], span))
			victim->dump->runs[kept++] = victim->dump->runs[i];
	victim->dump->n_runs = kept;
	return kept < count;
}

static bool not_mapped(struct victim *victim)
{
	const struct efimap_entry *entry = victim_pick(victim, victim_takes_runtime);

	return entry && drop_runs(victim, virt_span(entry));
}

static bool no_identity(struct victim *victim)
{
	const struct efimap_entry *entry = victim_pick(victim, victim_takes_runtime);

	return entry && victim_is_in_window(victim) && drop_runs(victim, victim_span(entry));
}

static bool flip(struct victim *victim, victim_takes *takes, uint64_t flag)
{
	const struct efimap_entry *entry = victim_pick(victim, takes);
	bool any = false;

	for (size_t i = 0; entry && i < victim->dump->n_runs; i++) {
		if (!overlaps_run(&victim->dump->runs[i], virt_span(entry)))
			continue;
		victim->dump->runs[i].flags ^= flag;
		any = true;
	}
	return any;
}

static bool takes_data(const struct victim *victim, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_DATA;
}

static bool takes_code(const struct victim *victim, const struct efimap_entry *entry)
{
	return entry->type == EFIMAP_TYPE_RUNTIME_CODE;
}

static bool data_executable(struct victim *victim)
{
	return flip(victim, takes_data, EFIMAP_PTE_NX);
}

static bool code_not_executable(struct victim *victim)
{
	return flip(victim, takes_code, EFIMAP_PTE_NX);
}

static bool cached_otherwise(struct victim *victim)
{
	return flip(victim, victim_takes_runtime, EFIMAP_PTE_PCD);
}

/* A page at the end of the window, where no entry is. */
static bool more_is_mapped(struct victim *victim)
{
	const struct efimap_ptrun run = {
		.span = { EFIMAP_VA_END, EFIMAP_VA_END + EFIMAP_PAGE_SIZE - 1 },
		.flags = EFIMAP_PTE_RW | EFIMAP_PTE_NX,
	};
	struct efimap_ptdump *dump = victim->dump;
	struct efimap_ptdump more = { 0 };
	bool done = false;

	if (!victim_is_in_window(victim) || victim->kernel->start == START_FIRMWARE)
		return false;
	for (size_t i = 0; i <= dump->n_runs; i++) {
		if (!done && (i == dump->n_runs ||
			      dump->runs[i].span.first > run.span.last)) {
			victim_must(efimap_ptdump_add(&more, &run));
			done = true;
		}
		if (i < dump->n_runs)
			victim_must(efimap_ptdump_add(&more, &dump->runs[i]));
	}
	efimap_ptdump_free(dump);
	*dump = more;
	return true;
}

const struct fault faults_handed[] = {
	FAULT(HANDOVER, "no setup_data node of type 4", node_gone, ERROR, SETUP_DATA_NO_EFI),
	FAULT(HANDOVER, "two nodes of type 4", node_twice, WARNING, SETUP_DATA_EFI_DUP),
	FAULT(HANDOVER, "a node below 32 bytes", node_cut, ERROR, SETUP_DATA_EFI_LEN),
	FAULT(HANDOVER, "a node of another length", node_of_other_length, WARNING,
	      SETUP_DATA_EFI_LEN),
	FAULT(HANDOVER, "a node without tables", no_tables, ERROR, SETUP_DATA_TABLES_ZERO),
	FAULT(HANDOVER, "a node without fw_vendor", no_vendor, WARNING,
	      SETUP_DATA_VENDOR_ZERO),
	FAULT(HANDOVER, "reserved bytes of a node", reserved_bytes, NOTE,
	      SETUP_DATA_RESERVED),
	FAULT(HANDOVER, "descriptors below 40 bytes", descriptors_too_small, ERROR,
	      EFI_INFO_DESC_SIZE),
	FAULT(HANDOVER, "descriptors of an odd size", descriptors_odd, ERROR,
	      EFI_INFO_DESC_SIZE),
	FAULT(HANDOVER, "a map of an odd size", map_of_odd_size, ERROR, EFI_INFO_DESC_SIZE),
	FAULT(HANDOVER, "another descriptor version", another_version, ERROR,
	      EFI_INFO_VERSION),
	FAULT(HANDOVER, "no EFI signature", no_signature, WARNING, EFI_INFO_SIGNATURE),
	FAULT(HANDOVER, "no address of map or system table", no_address, ERROR,
	      EFI_INFO_ADDR_ZERO),
	FAULT(HANDOVER, "an entry fewer than was handed over", entry_removed, WARNING,
	      EFI_INFO_COUNT),
	FAULT(DECODE, "decode: a chain that loops", chain_loops, ERROR, SETUP_DATA_LOOP),
	FAULT(DECODE, "decode: a node beyond the end", node_beyond_the_end, ERROR,
	      SETUP_DATA_TRUNCATED),
	FAULT(DECODE, "decode: bytes behind the node", bytes_behind, NOTE, TRAILING_BYTES),
	FAULT(DECODE, "decode: a payload without tables", payload_without_tables, ERROR,
	      SETUP_DATA_TABLES_ZERO),
	FAULT(PAGETABLE, "pagetable: an entry is not mapped", not_mapped, ERROR,
	      PAGETABLE_MISSING),
	FAULT(PAGETABLE, "pagetable: no identity copy", no_identity, WARNING,
	      PAGETABLE_NO_IDENTITY),
	FAULT(PAGETABLE, "pagetable: executable data", data_executable, WARNING,
	      PAGETABLE_NX_DATA),
	FAULT(PAGETABLE, "pagetable: code that is not executable", code_not_executable, ERROR,
	      PAGETABLE_X_CODE_NX),
	FAULT(PAGETABLE, "pagetable: another caching", cached_otherwise, WARNING,
	      PAGETABLE_CACHE),
	FAULT(PAGETABLE, "pagetable: more is mapped", more_is_mapped, WARNING,
	      PAGETABLE_EXTRA),
	{ .name = NULL },
};
