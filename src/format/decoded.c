/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A decoded binary for people: what it is, what it holds, and the findings; and what its
 * document has too: the names of setup_data types, and which payloads may be shown at all.
 */
#include <inttypes.h>

#include "base/cleanup.h"
#include "emulate/handover.h"
#include "format/decoded.h"
#include "format/format.h"
#include "format/text.h"

#define BYTES_A_LINE 16

/* arch/x86/include/uapi/asm/setup_data.h: SETUP_* */
#define INDIRECT UINT32_C(0x80000000)
#define RNG_SEED 9

const char *setup_type_name(uint32_t type)
{
	static const char *const names[] = {
		"NONE",	     "E820_EXT", "DTB", "PCI",	    "EFI",	"APPLE_PROPERTIES",
		"JAILHOUSE", "CC_BLOB",	 "IMA", "RNG_SEED", "KEXEC_KHO",
	};

	if (type == INDIRECT)
		return "INDIRECT";
	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "";
}

size_t payload_size(const struct efimap_decoded_view *view,
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

int decoded_map(const struct efimap_decoded_view *view, struct efimap **ret_map)
{
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_new(view->name, EFIMAP_ORIGIN_TREE, &map);

	for (size_t i = 0; i < view->decoded->n_entries && ret == 0; i++)
		ret = efimap_add_entry(map, &view->decoded->entries[i]);
	if (ret == 0)
		ret = efimap_seal(map);
	if (ret == 0)
		*ret_map = efimap_steal(map);
	return ret;
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
		.text = { .headings = true, .color = options->color, .notes = true },
	};
	int ret = decoded_map(view, &map);

	text_plural(out, view->decoded->n_entries, "descriptor", "descriptors");
	efimap_out_printf(out, " of %" PRIu32 " bytes\n", view->decoded->desc_size);
	if (ret == 0)
		ret = efimap_dump_columns_parse("IDX,TYPE,ATTR,PHYS,SIZE,VIRT", columns,
						&dump.n_columns, NULL);
	return ret < 0 ? ret : efimap_dump_write(map, view->report, &dump, out);
}

int efimap_decoded_write_text(const struct efimap_decoded_view *view,
			      const struct efimap_text_options *options,
			      struct efimap_out *out)
{
	const struct efimap_decoded *decoded = view->decoded;

	efimap_out_safe(out, view->name);
	efimap_out_printf(out, ": %s: ", efimap_blob_name(decoded->kind));
	switch (decoded->kind) {
	case EFIMAP_BLOB_EFI_MEMMAP:
		return put_descriptors(view, options, out);
	case EFIMAP_BLOB_SETUP_DATA:
		put_nodes(view, out);
		break;
	case EFIMAP_BLOB_EFI_PAYLOAD:
		efimap_out_puts(out, "what a node of type 4 carries\n");
		put_payload(out, &decoded->payload);
		break;
	case EFIMAP_BLOB_BOOT_PARAMS:
		efimap_out_puts(out, "what a kernel was started with\n");
		put_params(&decoded->boot_params, out);
		break;
	case EFIMAP_BLOB_UNKNOWN:
		break;
	}
	return efimap_report_write_text(view->report, options, out);
}
