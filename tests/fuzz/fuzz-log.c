/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In each list, the indices of the entries must be unique and ascending. No virtual address may
 * have the origin EFIMAP_VIRT_READ. A log that is passed line by line must have the same result as
 * the complete log.
 */
#include "fuzz.h"
#include "input/log/boots.h"
#include "input/read_snapshot.h"

static void check_list(const struct log_list *list)
{
	for (size_t i = 1; i < list->count; i++)
		fuzz_check(list->entries[i - 1].index < list->entries[i].index);
	for (size_t i = 0; i < list->count; i++)
		fuzz_check(list->entries[i].virt_from == EFIMAP_VIRT_UNKNOWN);
}

static void check_map(const struct efimap *map)
{
	fuzz_check(map->n_entries == map->n_names);
	fuzz_check(capture_has(map, EFIMAP_SRC_RUNTIME_MAP) || map->n_entries == 0);
	for (size_t i = 0; i < map->n_entries; i++) {
		fuzz_check(map->entries[i].virt_from != EFIMAP_VIRT_READ);
		fuzz_check(map->entries[i].index == map->names[i]);
		fuzz_check(i == 0 || map->names[i - 1] < map->names[i]);
	}
	for (size_t i = 0; i < map->n_memmap; i++)
		fuzz_check(map->memmap[i].label[0] != '\0');
	for (size_t i = 0; i < map->n_tables; i++)
		fuzz_check(map->tables[i].name[0] && strlen(map->tables[i].name) <= 32);
}

static void check_capture(const uint8_t *data, size_t size)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LOG };
	auto_map struct efimap *map = NULL;

	record_bytes(&recording, EFIMAP_RECORDED_LOG, 0, data, (ssize_t)size, true);
	if (!read_recording(&recording, "log", EFIMAP_BOOT_DEFAULT, NULL, &map, NULL))
		check_map(map);
}

static void scan_lines(const char *data, size_t size, struct kernel_log *log)
{
	while (size) {
		const char *end = memchr(data, '\n', size);
		const size_t len = end ? (size_t)(end - data) + 1 : size;

		log_lines(data, len, log_take, log);
		data += len;
		size -= len;
	}
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	auto_log struct kernel_log log = { 0 }, pieces = { 0 };

	log_lines((const char *)data, size, log_take, &log);
	scan_lines((const char *)data, size, &pieces);
	fuzz_check(log_end(&log) == 0 && log_end(&pieces) == 0);
	fuzz_check(log.n_boots == pieces.n_boots && log.number == pieces.number);
	if (log.boot) {
		fuzz_check(log.boot->lists.firmware.count == pieces.boot->lists.firmware.count);
		fuzz_check(log.boot->lists.runtime.count == pieces.boot->lists.runtime.count);
		fuzz_check(log.boot->facts->n_memmap == pieces.boot->facts->n_memmap);
		check_list(&log.boot->lists.firmware);
		check_list(&log.boot->lists.runtime);
		fuzz_check(log.number > 0 && log.number <= log.n_boots);
		check_capture(data, size);
	}
	return 0;
}
