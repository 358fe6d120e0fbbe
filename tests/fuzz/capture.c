/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A generated capture may have any values, but each of its sources is "present" or "absent". */
#include "fuzz.h"
#include "capture.h"
#include "capture/kernel_release.h"

struct record {
	uint8_t kind;
	uint64_t a;
	uint64_t b;
	uint8_t c;
	uint16_t d;
};

static struct record get_record(const uint8_t *at)
{
	struct record record = { .kind = at[0] % 8, .c = at[17] };

	memcpy(&record.a, at + 1, 8);
	memcpy(&record.b, at + 9, 8);
	memcpy(&record.d, at + 18, 2);
	return record;
}

static const char *label_of(unsigned int number)
{
	static const char *const labels[] = {
		"System RAM",  "Reserved",    "ACPI Tables", "ACPI Non-volatile Storage",
		"Kernel code", "Kernel data", "Kernel bss",  "Crash kernel",
		"PCI Bus",     "\x1b[31m\t",  "Unknown",     "Unusable memory",
	};

	return labels[number % (sizeof(labels) / sizeof(labels[0]))];
}

static void add_entry(struct efimap *map, struct record record, const struct record *next,
		      uint32_t index)
{
	struct map_entry entry = {
		.index = index,
		.type = record.c < 0xf0 ? record.c % 18 : UINT32_C(0x70000000) + record.c,
		.phys = record.a,
		.virt = next && next->kind == 3 ? next->a : record.a,
		.pages = record.b & ((UINT64_C(1) << 56) - 1),
		/* Bit 15 of d is EFI_MEMORY_RUNTIME. */
		.attribute = ((uint64_t)(record.d >> 15) << 63) | (record.d & 0x7fff),
	};

	capture_add_entry(map, &entry);
	capture_add_name(map, index);
}

static void add_pointers(struct efimap *map, struct record record)
{
	map->fw_vendor = record.a;
	map->config_table = record.b;
	map->runtime = record.a ^ record.b;
	map->states[EFIMAP_SRC_FW_VENDOR] =
		record.c & 1 ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT;
	map->states[EFIMAP_SRC_CONFIG_TABLE] =
		record.c & 2 ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT;
	map->states[EFIMAP_SRC_RUNTIME] = record.c & 4 ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT;
	if (record.c & 8)
		map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_PRESENT;
	if (record.c & 16) {
		map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
		capture_add_table(map, "MEMATTR", 7, record.b);
		return;
	}
	map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_PRESENT;
	capture_add_systab(map, record.c & 32 ? "SMBIOS" : "SMBIOS3", record.c & 32 ? 6 : 7,
			   record.a);
}

static void add_platform(struct efimap *map, struct record record)
{
	map->platform_size = record.c & 1 ? 64 : 32;
	map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	if (record.c & 2)
		set_release(map, "6.1.0", 5);
	else
		set_release(map, "3.10.0", 6);
}

static void add_range(struct efimap *map, struct record record, uint32_t number)
{
	const char *label = label_of(record.kind == 4 ? record.c : record.d);
	struct span span = { record.a, record.b };
	unsigned int deepest;

	if (record.kind == 4) {
		map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
		capture_add_memmap(map, number, record.a, record.b, label, strlen(label));
		return;
	}
	if (span.first > span.last)
		return;
	map->states[EFIMAP_SRC_IOMEM] = EFIMAP_STATE_PRESENT;
	/* Readers reject a resource that is more than one level deeper than the previous one. */
	deepest = map->n_iomem ? map->iomem[map->n_iomem - 1].depth + 1u : 0u;
	capture_add_iomem(map, span, record.c % 4 < deepest ? record.c % 4 : deepest, label,
			  strlen(label));
}

static uint32_t count_entries(const uint8_t *data, size_t count)
{
	uint32_t entries = 0;

	for (size_t i = 0; i < count; i++)
		entries += get_record(data + i * FUZZ_RECORD).kind < 3;
	return entries;
}

struct efimap *fuzz_capture(const uint8_t *data, size_t size, bool reverse)
{
	size_t count = size / FUZZ_RECORD;
	uint32_t entries = 0, total;
	struct efimap *map;

	if (count > FUZZ_MAX_RECORDS)
		return NULL;
	total = count_entries(data, count);
	map = capture_create("fuzz", EFIMAP_ORIGIN_TREE);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	for (size_t i = 0; i < count; i++) {
		struct record record = get_record(data + i * FUZZ_RECORD), next;

		if (i + 1 < count)
			next = get_record(data + (i + 1) * FUZZ_RECORD);
		if (record.kind < 3) {
			add_entry(map, record, i + 1 < count ? &next : NULL,
				  reverse ? total - 1 - entries : entries);
			entries++;
		} else if (record.kind == 4 || record.kind == 5)
			add_range(map, record, (uint32_t)i);
		else if (record.kind == 6)
			add_pointers(map, record);
		else if (record.kind == 7)
			add_platform(map, record);
	}
	seal(map);
	return map;
}
