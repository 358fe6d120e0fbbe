/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture of one of the real trees, built without the read room. */
#ifndef TESTS_UNIT_EMULATE_CAPTURE_H
#define TESTS_UNIT_EMULATE_CAPTURE_H

#include "emulate/tree.h"
#include "model/boot_params.h"
#include "model/capture.h"

static inline void capture_systab(struct efimap *map, const char *name)
{
	char line[128], key[64];
	FILE *file = tree_open(name, "sys/firmware/efi/systab");
	uint64_t value;

	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		assert_int_equal(sscanf(line, "%63[^=]=%" SCNx64, key, &value), 2);
		assert_int_equal(efimap_add_systab(map, key, strlen(key), value), 0);
	}
	fclose(file);
}

static inline struct efimap *capture_new(const char *name)
{
	static const enum efimap_source present[] = {
		EFIMAP_SRC_EFI,		EFIMAP_SRC_RUNTIME_MAP,	 EFIMAP_SRC_FW_VENDOR,
		EFIMAP_SRC_RUNTIME,	EFIMAP_SRC_CONFIG_TABLE, EFIMAP_SRC_SYSTAB,
		EFIMAP_SRC_BOOT_PARAMS,
	};
	uint8_t params[EFIMAP_BOOT_PARAMS_BYTES];
	struct efimap_entry entries[TREE_MAX];
	const size_t count = tree_map(name, entries);
	struct efimap *map = NULL;

	assert_int_equal(efimap_new(name, EFIMAP_ORIGIN_TREE, &map), 0);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
		assert_int_equal(efimap_add_name(map, entries[i].index), 0);
	}
	for (size_t i = 0; i < ARRAY_SIZE(present); i++)
		map->states[present[i]] = EFIMAP_STATE_PRESENT;
	map->fw_vendor = tree_value(name, "sys/firmware/efi/fw_vendor");
	map->runtime = tree_value(name, "sys/firmware/efi/runtime");
	map->config_table = tree_value(name, "sys/firmware/efi/config_table");
	capture_systab(map, name);
	assert_int_equal(
		tree_read(name, "sys/kernel/boot_params/data", params, sizeof(params)),
		sizeof(params));
	efimap_boot_params_decode(params, &map->boot_params);
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

#endif
