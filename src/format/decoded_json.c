/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The efimap-decoded document. It must not know how bytes are decoded. */
#include "emulate/handover.h"
#include "format/decoded.h"
#include "format/dump.h"
#include "format/json.h"
#include "format/report_json.h"

static void put_payload(struct json *json, const char *key,
			const struct efimap_efi_payload *payload)
{
	json_open_line_object(json, key);
	json_put_hex(json, "fw_vendor", payload->fw_vendor);
	json_put_hex(json, "runtime", payload->runtime);
	json_put_hex(json, "tables", payload->tables);
	json_put_hex(json, "smbios", payload->smbios);
	json_close(json);
}

static int put_entries(struct json *json, const struct efimap_decoded_view *view)
{
	efimap_auto_map struct efimap *map = NULL;
	struct dump_view dump = { 0 };
	int ret = decoded_map(view, &map);

	if (ret < 0)
		return ret;
	ret = dump_view_open(map, view->report, false, &dump);
	json_open_array(json, "entries");
	for (size_t i = 0; ret == 0 && i < map->n_entries && !json->out->error; i++)
		dump_put_entry(json, &dump, i);
	json_close(json);
	dump_view_close(&dump);
	return ret;
}

static void put_info(struct json *json, const struct efimap_efi_info *info)
{
	json_open_line_object(json, "efi_info");
	json_put_text(json, "signature", info->signature);
	json_put_hex(json, "systab", info->systab);
	json_put_hex(json, "desc_size", info->desc_size);
	json_put_count(json, "desc_version", info->desc_version);
	json_put_hex(json, "memmap", info->memmap);
	json_put_hex(json, "memmap_size", info->memmap_size);
	json_close(json);
}

static void put_bytes(struct json *json, const struct efimap_decoded_view *view,
		      const struct efimap_setup_data *node)
{
	static const char digits[] = "0123456789abcdef";
	const size_t size = payload_size(view, node);
	struct efimap_out text = EFIMAP_OUT_MEM;

	if (size == 0) {
		json_put_null(json, "bytes");
		return;
	}
	for (size_t i = 0; i < size; i++) {
		const uint8_t byte =
			view->data[node->offset + EFIMAP_SETUP_DATA_HEADER + i];

		efimap_out_putc(&text, digits[byte >> 4]);
		efimap_out_putc(&text, digits[byte & 15]);
	}
	efimap_out_putc(&text, '\0');
	if (text.error)
		json->out->error = json->out->error ? json->out->error : text.error;
	else
		json_put_text(json, "bytes", text.data);
	efimap_out_free(&text);
}

static void put_nodes(struct json *json, const struct efimap_decoded_view *view)
{
	json_open_array(json, "setup_data");
	for (size_t i = 0; i < view->decoded->n_nodes && !json->out->error; i++) {
		const struct efimap_setup_data *node = &view->decoded->nodes[i];

		json_open_line_object(json, NULL);
		json_put_hex(json, "offset", node->offset);
		json_put_hex(json, "next", node->next);
		json_put_hex(json, "type", node->type);
		json_put_text(json, "type_name", setup_type_name(node->type));
		json_put_hex(json, "len", node->len);
		if (node->has_payload)
			put_payload(json, "payload", &node->payload);
		else
			json_put_null(json, "payload");
		put_bytes(json, view, node);
		json_close(json);
	}
	json_close(json);
}

int efimap_decoded_write_json(const struct efimap_decoded_view *view, struct efimap_out *out)
{
	const struct efimap_decoded *decoded = view->decoded;
	struct json json;
	int ret = 0;

	json_begin(&json, "efimap-decoded", view->name, false, out);
	json_put_text(&json, "kind", efimap_blob_name(decoded->kind));
	if (decoded->kind == EFIMAP_BLOB_EFI_MEMMAP) {
		json_put_hex(&json, "desc_size", decoded->desc_size);
		ret = put_entries(&json, view);
	} else {
		json_put_null(&json, "desc_size");
		json_put_null(&json, "entries");
	}
	if (decoded->kind == EFIMAP_BLOB_BOOT_PARAMS)
		put_info(&json, &decoded->boot_params.efi_info);
	else
		json_put_null(&json, "efi_info");
	if (decoded->kind == EFIMAP_BLOB_SETUP_DATA)
		put_nodes(&json, view);
	else
		json_put_null(&json, "setup_data");
	if (decoded->kind == EFIMAP_BLOB_EFI_PAYLOAD)
		put_payload(&json, "payload", &decoded->payload);
	else
		json_put_null(&json, "payload");
	findings_put(&json, view->report);
	return ret < 0 ? ret : json_end(&json);
}
