/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * boot_params of an efimap-snapshot document. A payload is only taken from nodes of type
 * EFIMAP_SETUP_EFI, whatever else a document holds.
 */
#include <errno.h>
#include <string.h>

#include "read/read.h"
#include "read/snapshot/snapshot.h"

static int take_signature(const struct efimap_node *info, struct efimap_efi_info *efi_info)
{
	const char *text;
	size_t len;
	int ret = efimap_member_text(info, "signature", sizeof(efi_info->signature) - 1,
				     &text, &len);

	if (!ret)
		memcpy(efi_info->signature, text, len);
	return ret;
}

static int take_efi_info(const struct efimap_node *params, struct efimap_efi_info *efi_info)
{
	const struct efimap_node info = efimap_node_member(params, "efi_info");
	uint64_t desc_size = 0, desc_version = 0, memmap_size = 0;
	int ret = efimap_node_expect(&info, EFIMAP_JSON_OBJECT);

	if (!ret)
		ret = take_signature(&info, efi_info);
	if (!ret)
		ret = efimap_member_hex(&info, "systab", UINT64_MAX, &efi_info->systab);
	if (!ret)
		ret = efimap_member_hex(&info, "desc_size", UINT32_MAX, &desc_size);
	if (!ret)
		ret = efimap_member_number(&info, "desc_version", UINT32_MAX, &desc_version);
	if (!ret)
		ret = efimap_member_hex(&info, "memmap", UINT64_MAX, &efi_info->memmap);
	if (!ret)
		ret = efimap_member_hex(&info, "memmap_size", UINT32_MAX, &memmap_size);
	efi_info->desc_size = (uint32_t)desc_size;
	efi_info->desc_version = (uint32_t)desc_version;
	efi_info->memmap_size = (uint32_t)memmap_size;
	return ret;
}

static int take_values(const struct efimap_node *node, struct efimap_boot_params *params)
{
	uint64_t version = 0, flags = 0, loader = 0, secure_boot = 0, e820 = 0;
	int ret = take_efi_info(node, &params->efi_info);

	if (!ret)
		ret = efimap_member_hex(node, "acpi_rsdp_addr", UINT64_MAX,
					&params->acpi_rsdp_addr);
	if (!ret)
		ret = efimap_member_hex(node, "setup_data_addr", UINT64_MAX,
					&params->setup_data);
	if (!ret)
		ret = efimap_member_hex(node, "version", UINT16_MAX, &version);
	if (!ret)
		ret = efimap_member_hex(node, "xloadflags", UINT16_MAX, &flags);
	if (!ret)
		ret = efimap_member_hex(node, "type_of_loader", UINT8_MAX, &loader);
	if (!ret)
		ret = efimap_member_number(node, "secure_boot", UINT8_MAX, &secure_boot);
	if (!ret)
		ret = efimap_member_number(node, "e820_entries", UINT8_MAX, &e820);
	params->version = (uint16_t)version;
	params->xloadflags = (uint16_t)flags;
	params->type_of_loader = (uint8_t)loader;
	params->secure_boot = (uint8_t)secure_boot;
	params->e820_entries = (uint8_t)e820;
	return ret;
}

/* The value of a lower-case digit, or -1. */
static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

static int take_payload(const struct efimap_node *record, struct efimap_setup_node *node)
{
	const struct efimap_node payload = efimap_node_member(record, "payload");
	const uint64_t bytes = node->len < EFIMAP_EFI_PAYLOAD_SIZE ? node->len :
								     EFIMAP_EFI_PAYLOAD_SIZE;
	const char *text;
	size_t len;
	int ret = efimap_node_text(&payload, 2UL * EFIMAP_EFI_PAYLOAD_SIZE, &text, &len);

	if (ret)
		return ret;
	if (len != 2 * bytes)
		return efimap_node_fail(&payload, "%zu digits, expected %ju: two for each of "
					"the first %d bytes", len, (uintmax_t)(2 * bytes),
					EFIMAP_EFI_PAYLOAD_SIZE);
	for (size_t i = 0; i < bytes; i++) {
		int high = digit(text[2 * i]), low = digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return efimap_node_fail(&payload, "expected lower-case hexadecimal "
						"digits only");
		node->payload[i] = (uint8_t)(high << 4 | low);
	}
	node->payload_size = (uint32_t)bytes;
	return 0;
}

static int take_node(const struct efimap_node *record, struct efimap *map)
{
	struct efimap_setup_node node = { 0 };
	uint64_t index = 0, type = 0;
	int ret = efimap_node_expect(record, EFIMAP_JSON_OBJECT);

	if (!ret)
		ret = efimap_member_number(record, "index", EFIMAP_NO_INDEX - 1, &index);
	if (!ret)
		ret = efimap_member_hex(record, "type", UINT32_MAX, &type);
	if (!ret)
		ret = efimap_member_hex(record, "length", UINT64_MAX, &node.len);
	node.index = (uint32_t)index;
	node.type = (uint32_t)type;
	if (!ret && node.type == EFIMAP_SETUP_EFI)
		ret = take_payload(record, &node);
	if (!ret && map->n_setup_data &&
	    map->setup_data[map->n_setup_data - 1].index >= node.index)
		ret = efimap_node_fail(record, "index %u is not above that of the node "
				       "before it", node.index);
	return ret ? ret : efimap_add_setup_node(map, &node);
}

static int take_nodes(const struct efimap_node *params, struct efimap *map)
{
	const struct efimap_node nodes = efimap_node_member(params, "setup_data");
	const enum efimap_state state = map->states[EFIMAP_SRC_SETUP_DATA];
	size_t count = 0;
	int ret = efimap_node_list(&nodes, EFIMAP_MAX_ENTRIES, &count);

	if (ret)
		return ret;
	/* Absent as a source, and there all the same: payloads that were not collected. */
	if (count && state != EFIMAP_STATE_PRESENT && state != EFIMAP_STATE_ABSENT)
		return efimap_node_fail(&nodes, "expected [], because states.setup_data is "
					"\"%s\"", efimap_state_name(state));
	for (struct efimap_node node = efimap_node_first(&nodes); node.value && !ret;
	     node = efimap_node_next(&node))
		ret = take_node(&node, map);
	return ret;
}

int efimap_take_boot_params(const struct efimap_node *root, struct efimap *map)
{
	const struct efimap_node params = efimap_node_member(root, "boot_params");
	int ret = efimap_node_expect(&params, EFIMAP_JSON_OBJECT);

	if (!ret && efimap_has(map, EFIMAP_SRC_BOOT_PARAMS))
		ret = take_values(&params, &map->boot_params);
	return ret ? ret : take_nodes(&params, map);
}
