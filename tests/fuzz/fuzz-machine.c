/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel and all pieces that are placed after it must be in free memory. The kernel must be at
 * the lowest suitable address, which a slow search finds.
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "guest_memory.h"
#include "capture/boot_params.h"

#define MAX_RECORDS 300u
#define RECORD 9u
#define SETUP_BYTES 1024u
#define KERNEL_LOW (UINT64_C(16) << 20)
#define KERNEL_ALIGN (UINT64_C(2) << 20)
#define E820_RAM 1

static const uint64_t limits[] = {
	0,
	0xa0000,
	UINT64_C(1) << 20,
	UINT64_C(2) << 20,
	KERNEL_LOW,
	KERNEL_LOW + KERNEL_ALIGN,
	KERNEL_LOW + 2 * KERNEL_ALIGN,
	UINT64_C(64) << 20,
	UINT64_C(256) << 20,
	UINT64_C(1) << 31,
	MACHINE_LOW_END,
	MACHINE_HIGH_START,
	MACHINE_HIGH_START + (UINT64_C(1) << 30),
	UINT64_C(1) << 40,
	UINT64_C(1) << 47,
	UINT64_C(1) << 52,
	0xffff800000000000,
	0xfffffffe00000000,
	0xfffffffeff000000,
	UINT64_MAX - 4095,
	UINT64_MAX,
};

static uint8_t image[SETUP_BYTES + 4096] = {
	[0x1f1] = 1,	[0x1fe] = 0x55, [0x1ff] = 0xaa, [0x200] = 0xeb,
	[0x201] = 0x6a, [0x202] = 'H',	[0x203] = 'd',	[0x204] = 'r',
	[0x205] = 'S',	[0x206] = 0x0f, [0x207] = 0x02, [0x236] = 0x7f,
};
static uint8_t initrd[70000];

/*
 * In the input, an address is an index into limits[] and a distance from that limit. The unit of
 * the distance is a page or, if the record's bit for this address is set, a byte.
 */
struct record {
	uint8_t kind;
	uint64_t a;
	uint64_t b;
	uint8_t what;
};

struct setting {
	struct rehearse asked;
	struct machine_options options;
	struct efimap *map;
};

static uint64_t get_address(const uint8_t *at, bool in_bytes)
{
	int16_t delta;

	memcpy(&delta, at + 1, sizeof(delta));
	/* A capture may contain any value, so the sum may overflow. */
	return limits[at[0] % (sizeof(limits) / sizeof(limits[0]))] +
	       (uint64_t)delta * (in_bytes ? 1 : 4096);
}

static struct record get_record(const uint8_t *at)
{
	struct record record = { .kind = at[0] % 8, .what = at[8] };

	record.a = get_address(at + 1, at[7] & 1);
	record.b = get_address(at + 4, at[7] & 2);
	return record;
}

static struct map_entry make_entry(struct record record, size_t index)
{
	return (struct map_entry){
		.index = (uint32_t)index,
		.type = record.what % 15,
		.phys = record.a,
		.virt = record.what & 0x40 ? record.b : record.a,
		/* The number of pages may exceed the address space or be 0. */
		.pages = record.what & 0x20 ? record.b : (record.b - record.a) / 4096,
		.attribute = (uint64_t)(record.what & 0x10 ? 0 : 1) << 63,
	};
}

static void set_pointers(struct efimap *map, struct record record)
{
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_CONFIG_TABLE] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_FW_VENDOR] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_PRESENT;
	map->boot_params.efi_info.systab = record.a;
	map->boot_params.efi_info.memmap_size = 1;
	map->boot_params.efi_info.desc_version = 1;
	map->config_table = record.b;
	map->fw_vendor = record.what & 1 ? record.a : record.a + 120;
	map->runtime = record.what & 2 ? record.b : record.b + 24;
}

static void add_table(struct efimap *map, struct record record)
{
	static const char *const names[] = { "ACPI 2.0", "ESRT",   "MEMATTR", "TPMEventLog",
					     "MOKvar",	 "INITRD", "none" };
	const char *name = names[record.what % 7];

	map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_PRESENT;
	if (record.what & 0x80)
		capture_add_systab(map, name, strlen(name), record.a);
	else
		capture_add_table(map, name, strlen(name), record.a);
}

static void set_options(struct setting *setting, struct record record)
{
	const uint32_t size = (uint32_t)record.b;

	setting->asked.is_first_kernel = record.what & 1;
	setting->asked.loader = record.what & 2 ? EFIMAP_LOADER_KERNEL : EFIMAP_LOADER_KEXEC_TOOLS;
	setting->options.initrd.size = 1 + record.b % (sizeof(initrd) - 1);
	setting->asked.memory =
		((UINT64_C(256) << 20) + record.a % (UINT64_C(1) << 40)) >> 20 << 20;
	memcpy(image + 0x260, &size, sizeof(size));
}

static void add_record(struct setting *setting, struct record record, size_t index)
{
	static const char *const labels[] = { "System RAM", "Reserved", "ACPI Tables", "other" };
	struct efimap *map = setting->map;
	struct map_entry entry = make_entry(record, index);

	switch (record.kind) {
	case 0:
	case 1:
		capture_add_entry(map, &entry);
		break;
	case 2:
		capture_add_firmware(map, &entry);
		break;
	case 3:
	case 4:
		/* b is the first address after the range, or 0 if the range ends at 2^64. */
		capture_add_memmap(map, (uint32_t)index, record.a, record.b - 1,
				   labels[record.what % 4], strlen(labels[record.what % 4]));
		break;
	case 5:
		set_pointers(map, record);
		break;
	case 6:
		add_table(map, record);
		break;
	default:
		set_options(setting, record);
	}
}

static bool find_range(const struct map_entry *entry, struct span *span)
{
	const int ret = entry_phys(entry, span);

	if (ret == -EOVERFLOW)
		*span = (struct span){ entry->phys, UINT64_MAX };
	return ret != -EINVAL;
}

static bool is_used(const struct map_entry *entries, size_t count, struct span span)
{
	struct span used;

	for (size_t i = 0; i < count; i++)
		if (entries[i].type != EFIMAP_TYPE_CONVENTIONAL && find_range(&entries[i], &used) &&
		    span_overlaps(used, span))
			return true;
	return false;
}

/* Return whether the e820 map lists each byte of @span as RAM, and no byte as another type. */
static bool is_ram(const struct machine *machine, struct span span)
{
	uint64_t at = span.first;
	bool has_grown = true;

	for (size_t i = 0; i < machine->n_rows; i++)
		if (machine->rows[i].type != E820_RAM && span_overlaps(machine->rows[i].span, span))
			return false;
	while (has_grown) {
		has_grown = false;
		for (size_t i = 0; i < machine->n_rows; i++) {
			const struct machine_range *row = &machine->rows[i];

			if (row->type != E820_RAM || !span_has(row->span, at))
				continue;
			if (row->span.last >= span.last)
				return true;
			at = row->span.last + 1;
			has_grown = true;
		}
	}
	return false;
}

/* Return whether @span is RAM below 4 GiB that neither @map nor the first @n_pieces pieces use. */
static bool is_free(const struct machine *machine, const struct efimap *map, size_t n_pieces,
		    struct span span)
{
	for (size_t i = 0; i < n_pieces; i++) {
		const struct machine_piece *piece = &machine->pieces[i];

		if (span.first < piece->at + piece->reserved && piece->at <= span.last)
			return false;
	}
	return span.last < MACHINE_HIGH_START && is_ram(machine, span) &&
	       !is_used(map->entries, map->n_entries, span) &&
	       !is_used(map->firmware, map->n_firmware, span);
}

static uint64_t try_after(const struct machine *machine, const struct efimap *map, size_t n_pieces,
			  uint64_t reserved, uint64_t first, uint64_t lowest)
{
	uint64_t at = first > KERNEL_LOW ? first : KERNEL_LOW;
	struct span span;

	if (at >= MACHINE_HIGH_START)
		return lowest;
	at = (at + KERNEL_ALIGN - 1) / KERNEL_ALIGN * KERNEL_ALIGN;
	if (at < lowest && span_make(at, reserved, &span) == 0 &&
	    is_free(machine, map, n_pieces, span))
		return at;
	return lowest;
}

static uint64_t find_lowest(const struct machine *machine, const struct efimap *map,
			    size_t n_pieces, uint64_t reserved)
{
	uint64_t lowest = try_after(machine, map, n_pieces, reserved, 0, UINT64_MAX);
	struct span span;

	for (size_t i = 0; i < machine->n_rows; i++) {
		span = machine->rows[i].span;
		lowest = try_after(machine, map, n_pieces, reserved, span.first, lowest);
		if (span.last < MACHINE_HIGH_START)
			lowest = try_after(machine, map, n_pieces, reserved, span.last + 1, lowest);
	}
	for (size_t i = 0; i < map->n_entries + map->n_firmware; i++) {
		const struct map_entry *entry =
			i < map->n_entries ? &map->entries[i] : &map->firmware[i - map->n_entries];

		if (find_range(entry, &span) && span.last < MACHINE_HIGH_START)
			lowest = try_after(machine, map, n_pieces, reserved, span.last + 1, lowest);
	}
	for (size_t i = 0; i < n_pieces; i++)
		lowest = try_after(machine, map, n_pieces, reserved,
				   machine->pieces[i].at + machine->pieces[i].reserved, lowest);
	return lowest;
}

static size_t find_kernel(const struct machine *machine)
{
	size_t i = 0;

	while (i < machine->n_pieces && machine->pieces[i].data != image + SETUP_BYTES)
		i++;
	return i;
}

static void check_pieces(const struct machine *machine)
{
	const uint64_t low = machine->memory < MACHINE_LOW_END ? machine->memory : MACHINE_LOW_END;

	fuzz_check(machine->n_pieces <= MACHINE_PIECES);
	for (size_t i = 0; i < machine->n_pieces; i++) {
		const struct machine_piece *piece = &machine->pieces[i];
		const uint64_t end = piece->at + piece->reserved;

		fuzz_check(piece->size <= piece->reserved && end > piece->at);
		fuzz_check(end <= low || (piece->at >= MACHINE_HIGH_START &&
					  end - MACHINE_HIGH_START <= machine->memory - low));
		for (size_t k = 0; k < i; k++)
			fuzz_check(end <= machine->pieces[k].at ||
				   machine->pieces[k].at + machine->pieces[k].reserved <=
					   piece->at);
	}
}

static void check_rows(const struct machine *machine)
{
	for (size_t i = 0; i < machine->n_rows; i++) {
		const struct machine_range *row = &machine->rows[i];

		fuzz_check(row->span.first <= row->span.last);
		fuzz_check(i == 0 || machine->rows[i - 1].span.first <= row->span.first);
		fuzz_check(row->type != E820_RAM || row->span.last < UINT64_C(1) << 42);
	}
}

static void check_machine(const struct machine *machine)
{
	const struct efimap *map = &machine->expected;
	const size_t kernel = find_kernel(machine);

	check_rows(machine);
	check_pieces(machine);
	fuzz_check(kernel < machine->n_pieces);
	for (size_t i = kernel; i < machine->n_pieces; i++) {
		const struct machine_piece *piece = &machine->pieces[i];
		const struct span span = { piece->at, piece->at + (piece->reserved - 1) };

		fuzz_check(is_free(machine, map, 0, span));
	}
	fuzz_check(find_lowest(machine, map, kernel, machine->pieces[kernel].reserved) ==
		   machine->pieces[kernel].at);
}

static void check_refusal(const struct machine *machine)
{
	uint32_t size;

	memcpy(&size, image + 0x260, sizeof(size));
	if (find_kernel(machine) == machine->n_pieces)
		fuzz_check(find_lowest(machine, &machine->expected, machine->n_pieces,
				       size > sizeof(image) ? size : sizeof(image)) == UINT64_MAX);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	struct setting setting = {
		.asked = { .memory = UINT64_C(4) << 30, .append = "" },
		.options = { .kernel = { "kernel", image, sizeof(image) },
			     .initrd = { "initrd", initrd, 9000 } },
	};
	auto_cleanup(machine_free) struct machine machine = { 0 };
	auto_map struct efimap *map = NULL;
	struct err err = EFIMAP_ERR_INIT;
	int ret;

	if (size / RECORD > MAX_RECORDS)
		return 0;
	map = capture_create("fuzz", EFIMAP_ORIGIN_TREE);
	map->states[EFIMAP_SRC_EFI] = map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	setting.map = map;
	setting.options.asked = &setting.asked;
	memset(image + 0x260, 0, 4);
	for (size_t i = 0; (i + 1) * RECORD <= size; i++)
		add_record(&setting, get_record(data + i * RECORD), i);
	seal(map);
	ret = machine_make(map, &setting.options, &machine, &err);
	fuzz_check(ret == 0 || (ret == -err.code && err.text[0]));
	if (ret == 0)
		check_machine(&machine);
	else if (ret == -E2BIG)
		check_refusal(&machine);
	return 0;
}
