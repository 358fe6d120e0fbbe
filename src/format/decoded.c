/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A decoded binary: what it is, what it holds, and the findings, for people and as a document.
 */
#include <inttypes.h>

#include "base/cleanup.h"
#include "emulate/handover.h"
#include "format/json.h"
#include "format/dump.h"
#include "format/format.h"
#include "format/text.h"

#define BYTES_A_LINE 16

/* arch/x86/include/uapi/asm/setup_data.h: SETUP_* */
#define INDIRECT UINT32_C(0x80000000)
#define RNG_SEED 9

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
 * Bytes of a node's payload that may be shown: none without --all-payloads, nor of EFI's own,
 * which is shown decoded, nor ever of random seeds, direct or behind a pointer.
 */
static size_t payload_size(const struct efimap_decoded_view *view,
		    const struct efimap_setup_data *node)
{
	const uint64_t at = node->offset + EFIMAP_SETUP_DATA_HEADER;
	uint64_t left;

	if (!view->all_payloads || node->type == EFIMAP_SETUP_EFI ||
	    (node->type & ~INDIRECT) == RNG_SEED || at > view->size)
		return 0;
	left = view->size - at;
	return (size_t)(node->len < left ? node->len : left);
}

/* The entries as a capture, which is the caller's to free in any case */
static int decoded_map(const struct efimap_decoded_view *view, struct efimap **ret_map)
{
	int ret = efimap_new(view->name, EFIMAP_ORIGIN_TREE, ret_map);

	for (size_t i = 0; i < view->decoded->n_entries && ret == 0; i++)
		ret = efimap_add_entry(*ret_map, &view->decoded->entries[i]);
	return ret ?: efimap_seal(*ret_map);
}

static void put_address(struct efimap_out *out, const char *name, uint64_t value)
{
	efimap_out_printf(out, "  %-12s 0x%" PRIx64 "\n", name, value);
}

static void put_payload(struct efimap_out *out, const struct efimap_efi_payload *payload)
{
	put_address(out, "fw_vendor", payload->fw_vendor);
	put_address(out, "runtime", payload->runtime);
	put_address(out, "tables", payload->tables);
	put_address(out, "smbios", payload->smbios);
}

static void put_bytes(const struct efimap_decoded_view *view,
		      const struct efimap_setup_data *node, struct efimap_out *out)
{
	const size_t size = payload_size(view, node);
	const uint8_t *bytes = view->data + node->offset + EFIMAP_SETUP_DATA_HEADER;

	for (size_t i = 0; i < size && !out->error; i++)
		efimap_out_printf(out, "%s%02x%s", i % BYTES_A_LINE ? " " : "  ", bytes[i],
				  i + 1 == size || (i + 1) % BYTES_A_LINE == 0 ? "\n" : "");
}

static void put_nodes(const struct efimap_decoded_view *view, struct efimap_out *out)
{
	text_plural(out, view->decoded->n_nodes, "node", "nodes");
	efimap_out_putc(out, '\n');
	for (size_t i = 0; i < view->decoded->n_nodes && !out->error; i++) {
		const struct efimap_setup_data *node = &view->decoded->nodes[i];
		const char *name = setup_type_name(node->type);

		efimap_out_printf(out, "node at byte 0x%" PRIx64 ": type 0x%" PRIx32 "%s%s%s, %"
				  PRIu32 " bytes, next 0x%" PRIx64 "\n",
				  node->offset, node->type, *name ? " (" : "", name,
				  *name ? ")" : "", node->len, node->next);
		if (node->has_payload)
			put_payload(out, &node->payload);
		put_bytes(view, node, out);
	}
}

static void put_params(const struct efimap_boot_params *params, struct efimap_out *out)
{
	const struct efimap_efi_info *info = &params->efi_info;

	efimap_out_puts(out, "efi_info\n  signature    ");
	efimap_out_safe(out, *info->signature ? info->signature : "none");
	efimap_out_putc(out, '\n');
	put_address(out, "systab", info->systab);
	put_address(out, "memmap", info->memmap);
	efimap_out_printf(out, "  %-12s %" PRIu32 " bytes, descriptors of %" PRIu32
			  ", version %" PRIu32 "\n", "map size", info->memmap_size,
			  info->desc_size, info->desc_version);
	efimap_out_puts(out, "others\n");
	put_address(out, "acpi_rsdp", params->acpi_rsdp_addr);
	put_address(out, "setup_data", params->setup_data);
	efimap_out_printf(out, "  %-12s %u.%u, loader 0x%x, xloadflags 0x%x\n", "protocol",
			  params->version >> 8, params->version & 0xffu, params->type_of_loader,
			  params->xloadflags);
}

static int put_descriptors(const struct efimap_decoded_view *view,
		       const struct efimap_text_options *options, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	size_t columns[EFIMAP_MAX_COLUMNS];
	struct efimap_dump_options dump = {
		.format = EFIMAP_DUMP_TABLE,
		.columns = columns,
		.text = { .headings = true, .color = options->color, .notes = true, .all = true },
	};
	int ret = decoded_map(view, &map);

	text_plural(out, view->decoded->n_entries, "descriptor", "descriptors");
	efimap_out_printf(out, " of %" PRIu32 " bytes\n", view->decoded->desc_size);
	efimap_dump_columns_parse("IDX,TYPE,ATTR,PHYS,SIZE,VIRT", columns, &dump.n_columns, NULL);
	return ret < 0 ? ret : efimap_dump_write(map, view->report, &dump, out);
}

int efimap_decoded_write_text(const struct efimap_decoded_view *view,
			      const struct efimap_text_options *options,
			      struct efimap_out *out)
{
	const struct efimap_decoded *decoded = view->decoded;

	efimap_out_safe(out, view->name);
	efimap_out_printf(out, ": %s: ", efimap_blob_name(decoded->kind));
	if (decoded->kind == EFIMAP_BLOB_EFI_MEMMAP)
		return put_descriptors(view, options, out);
	if (decoded->kind == EFIMAP_BLOB_SETUP_DATA) {
		put_nodes(view, out);
	} else if (decoded->kind == EFIMAP_BLOB_EFI_PAYLOAD) {
		efimap_out_puts(out, "what a node of type 4 carries\n");
		put_payload(out, &decoded->payload);
	} else if (decoded->kind == EFIMAP_BLOB_BOOT_PARAMS) {
		efimap_out_puts(out, "what a kernel was started with\n");
		put_params(&decoded->boot_params, out);
	}
	return efimap_report_write_text(view->report, options, out);
}

/* --- the document --- */

FIELD_GET(get_setup_type, struct efimap_setup_data, text, setup_type_name(row->type),
	  true)
FIELD_GET(get_setup_payload, struct efimap_setup_data, record, &row->payload,
	  row->has_payload)

#define PAYLOAD_ABOUT "what a setup_data node of type 4 carries"
#define SETUP(member) FIELD_AT(struct efimap_setup_data, member)
static const struct field setup_data_rows[] = {
	{ "offset", ABOUT("of the node in the file"), FIELD_HEX, SETUP(offset) },
	{ "next", ABOUT("physical address of the next node, 0 for none"), FIELD_HEX,
	  SETUP(next) },
	{ "type", ABOUT("SETUP_*"), FIELD_HEX, SETUP(type) },
	{ "type_name", ABOUT("its name, \"\" for none"), FIELD_TEXT, .get = get_setup_type },
	{ "len", ABOUT("bytes of the payload"), FIELD_HEX, SETUP(len) },
	{ "payload", ABOUT(PAYLOAD_ABOUT), FIELD_OBJECT, FIELD_NULL, .get = get_setup_payload,
	  .of = &efimap_efi_payload_fields },
};
static const struct fields setup_data_fields = { FIELDS("setup_data", setup_data_rows) };

struct decoded_node {
	const struct efimap_decoded_view *view;
	const struct efimap_setup_data *node;
};

static bool get_node_bytes(const void *record, size_t at, struct field_value *ret_value)
{
	const struct decoded_node *row = record;

	ret_value->number = payload_size(row->view, row->node);
	ret_value->record = row->view->data + row->node->offset + EFIMAP_SETUP_DATA_HEADER;
	return ret_value->number > 0;
}

static const struct field decoded_node_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct decoded_node, node),
	  .of = &setup_data_fields },
	{ "bytes", ABOUT("any other payload in hexadecimal, with --all-payloads only; random "
	  "seeds never"), FIELD_BYTES, FIELD_NULL, .get = get_node_bytes },
};
static const struct fields decoded_node_fields = {
	FIELDS("decoded_node", decoded_node_rows)
};

/* @dump: of what it holds as a runtime map has it */
struct decoded_document {
	struct efimap_decoded_view view;
	struct dump_view dump;
};

FIELD_GET(get_kind, struct decoded_document, number, row->view.decoded->kind, true)
FIELD_GET(get_desc_size, struct decoded_document, number, row->view.decoded->desc_size,
	  row->view.decoded->kind == EFIMAP_BLOB_EFI_MEMMAP)

static bool get_decoded_entry(const void *record, size_t at, struct field_value *ret_value)
{
	const struct decoded_document *document = record;

	if (at == FIELD_WHOLE)
		return document->view.decoded->kind == EFIMAP_BLOB_EFI_MEMMAP;
	return dump_get_entry(&document->dump, at, ret_value);
}

FIELD_GET(get_decoded_info, struct decoded_document, record,
	  &row->view.decoded->boot_params.efi_info,
	  row->view.decoded->kind == EFIMAP_BLOB_BOOT_PARAMS)

static bool get_decoded_node(const void *record, size_t at, struct field_value *ret_value)
{
	const struct decoded_document *document = record;
	struct decoded_node row = { &document->view, NULL };

	if (at == FIELD_WHOLE)
		return document->view.decoded->kind == EFIMAP_BLOB_SETUP_DATA;
	if (at >= document->view.decoded->n_nodes)
		return false;
	row.node = &document->view.decoded->nodes[at];
	document_set_record(ret_value, &row, sizeof(row));
	return true;
}

FIELD_GET(get_decoded_payload, struct decoded_document, record, &row->view.decoded->payload,
	  row->view.decoded->kind == EFIMAP_BLOB_EFI_PAYLOAD)

static const struct field decoded_rows[] = {
	{ "kind", ABOUT("what it is"), FIELD_WORD, .get = get_kind,
	  WORD(blob, EFIMAP_BLOB_BOOT_PARAMS), .min = EFIMAP_BLOB_SETUP_DATA },
	{ "desc_size", ABOUT("bytes of a descriptor; null for other kinds than efi-memmap"),
	  FIELD_HEX, FIELD_NULL, .get = get_desc_size },
	{ "entries", ABOUT("the descriptors; null for other kinds than efi-memmap"),
	  FIELD_OBJECT, FIELD_LIST | FIELD_NULL, .get = get_decoded_entry,
	  .of = &dump_entry_fields },
	{ "efi_info", ABOUT("boot_params.efi_info; null for other kinds"), FIELD_OBJECT,
	  FIELD_NULL, .get = get_decoded_info, .of = &efimap_efi_info_fields },
	{ "setup_data", ABOUT("the nodes in the order of the chain; null for other kinds"),
	  FIELD_OBJECT, FIELD_LIST | FIELD_NULL, .get = get_decoded_node,
	  .of = &decoded_node_fields },
	{ "payload", ABOUT(PAYLOAD_ABOUT), FIELD_OBJECT, FIELD_NULL, .get = get_decoded_payload,
	  .of = &efimap_efi_payload_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER,
	  FIELD_AT(struct decoded_document, view.report), .of = &efimap_report_fields,
	  .of_parts = REPORT_FINDINGS },
};
const struct document document_decoded = {
	"efimap-decoded",
	ABOUT("What a binary of the hand-over holds, as efimapctl decode --json "
	      "writes it."),
	&(const struct fields){ FIELDS("decoded", decoded_rows) },
	ABOUT("FILE as it was named"),
};

int efimap_decoded_write_json(const struct efimap_decoded_view *view, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	struct decoded_document document = { .view = *view };
	int ret = decoded_map(view, &map) ?:
		  dump_view_open(map, view->report, false, &document.dump) ?:
		  json_put_document(&document_decoded, view->name, false, &document, out);
	dump_view_close(&document.dump);
	return ret;
}
