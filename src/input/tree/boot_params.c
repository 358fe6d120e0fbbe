/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read sys/kernel/boot_params, which contains boot_params and the setup_data nodes. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capture/boot_params.h"
#include "input/tree/readers.h"
#include "input/tree/numbered_directories.h"

/*
 * Clear the parts of boot_params that efimapctl does not use, because they contain disk signatures
 * and the serial number of the screen (EDID).
 */
int efimap_filter_boot_params(char *data, size_t *len)
{
	static const struct {
		size_t start, end;
	} gaps[] = { { 0, EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR },
		     { EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR + 8,
		       EFIMAP_BOOT_PARAMS_AT_CC_BLOB_ADDRESS },
		     { EFIMAP_BOOT_PARAMS_AT_CC_BLOB_ADDRESS + 4, EFIMAP_BOOT_PARAMS_AT_EFI_INFO },
		     { EFIMAP_BOOT_PARAMS_AT_INIT_SIZE + 4, EFIMAP_BOOT_PARAMS_BYTES } };

	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++)
		if (*len > gaps[i].start)
			memset(data + gaps[i].start, 0,
			       (*len < gaps[i].end ? *len : gaps[i].end) - gaps[i].start);
	return 0;
}

int efimap_keep_boot_params(struct efimap *map, const struct efimap_capture_file *file,
			    struct efimap_file *content, struct efimap_fault *fault)
{
	if (content->len != EFIMAP_BOOT_PARAMS_BYTES)
		return !efimap_fault_set(
			fault, content->len ? EFIMAP_STATE_SYNTAX : EFIMAP_STATE_EMPTY, 0,
			"%zu bytes, expected %d", content->len, EFIMAP_BOOT_PARAMS_BYTES);
	efimap_boot_params_decode((const uint8_t *)content->data, &map->boot_params);
	return 0;
}

/*
 * Payloads of setup_data nodes (arch/x86/kernel/ksysfs.c) may contain keys and seeds, so a capture
 * contains only the payloads of EFIMAP_SETUP_EFI nodes, and the sizes of other payloads.
 */
static void payload_path(uint32_t index, char path[EFIMAP_WHERE_SIZE])
{
	snprintf(path, EFIMAP_WHERE_SIZE, "%s/%u/data",
		 efimap_source_path(EFIMAP_SRC_SETUP_DATA), index);
}

static int add_setup_node(struct efimap_root *root, struct efimap *map,
			  const union efimap_record *record)
{
	efimap_auto_file struct efimap_file file = { 0 };
	struct efimap_setup_node node = record->node;
	char path[EFIMAP_WHERE_SIZE];
	struct efimap_fault fault = { EFIMAP_SRC_SETUP_DATA, node.index, .where = path };
	int ret;

	payload_path(node.index, path);
	if (node.type == EFIMAP_SETUP_EFI)
		ret = efimap_root_read(root, path, EFIMAP_READ_WHOLE, EFIMAP_PAYLOAD_BYTES, NULL,
				       &file);
	else
		ret = efimap_root_file_size(root, path, &node.len);
	if (!ret && file.data) {
		node.len = file.len;
		node.payload_size = file.len < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)file.len :
									  EFIMAP_EFI_PAYLOAD_SIZE;
		memcpy(node.payload, file.data, node.payload_size);
	}
	/*
	 * A missing payload is not a fault. It may have been left out deliberately because it can
	 * contain keys, or removed by "sos clean", which removes all files that are not text.
	 */
	if (ret == -ENOENT)
		ret = 0;
	if (ret)
		return efimap_add_errno(map, &fault, ret);
	return efimap_add_setup_node(map, &node);
}

static const struct efimap_record_kind setup_data_records = {
	.source = EFIMAP_SRC_SETUP_DATA,
	.files = { { "type", EFIMAP_RECORD_VALUE(struct efimap_setup_node, type) } },
	.add = add_setup_node,
};

int efimap_read_setup_data(struct efimap_root *root, struct efimap *map,
			   const struct efimap_capture_file *file, struct efimap_err *err)
{
	int ret = efimap_records_read(root, map, &setup_data_records, err);

	/*
	 * The state is ABSENT if the payload of a SETUP_EFI node is missing. sos keeps an empty
	 * file if a read fails, so an empty payload in an offline capture counts as missing.
	 */
	for (size_t i = 0; !ret && efimap_has(map, file->source) && i < map->n_setup_data; i++) {
		const struct efimap_setup_node *node = &map->setup_data[i];
		char path[EFIMAP_WHERE_SIZE];
		uint64_t size;

		payload_path(node->index, path);
		if (node->type == EFIMAP_SETUP_EFI && node->len == 0 &&
		    (efimap_is_offline(map) ||
		     efimap_root_file_size(root, path, &size) == -ENOENT))
			map->states[file->source] = EFIMAP_STATE_ABSENT;
	}
	return ret;
}
