/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Write a binary SOURCE as text and as the member "binary" of an efimap-dump document. Captures
 * contain no setup_data payloads except those of SETUP_EFI, because others can contain keys.
 */
#include <inttypes.h>

#include "base/escape_text.h"
#include "capture/boot_params.h"
#include "document/json_writer.h"
#include "show/dump_binary.h"
#include "show/dump_view.h"
#include "show/text_style.h"

/* arch/x86/include/uapi/asm/setup_data.h: SETUP_* */
#define INDIRECT UINT32_C(0x80000000)

static const char *setup_type_name(uint32_t type)
{
	static const char *const names[] = {
		"NONE",	     "E820_EXT", "DTB", "PCI",	    "EFI",	"APPLE_PROPERTIES",
		"JAILHOUSE", "CC_BLOB",	 "IMA", "RNG_SEED", "KEXEC_KHO",
	};

	if (type == INDIRECT)
		return "INDIRECT";
	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "";
}

/*
 * Decode the payload of a node. Return false if the type is not SETUP_EFI, or if the payload is too
 * short for four addresses.
 */
static bool find_payload(const struct efimap_setup_node *node,
			 struct efimap_efi_payload *ret_payload)
{
	if (node->type != EFIMAP_SETUP_EFI || node->payload_size < EFIMAP_EFI_PAYLOAD_FIELDS)
		return false;
	efimap_efi_payload_decode(node->payload, ret_payload);
	return true;
}

static void put_address(struct efimap_out *out, const char *name, uint64_t value)
{
	efimap_out_printf(out, "  %-12s 0x%" PRIx64 "\n", name, value);
}

static void put_payload(struct efimap_out *out, const struct efimap_setup_node *node)
{
	struct efimap_efi_payload payload;

	if (!find_payload(node, &payload))
		return;
	put_address(out, "fw_vendor", payload.fw_vendor);
	put_address(out, "runtime", payload.runtime);
	put_address(out, "tables", payload.tables);
	put_address(out, "smbios", payload.smbios);
}

static void put_nodes(const struct efimap *map, struct efimap_out *out)
{
	text_plural(out, map->n_setup_data, "node", "nodes");
	efimap_out_putc(out, '\n');
	for (size_t i = 0; i < map->n_setup_data && !out->error; i++) {
		const struct efimap_setup_node *node = &map->setup_data[i];
		const struct efimap_binary_node *place = &map->binary->nodes[i];
		const char *name = setup_type_name(node->type);

		efimap_out_printf(out, "node at byte 0x%" PRIx64 ": type 0x%" PRIx32 "%s%s%s, %"
				  PRIu64 " bytes, next 0x%" PRIx64 "\n",
				  place->offset, node->type, *name ? " (" : "", name,
				  *name ? ")" : "", node->len, place->next);
		put_payload(out, node);
	}
}

static void put_params(const struct efimap_boot_params *params, struct efimap_out *out)
{
	const struct efimap_efi_info *info = &params->efi_info;

	efimap_out_puts(out, "efi_info\n  signature    ");
	efimap_out_escaped(out, *info->signature ? info->signature : "none");
	efimap_out_putc(out, '\n');
	put_address(out, "systab", info->systab);
	put_address(out, "memmap", info->memmap);
	efimap_out_printf(out, "  %-12s %" PRIu32 " bytes, descriptor size %" PRIu32
			  ", descriptor version %" PRIu32 "\n", "map size", info->memmap_size,
			  info->desc_size, info->desc_version);
	efimap_out_puts(out, "others\n");
	put_address(out, "acpi_rsdp", params->acpi_rsdp_addr);
	put_address(out, "setup_data", params->setup_data);
	efimap_out_printf(out, "  %-12s %u.%u, loader 0x%x, xloadflags 0x%x\n", "protocol",
			  params->version >> 8, params->version & 0xffu, params->type_of_loader,
			  params->xloadflags);
}

void dump_write_binary(const struct efimap *map, struct efimap_out *out)
{
	efimap_out_printf(out, "%s: ", efimap_binary_kind_name(map->binary->kind));
	switch (map->binary->kind) {
	case EFIMAP_BINARY_SETUP_DATA:
		put_nodes(map, out);
		break;
	case EFIMAP_BINARY_EFI_PAYLOAD:
		efimap_out_puts(out, "the payload of a SETUP_EFI node\n");
		put_payload(out, &map->setup_data[0]);
		break;
	case EFIMAP_BINARY_BOOT_PARAMS:
		efimap_out_puts(out, "data that a boot loader passed to a kernel\n");
		put_params(&map->boot_params, out);
		break;
	default:
		/* dump_write_table() writes the descriptors of an EFI memory map as rows. */
		break;
	}
}

struct node_row {
	const struct efimap_setup_node *node;
	uint64_t offset;
	uint64_t next;
	uint64_t type;
	uint64_t length;
};

static bool get_payload(const struct efimap_setup_node *node, struct field_value *ret_value)
{
	struct efimap_efi_payload payload;

	if (!find_payload(node, &payload))
		return false;
	document_set_record(ret_value, &payload, sizeof(payload));
	return true;
}

static bool get_node_payload(const void *record, size_t at, struct field_value *ret_value)
{
	const struct node_row *row = record;

	return get_payload(row->node, ret_value);
}

FIELD_GET(get_node_type_name, struct node_row, text, setup_type_name(row->node->type), true)

#define NODE(member) FIELD_AT(struct node_row, member)
static const struct field node_rows[] = {
	{ "offset", ABOUT("offset of the node in the file"), FIELD_HEX, NODE(offset) },
	{ "next", ABOUT("physical address of the next node; 0 if there is none"), FIELD_HEX,
	  NODE(next) },
	{ "type", ABOUT("SETUP_*"), FIELD_HEX, NODE(type) },
	{ "type_name", ABOUT("name of the type; \"\" if the type has no name"), FIELD_TEXT,
	  .get = get_node_type_name },
	{ "length", ABOUT("size of the payload in bytes"), FIELD_HEX, NODE(length) },
	{ "payload",
	  ABOUT("addresses in a SETUP_EFI payload (type 0x4); null if the payload is "
		"incomplete, or if the node has another type (its payload may contain secrets)"),
	  FIELD_OBJECT, FIELD_NULL, .get = get_node_payload,
	  .of = &efimap_efi_payload_fields },
};
static const struct fields node_fields = { FIELDS("binary_node", node_rows) };

static bool has_kind(const struct efimap *map, enum efimap_binary_kind kind)
{
	return map->binary->kind == kind;
}

FIELD_GET(get_kind, struct efimap, number, row->binary->kind, true)
FIELD_GET(get_desc_size, struct efimap, number, row->binary->desc_size,
	  has_kind(row, EFIMAP_BINARY_EFI_MEMMAP))
FIELD_GET(get_boot_params, struct efimap, record, row, has_kind(row, EFIMAP_BINARY_BOOT_PARAMS))

static bool get_node(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap *map = record;
	struct node_row row;

	if (at == FIELD_WHOLE)
		return has_kind(map, EFIMAP_BINARY_SETUP_DATA);
	if (at >= map->n_setup_data)
		return false;
	row = (struct node_row){
		.node = &map->setup_data[at],
		.offset = map->binary->nodes[at].offset,
		.next = map->binary->nodes[at].next,
		.type = map->setup_data[at].type,
		.length = map->setup_data[at].len,
	};
	document_set_record(ret_value, &row, sizeof(row));
	return true;
}

static bool get_bare_payload(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap *map = record;

	return has_kind(map, EFIMAP_BINARY_EFI_PAYLOAD) &&
	       get_payload(&map->setup_data[0], ret_value);
}

static const struct field binary_rows[] = {
	{ "kind", ABOUT("kind of the binary SOURCE"), FIELD_WORD, .get = get_kind,
	  WORD(binary_kind, EFIMAP_BINARY_BOOT_PARAMS), .min = EFIMAP_BINARY_SETUP_DATA },
	{ "desc_size",
	  ABOUT("size in bytes of each descriptor in SOURCE; null for kinds other than "
		"efi-memmap"),
	  FIELD_HEX, FIELD_NULL, .get = get_desc_size },
	{ "setup_data", ABOUT("nodes of a SOURCE of kind setup-data, in the order of the "
			      "chain; null for other kinds"),
	  FIELD_OBJECT, FIELD_LIST | FIELD_NULL, .get = get_node, .of = &node_fields },
	{ "payload",
	  ABOUT("content of a SOURCE of kind efi-payload; null for other kinds"),
	  FIELD_OBJECT, FIELD_NULL, .get = get_bare_payload,
	  .of = &efimap_efi_payload_fields },
	{ "boot_params",
	  ABOUT("content of a SOURCE of kind boot-params; null for other kinds"),
	  FIELD_OBJECT, FIELD_NULL, .get = get_boot_params,
	  .of = &efimap_boot_params_fields },
};
const struct fields dump_binary_fields = {
	FIELDS("binary", binary_rows),
	.on_lines = true,
};
