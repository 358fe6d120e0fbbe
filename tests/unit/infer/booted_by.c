/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "capture/boot_params.h"
#include "infer/booted_by.h"

#define NO_NODE UINT64_MAX

static const struct loader_row {
	const char *name;
	bool has_params;
	uint32_t desc_size;
	uint8_t type_of_loader;
	uint64_t runtime; /* the runtime address in the SETUP_EFI payload, or NO_NODE */
	enum find_loaded_by expected;
} loader_rows[] = {
	{ "firmware", true, 48, 0x21, NO_NODE, EFIMAP_LOADED_BY_NONE },
	{ "nothing known", false, 0, 0, NO_NODE, EFIMAP_LOADED_BY_UNKNOWN },
	{ "kexec-tools", true, 40, 0xd0, 0x1000, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "kernel", true, 48, 0xd0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "kernel before 5.7", true, 48, 0xd0, 0x1000, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "kernel after kexec-tools", true, 40, 0xd0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "payload alone, kexec-tools", false, 0, 0, 1, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "payload alone, kernel", false, 0, 0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "size alone", true, 40, 0xd0, NO_NODE, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "no EFI received", true, 0, 0xd0, NO_NODE, EFIMAP_LOADED_BY_UNKNOWN },
};

static void add_node(struct efimap *map, uint64_t runtime, uint32_t size)
{
	struct setup_node node = { .type = EFIMAP_SETUP_EFI, .len = size, .payload_size = size };

	for (unsigned int i = 0; i < 8; i++)
		node.payload[8 + i] = (uint8_t)(runtime >> (8 * i));
	capture_add_setup_node(map, &node);
}

TEST(loaders_are_detected)
{
	for (size_t i = 0; i < ARRAY_SIZE(loader_rows); i++) {
		auto_map struct efimap *map = capture_create("test", EFIMAP_ORIGIN_TREE);
		if (loader_rows[i].has_params)
			map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
		map->boot_params.efi_info.desc_size = loader_rows[i].desc_size;
		map->boot_params.type_of_loader = loader_rows[i].type_of_loader;
		if (loader_rows[i].runtime != NO_NODE)
			add_node(map, loader_rows[i].runtime, EFIMAP_EFI_PAYLOAD_SIZE);
		if (find_loaded_by(map) != loader_rows[i].expected)
			fail_msg("%s: %s, expected %s", loader_rows[i].name,
				 loaded_by_name(find_loaded_by(map)),
				 loaded_by_name(loader_rows[i].expected));
	}
}

static const struct {
	const char *cmdline;
	enum find_loaded_by expected;
} elfcorehdr_rows[] = {
	{ "elfcorehdr=0x11000000 root=/dev/sda", EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "root=/dev/sda elfcorehdr=900536K", EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "root=/dev/sda elfcorehdr=900536K noefi", EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "root=/dev/sda elfcorehdr=0x11000000", EFIMAP_LOADED_BY_UNKNOWN },
	{ "elfcorehdr=900536K root=/dev/sda", EFIMAP_LOADED_BY_UNKNOWN },
	{ "elfcorehdr=", EFIMAP_LOADED_BY_UNKNOWN },
	{ "elfcorehdr", EFIMAP_LOADED_BY_UNKNOWN },
};

TEST(elfcorehdr_shows_the_loader)
{
	for (size_t i = 0; i < ARRAY_SIZE(elfcorehdr_rows); i++) {
		auto_map struct efimap *map = NULL;
		const char *cmdline = elfcorehdr_rows[i].cmdline;

		map = capture_create("test", EFIMAP_ORIGIN_LOG);
		map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
		map->cmdline = capture_copy_text(map, cmdline);
		if (find_loaded_by(map) != elfcorehdr_rows[i].expected)
			fail_msg("%s: %s", cmdline, loaded_by_name(find_loaded_by(map)));
	}
}
