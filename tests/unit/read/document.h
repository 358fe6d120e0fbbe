/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture with something in every member, as a document, whole or with one change. */
#ifndef TESTS_UNIT_READ_DOCUMENT_H
#define TESTS_UNIT_READ_DOCUMENT_H

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "../test.h"
#include "base/cleanup.h"
#include "format/format.h"
#include "read/snapshot/snapshot.h"

#define TEXT(string) string, strlen(string)

static inline void document_fill(struct efimap *map)
{
	const struct efimap_entry entries[] = {
		{ 0, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, 0x800000000000000f },
		{ 2, UINT32_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX },
	};
	const struct efimap_fault fault = {
		EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_SYNTAX, 1, 0,
		"sys/firmware/efi/runtime-map/1/type", "found \"\", expected \xe2\x82\xac"
	};
	struct efimap_setup_node node = { .index = 0, .type = 9, .len = 28 };

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		map->states[i] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_entry(map, &entries[1]), 0);
	assert_int_equal(efimap_add_entry(map, &entries[0]), 0);
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(efimap_add_name(map, i), 0);
	assert_int_equal(efimap_add_fault(map, &fault), 0);
	assert_int_equal(efimap_add_memmap(map, 0, 0, 0x9ffff, TEXT("System RAM")), 0);
	assert_int_equal(efimap_add_memmap(map, 1, UINT64_MAX, 5, TEXT("Reserved")), 0);
	assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 0, UINT64_MAX }, 0,
					  TEXT("System RAM")), 0);
	assert_int_equal(efimap_add_iomem(map, (struct efimap_span){ 1, 2 }, 1,
					  TEXT("Kernel \xe2\x82\xac code")), 0);
	assert_int_equal(efimap_add_systab(map, TEXT("ACPI20"), 0x3f77d014), 0);
	assert_int_equal(efimap_add_systab(map, TEXT("SMBIOS"), 0), 0);
	assert_int_equal(efimap_add_table(map, TEXT("ACPI 2.0"), 0x3f77d014), 0);
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	node = (struct efimap_setup_node){ 3, EFIMAP_SETUP_EFI, 97, 96, { 1, 0xff, 0x80 } };
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	assert_int_equal(efimap_set_cmdline(map, TEXT("root=\"a b\" quiet \\")), 0);
	assert_int_equal(efimap_set_release(map, TEXT("6.1.0-56-amd64")), 0);
	assert_int_equal(efimap_set_boot_id(map, TEXT("6e4ae8c2-1111-2222-3333-44444444aaaa")),
			 0);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++) {
		const char *name = efimap_dmi_name((enum efimap_dmi)i);

		assert_int_equal(efimap_set_dmi(map, (enum efimap_dmi)i, TEXT(name)), 0);
	}
}

static inline struct efimap *document_map(enum efimap_origin origin)
{
	struct efimap *map;

	assert_int_equal(efimap_new("machine", origin, &map), 0);
	document_fill(map);
	map->fw_vendor = 0x3f52aa18;
	map->runtime = 0xfffffffeff1ebb98;
	map->config_table = UINT64_MAX;
	map->platform_size = 32;
	map->phys_bits = 46;
	map->no_gib_pages = true;
	map->kernel_32bit = true;
	map->encrypted = true;
	map->width_mismatch = true;
	map->n_boots = 3;
	map->boot = 2;
	map->boot_params = (struct efimap_boot_params){
		.efi_info = { "EL64", 0x3f5eb018, 40, 1, 0x101000, 0x140 },
		.acpi_rsdp_addr = 0x3f77d014,
		.setup_data = UINT64_MAX,
		.version = 0x20f,
		.xloadflags = 0xffff,
		.type_of_loader = 0xd0,
		.secure_boot = 3,
		.e820_entries = 128,
	};
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

/* The document of @map in one line, terminated; to be freed. */
static inline char *document_text(const struct efimap *map)
{
	struct efimap_out out = EFIMAP_OUT_MEM;

	assert_int_equal(efimap_snapshot_write(map, true, &out), 0);
	efimap_out_putc(&out, '\0');
	assert_int_equal(out.error, 0);
	return out.data;
}

static inline int document_read(const char *text, size_t len, struct efimap **ret_map,
				struct efimap_err *err)
{
	efimap_auto_input struct efimap_input input = {
		.name = "doc", .fd = -1, .at_end = true, .data = malloc(len + 1), .len = len,
	};

	assert_non_null(input.data);
	memcpy(input.data, text, len);
	input.data[len] = '\0';
	return efimap_read_snapshot("doc", &input, ret_map, err);
}

/* The document with the first @from replaced by @to; to be freed. */
static inline char *document_with(const char *from, const char *to)
{
	struct efimap *map efimap_auto_map = document_map(EFIMAP_ORIGIN_TREE);
	efimap_auto_free char *text = document_text(map);
	const char *at = strstr(text, from);
	char *changed;

	if (!at)
		fail_msg("the document has no %s:\n%s", from, text);
	changed = calloc(1, strlen(text) + strlen(to) + 1);
	assert_non_null(changed);
	memcpy(changed, text, (size_t)(at - text));
	strcat(changed, to);
	strcat(changed, at + strlen(from));
	return changed;
}

/* @message: NULL when it must be read */
struct document_row {
	const char *from, *to, *message;
};

static inline void document_try(const struct document_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		efimap_auto_free char *text = document_with(rows[i].from, rows[i].to);
		struct efimap *map efimap_auto_map = NULL;
		struct efimap_err err = EFIMAP_ERR_INIT;
		int ret = document_read(text, strlen(text), &map, &err);

		if (ret != (rows[i].message ? -EBADMSG : 0))
			fail_msg("%s: returned %d: %s", rows[i].to, ret, err.text);
		if (!rows[i].message)
			continue;
		assert_null(map);
		if (strcmp(err.text, rows[i].message) != 0)
			fail_msg("%s: %s", rows[i].to, err.text);
	}
}

#endif
