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
#include "read/tree/listing.h"
#include "read/tree/readers.h"

/* The longest payload of type EFIMAP_SETUP_EFI that we take; the kernel's has 96 bytes. */
#define MAX_EFI_PAYLOAD (1U << 20)
#define PATH_SIZE 128

static bool check_size(size_t len, struct efimap_problem *problem)
{
	if (len == EFIMAP_BOOT_PARAMS_BYTES)
		return true;
	return efimap_problem_set(problem, len ? EFIMAP_FAULT_SYNTAX : EFIMAP_FAULT_EMPTY, 0,
				  "%zu bytes, expected %d", len, EFIMAP_BOOT_PARAMS_BYTES);
}

int efimap_read_boot_params(struct efimap_root *root, struct efimap *map,
			    struct efimap_err *err)
{
	const char *where = efimap_source_path(EFIMAP_SRC_BOOT_PARAMS);
	efimap_auto_file struct efimap_file file = { 0 };
	struct efimap_problem problem;
	int ret = efimap_root_read_file(root, where, EFIMAP_BOOT_PARAMS_BYTES, &file);

	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_BOOT_PARAMS, where, ret);
	if (!check_size(file.len, &problem))
		return efimap_source_broken(map, EFIMAP_SRC_BOOT_PARAMS, where, &problem);
	efimap_boot_params_decode((const uint8_t *)file.data, &map->boot_params);
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	return 0;
}

static int read_payload(struct efimap_root *root, const char *path,
			struct efimap_setup_node *node)
{
	efimap_auto_file struct efimap_file file = { 0 };
	int ret = efimap_root_read_file(root, path, MAX_EFI_PAYLOAD, &file);

	if (ret)
		return ret;
	node->len = file.len;
	node->payload_size = file.len < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)file.len :
								  EFIMAP_EFI_PAYLOAD_SIZE;
	memcpy(node->payload, file.data, node->payload_size);
	return 0;
}

static int add_node(struct efimap_root *root, struct efimap *map, uint32_t index,
		    const struct efimap_value *values)
{
	struct efimap_setup_node node = {
		.index = index,
		.type = (uint32_t)values[0].number,
	};
	char path[PATH_SIZE];
	const struct efimap_place place = { EFIMAP_SRC_SETUP_DATA, index, path };
	int ret;

	snprintf(path, sizeof(path), "%s/%u/data", efimap_source_path(EFIMAP_SRC_SETUP_DATA),
		 index);
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
		char path[PATH_SIZE];
		uint64_t size;

		snprintf(path, sizeof(path), "%s/%u/data",
			 efimap_source_path(EFIMAP_SRC_SETUP_DATA), node->index);
		if (node->type == EFIMAP_SETUP_EFI && node->len == 0 &&
		    efimap_root_file_size(root, path, &size) == -ENOENT)
			return true;
	}
	return false;
}

int efimap_read_setup_data(struct efimap_root *root, struct efimap *map,
			   struct efimap_err *err)
{
	static const struct efimap_field fields[] = { { "type", UINT32_MAX } };
	static const struct efimap_record_kind kind = {
		.source = EFIMAP_SRC_SETUP_DATA,
		.fields = fields,
		.n_fields = 1,
		.add = add_node,
	};

	int ret = efimap_records_read(root, map, &kind, err);

	/* What the payload says is then as unknown as without the directory. */
	if (ret == 0 && efimap_has(map, EFIMAP_SRC_SETUP_DATA) && lacks_payload(root, map))
		map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
	return ret;
}
