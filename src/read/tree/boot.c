/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sys/kernel/boot_params (arch/x86/kernel/ksysfs.c): how this kernel was started, and the
 * list of setup_data nodes. Nodes can carry keys and seeds: of every type but
 * EFIMAP_SETUP_EFI only the size is asked for, the payload is never read.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "model/boot_params.h"
#include "read/fault.h"
#include "read/tree/files.h"

static bool check_params_size(size_t len, struct efimap_problem *problem)
{
	if (len == EFIMAP_BOOT_PARAMS_BYTES)
		return true;
	return efimap_problem_set(problem, len ? EFIMAP_FAULT_SYNTAX : EFIMAP_FAULT_EMPTY, 0,
				  "%zu bytes, expected %d", len, EFIMAP_BOOT_PARAMS_BYTES);
}

int efimap_keep_boot_params(struct efimap *map, const struct efimap_capture_file *file,
			    struct efimap_file *content, struct efimap_problem *problem)
{
	if (!check_params_size(content->len, problem))
		return 1;
	efimap_boot_params_decode((const uint8_t *)content->data, &map->boot_params);
	return 0;
}

static void payload_path(uint32_t index, char path[EFIMAP_WHERE_SIZE])
{
	snprintf(path, EFIMAP_WHERE_SIZE, "%s/%u/data",
		 efimap_source_path(EFIMAP_SRC_SETUP_DATA), index);
}

static int read_payload(struct efimap_root *root, const char *path,
			struct efimap_setup_node *node)
{
	efimap_auto_file struct efimap_file file = { 0 };
	int ret = efimap_root_read_file(root, path, EFIMAP_PAYLOAD_BYTES, &file);

	if (ret)
		return ret;
	node->len = file.len;
	node->payload_size = file.len < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)file.len :
								  EFIMAP_EFI_PAYLOAD_SIZE;
	memcpy(node->payload, file.data, node->payload_size);
	return 0;
}

static int add_setup_node(struct efimap_root *root, struct efimap *map,
			  const union efimap_record *record)
{
	struct efimap_setup_node node = record->node;
	char path[EFIMAP_WHERE_SIZE];
	const struct efimap_place place = { EFIMAP_SRC_SETUP_DATA, node.index, path };
	int ret;

	payload_path(node.index, path);
	if (node.type == EFIMAP_SETUP_EFI)
		ret = read_payload(root, path, &node);
	else
		ret = efimap_root_file_size(root, path, &node.len);
	/*
	 * Who collects a capture does well to leave out what can be a key, and "sos clean"
	 * leaves out every file that is no text: that there is a node still says something.
	 */
	if (ret == -ENOENT)
		ret = 0;
	if (ret)
		return efimap_fault_errno(map, &place, ret);
	return efimap_add_setup_node(map, &node);
}

/* Is there a node of EFI whose payload was not collected? An empty one is no such node. */
static bool lacks_payload(struct efimap_root *root, const struct efimap *map)
{
	for (size_t i = 0; i < map->n_setup_data; i++) {
		const struct efimap_setup_node *node = &map->setup_data[i];
		char path[EFIMAP_WHERE_SIZE];
		uint64_t size;

		payload_path(node->index, path);
		if (node->type == EFIMAP_SETUP_EFI && node->len == 0 &&
		    efimap_root_file_size(root, path, &size) == -ENOENT)
			return true;
	}
	return false;
}

const struct efimap_record_kind efimap_setup_data_records = {
	.source = EFIMAP_SRC_SETUP_DATA,
	.files = (const char *const[]){ "type", NULL },
	.fields = &efimap_setup_node_fields,
	.add = add_setup_node,
};

int efimap_read_setup_data(struct efimap_root *root, struct efimap *map,
			   const struct efimap_capture_file *file, struct efimap_err *err)
{
	int ret = efimap_records_read(root, map, file->records, err);

	/* What the payload says is then as unknown as without the directory. */
	if (ret == 0 && efimap_has(map, EFIMAP_SRC_SETUP_DATA) && lacks_payload(root, map))
		map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
	return ret;
}
